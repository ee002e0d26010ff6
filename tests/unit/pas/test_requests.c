/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests in all states, on the model board, with really signed images. */
#include "expect.h"

#include <string.h>

#include "scenario.h"

/* the way in which the machine keeps the host away: all tests run once for each */
static enum model_lock lock;

/* bring adsp (or its companion, which has no core) into a state; the machine is new */
static unsigned int reach(struct scenario *s, enum pil_state want);

/* stop in the middle of AUTH, as a host does that never resumes */
static jmp_buf abandoned;

static void abandon_after_lock(struct model *m, enum model_call call, void *arg)
{
	(void)arg;
	/* the carve-out is looked at once, behind the lock, and not for metadata, which took three looks */
	if (call == MODEL_HOST_MAP && m->calls[MODEL_HOST_MAP] == 4)
		longjmp(abandoned, 1);
}

static void reach_locked(struct scenario *s)
{
	assert_int_equal(scenario_load(s, MODEL_ADSP, scenario_good()), 0);
	s->m->hook = abandon_after_lock;
	if (!setjmp(abandoned)) {
		(void)pil_pas_auth_and_reset(&s->pas, MODEL_ADSP);
		fail_msg("AUTH was not stopped");
	}
	s->m->hook = NULL;
	pil_pas_abandon(&s->pas, MODEL_ADSP);
}

static unsigned int reach(struct scenario *s, enum pil_state want)
{
	unsigned int index = want == PIL_AUTHENTICATED ? MODEL_ADSP_DTB : MODEL_ADSP;

	if (want == PIL_INHERITED)
		scenario_init_core(s, lock);
	else
		scenario_init(s, lock);
	scenario_put_metadata(s, scenario_good());
	if (want == PIL_LOADED)
		assert_int_equal(pil_pas_init_image(&s->pas, index, SCENARIO_METADATA), 0);
	if (want == PIL_PLACED)
		assert_int_equal(scenario_load(s, index, scenario_good()), 0);
	if (want == PIL_LOCKED)
		reach_locked(s);
	if (want == PIL_AUTHENTICATED || want == PIL_RUNNING || want == PIL_CRASHED)
		assert_int_equal(scenario_start(s, index, scenario_good()), 0);
	if (want == PIL_CRASHED) {
		model_core_crash(s->m, 0);
		assert_int_equal(pil_pas_mem_setup(&s->pas, index, scenario_where(s, index, scenario_good())),
				 -PIL_ESTATE);
	}
	assert_int_equal(s->pas.p[index].state, want);
	return index;
}

static void good_image_runs(void **state)
{
	struct scenario s;
	static const uint8_t zero[MODEL_ADSP_SIZE];
	const struct scenario_image *good = scenario_good();
	struct pil_range carveout = model_desc.peripherals[MODEL_ADSP].carveout;
	const uint8_t *bytes = NULL;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, good), 0);
	assert_int_equal(s.pas.p[MODEL_ADSP].state, PIL_RUNNING);
	assert_int_equal(s.m->core[0].state, PIL_CORE_RUNNING);
	assert_int_equal(s.m->core[0].start.entry, MODEL_ADSP_BASE + 0x10);
	assert_int_equal(s.m->core[0].start.image.base, MODEL_ADSP_BASE);
	assert_int_equal(s.m->core[0].start.image.size, good->plan.span);
	assert_true(scenario_is_kept(&s, MODEL_ADSP));
	assert_int_equal(pil_memory_owner(&s.pas.memory, carveout.base), MODEL_ADSP);
	assert_int_equal(s.pas.streams.entry[0].disposition, PIL_STREAM_TRANSLATING);
	assert_int_equal(s.pas.streams.entry[2].disposition, PIL_STREAM_ABORT);
	/* code as in the file; everything that the file does not have is zero, down to the end of the carve-out */
	bytes = model_core_bytes(s.m, 0);
	assert_memory_equal(bytes, good->file + good->plan.seg[0].offset, 0x180);
	assert_memory_equal(bytes + 0x180, zero, 0x1000 - 0x180);
	assert_memory_equal(bytes + 0x1080, zero, MODEL_ADSP_SIZE - 0x1080);
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void every_decision_is_one_line(void **state)
{
	const char *const wanted[] = {
		"adsp: INIT_IMAGE accepted: 3 segments, 16384 bytes, relocatable, hash segment version 6 of ",
		"adsp: MEM_SETUP accepted: 16384 bytes at 0x90000000\n",
		"adsp: AUTH_AND_RESET accepted: 3 certificates, root ",
		", 3 segments, 512 bytes, 100 us\n",
		lock & MODEL_BY_COPY ? "adsp: SHUTDOWN accepted: was RUNNING, 131072 bytes scrubbed\n"
				     : "adsp: SHUTDOWN accepted: was RUNNING, 65536 bytes scrubbed\n",
		"adsp: MEM_SETUP refused: PAS_STATE: request 1 is not allowed in state 0\n",
	};
	struct scenario s;
	const char *at = NULL;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(pil_pas_mem_setup(&s.pas, MODEL_ADSP, (struct pil_range){ 0 }), -PIL_ESTATE);
	at = model_log_text(s.m);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		at = strstr(at, wanted[i]);
		assert_non_null(at);
	}
	scenario_done(&s);
}

