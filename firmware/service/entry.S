/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where calls come in, where requests are suspended and go on. FIQ at this level means: an interrupt for the host is pending.
 * It is open only while a request runs on its own stack.
 */
#include <fw/frame.h>
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
	fw_load_x2_to_x29 sp
	ldr	x30, [sp, #240]
	add	sp, sp, #SERVICE_FRAME_SIZE
	eret
	dsb	nsh
	isb

suspend:
	sub	sp, sp, #SERVICE_FRAME_SIZE
	stp	x0, x1, [sp]
	fw_save_x2_to_x29 sp
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
