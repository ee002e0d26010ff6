/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SMMU changes hands while the core runs: from boot firmware to Linux, from one Linux to the next. lib/iommu/handover.c decides; here
 * is what it decides on, and what comes of it.
 */
#include <fw/sysreg.h>
#include <pilot/handover.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/smmuv3.h>

#include "shim.h"

static struct pil_handover state;

/* since when the core waits, in microseconds; 0: it does not */
static uint64_t waits_since;

/* from the monitor, which hears of it from the host itself; @ready: this core's master rests, the host may go on */
static bool ask_monitor(bool ready)
{
	const uint64_t args[7] = { ready };

	return shim_smc(PIL_MON_SHIM_OWNER, args) == 1;
}

static void say(const char *what)
{
	struct text t = { .len = 0 };

	text_core(&t);
	text_add(&t, what);
	shim_log(&t);
}

static void let_master_rest(bool gently)
{
	master_hold(gently);
	state.master_held = true;
	stage2_drop(); /* its registers are the program's no more */
	shim_trace(PIL_TRACE_MASTER_RESTS, 0, 0);
	say("its DMA master rests: the SMMU has no owner");
}

static void give_master_the_bus(void)
{
	state.master_held = false;
	master_release();
	shim_trace(PIL_TRACE_MASTER_GOES, 0, 0);
	say("its DMA master has the bus: its stream is mapped");
}

static void look_at_master(const struct pil_smmu_regs *regs, bool announced)
{
	if (!state.between)
		return;
	/* with the SMMU off there is no time to let a transfer end: it would end in memory that nobody granted */
	if (pil_handover_rests(&state, regs, stage2_has_master_table()))
		let_master_rest(announced && regs->cr0 & PIL_SMMU_CR0_SMMUEN);
	else if (state.master_held && pil_handover_resumes(&state, regs, stage2_maps_grants(true)))
		give_master_the_bus();
}

static bool is_mapped(void)
{
	return stage2_maps_grants(false) && (!shim_config.master_count || stage2_maps_grants(true));
}

void handover_begins(void)
{
	if (!shim_config.master_count || !(shim_config.flags & PIL_SHIM_MASTER_WAITS))
		return;
	master_hold(false);
	pil_handover_expect_master(&state);
	handover_tick(); /* it may be mapped already */
}

void handover_tick(void)
{
	const struct pil_smmu_regs regs = stage2_smmu();
	const bool announced = ask_monitor(false);

	if (announced)
		pil_handover_announce(&state, &regs);
	pil_handover_look(&state, &regs);
	if (shim_config.master_count)
		look_at_master(&regs, announced);
	if (announced)
		ask_monitor(true);
	if (state.between && !state.expecting && !state.master_held && pil_handover_settle(&state, is_mapped()))
		say("all that is granted is mapped");
}

static void say_waits(const struct pil_why *why)
{
	struct text t = { .len = 0 };
	char sentence[128] = "";

	pil_why_text(why, sentence, sizeof(sentence));
	text_core(&t);
	text_add(&t, "waits for the SMMU's owner: ");
	text_add(&t, sentence);
	shim_log(&t);
}

bool handover_waits(const struct pil_why *why)
{
	if (shim_is_fixed() || pil_handover_access(&state, why->reason) != PIL_WAIT)
		return false;
	if (!waits_since) {
		shim_trace(PIL_TRACE_WAITS, why->reason, 0);
		say_waits(why);
		waits_since = fw_time_us();
	}
	gic_sleep();
	return true;
}

void handover_goes(void)
{
	struct text t = { .len = 0 };

	(void)pil_handover_access(&state, PIL_R_NONE);
	if (!waits_since)
		return;
	shim_trace(PIL_TRACE_GOES_ON, 0, 0);
	text_core(&t);
	text_add(&t, "goes on after ");
	text_dec(&t, (fw_time_us() - waits_since) / 1000);
	text_add(&t, " ms");
	shim_log(&t);
	waits_since = 0;
}

bool handover_holds_master(void)
{
	return state.master_held;
}

void handover_ends(void)
{
	if (shim_config.master_count && !state.master_held)
		master_hold(false);
}