static void image_at_fixed_addresses_runs_where_it_says(void **state)
{
	struct scenario s;
	struct pil_range where = { .base = MODEL_ADSP_BASE, .size = 0x8000 };

	(void)state;
	scenario_init(&s, lock);
	scenario_put_metadata(&s, scenario_fixed());
	assert_int_equal(pil_pas_init_image(&s.pas, MODEL_ADSP, SCENARIO_METADATA), 0);
	assert_int_equal(pil_pas_mem_setup(&s.pas, MODEL_ADSP, where), -PIL_ESTATE);
	assert_int_equal(s.pas.p[MODEL_ADSP].why.reason, PIL_R_PAS_MEM_FIXED);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_fixed()), 0);
	assert_int_equal(s.m->core[0].start.entry, MODEL_ADSP_BASE + 0x2010);
	assert_int_equal(s.m->core[0].start.image.base, MODEL_ADSP_BASE + 0x2000);
	/* in another peripheral's memory it is refused as soon as its headers are read */
	scenario_put_metadata(&s, scenario_fixed());
	assert_int_equal(pil_pas_init_image(&s.pas, MODEL_CDSP, SCENARIO_METADATA), -PIL_ERANGE);
	assert_int_equal(s.pas.p[MODEL_CDSP].why.reason, PIL_R_PLAN_OUTSIDE);
	assert_null(scenario_is_off(&s, MODEL_CDSP));
	scenario_done(&s);
}

static void peripheral_without_core_is_authenticated(void **state)
{
	struct scenario s;
	unsigned int index = reach(&s, PIL_AUTHENTICATED);

	(void)state;
	assert_int_equal(s.m->calls[MODEL_CORE_START], 0);
	assert_int_equal(s.m->calls[MODEL_CORE_STOP], 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, index), 0);
	assert_null(scenario_is_off(&s, index));
	assert_true(model_is_zero(s.m, s.pas.p[index].desc->carveout));
	scenario_done(&s);
}

static void init_image_again_in_every_state(void **state)
{
	(void)state;
	for (unsigned int from = 0; from < SCENARIO_STATES; from++) {
		struct scenario s;
		unsigned int index = reach(&s, (enum pil_state)from);

		scenario_put_metadata(&s, scenario_good());
		assert_int_equal(pil_pas_init_image(&s.pas, index, SCENARIO_METADATA), 0);
		assert_int_equal(s.pas.p[index].state, PIL_LOADED);
		assert_int_equal(s.m->core[0].state, PIL_CORE_HELD);
		assert_false(model_is_locked(s.m, s.pas.p[index].desc->carveout));
		assert_null(s.m->violation);
		assert_int_equal(scenario_start(&s, index, scenario_good()), 0);
		scenario_done(&s);
	}
}

static void bad_init_image_leaves_off_in_every_state(void **state)
{
	(void)state;
	for (unsigned int from = 0; from < SCENARIO_STATES; from++) {
		struct scenario s;
		unsigned int index = reach(&s, (enum pil_state)from);

		assert_int_equal(pil_pas_init_image(&s.pas, index, 0x1000), -PIL_ERANGE);
		assert_int_equal(s.pas.p[index].why.reason, PIL_R_PAS_METADATA_RANGE);
		assert_null(scenario_is_off(&s, index));
		scenario_done(&s);
	}
}

static void shutdown_succeeds_in_every_state(void **state)
{
	(void)state;
	for (unsigned int from = 0; from < SCENARIO_STATES; from++) {
		struct scenario s;
		unsigned int index = reach(&s, (enum pil_state)from);
		bool had = from >= PIL_LOCKED;

		assert_int_equal(pil_pas_shutdown(&s.pas, index), 0);
		assert_null(scenario_is_off(&s, index));
		assert_true(!had || model_is_zero(s.m, s.pas.p[index].desc->carveout));
		assert_int_equal(pil_pas_shutdown(&s.pas, index), 0);
		scenario_done(&s);
	}
}

