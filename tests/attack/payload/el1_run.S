/* SPDX-License-Identifier: BSD-2-Clause */
/* EL1 of the normal world, as a guest of this program has it: MMU off, everything masked, the stack of the caller. */
#include "el1.h"

#define HCR_RW	   (1 << 31)
#define SPSR_EL1H  0x3c5
#define SCTLR_IDLE 0x30d00800
#define EC_HVC	   0x16
#define FRAME	   112

	.text
	.global el1_run
el1_run:			/* x0: function, x1: its argument, x2: bits for HCR_EL2 besides RW. Returns x0, see el1.h */
	sub	sp, sp, #FRAME
	stp	x19, x20, [sp]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	mrs	x9, vbar_el2
	mrs	x10, hcr_el2
	stp	x9, x10, [sp, #96]
	mov	x9, sp
	msr	tpidr_el2, x9
	msr	sp_el1, x9
	adr	x9, vectors_el2
	msr	vbar_el2, x9
	adr	x9, vectors_el1
	msr	vbar_el1, x9
	ldr	x9, =SCTLR_IDLE
	msr	sctlr_el1, x9
	mov	x9, #HCR_RW
	orr	x9, x9, x2
	msr	hcr_el2, x9
	mrs	x9, mpidr_el1
	msr	vmpidr_el2, x9
	mov	x9, #3			/* clock and timer without traps */
	msr	cnthctl_el2, x9
	adr	x9, 1f
	msr	elr_el2, x9
	mov	x9, #SPSR_EL1H
	msr	spsr_el2, x9
	isb
	eret
1:	mov	x9, x0			/* EL1 */
	mov	x0, x1
	blr	x9
	hvc	#0
	b	.

back:					/* EL2 again, by whatever exception */
	mrs	x9, esr_el2
	lsr	x10, x9, #26
	cmp	x10, #EC_HVC
	b.eq	2f
	mov	x0, x9
	orr	x0, x0, #EL1_TRAPPED
2:	mrs	x9, tpidr_el2
	mov	sp, x9
	ldp	x9, x10, [sp, #96]
	msr	vbar_el2, x9
	msr	hcr_el2, x10
	isb
	ldp	x19, x20, [sp]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	add	sp, sp, #FRAME
	ret

	.balign 2048
vectors_el2:
	.rept 16
	.balign 128
	b	back
	.endr

	.balign 2048
vectors_el1:
	.rept 16
	.balign 128
	mrs	x0, esr_el1
	orr	x0, x0, #EL1_CAUGHT
	hvc	#1
	.endr
