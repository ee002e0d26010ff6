/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory assignment, video windows and power states at the SCM door, with the numbers that the driver sends. */
#include "memory.h"

static void assigned_memory_is_out_of_the_hosts_reach(void **state)
{
	const struct pil_range r = { GIVEN, 0x2000 };
	struct scenario *s = *state;
	uint8_t byte = 0x5a;

	assert_true(model_host_write(s->m, GIVEN, &byte, 1));
	EXPECT(give(s, GIVEN, 0x2000, HOST, MODEL_VM_CDSP, RW), 0, 0, 0, 0);
	assert_true(logged(s, "host: MP_ASSIGN accepted: 0x80040000 (+0x2000) to VMID 30 access 0x6\n"));
	assert_false(model_host_write(s->m, GIVEN + 0x1fff, &byte, 1));
	assert_false(model_host_read(s->m, GIVEN, &byte, 1));
	assert_true(model_vm_reaches(s->m, MODEL_VM_CDSP, r, RW));
	assert_false(model_vm_reaches(s->m, MODEL_VM_CDSP, r, RWX));
	assert_false(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 4));
	/* nor does the secure world take it for a buffer of the host */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(3), 0, 0, 0);
	assert_true(logged(s, "adsp: INIT_IMAGE refused: PAS_ASSIGNED: buffer 0x80040000 (+0x40) is in memory"));
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN - 8, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x2000, MODEL_VM_CDSP, HOST, RWX), 0, 0, 0, 0);
	assert_true(model_host_read(s->m, GIVEN, &byte, 1));
	assert_int_equal(byte, 0x5a); /* moved, not cleared */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(2), 0, 0, 0);
}

static void memory_can_be_shared_and_passed_on(void **state)
{
	const struct pil_vm both[] = { { HOST, RW }, { MODEL_VM_ADSP, 4 } };
	const struct pil_range r = { GIVEN, 0x1000 };
	struct scenario *s = *state;
	struct pil_assign back = { .range = r, .from_count = 2, .from = { MODEL_VM_ADSP, HOST }, .to_count = 1 };
	uint8_t byte = 1;

	EXPECT(assign(s, r, HOST, both, 2), 0, 0, 0, 0);
	assert_true(model_host_write(s->m, GIVEN, &byte, 1));
	assert_true(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 4));
	assert_false(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 2));
	/* shared is not the host's alone: no buffer */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(3), 0, 0, 0);
	/* one of two owners is not the owner */
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_CDSP, RW), MINUS(3), 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_CDSP, HOST, RWX), MINUS(3), 0, 0, 0);
	back.to[0] = (struct pil_vm){ .id = MODEL_VM_CDSP, .access = RW };
	assert_int_equal(pil_pas_assign(&s->pas, &back), 0);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_CDSP, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_ADSP, HOST, RWX), 0, 0, 0, 0);
	/* the host again, and not all of it: that is an assignment still */
	EXPECT(give(s, GIVEN, 0x1000, HOST, HOST, 4), 0, 0, 0, 0);
	assert_false(model_host_write(s->m, GIVEN, &byte, 1));
	EXPECT(give(s, GIVEN, 0x1000, HOST, HOST, RWX), 0, 0, 0, 0);
	assert_true(model_host_write(s->m, GIVEN, &byte, 1));
}

static void assignments_that_cannot_be_are_refused(void **state)
{
	static const struct {
		uint64_t base, size;
		uint32_t from, to, access;
		uint64_t status;
	} bad[] = {
		{ GIVEN, 0, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN + 0x800, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN, 0x800, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN, 0xfffffffffffff000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ 0xfffffffffffff000, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ 0x1000, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ MODEL_ADSP_BASE, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) }, /* carve-outs are the requests' own */
		{ 0x800ff000, 0x2000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN, 0x1000, MODEL_VM_ADSP, HOST, RWX, MINUS(3) }, /* not its owner */
		{ GIVEN, 0x1000, 1, HOST, RWX, MINUS(3) },
		{ GIVEN, 0x1000, HOST, 22, RW, MINUS(4) }, /* a machine that the board does not have */
		{ GIVEN, 0x1000, HOST, MODEL_VM_ADSP, 0, MINUS(4) },
		{ GIVEN, 0x1000, HOST, MODEL_VM_ADSP, 8, MINUS(4) },
		{ GIVEN + 0x10000, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) }, /* a part of what is given */
		{ GIVEN + 0x10000, 0x3000, MODEL_VM_CDSP, HOST, RWX, MINUS(3) },
		{ GIVEN + 0x11000, 0x1000, MODEL_VM_CDSP, HOST, RWX, MINUS(3) },
	};
	struct scenario *s = *state;

	EXPECT(give(s, GIVEN + 0x10000, 0x2000, HOST, MODEL_VM_CDSP, RW), 0, 0, 0, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT(give(s, bad[i].base, bad[i].size, bad[i].from, bad[i].to, bad[i].access), bad[i].status, 0, 0,
		       0);
		assert_true(model_vm_reaches(s->m, HOST, (struct pil_range){ GIVEN, 0x1000 }, RWX));
	}
	EXPECT(give(s, GIVEN + 0x10000, 0x2000, MODEL_VM_CDSP, HOST, RWX), 0, 0, 0, 0);
}

