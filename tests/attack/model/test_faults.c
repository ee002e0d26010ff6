/* SPDX-License-Identifier: BSD-2-Clause */
/* Every request in every state, with every single fault of the board's functions, and with every pair of them. */
#include "expect.h"

#include "host.h"

#define MOST_CALLS 60u /* of functions that can fail, in any request */

/** struct tally - what was tried, on a machine that protects memory by @lock */
struct tally {
	enum model_lock lock;
	unsigned int cases, faults, refused;
};

static void judge(const char *broken, enum host_state state, enum host_request request, unsigned int first,
		  unsigned int second)
{
	if (broken)
		fail_msg("%s in %s with faults in call %u and %u: %s", host_request_name(request),
			 host_state_name(state), first, second, broken);
}

/* a second fault: the hook lets the @second call after the first one fail, too */
struct pair {
	unsigned int second;
	unsigned int after;
};

static void fail_again(struct model *m, enum model_call call, void *arg)
{
	struct pair *pair = arg;

	if (call >= MODEL_FALLIBLE || !m->failed)
		return;
	if (++pair->after == pair->second)
		m->fail_at = m->fallible + 1;
}

/* Return: how many faults there were */
static unsigned int attack(struct tally *t, enum host_state state, enum host_request request, unsigned int first,
			   unsigned int second)
{
	struct pair pair = { .second = second };
	struct scenario s;
	unsigned int failed = 0;
	int err = 0;

	host_begin(&s, state, t->lock);
	judge(host_broken(&s), state, request, 0, 0);
	s.m->hook = fail_again;
	s.m->hook_arg = &pair;
	model_fail(s.m, first);
	err = host_issue(&s, request);
	failed = s.m->failed;
	s.m->hook = NULL;
	judge(host_broken(&s), state, request, first, second);
	judge(host_restores(&s), state, request, first, second);
	scenario_done(&s);
	t->cases++;
	t->faults += failed;
	t->refused += err != 0;
	return failed;
}

static void every_single_fault(enum model_lock lock)
{
	struct tally t = { .lock = lock };

	for (unsigned int state = 0; state < HOST_STATES; state++) {
		for (unsigned int request = 0; request < HOST_REQUESTS; request++) {
			unsigned int n = 1;

			(void)attack(&t, state, request, 0, 0);
			while (attack(&t, state, request, n, 0))
				assert_true(n++ < MOST_CALLS);
		}
	}
	print_message("# %u requests, %u faults, %u refused\n", t.cases, t.faults, t.refused);
	assert_true(t.faults > 150 && t.refused > t.faults / 2);
}

static void every_request_in_every_state_with_every_fault(void **unused)
{
	(void)unused;
	every_single_fault(MODEL_IN_PLACE);
}

static void the_same_where_a_copy_runs(void **unused)
{
	(void)unused;
	every_single_fault(MODEL_BY_COPY);
}

static void the_same_with_both(void **unused)
{
	(void)unused;
	every_single_fault(MODEL_BOTH);
}

static void auth_and_shutdown_with_every_pair_of_faults(void **unused)
{
	static const enum host_request requests[] = { HOST_AUTH, HOST_SHUTDOWN, HOST_INIT, HOST_LITE };
	static const enum host_state states[] = { HOST_PLACED, HOST_RUNNING, HOST_LOCKED };
	struct tally t = { .lock = MODEL_BOTH };

	(void)unused;
	for (unsigned int i = 0; i < 12; i++) {
		for (unsigned int n = 1; n < MOST_CALLS; n++) {
			unsigned int second = 1;

			if (!attack(&t, states[i % 3], requests[i / 3], n, 0))
				break;
			while (attack(&t, states[i % 3], requests[i / 3], n, second) > 1)
				assert_true(second++ < MOST_CALLS);
		}
	}
	print_message("# %u requests, %u faults, %u refused\n", t.cases, t.faults, t.refused);
	assert_true(t.faults > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_in_every_state_with_every_fault),
		cmocka_unit_test(the_same_where_a_copy_runs),
		cmocka_unit_test(the_same_with_both),
		cmocka_unit_test(auth_and_shutdown_with_every_pair_of_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
