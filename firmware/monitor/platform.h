/* SPDX-License-Identifier: BSD-2-Clause */
/* What the monitor asks of a board. boards/<name>/monitor implements it. */
#ifndef MONITOR_PLATFORM_H
#define MONITOR_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/gpt.h>
#include <pilot/vmsa.h>

/** struct plat_region - one entry of the monitor's own address map, identity mapped */
struct plat_region {
	uint64_t base;
	uint64_t size;
	uint64_t attrs; /* of pil_vmsa_map() */
};

/* indexes into MAIR_EL3 */
#define MON_ATTR_DEVICE 0
#define MON_ATTR_NORMAL 1

/* AP[1], "EL0 may", is RES1 in a translation regime of one exception level (Arm ARM D8.4.1.2) */
#define MON_NORMAL (PIL_VMSA_ATTR(MON_ATTR_NORMAL) | PIL_VMSA_SH_INNER | PIL_VMSA_AP_EL0)
#define MON_DEVICE (PIL_VMSA_ATTR(MON_ATTR_DEVICE) | PIL_VMSA_XN | PIL_VMSA_AP_EL0)
#define MON_TEXT   (MON_NORMAL | PIL_VMSA_AP_RO)
#define MON_RODATA (MON_TEXT | PIL_VMSA_XN)
#define MON_DATA   (MON_NORMAL | PIL_VMSA_XN)
#define MON_ROOT   PIL_VMSA_NSE /* where the CPU has RME: the monitor's alone, in the Root address space */

#define MON_GRANULE_TABLES 2u /* GiBs that may have such memory */

/**
 * struct plat_granules - memory that granule protection sees to, where the CPU has it; all other memory is within everybody's reach
 * @name:  for the log
 * @base, @size: multiples of PIL_GPT_GRANULE
 * @gpi:   who reaches it when the host starts
 * @locks: a carve-out: the service takes it out of the normal world's reach and gives it back
 */
struct plat_granules {
	const char *name;
	uint64_t base;
	uint64_t size;
	enum pil_gpi gpi;
	bool locks;
};

/**
 * struct plat_monitor - facts of the board for the monitor
 * @regions, @region_count: address map besides the monitor's own image and data
 * @granules, @granule_count: who reaches what
 * @gicd, @gicr, @gicr_stride: GICv3
 * @service_flash, @service_flash_size: where the service's image is
 * @service_ram, @service_ram_size: where it runs; its boot info is in the last page but one
 * @shim_flash, @shim_flash_size: the remote cores' shim
 * @shim_master: where a copy of it waits to be copied to the cores: flash may be being written when one starts
 * @shim_ram: where the shims run on a CPU without EL2 in the Secure state: normal RAM
 * @shim_secure_ram: and on one with it: secure RAM
 * @shim_ram_size: of one core's shim, one behind the other; its orders are in its last page
 * @remote_cores: remote cores; at least one CPU more must be there for the host
 * @doorbells: for each remote core the interrupt (GIC INTID, shared) by which the host rings
 * @hyp_flash, @hyp_flash_size: the place of a hypervisor; size 0: this board starts none
 * @hyp_ram, @hyp_ram_size: where it runs: normal RAM that is not the host's; its boot info is in the last page
 * @host_entry, @host_arg: where the host starts, and what it gets in x0
 * @trace: PIL_TRACE_SIZE bytes of normal RAM for the trace, nobody else's
 * @trace_writer: PIL_TRACE_MONITOR or PIL_TRACE_STUB: whose the records of this image are
 * @look: sees to orders that reach a remote core through memory; called on its CPU at EL3 whenever it has been woken, and before it
 *        waits. NULL: all orders are the service's calls
 */
struct plat_monitor {
	const struct plat_region *regions;
	unsigned int region_count;
	const struct plat_granules *granules;
	unsigned int granule_count;
	uint64_t gicd, gicr, gicr_stride;
	uint64_t service_flash, service_flash_size;
	uint64_t service_ram, service_ram_size;
	uint64_t shim_flash, shim_flash_size;
	uint64_t shim_master;
	uint64_t shim_ram, shim_secure_ram, shim_ram_size;
	unsigned int remote_cores;
	const uint32_t *doorbells;
	uint64_t hyp_flash, hyp_flash_size, hyp_ram, hyp_ram_size;
	uint64_t host_entry, host_arg;
	uint64_t trace;
	unsigned int trace_writer;
	void (*look)(unsigned int cpu);
};

extern const struct plat_monitor plat_monitor;

/** plat_console_init() - make the secure console ready; plat_putc() - one character, waits */
void plat_console_init(void);
void plat_putc(char c);

/**
 * plat_boot_facts() - read what the board knows of itself before the host runs
 * @ram_base, @ram_size: the host's RAM
 * @fuses: the fuse block, unchecked
 * Return: NULL, or a sentence saying what is missing (the monitor then stops)
 */
struct pil_fuses;
const char *plat_boot_facts(uint64_t *ram_base, uint64_t *ram_size, struct pil_fuses *fuses);

/** plat_power_off(), plat_reset() - the whole machine */
_Noreturn void plat_power_off(void);
_Noreturn void plat_reset(void);

#endif
