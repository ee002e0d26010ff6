/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt for the S-EL1 service: struct pil_board over the monitor's calls and the host's memory. */
#include <string.h>

#include <fw/lock.h>
#include <fw/sysreg.h>
#include <pilot/fuses.h>
#include <pilot/vmsa.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/scm.h>
#include <pilot/wire/shim.h>
#include <virt/desc.h>
#include <virt/platform.h>
#include <virt/smem.h>

#include "flash.h"
#include "master.h"
#include "service.h"

#define GICD_ISPENDR 0x0200u
#define MONITOR_SAYS 16u /* PAS_CORE_START: below it the numbers of virt_shim_config(), above it the monitor's */

#define HOST_RAM                                                                                                       \
	(PIL_VMSA_ATTR(SERVICE_ATTR_NONCACHEABLE) | PIL_VMSA_SH_OUTER | PIL_VMSA_NS | PIL_VMSA_XN | PIL_VMSA_PXN)
#define COPIES (PIL_VMSA_ATTR(SERVICE_ATTR_NORMAL) | PIL_VMSA_SH_INNER | PIL_VMSA_XN | PIL_VMSA_PXN)
#define CARVEOUT                                                                                                       \
	(HOST_RAM & ~PIL_VMSA_NS) /* in the address space that reaches it while granule protection keeps the host off */
#define DEVICE (PIL_VMSA_ATTR(SERVICE_ATTR_DEVICE) | PIL_VMSA_XN | PIL_VMSA_PXN)
/* the host's; and above 4 GiB, which is as far as granule protection goes, there is only the Non-secure address space */
#define HOST_DEVICE (DEVICE | PIL_VMSA_NS)

#define PLAIN_REGIONS 9u
#define REGIONS	      (PLAIN_REGIONS + PIL_MAX_PERIPHERALS)

/* what the service sees besides itself; the RAM's end is filled in from the boot info, carve-outs behind the last */
static struct service_region regions[REGIONS] = {
	{ VIRT_GICD, 0x10000, DEVICE },
	{ VIRT_RAM, VIRT_SHIM - VIRT_RAM, HOST_RAM },
	{ VIRT_SHIM + VIRT_SHIM_SIZE, 0, HOST_RAM },
	{ VIRT_COPIES, VIRT_COPIES_SIZE, COPIES },
	{ VIRT_FLASH_COUNTERS, 2 * VIRT_FLASH_SECTOR, DEVICE },
	{ VIRT_MASTER_PORT, 0x1000, HOST_DEVICE },
	{ VIRT_MASTER_CONFIG, 0x1000, HOST_DEVICE },
	{ VIRT_MASTER_REGS, VIRT_MASTER_REGS_SIZE, HOST_DEVICE },
	{ VIRT_SMMU, 0x1000, HOST_DEVICE },
};

/* the critical section: @daif is the holder's */
static struct fw_lock section_lock;
static uint64_t section_daif;

/* rollback counters; opened before the host runs, or when that failed: when they are asked, so that the request says why */
static struct fw_lock counters_lock;
static struct pil_counter_store flash;
static struct pil_counters counters = { .store = &flash };

static const struct fw_boot_info *boot;

/* they lie in the host's RAM, and take their place in its map. Return: how many regions there are now */
static unsigned int add_carveouts(unsigned int count)
{
	for (unsigned int i = 0; i < virt_desc.peripheral_count && count < REGIONS; i++) {
		const struct pil_range r = virt_desc.peripherals[i].carveout;

		regions[count++] = (struct service_region){ r.base, r.size, CARVEOUT };
	}
	return count;
}

unsigned int plat_service_regions(const struct fw_boot_info *info, const struct service_region **out)
{
	uint64_t end = info->ram_base + info->ram_size;

	regions[1].size = VIRT_SHIM - VIRT_RAM;
	regions[2].base = VIRT_SHIM + VIRT_SHIM_SIZE;
	regions[2].size = end - regions[2].base;
	*out = regions;
	return info->flags & FW_BOOT_GRANULES ? add_carveouts(PLAIN_REGIONS) : PLAIN_REGIONS;
}

