/* SPDX-License-Identifier: BSD-2-Clause */
/* The gate: one request inside, suspended and resumed by number. */
#include "expect.h"

#include <pthread.h>

#include <pilot/gate.h>

static void second_request_is_busy(void **state)
{
	struct pil_gate gate = { 0 };

	(void)state;
	assert_int_equal(pil_gate_enter(&gate, false), 0);
	assert_int_equal(pil_gate_enter(&gate, false), -PIL_EBUSY);
	assert_int_equal(pil_gate_enter(&gate, true), -PIL_EBUSY);
	pil_gate_leave(&gate);
	assert_int_equal(pil_gate_enter(&gate, true), 0);
}

static void suspended_request_goes_on_by_its_number(void **state)
{
	struct pil_gate gate = { 0 };
	uint32_t session = 0;

	(void)state;
	assert_int_equal(pil_gate_enter(&gate, false), 0);
	session = pil_gate_suspend(&gate);
	assert_int_equal(pil_gate_enter(&gate, false), -PIL_EBUSY);
	assert_int_equal(pil_gate_resume(&gate, session + 1), -PIL_ENOENT);
	assert_int_equal(pil_gate_resume(&gate, session | 0x40000000), -PIL_ENOENT);
	assert_int_equal(pil_gate_resume(&gate, session), 0);
	assert_int_equal(pil_gate_resume(&gate, session), -PIL_ENOENT);
	pil_gate_leave(&gate);
	assert_int_equal(pil_gate_resume(&gate, session), -PIL_ENOENT);
}

static void no_number_comes_twice(void **state)
{
	struct pil_gate gate = { 0 };
	uint32_t last = 0;

	(void)state;
	for (unsigned int i = 0; i < 1000; i++) {
		uint32_t session = 0;

		assert_int_equal(pil_gate_enter(&gate, false), 0);
		session = pil_gate_suspend(&gate);
		assert_true(session > last);
		assert_int_equal(pil_gate_resume(&gate, last), -PIL_ENOENT);
		assert_int_equal(pil_gate_resume(&gate, session), 0);
		pil_gate_leave(&gate);
		last = session;
	}
}

static void shutdown_takes_over_and_the_old_number_is_dead(void **state)
{
	struct pil_gate gate = { 0 };
	uint32_t session = 0;

	(void)state;
	assert_int_equal(pil_gate_enter(&gate, false), 0);
	session = pil_gate_suspend(&gate);
	assert_int_equal(pil_gate_enter(&gate, true), PIL_GATE_TOOK_OVER);
	assert_int_equal(pil_gate_resume(&gate, session), -PIL_ENOENT);
	assert_true(pil_gate_suspend(&gate) != session);
	assert_int_equal(pil_gate_resume(&gate, session), -PIL_ENOENT);
}

#define THREADS 4u
#define ROUNDS	20000u

static struct pil_gate contended;
static unsigned int inside; /* guarded by the gate alone: a thread sanitizer or a wrong sum tells */
static unsigned long sum;

static void *contend(void *arg)
{
	unsigned long *entered = arg;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (pil_gate_enter(&contended, false))
			continue;
		if (++inside != 1)
			return NULL;
		sum++;
		if (i % 3 == 0 && pil_gate_resume(&contended, pil_gate_suspend(&contended)))
			return NULL;
		inside--;
		(*entered)++;
		pil_gate_leave(&contended);
	}
	return arg;
}

static void only_one_of_many_threads_is_inside(void **state)
{
	pthread_t thread[THREADS] = { 0 };
	unsigned long entered[THREADS] = { 0 };
	unsigned long total = 0;

	(void)state;
	for (unsigned int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, contend, &entered[i]), 0);
	for (unsigned int i = 0; i < THREADS; i++) {
		void *result = NULL;

		assert_int_equal(pthread_join(thread[i], &result), 0);
		assert_non_null(result);
		total += entered[i];
	}
	assert_true(total >= ROUNDS / THREADS);
	assert_int_equal(total, sum);
	assert_int_equal(inside, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(second_request_is_busy),
		cmocka_unit_test(suspended_request_goes_on_by_its_number),
		cmocka_unit_test(no_number_comes_twice),
		cmocka_unit_test(shutdown_takes_over_and_the_old_number_is_dead),
		cmocka_unit_test(only_one_of_many_threads_is_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
