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
	f.version = 2;
	expect_why(pil_fuses_parse(&f, sizeof(f), &d, &why), &why, PIL_R_FUSES_VERSION, 2, sizeof(f));
	f = good();
	f.size = 16;
	expect_why(pil_fuses_parse(&f, sizeof(f), &d, &why), &why, PIL_R_FUSES_VERSION, 1, 16);
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
	assert_int_equal(pil_fuses_parse(&f, sizeof(f), &d, &why), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_read),
		cmocka_unit_test(a_block_cut_off_anywhere_is_refused),
		cmocka_unit_test(foreign_bytes_and_versions_are_refused),
		cmocka_unit_test(a_device_trusts_one_to_four_roots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
