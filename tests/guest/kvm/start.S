/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of the program, and the whole program of the virtual counting: it counts, computes and reports, and switches itself off. */
#include "kvm.h"

#define PSCI_SYSTEM_OFF 0x84000008

	.text
	.global _start
_start:
	mov	x0, sp
	bic	x1, x0, #15
	mov	sp, x1
	b	kvm_main

/*
 * x0: rounds; behind them it asks before each further one, by a read. The first word is the exception level; then one for each round, a checksum that only who has run every turn has; it is
 * also kept in memory, read back from there.
 */
	.section .rodata
	.balign 8
	.global counting, counting_end
counting:
	ldr	x10, =KVM_REPORT
	ldr	x11, =KVM_MEMORY + 0xfff8
	ldr	x12, =KVM_SEED
	mrs	x1, CurrentEL
	str	x1, [x10]
1:	ldr	x3, =KVM_PATIENCE
2:	eor	x12, x12, x12, lsl #13
	eor	x12, x12, x12, lsr #7
	eor	x12, x12, x12, lsl #17
	subs	x3, x3, #1
	b.ne	2b
	str	x12, [x11]
	ldr	x12, [x11]
	str	x12, [x10]
	subs	x0, x0, #1
	b.gt	1b
	ldr	x3, [x10]
	cbnz	x3, 1b
	ldr	x0, =PSCI_SYSTEM_OFF
	hvc	#0
	b	.
	.ltorg
counting_end:
