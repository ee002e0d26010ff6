/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 (FIPS 180-4, 6.2.2) with the instructions that ID_AA64ISAR0_EL1.SHA2 = 1 announces. Each of them does four rounds, or
 * four words of the schedule. Changes v0 to v17, also those that a function would have to keep.
 */
	.arch	armv8-a+crypto

	/* four rounds with the words in \w0; with \more these become the words for sixteen rounds later */
	.macro	four w0, w1, w2, w3, more
	ld1	{v16.4s}, [x3], #16
	add	v16.4s, v16.4s, \w0\().4s
	.if	\more
	sha256su0 \w0\().4s, \w1\().4s
	.endif
	mov	v17.16b, v0.16b
	sha256h	q0, q1, v16.4s
	sha256h2 q1, q17, v16.4s
	.if	\more
	sha256su1 \w0\().4s, \w2\().4s, \w3\().4s
	.endif
	.endm

	.macro	sixteen more
	four	v4, v5, v6, v7, \more
	four	v5, v6, v7, v4, \more
	four	v6, v7, v4, v5, \more
	four	v7, v4, v5, v6, \more
	.endm

	.section .text.pil_armv8_sha256, "ax"
	.global	pil_armv8_sha256
pil_armv8_sha256:			/* (state, data, blocks): at least one block */
	ld1	{v0.4s, v1.4s}, [x0]
1:	adrp	x3, constants		/* not from a literal: code that may lie anywhere has no addresses in it */
	add	x3, x3, :lo12:constants
	ld1	{v4.16b, v5.16b, v6.16b, v7.16b}, [x1], #64
	.irp	w, v4, v5, v6, v7
	rev32	\w\().16b, \w\().16b
	.endr
	.rept	3
	sixteen	1
	.endr
	sixteen	0
	ld1	{v2.4s, v3.4s}, [x0]
	add	v0.4s, v0.4s, v2.4s
	add	v1.4s, v1.4s, v3.4s
	st1	{v0.4s, v1.4s}, [x0]
	subs	x2, x2, #1
	b.ne	1b
	ret

	.section .rodata.pil_armv8_sha256, "a"
	.balign	16
constants:
	.word	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5
	.word	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174
	.word	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da
	.word	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967
	.word	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85
	.word	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070
	.word	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3
	.word	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
