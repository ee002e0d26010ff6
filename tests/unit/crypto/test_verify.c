/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures: good ones fit, everything else does not, with both back ends. */
#include <stdlib.h>
#include <string.h>

#include "certgen.h"
#include "expect.h"
#include "host_pool.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

#define SIG_MAX 512u

/* one way to sign */
struct way {
	const char *name;
	enum certgen_key key;
	enum certgen_padding padding;
	enum pil_sig_alg alg;
	size_t digest_size;
};

static const struct way ways[] = {
	{ "P-256", CERTGEN_P256, CERTGEN_NO_PADDING, PIL_SIG_ECDSA_SHA256, 32 },
	{ "P-384", CERTGEN_LEAF, CERTGEN_NO_PADDING, PIL_SIG_ECDSA_SHA384, 48 },
	{ "P-384 with SHA-256", CERTGEN_LEAF, CERTGEN_NO_PADDING, PIL_SIG_ECDSA_SHA256, 32 },
	{ "RSA-2048 PKCS#1", CERTGEN_RSA2048, CERTGEN_PKCS1_PADDING, PIL_SIG_RSA_PKCS1_SHA256, 32 },
	{ "RSA-2048 PSS", CERTGEN_RSA2048, CERTGEN_PSS_PADDING, PIL_SIG_RSA_PSS_SHA256, 32 },
	{ "RSA-4096 PSS SHA-384", CERTGEN_RSA4096, CERTGEN_PSS_PADDING, PIL_SIG_RSA_PSS_SHA384, 48 },
	{ "RSA-2048 raw", CERTGEN_RSA2048, CERTGEN_RAW_PADDING, PIL_SIG_RSA_RAW, 32 },
	{ "RSA-2048 raw, 48 bytes", CERTGEN_RSA2048, CERTGEN_RAW_PADDING, PIL_SIG_RSA_RAW, 48 },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* a signature, and all that is needed to check it */
struct sample {
	uint8_t der[CERTGEN_CERT_MAX];
	struct pil_cert cert;
	uint8_t digest[PIL_DIGEST_MAX];
	uint8_t sig[SIG_MAX];
	size_t sig_size;
};

static void read_key(enum certgen_key key, uint8_t *der, struct pil_cert *cert)
{
	struct certgen_chain chain = { 0 };
	size_t size = 0;

	certgen_init(&chain);
	chain.cert[0].key = key;
	size = certgen_cert(&chain.cert[0], der, CERTGEN_CERT_MAX);
	assert_int_equal(pil_crypto_openssl.cert_read(der, size, cert, NULL), 0);
}

static void make(const struct way *way, struct sample *s)
{
	size_t i = 0;

	*s = (struct sample){ 0 };
	read_key(way->key, s->der, &s->cert);
	for (i = 0; i < way->digest_size; i++)
		s->digest[i] = (uint8_t)(0xa0 + i);
	s->sig_size = certgen_sign(way->key, way->padding, (struct pil_bytes){ s->digest, way->digest_size }, s->sig,
				   sizeof(s->sig));
	assert_true(s->sig_size > 0);
}

/* asks both; they must agree, and leave nothing in the pool */
static int verify(const struct sample *s, enum pil_sig_alg alg, size_t digest_size)
{
	uint8_t *exact = malloc(s->sig_size ? s->sig_size : 1);
	struct pil_why why[2] = { 0 };
	int ret[2] = { 0 };
	size_t k = 0;

	assert_non_null(exact);
	memcpy(exact, s->sig, s->sig_size);
	for (k = 0; k < 2; k++)
		ret[k] = backends[k]->verify(&s->cert, alg, s->digest, digest_size, exact, s->sig_size, &why[k]);
	free(exact);
	assert_string_equal(pil_reason_name(why[0].reason), pil_reason_name(why[1].reason));
	assert_int_equal(ret[0], ret[1]);
	assert_int_equal(pil_mbedtls_current_pool()->used, 0);
	return ret[0];
}

static void good_signatures_fit(void **state)
{
	struct sample s = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		make(&ways[i], &s);
		if (verify(&s, ways[i].alg, ways[i].digest_size))
			fail_msg("%s", ways[i].name);
	}
}

