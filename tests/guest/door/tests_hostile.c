/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hostile host may pass: addresses that are not its own, CPUs that are not its own, calls that are not its own. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/rsc_table.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "door.h"

#define SMALL	 "small"
#define PAGE	 UINT64_C(0x60100000) /* RAM that nobody uses: the indirection page, then the table and the answer */
#define TABLE	 (PAGE + 0x1000)
#define OUT	 (PAGE + 0x2000)
#define OUT_SIZE 0x1000u
#define RAM_END	 (VIRT_RAM + UINT64_C(0x80000000))

#define GICR_TYPER	0x0008
#define GICR_TYPER_LAST 0x10u

/* where the service must not be sent; the carve-out is the host's, but no place for a buffer */
static const struct {
	const char *name;
	uint64_t address;
} forbidden[] = {
	{ "flash", VIRT_FLASH_SERVICE },
	{ "the monitor's memory", VIRT_MONITOR_RAM },
	{ "the service's memory", VIRT_SERVICE_RAM },
	{ "the secure console", VIRT_UART_SECURE },
	{ "the interrupt controller", VIRT_GICD },
	{ "just below RAM", VIRT_RAM - 8u },
	{ "the shim", VIRT_SHIM },
	{ "the end of the shims", VIRT_SHIM + VIRT_SHIM_SIZE - 8u },
	{ "just below the shim", VIRT_SHIM - 8u },
	{ "the carve-out", VIRT_ADSP_MEM },
	{ "just below the carve-out", VIRT_ADSP_MEM - 8u },
	{ "the cdsp's carve-out", VIRT_CDSP_MEM + VIRT_CDSP_SIZE - 8u },
	{ "the video core's carve-out", VIRT_VIDEO_MEM },
	{ "the companion's carve-out", VIRT_ADSP_DTB_MEM },
	{ "the zap image's carve-out", VIRT_ZAP_MEM },
	{ "no memory", UINT64_C(1) << 40 },
	{ "the end of all addresses", UINT64_MAX - 7 },
};

#define FORBIDDEN (sizeof(forbidden) / sizeof(forbidden[0]))

/* what is the host's memory where there is no hypervisor */
static const uint64_t hypervisors[] = {
	VIRT_HYPERVISOR,
	VIRT_HYPERVISOR + VIRT_HYPERVISOR_SIZE - 8u,
	VIRT_HYPERVISOR - 8u,
};

#define HYPERVISORS (sizeof(hypervisors) / sizeof(hypervisors[0]))

static bool under_a_hypervisor(void)
{
	return payload_level() == 1;
}

static bool metadata(void)
{
	bool good = true;
	size_t i = 0;

	for (i = 0; under_a_hypervisor() && i < HYPERVISORS; i++)
		good = same("the hypervisor's memory", pas_init_image(hypervisors[i]), PIL_SCM_EADDR) && good;

	for (i = 0; i < FORBIDDEN; i++)
		good = same(forbidden[i].name, pas_init_image(forbidden[i].address), PIL_SCM_EADDR) && good;
	return good;
}

/* nobody promises the secure world that a host aligns anything */
static bool unaligned_metadata(void)
{
	uint64_t at = archive_metadata(archive_find(SMALL), 0);

	memmove((void *)(at + 1), (void *)at, ARCHIVE_METADATA - 1);
	return same("INIT_IMAGE", pas_init_image(at + 1), 0);
}

static int64_t get_table(uint64_t page, uint64_t in, uint64_t in_size, uint64_t out, uint64_t out_size)
{
	struct scm_call c = { 0 };

	table_page(PAGE, out, out_size);
	memset((void *)TABLE, 0, 0x1000);
	prepare_table(&c, page, in, in_size);
	return scm_complete(&c);
}

/* who owns the streams reads the table: under a hypervisor it is nothing that the host may ask for */
static bool table_buffers(void)
{
	bool good = true;
	size_t i = 0;

	if (under_a_hypervisor())
		return same("the table", get_table(PAGE, TABLE, 16, OUT, OUT_SIZE), PIL_SCM_ENOTSUPP) &&
		       same("the table, to the hypervisor", get_table(VIRT_HYPERVISOR, TABLE, 16, OUT, OUT_SIZE),
			    PIL_SCM_ENOTSUPP);
	good = same("good buffers", get_table(PAGE, TABLE, 16, OUT, OUT_SIZE), 0);

	for (i = 0; i < FORBIDDEN; i++) {
		uint64_t address = forbidden[i].address;

		good = same(forbidden[i].name, get_table(PAGE, TABLE, 16, address, OUT_SIZE), PIL_SCM_EADDR) && good;
		good = same(forbidden[i].name, get_table(PAGE, address, 16, OUT, OUT_SIZE), PIL_SCM_EADDR) && good;
		good = same(forbidden[i].name, get_table(address, TABLE, 16, OUT, OUT_SIZE), PIL_SCM_EADDR) && good;
	}
	return same("a size that wraps", get_table(PAGE, TABLE, 16, OUT, UINT64_MAX), PIL_SCM_EADDR) &&
	       same("a table of all memory", get_table(PAGE, TABLE, UINT64_MAX, OUT, OUT_SIZE), PIL_SCM_EADDR) &&
	       same("unaligned buffers", get_table(PAGE, TABLE + 1, 16, OUT + 3, OUT_SIZE), 0) && good;
}

