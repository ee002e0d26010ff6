/* SPDX-License-Identifier: BSD-2-Clause */
/* DMA masters: on only while their core may run, and quiet before anything is given back. */
#include "expect.h"

#include <string.h>

#include "scenario.h"

#define SEEN 32u

/* the way in which the machine keeps the host away: all tests run once for each */
static enum model_lock lock;

/* calls of the board that order matters for */
struct order {
	enum model_call call[SEEN];
	unsigned int count;
};

static void note(struct model *m, enum model_call call, void *arg)
{
	struct order *order = arg;

	(void)m;
	if (call != MODEL_CORE_START && call != MODEL_CORE_STOP && call != MODEL_MASTER_START &&
	    call != MODEL_MASTER_STOP && call != MODEL_UNLOCK && call != MODEL_HOST_MAP)
		return;
	assert_true(order->count < SEEN);
	order->call[order->count++] = call;
}

/* the last two of a start, and the first three of a shutdown */
static void master_starts_before_its_core_and_stops_after_it(void **state)
{
	struct order order = { .count = 0 };
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	s.m->hook = note;
	s.m->hook_arg = &order;
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_true(order.count > 2);
	assert_int_equal(order.call[order.count - 2], MODEL_MASTER_START);
	assert_int_equal(order.call[order.count - 1], MODEL_CORE_START);
	assert_true(model_master_is_on(s.m, MODEL_MASTER_SID));
	order.count = 0;
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(order.call[0], MODEL_CORE_STOP);
	assert_int_equal(order.call[1], MODEL_MASTER_STOP);
	assert_int_equal(order.call[2], MODEL_HOST_MAP); /* of the carve-out, to scrub it */
	assert_int_equal(order.count, lock & MODEL_IN_PLACE ? 4 : 3);
	assert_false(model_master_is_on(s.m, MODEL_MASTER_SID));
	assert_null(s.m->violation);
	scenario_done(&s);
}

/* it may still write: nobody gets anything back, however often the host asks */
static void master_that_is_not_quiet_keeps_the_memory(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	for (unsigned int i = 0; i < 3; i++) {
		model_fail(s.m, 2); /* after the core is held */
		assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), -PIL_EBOARD);
		assert_int_equal(s.pas.p[MODEL_ADSP].why.reason, PIL_R_PAS_MASTER_STOP);
		assert_int_equal(s.pas.p[MODEL_ADSP].why.a, MODEL_MASTER_SID);
		assert_true(scenario_is_kept(&s, MODEL_ADSP));
		assert_int_equal(s.m->core[0].state, PIL_CORE_HELD);
		assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE), MODEL_ADSP);
	}
	assert_non_null(strstr(model_log_text(s.m),
			       "adsp: SHUTDOWN refused: PAS_MASTER_STOP: the DMA master with stream "
			       "0x3010 is not quiet: 0\n"));
	model_fail(s.m, 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void master_that_does_not_start_stops_the_start(void **state)
{
	const unsigned int call = lock & MODEL_IN_PLACE ? 8 : 7; /* test_faults.c has all of them */
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	model_fail(s.m, call);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), -PIL_EBOARD);
	assert_int_equal(s.m->calls[MODEL_MASTER_START], 1);
	assert_int_equal(s.m->calls[MODEL_CORE_START], 0);
	assert_int_equal(s.m->calls[MODEL_MASTER_STOP], 1);
	assert_non_null(strstr(model_log_text(s.m), "adsp: AUTH_AND_RESET refused: PAS_MASTER_START: "));
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	assert_null(s.m->violation);
	scenario_done(&s);
}

/* an image that was refused has not had it at all, and who has no master needs none */
static void nobody_else_has_it(void **state)
{
	static const uint8_t bad = 0xee;
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(scenario_start(&s, MODEL_CDSP, scenario_good()), 0);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
	assert_true(model_host_write(s.m, MODEL_ADSP_BASE, &bad, 1));
	assert_int_not_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(s.m->calls[MODEL_MASTER_START], 0);
	assert_false(model_master_is_on(s.m, MODEL_MASTER_SID));
	assert_null(s.m->violation);
	scenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(master_starts_before_its_core_and_stops_after_it),
		cmocka_unit_test(master_that_is_not_quiet_keeps_the_memory),
		cmocka_unit_test(master_that_does_not_start_stops_the_start),
		cmocka_unit_test(nobody_else_has_it),
	};
	int failed = 0;

	for (lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++)
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