static void machines_named_twice_are_refused(void **state)
{
	const struct pil_vm twice[] = { { MODEL_VM_ADSP, RW }, { MODEL_VM_ADSP, 4 } };
	const struct pil_range r = { GIVEN, 0x1000 };
	struct scenario *s = *state;
	struct pil_assign a = { .range = r, .from_count = 2, .from = { HOST, HOST }, .to_count = 1 };

	EXPECT(assign(s, r, HOST, twice, 2), MINUS(4), 0, 0, 0);
	a.to[0] = twice[0];
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EUNSUPPORTED);
	a.from_count = 0;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	a.from_count = PIL_MAX_VMS + 1;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	a.from_count = 1;
	a.to_count = 0;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	a.to_count = PIL_MAX_VMS + 1;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	assert_int_equal(s->m->calls[MODEL_ASSIGN], 0);
}

static void lists_of_an_assignment_are_bounded(void **state)
{
	static const struct {
		uint64_t regions, region_size, sources, source_size, destinations, destination_size;
		uint64_t status;
	} bad[] = {
		{ LISTS + 64, 0, LISTS, 4, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 15, LISTS, 4, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 32, LISTS, 4, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 0, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 6, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 36, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, UINT64_MAX - 3, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 4, LISTS + 128, 0, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 4, LISTS + 128, 23, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 4, LISTS + 128, 216, MINUS(2) },
		{ 0, 16, LISTS, 4, LISTS + 128, 24, MINUS(3) },
		{ LISTS + 64, 16, UINT64_MAX - 3, 4, LISTS + 128, 24, MINUS(3) },
		{ LISTS + 64, 16, LISTS, 4, MODEL_ADSP_BASE, 24, MINUS(3) },
	};
	struct scenario *s = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t page[56] = { 0 };

		EXPECT(give(s, GIVEN, 0x1000, HOST, HOST, RWX), 0, 0, 0, 0);
		imagegen_put(page, 8, bad[i].source_size);
		imagegen_put(page + 8, 8, bad[i].destinations);
		imagegen_put(page + 16, 8, bad[i].destination_size);
		assert_true(model_host_write(s->m, PAGE, page, sizeof(page)));
		EXPECT(call(s, 0x42000c16, 0x1117, bad[i].regions, bad[i].region_size, bad[i].sources, PAGE),
		       bad[i].status, 0, 0, 0);
	}
	assert_true(logged(s, "scm: MP_ASSIGN refused: SCM_BUFFER: buffer 0x0 (+0x10) is not in memory"));
	/* the lists must be bridged, too */
	enable(s);
	(void)must_bridge(s, PAGE, 0x1000);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(3), 0, 0, 0);
	(void)must_bridge(s, LISTS, 0x1000);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
}

static void what_is_bridged_is_not_given_away_and_the_other_way_round(void **state)
{
	struct scenario *s = *state;
	uint64_t handle = 0;

	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	enable(s);
	EXPECT(bridge(s, GIVEN, 0x1000), MINUS(3), 0, 0, 0);
	(void)must_bridge(s, PAGE, 0x1000);
	(void)must_bridge(s, LISTS, 0x1000);
	handle = must_bridge(s, GIVEN + 0x1000, 0x1000);
	EXPECT(give(s, GIVEN + 0x1000, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(3), 0, 0, 0);
	EXPECT(unbridge(s, handle), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x1000, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
}

static void assignments_run_out_and_come_back(void **state)
{
	struct scenario *s = *state;

	for (unsigned int i = 0; i < PIL_MAX_ASSIGNED; i++)
		EXPECT(give(s, GIVEN + i * UINT64_C(0x1000), 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x80000, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(5), 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x3000, 0x1000, MODEL_VM_ADSP, HOST, RWX), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x80000, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
}

static void board_that_fails_to_assign_changes_nothing(void **state)
{
	const struct pil_range r = { GIVEN, 0x1000 };
	struct scenario *s = *state;

	model_fail(s->m, 6); /* host_map of page, three lists and memory, then assign */
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(1), 0, 0, 0);
	assert_int_equal(s->m->failed, 1);
	assert_true(model_vm_reaches(s->m, HOST, r, RWX));
	assert_false(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 4));
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	model_fail(s->m, 6);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_ADSP, HOST, RWX), MINUS(1), 0, 0, 0);
	assert_true(model_vm_reaches(s->m, MODEL_VM_ADSP, r, RW));
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(3), 0, 0, 0);
}

static void a_board_without_a_firewall_refuses_assignments(void **state)
{
	struct scenario *s = *state;

	s->m->board.assign = NULL;
	EXPECT(call(s, 0x42000601, 1, 0x02000c16, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(4), 0, 0, 0);
	assert_true(logged(
		s, "host: MP_ASSIGN refused: PAS_ASSIGN_NONE: this board has no firewall to assign memory with"));
	/* refused, not recorded */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(2), 0, 0, 0);
}

