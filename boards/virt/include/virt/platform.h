/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine `virt` of QEMU as Pilot uses it: addresses, interrupts, ids. One place for the firmware (C and assembly), the device
 * tree (through cpp) and the runner: plain numbers only, one per line.
 */
#ifndef VIRT_PLATFORM_H
#define VIRT_PLATFORM_H

/* devices (QEMU hw/arm/virt.c, memory map) */
#define VIRT_GICD	 0x08000000
#define VIRT_GICR	 0x080a0000
#define VIRT_GICR_STRIDE 0x20000
#define VIRT_ITS	 0x08080000
#define VIRT_ITS_MSI	 0x08090000 /* where devices write their message interrupts */
#define VIRT_UART	 0x09000000 /* the host's */
#define VIRT_RTC	 0x09010000 /* PL031, everybody's to read */
#define VIRT_RTC_SIZE	 0x1000
#define VIRT_UART_SECURE 0x09040000
#define VIRT_SMMU	 0x09050000
#define VIRT_GPIO_SECURE 0x090b0000 /* PL061: pin 0 powers off, pin 1 resets */

/* devices that reach memory by themselves; virtio-mmio's way passes the SMMU by */
#define VIRT_VIRTIO	     0x0a000000
#define VIRT_VIRTIO_SIZE     0x00004000
#define VIRT_PCI	     0x10000000 /* windows of the PCI bridge: memory and ports, configuration, memory above 39 bits */
#define VIRT_PCI_SIZE	     0x2f000000
#define VIRT_PCI_CONFIG	     0x4010000000
#define VIRT_PCI_CONFIG_SIZE 0x08000000 /* of the buses up to VIRT_PCI_BUS_END */
#define VIRT_PCI_HIGH	     0x8000000000
#define VIRT_PCI_HIGH_SIZE   0x8000000000
#define VIRT_PCI_SIDS	     0x1000 /* StreamIDs of the host's PCI devices are below it */
/*
 * PCI: the host's tree ends before the bus 0x80, which is the firmware's: behind a port there is the DMA master of the adsp, at
 * 81:00.0. Its registers have the end of the window for 32-bit addresses to themselves.
 */
#define VIRT_PCI_BUS_END      0x7f /* the host's last one */
#define VIRT_PCI_WINDOW	      0x10000000
#define VIRT_PCI_WINDOW_SIZE  0x2e000000
#define VIRT_MASTER_PORT      0x4018008000 /* configuration space of 80:01.0 */
#define VIRT_MASTER_PORT_SLOT 1
#define VIRT_MASTER_CONFIG    0x4018100000 /* and of 81:00.0 */
#define VIRT_MASTER_BUS	      0x80
#define VIRT_MASTER_REGS      0x3e000000
#define VIRT_MASTER_REGS_SIZE 0x1000 /* what is used of them */

/* secure flash 0, 2 MiB used: monitor, service, shim, fuses */
#define VIRT_FLASH	     0x00000000
#define VIRT_FLASH_SIZE	     0x00200000
#define VIRT_FLASH_SERVICE   0x00040000
#define VIRT_FLASH_SHIM	     0x00140000
#define VIRT_FLASH_SHIM_SIZE 0x00010000
#define VIRT_FLASH_FUSES     0x001f0000
#define VIRT_FLASH_COUNTERS  0x00200000 /* rollback counters: two sectors; the only part that is ever written */
#define VIRT_FLASH_SECTOR    0x00040000 /* what an erase erases */
#define VIRT_FLASH_FILE	     0x04000000 /* length of the whole flash, as QEMU has it */

/*
 * The hypervisor of arrangement guest, and the boot stage of arrangement owner: its place in the flash, with zeros where there is neither,
 * and in normal RAM. The image that it starts before the host, if one is there, lies in normal RAM that the host has later.
 */
#define VIRT_FLASH_HYPERVISOR	   0x00150000
#define VIRT_FLASH_HYPERVISOR_SIZE 0x00010000
#define VIRT_HYPERVISOR		   0xba000000
#define VIRT_HYPERVISOR_SIZE	   0x00400000
#define VIRT_BOOT_IMAGE		   0xa0000000
#define VIRT_BOOT_IMAGE_SIZE	   0x01000000

