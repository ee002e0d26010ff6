/* SPDX-License-Identifier: BSD-2-Clause */
/* What the monitor tells the service when it starts: facts of the machine that were read before the host ran. */
#ifndef FW_BOOT_INFO_H
#define FW_BOOT_INFO_H

#define FW_BOOT_MAGIC 0x544f4f42u /* "BOOT" */
#define FW_MAX_CPUS   12u

#define FW_HYPERVISOR_MAGIC 0x50594850 /* "PHYP": the second word of a hypervisor's image */

/* what its third word says: it stays at EL2 under the host, or leaves EL2 to it when a remote core has been started */
#define FW_HYPERVISOR_RESIDENT 0
#define FW_HYPERVISOR_STAGE    1

#define FW_BOOT_SECURE_CORES 0x1u /* remote cores run in the Secure state, under a shim in secure RAM */
#define FW_BOOT_GRANULES     0x2u /* granule protection is on: PIL_MON_PROTECT and PIL_MON_OPEN are there */
#define FW_BOOT_HYPERVISOR   0x4u /* the flash has a hypervisor, which starts in the host's place */
#define FW_BOOT_STAGE	     0x8u /* the flash has a boot stage, which starts before the host and leaves EL2 to it */

#ifndef __ASSEMBLER__
#include <stdint.h>

#include <pilot/wire/fuses.h>

/**
 * struct fw_boot_info - lies at the start of the last page but one of the service's memory, and of the last of the hypervisor's
 * @magic:      FW_BOOT_MAGIC
 * @size:       of this struct
 * @cpus:       CPUs of the machine, at most FW_MAX_CPUS
 * @host_cpus:  those that the host gets; the others are remote cores, core 0 on the last CPU
 * @flags:      FW_BOOT_... bits
 * @ram_base, @ram_size: the host's RAM
 * @fuses:      copy of the fuse block
 */
struct fw_boot_info {
	uint32_t magic;
	uint32_t size;
	uint32_t cpus;
	uint32_t host_cpus;
	uint32_t flags;
	uint32_t reserved;
	uint64_t ram_base;
	uint64_t ram_size;
	struct pil_fuses fuses;
};
#endif

#endif