static void video_windows_are_set_or_refused(void **state)
{
	struct scenario *s = *state;

	EXPECT(call(s, 0x42000c08, 4, 0, 0x25800000, 0x01000000, 0x24800000), 0, 0, 0, 0);
	assert_true(model_video_reaches(s->m, 0, true));
	assert_true(model_video_reaches(s->m, 0x257fffff, true));
	assert_false(model_video_reaches(s->m, 0x25800000, true));
	assert_false(model_video_reaches(s->m, 0x00ffffff, false));
	assert_true(model_video_reaches(s->m, 0x01000000, false));
	EXPECT(call(s, 0x42000c08, 4, 0, 0x100000000, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000c08, 4, 1, 0x100000000, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000c08, 4, 0, 0, UINT64_MAX, 1), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000c08, 4, 0x1000, UINT64_MAX - 0xfff, 0, 0), MINUS(3), 0, 0, 0);
	model_fail(s->m, 1);
	EXPECT(call(s, 0x42000c08, 4, 0, 0x1000, 0, 0x1000), MINUS(1), 0, 0, 0);
	s->m->board.video_protect = NULL;
	EXPECT(call(s, 0x42000c08, 4, 0, 0x1000, 0, 0x1000), MINUS(4), 0, 0, 0);
	EXPECT(call(s, 0x42000601, 1, 0x02000c08, 0, 0, 0), 0, 0, 0, 0);
	assert_true(logged(s, "host: MP_VIDEO_VAR refused: PAS_VIDEO_NONE"));
}

static const struct pil_peripheral_desc video_only[] = {
	{
		.name = "video",
		.pas_id = 9,
		.core = 1,
		.carveout = { .base = MODEL_ADSP_BASE, .size = MODEL_ADSP_SIZE },
		.sw_id = 1,
	},
};

static const struct pil_board_desc video_desc = {
	.name = "model",
	.peripherals = video_only,
	.peripheral_count = 1,
	.core_count = 2,
};

static int setup_video(void **state)
{
	static struct scenario s;
	struct pil_device device = { 0 };
	struct pil_why why = { 0 };

	signedgen_device(&device);
	s = (struct scenario){ .m = model_new(&video_desc, &device, MODEL_IN_PLACE) };
	*state = &s;
	return s.m ? pil_pas_init(&s.pas, &s.m->board, &pil_crypto_openssl, &why) : -1;
}

static void remote_state_is_the_video_cores(void **state)
{
	struct scenario *s = *state;
	struct pil_scm_call c = { .x = { 0x4200010a, 2, 1, 0 } };

	assert_int_equal(pil_scm_peripheral(&s->pas, &c), 0);
	c.x[3] = 9;
	assert_int_equal(pil_scm_peripheral(&s->pas, &c), PIL_SCM_NO_PERIPHERAL);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), MINUS(2), 0, 0, 0); /* not running */
	assert_int_equal(scenario_start(s, 0, scenario_good()), 0);
	EXPECT(call(s, 0x4200010a, 2, 0, 0, 0, 0), 0, 0, 0, 0);
	assert_true(s->m->core[1].suspended);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), 0, 0, 0, 0);
	assert_false(s->m->core[1].suspended);
	assert_true(logged(s, "video: SET_REMOTE_STATE accepted: resume\n"));
	EXPECT(call(s, 0x4200010a, 2, 2, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 0x100000001, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 1, 1, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 1, 0x100000000, 0, 0), MINUS(2), 0, 0, 0);
	assert_true(logged(s, "scm: SET_REMOTE_STATE refused: SCM_REMOTE_ID: no remote processor has the number 1"));
	model_fail(s->m, 1);
	EXPECT(call(s, 0x4200010a, 2, 0, 0, 0, 0), MINUS(1), 0, 0, 0);
	model_core_crash(s->m, 1);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), MINUS(2), 0, 0, 0);
}

/* the video driver goes on when resume fails with exactly this */
static void without_power_states_the_driver_gets_einval(void **state)
{
	struct scenario *s = *state;

	s->m->board.core_power = NULL;
	EXPECT(call(s, 0x42000601, 1, 0x0200010a, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 0, 0, 0, 0), MINUS(2), 0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(assigned_memory_is_out_of_the_hosts_reach),
		TEST(memory_can_be_shared_and_passed_on),
		TEST(assignments_that_cannot_be_are_refused),
		TEST(machines_named_twice_are_refused),
		TEST(lists_of_an_assignment_are_bounded),
		TEST(what_is_bridged_is_not_given_away_and_the_other_way_round),
		TEST(assignments_run_out_and_come_back),
		TEST(board_that_fails_to_assign_changes_nothing),
		TEST(a_board_without_a_firewall_refuses_assignments),
		TEST(video_windows_are_set_or_refused),
		cmocka_unit_test_setup_teardown(remote_state_is_the_video_cores, setup_video, teardown),
		cmocka_unit_test_setup_teardown(without_power_states_the_driver_gets_einval, setup_video, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
