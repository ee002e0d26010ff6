/* SPDX-License-Identifier: BSD-2-Clause */
/* Scalable vector and predicate registers, which C does not use here. */
	.arch	armv8.2-a+sve
	.arch_extension sme

	.text
	.global long_vectors_fill
long_vectors_fill:			/* every byte of z0 to z31 and every p differs from its neighbours' */
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	mov	w1, #7 * \n + 1
	index	z\n\().b, w1, #3
	.endr
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	mov	w1, #\n + 1
	whilelo	p\n\().b, wzr, w1
	.endr
	ret

	.global long_vectors_store
long_vectors_store:			/* (where): 8704 bytes at most. Return: bytes that were written */
	mov	x1, x0
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	str	z\n, [x1]
	addvl	x1, x1, #1
	.endr
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	str	p\n, [x1]
	addpl	x1, x1, #1
	.endr
	sub	x0, x1, x0
	ret

	.global streaming_begin, streaming_end
streaming_begin:
	smstart	sm
	ret
streaming_end:
	smstop	sm
	ret
