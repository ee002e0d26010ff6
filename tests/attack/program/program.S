/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A genuine program for a remote core, for attacks on it: it says its text, then obeys orders through the control page. Runs
 * where it is loaded, and finds its control page by that.
 */
#include <pilot/wire/remote.h>
#include <virt/platform.h>

#include "../protocol.h"

	.section .text.boot, "ax"
	.global _start
_start:
	ldr	x20, =VIRT_CTRL
	ldr	x1, =VIRT_CDSP_MEM		/* x0: where the image is; carve-outs have the order of the cores */
	cmp	x0, x1
	b.lo	found
	add	x20, x20, #VIRT_CTRL_SIZE
	ldr	x1, =VIRT_VIDEO_MEM
	cmp	x0, x1
	b.lo	found
	add	x20, x20, #VIRT_CTRL_SIZE
found:
	str	xzr, [x20, #PROGRAM_DONE]
	bl	say
	mov	x0, #PIL_REMOTE_READY
	hvc	#0
next:
	wfi
	ldr	x0, [x20, #PROGRAM_ORDER]
	cbz	x0, next
	str	xzr, [x20, #PROGRAM_ORDER]
	ldr	x1, [x20, #PROGRAM_ADDRESS]
	cmp	x0, #PROGRAM_SAY
	b.eq	1f
	cmp	x0, #PROGRAM_READ
	b.eq	2f
	cmp	x0, #PROGRAM_WRITE
	b.eq	3f
	cmp	x0, #PROGRAM_WATCH
	b.eq	4f
	br	x1
1:	bl	say
	b	done
2:	ldr	x2, [x1]
	str	x2, [x20, #PROGRAM_VALUE]
	b	done
3:	ldr	x2, [x20, #PROGRAM_VALUE]
	str	x2, [x1]
	b	done
4:	ldr	x2, [x1]
	str	x2, [x20, #PROGRAM_VALUE]
	ldr	x0, [x20, #PROGRAM_DONE]
	add	x0, x0, #1
	str	x0, [x20, #PROGRAM_DONE]
	b	4b
done:
	ldr	x0, [x20, #PROGRAM_DONE]
	add	x0, x0, #1
	str	x0, [x20, #PROGRAM_DONE]
	b	next

say:
	adr	x1, text
	mov	x2, #text_end - text
	mov	x0, #PIL_REMOTE_LOG
	hvc	#0
	ret
	.ltorg

	.balign 8
text:
	.ascii	"I am genuine"
text_end:
	.balign 8
