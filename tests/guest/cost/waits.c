/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interrupt of the host becomes pending at a chosen moment of a request; how long is it until the host has the CPU back? The
 * timer is set anew each time, so that it strikes every PERIOD instructions: a stretch without a wait longer than that
 * is hit at least once.
 */
#include <fw/sysreg.h>
#include <pilot/pas.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "cost.h"

/* in instructions */
#define PERIOD	3000u
#define RUNS	12u /* of short requests, each with its first strike at another moment */
#define TAILS	6u  /* of long ones */
#define NEVER	1000000000u
#define SETTLES 20000000u
#define TAIL	120000u /* the end of AUTH, where the core's shim is placed and the core starts */
#define STRIKES 40u	/* of that, before the core has started */

#define CNTHV_CTL_EL2  S3_4_C14_C3_1
#define CNTHV_CVAL_EL2 S3_4_C14_C3_2
#define TIMER_MASKED   3u /* enabled, no interrupt */

static uint64_t longest;

static uint64_t ticks_of(uint64_t instructions)
{
	return instructions * (fw_read(cntfrq_el0) / 1000000u) / 1000u;
}

/*
 * All CPUs share the clock, and QEMU lets a core that has just been started or stopped run on until the next timer of anybody. So there are
 * some soon after @due, which interrupt nobody: what the core does in between counts as a wait, but is little.
 */
static void set_fences(uint64_t due)
{
	fw_write(cntp_cval_el0, due + ticks_of(500));
	fw_write(cntv_cval_el0, due + ticks_of(1500));
	fw_write(CNTHV_CVAL_EL2, due + ticks_of(3000));
	fw_write(cntp_ctl_el0, TIMER_MASKED);
	fw_write(cntv_ctl_el0, TIMER_MASKED);
	fw_write(CNTHV_CTL_EL2, TIMER_MASKED);
}

static uint64_t strike_in(uint64_t instructions)
{
	uint64_t due = cost_now() + ticks_of(instructions);

	fw_write(cnthp_cval_el2, due);
	fw_write(cnthp_ctl_el2, 1);
	set_fences(due);
	fw_isb();
	return due;
}

static void issue(struct scm_call *c, uint64_t x0, uint64_t x6, uint64_t first)
{
	uint64_t due = strike_in(first), now = 0;

	c->out = c->in;
	c->out.x[0] = x0;
	c->out.x[6] = x6;
	smc_call(&c->out);
	now = cost_now();
	if (now > due && now - due > longest)
		longest = now - due;
}

/* @strikes: as many at most. Return: the status of the whole request */
static int64_t run_struck(struct scm_call *c, uint64_t first, unsigned int strikes)
{
	issue(c, c->in.x[0], 0, first);
	while (c->out.x[0] == PIL_SCM_INTERRUPTED) {
		uint64_t session = c->out.x[6];

		timer_take();
		c->interruptions++;
		issue(c, PIL_SCM_INTERRUPTED, session, c->interruptions < strikes ? PERIOD : NEVER);
	}
	timer_take();
	return (int64_t)c->out.x[0];
}

static int64_t run(struct scm_call *c, uint64_t first)
{
	return run_struck(c, first, UINT32_MAX);
}

static void report(const char *what)
{
	cost_print("wait", what, cost_instructions(longest));
	longest = 0;
}

static bool init_image(const struct archive_entry *e)
{
	return same("INIT_IMAGE", pas_init_image(archive_metadata(e, 0)), 0);
}

static bool mem_setup(const struct archive_entry *e)
{
	if (!init_image(e) || !same("MEM_SETUP", pas_mem_setup(e->place, e->span), 0))
		return false;
	archive_copy_memory(e);
	return true;
}

/* the last byte is wrong, so that everything is done but the core's start */
static bool forged(const struct archive_entry *e)
{
	if (!mem_setup(e))
		return false;
	*(volatile uint8_t *)(e->place + e->memory_size - 1) ^= 1;
	return true;
}

/* a core that starts writes lines of the log, and QEMU lets it run on while this CPU waits for the log's lock: it is not stopped before it is through */
static bool settled(void)
{
	const uint64_t until = cost_now() + ticks_of(SETTLES);

	while (cost_now() < until)
		__asm__ volatile("yield");
	return true;
}

static bool auth(const struct archive_entry *e)
{
	return mem_setup(e) && same("AUTH_AND_RESET", pas_auth(), 0) && settled();
}

static bool nothing(const struct archive_entry *e)
{
	return same("SHUTDOWN", pas_shutdown(), 0) && e;
}

/* every @step instructions a request is struck, from @runs different moments on; @before brings it there each time */
static bool strike_all(const char *what, const struct archive_entry *e, bool (*before)(const struct archive_entry *e),
		       const struct scm_call *request, unsigned int runs, int64_t status)
{
	for (unsigned int i = 0; i < runs; i++) {
		struct scm_call c = *request;

		if (!before(e) || !same(what, run(&c, i * PERIOD / runs), status))
			return false;
	}
	report(what);
	return true;
}

