/* SPDX-License-Identifier: BSD-2-Clause */
/* Rollback counters: the log in flash, with the power cut after every single step, and what the service makes of them. */
#include <string.h>

#include <pilot/wire/counters.h>

#include "expect.h"
#include "scenario.h"

#define IDS    3u
#define ROUNDS 40u /* of all ids: the sectors change places several times */
#define PLACES (MODEL_SECTOR / PIL_COUNTERS_RECORD)

static uint32_t read_back(struct pil_counters *c, uint32_t sw_id)
{
	struct pil_why why = { 0 };
	uint32_t version = 0;
	int err = pil_counters_read(c, sw_id, &version, &why);

	if (err)
		fail_msg("%s", pil_reason_name(why.reason));
	return version;
}

static void new_flash_counts_from_zero_and_remembers(void **state)
{
	struct model_flash flash;
	struct pil_counters c = { 0 };

	(void)state;
	model_flash_init(&flash);
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	assert_int_equal(read_back(&c, 4), 0);
	assert_int_equal(pil_counters_advance(&c, 4, 7, NULL), 0);
	assert_int_equal(pil_counters_advance(&c, 0, 9, NULL), 0);
	assert_int_equal(pil_counters_advance(&c, UINT32_MAX, UINT32_MAX, NULL), 0);
	assert_int_equal(pil_counters_advance(&c, 4, 6, NULL), 0); /* never down */
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	assert_int_equal(read_back(&c, 4), 7);
	assert_int_equal(read_back(&c, 0), 9);
	assert_int_equal(read_back(&c, UINT32_MAX), UINT32_MAX);
	assert_int_equal(read_back(&c, 5), 0);
}

static void what_changes_nothing_is_not_written(void **state)
{
	struct model_flash flash;
	struct pil_counters c = { 0 };
	unsigned long steps = 0;

	(void)state;
	model_flash_init(&flash);
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	assert_int_equal(pil_counters_advance(&c, 4, 7, NULL), 0);
	steps = flash.steps;
	assert_int_equal(pil_counters_advance(&c, 4, 7, NULL), 0);
	assert_int_equal(pil_counters_advance(&c, 5, 0, NULL), 0);
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	assert_int_equal(flash.steps, steps);
}

/* Return: false when the power went; @acknowledged: what each id must have at least */
static bool work(struct pil_counters *c, uint32_t acknowledged[IDS], uint32_t tried[IDS])
{
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		for (uint32_t id = 0; id < IDS; id++) {
			tried[id] = round;
			if (pil_counters_advance(c, id, round, NULL))
				return false;
			acknowledged[id] = round;
		}
	}
	return true;
}

/* the power comes back, goes again after @again steps, and comes back for good */
static void check_after_cut(struct model_flash *flash, const uint32_t acknowledged[IDS], const uint32_t tried[IDS],
			    unsigned long again)
{
	struct pil_counters c = { 0 };

	model_flash_power(flash, again);
	if (!pil_counters_open(&c, &flash->store, NULL))
		(void)pil_counters_advance(&c, IDS, 1, NULL);
	model_flash_restore(flash);
	assert_int_equal(pil_counters_open(&c, &flash->store, NULL), 0);
	for (uint32_t id = 0; id < IDS; id++) {
		const uint32_t version = read_back(&c, id);

		/* not below what was acknowledged, nothing that nobody wrote */
		assert_true(version >= acknowledged[id] && version <= tried[id]);
	}
	assert_true(c.count <= IDS + 1);
	assert_int_equal(pil_counters_advance(&c, 1, ROUNDS + 1, NULL), 0);
	assert_int_equal(pil_counters_open(&c, &flash->store, NULL), 0);
	assert_int_equal(read_back(&c, 1), ROUNDS + 1);
	assert_true(read_back(&c, 0) >= acknowledged[0] && read_back(&c, 2) >= acknowledged[2]);
	assert_null(flash->violation);
}

static void power_cut_after_every_step_loses_nothing(void **state)
{
	static const unsigned long agains[] = { 0, 1, 5, 17, 33, 64 };
	unsigned long cuts = 0;
	bool ended = false;

	(void)state;
	for (cuts = 0; !ended; cuts++) {
		struct model_flash flash;
		struct pil_counters c = { 0 };
		uint32_t acknowledged[IDS] = { 0 };
		uint32_t tried[IDS] = { 0 };

		model_flash_init(&flash);
		model_flash_power(&flash, cuts);
		ended = !pil_counters_open(&c, &flash.store, NULL) && work(&c, acknowledged, tried);
		check_after_cut(&flash, acknowledged, tried, agains[cuts % (sizeof(agains) / sizeof(agains[0]))]);
	}
	/* every record and header is 16 bytes of two steps each, and the sectors changed places at least twice */
	assert_true(cuts > IDS * ROUNDS * 32 + 2 * 4);
}

