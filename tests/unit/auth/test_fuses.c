/* SPDX-License-Identifier: BSD-2-Clause */
/* The fuse block. */
#include <string.h>

#include <pilot/fuses.h>
#include <pilot/wire/fuses.h>

#include "expect.h"

static struct pil_fuses good(void)
{
	struct pil_fuses f = {
		.magic = PIL_FUSES_MAGIC,
		.version = PIL_FUSES_VERSION,
		.size = sizeof(f),
		.soc_version = 0x6019,
		.jtag_id = 0x11223344,
		.oem_id = 5,
		.model_id = 6,
		.root_count = 2,
		.root_active = 3,
		.root_revoked = 2,
		.life_cycle = PIL_FUSES_LIFE_RMA,
		.debug = PIL_FUSES_DEBUG_IMAGE,
		.serial = 0x1122334455667788,
	};

	memset(f.root_hash[0], 0xa1, sizeof(f.root_hash[0]));
	memset(f.root_hash[1], 0xb2, sizeof(f.root_hash[1]));
	return f;
}

static void every_field_is_read(void **state)
{
	struct pil_fuses f = good();
	struct pil_device d = { 0 };

	(void)state;
	assert_int_equal(pil_fuses_parse(&f, sizeof(f), &d, NULL), 0);
	assert_int_equal(d.soc_version, 0x6019);
	assert_int_equal(d.jtag_id, 0x11223344);
	assert_int_equal(d.oem_id, 5);
	assert_int_equal(d.model_id, 6);
	assert_int_equal(d.serial, 0x1122334455667788);
	assert_int_equal(d.root_count, 2);
	assert_int_equal(d.root_active, 3);
	assert_int_equal(d.root_revoked, 2);
	assert_int_equal(d.life_cycle, PIL_LIFE_RMA);
	assert_string_equal(pil_life_name(d.life_cycle), "rma");
	assert_int_equal(d.debug, PIL_DEBUG_IMAGE);
	assert_memory_equal(d.root_hash, f.root_hash, sizeof(f.root_hash));
}

static void a_block_cut_off_anywhere_is_refused(void **state)
{
	struct pil_fuses f = good();
	struct pil_device d = { 0 };
	struct pil_why why = { 0 };
	size_t size = 0;

	(void)state;
	for (size = 0; size < sizeof(f); size++)
		expect_why(pil_fuses_parse(&f, size, &d, &why), &why, PIL_R_TRUNCATED, size, sizeof(f));
}

static void foreign_bytes_and_versions_are_refused(void **state)
{
	struct pil_device d = { 0 };
	struct pil_why why = { 0 };
	struct pil_fuses f = good();

	(void)state;
	f.magic++;
	expect_reason(pil_fuses_parse(&f, sizeof(f), &d, &why), &why, PIL_R_FUSES_MAGIC);
	f = good();
	f.version = 1;
	expect_why(pil_fuses_parse(&f, sizeof(f), &d, &why), &why, PIL_R_FUSES_VERSION, 1, sizeof(f));
	f = good();
	f.size = 16;
	expect_why(pil_fuses_parse(&f, sizeof(f), &d, &why), &why, PIL_R_FUSES_VERSION, 2, 16);
}

static void a_device_trusts_one_to_four_roots(void **state)
{
	struct pil_device d = { 0 };
	struct pil_why why = { 0 };
	struct pil_fuses f = good();

	(void)state;
	f.root_count = 0;
	expect_why(pil_fuses_parse(&f, sizeof(f), &d, &why), &why, PIL_R_FUSES_ROOTS, 0, 4);
	assert_int_equal(d.soc_version, 0);
	f.root_count = 5;
	expect_why(pil_fuses_parse(&f, sizeof(f), &d, &why), &why, PIL_R_FUSES_ROOTS, 5, 4);
	f.root_count = 4;
	memset(f.root_hash[2], 3, 2 * sizeof(f.root_hash[2]));
	assert_int_equal(pil_fuses_parse(&f, sizeof(f), &d, &why), 0);
}

static void expect_malformed(const struct pil_fuses *f, enum pil_reason reason, uint64_t a, uint64_t b)
{
	const struct pil_device zero = { 0 };
	struct pil_device d = { 0 };
	struct pil_why why = { 0 };

	expect_why(pil_fuses_parse(f, sizeof(*f), &d, &why), &why, reason, a, b);
	assert_memory_equal(&d, &zero, sizeof(d));
}

static void bits_of_roots_name_roots_that_are_there(void **state)
{
	struct pil_fuses f = good();

	(void)state;
	f.root_active = 7;
	expect_malformed(&f, PIL_R_FUSES_ROOT_BITS, 7, 2);
	f = good();
	f.root_revoked = 1u << 31;
	expect_malformed(&f, PIL_R_FUSES_ROOT_BITS, 3, 1u << 31);
	f = good();
	f.root_active = 0; /* a device that trusts nobody any more is a device */
	assert_int_equal(pil_fuses_parse(&f, sizeof(f), &(struct pil_device){ 0 }, NULL), 0);
}

