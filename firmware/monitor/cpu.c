/* SPDX-License-Identifier: BSD-2-Clause */
/* One CPU's EL3 set-up, parking and release. */
#include <stdatomic.h>

#include <fw/sysreg.h>

#include "monitor.h"

#define SPSR_EL2H_MASKED 0x3c9u
#define SCTLR_EL2_RESET	 0x30c50830u
#define SCTLR_EL1_RESET	 0x30d00800u
#define HCR_EL2_RW	 (1ull << 31)

/* MDCR_EL3: no self-hosted debug in the Secure state, no secure profiling or counting */
#define MDCR_SDD   (1ull << 16)
#define MDCR_SPD32 (2ull << 14)

#define SCR_NS	 (1ull << 0)
#define SCR_FIQ	 (1ull << 2)
#define SCR_RES1 (3ull << 4)
#define SCR_HCE	 (1ull << 8)
#define SCR_SIF	 (1ull << 9) /* no instruction fetch from normal memory */
#define SCR_RW	 (1ull << 10)
#define SCR_EEL2 (1ull << 18)

/*
 * Features whose registers the host may use without asking: APK, API, ATA, FGTEn, ECVEn, EnSCXT, AMVOFFEN, EnAS0, HXEn, GCSEn,
 * EnTP2, TCR2En, SCTLR2En, PIEn, AIEn, D128En, EnFPM, FGTEn2. Bits of features that a CPU lacks are RES0.
 */
#define SCR_FEATURES                                                                                                   \
	(1ull << 16 | 1ull << 17 | 1ull << 25 | 1ull << 26 | 1ull << 27 | 1ull << 28 | 1ull << 35 | 1ull << 36 |       \
	 1ull << 38 | 1ull << 39 | 1ull << 41 | 1ull << 43 | 1ull << 44 | 1ull << 45 | 1ull << 46 | 1ull << 47 |       \
	 1ull << 50 | 1ull << 59)

uint64_t mon_scr_host(void)
{
	return SCR_NS | SCR_FIQ | SCR_RES1 | SCR_HCE | SCR_RW | SCR_FEATURES | mon_scr_granules();
}

/* the wake interrupt comes to EL3 as FIQ in either state; the shim's own interrupts come to it as IRQ */
uint64_t mon_scr_remote(void)
{
	uint64_t common = SCR_FIQ | SCR_RES1 | SCR_HCE | SCR_RW | SCR_FEATURES | mon_scr_granules();

	return mon_cores_are_secure() ? common | SCR_SIF | SCR_EEL2 : common | SCR_NS;
}

/* vector and matrix units: full length, never trapped; the firmware itself does not touch them */
static void init_vector_units(void)
{
	uint64_t sve = fw_read(id_aa64pfr0_el1) >> 32 & 0xf, sme = fw_read(id_aa64pfr1_el1) >> 24 & 0xf;

	fw_write(cptr_el3, (sve ? 1u << 8 : 0) | (sme ? 1u << 12 : 0));
	fw_isb();
	if (sve)
		fw_write(ZCR_EL3, 0xf);
	if (sme)
		fw_write(SMCR_EL3, 0x8000000f);
}

void mon_cpu_init(void)
{
	mon_gic_init_cpu(fw_cpu());
	fw_write(scr_el3, mon_scr_host());
	fw_isb();
	fw_write(ICC_SRE_EL2, 0xf);
	init_vector_units();
	fw_write(mdcr_el3, MDCR_SDD | MDCR_SPD32);
	fw_write(cntvoff_el2, 0);
	fw_isb();
}

/* nothing that the last user of this CPU left running may keep it awake */
static void silence(void)
{
	fw_write(cntp_ctl_el0, 0);
	fw_write(cntv_ctl_el0, 0);
	fw_write(cnthp_ctl_el2, 0);
	fw_write(ICC_IGRPEN1_EL3, 0);
	fw_isb();
}

/* wait, off, until somebody clears @parked; then go where @entry says */
void mon_park(unsigned int cpu)
{
	struct mon_cpu *c = &mon_cpus[cpu];

	silence();
	for (;;) {
		if (mon_is_remote(cpu))
			mon_trace(PIL_TRACE_HELD, mon_core_of(cpu), 0);
		else
			mon_trace(PIL_TRACE_OFF, 0, 0);
		atomic_store(&c->parked, 1);
		atomic_store(&c->power, MON_OFF);
		for (;;) {
			if (mon_is_remote(cpu))
				mon_remote_look(cpu);
			if (!atomic_load(&c->parked))
				break;
			fw_wfi();
			mon_gic_ack_wake();
		}
		/* a stop that came before this point is seen here, a later one arrives as an interrupt */
		if (!mon_is_remote(cpu) || !atomic_load(&c->stop))
			mon_enter_host(cpu);
	}
}

/* whoever calls has moved @power from MON_OFF to MON_ON_PENDING and is alone in that */
void mon_release(unsigned int cpu, uint64_t entry, uint64_t arg)
{
	mon_cpus[cpu].entry = entry;
	mon_cpus[cpu].arg = arg;
	atomic_store(&mon_cpus[cpu].parked, 0);
	mon_gic_wake(cpu);
}

void mon_enter_host(unsigned int cpu)
{
	struct mon_frame f = { .elr = mon_cpus[cpu].entry, .spsr = SPSR_EL2H_MASKED };

	f.x[0] = mon_cpus[cpu].arg;
	f.x[1] = mon_is_remote(cpu) && mon_cores_are_secure();
	/* first, and taken note of: without EEL2 what follows would be undefined in the Secure state */
	fw_write(scr_el3, mon_is_remote(cpu) ? mon_scr_remote() : mon_scr_host());
	fw_isb();
	fw_write(hcr_el2, HCR_EL2_RW);
	fw_write(sctlr_el2, SCTLR_EL2_RESET);
	fw_write(sctlr_el1, SCTLR_EL1_RESET);
	fw_isb();
	atomic_store(&mon_cpus[cpu].power, MON_ON);
	if (!mon_is_remote(cpu))
		mon_trace(PIL_TRACE_ENTER, 0, 0);
	mon_eret(&f);
}
