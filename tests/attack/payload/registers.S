/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers that C cannot see. */
	.arch	armv8-a+fp

	.text
	.global register_dump
register_dump:				/* entry of a CPU: x0 to x30 to where x0 points, then off */
	stp	x0, x1, [x0]
	stp	x2, x3, [x0, #16]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	stp	x20, x21, [x0, #160]
	stp	x22, x23, [x0, #176]
	stp	x24, x25, [x0, #192]
	stp	x26, x27, [x0, #208]
	stp	x28, x29, [x0, #224]
	str	x30, [x0, #240]
	dsb	sy
	ldr	w0, =0x84000002
	smc	#0
	b	.

	.global vector_fill
vector_fill:				/* each of q0 to q31 gets a mark of its own */
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	mov	x0, #0x7e00 + \n
	mov	v\n\().d[0], x0
	mov	v\n\().d[1], x0
	.endr
	ret

	.global vector_check
vector_check:				/* Return: bits that differ from the marks, of all of them together */
	mov	x2, xzr
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	mov	x3, #0x7e00 + \n
	mov	x0, v\n\().d[0]
	eor	x0, x0, x3
	orr	x2, x2, x0
	mov	x0, v\n\().d[1]
	eor	x0, x0, x3
	orr	x2, x2, x0
	.endr
	mov	x0, x2
	ret

	.global el3_return
el3_return:				/* (spsr): return to 1f in the state that @spsr names; 0 when that was legal */
	adr	x1, 1f
	mrs	x2, CurrentEL
	tbz	x2, #3, 2f
	msr	elr_el2, x1
	msr	spsr_el2, x0
	isb
	eret
2:	msr	elr_el1, x1		/* EL1 */
	msr	spsr_el1, x0
	isb
	eret
1:	nop
	ret
