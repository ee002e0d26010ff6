/* SPDX-License-Identifier: BSD-2-Clause */
/* The board fails at every single call, and at every pair of calls: no unverified memory runs, none is given back. */
#include "expect.h"

#include <string.h>

#include "scenario.h"

#define MOST_CALLS 40u /* more than any request makes; the loops end when no call failed */

/* the way in which the machine keeps the host away: all tests run once for each */
static enum model_lock lock;

/* what must hold whatever failed: a core that executes has verified memory under it that nobody can change */
static void assert_safe(struct scenario *s)
{
	const struct pil_peripheral *p = &s->pas.p[MODEL_ADSP];
	bool locked = scenario_is_kept(s, MODEL_ADSP);

	assert_null(s->m->violation);
	assert_true(p->state != PIL_RUNNING || locked);
	assert_true(s->m->core[0].state == PIL_CORE_HELD || locked);
	assert_true(p->state != PIL_OFF || s->m->core[0].state == PIL_CORE_HELD);
	assert_true(p->state != PIL_OFF || !locked);
	/* a DMA master is as dangerous as its core, and outlives it only as long as nothing is given back */
	assert_true(p->state != PIL_OFF || !model_master_is_on(s->m, MODEL_MASTER_SID));
	assert_true(!model_master_is_on(s->m, MODEL_MASTER_SID) || locked);
}

/* after the fault everything can be put right again */
static void assert_recovers(struct scenario *s)
{
	model_fail(s->m, 0);
	assert_int_equal(pil_pas_shutdown(&s->pas, MODEL_ADSP), 0);
	assert_null(scenario_is_off(s, MODEL_ADSP));
	assert_int_equal(scenario_start(s, MODEL_ADSP, scenario_good()), 0);
	assert_safe(s);
}

static void fault_in_every_call_of_a_start(void **state)
{
	unsigned int n = 0;
	unsigned int failed = 1;

	(void)state;
	for (n = 1; failed && n < MOST_CALLS; n++) {
		struct scenario s;
		int err = 0;

		scenario_init(&s, lock);
		model_fail(s.m, n);
		err = scenario_start(&s, MODEL_ADSP, scenario_good());
		failed = s.m->failed;
		assert_int_equal(err != 0, failed != 0);
		assert_safe(&s);
		/* one fault is always cleaned up at once */
		assert_int_equal(s.m->core[0].state, err ? PIL_CORE_HELD : PIL_CORE_RUNNING);
		if (err)
			assert_null(scenario_is_off(&s, MODEL_ADSP));
		assert_recovers(&s);
		scenario_done(&s);
	}
	/* metadata three times, hold, lock, window, counter, master, start: nine calls can fail, the tenth is not made */
	assert_int_equal(n - 1, lock & MODEL_IN_PLACE ? 10 : 9);
}

static void fault_in_every_call_of_a_shutdown(void **state)
{
	unsigned int n = 0;
	unsigned int failed = 1;

	(void)state;
	for (n = 1; failed && n < MOST_CALLS; n++) {
		struct scenario s;
		int err = 0;

		scenario_init(&s, lock);
		assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
		model_fail(s.m, n);
		err = pil_pas_shutdown(&s.pas, MODEL_ADSP);
		failed = s.m->failed;
		assert_int_equal(err, failed ? -PIL_EBOARD : 0);
		assert_safe(&s);
		if (failed)
			assert_true(scenario_is_kept(&s, MODEL_ADSP));
		assert_recovers(&s);
		scenario_done(&s);
	}
	assert_int_equal(n - 1, lock & MODEL_IN_PLACE ? 5 : 4); /* hold, master, window, unlock */
}

static void fault_in_every_call_of_init_image_while_running(void **state)
{
	unsigned int n = 0;
	unsigned int failed = 1;

	(void)state;
	for (n = 1; failed && n < MOST_CALLS; n++) {
		struct scenario s;
		int err = 0;

		scenario_init(&s, lock);
		assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
		scenario_put_metadata(&s, scenario_good());
		model_fail(s.m, n);
		err = pil_pas_init_image(&s.pas, MODEL_ADSP, SCENARIO_METADATA);
		failed = s.m->failed;
		assert_int_equal(err != 0, failed != 0);
		assert_safe(&s);
		assert_recovers(&s);
		scenario_done(&s);
	}
	assert_int_equal(n - 1, lock & MODEL_IN_PLACE ? 8 : 7);
}

/* a second fault while the first is being cleaned up: the hook counts on after the first */
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

static void two_faults_in_a_start(void **state)
{
	unsigned int stuck = 0;

	(void)state;
	for (unsigned int n = 1; n <= (lock & MODEL_IN_PLACE ? 7u : 6u); n++) {
		for (unsigned int second = 1; second <= 4; second++) {
			struct pair pair = { .second = second };
			struct scenario s;

			scenario_init(&s, lock);
			s.m->hook = fail_again;
			s.m->hook_arg = &pair;
			model_fail(s.m, n);
			assert_int_not_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
			assert_safe(&s);
			stuck += s.pas.p[MODEL_ADSP].state == PIL_LOCKED;
			s.m->hook = NULL;
			assert_recovers(&s);
			scenario_done(&s);
		}
	}
	assert_true(stuck > 0); /* or the second fault never hit the cleaning */
}

/* the same when the image is bad: the cleaning after a refusal may fail at every call */
static void fault_in_every_call_after_a_refusal(void **state)
{
	unsigned int n = 0;
	unsigned int failed = 1;
	static const uint8_t bad = 0xee;

	(void)state;
	for (n = 1; failed && n < MOST_CALLS; n++) {
		struct scenario s;

		scenario_init(&s, lock);
		assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
		assert_true(model_host_write(s.m, MODEL_ADSP_BASE, &bad, 1));
		model_fail(s.m, n);
		assert_int_not_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), 0);
		failed = s.m->failed;
		assert_safe(&s);
		assert_int_equal(s.m->calls[MODEL_CORE_START], 0);
		assert_int_equal(s.m->core[0].state, PIL_CORE_HELD);
		if (s.pas.p[MODEL_ADSP].state != PIL_OFF) {
			assert_int_equal(s.pas.p[MODEL_ADSP].state, PIL_LOCKED);
			assert_true(scenario_is_kept(&s, MODEL_ADSP));
			assert_non_null(strstr(model_log_text(s.m), "adsp: REFUSED refused: "));
		}
		assert_recovers(&s);
		scenario_done(&s);
	}
	assert_int_equal(n - 1, lock & MODEL_IN_PLACE ? 9 : 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault_in_every_call_of_a_start),
		cmocka_unit_test(fault_in_every_call_of_a_shutdown),
		cmocka_unit_test(fault_in_every_call_of_init_image_while_running),
		cmocka_unit_test(two_faults_in_a_start),
		cmocka_unit_test(fault_in_every_call_after_a_refusal),
	};

	int failed = 0;

	for (lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++)
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
