/* SPDX-License-Identifier: BSD-2-Clause */
/* x0: address of the image, x1: its size. The memory behind the file's bytes was zeroed by who loaded it. */
	.section .text.start, "ax"
	.global	_start
_start:
	adrp	x2, stack_end
	add	x2, x2, :lo12:stack_end
	mov	sp, x2
	bl	adsp_main
1:	wfi
	b	1b
