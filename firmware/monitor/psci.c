/* SPDX-License-Identifier: BSD-2-Clause */
/* PSCI 1.1 for the host's CPUs (Arm DEN 0022): on, off, affinity, features, suspend mode, system off and reset. */
#include <stdatomic.h>

#include <fw/sysreg.h>

#include "monitor.h"
#include "platform.h"

#define PSCI_VERSION	       0x84000000u
#define PSCI_CPU_OFF	       0x84000002u
#define PSCI_CPU_ON	       0x84000003u
#define PSCI_AFFINITY_INFO     0x84000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_SYSTEM_OFF	       0x84000008u
#define PSCI_SYSTEM_RESET      0x84000009u
#define PSCI_FEATURES	       0x8400000au
#define PSCI_SET_SUSPEND_MODE  0x8400000fu
#define SMCCC_VERSION	       0x80000000u
#define SMC64		       0x40000000u

#define PSCI_1_1		0x10001
#define PSCI_NOT_SUPPORTED	(-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_DENIED		(-3)
#define PSCI_ALREADY_ON		(-4)
#define PSCI_ON_PENDING		(-5)
#define PSCI_INVALID_ADDRESS	(-9)
#define PSCI_NO_TRUSTED_OS	2 /* none that needs to be migrated */

static const uint32_t offered[] = {
	PSCI_VERSION,		PSCI_CPU_OFF,	       PSCI_CPU_ON,
	PSCI_CPU_ON | SMC64,	PSCI_AFFINITY_INFO,    PSCI_AFFINITY_INFO | SMC64,
	PSCI_MIGRATE_INFO_TYPE, PSCI_SYSTEM_OFF,       PSCI_SYSTEM_RESET,
	PSCI_FEATURES,		PSCI_SET_SUSPEND_MODE, SMCCC_VERSION,
};

/* index of a host CPU from its affinity, -1 when there is none; remote cores do not exist for PSCI */
static int host_cpu(uint64_t affinity)
{
	return affinity < mon_boot.host_cpus ? (int)affinity : -1;
}

static int64_t cpu_on(uint64_t affinity, uint64_t entry, uint64_t arg)
{
	int cpu = host_cpu(affinity);
	uint32_t was = MON_OFF;

	if (cpu < 0)
		return PSCI_INVALID_PARAMETERS;
	if (entry < mon_boot.ram_base || entry - mon_boot.ram_base >= mon_boot.ram_size || entry & 3)
		return PSCI_INVALID_ADDRESS;
	if (!atomic_compare_exchange_strong(&mon_cpus[cpu].power, &was, MON_ON_PENDING))
		return was == MON_ON ? PSCI_ALREADY_ON : PSCI_ON_PENDING;
	mon_release((unsigned int)cpu, entry, arg);
	return 0;
}

static int64_t affinity_info(uint64_t affinity, uint64_t level)
{
	/* PSCI's numbers: 0 on, 1 off, 2 pending */
	static const int64_t info[] = { [MON_OFF] = 1, [MON_ON_PENDING] = 2, [MON_ON] = 0 };
	int cpu = host_cpu(affinity);

	if (cpu < 0 || level)
		return PSCI_INVALID_PARAMETERS;
	return info[atomic_load(&mon_cpus[cpu].power)];
}

static int64_t features(uint32_t id)
{
	unsigned int i = 0;

	for (i = 0; i < sizeof(offered) / sizeof(offered[0]); i++)
		if (offered[i] == id)
			return 0;
	return PSCI_NOT_SUPPORTED;
}

int64_t mon_psci(const struct mon_frame *f)
{
	mon_trace(PIL_TRACE_PSCI, (uint32_t)f->x[0], f->x[1]);
	switch ((uint32_t)f->x[0]) {
	case PSCI_VERSION:
		/* the first that a host asks, long before it looks for an SMMU. One at EL1 never has it */
		if (!(mon_boot.flags & FW_BOOT_HYPERVISOR))
			mon_host_begins();
		return PSCI_1_1;
	case PSCI_CPU_OFF:
		mon_park_entry(fw_cpu());
	case PSCI_CPU_ON:
		return cpu_on((uint32_t)f->x[1], (uint32_t)f->x[2], (uint32_t)f->x[3]);
	case PSCI_CPU_ON | SMC64:
		return cpu_on(f->x[1], f->x[2], f->x[3]);
	case PSCI_AFFINITY_INFO:
		return affinity_info((uint32_t)f->x[1], (uint32_t)f->x[2]);
	case PSCI_AFFINITY_INFO | SMC64:
		return affinity_info(f->x[1], f->x[2]);
	case PSCI_MIGRATE_INFO_TYPE:
		return PSCI_NO_TRUSTED_OS;
	case PSCI_FEATURES:
		return features((uint32_t)f->x[1]);
	case PSCI_SET_SUSPEND_MODE:
		return f->x[1] == 0 ? 0 : PSCI_DENIED; /* 0: platform coordinated, the only mode */
	case PSCI_SYSTEM_OFF:
		mon_log("monitor: the host powers the system off");
		plat_power_off();
	case PSCI_SYSTEM_RESET:
		mon_log("monitor: the host resets the system");
		plat_reset();
	default:
		return PSCI_NOT_SUPPORTED;
	}
}
