/* SPDX-License-Identifier: BSD-2-Clause */
/* Every request in every state, with every single fault of the board's functions, and with every pair of them. */
#include "expect.h"

#include "host.h"

#define MOST_CALLS 60u /* of functions that can fail, in any request */

/** struct tally - what was tried */
struct tally {
	unsigned int cases, faults, refused;
};

static void judge(const char *broken, enum host_state state, enum host_request request, unsigned int first,
		  unsigned int second)
{
	if (broken)
		fail_msg("%s in %s with faults in call %u and %u: %s", host_request_name(request), host_state_name(state), first,
			 second, broken);
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
static unsigned int attack(struct tally *t, enum model_lock lock, enum host_state state, enum host_request request,
			   unsigned int first, unsigned int second)
{
	struct pair pair = { .second = second };
	struct scenario s;
	unsigned int failed = 0;
	int err = 0;

	host_begin(&s, lock, state);
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

static const enum model_lock locks[] = { MODEL_IN_PLACE, MODEL_BY_COPY, MODEL_BOTH };

static void every_fault(struct tally *t, enum model_lock lock, enum host_state state, enum host_request request)
{
	unsigned int n = 1;

	(void)attack(t, lock, state, request, 0, 0);
	while (attack(t, lock, state, request, n, 0))
		assert_true(n++ < MOST_CALLS);
}

static void every_request_in_every_state_with_every_fault(void **unused)
{
	struct tally t = { 0 };

	(void)unused;
	for (unsigned int lock = 0; lock < 3; lock++)
		for (unsigned int state = 0; state < HOST_STATES; state++)
			for (unsigned int request = 0; request < HOST_REQUESTS; request++)
				every_fault(&t, locks[lock], state, request);
	print_message("# %u requests, %u faults, %u refused\n", t.cases, t.faults, t.refused);
	assert_true(t.faults > 200 && t.refused > t.faults / 2);
}

static void every_pair(struct tally *t, enum model_lock lock, enum host_state state, enum host_request request)
{
	for (unsigned int n = 1; n < MOST_CALLS; n++) {
		unsigned int second = 1;

		if (!attack(t, lock, state, request, n, 0))
			break;
		while (attack(t, lock, state, request, n, second) > 1)
			assert_true(second++ < MOST_CALLS);
	}
}

static void auth_and_shutdown_with_every_pair_of_faults(void **unused)
{
	static const enum host_request requests[] = { HOST_AUTH, HOST_SHUTDOWN, HOST_INIT, HOST_LITE };
	static const enum host_state states[] = { HOST_PLACED, HOST_RUNNING, HOST_LOCKED };
	struct tally t = { 0 };

	(void)unused;
	for (unsigned int i = 0; i < 36; i++)
		every_pair(&t, locks[i / 12], states[i % 3], requests[i / 3 % 4]);
	print_message("# %u requests, %u faults, %u refused\n", t.cases, t.faults, t.refused);
	assert_true(t.faults > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_in_every_state_with_every_fault),
		cmocka_unit_test(auth_and_shutdown_with_every_pair_of_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
