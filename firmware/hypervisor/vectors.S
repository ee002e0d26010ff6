/* SPDX-License-Identifier: BSD-2-Clause */
/* EL2 vectors. From the host the CPU's stack is empty, so the frame lies at its top. */
#include <fw/frame.h>

#include "offsets.h"

	.macro vector number, handler
	.balign 128
	sub	sp, sp, #HYP_FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x1, #\number
	b	\handler
	.endm

	.macro own_fault number			/* the stack may be the reason: touch only a fresh one; nothing is ever resumed */
	.balign 128
	mrs	x2, tpidr_el2
	sub	sp, x2, #HYP_FRAME_SIZE
	mov	x1, #\number
	b	on_unexpected
	.endm

	.section .text.vectors, "ax"
	.balign 2048
	.global hyp_vectors
hyp_vectors:
	own_fault 0			/* this level: a bug of the hypervisor */
	own_fault 1
	own_fault 2
	own_fault 3
	own_fault 4
	own_fault 5
	own_fault 6
	own_fault 7
	vector	8, on_sync		/* the host, 64 bit */
	vector	9, on_unexpected	/* its interrupts do not come here */
	vector	10, on_unexpected
	vector	11, on_unexpected
	vector	12, on_sync		/* a 32-bit process of the host */
	vector	13, on_unexpected
	vector	14, on_unexpected
	vector	15, on_unexpected

	.balign 128
on_sync:				/* the interrupted x0, x1 are saved */
	fw_save_x2_to_x29 sp
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	str	x30, [sp, #240]
	stp	x2, x3, [sp, #HYP_FRAME_ELR]
	mov	x0, sp
	bl	hyp_sync
	ldp	x1, x2, [sp, #HYP_FRAME_ELR]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	fw_load_x2_to_x29 sp
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp], #HYP_FRAME_SIZE
	eret
	dsb	nsh			/* no speculation past the return */
	isb

on_unexpected:
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [sp, #HYP_FRAME_ELR]
	mov	x0, sp
	bl	hyp_unexpected
	b	.
