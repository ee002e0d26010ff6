/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where m33 sees its memory, and the resource table where it sees the memory that it shares with the host: a loader puts each segment
 * where its address says. What may be executed and what may be written have segments of their own.
 */
#include <virt/tee_platform.h>

#define PAGE	   0x1000
#define STACK_SIZE 0x1000

OUTPUT_FORMAT("elf64-littleaarch64")
ENTRY(_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	table PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = VIRT_TEE_DA_MEM;
	.text : { KEEP(*(.text.start)) *(.text .text.*) } :text
	. = ALIGN(PAGE);
	.rodata : { *(.rodata .rodata.*) } :rodata
	. = ALIGN(PAGE);
	.data : { *(.data .data.*) . = ALIGN(16); } :data
	.bss : {
		*(.bss .bss.* COMMON)
		. = ALIGN(16);
		. = . + STACK_SIZE;
		stack_end = .;
	} :data
	ASSERT(. - VIRT_TEE_DA_MEM <= VIRT_TEE_M33_MEM_SIZE, "the program does not fit into m33's memory")
	. = VIRT_TEE_DA_IPC + VIRT_TEE_IPC_TABLE;
	.resource_table : { KEEP(*(.resource_table)) } :table
	ASSERT(SIZEOF(.resource_table) <= VIRT_TEE_IPC_TABLE_SIZE, "the resource table does not fit its place")
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
