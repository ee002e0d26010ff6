/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of the program, and what the old kernel jumps to when it is done: it gives the new one its device tree. */
#include <virt/platform.h>

	.text
	.global _start
_start:
	mov	x0, sp
	bic	x1, x0, #15
	mov	sp, x1
	b	kexec_main

	.section .rodata
	.balign 8
	.global jump, jump_end
jump:
	ldr	x4, 1f
	ldr	x0, 2f
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x4
1:	.quad	VIRT_KERNEL
2:	.quad	VIRT_DTB
jump_end:
