/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shim of the core CORE, a number from the command line, runs where the monitor copies it. Every part starts on a page
 * because each gets rights of its own.
 */
#include <virt/platform.h>

#define PAGE	   0x1000
#define BASE	   (VIRT_SHIM + CORE * VIRT_SHIM_SIZE)
#define STACK_SIZE 0x4000

OUTPUT_FORMAT("elf64-littleaarch64")
ENTRY(_start)

SECTIONS
{
	. = BASE;
	shim_text_start = .;
	.text : { *(.text.start) *(.text .text.*) }
	. = ALIGN(PAGE);
	shim_rodata_start = .;
	.rodata : { *(.rodata .rodata.*) }
	. = ALIGN(PAGE);
	shim_data_start = .;
	.data : { *(.data .data.*) . = ALIGN(16); }
	.bss (NOLOAD) : {
		. = ALIGN(PAGE);
		shim_bss_start = .;
		*(.bss .bss.* COMMON)
		. = ALIGN(PAGE);
		shim_bss_end = .;
	}
	/* nothing is mapped here: a stack that grows too far faults */
	. = . + PAGE;
	shim_stack_start = .;
	. = . + STACK_SIZE;
	shim_stack_end = .;
	shim_orders = BASE + VIRT_SHIM_SIZE - PAGE;
	ASSERT(. <= shim_orders, "the shim does not fit below its config page")
	ASSERT(shim_bss_start - BASE <= VIRT_FLASH_SHIM_SIZE, "the shim does not fit its place in flash")
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
