/* SPDX-License-Identifier: BSD-2-Clause */
/* Initialised data that makes the image larger, by BALLAST bytes: large ones take long enough to be interrupted. */
	.section .data.ballast, "aw"
	.balign	16
	.global	ballast
ballast:
	.fill	BALLAST / 4, 4, 0x50494c21
	.size	ballast, . - ballast
	.type	ballast, %object
