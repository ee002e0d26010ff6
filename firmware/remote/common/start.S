/* SPDX-License-Identifier: BSD-2-Clause */
/* x0: address of the image, x1: its size, x2 and x3: see wire/remote.h; x2 is remote_main()'s. Who loaded it zeroed what is behind the file's bytes. */
	.section .text.start, "ax"
	.global	_start
_start:
	adrp	x4, stack_end
	add	sp, x4, :lo12:stack_end
	mov	x0, x2
	bl	remote_main
1:	wfi
	b	1b
