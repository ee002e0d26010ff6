/* SPDX-License-Identifier: BSD-2-Clause */
/* The strict reader of DER that both back ends share. */
#include <stdlib.h>
#include <string.h>

#include "der.h"
#include "expect.h"

static void elements_and_their_ends(void **state)
{
	static const struct {
		uint8_t data[8];
		size_t size, whole;	/* whole 0: refused */
	} cases[] = {
		{ { 0x02, 0x01, 0x05 }, 3, 3 },
		{ { 0x05, 0x00, 0xff }, 3, 2 },
		{ { 0x02 }, 1, 0 },
		{ { 0x02, 0x02, 0x05 }, 3, 0 },
		{ { 0x1f, 0x01, 0x05 }, 3, 0 },		/* tags of several bytes */
		{ { 0x30, 0x80, 0x00, 0x00 }, 4, 0 },	/* indefinite */
		{ { 0x04, 0x81, 0x02, 1, 2 }, 5, 0 },	/* not the shortest */
		{ { 0x04, 0x82, 0x00, 0x02, 1, 2 }, 6, 0 },
		{ { 0x04, 0x84, 0, 0, 0, 1, 7 }, 7, 0 },
		{ { 0x04, 0x82, 0x01 }, 3, 0 },
	};
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t *exact = malloc(cases[i].size);
		struct pil_bytes rest = { exact, cases[i].size };
		struct pil_der_element e = { 0 };

		assert_non_null(exact);
		memcpy(exact, cases[i].data, cases[i].size);
		assert_int_equal(pil_der_next(&rest, &e), cases[i].whole != 0);
		if (cases[i].whole) {
			assert_int_equal(e.whole.size, cases[i].whole);
			assert_int_equal(rest.size, cases[i].size - cases[i].whole);
		}
		free(exact);
	}
}

static void a_length_of_two_bytes(void **state)
{
	uint8_t data[4 + 300] = { 0x04, 0x82, 0x01, 0x2c };
	struct pil_bytes rest = { data, sizeof(data) };
	struct pil_der_element e = { 0 };

	(void)state;
	assert_true(pil_der_expect(&rest, PIL_DER_OCTETS, &e));
	assert_int_equal(e.value.size, 300);
	assert_ptr_equal(e.value.data, data + 4);
	rest = (struct pil_bytes){ data, sizeof(data) };
	assert_false(pil_der_expect(&rest, PIL_DER_SEQUENCE, &e));
}

static void deep_nesting_is_refused(void **state)
{
	uint8_t data[120] = { 0 };
	struct pil_cert cert = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(data); i += 2) {
		data[i] = 0x30;
		data[i + 1] = (uint8_t)(sizeof(data) - i - 2);
	}
	assert_false(pil_der_cert(data, sizeof(data), &cert));
}

static void raw_block(uint8_t *block, size_t size, const uint8_t *digest, size_t digest_size)
{
	memset(block, 0xff, size);
	block[0] = 0;
	block[1] = 1;
	block[size - digest_size - 1] = 0;
	memcpy(block + size - digest_size, digest, digest_size);
}

static void raw_digest_looks_at_every_byte(void **state)
{
	uint8_t digest[32] = { 1, 2, 3 };
	uint8_t block[256] = { 0 };
	size_t i = 0;

	(void)state;
	raw_block(block, sizeof(block), digest, sizeof(digest));
	assert_true(pil_raw_digest(block, sizeof(block), digest, sizeof(digest)));
	for (i = 0; i < sizeof(block); i++) {
		block[i] ^= 0x20;
		assert_false(pil_raw_digest(block, sizeof(block), digest, sizeof(digest)));
		block[i] ^= 0x20;
	}
}

static void raw_digest_needs_eight_bytes_of_padding(void **state)
{
	uint8_t digest[32] = { 1, 2, 3 };
	uint8_t block[64] = { 0 };
	size_t size = 0;

	(void)state;
	for (size = 35; size < 50; size++) {
		raw_block(block, size, digest, sizeof(digest));
		assert_int_equal(pil_raw_digest(block, size, digest, sizeof(digest)), size >= 32 + 3 + 8);
	}
	assert_false(pil_raw_digest(block, 10, digest, sizeof(digest)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_and_their_ends),
		cmocka_unit_test(a_length_of_two_bytes),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(raw_digest_looks_at_every_byte),
		cmocka_unit_test(raw_digest_needs_eight_bytes_of_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
