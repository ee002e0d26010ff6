/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry at EL2, as the monitor starts a host: MMU off, everything masked, x0 the device tree (or what CPU_ON was given). */
#include "stacks.h"

	.section .text.boot, "ax"
	.global _start
_start:
	adr	x1, vectors
	msr	vbar_el2, x1
	ldr	x1, =door_bss_start
	ldr	x2, =door_bss_end
1:	cmp	x1, x2
	b.hs	2f
	str	xzr, [x1], #8
	b	1b
2:	mov	x19, xzr
	bl	take_stack
	bl	door_main
	b	.

	.global door_cpu_entry
door_cpu_entry:				/* x0: index of the CPU */
	adr	x1, vectors
	msr	vbar_el2, x1
	mov	x19, x0
	bl	take_stack
	mov	x0, x19
	bl	door_cpu_main
	b	.

take_stack:				/* x19: index of the CPU */
	ldr	x1, =door_stacks
	add	x2, x19, #1
	mov	x3, #DOOR_STACK
	madd	x1, x2, x3, x1
	mov	sp, x1
	isb
	ret

	.balign 2048
vectors:				/* nothing is expected: all go to one place */
	.rept 16
	.balign 128
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	bl	door_unexpected
	b	.
	.endr

	.bss
	.balign 16
door_stacks:
	.space DOOR_CPUS * DOOR_STACK