/*
 * The last part of AUTH, up to the core's start. When that runs, it shares not only the clock but the lock of the log, and QEMU lets it run on
 * while this CPU waits for it. What follows the start is the same for an image without a core.
 */
static bool strike_tail(const char *what, const struct archive_entry *e)
{
	struct scm_call c = { 0 };
	uint64_t start = 0, total = 0;

	if (!mem_setup(e))
		return false;
	start = cost_now();
	if (!same("AUTH_AND_RESET", pas_auth(), 0))
		return false;
	total = cost_instructions(cost_now() - start) - TAIL;
	for (unsigned int i = 0; i < TAILS; i++) {
		if (!mem_setup(e))
			return false;
		prepare_auth(&c);
		if (!same(what, run_struck(&c, total + i * PERIOD / TAILS, STRIKES), 0))
			return false;
	}
	report(what);
	return true;
}

static bool image(const char *name, const char *const what[4], unsigned int runs)
{
	const struct archive_entry *e = archive_find(name);
	struct scm_call c[4] = { 0 };

	prepare_init_image(&c[0], archive_metadata(e, 0));
	prepare_mem_setup(&c[1], e->place, e->span);
	prepare_auth(&c[2]);
	prepare_shutdown(&c[3]);
	return strike_all(what[0], e, nothing, &c[0], runs, 0) && strike_all(what[1], e, init_image, &c[1], runs, 0) &&
	       strike_all(what[2], e, forged, &c[2], 1, PIL_SCM_EINVAL) &&
	       strike_all(what[3], e, auth, &c[3], runs / 4 + 1, 0);
}

static bool zap_up(const struct archive_entry *e)
{
	struct scm_call c = { 0 };

	prepare_init_image(&c, archive_metadata(e, 0));
	c.in.x[2] = VIRT_ZAP_PAS_ID;
	if (!same("INIT_IMAGE", scm_complete(&c), 0))
		return false;
	prepare_mem_setup(&c, e->place, e->span);
	c.in.x[2] = VIRT_ZAP_PAS_ID;
	if (!same("MEM_SETUP", scm_complete(&c), 0))
		return false;
	archive_copy_memory(e);
	return true;
}

/* an image that is accepted, and has no core */
static bool without_core(void)
{
	struct scm_call c = { 0 };

	prepare_auth(&c);
	c.in.x[2] = VIRT_ZAP_PAS_ID;
	return strike_all("auth-no-core", archive_find(NO_CORE), zap_up, &c, 2, 0);
}

/* what a suspended request leaves is thrown away by the one that takes over */
static bool left_behind(const struct archive_entry *e)
{
	struct scm_call c = { 0 };

	return same("SHUTDOWN", pas_shutdown(), 0) && suspend_auth(&c, SMALL, 3000) && e;
}

static bool take_over(void)
{
	const struct archive_entry *e = archive_find(SMALL);
	struct scm_call init = { 0 }, end = { 0 };

	prepare_init_image(&init, archive_metadata(e, 1));
	prepare_shutdown(&end);
	return strike_all("init-takes-over", e, left_behind, &init, RUNS, 0) &&
	       strike_all("shutdown-takes-over", e, left_behind, &end, RUNS, 0);
}

/* calls that name no peripheral are not interrupted: the wait is all of the call, longest when the table is full */
static bool bridges(void)
{
	struct scm_call c = { 0 };
	uint64_t handle = 0;

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_ENABLE), 0, 0, 0, 0);
	if (!same("bridges enabled", run(&c, 0), 0))
		return false;
	for (unsigned int i = 0; i <= PIL_MAX_BRIDGES; i++) {
		uint64_t at = UINT64_C(0x68000000) + i * UINT64_C(0x1000);
		bool last = i == PIL_MAX_BRIDGES;

		scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_CREATE), PIL_SCM_ARGS_VALUES(4u), at | 6, at | 6,
			    0x1000 | PIL_SCM_BRIDGE_ONE_VM);
		c.in.x[5] = PIL_SCM_BRIDGE_HOST_VM;
		if (!same("bridge", run(&c, 0), last ? PIL_SCM_ENOMEM : 0))
			return false;
		handle = last ? handle : c.out.x[2];
	}
	report("bridge-create");
	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_DELETE), PIL_SCM_ARGS_VALUES(1u), handle, 0, 0);
	if (!same("bridge", run(&c, 0), 0))
		return false;
	report("bridge-delete");
	return true;
}

bool cost_waits(void)
{
	static const char *const small[4] = { "init-small", "mem-setup-small", "auth-small", "shutdown-small" };
	static const char *const large[4] = { "init-large", "mem-setup-large", "auth-large", "shutdown-large" };

	return image(SMALL, small, RUNS) && image(LARGE, large, 1) && strike_tail("auth-end", archive_find(SMALL)) &&
	       without_core() && take_over() && bridges();
}
