/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers with which a host could watch the secure world, or disturb it. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"
#include "undefined.h"

#define HCR_E2H (UINT64_C(1) << 34)
#define HCR_RW	(UINT64_C(1) << 31)

#define HFGRTR_EL2     S3_4_C1_C1_4
#define HFGWTR_EL2     S3_4_C1_C1_5
#define HFGITR_EL2     S3_4_C1_C1_6
#define HDFGRTR_EL2    S3_4_C3_C1_4
#define HDFGWTR_EL2    S3_4_C3_C1_5
#define HCRX_EL2       S3_4_C1_C2_2
#define CNTPOFF_EL2    S3_4_C14_C0_6
#define CNTPS_TVAL_EL1 S3_7_C14_C2_0
#define CNTPS_CTL_EL1  S3_7_C14_C2_1
#define CNTPS_CVAL_EL1 S3_7_C14_C2_2
#define SDER32_EL2     S3_4_C1_C3_1
#define VSCTLR_EL2     S3_4_C2_C0_0
#define TRCPRGCTLR     S2_1_C0_C1_0
#define APIAKEYLO_EL1  S3_0_C2_C1_0
#define APIAKEYHI_EL1  S3_0_C2_C1_1
#define GCR_EL1	       S3_0_C1_C0_6
#define TFSR_EL1       S3_0_C5_C6_0
#define GPCCR_EL3      S3_6_C2_C1_6

static bool hypervisor_traps(void)
{
	uint64_t saved = fw_read(hcr_el2);
	bool good = true;

	fw_write(vttbr_el2, VIRT_SERVICE_RAM);
	fw_write(vtcr_el2, 0x80023558);
	fw_write(hcr_el2, ~HCR_E2H & ~(UINT64_C(3) << 52)); /* all of it but what changes this program's own world */
	fw_isb();
	good = flow();
	fw_write(hcr_el2, saved);
	fw_write(vttbr_el2, 0);
	fw_isb();
	return good;
}

static bool fine_grained_traps(void)
{
	bool good = true;

	SET(HFGRTR_EL2, ~UINT64_C(0));
	SET(HFGWTR_EL2, ~UINT64_C(0));
	SET(HFGITR_EL2, ~UINT64_C(0));
	SET(HDFGRTR_EL2, ~UINT64_C(0));
	SET(HDFGWTR_EL2, ~UINT64_C(0));
	SET(HCRX_EL2, ~UINT64_C(0));
	fw_write(hstr_el2, 0xffff);
	fw_write(cptr_el2, ~UINT64_C(0));
	fw_write(mdcr_el2, ~UINT64_C(0));
	fw_write(cnthctl_el2, 0);
	fw_isb();
	good = flow();
	SET(HFGRTR_EL2, 0);
	SET(HFGWTR_EL2, 0);
	SET(HFGITR_EL2, 0);
	SET(HDFGRTR_EL2, 0);
	SET(HDFGWTR_EL2, 0);
	SET(HCRX_EL2, 0);
	fw_write(hstr_el2, 0);
	fw_write(cptr_el2, 0x33ff);
	fw_write(mdcr_el2, 0);
	fw_isb();
	return good;
}

/* what EL1 of the host has is not what EL1 of the secure world has */
static bool el1_world(void)
{
	bool good = true;

	fw_write(sctlr_el1, 0x30d00800u | 1u << 0 | 1u << 25 | 1u << 19); /* MMU on, big-endian, W^X */
	fw_write(ttbr0_el1, VIRT_SERVICE_RAM);
	fw_write(ttbr1_el1, VIRT_MONITOR_RAM);
	fw_write(tcr_el1, ~UINT64_C(0));
	fw_write(mair_el1, 0);
	fw_write(vbar_el1, VIRT_KERNEL);
	fw_write(contextidr_el1, ~UINT64_C(0));
	fw_write(amair_el1, ~UINT64_C(0));
	fw_write(tpidr_el1, VIRT_KERNEL);
	fw_write(cpacr_el1, 0);
	fw_isb();
	good = flow();
	fw_write(sctlr_el1, 0x30d00800);
	fw_write(tcr_el1, 0);
	fw_isb();
	return good;
}

