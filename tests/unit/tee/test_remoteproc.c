/* SPDX-License-Identifier: BSD-2-Clause */
/* Loading, starting and stopping through the remoteproc door. */
#include "expect.h"

#include <string.h>

#include "imagegen.h"
#include "teescenario.h"

static struct teescenario s;
static struct pil_tee_session m33, m0;

static int setup(void **state)
{
	(void)state;
	teescenario_init(&s);
	teescenario_open(&s, &m33, MODEL_PTA_M33);
	teescenario_open(&s, &m0, MODEL_PTA_M0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	/* the TA never asked for what a PTA has to refuse */
	assert_int_equal(s.m->refused, 0);
	teescenario_done(&s);
	return 0;
}

static enum pil_reason why(unsigned int processor)
{
	return s.rproc.pas.p[processor].why.reason;
}

static void good_container_runs(void **state)
{
	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_LOADED);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_HELD);
	assert_true(teescenario_runs(&s, MODEL_PTA_M33));
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_RUNNING);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_int_equal(s.m->processor[0].entry, TEESCENARIO_ENTRY);
	assert_int_equal(s.m->processor[0].flags, 0);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_HELD);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_OFF);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_RELEASE, 0), PIL_TEE_SUCCESS);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
	assert_null(s.m->processor[0].claim);
}

static void both_processors_run_at_once(void **state)
{
	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &m0, teescenario_good(MODEL_PTA_M0, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m0, PIL_TEE_RPROC_START, 1), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	assert_int_equal(s.m->processor[1].state, PIL_TEE_CORE_RUNNING);
	assert_true(teescenario_runs(&s, MODEL_PTA_M0));
}

static void every_byte_of_its_memory_is_written(void **state)
{
	(void)state;
	memset(s.m->processor[0].own, 0xa5, MODEL_PTA_SIZE(0));
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_true(teescenario_runs(&s, MODEL_PTA_M33));
}

static void same_container_again_is_loaded_already(void **state)
{
	unsigned int calls = 0;

	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	calls = s.m->calls;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(s.m->calls, calls);
	/* another one replaces it */
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 4)), PIL_TEE_SUCCESS);
	assert_int_equal(s.rproc.pas.p[0].version, 4);
	assert_true(teescenario_runs(&s, MODEL_PTA_M33));
}

static void refused_container_changes_nothing(void **state)
{
	static struct teescenario_container bad;

	(void)state;
	bad = *teescenario_good(MODEL_PTA_M33, 4);
	bad.bytes[bad.size - 0x100] ^= 1;
	assert_int_equal(teescenario_load(&s, &m33, &bad), PIL_TEE_SECURITY);
	assert_int_equal(why(0), PIL_R_CONTAINER_ELF_DIGEST);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_OFF);
	assert_null(s.m->processor[0].claim);
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &m33, &bad), PIL_TEE_SECURITY);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_LOADED);
	assert_true(teescenario_runs(&s, MODEL_PTA_M33));
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
}

static void get_table(const struct pil_tee_session *session, uint32_t expected, uint64_t pa, uint64_t size)
{
	struct pil_tee_call call = {
		.command = PIL_TEE_RPROC_GET_RSC_TABLE,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, PIL_TEE_VALUE_OUTPUT, 0),
		.p[0].a = session->processor,
	};

	assert_int_equal(pil_tee_rproc_invoke(&s.door, session, &call), expected);
	assert_int_equal((uint64_t)call.p[1].b << 32 | call.p[1].a, pa);
	assert_int_equal((uint64_t)call.p[2].b << 32 | call.p[2].a, size);
}

static void resource_table_is_where_the_host_reaches_it(void **state)
{
	struct teescenario_program p = teescenario_program(true);

	(void)state;
	get_table(&m33, PIL_TEE_BAD_STATE, 0, 0);
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	get_table(&m33, PIL_TEE_SUCCESS, MODEL_PTA_IPC, p.table.size);
	/* a program without one has none */
	assert_int_equal(teescenario_load(&s, &m0, teescenario_good(MODEL_PTA_M0, 3)), PIL_TEE_SUCCESS);
	get_table(&m0, PIL_TEE_SUCCESS, 0, 0);
}

/* @p in a container for m33, which is refused for @reason */
static void refused(const struct teescenario_program *p, uint32_t result, enum pil_reason reason)
{
	static struct teescenario_container c;
	struct containergen g = { 0 };

	containergen_init(&g);
	g.processor = MODEL_PTA_M33;
	teescenario_sign(&c, &g, p);
	assert_int_equal(teescenario_load(&s, &m33, &c), result);
	assert_int_equal(why(0), reason);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
}

