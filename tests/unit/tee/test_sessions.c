/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose session may do what at the remoteproc door, and what becomes of what a session leaves. */
#include "expect.h"

#include <string.h>

#include "teescenario.h"

static struct teescenario s;
static struct pil_tee_session first, second, other;

static int setup(void **state)
{
	(void)state;
	teescenario_init(&s);
	teescenario_open(&s, &first, MODEL_PTA_M33);
	teescenario_open(&s, &second, MODEL_PTA_M33);
	teescenario_open(&s, &other, MODEL_PTA_M0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(s.m->refused, 0);
	teescenario_done(&s);
	return 0;
}

static void said(const char *text)
{
	assert_non_null(strstr(model_pta_log(s.m), text));
}

static void run_first(void)
{
	assert_int_equal(teescenario_load(&s, &first, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
}

static void only_the_kernel_is_served(void **state)
{
	static const uint32_t logins[] = { 0, 1, 2, 4, 5, 6, 0xf0000000, 0x7fffffff, 0x80000001 };
	struct pil_tee_call call = { .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0) };
	struct pil_tee_call none = { .types = 0 };
	struct pil_tee_session session = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		assert_int_equal(pil_tee_rproc_open(&s.door, logins[i], &call, &session), PIL_TEE_ACCESS_DENIED);
		assert_int_equal(pil_tee_rproc_open(&s.door, logins[i], &none, &session), PIL_TEE_ACCESS_DENIED);
		assert_int_equal(pil_tee_pas_open(&s.pas_door, logins[i], &none), PIL_TEE_ACCESS_DENIED);
		assert_int_equal(pil_tee_events_open(logins[i], &none), PIL_TEE_ACCESS_DENIED);
	}
	assert_int_equal(pil_tee_pas_open(&s.pas_door, PIL_TEE_LOGIN_KERNEL, &none), PIL_TEE_SUCCESS);
	assert_int_equal(pil_tee_pas_open(&s.pas_door, PIL_TEE_LOGIN_KERNEL, &call), PIL_TEE_BAD_PARAMETERS);
	assert_int_equal(pil_tee_events_open(PIL_TEE_LOGIN_KERNEL, &none), PIL_TEE_SUCCESS);
	assert_int_equal(pil_tee_events_open(PIL_TEE_LOGIN_KERNEL, &call), PIL_TEE_BAD_PARAMETERS);
	said("tee: OPEN_SESSION refused: TEE_LOGIN: ");
}

static void session_is_for_a_processor_that_there_is(void **state)
{
	struct pil_tee_call call = { .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0), .p[0].a = 2 };
	struct pil_tee_session session = { 0 };

	(void)state;
	assert_int_equal(pil_tee_rproc_open(&s.door, PIL_TEE_LOGIN_KERNEL, &call, &session), PIL_TEE_ITEM_NOT_FOUND);
	call.p[0].a = UINT32_MAX;
	assert_int_equal(pil_tee_rproc_open(&s.door, PIL_TEE_LOGIN_KERNEL, &call, &session), PIL_TEE_ITEM_NOT_FOUND);
	call.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INOUT, 0, 0, 0);
	assert_int_equal(pil_tee_rproc_open(&s.door, PIL_TEE_LOGIN_KERNEL, &call, &session), PIL_TEE_BAD_PARAMETERS);
	assert_false(session.bound);
}

static void session_commands_its_own_processor_only(void **state)
{
	static const uint32_t commands[] = { PIL_TEE_RPROC_START,  PIL_TEE_RPROC_STOP,	 PIL_TEE_RPROC_RELEASE,
					     PIL_TEE_RPROC_ATTACH, PIL_TEE_RPROC_DETACH, PIL_TEE_RPROC_GRANT };
	struct pil_tee_session unbound = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		assert_int_equal(teescenario_call(&s, &first, commands[i], 1), PIL_TEE_ACCESS_DENIED);
		assert_int_equal(teescenario_call(&s, &other, commands[i], 0), PIL_TEE_ACCESS_DENIED);
		assert_int_equal(teescenario_call(&s, &first, commands[i], 7), PIL_TEE_ACCESS_DENIED);
		assert_int_equal(teescenario_call(&s, &unbound, commands[i], 0), PIL_TEE_ACCESS_DENIED);
	}
	said("tee: START_FW refused: TEE_SESSION: the session is for processor 0, not for 1\n");
	said("tee: START_FW refused: TEE_UNBOUND: ");
}