/* secure RAM, 16 MiB: monitor, service, a shim for each core, and what the cores run */
#define VIRT_SRAM	   0x0e000000
#define VIRT_SRAM_SIZE	   0x01000000
#define VIRT_MONITOR_RAM   0x0e000000
#define VIRT_MONITOR_SIZE  0x00040000
#define VIRT_SERVICE_RAM   0x0e040000
#define VIRT_SERVICE_SIZE  0x001a0000
#define VIRT_SHIM_MASTER   0x0e1e0000 /* the shim as it was in flash, which nobody reads once the host runs */
#define VIRT_SHIM_SECURE   0x0e1f0000 /* the shims where cores are secure, up to the copies */
#define VIRT_SHIM_STRIDE   0x00030000 /* one core's shim, here or in normal RAM; its orders in the last page */
#define VIRT_COPIES	   0x0e280000
#define VIRT_COPIES_SIZE   0x00d80000
#define VIRT_ADSP_COPY	   0x0e280000 /* copies of carve-outs, as large as these */
#define VIRT_CDSP_COPY	   0x0eb80000
#define VIRT_VIDEO_COPY	   0x0ee00000
#define VIRT_ADSP_DTB_COPY 0x0efe0000
#define VIRT_ZAP_COPY	   0x0eff0000

/* normal RAM */
#define VIRT_RAM	0x40000000
#define VIRT_RAM_MIN	0x80000000 /* 2 GiB: the reserved regions below must exist */
#define VIRT_KERNEL	0x40400000
#define VIRT_DTB	0x4a000000
#define VIRT_INITRD	0x4b000000
#define VIRT_SMEM	0xb8000000
#define VIRT_SMEM_SIZE	0x00200000
#define VIRT_TCSR	0xb8800000
#define VIRT_TCSR_SIZE	0x00020000
#define VIRT_CTRL	0xb8900000 /* a page for each core: requests to its program and its heartbeat, wire/remote.h */
#define VIRT_CTRL_SIZE	0x00001000 /* of one page */
#define VIRT_DMA_SOURCE 0xb8910000 /* what the adsp's DMA master only reads, and the adsp too */
#define VIRT_DMA_TARGET 0xb8911000 /* and what both write */
#define VIRT_DMA_SIZE	0x00001000 /* of each */
#define VIRT_TRACE	0xb8c00000 /* wire/trace.h, in every arrangement */
#define VIRT_TRACE_SIZE	0x00400000
#define VIRT_SHIM	0xb9000000 /* the shims where cores cannot be secure */
#define VIRT_SHIM_SIZE	0x00100000

/* carve-outs; the lite variant of the adsp has the adsp's, and its device tree that of the adsp's device tree */
#define VIRT_ADSP_MEM	   0xb0000000
#define VIRT_ADSP_SIZE	   0x00900000
#define VIRT_CDSP_MEM	   0xb1000000
#define VIRT_CDSP_SIZE	   0x00280000
#define VIRT_VIDEO_MEM	   0xb2000000
#define VIRT_VIDEO_SIZE	   0x001e0000
#define VIRT_ADSP_DTB_MEM  0xb2800000
#define VIRT_ADSP_DTB_SIZE 0x00010000
#define VIRT_ZAP_MEM	   0xb2900000
#define VIRT_ZAP_SIZE	   0x00010000

/* memory that the video core shares with its driver: what each of its streams may reach of it */
#define VIRT_VIDEO_QUEUE       0xb2a00000 /* the core's own: commands, wire/video.h */
#define VIRT_VIDEO_QUEUE_SIZE  0x00001000
#define VIRT_VIDEO_TABLES      0xb2a10000 /* the non-pixel stream's, to read */
#define VIRT_VIDEO_TABLES_SIZE 0x00001000
#define VIRT_VIDEO_FRAMES      0xb2c00000 /* the pixel stream's */
#define VIRT_VIDEO_FRAMES_SIZE 0x00200000

