/* SPDX-License-Identifier: BSD-2-Clause */
/* The PAS door: the same core in the shape of Linux's qcom_pas_tee, with MBN images. */
#include "expect.h"

#include <string.h>

#include <pilot/wire/tee_pas.h>

#include "teescenario.h"

#define M33 1u /* PAS id */

static struct teescenario s;
static uint8_t metadata[SCENARIO_FILE_MAX];

static int setup(void **state)
{
	(void)state;
	teescenario_init(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(s.m->refused, 0);
	teescenario_done(&s);
	return 0;
}

static uint32_t send(struct pil_tee_call *call)
{
	uint32_t result = pil_tee_pas_invoke(&s.pas_door, call);

	/* no call leaves its memory within reach */
	assert_null(s.pas.board.window);
	return result;
}

static uint32_t plain(uint32_t command, uint32_t pas_id, uint32_t b)
{
	struct pil_tee_call call = {
		.command = command,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0),
		.p[0] = { .a = pas_id, .b = b },
	};

	return send(&call);
}

static uint32_t init_image(size_t size)
{
	struct pil_tee_call call = {
		.command = PIL_TEE_PAS_INIT_IMAGE,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0, 0),
		.p[0].a = M33,
		.p[1] = { .buffer = metadata, .size = size },
	};

	memcpy(metadata, scenario_good()->metadata, scenario_good()->metadata_size);
	return send(&call);
}

static uint32_t mem_setup(uint64_t address, uint32_t size)
{
	struct pil_tee_call call = {
		.command = PIL_TEE_PAS_MEM_SETUP,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, 0, 0),
		.p[0] = { .a = M33, .b = size },
		.p[1] = { .a = (uint32_t)address, .b = (uint32_t)(address >> 32) },
	};

	return send(&call);
}

static uint32_t auth(uint64_t address)
{
	struct pil_tee_call call = {
		.command = PIL_TEE_PAS_AUTH_AND_RESET,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0),
		.p[0].a = M33,
		.p[1] = { .a = (uint32_t)address, .b = (uint32_t)(address >> 32) },
	};

	return send(&call);
}

/* as mdt_loader does it */
static void copy_segments(void)
{
	const struct scenario_image *good = scenario_good();

	memset(s.m->processor[0].host, SCENARIO_FILL, MODEL_PTA_SIZE(0));
	for (unsigned int i = 0; i < good->plan.count; i++)
		memcpy(s.m->processor[0].host + (good->plan.seg[i].dest - good->plan.lowest),
		       good->file + good->plan.seg[i].offset, (size_t)good->plan.seg[i].filesz);
}

static void load(void)
{
	assert_int_equal(init_image(scenario_good()->metadata_size), PIL_TEE_SUCCESS);
	assert_int_equal(mem_setup(model_pta_desc.peripherals[0].carveout.base, (uint32_t)scenario_good()->plan.span),
			 PIL_TEE_SUCCESS);
	copy_segments();
}

static void genuine_image_runs_from_a_copy(void **state)
{
	static uint8_t expected[MODEL_PTA_SIZE(0)];
	const struct scenario_image *good = scenario_good();

	(void)state;
	load();
	assert_int_equal(auth(model_pta_desc.peripherals[0].carveout.base), PIL_TEE_SUCCESS);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_int_equal(s.m->processor[0].entry, MODEL_PTA_DA + 0x10);
	assert_int_equal(s.m->processor[0].flags, 0);
	memset(expected, 0, sizeof(expected));
	for (unsigned int i = 0; i < good->plan.count; i++)
		memcpy(expected + (good->plan.seg[i].dest - good->plan.lowest), good->file + good->plan.seg[i].offset,
		       (size_t)good->plan.seg[i].filesz);
	assert_memory_equal(s.m->processor[0].own, expected, sizeof(expected));
	assert_int_equal(plain(PIL_TEE_PAS_SHUTDOWN, M33, 0), PIL_TEE_SUCCESS);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_HELD);
	assert_true(model_pta_is_zero(s.m, 0));
	assert_null(s.m->processor[0].claim);
}

