/* SPDX-License-Identifier: BSD-2-Clause */
/* Every command of the remoteproc door in every state that a processor can be in, for one that the TEE manages and one that the host does. */
#include "expect.h"

#include "teescenario.h"

static struct teescenario s;
static struct pil_tee_session session;
static bool kernel; /* who manages m33 */

static const uint32_t commands[] = {
	PIL_TEE_RPROC_LOAD,	    PIL_TEE_RPROC_START,   PIL_TEE_RPROC_STOP,	 PIL_TEE_RPROC_GET_RSC_TABLE,
	PIL_TEE_RPROC_GET_COREDUMP, PIL_TEE_RPROC_RELEASE, PIL_TEE_RPROC_ATTACH, PIL_TEE_RPROC_DETACH,
	PIL_TEE_RPROC_GRANT,	    PIL_TEE_RPROC_RUN,
};

static uint32_t send(uint32_t command)
{
	static uint8_t dump[MODEL_PTA_SIZE(0)];
	struct pil_tee_call call = { .command = command, .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0) };

	switch (command) {
	case PIL_TEE_RPROC_LOAD:
		return teescenario_load(&s, &session, teescenario_good(MODEL_PTA_M33, 3));
	case PIL_TEE_RPROC_GET_RSC_TABLE:
		call.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, PIL_TEE_VALUE_OUTPUT, 0);
		break;
	case PIL_TEE_RPROC_GET_COREDUMP:
		call.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_OUTPUT, 0, 0);
		call.p[1] = (struct pil_tee_param){ .buffer = dump, .size = sizeof(dump) };
		break;
	case PIL_TEE_RPROC_RUN:
		call.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, 0, 0);
		call.p[1].a = (uint32_t)TEESCENARIO_ENTRY;
		break;
	default:
		break;
	}
	return pil_tee_rproc_invoke(&s.door, &session, &call);
}

static void must(uint32_t command)
{
	assert_int_equal(send(command), PIL_TEE_SUCCESS);
}

static void make_run(void)
{
	must(kernel ? PIL_TEE_RPROC_GRANT : PIL_TEE_RPROC_LOAD);
	must(kernel ? PIL_TEE_RPROC_RUN : PIL_TEE_RPROC_START);
}

static bool occurs(enum pil_state want)
{
	return want != PIL_LOADED && want != PIL_PLACED && want != (kernel ? PIL_AUTHENTICATED : PIL_GRANTED) &&
	       !(kernel && want == PIL_LOCKED);
}

/* placing fails, and then the core will not be held either */
static void reach_locked(void)
{
	s.m->fault = MODEL_PTA_WILL_NOT_STOP;
	assert_int_equal(send(PIL_TEE_RPROC_LOAD), PIL_TEE_GENERIC);
	s.m->fault = MODEL_PTA_OK;
}

static void reach(enum pil_state want)
{
	teescenario_new(&s, false);
	s.m->processor[0].ownership = kernel ? PIL_TEE_KERNEL : PIL_TEE_MANAGED;
	s.m->fuses.block.debug = PIL_FUSES_DEBUG_COREDUMP;
	teescenario_start(&s);
	teescenario_open(&s, &session, MODEL_PTA_M33);
	if (want == PIL_LOCKED)
		reach_locked();
	if (want == PIL_AUTHENTICATED)
		must(PIL_TEE_RPROC_LOAD);
	if (want == PIL_GRANTED)
		must(PIL_TEE_RPROC_GRANT);
	if (want == PIL_RUNNING || want == PIL_CRASHED || want == PIL_INHERITED || want == PIL_STOPPED)
		make_run();
	if (want == PIL_CRASHED || want == PIL_STOPPED)
		s.m->processor[0].state = PIL_TEE_CORE_CRASHED;
	if (want == PIL_STOPPED)
		must(PIL_TEE_RPROC_STOP);
	if (want == PIL_INHERITED)
		must(PIL_TEE_RPROC_DETACH);
	(void)teescenario_state(&s, &session);
	assert_int_equal(s.rproc.pas.p[0].state, want);
}

/** struct answer - what a command must do: @to counts on success; otherwise the state stays */
struct answer {
	uint32_t result;
	enum pil_state to;
};

static struct answer yes(enum pil_state to)
{
	return (struct answer){ PIL_TEE_SUCCESS, to };
}

static struct answer no(uint32_t result)
{
	return (struct answer){ result, PIL_OFF };
}

static struct answer if_any(bool allowed, enum pil_state to)
{
	return allowed ? yes(to) : no(PIL_TEE_BAD_STATE);
}

static bool runs(enum pil_state from)
{
	return from == PIL_RUNNING || from == PIL_INHERITED;
}

/* as docs/SPEC.md section 11 has it */
static struct answer of_both(enum pil_state from, uint32_t command)
{
	switch (command) {
	case PIL_TEE_RPROC_STOP:
		return if_any(runs(from) || from == PIL_CRASHED || from == PIL_STOPPED || from == PIL_OFF,
			      from == PIL_OFF ? PIL_OFF : PIL_STOPPED);
	case PIL_TEE_RPROC_RELEASE:
		return if_any(!runs(from), PIL_OFF);
	case PIL_TEE_RPROC_ATTACH:
		return if_any(from != PIL_OFF, from == PIL_INHERITED ? PIL_RUNNING : from);
	default:
		return if_any(runs(from), PIL_INHERITED);
	}
}

static struct answer expected(enum pil_state from, uint32_t command)
{
	bool kernels = command == PIL_TEE_RPROC_GRANT || command == PIL_TEE_RPROC_RUN;
	bool tees = command == PIL_TEE_RPROC_LOAD || command == PIL_TEE_RPROC_START ||
		    command == PIL_TEE_RPROC_GET_RSC_TABLE || command == PIL_TEE_RPROC_GET_COREDUMP;

