/* SPDX-License-Identifier: BSD-2-Clause */
/* What must not run, and a host that changes its memory while it is being read. */
#include "expect.h"

#include <string.h>

#include "scenario.h"

/* the way in which the machine keeps the host away: all tests run once for each */
static enum model_lock lock;

/* AUTH is refused for @reason, and nothing is left */
static void expect_refused(struct scenario *s, const struct scenario_image *i, enum pil_reason reason)
{
	int err = scenario_start(s, MODEL_ADSP, i);

	expect_reason(err, &s->pas.p[MODEL_ADSP].why, reason);
	assert_null(scenario_is_off(s, MODEL_ADSP));
	assert_true(model_is_zero(s->m, s->pas.p[MODEL_ADSP].desc->carveout));
	assert_int_equal(s->m->calls[MODEL_CORE_START], 0);
	assert_non_null(strstr(model_log_text(s->m), pil_reason_name(reason)));
}

static void every_flipped_byte_of_a_segment_is_refused(void **state)
{
	const struct scenario_image *good = scenario_good();

	(void)state;
	for (unsigned int n = 0; n < good->plan.count; n++) {
		for (uint64_t at = 0; at < good->plan.seg[n].filesz; at += 37) {
			struct scenario s;
			uint64_t address = MODEL_ADSP_BASE + good->plan.seg[n].dest - good->plan.lowest + at;
			uint8_t byte = 0;

			scenario_init(&s, lock);
			assert_int_equal(scenario_load(&s, MODEL_ADSP, good), 0);
			assert_true(model_host_read(s.m, address, &byte, 1));
			byte ^= 1u << (at % 8);
			assert_true(model_host_write(s.m, address, &byte, 1));
			assert_int_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), -PIL_EAUTH);
			assert_int_equal(s.pas.p[MODEL_ADSP].why.reason, PIL_R_HASH_SEGMENT);
			assert_null(scenario_is_off(&s, MODEL_ADSP));
			assert_true(model_is_zero(s.m, s.pas.p[MODEL_ADSP].desc->carveout));
			/* and the genuine one starts after that */
			assert_int_equal(scenario_start(&s, MODEL_ADSP, good), 0);
			scenario_done(&s);
		}
	}
}

static void images_for_somebody_else_are_refused(void **state)
{
	static struct scenario_image image;
	struct signedgen g;
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	signedgen_init(&g, false);
	g.image.metadata[PIL_OEM][8] = 0x601a;
	scenario_image(&image, &g);
	expect_refused(&s, &image, PIL_R_BIND_SOC);
	signedgen_init(&g, false);
	g.image.metadata[PIL_OEM][2] = 2;
	scenario_image(&image, &g);
	expect_refused(&s, &image, PIL_R_BIND_SW_ID);
	signedgen_init(&g, false);
	g.signer = CERTGEN_OTHER;
	scenario_image(&image, &g);
	expect_refused(&s, &image, PIL_R_SIG_MISMATCH);
	signedgen_init(&g, false);
	g.no_signature = true;
	scenario_image(&image, &g);
	expect_refused(&s, &image, PIL_R_SIG_NONE);
	scenario_done(&s);
}

static void image_under_another_root_is_refused(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	s.pas.device.root_hash[0][47] ^= 1;
	expect_refused(&s, scenario_good(), PIL_R_CERT_ROOT);
	scenario_done(&s);
}

static void headers_other_than_the_signed_ones_are_refused(void **state)
{
	static struct scenario_image image;
	struct scenario s;

	(void)state;
	image = *scenario_good();
	image.metadata[24] ^= 4; /* e_entry, still in the first segment */
	scenario_init(&s, lock);
	expect_refused(&s, &image, PIL_R_HASH_HEADERS);
	scenario_done(&s);
}

static void core_needs_an_entry_point(void **state)
{
	static struct scenario_image image;
	struct signedgen g;
	struct scenario s;

	(void)state;
	signedgen_init(&g, false);
	g.image.entry = 0;
	scenario_image(&image, &g);
	scenario_init(&s, lock);
	scenario_put_metadata(&s, &image);
	assert_int_equal(pil_pas_init_image(&s.pas, MODEL_ADSP, SCENARIO_METADATA), -PIL_ERANGE);
	assert_int_equal(s.pas.p[MODEL_ADSP].why.reason, PIL_R_PLAN_ENTRY);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	assert_int_equal(scenario_start(&s, MODEL_ADSP_DTB, &image), 0);
	scenario_done(&s);
}

static void metadata_must_be_in_the_hosts_memory(void **state)
{
	static const uint64_t bad[] = {
		0,
		0x1000,
		UINT64_MAX,
		UINT64_MAX - 63,
		UINT64_MAX - 1000,
		MODEL_RAM_BASE - 1,
		MODEL_RAM_BASE + MODEL_RAM_SIZE - 63,
		MODEL_RAM_BASE + MODEL_RAM_SIZE - 64,
		MODEL_ADSP_BASE,
		0x90010000,
	};
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	assert_true(scenario_copy(&s, MODEL_ADSP, scenario_good()));
	memcpy(model_memory(s.m, (struct pil_range){ MODEL_ADSP_BASE, MODEL_ADSP_SIZE }), scenario_good()->metadata,
	       scenario_good()->metadata_size);
	memcpy(model_memory(s.m, (struct pil_range){ MODEL_RAM_BASE + MODEL_RAM_SIZE - 64, 64 }),
	       scenario_good()->metadata, 64);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int err = pil_pas_init_image(&s.pas, MODEL_ADSP, bad[i]);

		expect_reason(err, &s.pas.p[MODEL_ADSP].why, PIL_R_PAS_METADATA_RANGE);
		assert_null(scenario_is_off(&s, MODEL_ADSP));
	}
	scenario_done(&s);
}

