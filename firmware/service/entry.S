/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where calls come in, where requests are suspended and go on. FIQ at this level means: an interrupt for the host is pending.
 * It is open only while a request runs on its own stack.
 */
#include <pilot/wire/monitor.h>

#include "offsets.h"

	.macro cpu_stack scratch
	mrs	\scratch, tpidr_el1
	ldr	\scratch, [\scratch]
	mov	sp, \scratch
	.endm

	.text
	.global service_call_entry
service_call_entry:			/* x0..x7 as the host passed them */
	cpu_stack x9
	sub	sp, sp, #64
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	mov	x0, sp
	bl	service_call
	b	.

	.global service_return
service_return:				/* (host x0, x1, x2, x3, session) */
	mov	x5, x4
	mov	x4, x3
	mov	x3, x2
	mov	x2, x1
	mov	x1, x0
	ldr	x0, =PIL_MON_RETURN
	smc	#0
	b	.

	.global service_monitor
service_monitor:			/* (function, x1, x2, x3, *out) */
	mov	x9, x4
	mov	w0, w0
	smc	#0
	cbz	x9, 1f
	str	x1, [x9]
1:	ret

	.global service_thread_start
service_thread_start:			/* (stack, index) */
	mov	sp, x0
	mov	x0, x1
	mov	x29, xzr
	mov	x30, xzr
	msr	daifclr, #1
	bl	service_thread_main
	b	.

	.global service_thread_finish
service_thread_finish:			/* (index): leave the request's stack before anybody else may have it */
	msr	daifset, #1
	cpu_stack x9
	bl	service_thread_done
	b	.

	.global service_thread_continue
service_thread_continue:		/* (stack pointer of a suspended request) */
	mov	sp, x0
	ldp	x1, x2, [sp, #248]
	msr	elr_el1, x1
	msr	spsr_el1, x2
	ldp	x0, x1, [sp]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	add	sp, sp, #SERVICE_FRAME_SIZE
	eret
	dsb	nsh
	isb

suspend:
	sub	sp, sp, #SERVICE_FRAME_SIZE
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	str	x30, [sp, #240]
	stp	x1, x2, [sp, #248]
	mov	x0, sp
	cpu_stack x9
	bl	service_thread_suspended
	b	.

	.macro broken			/* a bug of the service: the stack may be the reason, so take the CPU's */
	.balign 128
	cpu_stack x9
	bl	service_panic
	b	.
	.endm

	.section .text.vectors, "ax"
	.balign 2048
	.global service_vectors
service_vectors:
	.rept 6				/* SP_EL0, then synchronous and IRQ at this level */
	broken
	.endr
	.balign 128
	b	suspend			/* FIQ */
	.rept 9
	broken
	.endr