/* while the machine stays on after a write that failed, too */
static void failed_write_is_looked_at_again(void **state)
{
	struct model_flash flash;
	struct pil_counters c = { 0 };
	struct pil_why why = { 0 };
	uint32_t version = 0;

	(void)state;
	model_flash_init(&flash);
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	assert_int_equal(pil_counters_advance(&c, 1, 3, NULL), 0);
	model_flash_power(&flash, 20);
	expect_reason(pil_counters_advance(&c, 1, 5, &why), &why, PIL_R_COUNTERS_FLASH);
	expect_reason(pil_counters_read(&c, 1, &version, &why), &why, PIL_R_COUNTERS_FLASH);
	model_flash_restore(&flash);
	assert_int_equal(read_back(&c, 1), 3);
	assert_int_equal(pil_counters_advance(&c, 1, 5, NULL), 0);
	assert_int_equal(read_back(&c, 1), 5);
	assert_null(flash.violation);
}

static void torn_records_are_not_believed(void **state)
{
	(void)state;
	for (unsigned int byte = 0; byte < PIL_COUNTERS_RECORD; byte++) {
		struct model_flash flash;
		struct pil_counters c = { 0 };

		model_flash_init(&flash);
		assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
		assert_int_equal(pil_counters_advance(&c, 1, 3, NULL), 0);
		assert_int_equal(pil_counters_advance(&c, 1, 0x01020304, NULL), 0);
		flash.bytes[0][2 * PIL_COUNTERS_RECORD + byte] ^= 0x10;
		assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
		assert_int_equal(read_back(&c, 1), 3);
		assert_int_equal(c.count, 1);
	}
}

static void log_without_a_header_is_damaged_and_not_new(void **state)
{
	struct model_flash flash;
	struct pil_counters c = { 0 };
	struct pil_why why = { 0 };
	uint32_t version = 1;

	(void)state;
	model_flash_init(&flash);
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	assert_int_equal(pil_counters_advance(&c, 1, 3, NULL), 0);
	flash.bytes[0][0] ^= 1;
	expect_why(pil_counters_open(&c, &flash.store, &why), &why, PIL_R_COUNTERS_LOST, 0, PIL_COUNTERS_RECORD);
	expect_reason(pil_counters_read(&c, 1, &version, &why), &why, PIL_R_COUNTERS_LOST);
	expect_reason(pil_counters_advance(&c, 1, 4, &why), &why, PIL_R_COUNTERS_LOST);
	model_flash_init(&flash);
	flash.bytes[1][MODEL_SECTOR - 1] = 0;
	expect_why(pil_counters_open(&c, &flash.store, &why), &why, PIL_R_COUNTERS_LOST, 1,
		   MODEL_SECTOR - PIL_COUNTERS_RECORD);
	memset(flash.bytes, 0, sizeof(flash.bytes));
	expect_reason(pil_counters_open(&c, &flash.store, &why), &why, PIL_R_COUNTERS_LOST);
}

static void as_many_ids_as_promised_fit_and_move_along(void **state)
{
	struct model_flash flash;
	struct pil_counters c = { 0 };
	struct pil_why why = { 0 };

	(void)state;
	model_flash_init(&flash);
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	for (uint32_t id = 0; id < PIL_COUNTERS_MAX; id++)
		assert_int_equal(pil_counters_advance(&c, id, id + 1, NULL), 0);
	expect_why(pil_counters_advance(&c, 99, 1, &why), &why, PIL_R_COUNTERS_FULL, 99, PIL_COUNTERS_MAX);
	for (uint32_t n = 0; n < 3 * PLACES; n++)
		assert_int_equal(pil_counters_advance(&c, 5, 100 + n, NULL), 0);
	assert_true(c.generation > 3);
	assert_int_equal(pil_counters_open(&c, &flash.store, NULL), 0);
	for (uint32_t id = 0; id < PIL_COUNTERS_MAX; id++)
		assert_int_equal(read_back(&c, id), id == 5 ? 99 + 3 * PLACES : id + 1);
	assert_null(flash.violation);
}

static void sectors_of_a_wrong_size_are_refused(void **state)
{
	static const uint32_t sizes[] = { 0, 16, PIL_COUNTERS_SECTOR_MIN - 16, PIL_COUNTERS_SECTOR_MIN + 4, UINT32_MAX };
	struct model_flash flash;
	struct pil_counters c = { 0 };
	struct pil_why why = { 0 };

	(void)state;
	model_flash_init(&flash);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		flash.store.sector_size = sizes[i];
		expect_why(pil_counters_open(&c, &flash.store, &why), &why, PIL_R_COUNTERS_SECTOR, sizes[i],
			   PIL_COUNTERS_SECTOR_MIN);
	}
}

/* ---- the service ---- */

static struct scenario_image versions[3];

static int make_versions(void **state)
{
	(void)state;
	for (uint32_t v = 0; v < 3; v++) {
		struct signedgen g = { 0 };

		signedgen_init(&g, false);
		g.image.metadata[PIL_OEM][29] = v + 1; /* rollback version */
		scenario_image(&versions[v], &g);
	}
	return 0;
}