static void program_must_fit_the_processors_memory(void **state)
{
	static uint8_t table[256];
	struct teescenario_program p = teescenario_program(true);

	(void)state;
	p.base = 0x30000000;
	p.entry = 0x30000010;
	refused(&p, PIL_TEE_ACCESS_DENIED, PIL_R_PAS_REGION);
	p = teescenario_program(true);
	p.base = (uint32_t)MODEL_PTA_DA + MODEL_PTA_SIZE(0) - 0x100;
	p.entry = p.base;
	refused(&p, PIL_TEE_ACCESS_DENIED, PIL_R_PAS_REGION);
	p.base = (uint32_t)MODEL_PTA_DA_IPC + 0x8000; /* the host could change what runs */
	p.entry = p.base;
	refused(&p, PIL_TEE_ACCESS_DENIED, PIL_R_PAS_REGION_SHARED);
	p = teescenario_program(true);
	p.entry = (uint32_t)MODEL_PTA_DA_IPC; /* in a segment that is loaded, but shared */
	refused(&p, PIL_TEE_ACCESS_DENIED, PIL_R_PLAN_ENTRY);
	p.entry = 0x40000000;
	refused(&p, PIL_TEE_ACCESS_DENIED, PIL_R_PLAN_ENTRY);
	p = teescenario_program(true);
	p.table_da = (uint32_t)MODEL_PTA_DA + 0x2000;
	refused(&p, PIL_TEE_ACCESS_DENIED, PIL_R_PAS_TABLE_HIDDEN);
	p = teescenario_program(true);
	memcpy(table, p.table.data, p.table.size);
	table[0] = 2;
	p.table.data = table;
	refused(&p, PIL_TEE_BAD_FORMAT, PIL_R_RSC_VERSION);
}

static void empty_and_missing_memory_are_refused(void **state)
{
	struct teescenario_container none = { .size = 0 };
	struct pil_tee_call call = {
		.command = PIL_TEE_RPROC_LOAD,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0, 0),
		.p[1] = { .buffer = NULL, .size = 4096 },
	};

	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, &none), PIL_TEE_BAD_FORMAT);
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &call), PIL_TEE_BAD_PARAMETERS);
	s.no_memory = true;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_OUT_OF_MEMORY);
	s.no_memory = false;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
}

static void without_a_key_in_the_fuses_nothing_loads(void **state)
{
	(void)state;
	s.rproc.pas.device.has_key = false;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SECURITY);
	assert_int_equal(why(0), PIL_R_PAS_KEY_NONE);
}

static void older_version_is_refused_once_a_newer_one_was_ready(void **state)
{
	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 4)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	/* it never called ready: the older one may still run */
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 4)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	s.m->processor[0].ready = true;
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	assert_non_null(strstr(model_pta_log(s.m), "m33: rollback counter of software 0x1 advanced to 4\n"));
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_ACCESS_DENIED);
	assert_int_equal(why(0), PIL_R_ROLLBACK);
	/* another processor's software has a counter of its own */
	assert_int_equal(teescenario_load(&s, &m0, teescenario_good(MODEL_PTA_M0, 3)), PIL_TEE_SUCCESS);
}

static void core_that_does_not_start_is_cleaned_up(void **state)
{
	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	s.m->fault = MODEL_PTA_WILL_NOT_START;
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_GENERIC);
	assert_int_equal(why(0), PIL_R_PAS_CORE_START);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_OFF);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
}

static void core_that_does_not_stop_keeps_its_state(void **state)
{
	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	s.m->fault = MODEL_PTA_WILL_NOT_STOP;
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_GENERIC);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_RUNNING);
	s.m->fault = MODEL_PTA_OK;
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
}

/* every call to the PTA on the way fails once: no core ever runs what is not all there, and all can be put to rest */
static void every_call_to_the_pta_may_fail(void **state)
{
	unsigned int nth = 1;
	bool failed = true;

	(void)state;
	for (; failed && nth < 200; nth++) {
		uint32_t result = PIL_TEE_SUCCESS;

		s.m->calls = 0;
		s.m->fail_at = nth;
		result = teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3));
		if (result == PIL_TEE_SUCCESS)
			result = teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0);
		failed = s.m->calls >= nth;
		s.m->fail_at = 0;
		if (s.m->processor[0].state == PIL_TEE_CORE_RUNNING)
			assert_true(teescenario_runs(&s, MODEL_PTA_M33));
		else
			assert_int_not_equal(result, PIL_TEE_SUCCESS);
		(void)teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0);
		assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_RELEASE, 0), PIL_TEE_SUCCESS);
		assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_HELD);
		assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
		assert_null(s.m->processor[0].claim);
	}
	assert_in_range(nth, 10, 199);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good_container_runs, setup, teardown),
		cmocka_unit_test_setup_teardown(both_processors_run_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(every_byte_of_its_memory_is_written, setup, teardown),
		cmocka_unit_test_setup_teardown(same_container_again_is_loaded_already, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_container_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(resource_table_is_where_the_host_reaches_it, setup, teardown),
		cmocka_unit_test_setup_teardown(program_must_fit_the_processors_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(empty_and_missing_memory_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_key_in_the_fuses_nothing_loads, setup, teardown),
		cmocka_unit_test_setup_teardown(older_version_is_refused_once_a_newer_one_was_ready, setup, teardown),
		cmocka_unit_test_setup_teardown(core_that_does_not_start_is_cleaned_up, setup, teardown),
		cmocka_unit_test_setup_teardown(core_that_does_not_stop_keeps_its_state, setup, teardown),
		cmocka_unit_test_setup_teardown(every_call_to_the_pta_may_fail, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