/* remote cores: the last CPUs of the machine, core 0 on the last one */
#define VIRT_CORES	3
#define VIRT_CORE_ADSP	0 /* the lite variant's too */
#define VIRT_CORE_CDSP	1
#define VIRT_CORE_VIDEO 2

/* peripherals: PAS id, software id that images must be signed for, StreamID of the core */
#define VIRT_ADSP_PAS_ID	  1
#define VIRT_ADSP_SW_ID		  0x4
#define VIRT_ADSP_SID		  0x1234 /* the lite variant's too: it is the core's */
#define VIRT_ADSP_MASTER_SID	  0x8100 /* of its DMA master: bus, slot and function */
#define VIRT_ADSP_LITE_PAS_ID	  0x1f
#define VIRT_ADSP_LITE_SW_ID	  0x34
#define VIRT_ADSP_DTB_PAS_ID	  0x24
#define VIRT_ADSP_DTB_SW_ID	  0x51
#define VIRT_ADSP_LITE_DTB_PAS_ID 0x29
#define VIRT_ADSP_LITE_DTB_SW_ID  0x54
#define VIRT_CDSP_PAS_ID	  18
#define VIRT_CDSP_SW_ID		  0x17
#define VIRT_CDSP_SID		  0x21c0
#define VIRT_VIDEO_PAS_ID	  9
#define VIRT_VIDEO_SW_ID	  0xe
#define VIRT_VIDEO_SID		  0x19e2
#define VIRT_VIDEO_NONPIXEL_SID	  0x19e0
#define VIRT_VIDEO_PIXEL_SID	  0x19e1
#define VIRT_ZAP_PAS_ID		  13
#define VIRT_ZAP_SW_ID		  0x14

/* SMEM item numbers, processor numbers of smp2p and numbers in the minidump table: of the sa8775p's adsp and cdsp0 */
#define VIRT_ADSP_CRASH_ITEM  423
#define VIRT_ADSP_SMP2P_OUT   429 /* written by the host */
#define VIRT_ADSP_SMP2P_IN    443 /* written by the remote core */
#define VIRT_ADSP_SMP2P_PID   2
#define VIRT_ADSP_MINIDUMP    5
#define VIRT_CDSP_CRASH_ITEM  601
#define VIRT_CDSP_SMP2P_OUT   432
#define VIRT_CDSP_SMP2P_IN    94
#define VIRT_CDSP_SMP2P_PID   5
#define VIRT_CDSP_MINIDUMP    7
#define VIRT_VIDEO_CRASH_ITEM 640 /* the video core's numbers are those of gpdsp0, which this board does not have */
#define VIRT_VIDEO_SMP2P_OUT  616
#define VIRT_VIDEO_SMP2P_IN   617
#define VIRT_VIDEO_SMP2P_PID  17

/* bits of the value that the remote core shows the host through smp2p; the device tree names the same */
#define VIRT_SMP2P_FATAL    0
#define VIRT_SMP2P_READY    1
#define VIRT_SMP2P_HANDOVER 2
#define VIRT_SMP2P_STOP_ACK 3
#define VIRT_SMP2P_RING	    4 /* turned over at each ring */

/* and of the value that the host shows the remote core */
#define VIRT_SMP2P_STOP 0
#define VIRT_SMP2P_CALL 1 /* turned over at each ring */

/* shared peripheral interrupts (SPI numbers; INTID is 32 more) */
#define VIRT_SPI_ADSP_WDOG	200
#define VIRT_SPI_CDSP_WDOG	201
#define VIRT_SPI_VIDEO_WDOG	202
#define VIRT_SPI_ADSP_SMP2P	205
#define VIRT_SPI_CDSP_SMP2P	206
#define VIRT_SPI_VIDEO_SMP2P	207
#define VIRT_SPI_ADSP_DOORBELL	210
#define VIRT_SPI_CDSP_DOORBELL	211
#define VIRT_SPI_VIDEO_DOORBELL 212

#endif
