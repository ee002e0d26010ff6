/* SPDX-License-Identifier: BSD-2-Clause */
	.text
	.global _start
_start:
	mov	x0, sp
	bic	x1, x0, #15
	mov	sp, x1
	b	user_main
