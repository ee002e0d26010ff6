/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CPU brings the monitor up. */
	.section .text.boot, "ax"
	.global mon_is_first
mon_is_first:				/* x19: index of the CPU; x0: not 0 on exactly one. Changes x0 to x2 only; no stack, no memory yet */
	cmp	x19, #0
	cset	x0, eq
	ret
