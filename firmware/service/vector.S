/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's vector registers, kept while a kernel of crypto/armv8 uses them. Interrupts of the host are masked. */
#include "offsets.h"

	.arch	armv8.2-a+sve

	.section .text.service_vector_run, "ax"
	.global	service_vector_run
service_vector_run:			/* (kernel, state, data, blocks, room, long) */
	stp	x29, x30, [sp, #-32]!
	stp	x19, x20, [sp, #16]
	mov	x9, x0
	mov	x19, x4
	mov	x20, x5
	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	cbnz	x20, 1f
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17
	str	q\n, [x19, #16 * \n]
	.endr
	blr	x9
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17
	ldr	q\n, [x19, #16 * \n]
	.endr
	b	2f
1:					/* a write to vN clears the rest of zN */
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17
	str	z\n, [x19, #\n, mul vl]
	.endr
	blr	x9
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17
	ldr	z\n, [x19, #\n, mul vl]
	.endr
2:	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret
