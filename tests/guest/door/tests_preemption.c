/* SPDX-License-Identifier: BSD-2-Clause */
/* What is promised about calls that the host's interrupts interrupt, on one CPU. The names say the promise. */
#include <pilot/wire/scm.h>

#include "door.h"

#define LARGE	  "large"
#define SMALL	  "small"
#define UNUSED	  UINT64_C(0x60100000) /* RAM that nobody uses */
#define PERIOD_US 2000u
#define SOON_US	  3000u /* AUTH has begun, and is far from its end */

/* the timer starts anew each time the host gets the CPU back */
static int64_t issue_with_period(struct scm_call *c)
{
	timer_start(PERIOD_US);
	scm_issue(c);
	while (c->out.x[0] == PIL_SCM_INTERRUPTED) {
		uint64_t session = c->out.x[6];

		if (!same("pending interrupt", (int64_t)timer_take(), timer_intid()))
			break;
		timer_start(PERIOD_US);
		scm_resume(c, session);
	}
	timer_take();
	return (int64_t)c->out.x[0];
}

static bool interrupted_often(const char *name, const struct scm_call *c)
{
	print("# ");
	print(name);
	print(": ");
	print_dec(c->interruptions);
	print(" interruptions\n");
	return same("interruptions were seen", c->interruptions > 0, true) &&
	       same("registers of the host that came back changed", (int64_t)c->out.spoiled, 0);
}

static bool large_genuine_image(void)
{
	struct scm_call c = { 0 };

	if (!place_image(LARGE))
		return false;
	prepare_auth(&c);
	return same("AUTH_AND_RESET", issue_with_period(&c), 0) && interrupted_often("large genuine image", &c);
}

static bool large_forged_image(void)
{
	const struct archive_entry *e = archive_find(LARGE);
	struct scm_call c = { 0 };

	if (!place_image(LARGE))
		return false;
	((volatile uint8_t *)e->place)[e->memory_size / 2] ^= 1;
	prepare_auth(&c);
	return same("AUTH_AND_RESET", issue_with_period(&c), PIL_SCM_EINVAL) &&
	       interrupted_often("large forged image", &c);
}

static bool pending_interrupt(void)
{
	struct scm_call c = { 0 };
	uint64_t first = 0;

	if (!place_image(SMALL))
		return false;
	prepare_auth(&c);
	timer_start(0);
	if (!same("AUTH_AND_RESET", scm_issue(&c), PIL_SCM_INTERRUPTED))
		return false;
	first = c.out.x[6];
	if (!same("resumed with the interrupt still pending", scm_resume(&c, first), PIL_SCM_INTERRUPTED) ||
	    !same("a new number", c.out.x[6] != first, true))
		return false;
	return same("resumed after it was taken", scm_finish(&c), 0);
}

static bool wrong_number(void)
{
	struct scm_call c = { 0 };
	uint64_t session = 0;

	if (!suspend_auth(&c, SMALL, SOON_US))
		return false;
	session = c.out.x[6];
	return same("one more", scm_resume(&c, session + 1), PIL_SCM_EINVAL) &&
	       same("one less", scm_resume(&c, session - 1), PIL_SCM_EINVAL) &&
	       same("0", scm_resume(&c, 0), PIL_SCM_EINVAL) &&
	       same("another peripheral", scm_resume(&c, session + (UINT64_C(1) << 32)), PIL_SCM_EINVAL) &&
	       same("all bits", scm_resume(&c, UINT64_MAX), PIL_SCM_EINVAL) &&
	       same("a bit above the number", scm_resume(&c, session | UINT64_C(1) << 31), PIL_SCM_EINVAL) &&
	       same("the right one goes on", (scm_resume(&c, session), scm_finish(&c)), 0);
}

static bool resumed_twice(void)
{
	struct scm_call c = { 0 };
	uint64_t session = 0;

	if (!suspend_auth(&c, SMALL, SOON_US))
		return false;
	session = c.out.x[6];
	scm_resume(&c, session);
	return same("the first time", scm_finish(&c), 0) &&
	       same("the second time", scm_resume(&c, session), PIL_SCM_EINVAL);
}

static bool nothing_to_resume(void)
{
	struct scm_call c = { 0 };

	prepare_auth(&c);
	return same("number 0", scm_resume(&c, 0), PIL_SCM_EINVAL) &&
	       same("number 1", scm_resume(&c, 1), PIL_SCM_EINVAL);
}

