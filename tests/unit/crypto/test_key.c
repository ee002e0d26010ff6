/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys by themselves: both back ends say the same of them. */
#include <stdlib.h>
#include <string.h>

#include "containergen.h"
#include "expect.h"
#include "host_pool.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

static uint8_t der[1024];
static struct pil_why why;

/* on the heap and of exactly the right size, so that a read past the end is seen */
static int read_exact(const struct pil_crypto *crypto, size_t size, struct pil_cert *key)
{
	uint8_t *copy = malloc(size ? size : 1);
	int ret = 0;

	assert_non_null(copy);
	memcpy(copy, der, size);
	why = (struct pil_why){ 0 };
	ret = crypto->key_read(copy, size, key, &why);
	free(copy);
	return ret;
}

static void every_known_type_is_read(void **state)
{
	static const struct {
		enum certgen_key key;
		enum pil_key_type type;
		unsigned int bits;
	} cases[] = {
		{ CERTGEN_P256, PIL_KEY_EC_P256, 256 },
		{ CERTGEN_LEAF, PIL_KEY_EC_P384, 384 },
		{ CERTGEN_RSA2048, PIL_KEY_RSA, 2048 },
		{ CERTGEN_RSA4096, PIL_KEY_RSA, 4096 },
	};
	struct pil_cert key = { 0 };
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = containergen_key(cases[i].key, der, sizeof(der));

		for (k = 0; k < 2; k++) {
			assert_int_equal(backends[k]->key_read(der, size, &key, NULL), 0);
			assert_int_equal(key.key, cases[i].type);
			assert_int_equal(key.key_bits, cases[i].bits);
			assert_ptr_equal(key.spki.data, der);
			assert_int_equal(key.spki.size, size);
		}
	}
}

static void other_types_and_sizes_are_refused(void **state)
{
	static const enum certgen_key keys[] = { CERTGEN_RSA1024, CERTGEN_P521 };
	struct pil_cert key = { 0 };
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < 2; i++) {
		size_t size = containergen_key(keys[i], der, sizeof(der));

		for (k = 0; k < 2; k++)
			expect_reason(read_exact(backends[k], size, &key), &why, PIL_R_KEY_TYPE);
	}
}

static void cut_and_trailing_bytes_are_refused(void **state)
{
	size_t size = containergen_key(CERTGEN_P256, der, sizeof(der));
	struct pil_cert key = { 0 };
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (k = 0; k < 2; k++) {
		for (i = 0; i < size; i++)
			expect_why(read_exact(backends[k], i, &key), &why, PIL_R_KEY_PARSE, i, 0);
		expect_why(read_exact(backends[k], size + 1, &key), &why, PIL_R_KEY_PARSE, size + 1, 0);
	}
}

/* no changed bit makes one library take what the other refuses, except for points, which Mbed TLS checks late */
static void back_ends_agree_on_every_changed_bit(void **state)
{
	static const enum certgen_key keys[] = { CERTGEN_P256, CERTGEN_RSA2048 };
	struct pil_cert key[2] = { 0 };
	size_t i = 0;
	size_t n = 0;
	size_t k = 0;

	(void)state;
	for (n = 0; n < 2; n++) {
		size_t size = containergen_key(keys[n], der, sizeof(der));

		/* the first 32 bytes hold all of the form, and some of the number */
		for (i = 0; i < 32 * 8; i++) {
			int ret[2] = { 0 };

			der[i / 8] ^= (uint8_t)(1u << (i % 8));
			for (k = 0; k < 2; k++)
				ret[k] = read_exact(backends[k], size, &key[k]);
			if (n == 1 || i / 8 < 27)
				if ((ret[0] == 0) != (ret[1] == 0))
					fail_msg("key %zu, bit %zu: %d and %d", n, i, ret[0], ret[1]);
			der[i / 8] ^= (uint8_t)(1u << (i % 8));
		}
	}
}

static void out_of_memory_is_told(void **state)
{
	static uint8_t memory[512];
	size_t size = containergen_key(CERTGEN_RSA4096, der, sizeof(der));
	struct pil_cert key = { 0 };
	struct pil_pool pool = { 0 };

	(void)state;
	pil_pool_init(&pool, memory, sizeof(memory));
	pil_mbedtls_host_pool(&pool);
	expect_reason(pil_crypto_mbedtls.key_read(der, size, &key, &why), &why, PIL_R_CRYPTO_MEMORY);
	assert_int_equal(pool.used, 0);
	pil_mbedtls_host_pool(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_known_type_is_read),
		cmocka_unit_test(other_types_and_sizes_are_refused),
		cmocka_unit_test(cut_and_trailing_bytes_are_refused),
		cmocka_unit_test(back_ends_agree_on_every_changed_bit),
		cmocka_unit_test(out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
