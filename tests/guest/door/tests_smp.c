/* SPDX-License-Identifier: BSD-2-Clause */
/* What is promised to several CPUs. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>

#include "door.h"

#define SMALL	"small"
#define LARGE	"large"
#define SOON_US 3000u
#define MOVE_US 20000u
#define ROUNDS	4u

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

/** struct caller - what one of several CPUs saw */
struct caller {
	uint64_t metadata;
	unsigned int calls, strange, busy, unanswered;
};

/* the states change under it, so that any request may be refused; nothing else may happen */
static void note(struct caller *who, struct scm_call *c)
{
	scm_issue(c);
	scm_finish(c);
	who->calls++;
	who->busy += c->out.x[0] == (uint64_t)PIL_SCM_EBUSY;
	who->strange += (c->out.x[0] != 0 && c->out.x[0] != (uint64_t)PIL_SCM_EBUSY &&
			 c->out.x[0] != (uint64_t)PIL_SCM_EINVAL) || c->out.spoiled;
	who->unanswered += !door_answers();
}

static void call_everything(void *arg)
{
	const struct door_entry *e = archive_find(SMALL);
	struct caller *who = arg;
	struct scm_call c = { 0 };
	unsigned int i = 0;

	for (i = 0; i < ROUNDS; i++) {
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

static bool all_at_once(void)
{
	struct caller who[3] = { 0 };
	bool good = true;
	unsigned int i = 0;

	for (i = 0; i < 3; i++)
		who[i].metadata = archive_metadata(archive_find(SMALL), i);
	good = cpu_run(1, call_everything, &who[1]) && cpu_run(2, call_everything, &who[2]);
	call_everything(&who[0]);
	good = cpu_join(1) && cpu_join(2) && good;
	for (i = 0; i < 3; i++) {
		good = same("calls", who[i].calls, 4 * ROUNDS) && good;
		good = same("strange answers", who[i].strange, 0) && good;
		good = same("queries without an answer", who[i].unanswered, 0) && good;
	}
	good = same("some found the peripheral busy", who[0].busy + who[1].busy + who[2].busy > 0, true) && good;
	return good && same("SHUTDOWN", pas_shutdown(), 0) && place_image(SMALL) &&
	       same("AUTH_AND_RESET", pas_auth(), 0);
}

const struct door_test smp_tests[] = {
	{ "interrupted_call_resumes_on_another_cpu", resumed_elsewhere },
	{ "call_may_move_to_another_cpu_at_every_interruption", moves },
	{ "of_two_cpus_that_resume_the_same_call_one_wins", one_wins },
	{ "several_cpus_may_call_at_once", all_at_once },
	{ NULL, NULL },
};
