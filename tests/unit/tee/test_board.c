/* SPDX-License-Identifier: BSD-2-Clause */
/* The board behind a PTA, the events door, and how clients see errors. */
#include "expect.h"

#include <string.h>

#include <pilot/wire/trace.h>

#include "teescenario.h"

static struct teescenario s;

static int setup(void **state)
{
	(void)state;
	teescenario_init(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	teescenario_done(&s);
	return 0;
}

/* a PTA that says something else than the TA was built with */
static struct {
	unsigned int change;
	struct model_pta_session session;
} liar;

static uint32_t lie(void *ctx, struct pil_tee_call *call)
{
	uint32_t result = model_pta_invoke(&liar.session, call);
	struct pil_tee_board_info *info = call->p[1].buffer;

	(void)ctx;
	if (call->command != PIL_TEE_BOARD_INFO || result)
		return result;
	switch (liar.change) {
	case 1:
		info->processor.id = 5;
		break;
	case 2:
		info->processor.name[1] ^= 1;
		break;
	case 3:
		info->region_count = PIL_TEE_BOARD_REGIONS + 1;
		break;
	case 4:
		info->region[0].size = 0;
		break;
	case 5:
		info->region[1].pa = UINT64_MAX;
		break;
	case 6:
		memset(info->region[2].name, 'x', sizeof(info->region[2].name));
		break;
	default:
		return PIL_TEE_ITEM_NOT_FOUND;
	}
	return result;
}

static void a_pta_of_another_build_is_found_out(void **state)
{
	static const uint64_t numbers[] = { 1, 2, 3, 4, 5, 6 };
	static uint8_t piece[16];

	(void)state;
	liar.session = (struct model_pta_session){ .m = s.m };
	for (liar.change = 1; liar.change <= 6; liar.change++) {
		struct pil_tee_board b = { .invoke = lie };
		struct pil_why why = { 0 };

		expect_why(pil_tee_board_init(&b, &model_pta_desc, piece, sizeof(piece), &why), &why, PIL_R_TEE_INFO, 0,
			   numbers[liar.change - 1]);
	}
	{
		struct pil_tee_board b = { .invoke = lie };
		struct pil_why why = { 0 };

		expect_why(pil_tee_board_init(&b, &model_pta_desc, piece, sizeof(piece), &why), &why, PIL_R_TEE_PTA,
			   PIL_TEE_BOARD_INFO, PIL_TEE_ITEM_NOT_FOUND);
	}
}

static void service_without_fuses_does_not_start(void **state)
{
	static struct pil_pas pas;
	struct pil_why why = { 0 };

	(void)state;
	s.m->fuses.keys.policy = 0x80;
	expect_reason(pil_pas_init(&pas, &s.rproc.board.board, &pil_crypto_openssl, &why), &why,
		      PIL_R_FUSES_KEY_POLICY);
	s.m->fuses.block.magic = 0;
	expect_reason(pil_pas_init(&pas, &s.rproc.board.board, &pil_crypto_openssl, &why), &why, PIL_R_FUSES_MAGIC);
}

static void window_shows_the_present_calls_memory_alone(void **state)
{
	struct pil_board *b = &s.pas.board.board;
	uint8_t bytes[64] = { 0 };

	(void)state;
	assert_null(b->host_map(b, (struct pil_range){ PIL_TEE_WINDOW, 1 }));
	s.pas.board.window = bytes;
	s.pas.board.window_size = sizeof(bytes);
	assert_ptr_equal(b->host_map(b, (struct pil_range){ PIL_TEE_WINDOW, 64 }), bytes);
	assert_ptr_equal(b->host_map(b, (struct pil_range){ PIL_TEE_WINDOW + 63, 1 }), bytes + 63);
	assert_null(b->host_map(b, (struct pil_range){ PIL_TEE_WINDOW, 65 }));
	assert_null(b->host_map(b, (struct pil_range){ PIL_TEE_WINDOW + 64, 1 }));
	assert_null(b->host_map(b, (struct pil_range){ PIL_TEE_WINDOW - 1, 2 }));
	assert_null(b->host_map(b, (struct pil_range){ 0x80000000, 1 }));
}

static void events_pass_through_and_nothing_else_does(void **state)
{
	struct model_pta_session session = { .m = s.m, .name = "events" };
	struct pil_tee_events door = { .invoke = model_pta_invoke, .ctx = &session };
	struct pil_tee_call call = {
		.command = PIL_TEE_EVENTS_WAIT,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, 0, 0),
		.p[0] = { .a = 1, .b = 5 },
	};
	struct pil_tee_call wrong = call;

	(void)state;
	assert_int_equal(pil_tee_events_invoke(&door, &call), PIL_TEE_SUCCESS);
	assert_int_equal(call.p[1].a, PIL_TEE_EVENT_NONE);
	s.m->processor[1].state = PIL_TEE_CORE_CRASHED;
	assert_int_equal(pil_tee_events_invoke(&door, &call), PIL_TEE_SUCCESS);
	assert_int_equal(call.p[1].a, PIL_TEE_EVENT_CRASHED);
	assert_int_equal(call.p[1].b, 1);
	call.p[0].a = 9;
	assert_int_equal(pil_tee_events_invoke(&door, &call), PIL_TEE_ITEM_NOT_FOUND);
	assert_int_equal(call.p[1].a, 0);
	wrong.command = PIL_TEE_BOARD_STOP;
	assert_int_equal(pil_tee_events_invoke(&door, &wrong), PIL_TEE_BAD_PARAMETERS);
	wrong.command = PIL_TEE_EVENTS_WAIT;
	wrong.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0);
	assert_int_equal(pil_tee_events_invoke(&door, &wrong), PIL_TEE_BAD_PARAMETERS);
	assert_int_equal(s.m->refused, 0);
}

