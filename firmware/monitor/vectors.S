/* SPDX-License-Identifier: BSD-2-Clause */
/* EL3 vectors. From a lower level the CPU's stack is empty, so the frame lies at its top. */
#include <fw/frame.h>
#include "offsets.h"

	.macro vector number, handler
	.balign 128
	sub	sp, sp, #MON_FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x1, #\number
	adr	x0, \handler
	b	save_frame_and_go
	.endm

	.macro own_fault number			/* the stack may be the reason: touch only a fresh one; nothing is ever resumed */
	.balign 128
	mrs	x2, tpidr_el3
	sub	sp, x2, #MON_FRAME_SIZE
	mrs	x2, elr_el3
	mrs	x3, spsr_el3
	stp	x2, x3, [sp, #MON_FRAME_ELR]
	mov	x0, sp
	mov	x1, #\number
	b	on_unexpected
	.endm

	.section .text.vectors, "ax"
	.balign 2048
	.global mon_vectors
mon_vectors:
	vector	0, on_unexpected	/* this level, SP_EL0: never used */
	vector	1, on_unexpected
	vector	2, on_unexpected
	vector	3, on_unexpected
	own_fault 4			/* this level: a bug of the monitor */
	own_fault 5
	own_fault 6
	own_fault 7
	vector	8, on_sync		/* lower level, AArch64 */
	vector	9, on_unexpected
	vector	10, on_fiq
	vector	11, on_unexpected
	vector	12, on_sync		/* lower level, AArch32 */
	vector	13, on_unexpected
	vector	14, on_fiq
	vector	15, on_unexpected

	.balign 128
save_frame_and_go:			/* x0 handler, x1 vector number; the interrupted x0, x1 are saved */
	fw_save_x2_to_x29 sp
	mrs	x2, elr_el3
	mrs	x3, spsr_el3
	str	x30, [sp, #240]
	stp	x2, x3, [sp, #MON_FRAME_ELR]
	mov	x2, x0
	mov	x0, sp
	br	x2

on_sync:
	bl	mon_sync
	mov	x0, sp
	b	mon_eret
on_fiq:
	bl	mon_fiq
	mov	x0, sp
	b	mon_eret
on_unexpected:
	bl	mon_unexpected
	b	.