static void root_hashes_are_there_exactly_where_they_count(void **state)
{
	struct pil_fuses f = good();

	(void)state;
	memset(f.root_hash[1], 0, sizeof(f.root_hash[1]));
	expect_malformed(&f, PIL_R_FUSES_ROOT_HASH, 1, 0);
	f = good();
	f.root_hash[3][47] = 1;
	expect_malformed(&f, PIL_R_FUSES_ROOT_HASH, 3, 0);
}

static void life_cycle_and_debug_policy_are_known_and_go_together(void **state)
{
	struct pil_fuses f = good();
	uint32_t life = 0;

	(void)state;
	for (life = 0; life < 6; life++) {
		f.life_cycle = life;
		f.debug = PIL_FUSES_DEBUG_COREDUMP;
		if (life < PIL_FUSES_LIFE_OPEN || life > PIL_FUSES_LIFE_RMA)
			expect_malformed(&f, PIL_R_FUSES_LIFE, life, 0);
		else
			assert_int_equal(pil_fuses_parse(&f, sizeof(f), &(struct pil_device){ 0 }, NULL), 0);
	}
	f.life_cycle = PIL_FUSES_LIFE_SECURE;
	f.debug = PIL_FUSES_DEBUG_IMAGE;
	expect_malformed(&f, PIL_R_FUSES_DEBUG, PIL_FUSES_DEBUG_IMAGE, PIL_FUSES_LIFE_SECURE);
	f.life_cycle = PIL_FUSES_LIFE_OPEN;
	f.debug = 4;
	expect_malformed(&f, PIL_R_FUSES_DEBUG, 4, PIL_FUSES_LIFE_OPEN);
	assert_string_equal(pil_life_name((enum pil_life)7), "?");
}

static void reserved_words_are_zero(void **state)
{
	struct pil_fuses f = good();

	(void)state;
	f.reserved = 1ull << 63;
	expect_malformed(&f, PIL_R_FUSES_RESERVED, 1ull << 63, 0);
}

static struct pil_fuses_all with_key(void)
{
	struct pil_fuses_all f = {
		.block = good(),
		.keys = { .magic = PIL_FUSES_KEYS_MAGIC,
			  .version = PIL_FUSES_KEYS_VERSION,
			  .size = sizeof(f.keys),
			  .policy = PIL_FUSES_KEYS_LOOSE },
	};

	memset(f.keys.container_key, 0xc3, sizeof(f.keys.container_key));
	return f;
}

static void key_of_containers_follows_the_block(void **state)
{
	struct pil_fuses_all f = with_key();
	struct pil_device d = { 0 };

	(void)state;
	assert_int_equal(pil_fuses_keys_parse(&f, sizeof(f), &d, NULL), 0);
	assert_true(d.has_key);
	assert_true(d.loose_containers);
	assert_memory_equal(d.key_hash, f.keys.container_key, sizeof(d.key_hash));
	/* what is not there, or is blank as zeros or erased flash, is no key; what another block said is forgotten */
	assert_int_equal(pil_fuses_keys_parse(&f, sizeof(f) - 1, &d, NULL), 0);
	assert_false(d.has_key);
	f.keys.magic = 0;
	d.has_key = true;
	assert_int_equal(pil_fuses_keys_parse(&f, sizeof(f), &d, NULL), 0);
	assert_false(d.has_key || d.loose_containers);
	f.keys.magic = UINT32_MAX;
	assert_int_equal(pil_fuses_keys_parse(&f, sizeof(f), &d, NULL), 0);
	assert_false(d.has_key);
	assert_int_equal(d.key_hash[0], 0);
}

static void expect_no_key(const struct pil_fuses_all *f, enum pil_reason reason)
{
	struct pil_device d = { .has_key = true };
	struct pil_why why = { 0 };

	expect_reason(pil_fuses_keys_parse(f, sizeof(*f), &d, &why), &why, reason);
	assert_false(d.has_key || d.loose_containers);
}

static void malformed_keys_are_refused(void **state)
{
	struct pil_fuses_all f = with_key();

	(void)state;
	f.keys.magic++;
	expect_no_key(&f, PIL_R_FUSES_MAGIC);
	f = with_key();
	f.keys.version = 2;
	expect_no_key(&f, PIL_R_FUSES_VERSION);
	f = with_key();
	f.keys.size = 48;
	expect_no_key(&f, PIL_R_FUSES_VERSION);
	f = with_key();
	f.keys.policy = 2;
	expect_no_key(&f, PIL_R_FUSES_KEY_POLICY);
	f = with_key();
	memset(f.keys.container_key, 0, sizeof(f.keys.container_key));
	expect_no_key(&f, PIL_R_FUSES_KEY_HASH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_read),
		cmocka_unit_test(a_block_cut_off_anywhere_is_refused),
		cmocka_unit_test(foreign_bytes_and_versions_are_refused),
		cmocka_unit_test(a_device_trusts_one_to_four_roots),
		cmocka_unit_test(bits_of_roots_name_roots_that_are_there),
		cmocka_unit_test(root_hashes_are_there_exactly_where_they_count),
		cmocka_unit_test(life_cycle_and_debug_policy_are_known_and_go_together),
		cmocka_unit_test(reserved_words_are_zero),
		cmocka_unit_test(key_of_containers_follows_the_block),
		cmocka_unit_test(malformed_keys_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