static void other_requests_are_refused_where_they_make_no_sense(void **state)
{
	(void)state;
	for (unsigned int from = 0; from < SCENARIO_STATES; from++) {
		struct scenario s;
		unsigned int index = reach(&s, (enum pil_state)from);
		bool placeable = from == PIL_LOADED || from == PIL_PLACED;
		struct pil_range where = scenario_where(&s, index, scenario_good());

		if (from != PIL_PLACED) {
			assert_int_equal(pil_pas_auth_and_reset(&s.pas, index), -PIL_ESTATE);
			assert_int_equal(s.pas.p[index].why.reason,
					 from == PIL_LOADED ? PIL_R_PAS_NOT_PLACED : PIL_R_PAS_STATE);
			assert_int_equal(s.pas.p[index].state, from);
		}
		assert_int_equal(pil_pas_mem_setup(&s.pas, index, where), placeable ? 0 : -PIL_ESTATE);
		assert_int_equal(s.pas.p[index].state, placeable ? PIL_PLACED : (enum pil_state)from);
		if (s.pas.p[index].desc->core == PIL_NO_CORE)
			assert_int_equal(pil_pas_set_remote_state(&s.pas, index, 1), -PIL_EUNSUPPORTED);
		else
			assert_int_equal(pil_pas_set_remote_state(&s.pas, index, 1),
					 from == PIL_RUNNING ? 0 : -PIL_ESTATE);
		assert_int_equal(pil_pas_set_remote_state(&s.pas, index, 2), -PIL_EARG);
		s.m->board.core_power = NULL;
		assert_int_equal(pil_pas_set_remote_state(&s.pas, index, 1), -PIL_EUNSUPPORTED);
		assert_true(pil_pas_is_supported(&s.pas, 18));
		assert_false(pil_pas_is_supported(&s.pas, MODEL_NO_PAS_ID));
		assert_null(s.m->violation);
		scenario_done(&s);
	}
}

static void index_out_of_range_is_no_peripheral(void **state)
{
	struct scenario s;
	struct pil_range none = { 0 };
	size_t needed = 1;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(pil_pas_init_image(&s.pas, MODEL_COUNT, SCENARIO_METADATA), -PIL_ENOENT);
	assert_int_equal(pil_pas_mem_setup(&s.pas, MODEL_COUNT, none), -PIL_ENOENT);
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, UINT32_MAX), -PIL_ENOENT);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_COUNT), -PIL_ENOENT);
	assert_int_equal(pil_pas_get_rsc_table(&s.pas, MODEL_COUNT, none, none, &needed), -PIL_ENOENT);
	assert_int_equal(needed, 0);
	assert_int_equal(pil_pas_set_remote_state(&s.pas, MODEL_COUNT, 0), -PIL_ENOENT);
	pil_pas_abandon(&s.pas, MODEL_COUNT);
	scenario_done(&s);
}

static void memory_must_fit(void **state)
{
	static const struct {
		struct pil_range range;
		enum pil_reason reason;
	} bad[] = {
		{ { MODEL_ADSP_BASE, 0x3fff }, PIL_R_PLAN_MEM_SETUP },
		{ { MODEL_ADSP_BASE, 0 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_ADSP_BASE + 8, 0x4000 }, PIL_R_PAS_MEM_ALIGN },
		{ { MODEL_ADSP_BASE + MODEL_ADSP_SIZE - 0x1000, 0x4000 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_ADSP_BASE, UINT64_MAX }, PIL_R_PAS_MEM_RANGE },
		{ { UINT64_MAX - 0xfff, 0x4000 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_RAM_BASE, 0x4000 }, PIL_R_PAS_MEM_RANGE },
		{ { 0x90010000, 0x4000 }, PIL_R_PAS_MEM_RANGE },
	};
	struct scenario s;
	unsigned int index = reach(&s, PIL_LOADED);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int err = pil_pas_mem_setup(&s.pas, index, bad[i].range);

		expect_reason(err, &s.pas.p[index].why, bad[i].reason);
		assert_int_equal(s.pas.p[index].state, PIL_LOADED);
	}
	/* an end that is not aligned to pages is what Linux computes for some images */
	assert_int_equal(pil_pas_mem_setup(&s.pas, index, (struct pil_range){ MODEL_ADSP_BASE + 0x1000, 0x4001 }), 0);
	/* and it may be moved again */
	assert_int_equal(pil_pas_mem_setup(&s.pas, index, (struct pil_range){ MODEL_ADSP_BASE, 0x4000 }), 0);
	assert_true(scenario_copy(&s, index, scenario_good()));
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, index), 0);
	assert_int_equal(s.m->core[0].start.entry, MODEL_ADSP_BASE + 0x10);
	scenario_done(&s);
}

