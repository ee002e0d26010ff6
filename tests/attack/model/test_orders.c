/* SPDX-License-Identifier: BSD-2-Clause */
/* Two CPUs that call at once: every order with up to two switches, and longer ones by chance. ATTACK_SEEDS: how many of those. */
#include "expect.h"

#include <stdlib.h>

#include "schedule.h"

#define MOST_STEPS 200u
#define SEEDS	   400u
#define LONG	   5u /* requests of each CPU in an order by chance */

/** struct meeting - what the first CPU does with adsp in @state, while the other one does something else */
struct meeting {
	enum host_state state;
	enum host_request first;
};

static const struct meeting meetings[] = {
	{ HOST_PLACED, HOST_AUTH },	 { HOST_RUNNING, HOST_SHUTDOWN },   { HOST_RUNNING, HOST_INIT },
	{ HOST_PLACED, HOST_MEM_SETUP }, { HOST_LOCKED, HOST_SHUTDOWN },    { HOST_CRASHED, HOST_INIT },
	{ HOST_OFF, HOST_LITE },	 { HOST_INHERITED, HOST_SHUTDOWN }, { HOST_LOADED, HOST_TABLE },
};

#define MEETINGS (sizeof(meetings) / sizeof(meetings[0]))

static const enum host_request others[] = { HOST_INIT,	HOST_MEM_SETUP, HOST_AUTH, HOST_SHUTDOWN,
					    HOST_TABLE, HOST_LITE,	HOST_OTHER };

/** struct tally - what was seen, on a machine that protects memory by @lock */
struct tally {
	enum model_lock lock;
	unsigned int orders, busy, taken_over;
};

static void tell(const char *what, const struct schedule *plan, const char *first, const char *second)
{
	fail_msg("%s || %s, switched at %u and %u%s: %s", first, second, plan->switch_at[0], plan->switch_at[1],
		 plan->suspends ? ", suspending" : "", what);
}

/* Return: steps that there were */
static uint32_t meet(struct tally *t, const struct meeting *m, enum host_request other, struct schedule *plan)
{
	const struct schedule_cpu work[2] = { { &m->first, 1 }, { &other, 1 } };
	struct scenario s;
	const char *broken = NULL;

	host_begin(&s, m->state, t->lock);
	broken = schedule_run(plan, &s, work, 2);
	if (!broken)
		broken = host_broken(&s);
	/* a start takes longer than all the rest: each eighth time */
	if (!broken)
		broken = t->orders % 8 ? host_rests(&s) : host_restores(&s);
	if (broken)
		tell(broken, plan, host_request_name(m->first), host_request_name(other));
	scenario_done(&s);
	t->orders++;
	t->busy += plan->busy;
	t->taken_over += plan->taken_over;
	return plan->steps;
}

static void every_order(struct tally *t, const struct meeting *m, enum host_request other, bool suspends)
{
	uint32_t steps = MOST_STEPS;

	for (uint32_t a = 0; a < steps; a++) {
		struct schedule plan = { .switch_at = { a, SCHEDULE_NEVER }, .suspends = suspends };
		uint32_t last = meet(t, m, other, &plan);

		for (uint32_t b = a + 1; b < last; b++) {
			plan = (struct schedule){ .switch_at = { a, b }, .suspends = suspends };
			(void)meet(t, m, other, &plan);
		}
		steps = last < steps ? last : steps;
	}
	assert_true(steps < MOST_STEPS);
}

static void all_meetings(bool suspends)
{
	struct tally t = { 0 };

	for (unsigned int i = 0; i < MEETINGS; i++)
		for (unsigned int j = 0; j < sizeof(others) / sizeof(others[0]); j++) {
			t.lock = (enum model_lock)(1 + (i + j) % 3);
			every_order(&t, &meetings[i], others[j], suspends);
		}
	print_message("# %u orders, %u times busy, %u times taken over\n", t.orders, t.busy, t.taken_over);
	assert_true(t.orders > 1000);
	assert_true(suspends ? t.taken_over > 0 : t.busy > 0);
}

static void every_order_of_two_cpus(void **unused)
{
	(void)unused;
	all_meetings(false);
}

static void every_order_of_a_request_that_is_suspended(void **unused)
{
	(void)unused;
	all_meetings(true);
}

static unsigned int seeds(void)
{
	const char *text = getenv("ATTACK_SEEDS");
	unsigned long n = text ? strtoul(text, NULL, 10) : 0;

	return n && n < UINT32_MAX ? (unsigned int)n : SEEDS;
}

static void by_chance(uint64_t seed, struct tally *t)
{
	enum host_request requests[SCHEDULE_CPUS][LONG];
	struct schedule_cpu work[SCHEDULE_CPUS];
	struct schedule plan = { .seed = seed * 2 + 1, .suspends = seed & 1, .meddles = seed & 2 };
	struct scenario s;
	const char *broken = NULL;

	for (unsigned int i = 0; i < SCHEDULE_CPUS; i++) {
		for (unsigned int j = 0; j < LONG; j++)
			requests[i][j] =
				(enum host_request)((seed * 7919 + i * 104729 + j * 1299709) / 13 % HOST_REQUESTS);
		work[i] = (struct schedule_cpu){ requests[i], LONG };
	}
	host_begin(&s, (enum host_state)(seed % HOST_STATES), (enum model_lock)(1 + seed % 3));
	broken = schedule_run(&plan, &s, work, SCHEDULE_CPUS);
	if (!broken)
		broken = host_broken(&s);
	if (!broken)
		broken = host_restores(&s);
	if (broken)
		fail_msg("seed %lu: %s", (unsigned long)seed, broken);
	scenario_done(&s);
	t->orders++;
	t->busy += plan.busy;
	t->taken_over += plan.taken_over;
}

static void orders_by_chance_of_three_cpus(void **unused)
{
	struct tally t = { 0 };

	(void)unused;
	for (uint64_t seed = 1; seed <= seeds(); seed++)
		by_chance(seed, &t);
	print_message("# %u orders, %u times busy, %u times taken over\n", t.orders, t.busy, t.taken_over);
	assert_true(t.busy > 0 && t.taken_over > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_of_two_cpus),
		cmocka_unit_test(every_order_of_a_request_that_is_suspended),
		cmocka_unit_test(orders_by_chance_of_three_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
