/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry, exception vectors and the few instructions that C cannot express. */
#include <fw/frame.h>

#define FRAME_SIZE 256	/* x0 to x30, one word spare */

	.section .text.start, "ax"
	.global	_start
/* from the monitor: EL2, MMU off, everything masked; x0: address of struct pil_shim_config */
_start:
	adrp	x1, shim_vectors
	add	x1, x1, :lo12:shim_vectors
	msr	vbar_el2, x1
	msr	spsel, #1
	isb
	ldr	x1, =shim_bss_start
	ldr	x2, =shim_bss_end
1:	cmp	x1, x2
	b.hs	2f
	stp	xzr, xzr, [x1], #16
	b	1b
2:	ldr	x1, =shim_stack_end
	mov	sp, x1
	b	shim_main

	.text

/* void shim_enter(uint64_t entry, const uint64_t x[4]): start the remote program with x0 to x3; the stack is empty again */
	.global	shim_enter
shim_enter:
	msr	elr_el2, x0
	mov	x3, #0x3c5		/* EL1 with its own stack, all masked */
	msr	spsr_el2, x3
	ldp	x2, x3, [x1, #16]
	ldp	x0, x1, [x1]
	ldr	x4, =shim_stack_end
	mov	sp, x4
	.irp	n, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	isb
	eret
	dsb	nsh
	isb

/* int shim_probe64(uint64_t pa, uint64_t *value): -1 when nothing answers there; see shim_own_fault() */
	.global	shim_probe64, shim_probe64_load, shim_probe64_failed
shim_probe64:
shim_probe64_load:
	ldr	x2, [x0]
	str	x2, [x1]
	mov	w0, #0
	ret
shim_probe64_failed:
	mov	w0, #-1
	ret

/* void shim_mmu_on(uint64_t sctlr): nothing of the tables may be cached from before */
	.global	shim_mmu_on
shim_mmu_on:
	dsb	sy
	tlbi	alle2
	ic	iallu
	dsb	sy
	isb
	msr	sctlr_el2, x0
	isb
	ret

	.macro	save
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	fw_save_x2_to_x29 sp
	str	x30, [sp, #240]
	mov	x0, sp
	.endm

	.macro	vector, handler
	.balign	128
	save
	bl	\handler
	b	restore
	.endm

	.balign	2048
shim_vectors:
	vector	shim_own_fault		/* own, with the remote's stack pointer: never */
	vector	shim_own_fault
	vector	shim_own_fault
	vector	shim_own_fault
	vector	shim_own_fault		/* own */
	vector	shim_own_fault
	vector	shim_own_fault
	vector	shim_own_fault
	vector	shim_remote_sync	/* the remote's, 64 bit */
	vector	shim_remote_irq
	vector	shim_remote_other
	vector	shim_remote_other
	vector	shim_remote_other	/* 32 bit: it cannot */
	vector	shim_remote_other
	vector	shim_remote_other
	vector	shim_remote_other
	.balign	128
restore:
	fw_load_x2_to_x29 sp
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp], #FRAME_SIZE
	eret
	dsb	nsh
	isb
