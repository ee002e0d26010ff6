/* SPDX-License-Identifier: BSD-2-Clause */
/* PSCI through the hypervisor: a CPU that the host switches on comes here first. All the rest is the monitor's. */
#include <fw/sysreg.h>

#include "hypervisor.h"

#define VERSION		   0x84000000u
#define CPU_OFF		   0x84000002u
#define CPU_ON		   0x84000003u
#define AFFINITY_INFO	   0xc4000004u
#define MIGRATE_INFO_TYPE  0x84000006u
#define SYSTEM_OFF	   0x84000008u
#define SYSTEM_RESET	   0x84000009u
#define FEATURES	   0x8400000au
#define SET_SUSPEND_MODE   0x8400000fu
#define SMC64		   0x40000000u
#define NOT_SUPPORTED	   (-1)
#define OFF		   1 /* of AFFINITY_INFO */
#define INVALID_PARAMETERS (-2)
#define INVALID_ADDRESS	   (-9)

/** struct start - where a CPU is to go; @lock: two CPUs may switch on the same one */
struct start {
	struct fw_lock lock;
	uint64_t entry;
	uint64_t x0;
};

static struct start starts[FW_MAX_CPUS];

extern char hyp_other[];

/*
 * What is forwarded has no address among its arguments. CPU_SUSPEND and others name a place where the monitor would go on, at EL2:
 * whether it offers them or not, they are not the host's
 */
static bool has_no_address(uint32_t id)
{
	switch (id) {
	case VERSION:
	case CPU_OFF:
	case AFFINITY_INFO:
	case AFFINITY_INFO & ~SMC64:
	case MIGRATE_INFO_TYPE:
	case SYSTEM_OFF:
	case SYSTEM_RESET:
	case FEATURES:
	case SET_SUSPEND_MODE:
		return true;
	default:
		return false;
	}
}

static void forward(struct hyp_frame *f)
{
	struct hyp_regs r = { .x = { f->x[0], f->x[1], f->x[2], f->x[3] } };

	hyp_smc(&r);
	f->x[0] = r.x[0];
}

static bool is_off(uint64_t cpu)
{
	struct hyp_regs r = { .x = { AFFINITY_INFO, cpu, 0, 0 } };

	hyp_smc(&r);
	return r.x[0] == OFF;
}

/* orders are written only for a CPU that is off: it reads them before it can be off again */
static int64_t cpu_on(uint64_t cpu, uint64_t entry, uint64_t x0)
{
	struct hyp_regs r = { .x = { CPU_ON | SMC64, cpu, (uint64_t)hyp_other, 0 } };
	struct start *s = NULL;

	if (cpu >= hyp_boot->host_cpus)
		return INVALID_PARAMETERS;
	if (entry & 3 || !hyp_host_owns(entry, 4))
		return INVALID_ADDRESS;
	s = &starts[cpu];
	fw_lock(&s->lock);
	if (is_off(cpu)) {
		s->entry = entry;
		s->x0 = x0;
	}
	hyp_smc(&r);
	fw_unlock(&s->lock);
	return (int64_t)r.x[0];
}

void hyp_psci_arrived(void)
{
	struct start *s = &starts[fw_cpu()];

	hyp_enter(s->entry, s->x0);
}

void hyp_psci(struct hyp_frame *f)
{
	uint32_t id = (uint32_t)f->x[0];

	if (id == CPU_ON)
		f->x[0] = (uint64_t)cpu_on((uint32_t)f->x[1], (uint32_t)f->x[2], (uint32_t)f->x[3]);
	else if (id == (CPU_ON | SMC64))
		f->x[0] = (uint64_t)cpu_on(f->x[1], f->x[2], f->x[3]);
	else if (has_no_address(id))
		forward(f);
	else
		f->x[0] = (uint64_t)(int64_t)NOT_SUPPORTED;
}