static bool second_request(void)
{
	struct scm_call c = { 0 }, other = { 0 };

	if (!suspend_auth(&c, SMALL, SOON_US))
		return false;
	prepare_auth(&other);
	if (!same("AUTH_AND_RESET", scm_issue(&other), PIL_SCM_EBUSY))
		return false;
	prepare_mem_setup(&other, archive_find(SMALL)->place, archive_find(SMALL)->span);
	if (!same("MEM_SETUP", scm_issue(&other), PIL_SCM_EBUSY) || !same("queries", door_answers(), true))
		return false;
	scm_resume(&c, c.out.x[6]);
	return same("the first request goes on", scm_finish(&c), 0);
}

/* @take_over ends a suspended AUTH; afterwards its number is dead, and the peripheral can be used */
static bool ended_by(struct scm_call *take_over)
{
	struct scm_call c = { 0 };

	if (!suspend_auth(&c, SMALL, SOON_US) || !same("the other request", scm_issue(take_over), 0))
		return false;
	return same("the ended request", scm_resume(&c, c.out.x[6]), PIL_SCM_EINVAL) && place_image(SMALL) &&
	       same("AUTH_AND_RESET", pas_auth(), 0);
}

static bool ended_by_shutdown(void)
{
	struct scm_call c = { 0 };

	prepare_shutdown(&c);
	return ended_by(&c);
}

static bool ended_by_init_image(void)
{
	struct scm_call c = { 0 };

	prepare_init_image(&c, archive_metadata(archive_find(SMALL), 1));
	return ended_by(&c);
}

/*
 * What the stock driver of a host begins with that has just started, and knows nothing of the one before. Under a hypervisor it begins
 * with INIT_IMAGE: the table is not for it.
 */
static bool ended_by_get_table(void)
{
	struct scm_call c = { 0 };

	prepare_get_table(&c, UNUSED);
	if (payload_level() == 1)
		return same("GET_RSCTABLE", scm_complete(&c), PIL_SCM_ENOTSUPP);
	return ended_by(&c);
}

static bool interrupted_shutdown(void)
{
	struct scm_call c = { 0 };

	if (!place_image(SMALL) || !same("AUTH_AND_RESET", pas_auth(), 0))
		return false;
	prepare_shutdown(&c);
	timer_start(0);
	if (!same("SHUTDOWN", scm_issue(&c), PIL_SCM_INTERRUPTED) ||
	    !same("pending interrupt", (int64_t)timer_take(), timer_intid()))
		return false;
	return same("another SHUTDOWN", pas_shutdown(), 0) &&
	       same("the ended request", scm_resume(&c, c.out.x[6]), PIL_SCM_EINVAL) && place_image(SMALL) &&
	       same("AUTH_AND_RESET", pas_auth(), 0);
}

static bool never_resumed(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	for (i = 0; i < 8; i++)
		if (!suspend_auth(&c, SMALL, SOON_US))
			return false;
	return same("SHUTDOWN", pas_shutdown(), 0) && place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);
}

static bool fast_call(void)
{
	struct scm_call c = { 0 };

	if (!place_image(SMALL))
		return false;
	prepare_auth(&c);
	c.in.x[0] |= PIL_SCM_FAST;
	return same("fast AUTH_AND_RESET", scm_issue(&c), PIL_SCM_ERROR) &&
	       same("yielding AUTH_AND_RESET", pas_auth(), 0);
}

const struct door_test preemption_tests[] = {
	{ "large_genuine_image_is_accepted_across_interruptions", large_genuine_image },
	{ "large_forged_image_is_refused_across_interruptions", large_forged_image },
	{ "pending_interrupt_interrupts_every_time_under_a_new_number", pending_interrupt },
	{ "wrong_number_resumes_nothing", wrong_number },
	{ "interrupted_call_resumes_only_once", resumed_twice },
	{ "without_an_interrupted_call_nothing_resumes", nothing_to_resume },
	{ "second_request_for_a_suspended_peripheral_gets_ebusy", second_request },
	{ "shutdown_ends_a_suspended_auth", ended_by_shutdown },
	{ "init_image_ends_a_suspended_auth", ended_by_init_image },
	{ "get_rsctable_ends_a_suspended_auth", ended_by_get_table },
	{ "interrupted_shutdown_is_ended_by_another_one", interrupted_shutdown },
	{ "auth_that_is_never_resumed_costs_nothing", never_resumed },
	{ "request_as_fast_call_is_refused", fast_call },
	{ NULL, NULL },
};
