/* SPDX-License-Identifier: BSD-2-Clause */
#include <pilot/cursor.h>

#include "expect.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88,
				 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f };

static void reads_little_endian(void **state)
{
	struct pil_cursor c = { 0 };

	(void)state;
	pil_cursor_init(&c, bytes, sizeof(bytes));
	assert_int_equal(pil_cursor_u8(&c), 0x01);
	assert_int_equal(pil_cursor_u16(&c), 0x0302);
	assert_int_equal(pil_cursor_u32(&c), 0x07060504);
	assert_int_equal(pil_cursor_u64(&c), UINT64_C(0x0f0e0d0c0b0a0988));
	assert_int_equal(pil_cursor_left(&c), 0);
	assert_false(pil_cursor_failed(&c));
}

static void bytes_are_not_copied(void **state)
{
	struct pil_cursor c = { 0 };
	struct pil_bytes got = { 0 };

	(void)state;
	pil_cursor_init(&c, bytes, sizeof(bytes));
	pil_cursor_skip(&c, 3);
	got = pil_cursor_bytes(&c, sizeof(bytes) - 3);
	assert_ptr_equal(got.data, bytes + 3);
	assert_int_equal(got.size, sizeof(bytes) - 3);
	got = pil_cursor_bytes(&c, 0);
	assert_int_equal(got.size, 0);
	assert_int_equal(pil_cursor_check(&c, NULL), 0);
}

static void read_past_the_end_yields_zero_and_stays_failed(void **state)
{
	struct pil_cursor c = { 0 };
	struct pil_why why = { 0 };

	(void)state;
	pil_cursor_init(&c, bytes, 3);
	assert_int_equal(pil_cursor_u32(&c), 0);
	assert_true(pil_cursor_failed(&c));
	assert_int_equal(pil_cursor_u8(&c), 0); /* though there is a byte */
	assert_int_equal(pil_cursor_left(&c), 0);
	expect_why(pil_cursor_check(&c, &why), &why, PIL_R_TRUNCATED, 3, 4);
}

static void skip_that_would_wrap_fails(void **state)
{
	struct pil_cursor c = { 0 };
	struct pil_bytes got = { 0 };
	struct pil_why why = { 0 };

	(void)state;
	pil_cursor_init(&c, bytes, sizeof(bytes));
	pil_cursor_skip(&c, 8);
	pil_cursor_skip(&c, UINT64_MAX);
	expect_why(pil_cursor_check(&c, &why), &why, PIL_R_TRUNCATED, sizeof(bytes), UINT64_MAX);
	pil_cursor_init(&c, bytes, sizeof(bytes));
	got = pil_cursor_bytes(&c, sizeof(bytes) + 1);
	assert_null(got.data);
	assert_int_equal(got.size, 0);
	assert_true(pil_cursor_failed(&c));
}

static void empty_data_may_be_null(void **state)
{
	struct pil_cursor c = { 0 };

	(void)state;
	pil_cursor_init(&c, NULL, 0);
	assert_int_equal(pil_cursor_left(&c), 0);
	assert_false(pil_cursor_failed(&c));
	assert_int_equal(pil_cursor_u8(&c), 0);
	assert_true(pil_cursor_failed(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_little_endian),
		cmocka_unit_test(bytes_are_not_copied),
		cmocka_unit_test(read_past_the_end_yields_zero_and_stays_failed),
		cmocka_unit_test(skip_that_would_wrap_fails),
		cmocka_unit_test(empty_data_may_be_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
