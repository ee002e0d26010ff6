/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reset: all CPUs arrive here at once, in flash, MMU and caches off, registers unknown. The first one (mon_is_first) copies
 * the monitor to where it is linked, makes C possible and releases the others one by one. Branches inside of this section
 * stay in flash; whatever leaves it goes through an address.
 */
#include <fw/frame.h>
#include "offsets.h"

	.section .text.boot, "ax"
	.global _start
_start:
	ldr	x0, =0x30c50830		/* SCTLR_EL3: RES1 bits, MMU and caches off */
	msr	sctlr_el3, x0
	ldr	x0, =mon_vectors
	msr	vbar_el3, x0
	msr	daifset, #0xf
	isb
	mrs	x19, mpidr_el1
	and	x19, x19, #0xff
	cmp	x19, #MON_MAX_CPUS
	b.hs	hang
	ldr	x0, =mon_stacks		/* stack of CPU n ends n + 1 strides behind mon_stacks; the lowest page of a stride is the guard */
	add	x1, x19, #1
	mov	x2, #MON_STACK_STRIDE
	madd	x0, x1, x2, x0
	mov	sp, x0
	msr	tpidr_el3, x0
	bl	mon_is_first		/* first.S, or a board's own */
	cbz	x0, wait_for_first

	ldr	x0, =mon_text_start
	ldr	x1, =mon_image_end
	adr	x2, _start
1:	cmp	x0, x1
	b.hs	2f
	ldr	x3, [x2], #8
	str	x3, [x0], #8
	b	1b
2:	ldr	x0, =mon_bss_start
	ldr	x1, =mon_bss_end
3:	cmp	x0, x1
	b.hs	4f
	str	xzr, [x0], #8
	b	3b
4:	ic	iallu				/* something else may have been there before a warm reset */
	dsb	sy
	isb
	ldr	x0, =mon_main_first
	blr	x0
hang:	wfi
	b	hang

	/*
	 * RAM keeps its contents over a warm reset, so nothing found in mon_gates may be believed. A CPU first closes its
	 * own gate, then says "here" again and again; the first CPU clears "here", waits for it to come back and only then
	 * opens the gate.
	 */
wait_for_first:
	ldr	x0, =mon_gates
	add	x0, x0, x19, lsl #MON_GATE_SHIFT	/* two words: here, go */
	str	wzr, [x0, #4]
	dmb	sy
1:	mov	w1, #1
	str	w1, [x0]
	dmb	sy
	ldr	w1, [x0, #4]
	cmp	w1, #1
	b.ne	1b
	ic	iallu
	dsb	sy
	isb
	mov	x0, x19
	ldr	x1, =mon_main_other
	blr	x1
	b	hang

	.text
	.global mon_eret
mon_eret:				/* (frame): give up this stack, return to the frame's level */
	mrs	x1, tpidr_el3
	mov	sp, x1
	ldp	x1, x2, [x0, #MON_FRAME_ELR]
	msr	elr_el3, x1
	msr	spsr_el3, x2
	fw_load_x2_to_x29 x0
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	eret
	dsb	nsh			/* no speculation past the return */
	isb

	.global mon_park_entry
mon_park_entry:				/* (cpu): give up this stack, park */
	mrs	x1, tpidr_el3
	mov	sp, x1
	b	mon_park
