/* SPDX-License-Identifier: BSD-2-Clause */
/* One SMC. Registers that the answer does not use hold marks, and must come back with them. */
#define MARK(n) (0x5a00 + n)
#define FRAME	112

	.text
	.global smc_call
smc_call:				/* (struct smc_regs *) */
	stp	x29, x30, [sp, #-FRAME]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x0, [sp, #96]
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x0, x1, [x0]
	.irp	n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, #MARK(\n)
	.endr
	smc	#0
	stp	x0, x1, [sp, #-16]!
	mov	x0, xzr
	.irp	n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x1, #MARK(\n)
	eor	x1, x1, x\n
	orr	x0, x0, x1
	.endr
	ldr	x16, [sp, #96 + 16]
	str	x0, [x16, #64]
	ldp	x0, x1, [sp], #16
	stp	x0, x1, [x16]
	stp	x2, x3, [x16, #16]
	stp	x4, x5, [x16, #32]
	stp	x6, x7, [x16, #48]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #FRAME
	ret
