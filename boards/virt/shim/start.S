/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry, exception vectors and the few instructions that C cannot express. */
#include <fw/frame.h>

#define FRAME_SIZE 256	/* x0 to x30, one word spare */
#define R_AARCH64_RELATIVE 1027

	.section .text.start, "ax"
	.global	_start
/*
 * From the monitor: EL2, MMU off, everything masked; x0: address of struct pil_shim_config, x1: not 0 in the Secure state.
 * The shim is linked for address 0 and runs where the monitor has put it: the addresses that its data hold are moved first.
 */
_start:
	adrp	x2, shim_vectors
	add	x2, x2, :lo12:shim_vectors
	msr	vbar_el2, x2
	msr	spsel, #1
	isb
	adr	x2, _start		/* where 0 is */
	adrp	x3, shim_bss_start	/* they lie there */
	adrp	x4, shim_rela_end
	add	x4, x4, :lo12:shim_rela_end
1:	cmp	x3, x4
	b.hs	2f
	ldp	x5, x6, [x3], #16	/* where, what */
	ldr	x7, [x3], #8		/* address by the link */
	cmp	w6, #R_AARCH64_RELATIVE
	b.ne	.			/* the link's own mistake: the host's driver sees a core that does not get ready */
	add	x7, x7, x2
	str	x7, [x2, x5]
	b	1b
2:	adrp	x2, shim_bss_start
	adrp	x3, shim_bss_end
3:	cmp	x2, x3
	b.hs	4f
	stp	xzr, xzr, [x2], #16
	b	3b
4:	adrp	x2, shim_stack_end
	mov	sp, x2
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
	adrp	x4, shim_stack_end
	mov	sp, x4
	.irp	n, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	.arch_extension simd
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	movi	v\n\().2d, #0		/* and with it what lies above it, where vectors are longer */
	.endr
	msr	fpsr, xzr
	msr	fpcr, xzr
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