static void one_session_at_a_time_uses_a_processor(void **state)
{
	(void)state;
	run_first();
	assert_int_equal(teescenario_load(&s, &second, teescenario_good(MODEL_PTA_M33, 4)), PIL_TEE_BUSY);
	assert_int_equal(teescenario_call(&s, &second, PIL_TEE_RPROC_STOP, 0), PIL_TEE_BUSY);
	assert_int_equal(teescenario_call(&s, &second, PIL_TEE_RPROC_RELEASE, 0), PIL_TEE_BUSY);
	assert_int_equal(teescenario_call(&s, &second, PIL_TEE_RPROC_DETACH, 0), PIL_TEE_BUSY);
	said("tee: STOP_FW refused: TEE_USED: another session uses processor 0\n");
	/* looking is free, and it sees what it could attach to */
	assert_int_equal(teescenario_state(&s, &first), PIL_TEE_STATE_RUNNING);
	assert_int_equal(teescenario_state(&s, &second), PIL_TEE_STATE_INHERITED);
	/* another processor is another matter */
	assert_int_equal(teescenario_load(&s, &other, teescenario_good(MODEL_PTA_M0, 3)), PIL_TEE_SUCCESS);
	/* when the first has done with it, the second may have it */
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &second, teescenario_good(MODEL_PTA_M33, 4)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_START, 0), PIL_TEE_BUSY);
}

/* a kexec'd host: nobody closes the sessions of the one before */
static void sessions_of_a_dead_host_are_in_nobodys_way(void **state)
{
	(void)state;
	run_first();
	assert_int_equal(teescenario_load(&s, &other, teescenario_good(MODEL_PTA_M0, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &second, PIL_TEE_RPROC_ATTACH, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_state(&s, &second), PIL_TEE_STATE_RUNNING);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_STOP, 0), PIL_TEE_BUSY);
	/* and when the old session ends after all, it takes nothing with it */
	pil_tee_rproc_close(&s.door, &first);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_int_equal(teescenario_call(&s, &second, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	/* what it had loaded and not started can be taken up, and given back */
	teescenario_open(&s, &first, MODEL_PTA_M0);
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_RELEASE, 1), PIL_TEE_BUSY);
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_ATTACH, 1), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_RELEASE, 1), PIL_TEE_SUCCESS);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M0));
}

static void what_a_session_ran_goes_on_when_it_ends(void **state)
{
	(void)state;
	run_first();
	pil_tee_rproc_close(&s.door, &first);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_true(s.m->processor[0].kept);
	assert_int_equal(teescenario_state(&s, &second), PIL_TEE_STATE_INHERITED);
	assert_int_equal(teescenario_load(&s, &second, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_BAD_STATE);
	assert_int_equal(teescenario_call(&s, &second, PIL_TEE_RPROC_ATTACH, 0), PIL_TEE_SUCCESS);
	assert_false(s.m->processor[0].kept);
	assert_int_equal(teescenario_call(&s, &second, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
}

static void what_a_session_only_loaded_is_cleaned_up_when_it_ends(void **state)
{
	(void)state;
	assert_int_equal(teescenario_load(&s, &first, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	pil_tee_rproc_close(&s.door, &first);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
	assert_int_equal(teescenario_state(&s, &second), PIL_TEE_STATE_OFF);
	/* a session that uses nothing leaves nothing */
	pil_tee_rproc_close(&s.door, &other);
	assert_int_equal(teescenario_load(&s, &second, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
}

static void what_a_session_stopped_is_free_when_it_ends(void **state)
{
	(void)state;
	run_first();
	assert_int_equal(teescenario_call(&s, &first, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	assert_false(model_pta_is_zero(s.m, MODEL_PTA_M33));
	pil_tee_rproc_close(&s.door, &first);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
	assert_int_equal(teescenario_state(&s, &second), PIL_TEE_STATE_OFF);
}

static void lists_say_what_there_is(void **state)
{
	struct pil_tee_processor p[MODEL_PTA_PROCESSORS] = { 0 };
	struct pil_tee_session unbound = { 0 };
	struct pil_tee_call call = {
		.command = PIL_TEE_RPROC_PROCESSORS,
		.types = PIL_TEE_TYPES(PIL_TEE_MEMREF_OUTPUT, 0, 0, 0),
		.p[0] = { .buffer = p, .size = sizeof(p) },
	};

	(void)state;
	run_first();
	s.m->processor[0].ready = true;
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &unbound, &call), PIL_TEE_SUCCESS);
	assert_int_equal(call.p[0].size, sizeof(p));
	assert_string_equal(p[0].name, "m33");
	assert_int_equal(p[0].state, PIL_TEE_STATE_INHERITED);
	assert_int_equal(p[0].flags, PIL_TEE_STATE_IS_READY);
	assert_string_equal(p[1].name, "m0");
	assert_int_equal(p[1].ownership, PIL_TEE_MANAGED);
	assert_int_equal(p[1].state, PIL_TEE_STATE_OFF);
	call.p[0].size = sizeof(p) - 1;
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &unbound, &call), PIL_TEE_SHORT_BUFFER);
	assert_int_equal(call.p[0].size, sizeof(p));
	call.p[0] = (struct pil_tee_param){ .buffer = NULL, .size = 0 };
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &unbound, &call), PIL_TEE_SHORT_BUFFER);
}

static void regions_are_the_ptas(void **state)
{
	struct pil_tee_region r[PIL_TEE_BOARD_REGIONS] = { 0 };
	struct pil_tee_call call = {
		.command = PIL_TEE_RPROC_REGIONS,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_OUTPUT, 0, 0),
		.p[1] = { .buffer = r, .size = sizeof(r) },
	};

	(void)state;
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &first, &call), PIL_TEE_SUCCESS);
	assert_int_equal(call.p[1].size, 3 * sizeof(r[0]));
	assert_string_equal(r[1].name, "ipc");
	assert_int_equal(r[1].pa, MODEL_PTA_IPC);
	assert_int_equal(r[1].da, MODEL_PTA_DA_IPC);
	assert_int_equal(r[1].size, MODEL_PTA_IPC_SIZE);
	assert_int_equal(r[1].flags, PIL_TEE_REGION_HOST | PIL_TEE_REGION_SHARED);
	call.p[1].size = sizeof(r[0]);
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &first, &call), PIL_TEE_SHORT_BUFFER);
	assert_int_equal(call.p[1].size, 3 * sizeof(r[0]));
}