static void a_bit_anywhere_in_the_signature_counts(void **state)
{
	struct sample s = { 0 };
	size_t step = 0;
	size_t at = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		make(&ways[i], &s);
		/* every byte of a short one; of the long ones enough */
		step = s.sig_size > 128 ? 7 : 1;
		for (at = 0; at < s.sig_size; at += step) {
			s.sig[at] ^= (uint8_t)(1u << (at % 8));
			if (verify(&s, ways[i].alg, ways[i].digest_size) != -PIL_EAUTH)
				fail_msg("%s: byte %zu", ways[i].name, at);
			s.sig[at] ^= (uint8_t)(1u << (at % 8));
		}
	}
}

static void a_bit_anywhere_in_the_digest_counts(void **state)
{
	struct sample s = { 0 };
	size_t at = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		make(&ways[i], &s);
		for (at = 0; at < ways[i].digest_size; at++) {
			s.digest[at] ^= 0x10;
			assert_int_equal(verify(&s, ways[i].alg, ways[i].digest_size), -PIL_EAUTH);
			s.digest[at] ^= 0x10;
		}
	}
}

static void another_key_does_not_fit(void **state)
{
	struct sample s = { 0 };

	(void)state;
	make(&ways[1], &s);
	read_key(CERTGEN_OTHER, s.der, &s.cert);
	assert_int_equal(verify(&s, PIL_SIG_ECDSA_SHA384, 48), -PIL_EAUTH);
}

static void length_must_fit(void **state)
{
	struct sample s = { 0 };
	size_t full = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		make(&ways[i], &s);
		full = s.sig_size;
		for (s.sig_size = 0; s.sig_size < full; s.sig_size += 1 + full / 16)
			assert_int_equal(verify(&s, ways[i].alg, ways[i].digest_size), -PIL_EAUTH);
		s.sig_size = full + 1;
		s.sig[full < SIG_MAX ? full : 0] = 0;
		if (s.sig_size <= SIG_MAX)
			assert_int_equal(verify(&s, ways[i].alg, ways[i].digest_size), -PIL_EAUTH);
	}
}

static void keys_and_schemes_that_do_not_go_together(void **state)
{
	static const enum pil_sig_alg all[] = {
		PIL_SIG_UNKNOWN, PIL_SIG_ECDSA_SHA256, PIL_SIG_ECDSA_SHA384, PIL_SIG_RSA_PKCS1_SHA256,
		PIL_SIG_RSA_PSS_SHA256, PIL_SIG_RSA_PSS_SHA384, PIL_SIG_RSA_RAW,
	};
	struct sample ec = { 0 };
	struct sample rsa = { 0 };
	size_t i = 0;

	(void)state;
	make(&ways[1], &ec);
	make(&ways[3], &rsa);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		bool is_ec = all[i] == PIL_SIG_ECDSA_SHA256 || all[i] == PIL_SIG_ECDSA_SHA384;

		if (!is_ec)
			assert_int_equal(verify(&ec, all[i], 48), -PIL_EUNSUPPORTED);
		if (is_ec || all[i] == PIL_SIG_UNKNOWN)
			assert_int_equal(verify(&rsa, all[i], 32), -PIL_EUNSUPPORTED);
	}
	/* digest and scheme must fit as well */
	assert_int_equal(verify(&ec, PIL_SIG_ECDSA_SHA384, 32), -PIL_EUNSUPPORTED);
	assert_int_equal(verify(&ec, PIL_SIG_ECDSA_SHA256, 48), -PIL_EUNSUPPORTED);
	assert_int_equal(verify(&rsa, PIL_SIG_RSA_RAW, 0), -PIL_EUNSUPPORTED);
	assert_int_equal(verify(&rsa, PIL_SIG_RSA_RAW, 65), -PIL_EUNSUPPORTED);
}

