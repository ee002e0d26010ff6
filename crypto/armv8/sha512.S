/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-512 and SHA-384 (FIPS 180-4, 6.4.2) with the instructions that ID_AA64ISAR0_EL1.SHA2 = 2 announces. Each of them does two
 * rounds, or two words of the schedule. Changes v0 to v17, also those that a function would have to keep.
 */
	.arch	armv8.2-a+sha3

	/*
	 * Two rounds with the words in \w0. v0 has a and b, v1 c and d; \ef and \gh change places, which is the caller's
	 * business. With \more the words become those for sixteen rounds later.
	 */
	.macro	two ef, gh, w0, w1, w4, w5, w7, more
	ld1	{v12.2d}, [x3], #16
	add	v12.2d, v12.2d, \w0\().2d
	ext	v12.16b, v12.16b, v12.16b, #8
	add	v12.2d, v12.2d, \gh\().2d		/* g and the second word, h and the first */
	ext	v13.16b, v1.16b, \ef\().16b, #8	/* d, e */
	ext	v14.16b, \ef\().16b, \gh\().16b, #8	/* f, g */
	sha512h	q12, q14, v13.2d
	add	\gh\().2d, v1.2d, v12.2d		/* the new e and f */
	sha512h2 q12, q1, v0.2d
	mov	v1.16b, v0.16b
	mov	v0.16b, v12.16b
	.if	\more
	sha512su0 \w0\().2d, \w1\().2d
	ext	v15.16b, \w4\().16b, \w5\().16b, #8
	sha512su1 \w0\().2d, \w7\().2d, v15.2d
	.endif
	.endm

	.macro	sixteen more
	two	v2, v3, v4, v5, v8, v9, v11, \more
	two	v3, v2, v5, v6, v9, v10, v4, \more
	two	v2, v3, v6, v7, v10, v11, v5, \more
	two	v3, v2, v7, v8, v11, v4, v6, \more
	two	v2, v3, v8, v9, v4, v5, v7, \more
	two	v3, v2, v9, v10, v5, v6, v8, \more
	two	v2, v3, v10, v11, v6, v7, v9, \more
	two	v3, v2, v11, v4, v7, v8, v10, \more
	.endm

	.section .text.pil_armv8_sha512, "ax"
	.global	pil_armv8_sha512
pil_armv8_sha512:			/* (state, data, blocks): at least one block */
	ld1	{v0.2d, v1.2d, v2.2d, v3.2d}, [x0]
1:	adrp	x3, constants		/* not from a literal: code that may lie anywhere has no addresses in it */
	add	x3, x3, :lo12:constants
	mov	w4, #4
	ld1	{v4.16b, v5.16b, v6.16b, v7.16b}, [x1], #64
	ld1	{v8.16b, v9.16b, v10.16b, v11.16b}, [x1], #64
	.irp	w, v4, v5, v6, v7, v8, v9, v10, v11
	rev64	\w\().16b, \w\().16b
	.endr
2:	sixteen	1
	subs	w4, w4, #1
	b.ne	2b
	sixteen	0
	ld1	{v12.2d, v13.2d, v14.2d, v15.2d}, [x0]
	add	v0.2d, v0.2d, v12.2d
	add	v1.2d, v1.2d, v13.2d
	add	v2.2d, v2.2d, v14.2d
	add	v3.2d, v3.2d, v15.2d
	st1	{v0.2d, v1.2d, v2.2d, v3.2d}, [x0]
	subs	x2, x2, #1
	b.ne	1b
	ret

	.section .rodata.pil_armv8_sha512, "a"
	.balign	16
constants:
	.quad	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc
	.quad	0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118
	.quad	0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2
	.quad	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694
	.quad	0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65
	.quad	0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5
	.quad	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4
	.quad	0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70
	.quad	0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df
	.quad	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b
	.quad	0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30
	.quad	0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8
	.quad	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8
	.quad	0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3
	.quad	0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec
	.quad	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b
	.quad	0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178
	.quad	0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b
	.quad	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c
	.quad	0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817