static void records_of_the_trace_go_to_the_pta(void **state)
{
	const uint32_t event = PIL_TRACE_OF(PIL_TRACE_STATE, 1);
	unsigned int before = s.m->records;

	(void)state;
	s.rproc.pas.board->trace(s.rproc.pas.board, event, UINT64_C(0x100000002), UINT64_MAX);
	assert_int_equal(s.m->records, before + 1);
	assert_int_equal(s.m->traced, event);
}

static void every_class_has_a_result(void **state)
{
	(void)state;
	assert_int_equal(pil_tee_status(0, PIL_R_NONE), PIL_TEE_SUCCESS);
	assert_int_equal(pil_tee_status(0, PIL_R_CONTAINER_SIGNATURE), PIL_TEE_SUCCESS);
	for (int class = 1; class <= PIL_EBUFFER; class ++)
		assert_int_not_equal(pil_tee_status(-class, PIL_R_NONE), PIL_TEE_SUCCESS);
	assert_int_equal(pil_tee_status(-PIL_EBUFFER - 1, PIL_R_NONE), PIL_TEE_GENERIC);
	assert_int_equal(pil_tee_status(7, PIL_R_NONE), PIL_TEE_GENERIC);
	assert_int_equal(pil_tee_status(-PIL_EAUTH, PIL_R_CONTAINER_SIGNATURE), PIL_TEE_SIGNATURE_INVALID);
	assert_int_equal(pil_tee_status(-PIL_EAUTH, PIL_R_CONTAINER_PHDR), PIL_TEE_SECURITY);
	assert_int_equal(pil_tee_status(-PIL_EBINDING, PIL_R_ROLLBACK), PIL_TEE_ACCESS_DENIED);
}

static void a_pta_that_does_not_answer_runs_nothing(void **state)
{
	struct pil_board *b = &s.rproc.board.board;
	bool ready = true;

	(void)state;
	s.m->fail_at = 1;
	s.m->calls = 0;
	assert_int_equal(b->core_state(b, 0, &ready), PIL_CORE_CRASHED);
	assert_false(ready);
	assert_int_equal(b->core_state(b, 0, &ready), PIL_CORE_HELD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pta_of_another_build_is_found_out, setup, teardown),
		cmocka_unit_test_setup_teardown(service_without_fuses_does_not_start, setup, teardown),
		cmocka_unit_test_setup_teardown(window_shows_the_present_calls_memory_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(events_pass_through_and_nothing_else_does, setup, teardown),
		cmocka_unit_test_setup_teardown(records_of_the_trace_go_to_the_pta, setup, teardown),
		cmocka_unit_test_setup_teardown(every_class_has_a_result, setup, teardown),
		cmocka_unit_test_setup_teardown(a_pta_that_does_not_answer_runs_nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