/* an immediate of PSTATE, if the CPU has it */
#define STATE(text)                                                                                                    \
	do {                                                                                                           \
		fault_arm();                                                                                           \
		__asm__ volatile(".arch armv8.5-a+memtag\n\tmsr " text "\n\t.arch armv8-a");                           \
		(void)fault_disarm();                                                                                  \
	} while (0)

static void processor_states(void)
{
	STATE("pan, #1");
	STATE("uao, #1");
	STATE("dit, #1");
	STATE("ssbs, #1");
	STATE("tco, #1");
}

/* what an exception return could let loose: the state that a host has when it calls */
static bool processor_state(void)
{
	bool good = true;

	__asm__ volatile("msr daifclr, #0xf");
	processor_states();
	good = flow();
	STATE("pan, #0");
	STATE("uao, #0");
	STATE("dit, #0");
	STATE("ssbs, #0");
	STATE("tco, #0");
	__asm__ volatile("msr daifset, #0xf");
	return good;
}

/* breakpoints and watchpoints on the service, and single steps, for Secure EL1 */
static bool self_hosted_debug(void)
{
	const uint64_t breakpoint = 1u | 3u << 1 | 0xfu << 5 | 2u << 14; /* on, EL1 and EL0, all bytes, Secure only */
	const uint64_t watchpoint = 1u | 3u << 1 | 3u << 3 | 0xffu << 5 | 2u << 14;
	bool good = true;

	fw_write(oslar_el1, 0);
	fw_write(mdscr_el1, 1u | 1u << 13 | 1u << 15); /* single step, from EL1 too, breakpoints */
	fw_write(dbgbvr0_el1, VIRT_SERVICE_RAM);
	fw_write(dbgbcr0_el1, breakpoint);
	fw_write(dbgbvr1_el1, VIRT_SERVICE_RAM + 0x800);
	fw_write(dbgbcr1_el1, breakpoint);
	fw_write(dbgwvr0_el1, VIRT_SERVICE_RAM + 0x40000);
	fw_write(dbgwcr0_el1, watchpoint | 31u << 24); /* 2 GiB: all that the service has */
	fw_isb();
	good = flow();
	fw_write(mdscr_el1, 0);
	fw_write(dbgbcr0_el1, 0);
	fw_write(dbgbcr1_el1, 0);
	fw_write(dbgwcr0_el1, 0);
	fw_isb();
	return good;
}

static bool os_lock(void)
{
	bool good = true;

	fw_write(oslar_el1, 1);
	SET(osdlr_el1, 1);
	fw_isb();
	good = flow();
	fw_write(oslar_el1, 0);
	SET(osdlr_el1, 0);
	fw_isb();
	return good;
}

/* --- performance counters --- */

#define PMCR_E	    1u
#define PMCR_C	    4u
#define PMCR_LC	    0x40u
#define CYCLES	    (1u << 31)
#define CPU_CYCLES  0x11u
#define COUNT_NSH   (1u << 27)			      /* EL2 counts, too */
#define COUNT_EVERY (COUNT_NSH | 1u << 26 | 1u << 24) /* M and SH: Secure EL3 and EL2 as Non-secure ones */

/* Return: what a counter showed during a verification, in per cent of what it shows of this program in the same time */
static uint64_t share(uint64_t counted, uint64_t us)
{
	uint64_t frequency = 0, start = 0, before = fw_read(pmccntr_el0);

	start = time_us();
	wait_us(20000);
	frequency = (fw_read(pmccntr_el0) - before) / (time_us() - start);
	if (!frequency)
		return 0;
	return counted * 100 / (frequency * us);
}