/* a hash segment that claims to be huge is refused before a byte of it is read */
static void huge_hash_segment_is_not_read(void **state)
{
	static struct scenario_image image;
	struct scenario s;

	(void)state;
	image = *scenario_good();
	memset(image.metadata + 52 + 32 * image.image.hash_index + 16, 0xff, 4);
	scenario_init(&s, lock);
	scenario_put_metadata(&s, &image);
	assert_int_equal(pil_pas_init_image(&s.pas, MODEL_ADSP, SCENARIO_METADATA), -PIL_EFORMAT);
	assert_int_equal(s.pas.p[MODEL_ADSP].why.reason, PIL_R_MBN_LONG);
	assert_int_equal(s.m->calls[MODEL_HOST_MAP], 2);
	scenario_done(&s);
}

/* the host spoils what was already read, each time the secure world looks for more, and everything after the last look */
struct spoiler {
	size_t extent;
	unsigned int maps;
};

static void spoil_what_was_read(struct model *m, enum model_call call, void *arg)
{
	static const uint8_t junk[SCENARIO_FILE_MAX] = { 0 };
	struct spoiler *sp = arg;
	size_t read = sp->maps == 1 ? 64 : sp->extent;

	if (call == MODEL_LOG)
		read = scenario_good()->metadata_size;
	else if (call != MODEL_HOST_MAP || !sp->maps++)
		return;
	assert_true(model_host_write(m, SCENARIO_METADATA, junk, read));
}

static void metadata_changed_after_it_was_read_has_no_effect(void **state)
{
	const struct scenario_image *good = scenario_good();
	struct spoiler sp = { .extent = pil_elf_headers_end(&good->image.elf) };
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	scenario_put_metadata(&s, good);
	s.m->hook = spoil_what_was_read;
	s.m->hook_arg = &sp;
	assert_int_equal(pil_pas_init_image(&s.pas, MODEL_ADSP, SCENARIO_METADATA), 0);
	s.m->hook = NULL;
	assert_int_equal(sp.maps, 3);
	assert_true(model_is_zero(s.m, (struct pil_range){ SCENARIO_METADATA, good->metadata_size }));
	assert_int_equal(pil_pas_mem_setup(&s.pas, MODEL_ADSP, scenario_where(&s, MODEL_ADSP, good)), 0);
	assert_true(scenario_copy(&s, MODEL_ADSP, good));
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), 0);
	scenario_done(&s);
}

/* what is spoiled before it is read is seen: the test above could fail */
static void spoil_what_comes(struct model *m, enum model_call call, void *arg)
{
	uint8_t byte = 0;
	uint64_t address = SCENARIO_METADATA + *(const size_t *)arg;

	if (call != MODEL_HOST_MAP || m->calls[MODEL_HOST_MAP] != 2)
		return;
	assert_true(model_host_read(m, address, &byte, 1));
	byte ^= 1;
	assert_true(model_host_write(m, address, &byte, 1));
}

static void metadata_changed_before_it_was_read_is_seen(void **state)
{
	size_t at = scenario_good()->image.mbn.hashes.data - scenario_good()->image.mbn.segment.data +
		    pil_elf_headers_end(&scenario_good()->image.elf) + 5;
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	s.m->hook = spoil_what_comes;
	s.m->hook_arg = &at;
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), -PIL_EAUTH);
	assert_int_equal(s.pas.p[MODEL_ADSP].why.reason, PIL_R_SIG_MISMATCH);
	scenario_done(&s);
}

static void flip_a_byte(struct model *m, enum model_call call, void *arg)
{
	static const uint8_t bad = 0xee;
	unsigned int *tries = arg;

	(void)call;
	if (!m->locked[MODEL_ADSP].size)
		return;
	(*tries)++;
	assert_false(model_host_write(m, MODEL_ADSP_BASE + 0x20, &bad, 1));
}

static void host_cannot_flip_a_byte_after_lock(void **state)
{
	struct scenario s;
	unsigned int tries = 0;

	(void)state;
	scenario_init(&s, lock | MODEL_IN_PLACE);
	s.m->hook = flip_a_byte;
	s.m->hook_arg = &tries;
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_true(tries >= 6);
	scenario_done(&s);
}

static void scrubbed_memory_tells_the_host_nothing(void **state)
{
	struct scenario s;
	uint8_t byte = 1;

	(void)state;
	scenario_init(&s, lock | MODEL_IN_PLACE);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	memcpy(model_memory(s.m, (struct pil_range){ MODEL_ADSP_BASE + 0x8000, 6 }), "secret", 6);
	assert_false(model_host_read(s.m, MODEL_ADSP_BASE + 0x8000, &byte, 1));
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_true(model_host_read(s.m, MODEL_ADSP_BASE + 0x8000, &byte, 1));
	assert_int_equal(byte, 0);
	assert_true(model_is_zero(s.m, s.pas.p[MODEL_ADSP].desc->carveout));
	scenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flipped_byte_of_a_segment_is_refused),
		cmocka_unit_test(images_for_somebody_else_are_refused),
		cmocka_unit_test(image_under_another_root_is_refused),
		cmocka_unit_test(headers_other_than_the_signed_ones_are_refused),
		cmocka_unit_test(core_needs_an_entry_point),
		cmocka_unit_test(metadata_must_be_in_the_hosts_memory),
		cmocka_unit_test(huge_hash_segment_is_not_read),
		cmocka_unit_test(metadata_changed_after_it_was_read_has_no_effect),
		cmocka_unit_test(metadata_changed_before_it_was_read_is_seen),
		cmocka_unit_test(host_cannot_flip_a_byte_after_lock),
		cmocka_unit_test(scrubbed_memory_tells_the_host_nothing),
	};

	int failed = 0;

	for (lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++)
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