/* the host changes its memory the moment after the service has read it, at every look */
static void change_behind_the_look(struct model_pta *m, const struct pil_tee_call *call, void *arg)
{
	(void)arg;
	if (call->command == PIL_TEE_BOARD_WRITE)
		memset(m->processor[0].host, 0xbd, MODEL_PTA_SIZE(0));
}

static void what_the_host_changes_afterwards_does_not_run(void **state)
{
	(void)state;
	load();
	s.m->hook = change_behind_the_look;
	/* the segments are longer than a piece: what comes later was changed, and is found out */
	assert_int_equal(auth(0), PIL_TEE_SECURITY);
	assert_int_equal(s.pas.pas.p[0].why.reason, PIL_R_HASH_SEGMENT);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_HELD);
	assert_true(model_pta_is_zero(s.m, 0));
	s.m->hook = NULL;
	load();
	assert_int_equal(auth(0), PIL_TEE_SUCCESS);
	memset(s.m->processor[0].host, 0xbd, MODEL_PTA_SIZE(0));
	assert_memory_equal(s.m->processor[0].own, scenario_good()->file + scenario_good()->plan.seg[0].offset, 0x180);
}

static void metadata_ends_where_its_memory_does(void **state)
{
	const struct scenario_image *good = scenario_good();

	(void)state;
	for (size_t size = 0; size < good->metadata_size; size += size < 80 ? 1 : 997) {
		assert_int_not_equal(init_image(size), PIL_TEE_SUCCESS);
		assert_int_equal(s.pas.pas.p[0].state, PIL_OFF);
	}
	assert_int_equal(init_image(good->metadata_size), PIL_TEE_SUCCESS);
}

static void image_elsewhere_than_it_was_placed_is_refused(void **state)
{
	(void)state;
	load();
	assert_int_equal(auth(model_pta_desc.peripherals[0].carveout.base + 0x1000), PIL_TEE_BAD_PARAMETERS);
	assert_non_null(strstr(model_pta_log(s.m), "tee: AUTH_AND_RESET refused: TEE_PLACE: "));
	assert_int_equal(mem_setup(0x80000000, 0x4000), PIL_TEE_ACCESS_DENIED);
	assert_int_equal(auth(0), PIL_TEE_SUCCESS);
}

static void capabilities_tell_the_truth(void **state)
{
	struct pil_tee_call call = {
		.command = PIL_TEE_PAS_CAPABILITIES,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, 0, 0),
		.p[0].a = M33,
	};

	(void)state;
	assert_int_equal(plain(PIL_TEE_PAS_IS_SUPPORTED, M33, 0), PIL_TEE_SUCCESS);
	assert_int_equal(plain(PIL_TEE_PAS_IS_SUPPORTED, 18, 0), PIL_TEE_SUCCESS);
	assert_int_equal(plain(PIL_TEE_PAS_IS_SUPPORTED, 9, 0), PIL_TEE_ITEM_NOT_FOUND);
	assert_int_equal(send(&call), PIL_TEE_SUCCESS);
	assert_int_equal(call.p[1].a, PIL_CAP_LOCKED_CPU | PIL_CAP_LOCKED_DMA | PIL_CAP_CORE | PIL_CAP_ROLLBACK |
					      PIL_CAP_POWER_STATES);
}

static void resource_table_is_asked_for_twice(void **state)
{
	uint8_t table[64] = { 1 };
	struct pil_tee_call call = {
		.command = PIL_TEE_PAS_GET_RESOURCE_TABLE,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INOUT, 0, 0),
		.p[0].a = M33,
		.p[1] = { .buffer = NULL, .size = 16 },
	};

	(void)state;
	assert_int_equal(send(&call), PIL_TEE_SUCCESS);
	assert_int_equal(call.p[1].size, 16);
	call.p[1].buffer = table;
	assert_int_equal(send(&call), PIL_TEE_SUCCESS);
	assert_int_equal(call.p[1].size, 16);
	assert_int_equal(table[4], 0);
	call.p[1] = (struct pil_tee_param){ .buffer = table, .size = 15 };
	assert_int_not_equal(send(&call), PIL_TEE_SUCCESS);
	table[0] = 9;
	call.p[1] = (struct pil_tee_param){ .buffer = table, .size = 16 };
	assert_int_equal(send(&call), PIL_TEE_BAD_FORMAT);
}