static bool counters_on(void)
{
	uint64_t before = 0;

	if (!is_guest())
		fw_write(mdcr_el2, 0);
	fw_write(pmccfiltr_el0, COUNT_EVERY);
	fw_write(pmcntenset_el0, CYCLES);
	fw_write(pmcr_el0, PMCR_E | PMCR_C | PMCR_LC);
	fw_isb();
	before = fw_read(pmccntr_el0);
	wait_us(1000);
	return fw_read(pmccntr_el0) != before;
}

static bool cycle_counter(void)
{
	uint64_t before = 0, start = 0, percent = 0, counted = 0, us = 0;

	if (!counters_on())
		return skip("the machine has no cycle counter");
	if (!place_image(SMALL))
		return false;
	before = fw_read(pmccntr_el0);
	start = time_us();
	if (!same("AUTH_AND_RESET", pas_auth(), 0))
		return false;
	counted = fw_read(pmccntr_el0) - before;
	us = time_us() - start;
	percent = share(counted, us);
	print("# counted during ");
	print_dec((int64_t)percent);
	print(" % of the verification\n");
	fw_write(pmcr_el0, 0);
	return same("cycles of the secure world are counted", percent > 20, false);
}

static bool event_counter(void)
{
	uint64_t before = 0, start = 0, percent = 0, counted = 0, us = 0;

	if (!counters_on() || !(fw_read(pmcr_el0) >> 11 & 0x1f))
		return skip("the machine has no event counters");
	fw_write(pmevtyper0_el0, CPU_CYCLES | COUNT_EVERY);
	fw_write(pmcntenset_el0, CYCLES | 1u);
	fw_isb();
	if (!place_image(SMALL))
		return false;
	before = fw_read(pmevcntr0_el0);
	start = time_us();
	if (!same("AUTH_AND_RESET", pas_auth(), 0))
		return false;
	counted = (uint32_t)(fw_read(pmevcntr0_el0) - before);
	us = time_us() - start;
	percent = share(counted, us);
	print("# counted during ");
	print_dec((int64_t)percent);
	print(" % of the verification\n");
	fw_write(pmcr_el0, 0);
	return same("events of the secure world are counted", percent > 20, false);
}

/* --- registers of other exception levels and worlds --- */

static bool monitor_registers(void)
{
	bool good = true;

	UNDEFINED(scr_el3);
	UNDEFINED(sctlr_el3);
	UNDEFINED(ttbr0_el3);
	UNDEFINED(tcr_el3);
	UNDEFINED(mair_el3);
	UNDEFINED(vbar_el3);
	UNDEFINED(elr_el3);
	UNDEFINED(spsr_el3);
	UNDEFINED(esr_el3);
	UNDEFINED(far_el3);
	UNDEFINED(tpidr_el3);
	UNDEFINED(cptr_el3);
	UNDEFINED(mdcr_el3);
	UNDEFINED(sp_el2);
	UNDEFINED(GPCCR_EL3);
	UNDEFINED(ZCR_EL3);
	return good && flow();
}

static bool secure_timer(void)
{
	bool good = true;

	UNDEFINED(CNTPS_CTL_EL1);
	UNDEFINED(CNTPS_TVAL_EL1);
	UNDEFINED(CNTPS_CVAL_EL1);
	return good && flow();
}

static bool secure_el2_registers(void)
{
	bool good = true;

	UNDEFINED(VSTTBR_EL2);
	UNDEFINED(VSTCR_EL2);
	return good && flow();
}

/* the frequency is what the service divides by */
static bool clock(void)
{
	uint64_t before = fw_read(cntfrq_el0);
	bool good = true;

	SET(cntfrq_el0, 0);
	good = same("cntfrq_el0", (int64_t)fw_read(cntfrq_el0), (int64_t)before);
	fw_write(cntvoff_el2, UINT64_C(1) << 40);
	SET(CNTPOFF_EL2, ~UINT64_C(0) >> 8);
	fw_write(cnthctl_el2, 3u | UINT64_C(1) << 12); /* ECV: with an offset for the physical counter */
	fw_isb();
	good = flow() && good;
	fw_write(cntvoff_el2, 0);
	SET(CNTPOFF_EL2, 0);
	fw_write(cnthctl_el2, 3);
	fw_isb();
	return good;
}

