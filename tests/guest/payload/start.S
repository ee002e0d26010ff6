/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry as a host is started: at EL2 by the monitor, at EL1 by a hypervisor; MMU off, everything masked, x0 the device tree (or what
 * CPU_ON was given).
 */
#include "stacks.h"

#define EL2_BIT 3			/* of CurrentEL */

	.section .text.boot, "ax"
	.global _start
_start:
	bl	take_vectors
	ldr	x1, =payload_bss_start
	ldr	x2, =payload_bss_end
1:	cmp	x1, x2
	b.hs	2f
	str	xzr, [x1], #8
	b	1b
2:	mov	x19, xzr
	bl	take_stack
	bl	payload_main
	b	.

	.global payload_cpu_entry
payload_cpu_entry:				/* x0: index of the CPU */
	mov	x19, x0
	bl	take_vectors
	bl	take_stack
	mov	x0, x19
	bl	payload_cpu_main
	b	.

take_vectors:
	adr	x1, vectors
	mrs	x2, CurrentEL
	tbz	x2, #EL2_BIT, 1f
	msr	vbar_el2, x1
	ret
1:	msr	vbar_el1, x1
	ret

take_stack:				/* x19: index of the CPU */
	ldr	x1, =payload_stacks
	add	x2, x19, #1
	mov	x3, #PAYLOAD_STACK
	madd	x1, x2, x3, x1
	mov	sp, x1
	isb
	ret

/* Any exception: payload_exception() says where to go on, or does not return. x19 to x28 are its caller's business. */
#define FRAME 176

caught:					/* x0 and x1 are saved */
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x29, [sp, #144]
	str	x30, [sp, #160]
	mrs	x3, CurrentEL
	tbz	x3, #EL2_BIT, 1f
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	bl	payload_exception
	msr	elr_el2, x0
	mrs	x0, spsr_el2
	bic	x0, x0, #(1 << 20)	/* an illegal state would raise the same exception again */
	msr	spsr_el2, x0
	b	2f
1:	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	bl	payload_exception
	msr	elr_el1, x0
	mrs	x0, spsr_el1
	bic	x0, x0, #(1 << 20)
	msr	spsr_el1, x0
2:
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x29, [sp, #144]
	ldr	x30, [sp, #160]
	ldp	x0, x1, [sp], #FRAME
	eret

	.balign 2048
vectors:				/* all go to one place */
	.rept 16
	.balign 128
	sub	sp, sp, #FRAME
	stp	x0, x1, [sp]
	b	caught
	.endr

	.bss
	.balign 16
payload_stacks:
	.space PAYLOAD_CPUS * PAYLOAD_STACK
