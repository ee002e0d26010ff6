/* SPDX-License-Identifier: BSD-2-Clause */
/* x0: address of the image, x1: its size, x2 and x3: see wire/remote.h, kept for dsp_main(). The memory behind the file's bytes was zeroed by who loaded it. */
	.section .text.start, "ax"
	.global	_start
_start:
	adrp	x4, stack_end
	add	x4, x4, :lo12:stack_end
	mov	sp, x4
	bl	dsp_main
1:	wfi
	b	1b
