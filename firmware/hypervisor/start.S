/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry: EL2, MMU off, everything masked. The monitor enters the first CPU at the start, PSCI the others at hyp_other. */
#include <fw/boot_info.h>

#include <pilot/wire/monitor.h>

#include "offsets.h"

	.section .text.boot, "ax"
	.global _start
_start:
	b	first
	.word	FW_HYPERVISOR_MAGIC
	.word	FW_HYPERVISOR_RESIDENT	/* the boot chain may write FW_HYPERVISOR_STAGE here; the monitor says which it is in its facts */

	.global hyp_other
hyp_other:
	bl	take_stack
	bl	hyp_main_other
	b	.

first:					/* x0: struct fw_boot_info */
	ldr	x1, =hyp_bss_start
	ldr	x2, =hyp_bss_end
1:	cmp	x1, x2
	b.hs	2f
	stp	xzr, xzr, [x1], #16
	b	1b
2:	bl	take_stack
	bl	hyp_main_first
	b	.

take_stack:				/* stack of CPU n ends n + 1 strides behind hyp_stacks; the lowest page of a stride is the guard */
	ldr	x1, =hyp_vectors
	msr	vbar_el2, x1
	msr	spsel, #1
	mrs	x1, mpidr_el1
	and	x1, x1, #0xff
	cmp	x1, #HYP_MAX_CPUS
	b.hs	.
	ldr	x2, =hyp_stacks
	add	x1, x1, #1
	mov	x3, #HYP_STACK_STRIDE
	madd	x1, x1, x3, x2
	mov	sp, x1
	msr	tpidr_el2, x1
	isb
	ret

	.text
	.global hyp_mmu_on
hyp_mmu_on:				/* (sctlr): nothing of the tables may be cached from before */
	dsb	sy
	tlbi	alle2
	tlbi	vmalls12e1
	ic	iallu
	dsb	sy
	isb
	msr	sctlr_el2, x0
	isb
	ret

	.global hyp_smc
hyp_smc:				/* (struct hyp_regs *) */
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	mov	x8, x0
	ldp	x0, x1, [x8]
	ldp	x2, x3, [x8, #16]
	ldp	x4, x5, [x8, #32]
	ldp	x6, x7, [x8, #48]
	smc	#0
	ldr	x8, [sp, #16]
	stp	x0, x1, [x8]
	stp	x2, x3, [x8, #16]
	stp	x4, x5, [x8, #32]
	stp	x6, x7, [x8, #48]
	ldp	x29, x30, [sp], #32
	ret

	.global hyp_enter
hyp_enter:				/* (entry, x0): start the host on this CPU; its stack is empty again */
	msr	elr_el2, x0
	mov	x2, #0x3c5		/* EL1 with its own stack, all masked */
	msr	spsr_el2, x2
	mov	x0, x1
	mrs	x2, tpidr_el2
	mov	sp, x2
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	isb
	eret
	dsb	nsh			/* no speculation past the return */
	isb

	.global hyp_leave
hyp_leave:				/* nothing of this level's own translation is left; the monitor cleans what it left in the data cache */
	dsb	sy
	mrs	x0, sctlr_el2
	mov	x1, #0x1005		/* M, C, I */
	bic	x0, x0, x1
	msr	sctlr_el2, x0
	isb
	tlbi	alle2
	tlbi	vmalls12e1
	ic	iallu
	dsb	sy
	isb
	ldr	x0, =PIL_MON_STAGE_DONE
	smc	#0
	b	.
