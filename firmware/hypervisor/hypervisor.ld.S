/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor lies in flash; the monitor copies it to its place in normal RAM. Every part starts on a page because each gets
 * rights of its own. The last page of the place has the monitor's facts.
 */
#include "offsets.h"

ENTRY(_start)
PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
}
SECTIONS
{
	. = HYP_RAM;
	hyp_text_start = .;
	.text : { KEEP(*(.text.boot)) KEEP(*(.text.vectors)) *(.text*) } :text
	. = ALIGN(4096);
	hyp_text_end = .;
	.rodata : { *(.rodata*) } :rodata
	. = ALIGN(4096);
	hyp_data_start = .;
	.data : { *(.data*) . = ALIGN(16); hyp_image_end = .; } :data
	.bss (NOLOAD) : { . = ALIGN(16); hyp_bss_start = .; *(.bss*) *(COMMON) . = ALIGN(4096); hyp_bss_end = .; }
	hyp_data_end = .;
	/* what the secure world reads and writes, too: not cached, as it has it */
	.shared (NOLOAD) : { hyp_shared_start = .; *(.shared*) . = ALIGN(4096); hyp_shared_end = .; }
	.stacks (NOLOAD) : { hyp_stacks = .; . += HYP_MAX_CPUS * HYP_STACK_STRIDE; hyp_stacks_end = .; }
	ASSERT(hyp_stacks_end <= HYP_RAM + HYP_RAM_SIZE - 4096, "the hypervisor's RAM is full")
	ASSERT(hyp_image_end - hyp_text_start <= HYP_FLASH_SIZE, "the hypervisor does not fit its part of the flash")
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
