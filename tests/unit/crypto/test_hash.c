/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests, with both back ends. Vectors: the examples of FIPS 180 and their million letters a. */
#include <stdlib.h>
#include <string.h>

#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "expect.h"
#include "host_unit.h"
#include "pool.h"

#include <pilot/crypto.h>

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

struct vector {
	enum pil_hash_alg alg;
	const char *message;
	unsigned int repeat;
	const char *digest;
};

#define M56  "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define M112 "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" \
	     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"

static const struct vector vectors[] = {
	{ PIL_SHA256, "", 1,
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ PIL_SHA256, "abc", 1,
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ PIL_SHA256, M56, 1,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ PIL_SHA256, M112, 1,
	  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	{ PIL_SHA256, "a", 1000000,
	  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	{ PIL_SHA384, "", 1,
	  "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
	  "274edebfe76f65fbd51ad2f14898b95b" },
	{ PIL_SHA384, "abc", 1,
	  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	  "8086072ba1e7cc2358baeca134c825a7" },
	{ PIL_SHA384, M56, 1,
	  "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6"
	  "b0455a8520bc4e6f5fe95b1fe3c8452b" },
	{ PIL_SHA384, M112, 1,
	  "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
	  "fcc7c71a557e2db966c3e9fa91746039" },
	{ PIL_SHA384, "a", 1000000,
	  "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
	  "07b8b3dc38ecc4ebae97ddd87f3d8985" },
	{ PIL_SHA512, "", 1,
	  "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	  "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
	{ PIL_SHA512, "abc", 1,
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
	{ PIL_SHA512, M56, 1,
	  "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335"
	  "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445" },
	{ PIL_SHA512, M112, 1,
	  "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
	  "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909" },
	{ PIL_SHA512, "a", 1000000,
	  "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
	  "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b" },
};

static void from_hex(const char *hex, uint8_t *out)
{
	size_t i = 0;

	for (i = 0; hex[2 * i]; i++) {
		const char byte[3] = { hex[2 * i], hex[2 * i + 1], 0 };

		out[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
}

static void check_vector(const struct vector *v, const struct pil_crypto *crypto)
{
	uint8_t expected[PIL_DIGEST_MAX] = { 0 };
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	struct pil_hash hash = { 0 };
	unsigned int i = 0;

	from_hex(v->digest, expected);
	assert_int_equal(strlen(v->digest), 2 * pil_hash_size(v->alg));
	assert_int_equal(crypto->hash_init(&hash, v->alg, NULL), 0);
	for (i = 0; i < v->repeat; i++)
		assert_int_equal(crypto->hash_update(&hash, v->message, strlen(v->message), NULL), 0);
	assert_int_equal(crypto->hash_final(&hash, digest, NULL), 0);
	assert_memory_equal(digest, expected, pil_hash_size(v->alg));
}

static void published_vectors(void **state)
{
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		for (k = 0; k < 2; k++)
			check_vector(&vectors[i], backends[k]);
}

/* every length up to three blocks, cut in two at every place, against the other back end in one piece */
static void in_pieces_as_at_once(void **state)
{
	static const enum pil_hash_alg algs[] = { PIL_SHA256, PIL_SHA384, PIL_SHA512 };
	uint8_t once[PIL_DIGEST_MAX] = { 0 };
	uint8_t pieces[PIL_DIGEST_MAX] = { 0 };
	struct pil_hash hash = { 0 };
	uint8_t data[272] = { 0 };
	size_t size = 0;
	size_t cut = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + 1);
	for (i = 0; i < 6; i++) {
		const struct pil_crypto *crypto = backends[i & 1];
		enum pil_hash_alg alg = algs[i / 2];

		for (size = 0; size <= sizeof(data); size += 17) {
			assert_int_equal(pil_hash_once(backends[!(i & 1)], alg, data, size, once, NULL), 0);
			for (cut = 0; cut <= size; cut++) {
				assert_int_equal(crypto->hash_init(&hash, alg, NULL), 0);
				assert_int_equal(crypto->hash_update(&hash, data, cut, NULL), 0);
				assert_int_equal(crypto->hash_update(&hash, data + cut, size - cut, NULL), 0);
				assert_int_equal(crypto->hash_final(&hash, pieces, NULL), 0);
				assert_memory_equal(once, pieces, pil_hash_size(alg));
			}
		}
	}
}

/* a unit as an engine would be one: the library's own code for a block, and fewer blocks at a time than it is asked for */
static size_t most_blocks;
static unsigned long blocks_done;

static size_t fake_256(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	size_t take = blocks < most_blocks ? blocks : most_blocks;
	mbedtls_sha256_context c;

	mbedtls_sha256_init(&c);
	memcpy(c.MBEDTLS_PRIVATE(state), state, sizeof(c.MBEDTLS_PRIVATE(state)));
	for (size_t i = 0; i < take; i++)
		assert_int_equal(mbedtls_internal_sha256_process(&c, data + 64 * i), 0);
	memcpy(state, c.MBEDTLS_PRIVATE(state), sizeof(c.MBEDTLS_PRIVATE(state)));
	blocks_done += take;
	return take;
}

static size_t fake_512(uint64_t state[8], const uint8_t *data, size_t blocks)
{
	size_t take = blocks < most_blocks ? blocks : most_blocks;
	mbedtls_sha512_context c;

	mbedtls_sha512_init(&c);
	memcpy(c.MBEDTLS_PRIVATE(state), state, sizeof(c.MBEDTLS_PRIVATE(state)));
	for (size_t i = 0; i < take; i++)
		assert_int_equal(mbedtls_internal_sha512_process(&c, data + 128 * i), 0);
	memcpy(state, c.MBEDTLS_PRIVATE(state), sizeof(c.MBEDTLS_PRIVATE(state)));
	blocks_done += take;
	return take;
}

/* the unit takes what it likes of the whole blocks, and the library the rest: the digest is the same */
static void with_a_unit_as_without(void **state)
{
	static const struct pil_host_unit unit = { fake_256, fake_512 };

	pil_mbedtls_host_unit(&unit);
	for (most_blocks = 0; most_blocks < 4; most_blocks++) {
		blocks_done = 0;
		in_pieces_as_at_once(state);
		assert_int_equal(blocks_done > 0, most_blocks > 0);
	}
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		check_vector(&vectors[i], &pil_crypto_mbedtls);
	pil_mbedtls_host_unit(NULL);
}

static void an_abandoned_digest_leaves_nothing_behind(void **state)
{
	struct pil_hash hash = { 0 };
	size_t k = 0;

	(void)state;
	for (k = 0; k < 2; k++) {
		assert_int_equal(backends[k]->hash_init(&hash, PIL_SHA384, NULL), 0);
		assert_int_equal(backends[k]->hash_update(&hash, "abc", 3, NULL), 0);
		assert_int_equal(backends[k]->hash_final(&hash, NULL, NULL), 0);
	}
	/* OpenSSL's memory is the leak checker's business */
	assert_int_equal(pil_mbedtls_current_pool()->used, 0);
}

static void unknown_digests_are_refused(void **state)
{
	static const int unknown[] = { 0, 1, 5, -1 };
	struct pil_why why = { 0 };
	struct pil_hash hash = { 0 };
	uint8_t out[PIL_DIGEST_MAX] = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < 8; i++) {
		enum pil_hash_alg alg = (enum pil_hash_alg)unknown[i / 2];

		expect_reason(backends[i & 1]->hash_init(&hash, alg, &why), &why, PIL_R_CRYPTO_ALGORITHM);
		expect_reason(pil_hash_once(backends[i & 1], alg, "", 0, out, &why), &why, PIL_R_CRYPTO_ALGORITHM);
		assert_int_equal(pil_hash_size(alg), 0);
	}
}

static void comparison_sees_every_bit(void **state)
{
	uint8_t a[48] = { 0 };
	uint8_t b[48] = { 0 };
	size_t bit = 0;

	(void)state;
	assert_true(pil_equal_consttime(a, b, 48));
	assert_true(pil_equal_consttime(a, b, 0));
	for (bit = 0; bit < 8 * sizeof(a); bit++) {
		b[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_false(pil_equal_consttime(a, b, 48));
		b[bit / 8] = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vectors),
		cmocka_unit_test(in_pieces_as_at_once),
		cmocka_unit_test(with_a_unit_as_without),
		cmocka_unit_test(an_abandoned_digest_leaves_nothing_behind),
		cmocka_unit_test(unknown_digests_are_refused),
		cmocka_unit_test(comparison_sees_every_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
