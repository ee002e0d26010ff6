/* SPDX-License-Identifier: BSD-2-Clause */
/* PSCI (Arm DEN 0022), and work for other CPUs: each time one is switched on for it, and switches itself off. */
#include <fw/sysreg.h>

#include "payload.h"
#include "stacks.h"

#define PSCI_CPU_OFF	   0x84000002u
#define PSCI_CPU_ON	   0xc4000003u
#define PSCI_AFFINITY_INFO 0xc4000004u
#define PSCI_SYSTEM_OFF	   0x84000008u
#define PSCI_SYSTEM_RESET  0x84000009u

#define JOIN_LIMIT_US 120000000u

/** struct work - of one CPU; written before CPU_ON, read after it */
struct work {
	void (*function)(void *arg);
	void *arg;
};

static struct work works[PAYLOAD_CPUS];

extern char payload_cpu_entry[];
_Noreturn void payload_cpu_main(uint64_t cpu);

static int64_t psci(uint32_t id, uint64_t a, uint64_t b, uint64_t c)
{
	struct smc_regs r = { .x = { id, a, b, c } };

	smc_call(&r);
	return (int64_t)r.x[0];
}

int64_t psci_affinity_info(uint64_t cpu)
{
	return psci(PSCI_AFFINITY_INFO, cpu, 0, 0);
}

int64_t psci_cpu_on_with(uint64_t cpu, uint64_t entry, uint64_t x0)
{
	return psci(PSCI_CPU_ON, cpu, entry, x0);
}

int64_t psci_cpu_on(uint64_t cpu, uint64_t entry)
{
	return psci_cpu_on_with(cpu, entry, cpu);
}

void psci_cpu_off(void)
{
	for (;;)
		psci(PSCI_CPU_OFF, 0, 0, 0);
}

void psci_system_off(void)
{
	for (;;)
		psci(PSCI_SYSTEM_OFF, 0, 0, 0);
}

void psci_system_reset(void)
{
	for (;;)
		psci(PSCI_SYSTEM_RESET, 0, 0, 0);
}

void payload_cpu_main(uint64_t cpu)
{
	timer_init();
	works[cpu].function(works[cpu].arg);
	fw_dsb();
	psci_cpu_off();
}

bool cpu_run(unsigned int cpu, void (*function)(void *arg), void *arg)
{
	works[cpu] = (struct work){ function, arg };
	fw_dsb();
	return same("CPU_ON", psci_cpu_on(cpu, (uint64_t)payload_cpu_entry), 0);
}

bool cpu_join(unsigned int cpu)
{
	uint64_t start = time_us();

	while (psci_affinity_info(cpu) != PSCI_OFF)
		if (time_us() - start > JOIN_LIMIT_US)
			return same("CPU that does not end", cpu, -1);
	fw_dsb();
	return true;
}