/* one scheme's signature must not pass as another's */
static void rsa_schemes_are_kept_apart(void **state)
{
	static const size_t of[] = { 3, 4, 6 };
	struct sample s = { 0 };
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < 3; i++) {
		make(&ways[of[i]], &s);
		for (k = 0; k < 3; k++)
			assert_int_equal(verify(&s, ways[of[k]].alg, 32), i == k ? 0 : -PIL_EAUTH);
	}
}

/* r and s of 0, of the order and beyond, negative, with leading zeros: none of them is a signature */
static void ecdsa_numbers_outside_their_range(void **state)
{
	static const uint8_t bad[][12] = {
		{ 8, 0x30, 6, 2, 1, 0, 2, 1, 0 },
		{ 8, 0x30, 6, 2, 1, 0, 2, 1, 1 },
		{ 8, 0x30, 6, 2, 1, 1, 2, 1, 0 },
		{ 8, 0x30, 6, 2, 1, 0x81, 2, 1, 1 },
		{ 9, 0x30, 7, 2, 2, 0, 1, 2, 1, 1 },
		{ 8, 0x30, 6, 2, 1, 1, 2, 1, 1 },
		{ 2, 0x30, 0 },
		{ 5, 0x30, 3, 2, 1, 1 },
		{ 6, 0x30, 4, 2, 0, 2, 0 },
		{ 11, 0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1 },
	};
	struct sample s = { 0 };
	size_t i = 0;

	(void)state;
	make(&ways[1], &s);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		s.sig_size = bad[i][0];
		memcpy(s.sig, &bad[i][1], s.sig_size);
		assert_int_equal(verify(&s, PIL_SIG_ECDSA_SHA384, 48), -PIL_EAUTH);
	}
	/* both numbers 2^384 - 1 */
	s.sig_size = 104;
	memset(s.sig, 0xff, 104);
	memcpy(s.sig, (const uint8_t[]){ 0x30, 102, 2, 49, 0 }, 5);
	memcpy(s.sig + 53, (const uint8_t[]){ 2, 49, 0 }, 3);
	assert_int_equal(verify(&s, PIL_SIG_ECDSA_SHA384, 48), -PIL_EAUTH);
}

/* with every pool too small for it, each way fails cleanly; the standard pool is enough for all */
static void out_of_memory_is_told(void **state)
{
	static uint8_t memory[PIL_MBEDTLS_POOL_SIZE];
	struct pil_pool pool = { 0 };
	struct pil_why why = { 0 };
	struct sample s = { 0 };
	size_t bytes = 0;
	size_t i = 0;
	int ret = -1;

	(void)state;
	pil_mbedtls_host_pool(&pool);
	for (i = 0; i < WAYS; i++) {
		make(&ways[i], &s);
		ret = -1;
		for (bytes = 0; bytes <= sizeof(memory) && ret; bytes += 512) {
			pil_pool_init(&pool, memory, bytes);
			ret = pil_crypto_mbedtls.verify(&s.cert, ways[i].alg, s.digest, ways[i].digest_size, s.sig,
							s.sig_size, &why);
			assert_int_equal(pool.used, 0);
			assert_false(pool.damaged);
			if (ret)
				expect_reason(ret, &why, PIL_R_CRYPTO_MEMORY);
		}
		if (ret)
			fail_msg("%s needs more than %u bytes", ways[i].name, PIL_MBEDTLS_POOL_SIZE);
		print_message("%s: %zu bytes of pool\n", ways[i].name, pool.peak);
	}
	pil_mbedtls_host_pool(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_signatures_fit),
		cmocka_unit_test(a_bit_anywhere_in_the_signature_counts),
		cmocka_unit_test(a_bit_anywhere_in_the_digest_counts),
		cmocka_unit_test(another_key_does_not_fit),
		cmocka_unit_test(length_must_fit),
		cmocka_unit_test(keys_and_schemes_that_do_not_go_together),
		cmocka_unit_test(rsa_schemes_are_kept_apart),
		cmocka_unit_test(ecdsa_numbers_outside_their_range),
		cmocka_unit_test(out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