static void processors_that_are_not_for_hosts_are_only_listed(void **state)
{
	static const struct {
		uint32_t ownership;
		uint32_t listed;
	} kinds[] = { { PIL_TEE_DISABLED, PIL_TEE_DISABLED },
		      { PIL_TEE_SECURE_ONLY, PIL_TEE_SECURE_ONLY },
		      { 9, PIL_TEE_DISABLED } };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct pil_tee_processor p[MODEL_PTA_PROCESSORS] = { 0 };
		struct pil_tee_session unbound = { 0 };
		struct pil_tee_call list = {
			.command = PIL_TEE_RPROC_PROCESSORS,
			.types = PIL_TEE_TYPES(PIL_TEE_MEMREF_OUTPUT, 0, 0, 0),
			.p[0] = { .buffer = p, .size = sizeof(p) },
		};
		struct pil_tee_call open = { .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0) };

		s.m->processor[0].ownership = kinds[i].ownership;
		teescenario_start(&s);
		assert_int_equal(pil_tee_rproc_open(&s.door, PIL_TEE_LOGIN_KERNEL, &open, &unbound),
				 PIL_TEE_NOT_SUPPORTED);
		assert_int_equal(pil_tee_rproc_invoke(&s.door, &unbound, &list), PIL_TEE_SUCCESS);
		assert_int_equal(p[0].ownership, kinds[i].listed);
		assert_int_equal(p[0].state, PIL_TEE_STATE_OFF);
		assert_false(pil_pas_is_supported(&s.pas.pas, 1));
	}
	said("tee: OPEN_SESSION refused: TEE_OWNERSHIP: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_the_kernel_is_served, setup, teardown),
		cmocka_unit_test_setup_teardown(session_is_for_a_processor_that_there_is, setup, teardown),
		cmocka_unit_test_setup_teardown(session_commands_its_own_processor_only, setup, teardown),
		cmocka_unit_test_setup_teardown(one_session_at_a_time_uses_a_processor, setup, teardown),
		cmocka_unit_test_setup_teardown(sessions_of_a_dead_host_are_in_nobodys_way, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_session_ran_goes_on_when_it_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_session_only_loaded_is_cleaned_up_when_it_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_session_stopped_is_free_when_it_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_say_what_there_is, setup, teardown),
		cmocka_unit_test_setup_teardown(regions_are_the_ptas, setup, teardown),
		cmocka_unit_test_setup_teardown(processors_that_are_not_for_hosts_are_only_listed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