static void crash_is_seen_and_recovered_from(void **state)
{
	struct scenario s;
	unsigned int index = reach(&s, PIL_CRASHED);

	(void)state;
	assert_non_null(strstr(model_log_text(s.m), "adsp: CRASH seen: core 0 was stopped by a fault of its own"));
	assert_int_equal(pil_pas_shutdown(&s.pas, index), 0);
	assert_non_null(strstr(model_log_text(s.m), "SHUTDOWN accepted: was CRASHED"));
	assert_null(scenario_is_off(&s, index));
	assert_int_equal(scenario_start(&s, index, scenario_good()), 0);
	scenario_done(&s);
}

static void what_earlier_firmware_started_keeps_what_it_has(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init_core(&s, lock);
	assert_int_equal(s.pas.p[MODEL_ADSP].state, PIL_INHERITED);
	assert_int_equal(s.pas.p[MODEL_ADSP_LITE].state, PIL_OFF);
	assert_int_equal(s.pas.cores.holder[0], MODEL_ADSP);
	assert_int_equal(s.pas.streams.entry[0].disposition, PIL_STREAM_INHERITED);
	assert_int_equal(s.pas.streams.entry[2].disposition, PIL_STREAM_ABORT);
	assert_int_equal(model_is_locked(s.m, s.pas.p[MODEL_ADSP].desc->carveout), lock & MODEL_IN_PLACE);
	assert_int_equal(s.m->core[0].state, PIL_CORE_RUNNING);
	assert_int_equal(s.m->calls[MODEL_CORE_STOP], 0);
	scenario_done(&s);
}

static void lite_image_waits_for_the_core(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(scenario_load(&s, MODEL_ADSP_LITE, scenario_good()), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP_LITE), -PIL_ESTATE);
	assert_int_equal(s.pas.p[MODEL_ADSP_LITE].why.reason, PIL_R_PAS_CORE_TAKEN);
	assert_null(scenario_is_off(&s, MODEL_ADSP_LITE));
	/* refusing the one, or shutting it down, must not touch the other */
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP_LITE), 0);
	assert_int_equal(s.pas.p[MODEL_ADSP].state, PIL_RUNNING);
	assert_int_equal(s.m->core[0].state, PIL_CORE_RUNNING);
	assert_true(scenario_is_kept(&s, MODEL_ADSP));
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP_LITE, scenario_good()), 0);
	scenario_done(&s);
}

static void two_peripherals_run_at_once(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(scenario_start(&s, MODEL_ADSP_DTB, scenario_good()), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_int_equal(scenario_start(&s, MODEL_CDSP, scenario_good()), 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(s.m->core[1].state, PIL_CORE_RUNNING);
	assert_int_equal(s.pas.p[MODEL_CDSP].state, PIL_RUNNING);
	assert_int_equal(s.pas.p[MODEL_ADSP_DTB].state, PIL_AUTHENTICATED);
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void board_without_firewall_runs_it_too(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_OPEN);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE), MODEL_ADSP);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	assert_true(model_is_zero(s.m, s.pas.p[MODEL_ADSP].desc->carveout));
	scenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_image_runs),
		cmocka_unit_test(every_decision_is_one_line),
		cmocka_unit_test(image_at_fixed_addresses_runs_where_it_says),
		cmocka_unit_test(peripheral_without_core_is_authenticated),
		cmocka_unit_test(init_image_again_in_every_state),
		cmocka_unit_test(bad_init_image_leaves_off_in_every_state),
		cmocka_unit_test(shutdown_succeeds_in_every_state),
		cmocka_unit_test(other_requests_are_refused_where_they_make_no_sense),
		cmocka_unit_test(index_out_of_range_is_no_peripheral),
		cmocka_unit_test(memory_must_fit),
		cmocka_unit_test(crash_is_seen_and_recovered_from),
		cmocka_unit_test(what_earlier_firmware_started_keeps_what_it_has),
		cmocka_unit_test(lite_image_waits_for_the_core),
		cmocka_unit_test(two_peripherals_run_at_once),
		cmocka_unit_test(board_without_firewall_runs_it_too),
	};

	int failed = 0;

	for (lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++)
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