static void power_states_reach_the_core(void **state)
{
	(void)state;
	assert_int_equal(plain(PIL_TEE_PAS_SET_REMOTE_STATE, M33, 0), PIL_TEE_BAD_STATE);
	load();
	assert_int_equal(auth(0), PIL_TEE_SUCCESS);
	assert_int_equal(plain(PIL_TEE_PAS_SET_REMOTE_STATE, M33, 0), PIL_TEE_SUCCESS);
	assert_true(s.m->processor[0].suspended);
	assert_int_equal(plain(PIL_TEE_PAS_SET_REMOTE_STATE, M33, 1), PIL_TEE_SUCCESS);
	assert_false(s.m->processor[0].suspended);
	assert_int_equal(plain(PIL_TEE_PAS_SET_REMOTE_STATE, M33, 2), PIL_TEE_BAD_PARAMETERS);
}

/* two shapes, one core: who has it keeps it */
static void the_other_shape_waits(void **state)
{
	struct pil_tee_session session = { 0 };

	(void)state;
	teescenario_open(&s, &session, MODEL_PTA_M33);
	assert_int_equal(teescenario_load(&s, &session, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &session, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	load();
	assert_int_equal(auth(0), PIL_TEE_BUSY);
	assert_int_equal(s.pas.pas.p[0].why.reason, PIL_R_PAS_CORE_CLAIMED);
	assert_int_equal(plain(PIL_TEE_PAS_SHUTDOWN, M33, 0), PIL_TEE_SUCCESS);
	assert_true(teescenario_runs(&s, MODEL_PTA_M33));
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_int_equal(teescenario_call(&s, &session, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &session, PIL_TEE_RPROC_RELEASE, 0), PIL_TEE_SUCCESS);
	load();
	assert_int_equal(auth(0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &session, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_BUSY);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_int_equal(plain(PIL_TEE_PAS_SHUTDOWN, M33, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &session, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
}

static void wrong_parameters_and_commands_are_refused(void **state)
{
	(void)state;
	for (uint32_t command = 0; command < 12; command++) {
		for (uint32_t types = 0; types < 0x10000; types += 0x137) {
			struct pil_tee_call call = { .command = command, .types = types, .p[0].a = M33 };
			uint32_t result = pil_tee_pas_invoke(&s.pas_door, &call);

			if (command < 1 || command > 8)
				assert_int_equal(result, PIL_TEE_BAD_PARAMETERS);
			else if ((types & 0xf) != PIL_TEE_VALUE_INPUT || types >> 12)
				assert_int_equal(result, PIL_TEE_BAD_PARAMETERS);
		}
	}
	assert_int_equal(plain(PIL_TEE_PAS_SHUTDOWN, 77, 0), PIL_TEE_ITEM_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(genuine_image_runs_from_a_copy, setup, teardown),
		cmocka_unit_test_setup_teardown(what_the_host_changes_afterwards_does_not_run, setup, teardown),
		cmocka_unit_test_setup_teardown(metadata_ends_where_its_memory_does, setup, teardown),
		cmocka_unit_test_setup_teardown(image_elsewhere_than_it_was_placed_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(capabilities_tell_the_truth, setup, teardown),
		cmocka_unit_test_setup_teardown(resource_table_is_asked_for_twice, setup, teardown),
		cmocka_unit_test_setup_teardown(power_states_reach_the_core, setup, teardown),
		cmocka_unit_test_setup_teardown(the_other_shape_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_parameters_and_commands_are_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
