/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shim runs where the monitor copies it, on a page boundary; see start.S. Every part starts on a page because each gets rights
 * of its own. Pages that begin a part need no low bits of their addresses: start.S relies on it.
 */
#include <virt/platform.h>

#define PAGE	   0x1000
#define STACK_SIZE 0x2000

OUTPUT_FORMAT("elf64-littleaarch64")
ENTRY(_start)

SECTIONS
{
	. = 0;
	shim_text_start = .;
	.text : { *(.text.start) *(.text .text.*) }
	. = ALIGN(PAGE);
	shim_rodata_start = .;
	.rodata : { *(.rodata .rodata.* .data.rel.ro .data.rel.ro.* .got .got.plt) }
	. = ALIGN(PAGE);
	shim_data_start = .;
	.data : { *(.data .data.*) . = ALIGN(16); }
	. = ALIGN(PAGE);
	shim_bss_start = .;
	/* used once, before .bss is zeroed: it costs no memory there */
	.rela.dyn shim_bss_start : { shim_rela_start = .; *(.rela .rela.*) shim_rela_end = .; }
	.bss shim_bss_start (NOLOAD) : {
		*(.bss .bss.* COMMON)
		. = ALIGN(PAGE);
		shim_bss_end = .;
	}
	/* nothing is mapped here: a stack that grows too far faults */
	. = . + PAGE;
	shim_stack_start = .;
	. = . + STACK_SIZE;
	shim_stack_end = .;
	ASSERT(. <= VIRT_SHIM_STRIDE - PAGE, "the shim does not fit below its orders")
	ASSERT(shim_rela_end <= VIRT_FLASH_SHIM_SIZE, "the shim does not fit its place in flash")
	ASSERT(shim_rela_end <= shim_bss_end, "relocations end inside .bss")
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) *(.dyn*) *(.hash) *(.gnu.*) *(.interp) }
}
