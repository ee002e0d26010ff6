/* SPDX-License-Identifier: BSD-2-Clause */
/* Of the two CPUs that start in the stub the machine's last one brings it up. How many there are only the GIC knows. */
#include <virt/platform.h>

#define GICR_TYPER	0x8
#define GICR_TYPER_LAST 4

	.section .text.boot, "ax"
	.global mon_is_first
mon_is_first:				/* as in the monitor's first.S */
	ldr	x0, =VIRT_GICR + GICR_TYPER
	mov	x1, #VIRT_GICR_STRIDE
	madd	x0, x19, x1, x0
	ldr	w0, [x0]
	ubfx	w0, w0, #GICR_TYPER_LAST, #1
	ret
