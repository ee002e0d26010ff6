/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Units beside the CPU's core that watch, count or cache: trace, profiling, activity monitors, debug, caches and TLBs, timers,
 * memory partitions.
 */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"
#include "undefined.h"

#define TRBLIMITR_EL1 S3_0_C9_C11_0
#define TRBBASER_EL1  S3_0_C9_C11_2
#define TRFCR_EL2     S3_4_C1_C2_1
#define PMSCR_EL2     S3_4_C9_C9_0
#define PMBLIMITR_EL1 S3_0_C9_C10_0
#define PMBPTR_EL1    S3_0_C9_C10_1
#define PMSCR_EL1     S3_0_C9_C9_0
#define BRBCR_EL1     S2_1_C9_C0_0
#define BRBCR_EL2     S2_4_C9_C0_0
#define AMCR_EL0      S3_3_C13_C2_0
#define AMUSERENR_EL0 S3_3_C13_C2_3
#define AMCNTENSET0   S3_3_C13_C2_5
#define AMEVCNTR00    S3_3_C13_C4_0
#define MPAM1_EL1     S3_0_C10_C5_0
#define MPAM2_EL2     S3_4_C10_C5_0
#define MPAM3_EL3     S3_6_C10_C5_0
#define ERRSELR_EL1   S3_0_C5_C3_1
#define ERXCTLR_EL1   S3_0_C5_C4_1
#define DISR_EL1      S3_0_C12_C1_1
#define MFAR_EL3      S3_6_C6_C0_5
#define SDER32_EL3    S3_6_C1_C1_1
#define CNTHPS_CTL    S3_4_C14_C5_1
#define CNTHVS_CTL    S3_4_C14_C4_1
#define CNTHV_CTL     S3_4_C14_C3_1
#define CNTHV_TVAL    S3_4_C14_C3_0

/* a CPU that has the unit traps it to the monitor, one that has not refuses it by itself: the host sees the same */
static bool trace_buffer(void)
{
	bool good = true;

	UNDEFINED(TRBLIMITR_EL1);
	UNDEFINED(TRBBASER_EL1);
	return good && flow();
}

static bool profiling(void)
{
	bool good = true;

	UNDEFINED(PMBLIMITR_EL1);
	UNDEFINED(PMBPTR_EL1);
	UNDEFINED(PMSCR_EL1);
	UNDEFINED(PMSCR_EL2);
	return good && flow();
}

static bool branch_records(void)
{
	bool good = true;

	UNDEFINED(BRBCR_EL1);
	UNDEFINED(BRBCR_EL2);
	return good && flow();
}

static bool activity_monitors(void)
{
	uint64_t value = 0;

	fault_arm();
	value = fw_read(AMEVCNTR00);
	(void)value;
	if (!fault_disarm())
		return same("activity monitors can be read", true, false);
	SET(AMCR_EL0, ~UINT64_C(0));
	SET(AMUSERENR_EL0, 1);
	SET(AMCNTENSET0, ~UINT64_C(0));
	return flow();
}

static bool others_registers(void)
{
	bool good = true;

	UNDEFINED(MPAM3_EL3);
	UNDEFINED(MFAR_EL3);
	UNDEFINED(SDER32_EL3);
	UNDEFINED(CNTHPS_CTL);
	UNDEFINED(CNTHVS_CTL);
	SET(MPAM1_EL1, ~UINT64_C(0));
	SET(MPAM2_EL2, ~UINT64_C(0));
	SET(TRFCR_EL2, ~UINT64_C(0));
	SET(ERRSELR_EL1, ~UINT64_C(0));
	SET(ERXCTLR_EL1, ~UINT64_C(0));
	SET(DISR_EL1, ~UINT64_C(0));
	good = flow() && good;
	SET(MPAM1_EL1, 0);
	SET(MPAM2_EL2, 0);
	SET(TRFCR_EL2, 0);
	return good;
}

