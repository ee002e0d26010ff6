/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine as Pilot uses it: addresses, interrupts, ids. One place for firmware, device tree and tests: plain numbers, one per line,
 * each with the page of the manual that it comes from. The numbers here are made up, so that the template links and its test
 * runs; docs/PORTING.md says how to find yours.
 */
#ifndef TEMPLATE_PLATFORM_H
#define TEMPLATE_PLATFORM_H

/* GICv3: distributor; redistributors, one behind the other, two frames of 64 KiB for each CPU (GICR_TYPER.VLPIS: four) */
#define TEMPLATE_GICD	     0x17000000
#define TEMPLATE_GICR	     0x17080000
#define TEMPLATE_GICR_STRIDE 0x20000

/* an UART that is the secure world's alone: whoever can write to it can forge the secure log */
#define TEMPLATE_UART_SECURE 0x00a00000

/* secure memory: nobody but EL3 and S-EL1 reaches it, no DMA either. Monitor, then service; PORTING, "Memory" has the sizes */
#define TEMPLATE_MONITOR_RAM  0x1c000000
#define TEMPLATE_MONITOR_SIZE 0x00040000
#define TEMPLATE_SERVICE_RAM  0x1c040000
#define TEMPLATE_SERVICE_SIZE 0x001a0000

/* where the boot chain leaves the two images: memory that only it writes. The monitor runs from its place there */
#define TEMPLATE_BOOT_MONITOR	   0x1c400000
#define TEMPLATE_BOOT_MONITOR_SIZE 0x00040000
#define TEMPLATE_BOOT_SERVICE	   0x1c440000
#define TEMPLATE_BOOT_SERVICE_SIZE 0x00100000

/* the host: its RAM, and where the boot chain leaves its kernel and device tree */
#define TEMPLATE_RAM	  0x80000000
#define TEMPLATE_RAM_SIZE 0x80000000
#define TEMPLATE_KERNEL	  0x80200000
#define TEMPLATE_DTB	  0x8a000000

/* a DSP: carve-out (reserved-memory of the device tree, no-map), PAS id, software id of its images, StreamID, reset register */
#define TEMPLATE_DSP_MEM	0x86000000
#define TEMPLATE_DSP_SIZE	0x01000000
#define TEMPLATE_DSP_PAS_ID	1
#define TEMPLATE_DSP_SW_ID	0x4
#define TEMPLATE_DSP_SID	0x0800
#define TEMPLATE_DSP_SID_MASK	0x000f
#define TEMPLATE_MAILBOX	0x87000000 /* memory that host and DSP share; outside of every carve-out */
#define TEMPLATE_MAILBOX_SIZE	0x00001000
#define TEMPLATE_CORES		1

#endif