static void expect_rollback(struct scenario *s, unsigned int index, uint32_t version, uint32_t least)
{
	int err = scenario_start(s, index, &versions[version - 1]);

	expect_why(err, &s->pas.p[index].why, PIL_R_ROLLBACK, version, least);
	assert_null(scenario_is_off(s, index));
}

static void older_image_is_refused_once_a_newer_one_was_ready(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, true);
	assert_true(pil_pas_capabilities(&s.pas, MODEL_ADSP) & PIL_CAP_ROLLBACK);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[1]), 0);
	model_core_ready(s.m, 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	expect_rollback(&s, MODEL_ADSP, 1, 2);
	expect_rollback(&s, MODEL_CDSP, 1, 2); /* the counter belongs to the software id */
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[1]), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[2]), 0);
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void newer_image_that_never_was_ready_shuts_nobody_out(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, true);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[2]), 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[1]), 0);
	model_core_crash(s.m, 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[0]), 0);
	assert_int_equal(s.m->calls[MODEL_COUNTER_ADVANCE], 0);
	/* what is refused never counts, however ready the core looks */
	model_core_ready(s.m, 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(read_back(&s.m->counters, 1), 1);
	scenario_done(&s);
}

static void image_that_was_ready_and_crashed_counts(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, true);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[1]), 0);
	model_core_ready(s.m, 0);
	model_core_crash(s.m, 0);
	expect_rollback(&s, MODEL_ADSP, 1, 2); /* INIT_IMAGE itself looks first */
	scenario_done(&s);
}

static void counters_that_cannot_be_read_start_nothing(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, true);
	memset(s.m->flash.bytes, 0, sizeof(s.m->flash.bytes));
	expect_reason(scenario_start(&s, MODEL_ADSP, scenario_good()), &s.pas.p[MODEL_ADSP].why, PIL_R_COUNTERS_LOST);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

static void board_without_counters_says_so(void **state)
{
	struct scenario s;
	struct pil_pas pas = { 0 };
	struct pil_why why = { 0 };

	(void)state;
	scenario_init(&s, true);
	s.m->board.counter_advance = NULL;
	expect_reason(pil_pas_init(&pas, &s.m->board, &pil_crypto_openssl, &why), &why, PIL_R_BOARD_FUNCTION);
	s.m->board.counter_read = NULL;
	assert_false(pil_pas_capabilities(&s.pas, MODEL_ADSP) & PIL_CAP_ROLLBACK);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[1]), 0);
	model_core_ready(s.m, 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[0]), 0);
	scenario_done(&s);
}

/* the machine is switched off in the middle of the request that counts, and on again with the same flash */
static void power_cut_while_the_service_counts(void **state)
{
	bool ended = false;
	unsigned long cuts = 0;

	(void)state;
	for (cuts = 0; !ended; cuts++) {
		struct scenario s;
		struct scenario after;
		bool counted = false;

		scenario_init(&s, true);
		assert_int_equal(scenario_start(&s, MODEL_ADSP, &versions[1]), 0);
		model_core_ready(s.m, 0);
		model_flash_power(&s.m->flash, cuts);
		assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
		ended = s.m->flash.left > 0;
		counted = strstr(model_log_text(s.m), "rollback counter of software 0x1 advanced to 2") != NULL;
		scenario_init(&after, true);
		memcpy(after.m->flash.bytes, s.m->flash.bytes, sizeof(s.m->flash.bytes));
		if (counted)
			expect_rollback(&after, MODEL_ADSP, 1, 2);
		assert_int_equal(scenario_start(&after, MODEL_ADSP, &versions[1]), 0);
		scenario_done(&after);
		scenario_done(&s);
	}
	/* the steps of the first erase, of a header and of one record: before each, and after the last */
	assert_int_equal(cuts, 4 + 32 + 32 + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_flash_counts_from_zero_and_remembers),
		cmocka_unit_test(what_changes_nothing_is_not_written),
		cmocka_unit_test(power_cut_after_every_step_loses_nothing),
		cmocka_unit_test(failed_write_is_looked_at_again),
		cmocka_unit_test(torn_records_are_not_believed),
		cmocka_unit_test(log_without_a_header_is_damaged_and_not_new),
		cmocka_unit_test(as_many_ids_as_promised_fit_and_move_along),
		cmocka_unit_test(sectors_of_a_wrong_size_are_refused),
		cmocka_unit_test(older_image_is_refused_once_a_newer_one_was_ready),
		cmocka_unit_test(newer_image_that_never_was_ready_shuts_nobody_out),
		cmocka_unit_test(image_that_was_ready_and_crashed_counts),
		cmocka_unit_test(counters_that_cannot_be_read_start_nothing),
		cmocka_unit_test(board_without_counters_says_so),
		cmocka_unit_test(power_cut_while_the_service_counts),
	};

	return cmocka_run_group_tests(tests, make_versions, NULL);
}