static bool pointer_keys(void)
{
	bool good = true;

	if (!(fw_read(id_aa64isar1_el1) & 0xff0))
		return skip("the CPU has no pointer authentication");
	fw_write(APIAKEYLO_EL1, 0x1111);
	fw_write(APIAKEYHI_EL1, 0x2222);
	good = flow();
	good = same("the low half of the key", (int64_t)fw_read(APIAKEYLO_EL1), 0x1111) && good;
	return same("the high half of the key", (int64_t)fw_read(APIAKEYHI_EL1), 0x2222) && good;
}

static bool memory_tags(void)
{
	bool good = true;

	if ((fw_read(id_aa64pfr1_el1) >> 8 & 0xf) < 2)
		return skip("the machine has no memory tags");
	SET(GCR_EL1, ~UINT64_C(0));
	SET(TFSR_EL1, ~UINT64_C(0));
	fw_write(sctlr_el1, 0x30d00800u | UINT64_C(3) << 40 | UINT64_C(1) << 43);
	fw_isb();
	good = flow();
	fw_write(sctlr_el1, 0x30d00800);
	return good;
}

/* returns to states that are not the host's to enter */
static bool illegal_returns(void)
{
	static const uint64_t states[] = { 0x3cd, 0x3cc, 0x3ce, 0x3cb, 0x3c6, 0x3d6, 0x3c9, 0x3c8 };
	size_t count = sizeof(states) / sizeof(states[0]) - (is_guest() ? 0 : 2), i = 0; /* the last two are EL2's */
	unsigned int level = payload_level();
	bool good = true;

	for (i = 0; i < count; i++) {
		fault_arm();
		el3_return(states[i]);
		good = same("the return is illegal", fault_disarm() != 0, true) && good;
		good = same("exception level", payload_level(), level) && good;
	}
	return good && flow();
}

static bool trace(void)
{
	bool good = true;

	UNDEFINED(TRCPRGCTLR);
	return good && flow();
}

const struct attack sysreg_attacks[] = {
	{ "every_trap_of_the_hypervisor", "the secure world is not virtualised: nothing of it traps to the host",
	  hypervisor_traps, HOST_EL2 },
	{ "every_fine_grained_trap", "nothing of the secure world traps to the host", fine_grained_traps, HOST_EL2 },
	{ "another_world_at_el1", "tables, endianness and vectors of the host mean nothing to the service", el1_world,
	  HOST_EL2 },
	{ "any_processor_state_at_the_call", "the service runs in a state of its own", processor_state, 0 },
	{ "breakpoints_watchpoints_and_steps_in_the_service", "self-hosted debug is off in the Secure state",
	  self_hosted_debug, 0 },
	{ "debug_locks", "the secure world goes on", os_lock, 0 },
	{ "cycle_counter_in_the_secure_world", "it stands still while a verification runs", cycle_counter, 0 },
	{ "event_counter_in_the_secure_world", "it stands still while a verification runs", event_counter, 0 },
	{ "registers_of_the_monitor", "every access is undefined", monitor_registers, 0 },
	{ "secure_timer", "every access is undefined", secure_timer, 0 },
	{ "secure_el2_registers", "every access is undefined", secure_el2_registers, 0 },
	{ "clock_stopped_or_shifted", "its rate cannot be changed, and shifts do not reach the service", clock,
	  HOST_EL2 },
	{ "keys_of_pointer_authentication", "they come back as they were", pointer_keys, 0 },
	{ "memory_tags", "checks of tags do not reach the service", memory_tags, 0 },
	{ "returns_to_el3_and_secure_states", "each is illegal, and ends at the host's own level", illegal_returns, 0 },
	{ "trace_unit", "every access is undefined", trace, 0 },
	{ NULL, NULL, NULL, 0 },
};