/* the remote cores are the last CPUs */
static uint64_t last_cpu(void)
{
	uint64_t cpu = 0;

	while (!(fw_read32(VIRT_GICR + cpu * VIRT_GICR_STRIDE + GICR_TYPER) & GICR_TYPER_LAST))
		cpu++;
	return cpu;
}

static bool is_no_cpu(uint64_t remote)
{
	return same("AFFINITY_INFO", psci_affinity_info(remote), PSCI_INVALID_PARAMETERS) &&
	       same("CPU_ON", psci_cpu_on(remote, VIRT_KERNEL), PSCI_INVALID_PARAMETERS);
}

static bool remote_cores_are_no_cpus(void)
{
	uint64_t last = last_cpu();
	bool good = true;

	for (uint64_t i = 0; i < VIRT_CORES; i++)
		good = is_no_cpu(last - i) && good;
	return good &&
	       same("CPU_ON, another cluster", psci_cpu_on(1u << 8 | 1u, VIRT_KERNEL), PSCI_INVALID_PARAMETERS) &&
	       same("CPU_ON, above 32 bits", psci_cpu_on(UINT64_C(1) << 32 | 1u, VIRT_KERNEL),
		    PSCI_INVALID_PARAMETERS) &&
	       same("CPU_ON, all bits", psci_cpu_on(UINT64_MAX, VIRT_KERNEL), PSCI_INVALID_PARAMETERS);
}

static bool entry_points(void)
{
	static const uint64_t entries[] = {
		0, VIRT_MONITOR_RAM, VIRT_SERVICE_RAM, VIRT_GICD, VIRT_RAM - 4u, VIRT_KERNEL + 2u, UINT64_MAX - 3
	};
	bool good = same("CPU_ON of this CPU", psci_cpu_on(0, VIRT_KERNEL), PSCI_ALREADY_ON);
	size_t i = 0;

	for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		good = same("CPU_ON", psci_cpu_on(1, entries[i]), PSCI_INVALID_ADDRESS) && good;
	for (i = 0; under_a_hypervisor() && i < HYPERVISORS - 1; i++)
		good = same("CPU_ON in the hypervisor", psci_cpu_on(1, hypervisors[i] & ~3ull), PSCI_INVALID_ADDRESS) &&
		       good;
	return good && same("CPU 1 is still off", psci_affinity_info(1), PSCI_OFF);
}

/* what the service and the shim ask of the monitor is not offered to the host, whatever the width of the call */
static bool foreign_calls(void)
{
	static const uint32_t ids[] = { PIL_MON_READY,	    PIL_MON_RETURN,	PIL_MON_LOG,	  PIL_MON_CORE_START,
					PIL_MON_CORE_STOP,  PIL_MON_CORE_STATE, PIL_MON_SHIM_LOG, PIL_MON_SHIM_READY,
					PIL_MON_SHIM_CRASH, PIL_MON_SHIM_PARK,	PIL_MON_STAGE_DONE, PIL_MON_SHIM_OWNER, 0xbf00ff01,
					0xc300ff01,	    0x86000000 };
	bool good = true;
	size_t i = 0;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct smc_regs r = { .x = { ids[i], VIRT_SERVICE_RAM, 64 } };

		smc_call(&r);
		good = same("status", (int64_t)r.x[0], -1) &&
		       same("registers that came back changed", (int64_t)r.spoiled, 0) && good;
	}
	return good;
}

const struct door_test hostile_tests[] = {
	{ "metadata_must_be_in_the_hosts_memory", metadata },
	{ "metadata_need_not_be_aligned", unaligned_metadata },
	{ "buffers_of_the_resource_table_must_be_in_the_hosts_memory", table_buffers },
	{ "psci_knows_no_remote_core", remote_cores_are_no_cpus },
	{ "psci_starts_no_cpu_outside_of_ram", entry_points },
	{ "calls_of_service_and_shim_are_not_the_hosts", foreign_calls },
	{ NULL, NULL },
};