/* ordinary RAM of the host: everything but the shims, which lie in normal RAM and are not the host's to name */
static void *host_map(struct pil_board *b, struct pil_range r)
{
	const struct pil_range low = { regions[1].base, regions[1].size }, high = { regions[2].base, regions[2].size };

	(void)b;
	if (!pil_range_contains(low, r) && !pil_range_contains(high, r))
		return NULL;
	return (void *)r.base;
}

static int read_device(struct pil_board *b, struct pil_device *device, struct pil_why *why)
{
	(void)b;
	return pil_fuses_parse(&boot->fuses, sizeof(boot->fuses), device, why);
}

/* masked inside: a request that is suspended would leave the flash in the middle of a command, and others waiting */
static uint64_t counters_enter(void)
{
	uint64_t daif = fw_read(daif);

	__asm__ volatile("msr daifset, #1" ::: "memory");
	while (!fw_trylock(&counters_lock))
		if (service_is_broken())
			service_reply_status(PIL_SCM_ERROR);
	return daif;
}

static void counters_leave(uint64_t daif)
{
	fw_unlock(&counters_lock);
	fw_write(daif, daif);
}

static int counter_read(struct pil_board *b, uint32_t sw_id, uint32_t *version, struct pil_why *why)
{
	uint64_t daif = counters_enter();
	int err = pil_counters_read(&counters, sw_id, version, why);

	(void)b;
	counters_leave(daif);
	return err;
}

static int counter_advance(struct pil_board *b, uint32_t sw_id, uint32_t version, struct pil_why *why)
{
	uint64_t daif = counters_enter();
	int err = pil_counters_advance(&counters, sw_id, version, why);

	(void)b;
	counters_leave(daif);
	return err;
}

static int lock(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why)
{
	(void)b;
	(void)peripheral;
	return service_monitor(PIL_MON_PROTECT, r.base, r.size, 0, NULL) ? pil_fail(why, PIL_R_PAS_LOCK, r.base, r.size)
									 : 0;
}

static int unlock(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why)
{
	(void)b;
	(void)peripheral;
	fw_dsb(); /* what was written there is out before anybody else looks */
	return service_monitor(PIL_MON_OPEN, r.base, r.size, 0, NULL) ? pil_fail(why, PIL_R_PAS_UNLOCK, r.base, r.size)
								      : 0;
}

/* without EL2 in the Secure state a core has no way to it */
static void *shelter(struct pil_board *b, unsigned int peripheral, uint64_t *pa)
{
	*pa = 0;
	if (boot->flags & FW_BOOT_SECURE_CORES)
		*pa = virt_copy_of(b->desc->peripherals[peripheral].carveout);
	return (void *)*pa;
}

static int core_start(struct pil_board *b, unsigned int core, const struct pil_core_start *start, struct pil_why *why)
{
	struct pil_shim_config config = { 0 };
	int64_t status = virt_shim_config(core, start, &config, why);

	(void)b;
	if (status)
		return (int)status;
	/* it learns from the answer to AUTH_AND_RESET what a manifest leaves the master */
	if (boot->flags & FW_BOOT_HYPERVISOR)
		config.flags = PIL_SHIM_MASTER_WAITS;
	if (start->copy)
		service_clean_dcache((void *)config.grant[0].target, config.grant[0].size);
	status = service_core_start(core, &config, sizeof(config));
	return status ? pil_fail(why, PIL_R_PAS_CORE_START, core, MONITOR_SAYS + (uint64_t)-status) : 0;
}

static int core_stop(struct pil_board *b, unsigned int core, struct pil_why *why)
{
	int64_t status = service_core_stop(core);

	(void)b;
	return status ? pil_fail(why, PIL_R_PAS_CORE_STOP, core, (uint64_t)-status) : 0;
}

static int core_power(struct pil_board *b, unsigned int core, bool resume, struct pil_why *why)
{
	(void)b;
	return service_core_power(core, resume) ? pil_fail(why, PIL_R_PAS_CORE_POWER, core, resume) : 0;
}

