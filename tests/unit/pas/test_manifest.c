/* SPDX-License-Identifier: BSD-2-Clause */
/* A manifest narrows what the streams of a running image reach, never widens it, and is gone with the image. */
#include "expect.h"

#include <string.h>

#include <pilot/manifest.h>
#include <pilot/rsc_table.h>

#include "scenario.h"

#define SID   0x3000u /* adsp's own */
#define AUDIO 0x3010u /* its DMA master's */
#define BOTH  (PIL_GRANT_READ | PIL_GRANT_WRITE)
#define OUT   (MODEL_RAM_BASE + 0x22000u)
#define IN    (MODEL_RAM_BASE + 0x21000u)

static const struct pil_range smem = { MODEL_SMEM_BASE, MODEL_SMEM_SIZE }, clocks = { 0x10000000, 0x1000 },
			      audio = { 0x20000000, 0x2000 };

/* half of the shared memory, to read; nothing of the rest */
static const struct pil_manifest narrow = {
	.count = 2,
	.entry = {
		{ SID, 0, 0, PIL_MANIFEST_READ, { MODEL_SMEM_BASE + 0x8000, 0x8000 } },
		{ AUDIO, 3, 1, PIL_MANIFEST_READ, { 0x20001000, 0x1000 } },
	},
};

static struct scenario_image image;

/* the good image with a manifest of the given bytes in its last page */
static const struct scenario_image *with_bytes(const uint8_t *bytes, size_t size)
{
	struct signedgen g;
	struct imagegen_segment *s = NULL;
	uint64_t end = 0;

	signedgen_init(&g, false);
	for (unsigned int i = 0; i < g.image.count; i++)
		if (g.image.segment[i].paddr + g.image.segment[i].memsz > end)
			end = g.image.segment[i].paddr + g.image.segment[i].memsz;
	s = imagegen_add(&g.image, (end + 0xfff) & ~UINT64_C(0xfff), size, size);
	s->flags = 4u | PIL_PF_MANIFEST | PIL_PF_RELOCATABLE;
	s->bytes = bytes;
	scenario_image(&image, &g);
	return &image;
}

static const struct scenario_image *with(const struct pil_manifest *m)
{
	static uint8_t bytes[PIL_MANIFEST_SIZE_MAX];
	size_t size = 0;

	assert_int_equal(pil_manifest_build(m, bytes, sizeof(bytes), &size, NULL), 0);
	return with_bytes(bytes, size);
}

static void expect_the_boards_grants(const struct scenario *s)
{
	unsigned int count = 0;
	const struct pil_stream_entry *e = pil_streams_of(&s->pas.streams, MODEL_ADSP, &count);

	assert_int_equal(count, 2);
	for (unsigned int i = 0; i < count; i++) {
		assert_ptr_equal(e[i].grants, e[i].desc->grants);
		assert_int_equal(e[i].grant_count, e[i].desc->grant_count);
	}
}

static void without_a_manifest_the_boards_grants_hold(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BOTH);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	expect_the_boards_grants(&s);
	assert_true(model_stream_reaches(s.m, SID, smem, BOTH));
	assert_true(model_stream_reaches(s.m, SID, clocks, PIL_GRANT_READ));
	assert_false(model_stream_reaches(s.m, SID, audio, PIL_GRANT_READ));
	assert_true(model_stream_reaches(s.m, AUDIO | 2u, audio, PIL_GRANT_READ));
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_false(model_stream_reaches(s.m, SID, smem, PIL_GRANT_READ));
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void expect_narrowed(const struct scenario *s)
{
	const struct pil_range left = narrow.entry[0].range, master = narrow.entry[1].range;
	const struct pil_range carveout = model_desc.peripherals[MODEL_ADSP].carveout;

	assert_true(model_stream_reaches(s->m, SID, left, PIL_GRANT_READ));
	assert_false(model_stream_reaches(s->m, SID, left, PIL_GRANT_WRITE));
	assert_false(model_stream_reaches(s->m, SID, smem, PIL_GRANT_READ));
	assert_false(model_stream_reaches(s->m, SID, clocks, PIL_GRANT_READ));
	assert_true(model_stream_reaches(s->m, AUDIO, master, PIL_GRANT_READ));
	assert_false(model_stream_reaches(s->m, AUDIO, audio, PIL_GRANT_READ));
	assert_true(model_stream_reaches(s->m, SID, carveout, BOTH));
}

