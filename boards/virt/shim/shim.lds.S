/* SPDX-License-Identifier: BSD-2-Clause */
/* The shim runs where the monitor copies it; every part starts on a page because each gets rights of its own. */
#include <virt/platform.h>

#define PAGE	   0x1000
#define STACK_SIZE 0x4000

OUTPUT_FORMAT("elf64-littleaarch64")
ENTRY(_start)

SECTIONS
{
	. = VIRT_SHIM;
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
	ASSERT(. <= VIRT_SHIM + VIRT_SHIM_SIZE - PAGE, "the shim does not fit below its config page")
	ASSERT(shim_bss_start - VIRT_SHIM <= VIRT_FLASH_FUSES - VIRT_FLASH_SHIM, "the shim does not fit its place in flash")
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
