/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry: MMU off, a stack, nothing else. */
#include "layout.h"

	.text
	.global inject_entry
inject_entry:
	ldr	x0, =INJECT_DATA + INJECT_DATA_SIZE
	mov	sp, x0
	bl	inject_main
	.global inject_done
inject_done:
	b	.
