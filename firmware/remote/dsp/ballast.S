/* SPDX-License-Identifier: BSD-2-Clause */
/* Initialised data that makes the image large, so that its authentication takes long enough to be interrupted. */
	.section .data.ballast, "aw"
	.balign	16
	.global	ballast
ballast:
	.fill	8 << 18, 4, 0x50494c21	/* 8 MiB */
	.size	ballast, . - ballast
	.type	ballast, %object
