/* SPDX-License-Identifier: BSD-2-Clause */
/* From the image in normal RAM to two parked CPUs; what else EL3 needs of a board and of a monitor. */
#include <virt/platform.h>
#include <virt/tee_platform.h>

#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>

#include "monitor.h"
#include "platform.h"
#include "stub.h"

void mon_main_first(void);
void mon_main_other(unsigned int cpu);

static const struct plat_region regions[] = {
	{ VIRT_GICD, 0x10000, MON_DEVICE },
	{ VIRT_GICR, VIRT_GICR_STRIDE *(FW_MAX_CPUS + 1), MON_DEVICE },
	{ VIRT_TEE_M33_MEM, VIRT_TEE_M33_MEM_SIZE, MON_DATA },
	{ VIRT_TEE_IPC + VIRT_TEE_IPC_TABLE, VIRT_TEE_IPC_TABLE_SIZE, MON_DATA | PIL_VMSA_NS },
	{ VIRT_TRACE, VIRT_TRACE_SIZE, MON_DEVICE | PIL_VMSA_NS },
	{ VIRT_TEE_MAILBOX, VIRT_TEE_MAILBOX_SIZE, MON_DATA },
	{ VIRT_TEE_SHIM_MASTER, VIRT_FLASH_SHIM_SIZE, MON_DATA },
	{ VIRT_TEE_SHIMS, VIRT_TEE_SHIMS_SIZE, MON_DATA },
	{ VIRT_TEE_STUB_LOADED, VIRT_TEE_STUB_LOADED_SIZE, MON_RODATA | PIL_VMSA_NS },
};

_Static_assert(VIRT_TEE_CORES *VIRT_SHIM_STRIDE <= VIRT_TEE_SHIMS_SIZE, "shims fit their place");
_Static_assert(VIRT_TEE_CORES == PIL_STUB_CORES, "a mailbox for each core");

const struct plat_monitor plat_monitor = {
	.regions = regions,
	.region_count = sizeof(regions) / sizeof(regions[0]),
	.gicd = VIRT_GICD,
	.gicr = VIRT_GICR,
	.gicr_stride = VIRT_GICR_STRIDE,
	.shim_flash_size = VIRT_FLASH_SHIM_SIZE,
	.shim_master = VIRT_TEE_SHIM_MASTER,
	.shim_secure_ram = VIRT_TEE_SHIMS,
	.shim_ram_size = VIRT_SHIM_STRIDE,
	.remote_cores = VIRT_TEE_CORES,
	.trace = VIRT_TRACE,
	.trace_writer = PIL_TRACE_STUB,
	.look = mailbox_look,
};

void plat_putc(char c)
{
	mailbox_log(c);
}

/* this CPU's part of the machine is broken; the other CPUs are not the stub's to switch off */
void plat_power_off(void)
{
	for (;;)
		fw_wfi();
}

void mon_smc(struct mon_frame *f)
{
	const bool crash = (uint32_t)f->x[0] == PIL_MON_SHIM_CRASH && MON_SPSR_IS_EL2(f->spsr);
	const bool by_watchdog = f->x[1] == 1;
	const unsigned int cpu = fw_cpu();

	mon_shim_smc(f);
	if (crash)
		mailbox_crashed(cpu, by_watchdog);
	else
		mailbox_look(cpu);
}

void mon_main_first(void)
{
	mon_mmu_build();
	mon_mmu_enable();
	mon_boot.cpus = mon_gic_count_cpus();
	mon_trace_init(PIL_TRACE_SHIM, PIL_TRACE_STUB + 1);
	mon_boot.host_cpus = mon_boot.cpus - VIRT_TEE_CORES;
	mailbox_init();
	boot_take();
	mailbox_open();
	mon_cpu_init();
	mon_start_other(mon_boot.host_cpus);
	mon_trace(PIL_TRACE_BOOT, mon_boot.cpus, mon_boot.host_cpus);
	mon_log("stub: %u remote cores held on the last of %u CPUs", (uint64_t)VIRT_TEE_CORES, (uint64_t)mon_boot.cpus);
	if (!mon_cores_are_secure())
		mon_log("stub: this CPU has no EL2 in the Secure state: every start will be refused");
	else
		boot_start();
	mon_park_entry(fw_cpu());
}

void mon_main_other(unsigned int cpu)
{
	mon_mmu_enable();
	mon_cpu_init();
	mon_park_entry(cpu);
}