	if ((kernel && tees) || (!kernel && kernels))
		return no(PIL_TEE_NOT_SUPPORTED);
	switch (command) {
	case PIL_TEE_RPROC_LOAD:
		return if_any(!runs(from) && from != PIL_CRASHED, PIL_AUTHENTICATED);
	case PIL_TEE_RPROC_START:
		return if_any(from == PIL_AUTHENTICATED || from == PIL_RUNNING, PIL_RUNNING);
	case PIL_TEE_RPROC_GET_RSC_TABLE:
		return if_any(from == PIL_AUTHENTICATED || runs(from) || from == PIL_CRASHED, from);
	case PIL_TEE_RPROC_GET_COREDUMP:
		return if_any(from == PIL_CRASHED || from == PIL_STOPPED, from);
	case PIL_TEE_RPROC_GRANT:
		return if_any(from == PIL_OFF || from == PIL_STOPPED || from == PIL_GRANTED, PIL_GRANTED);
	case PIL_TEE_RPROC_RUN:
		return if_any(from == PIL_GRANTED, PIL_RUNNING);
	default:
		return of_both(from, command);
	}
}

static void assert_one(enum pil_state from, uint32_t command)
{
	struct answer wanted = expected(from, command);

	reach(from);
	assert_int_equal(send(command), wanted.result);
	assert_int_equal(s.rproc.pas.p[0].state, wanted.result == PIL_TEE_SUCCESS ? wanted.to : from);
	if (s.rproc.pas.p[0].state == PIL_OFF) {
		assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
		assert_null(s.m->processor[0].claim);
		assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_HELD);
	}
	assert_int_equal(s.m->refused, 0);
	teescenario_done(&s);
}

static void every_command_in_every_state(void **state)
{
	unsigned int tried = 0;

	(void)state;
	for (unsigned int owner = 0; owner < 2; owner++) {
		kernel = owner == 1;
		for (unsigned int from = 0; from < PIL_STATES; from++) {
			if (!occurs((enum pil_state)from))
				continue;
			for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++, tried++)
				assert_one((enum pil_state)from, commands[i]);
		}
	}
	assert_int_equal(tried, (7 + 6) * 10);
}

static void what_the_host_manages_runs_from_its_memory(void **state)
{
	(void)state;
	kernel = true;
	reach(PIL_RUNNING);
	assert_int_equal(s.m->processor[0].flags, PIL_TEE_START_HOST_MEMORY);
	assert_int_equal(s.m->processor[0].entry, TEESCENARIO_ENTRY);
	/* ready or not: no version of it was ever accepted */
	s.m->processor[0].ready = true;
	must(PIL_TEE_RPROC_STOP);
	assert_int_equal(s.m->counters.count, 0);
	teescenario_done(&s);
}

static void crash_of_a_detached_processor_is_seen(void **state)
{
	(void)state;
	kernel = false;
	reach(PIL_INHERITED);
	s.m->processor[0].state = PIL_TEE_CORE_CRASHED;
	assert_int_equal(teescenario_state(&s, &session), PIL_TEE_STATE_CRASHED);
	must(PIL_TEE_RPROC_STOP);
	must(PIL_TEE_RPROC_GET_COREDUMP);
	teescenario_done(&s);
}

static void what_earlier_firmware_started_can_be_attached_to(void **state)
{
	(void)state;
	kernel = false;
	teescenario_new(&s, false);
	s.m->processor[0].state = PIL_TEE_CORE_RUNNING;
	s.m->processor[0].ready = true;
	teescenario_start_rproc(&s);
	teescenario_open(&s, &session, MODEL_PTA_M33);
	assert_int_equal(teescenario_state(&s, &session), PIL_TEE_STATE_INHERITED);
	must(PIL_TEE_RPROC_ATTACH);
	assert_int_equal(teescenario_state(&s, &session), PIL_TEE_STATE_RUNNING);
	/* whose version is not known counts for nothing */
	assert_int_equal(s.m->counters.count, 0);
	s.m->processor[0].state = PIL_TEE_CORE_CRASHED;
	must(PIL_TEE_RPROC_STOP);
	assert_int_equal(send(PIL_TEE_RPROC_GET_COREDUMP), PIL_TEE_ACCESS_DENIED);
	assert_int_equal(s.rproc.pas.p[0].why.reason, PIL_R_PAS_DUMP_POLICY);
	must(PIL_TEE_RPROC_RELEASE);
	must(PIL_TEE_RPROC_LOAD);
	assert_int_equal(s.m->refused, 0);
	teescenario_done(&s);
}

static void what_another_service_stopped_is_off(void **state)
{
	(void)state;
	kernel = false;
	teescenario_new(&s, false);
	s.m->processor[0].state = PIL_TEE_CORE_RUNNING;
	teescenario_start_rproc(&s);
	teescenario_open(&s, &session, MODEL_PTA_M33);
	s.m->processor[0].state = PIL_TEE_CORE_HELD;
	assert_int_equal(teescenario_state(&s, &session), PIL_TEE_STATE_OFF);
	must(PIL_TEE_RPROC_LOAD);
	teescenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_in_every_state),
		cmocka_unit_test(what_the_host_manages_runs_from_its_memory),
		cmocka_unit_test(crash_of_a_detached_processor_is_seen),
		cmocka_unit_test(what_earlier_firmware_started_can_be_attached_to),
		cmocka_unit_test(what_another_service_stopped_is_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