/* every breakpoint and watchpoint, for every state and level that a host can write down, with exceptions to EL2 */
#define FOR_ALL(number, address)                                                                                       \
	do {                                                                                                           \
		SET(dbgbvr##number##_el1, address);                                                                    \
		SET(dbgbcr##number##_el1, breakpoint);                                                                 \
		SET(dbgwvr##number##_el1, address);                                                                    \
		SET(dbgwcr##number##_el1, watchpoint);                                                                 \
	} while (0)

static void arm_all(uint64_t address, uint64_t breakpoint, uint64_t watchpoint)
{
	FOR_ALL(0, address);
	FOR_ALL(1, address + 0x1000);
	FOR_ALL(2, address + 0x10000);
	FOR_ALL(3, address + 0x20000);
}

static bool debug_of_every_secure_level(void)
{
	static const uint64_t where[] = { VIRT_MONITOR_RAM, VIRT_SERVICE_RAM, VIRT_SHIM_SECURE, VIRT_ADSP_COPY };
	static const uint64_t states[] = { 1, 2, 3 };
	bool good = true;

	SET(mdcr_el2, 1u << 8); /* TDE: debug exceptions to EL2 */
	fw_write(oslar_el1, 0);
	fw_write(mdscr_el1, 1u << 13 | 1u << 15);
	for (unsigned int i = 0; i < 4 * 3; i++) {
		uint64_t state = states[i % 3] << 14;

		arm_all(where[i / 3], 1u | 3u << 1 | 0xfu << 5 | 1u << 13 | state,
			1u | 3u << 1 | 3u << 3 | 0xffu << 5 | 1u << 13 | 20u << 24 | state);
		fw_isb();
		good = flow() && good;
	}
	arm_all(0, 0, 0);
	fw_write(mdscr_el1, 0);
	SET(mdcr_el2, 0);
	fw_isb();
	return good;
}

/** struct churn - a CPU that throws away caches and translations until it is told to stop */
struct churn {
	volatile bool stop;
	volatile unsigned int turns;
};

static void churn(void *arg)
{
	struct churn *c = arg;

	while (!c->stop) {
		for (uint64_t set = 0; set < 64; set++) {
			__asm__ volatile("dc isw, %0" ::"r"(set << 6));
			__asm__ volatile("dc cisw, %0" ::"r"(set << 6 | 2));
		}
		if (!is_guest())
			__asm__ volatile("tlbi alle2is\n\ttlbi alle1is\n\ttlbi vmalls12e1is");
		__asm__ volatile("ic ialluis\n\ttlbi vmalle1is\n\tdsb sy\n\tisb");
		c->turns++;
	}
}

static bool caches_and_tlbs(void)
{
	struct churn c = { .turns = 0 };
	bool good = cpu_run(1, churn, &c);

	stream_open();
	for (unsigned int i = 0; i < 3; i++)
		good = flow() && program_start() && good;
	while (!c.turns)
		;
	c.stop = true;
	fw_dsb();
	good = cpu_join(1) && good;
	stream_close();
	return good;
}

/* addresses of the secure world by set, way and place: maintenance neither reads nor changes anything there */
static bool cache_maintenance_of_secure_memory(void)
{
	static const uint64_t where[] = { VIRT_MONITOR_RAM, VIRT_SERVICE_RAM, VIRT_ADSP_COPY };
	bool good = true;

	stream_open();
	good = program_start();
	for (unsigned int i = 0; i < 3 * 64; i++) {
		uint64_t at = where[i / 64] + i % 64 * UINT64_C(64);

		fault_arm();
		__asm__ volatile("dc ivac, %0" ::"r"(at) : "memory");
		(void)fault_disarm();
		fault_arm();
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
		(void)fault_disarm();
		fault_arm();
		__asm__ volatile("dc zva, %0" ::"r"(at) : "memory");
		good = same("zeroing of secure memory faults", fault_disarm() != 0, true) && good;
	}
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	return good && flow();
}

/* physical, virtual and hypervisor's timers all expired, with their interrupts on: they are the host's, and only interrupt it */
static bool every_timer(void)
{
	struct scm_call c = { 0 };
	bool good = place_image(SMALL);

	prepare_auth(&c);
	fw_write32(VIRT_GICR + 0x10100, 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30);
	fw_write(cntp_tval_el0, 0);
	fw_write(cntp_ctl_el0, 1);
	fw_write(cntv_tval_el0, 0);
	fw_write(cntv_ctl_el0, 1);
	SET(CNTHV_TVAL, 0);
	SET(CNTHV_CTL, 1);
	timer_start(0);
	good = same("it waits for the host", scm_issue(&c), PIL_SCM_INTERRUPTED) && good;
	fw_write(cntp_ctl_el0, 0);
	fw_write(cntv_ctl_el0, 0);
	SET(CNTHV_CTL, 0);
	for (unsigned int i = 0; i < 16 && timer_take() < 1020; i++)
		;
	fw_write32(VIRT_GICR + 0x10180, 1u << 27 | 1u << 28 | 1u << 30);
	good = same("it ends", scm_finish(&c), 0) && good;
	return good && flow();
}

const struct attack unit_attacks[] = {
	{ "trace_buffer", "every access is undefined", trace_buffer, 0 },
	{ "statistical_profiling", "every access is undefined", profiling, 0 },
	{ "records_of_branches", "every access is undefined", branch_records, 0 },
	{ "activity_monitors", "every access is undefined", activity_monitors, 0 },
	{ "partitions_errors_and_secure_timers", "those of the secure world are undefined, the host's do not reach it",
	  others_registers, 0 },
	{ "breakpoints_on_every_secure_level", "none fires: debug exceptions are off in the secure world",
	  debug_of_every_secure_level, 0 },
	{ "caches_and_translations_thrown_away", "requests on another CPU go on meanwhile", caches_and_tlbs, 0 },
	{ "cache_maintenance_of_secure_memory", "nothing there is lost or zeroed", cache_maintenance_of_secure_memory,
	  NEEDS_LOCK },
	{ "every_timer_expired", "they interrupt the host, and the call goes on", every_timer, 0 },
	{ NULL, NULL, NULL, 0 },
};
