/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the normal world and the S-EL1 service, on one CPU. EL1 registers exist once for both Security states, and a host at
 * EL2 may have a guest's values in them, so they change hands at every switch. Vector registers do not: the service gives them back
 * itself (firmware/service/vector.c), and only its lengths of vectors are the longest, so that nothing of them is cut off. EL2 registers do not matter to the service:
 * Secure EL2 is off while it runs.
 */
#include <fw/sysreg.h>

#include "monitor.h"
#include "platform.h"

#define SPSR_EL1H_MASKED 0x3c5u
#define SCR_RES1	 (3ull << 4)
#define SCR_SIF		 (1ull << 9) /* no instruction fetch from normal memory */
#define SCR_RW		 (1ull << 10)
#define SCR_SERVICE	 (SCR_RES1 | SCR_SIF | SCR_RW) /* Secure; interrupts of the host arrive as FIQ at S-EL1 */
#define SCTLR_EL1_RESET	 0x30d00800u

void mon_main_continue(unsigned int cpu);

/* PMCR_EL0.DP: the cycle counter stands still where counting is prohibited, as MDCR_EL3 prohibits it in the secure world */
#define PMCR_DP (1ull << 5)

static uint64_t call_entry; /* where the service takes calls; set once, before any host runs */
static bool has_sctlr2, has_tcr2, has_pmu, has_sve, has_sme;

void mon_world_init(void)
{
	uint64_t features = fw_read(ID_AA64MMFR3_EL1), pmu = fw_read(id_aa64dfr0_el1) >> 8 & 0xf;

	has_tcr2 = features & 0xf;
	has_sctlr2 = features >> 4 & 0xf;
	has_pmu = pmu && pmu != 0xf;
	has_sve = fw_read(id_aa64pfr0_el1) >> 32 & 0xf;
	has_sme = fw_read(id_aa64pfr1_el1) >> 24 & 0xf;
}

void mon_el1_save(struct mon_el1 *r)
{
	r->sctlr = fw_read(sctlr_el1);
	r->ttbr0 = fw_read(ttbr0_el1);
	r->ttbr1 = fw_read(ttbr1_el1);
	r->tcr = fw_read(tcr_el1);
	r->mair = fw_read(mair_el1);
	r->vbar = fw_read(vbar_el1);
	r->sp = fw_read(sp_el1);
	r->elr = fw_read(elr_el1);
	r->spsr = fw_read(spsr_el1);
	r->esr = fw_read(esr_el1);
	r->far = fw_read(far_el1);
	r->tpidr = fw_read(tpidr_el1);
	r->cpacr = fw_read(cpacr_el1);
	r->sctlr2 = has_sctlr2 ? fw_read(SCTLR2_EL1) : 0;
	r->tcr2 = has_tcr2 ? fw_read(TCR2_EL1) : 0;
	r->zcr = has_sve ? fw_read(ZCR_EL1) : 0;
	r->smcr = has_sme ? fw_read(SMCR_EL1) : 0;
}

void mon_el1_restore(const struct mon_el1 *r)
{
	fw_write(sctlr_el1, r->sctlr);
	fw_write(ttbr0_el1, r->ttbr0);
	fw_write(ttbr1_el1, r->ttbr1);
	fw_write(tcr_el1, r->tcr);
	fw_write(mair_el1, r->mair);
	fw_write(vbar_el1, r->vbar);
	fw_write(sp_el1, r->sp);
	fw_write(elr_el1, r->elr);
	fw_write(spsr_el1, r->spsr);
	fw_write(esr_el1, r->esr);
	fw_write(far_el1, r->far);
	fw_write(tpidr_el1, r->tpidr);
	fw_write(cpacr_el1, r->cpacr);
	if (has_sctlr2)
		fw_write(SCTLR2_EL1, r->sctlr2);
	if (has_tcr2)
		fw_write(TCR2_EL1, r->tcr2);
	if (has_sve)
		fw_write(ZCR_EL1, r->zcr);
	if (has_sme)
		fw_write(SMCR_EL1, r->smcr);
	fw_isb();
}

static void to_service(struct mon_cpu *c)
{
	c->in_service = true;
	mon_el1_restore(&c->service_el1);
	fw_write(scr_el3, SCR_SERVICE | mon_scr_granules());
	fw_isb();
}

/* @info is 0 on all CPUs but the first; does not return: the service's READY goes on with the boot */
void mon_service_boot(unsigned int cpu, uint64_t info)
{
	struct mon_frame f = { .elr = plat_monitor.service_ram, .spsr = SPSR_EL1H_MASKED };

	f.x[0] = info;
	f.x[1] = cpu;
	mon_cpus[cpu].service_el1.sctlr = SCTLR_EL1_RESET;
	to_service(&mon_cpus[cpu]);
	mon_eret(&f);
}

void mon_service_ready(struct mon_frame *f)
{
	unsigned int cpu = fw_cpu();
	struct mon_cpu *c = &mon_cpus[cpu];

	if (!cpu)
		call_entry = f->x[1];
	mon_el1_save(&c->service_el1);
	c->in_service = false;
	mon_main_continue(cpu);
}

void mon_service_call(struct mon_frame *f)
{
	struct mon_cpu *c = &mon_cpus[fw_cpu()];
	struct mon_frame call = { .elr = call_entry, .spsr = SPSR_EL1H_MASKED };
	unsigned int i = 0;

	mon_trace(PIL_TRACE_CALL, (uint32_t)f->x[0], f->x[2]);
	c->host = *f;
	mon_el1_save(&c->host_el1);
	c->host_pmcr = has_pmu ? fw_read(pmcr_el0) : 0;
	if (has_pmu)
		fw_write(pmcr_el0, c->host_pmcr | PMCR_DP);
	for (i = 0; i < 8; i++)
		call.x[i] = f->x[i];
	to_service(c);
	*f = call;
}

/* x1..x4 are the host's x0..x3; x6 carries the session of an interrupted call, everything else stays as it was */
void mon_service_return(struct mon_frame *f)
{
	struct mon_cpu *c = &mon_cpus[fw_cpu()];
	unsigned int i = 0;

	for (i = 0; i < 4; i++)
		c->host.x[i] = f->x[i + 1];
	if (f->x[1] == 1)
		c->host.x[6] = f->x[5];
	*f = c->host;
	c->in_service = false;
	mon_trace(PIL_TRACE_RETURN, f->x[0], 0);
	mon_el1_restore(&c->host_el1);
	if (has_pmu)
		fw_write(pmcr_el0, c->host_pmcr);
	fw_write(scr_el3, mon_scr_host());
	fw_isb();
}