static void manifest_narrows_from_auth_until_shutdown(void **state)
{
	static const enum model_lock locks[] = { MODEL_OPEN, MODEL_IN_PLACE, MODEL_BY_COPY, MODEL_BOTH };
	struct scenario s;

	(void)state;
	for (unsigned int i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		scenario_init(&s, locks[i]);
		assert_int_equal(scenario_load(&s, MODEL_ADSP, with(&narrow)), 0);
		expect_the_boards_grants(&s);
		assert_int_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), 0);
		expect_narrowed(&s);
		assert_non_null(strstr(model_log_text(s.m), ", manifest of 2 ranges, "));
		assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
		expect_the_boards_grants(&s);
		assert_null(scenario_is_off(&s, MODEL_ADSP));
		assert_null(s.m->violation);
		scenario_done(&s);
	}
}

/* another image of the same peripheral is not held to it, a new start of the same image is */
static void manifest_is_the_images_not_the_peripherals(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BOTH);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, with(&narrow)), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_true(model_stream_reaches(s.m, SID, smem, BOTH));
	assert_int_equal(scenario_start(&s, MODEL_ADSP, with(&narrow)), 0);
	expect_narrowed(&s);
	scenario_done(&s);
}

static void manifest_is_wiped_before_the_core_runs(void **state)
{
	const struct scenario_image *i = with(&narrow);
	const struct pil_placement *last = &i->plan.seg[i->plan.count - 1];
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BY_COPY);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, i), 0);
	for (uint64_t at = 0; at < last->memsz; at++)
		assert_int_equal(model_copy(s.m, MODEL_ADSP)[last->dest - i->plan.lowest + at], 0);
	/* and what the host does to its own bytes comes too late */
	expect_narrowed(&s);
	scenario_done(&s);
}

static void resource_table_tells_what_is_left(void **state)
{
	uint8_t table[1024] = { 0 };
	struct pil_rsc_range range = { 0 };
	struct pil_rsc_item item = { 0 };
	struct scenario s;
	size_t size = 0;

	(void)state;
	scenario_init(&s, MODEL_BOTH);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, with(&narrow)), 0);
	assert_int_equal(pil_pas_get_rsc_table(&s.pas, MODEL_ADSP, (struct pil_range){ IN, 16 },
					       (struct pil_range){ OUT, sizeof(table) }, &size),
			 0);
	assert_true(size <= sizeof(table) && model_host_read(s.m, OUT, table, size));
	assert_int_equal(pil_rsc_check_firmware(table, size, NULL), 0);
	assert_int_equal(pil_rsc_count(table, size), 3);
	assert_int_equal(pil_rsc_item(table, size, 0, &item), 0);
	assert_true(item.pa == MODEL_SMEM_BASE + 0x8000 && item.da == item.pa && item.len == 0x8000 &&
		    item.flags == PIL_RSC_READ);
	assert_int_equal(pil_rsc_item(table, size, 2, &item), 0);
	assert_int_equal(pil_rsc_range(table, size, &item, 0, &range), 0);
	assert_true(range.pa == 0x20001000 && range.da == 0x20001000 && range.len == 0x1000);
	scenario_done(&s);
}

static void manifest_that_lists_nothing_leaves_the_carve_out(void **state)
{
	const struct pil_manifest nothing = { 0 };
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BOTH);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, with(&nothing)), 0);
	assert_false(model_stream_reaches(s.m, SID, (struct pil_range){ MODEL_SMEM_BASE, 1 }, PIL_GRANT_READ));
	assert_true(model_stream_reaches(s.m, SID, model_desc.peripherals[MODEL_ADSP].carveout, BOTH));
	scenario_done(&s);
}

