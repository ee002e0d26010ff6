/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot: first CPU, service, other CPUs, host. */
#include <string.h>

#include <fw/sysreg.h>

#include "monitor.h"
#include "platform.h"

void mon_main_first(void);
void mon_main_other(unsigned int cpu);
void mon_main_continue(unsigned int cpu);

static _Noreturn void stop(const char *why)
{
	mon_log("monitor: cannot start: %s", why);
	plat_power_off();
}

/* only the boot chain writes this flash: what is there decides about the arrangement */
static uint32_t hypervisor_flag(void)
{
	uint64_t header = plat_monitor.hyp_flash;

	if (!plat_monitor.hyp_flash_size || fw_read32(header + sizeof(uint32_t)) != FW_HYPERVISOR_MAGIC)
		return 0;
	switch (fw_read32(header + 2 * sizeof(uint32_t))) {
	case FW_HYPERVISOR_RESIDENT:
		return FW_BOOT_HYPERVISOR;
	case FW_HYPERVISOR_STAGE:
		return FW_BOOT_STAGE;
	default:
		stop("the hypervisor in the flash says neither that it stays nor that it leaves");
	}
}

static void learn_machine(void)
{
	const char *missing = plat_boot_facts(&mon_boot.ram_base, &mon_boot.ram_size, &mon_boot.fuses);

	if (missing)
		stop(missing);
	mon_boot.magic = FW_BOOT_MAGIC;
	mon_boot.size = sizeof(mon_boot);
	mon_boot.cpus = mon_gic_count_cpus();
	if (mon_boot.cpus > FW_MAX_CPUS)
		stop("more CPUs than the firmware was built for");
	if (mon_boot.cpus <= plat_monitor.remote_cores)
		stop("no CPU left for the host: start the machine with more");
	mon_boot.host_cpus = mon_boot.cpus - plat_monitor.remote_cores;
	mon_boot.flags =
		(mon_cores_are_secure() ? FW_BOOT_SECURE_CORES : 0) | (mon_has_granules() ? FW_BOOT_GRANULES : 0);
	mon_boot.flags |= hypervisor_flag();
}

/* the service runs from a writable place because its own tables decide what is writable; boot info: last page but one */
static uint64_t place_service(void)
{
	const struct plat_monitor *p = &plat_monitor;
	uint64_t info = p->service_ram + p->service_ram_size - 8192;

	memcpy((void *)p->service_ram, (const void *)p->service_flash, p->service_flash_size);
	memcpy((void *)info, &mon_boot, sizeof(mon_boot));
	mon_clean_dcache(p->service_ram, p->service_ram_size);
	memcpy((void *)p->shim_master, (const void *)p->shim_flash, p->shim_flash_size);
	return info;
}

/* while the flash can still be read; it gets the CPU when the host would */
static void place_hypervisor(void)
{
	const struct plat_monitor *p = &plat_monitor;
	uint64_t info = p->hyp_ram + p->hyp_ram_size - 4096;

	mon_cpus[0].entry = p->host_entry;
	mon_cpus[0].arg = p->host_arg;
	if (!(mon_boot.flags & (FW_BOOT_HYPERVISOR | FW_BOOT_STAGE)))
		return;
	memcpy((void *)p->hyp_ram, (const void *)p->hyp_flash, p->hyp_flash_size);
	memcpy((void *)info, &mon_boot, sizeof(mon_boot));
	mon_clean_dcache(p->hyp_ram, p->hyp_ram_size);
	mon_cpus[0].entry = p->hyp_ram;
	mon_cpus[0].arg = info;
}

static void say_state_of_cores(void)
{
	if (mon_cores_are_secure()) {
		mon_gic_secure_doorbells();
		mon_log("monitor: remote cores run in the Secure state, under shims in secure RAM");
	} else {
		mon_log("monitor: this CPU has no EL2 in the Secure state: remote cores and their shims are in normal RAM, which "
			"the host can change");
	}
	if (mon_has_granules())
		mon_log("monitor: granule protection is on: the host's CPUs fault at carve-outs while they are locked");
	else
		mon_log("monitor: no granule protection: this CPU has no %s",
			mon_has_rme() ? "EL2 in the Secure state" : "RME");
}

void mon_main_first(void)
{
	plat_console_init();
	mon_mmu_build();
	mon_mmu_enable();
	mon_gic_init_distributor();
	learn_machine();
	mon_granules_build();
	mon_granules_enable();
	mon_world_init();
	mon_cpu_init();
	mon_trace_init(0, PIL_TRACE_WRITERS);
	mon_trace(PIL_TRACE_BOOT, mon_boot.cpus, mon_boot.host_cpus);
	mon_log("monitor: up on %u CPUs, %u for the host; %u MiB of host RAM at %x", (uint64_t)mon_boot.cpus,
		(uint64_t)mon_boot.host_cpus, mon_boot.ram_size >> 20, mon_boot.ram_base);
	say_state_of_cores();
	place_hypervisor();
	mon_service_boot(0, place_service());
}

void mon_main_other(unsigned int cpu)
{
	mon_mmu_enable();
	mon_granules_enable();
	mon_cpu_init();
	if (mon_is_remote(cpu))
		mon_park_entry(cpu);
	mon_service_boot(cpu, 0);
}

static const char *whom_to_start(void)
{
	if (mon_boot.flags & FW_BOOT_STAGE)
		return "boot stage";
	return mon_boot.flags & FW_BOOT_HYPERVISOR ? "hypervisor" : "host";
}

/* what a boot stage wrote must be in memory when its caches' owner is gone: the SMMU and the shims go on to read its tables */
void mon_stage_done(void)
{
	const struct plat_monitor *p = &plat_monitor;
	unsigned int cpu = fw_cpu();

	mon_boot.flags &= ~FW_BOOT_STAGE;
	mon_clean_dcache(p->hyp_ram, p->hyp_ram_size);
	mon_cpus[cpu].entry = p->host_entry;
	mon_cpus[cpu].arg = p->host_arg;
	mon_trace(PIL_TRACE_STAGE_DONE, 0, 0);
	mon_log("monitor: the boot stage is done; starting the host at EL2");
	mon_enter_host(cpu);
}

/* the service is ready on this CPU */
void mon_main_continue(unsigned int cpu)
{
	unsigned int i = 0;

	if (cpu)
		mon_park_entry(cpu);
	for (i = 1; i < mon_boot.cpus; i++)
		mon_start_other(i);
	mon_log("monitor: service is up on %u CPUs, %u remote core(s) held; starting the %s at EL2",
		(uint64_t)mon_boot.host_cpus, (uint64_t)plat_monitor.remote_cores, whom_to_start());
	mon_enter_host(0);
}
