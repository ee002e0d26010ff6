/* SPDX-License-Identifier: BSD-2-Clause */
/* What is promised to several CPUs. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>

#include "door.h"

#define SMALL	 "small"
#define LARGE	 "large"
#define SOON_US	 3000u
#define MOVE_US	 20000u
#define RUN_US	 2000000u
#define PAUSE_US 3000u /* so that the others have their chance */

static void finish_there(void *arg)
{
	struct scm_call *c = arg;

	scm_resume(c, c->out.x[6]);
	scm_finish(c);
}

static bool resumed_elsewhere(void)
{
	struct scm_call c = { 0 };

	return suspend_auth(&c, SMALL, SOON_US) && cpu_run(1, finish_there, &c) && cpu_join(1) &&
	       same("AUTH_AND_RESET on CPU 1", (int64_t)c.out.x[0], 0) &&
	       same("registers that came back changed", (int64_t)c.out.spoiled, 0);
}

static void go_on_until_interrupt(void *arg)
{
	struct scm_call *c = arg;

	timer_start(MOVE_US);
	scm_resume(c, c->out.x[6]);
	timer_take();
}

static bool moves(void)
{
	struct scm_call c = { 0 };
	unsigned int cpu = 0;

	if (!suspend_auth(&c, LARGE, SOON_US))
		return false;
	for (cpu = 1; c.out.x[0] == PIL_SCM_INTERRUPTED; cpu = cpu == 2 ? 1 : 2)
		if (!cpu_run(cpu, go_on_until_interrupt, &c) || !cpu_join(cpu))
			return false;
	print("# moved ");
	print_dec(c.interruptions);
	print(" times\n");
	return same("AUTH_AND_RESET", (int64_t)c.out.x[0], 0) && same("it moved", c.interruptions > 2, true);
}

/** struct racer - one of two CPUs that want the same; both wait until both are there */
struct racer {
	struct scm_call call;
	uint64_t session;
	volatile bool here;
	struct racer *other;
};

static void resume_at_once(void *arg)
{
	struct racer *r = arg;

	r->here = true;
	fw_dsb();
	while (!r->other->here)
		;
	scm_resume(&r->call, r->session);
	scm_finish(&r->call);
}

static bool one_wins(void)
{
	struct racer a = { .other = NULL }, b = { .other = &a };
	int64_t first = 0, second = 0;

	a.other = &b;
	if (!suspend_auth(&a.call, SMALL, SOON_US))
		return false;
	b.call = a.call;
	a.session = b.session = a.call.out.x[6];
	if (!cpu_run(1, resume_at_once, &a) || !cpu_run(2, resume_at_once, &b) || !cpu_join(1) || !cpu_join(2))
		return false;
	first = (int64_t)a.call.out.x[0];
	second = (int64_t)b.call.out.x[0];
	return same("the one that wins", first > second ? first : second, 0) &&
	       same("the one that loses", first > second ? second : first, PIL_SCM_EINVAL);
}

/**
 * struct caller - one of several CPUs, and what it saw
 * @period: an interrupt comes so many microseconds after the start of each call; 0: none does
 */
struct caller {
	uint64_t metadata;
	uint64_t period;
	unsigned int calls, strange, busy, unanswered, interruptions;
};

/* the states change under it, so that any request may be refused; nothing else may happen */
static void note(struct caller *who, struct scm_call *c)
{
	if (who->period)
		timer_start(who->period);
	if (scm_issue(c) != 0)
		wait_us(PAUSE_US);
	scm_finish(c);
	timer_take();
	who->calls++;
	who->interruptions += c->interruptions;
	who->busy += c->out.x[0] == (uint64_t)PIL_SCM_EBUSY;
	who->strange += (c->out.x[0] != 0 && c->out.x[0] != (uint64_t)PIL_SCM_EBUSY &&
			 c->out.x[0] != (uint64_t)PIL_SCM_EINVAL) ||
			c->out.spoiled;
	who->unanswered += !door_answers();
}

static void call_everything(void *arg)
{
	const struct archive_entry *e = archive_find(SMALL);
	struct caller *who = arg;
	struct scm_call c = { 0 };
	uint64_t start = time_us();

	while (time_us() - start < RUN_US) {
		prepare_init_image(&c, who->metadata);
		note(who, &c);
		prepare_mem_setup(&c, e->place, e->span);
		note(who, &c);
		prepare_auth(&c);
		note(who, &c);
		prepare_shutdown(&c);
		note(who, &c);
	}
}

static bool caller_saw_nothing_strange(const struct caller *who)
{
	print("# ");
	print_dec(who->calls);
	print(" calls of one CPU, ");
	print_dec(who->busy);
	print(" found it busy, ");
	print_dec(who->interruptions);
	print(" were interrupted\n");
	return same("strange answers", who->strange, 0) && same("queries without an answer", who->unanswered, 0);
}

/* Return: nothing strange was seen, and afterwards the peripheral can be used */
static bool three_cpus_call(struct caller *who)
{
	bool good = true;
	unsigned int i = 0;

	for (i = 0; i < 3; i++)
		who[i].metadata = archive_metadata(archive_find(SMALL), i);
	good = cpu_run(1, call_everything, &who[1]) && cpu_run(2, call_everything, &who[2]);
	call_everything(&who[0]);
	good = cpu_join(1) && cpu_join(2) && good;
	for (i = 0; i < 3; i++)
		good = caller_saw_nothing_strange(&who[i]) && good;
	return good && same("SHUTDOWN", pas_shutdown(), 0) && place_image(SMALL) &&
	       same("AUTH_AND_RESET", pas_auth(), 0);
}

static bool all_at_once(void)
{
	struct caller who[3] = { 0 };

	return three_cpus_call(who) &&
	       same("some found the peripheral busy", who[0].busy + who[1].busy + who[2].busy > 0, true);
}

/* requests end each other's while these are suspended, at different places each time */
static bool all_at_once_interrupted(void)
{
	struct caller who[3] = { { .period = 500 }, { .period = 1900 }, { .period = 7300 } };

	return three_cpus_call(who) &&
	       same("some were interrupted", who[0].interruptions + who[1].interruptions + who[2].interruptions > 0,
		    true);
}

const struct door_test smp_tests[] = {
	{ "interrupted_call_resumes_on_another_cpu", resumed_elsewhere },
	{ "call_may_move_to_another_cpu_at_every_interruption", moves },
	{ "of_two_cpus_that_resume_the_same_call_one_wins", one_wins },
	{ "several_cpus_may_call_at_once", all_at_once },
	{ "several_cpus_may_call_at_once_and_be_interrupted", all_at_once_interrupted },
	{ NULL, NULL },
};