static void expect_refused(const struct scenario_image *i, enum pil_reason reason, uint64_t a, uint64_t b)
{
	struct scenario s;
	int err = 0;

	scenario_init(&s, MODEL_BOTH);
	err = scenario_start(&s, MODEL_ADSP, i);
	expect_why(err, &s.pas.p[MODEL_ADSP].why, reason, a, b);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	expect_the_boards_grants(&s);
	assert_int_equal(s.m->calls[MODEL_CORE_START], 0);
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void contradictions_refuse_the_image(void **state)
{
	static const struct {
		struct pil_manifest_entry entry;
		enum pil_reason reason;
		uint64_t b;
	} cases[] = {
		/* a stream of nobody's, of another peripheral's, or with another mask */
		{ { 0x3001, 0, 0, 1, { MODEL_SMEM_BASE, 0x1000 } }, PIL_R_MANIFEST_STREAM, 0x3001 },
		{ { 0x21c0, 0x400, 0, 1, { MODEL_SMEM_BASE, 0x1000 } }, PIL_R_MANIFEST_STREAM, 0x21c0 },
		{ { AUDIO, 1, 1, 1, { 0x20000000, 0x1000 } }, PIL_R_MANIFEST_STREAM, AUDIO },
		{ { SID, 0, 1, 1, { MODEL_SMEM_BASE, 0x1000 } }, PIL_R_MANIFEST_PURPOSE, 1 },
		/* what the board does not grant: beside, over the end, another stream's, a carve-out */
		{ { SID, 0, 0, 1, { MODEL_RAM_BASE, 0x1000 } }, PIL_R_MANIFEST_RANGE, MODEL_RAM_BASE },
		{ { SID, 0, 0, 1, { 0x10000000, 0x2000 } }, PIL_R_MANIFEST_RANGE, 0x10000000 },
		{ { SID, 0, 0, 1, { 0x20000000, 0x1000 } }, PIL_R_MANIFEST_RANGE, 0x20000000 },
		{ { SID, 0, 0, 1, { MODEL_ADSP_BASE, 0x1000 } }, PIL_R_MANIFEST_RANGE, MODEL_ADSP_BASE },
		{ { SID, 0, 0, 3, { 0x10000000, 0x1000 } }, PIL_R_MANIFEST_ACCESS, 3 },
		{ { AUDIO, 3, 1, 2, { 0x20000000, 0x1000 } }, PIL_R_MANIFEST_ACCESS, 2 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pil_manifest m = narrow;

		m.entry[m.count++] = cases[i].entry;
		expect_refused(with(&m), cases[i].reason, 2, cases[i].b);
	}
}

static void malformed_manifests_refuse_the_image(void **state)
{
	static const uint8_t zeros[16];

	(void)state;
	expect_refused(with_bytes(zeros, sizeof(zeros)), PIL_R_MANIFEST_MAGIC, 0, PIL_MANIFEST_MAGIC);
	expect_refused(with_bytes(zeros, 15), PIL_R_MANIFEST_SHORT, 15, 16);
}

/* it is signed like everything else: whoever changes it has changed the image */
static void forged_manifest_is_a_forged_segment(void **state)
{
	const struct scenario_image *i = with(&narrow);
	const struct pil_placement *last = &i->plan.seg[i->plan.count - 1];
	const uint8_t access = BOTH;
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BY_COPY);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, i), 0);
	assert_true(model_host_write(s.m, last->dest - i->plan.lowest + MODEL_ADSP_BASE + 16 + 12, &access, 1));
	expect_reason(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), &s.pas.p[MODEL_ADSP].why, PIL_R_HASH_SEGMENT);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

/* as if the service had passed the manifest by: between verification and start the ledger has the board's grants again */
static void forget_the_manifest(struct model *m, enum model_call call, void *arg)
{
	struct scenario *s = arg;

	if (call == MODEL_SHELTER && m->calls[MODEL_SHELTER] > 1)
		pil_streams_restore(&s->pas.streams, MODEL_ADSP);
}

static void manifest_that_was_passed_by_starts_nothing(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BY_COPY);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, with(&narrow)), 0);
	s.m->calls[MODEL_SHELTER] = 0;
	s.m->hook = forget_the_manifest;
	s.m->hook_arg = &s;
	expect_reason(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), &s.pas.p[MODEL_ADSP].why, PIL_R_PAS_INCOMPLETE);
	assert_int_equal(s.m->calls[MODEL_CORE_START], 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_manifest_the_boards_grants_hold),
		cmocka_unit_test(manifest_narrows_from_auth_until_shutdown),
		cmocka_unit_test(manifest_is_the_images_not_the_peripherals),
		cmocka_unit_test(manifest_is_wiped_before_the_core_runs),
		cmocka_unit_test(resource_table_tells_what_is_left),
		cmocka_unit_test(manifest_that_lists_nothing_leaves_the_carve_out),
		cmocka_unit_test(contradictions_refuse_the_image),
		cmocka_unit_test(malformed_manifests_refuse_the_image),
		cmocka_unit_test(forged_manifest_is_a_forged_segment),
		cmocka_unit_test(manifest_that_was_passed_by_starts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