static enum pil_core_state core_state(struct pil_board *b, unsigned int core, bool *ready)
{
	uint64_t state = 0;

	(void)b;
	if (service_monitor(PIL_MON_CORE_STATE, core, 0, 0, &state))
		state = 0;
	*ready = state & PIL_MON_CORE_READY;
	if (state & PIL_MON_CORE_CRASHED)
		return PIL_CORE_CRASHED;
	return state & PIL_MON_CORE_ON ? PIL_CORE_RUNNING : PIL_CORE_HELD;
}

/* "ready" must fall before it can rise again: the host looks for the edge when the interrupt comes */
static void core_held(struct pil_board *b, unsigned int peripheral)
{
	const struct virt_wiring *wiring = &virt_wiring[b->desc->peripherals[peripheral].core];
	const unsigned int id = wiring->smp2p_irq;

	if (virt_smp2p_rest((volatile void *)VIRT_SMEM, wiring->smp2p_in)) {
		fw_dsb();
		fw_write32(VIRT_GICD + GICD_ISPENDR + 4 * (id / 32), 1u << id % 32);
	}
}

/* masked while inside: a holder that is suspended would stop all other CPUs */
static void enter(struct pil_board *b)
{
	uint64_t daif = fw_read(daif);

	(void)b;
	__asm__ volatile("msr daifset, #1" ::: "memory");
	/* a holder that hit a bug of the service never leaves: then nobody else may wait for it for ever */
	while (!fw_trylock(&section_lock))
		if (service_is_broken())
			service_reply_status(PIL_SCM_ERROR);
	section_daif = daif;
}

static void leave(struct pil_board *b)
{
	uint64_t daif = section_daif;

	(void)b;
	fw_unlock(&section_lock);
	fw_write(daif, daif);
}

static void write_log(struct pil_board *b, const char *line)
{
	(void)b;
	service_log(line);
}

static void trace(struct pil_board *b, uint32_t event, uint64_t first, uint64_t second)
{
	(void)b;
	service_trace(event, first, second);
}

static uint64_t time_us(struct pil_board *b)
{
	(void)b;
	return fw_time_us();
}

/* lock and unlock are missing until the monitor says that the CPU can take carve-outs from the host: what runs is a copy of them */
static struct pil_board board = {
	.desc = &virt_desc,
	.host_map = host_map,
	.read_device = read_device,
	.counter_read = counter_read,
	.counter_advance = counter_advance,
	.lock_leaves_dma = true,
	.shelter = shelter,
	.core_start = core_start,
	.core_stop = core_stop,
	.master_start = virt_master_start,
	.master_stop = virt_master_stop,
	.core_state = core_state,
	.core_power = core_power,
	.core_held = core_held,
	.enter = enter,
	.leave = leave,
	.log = write_log,
	.trace = trace,
	.time_us = time_us,
};

/* RAM keeps its contents over a warm reset, which the host may ask for, or anybody cause, while something runs */
static void forget_what_ran(void)
{
	unsigned int i = 0;

	if (boot->flags & FW_BOOT_SECURE_CORES)
		memset((void *)VIRT_COPIES, 0, VIRT_COPIES_SIZE);
	for (i = 0; i < virt_desc.peripheral_count; i++)
		memset((void *)virt_desc.peripherals[i].carveout.base, 0, virt_desc.peripherals[i].carveout.size);
}

struct pil_board *plat_board(const struct fw_boot_info *info)
{
	boot = info;
	forget_what_ran();
	if (boot->flags & FW_BOOT_GRANULES) {
		board.lock = lock;
		board.unlock = unlock;
	}
	virt_smem_init((void *)VIRT_SMEM);
	virt_master_find();
	/* reads up to two sectors: later the host's interrupts would wait for that. It must not write: other CPUs are still in flash */
	virt_flash_store(&flash, (void *)(uintptr_t)VIRT_FLASH_COUNTERS);
	(void)pil_counters_open(&counters, &flash, NULL);
	return &board;
}
