/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine `virt` in arrangement tee: what differs from platform.h, which has the devices. Plain numbers only, one per line, for C,
 * assembly, the device tree (through cpp) and the runner.
 */
#ifndef VIRT_TEE_PLATFORM_H
#define VIRT_TEE_PLATFORM_H

/* secure flash 0: BL1 and FIP from its start; Pilot's fuses and rollback counters behind them */
#define VIRT_TEE_FLASH_FUSES	0x01f00000
#define VIRT_TEE_FLASH_COUNTERS 0x02000000 /* two sectors */

/* secure RAM, 16 MiB: TF-A, OP-TEE, what the cores run, and their stub */
#define VIRT_TEE_OPTEE	      0x0e100000
#define VIRT_TEE_OPTEE_SIZE   0x00900000
#define VIRT_TEE_M33_MEM      0x0ea00000
#define VIRT_TEE_M33_MEM_SIZE 0x00480000
#define VIRT_TEE_M0_MEM	      0x0ee80000
#define VIRT_TEE_M0_MEM_SIZE  0x00080000
#define VIRT_TEE_STUB_RAM     0x0ef00000
#define VIRT_TEE_STUB_SIZE    0x00100000
#define VIRT_TEE_STUB_SELF    0x00040000 /* of it, the stub itself */
#define VIRT_TEE_MAILBOX      0x0ef40000 /* wire/stub.h */
#define VIRT_TEE_MAILBOX_SIZE 0x00004000
#define VIRT_TEE_SHIM_MASTER  0x0ef50000 /* the shim as it came */
#define VIRT_TEE_SHIMS	      0x0ef60000 /* one for each core, VIRT_SHIM_STRIDE each */
#define VIRT_TEE_SHIMS_SIZE   0x00060000

/* normal RAM */
#define VIRT_TEE_SHM	  0x42000000 /* OP-TEE's static shared memory */
#define VIRT_TEE_SHM_SIZE 0x00200000
#define VIRT_TEE_KERNEL	  0x44000000
#define VIRT_TEE_INITRD	  0x4b000000
/*
 * Where QEMU puts the stub, which moves itself away at once: its code and data, then the shim, then what it starts by itself, if
 * anything (struct pil_stub_boot)
 */
#define VIRT_TEE_STUB_LOADED	  0x47f00000
#define VIRT_TEE_STUB_LOADED_SIZE 0x00100000
#define VIRT_TEE_STUB_SHIM	  0x00010000 /* offsets */
#define VIRT_TEE_STUB_BOOT	  0x00020000

/* memory of a core that Linux manages; its carve-out in the PAS shape */
#define VIRT_TEE_M33_NS	     0xb0000000
#define VIRT_TEE_M33_NS_SIZE 0x00480000
#define VIRT_TEE_M0_NS	     0xb1000000
#define VIRT_TEE_M0_NS_SIZE  0x00080000

/* control pages (wire/remote.h) and doorbell pages (wire/doorbell.h), one of each for each core */
#define VIRT_TEE_M33_CTRL     0xb8900000
#define VIRT_TEE_M0_CTRL      0xb8901000
#define VIRT_TEE_M33_DOORBELL 0xb8910000
#define VIRT_TEE_M0_DOORBELL  0xb8911000

/* memory that m33 shares with Linux: resource table, vrings, buffers */
#define VIRT_TEE_IPC		 0xb8a00000
#define VIRT_TEE_IPC_SIZE	 0x00100000
#define VIRT_TEE_IPC_TABLE	 0x00000000 /* offsets in it */
#define VIRT_TEE_IPC_TABLE_SIZE	 0x00001000
#define VIRT_TEE_IPC_VRING0	 0x00008000
#define VIRT_TEE_IPC_VRING1	 0x00010000
#define VIRT_TEE_IPC_VRING_SIZE	 0x00008000
#define VIRT_TEE_IPC_BUFFER	 0x00040000
#define VIRT_TEE_IPC_BUFFER_SIZE 0x000c0000

/* device addresses: what the programs see */
#define VIRT_TEE_DA_MEM	     0x10000000
#define VIRT_TEE_DA_IPC	     0x20000000
#define VIRT_TEE_DA_CTRL     0x40000000
#define VIRT_TEE_DA_DOORBELL 0x40001000

/* remote cores: the last CPUs of the machine, core 0 on the last one; a processor has its core's number */
#define VIRT_TEE_CORES	    2
#define VIRT_TEE_M33	    0
#define VIRT_TEE_M0	    1
#define VIRT_TEE_M33_PAS_ID 1
#define VIRT_TEE_M0_PAS_ID  18
#define VIRT_TEE_M33_SW_ID  0x4
#define VIRT_TEE_M0_SW_ID   0x17

/* shared peripheral interrupts (SPI numbers; INTID is 32 more) */
#define VIRT_TEE_SPI_M33_WDOG	  200 /* to Linux */
#define VIRT_TEE_SPI_M0_WDOG	  201
#define VIRT_TEE_SPI_M33_DOORBELL 205
#define VIRT_TEE_SPI_M0_DOORBELL  206
#define VIRT_TEE_SPI_TO_M33	  210 /* from Linux */
#define VIRT_TEE_SPI_TO_M0	  211
#define VIRT_TEE_SPI_EVENT	  214 /* Secure: a stub has something to tell OP-TEE */
#define VIRT_TEE_SPI_NOTIFY	  216 /* OP-TEE has something to tell Linux */

#endif
