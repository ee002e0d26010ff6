/* SPDX-License-Identifier: BSD-2-Clause */
/* First instructions at S-EL1 on each CPU: x0 boot info (first CPU only, else 0), x1 index of the CPU. */
#include <pilot/wire/monitor.h>

#include "offsets.h"

	.section .text.boot, "ax"
	.global _start
_start:
	adr	x2, service_vectors
	msr	vbar_el1, x2
	mov	x19, x0
	mov	x20, x1
	cbz	x0, 2f
	ldr	x2, =service_bss_start
	ldr	x3, =service_bss_end
1:	cmp	x2, x3
	b.hs	2f
	str	xzr, [x2], #8
	b	1b
2:	ldr	x2, =service_cpu_stacks		/* top of this CPU's stack, also kept for the vectors */
	add	x3, x20, #1
	mov	x4, #SERVICE_CPU_STRIDE
	madd	x2, x3, x4, x2
	mov	sp, x2
	ldr	x3, =service_cpus
	add	x3, x3, x20, lsl #3
	str	x2, [x3]
	msr	tpidr_el1, x3
	isb
	mov	x0, x19
	mov	x1, x20
	bl	service_boot
	mrs	x3, tpidr_el1			/* again, through the cache: other CPUs' entries share its line */
	mov	x2, sp				/* empty again, so this is its top */
	str	x2, [x3]
	ldr	x0, =PIL_MON_READY
	adr	x1, service_call_entry
	smc	#0
	b	.
