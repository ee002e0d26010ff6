/* SPDX-License-Identifier: BSD-2-Clause */
/* Where m0 sees its memory, in two segments: one that may be executed, and one that may be written. */
#include <virt/tee_platform.h>

#define PAGE	   0x1000
#define STACK_SIZE 0x1000

OUTPUT_FORMAT("elf64-littleaarch64")
ENTRY(_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = VIRT_TEE_DA_MEM;
	.text : { KEEP(*(.text.start)) *(.text .text.*) *(.rodata .rodata.*) } :text
	. = ALIGN(PAGE);
	.data : { *(.data .data.*) . = ALIGN(16); } :data
	.bss : {
		*(.bss .bss.* COMMON)
		. = ALIGN(16);
		. = . + STACK_SIZE;
		stack_end = .;
	} :data
	ASSERT(. - VIRT_TEE_DA_MEM <= VIRT_TEE_M0_MEM_SIZE, "the program does not fit into m0's memory")
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
