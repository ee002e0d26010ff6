/* SPDX-License-Identifier: BSD-2-Clause */
/* What certificates say: both back ends must read the same, field by field. */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "certgen.h"
#include "expect.h"
#include "host_pool.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

static uint8_t der[CERTGEN_CERT_MAX];
static size_t size;

static void make(const struct certgen_cert *cert)
{
	size = certgen_cert(cert, der, sizeof(der));
	assert_true(size > 0);
}

static struct certgen_cert good(unsigned int index)
{
	struct certgen_chain chain = { 0 };

	certgen_init(&chain);
	return chain.cert[index];
}

static void assert_same(struct pil_bytes a, struct pil_bytes b)
{
	assert_ptr_equal(a.data, b.data);
	assert_int_equal(a.size, b.size);
}

static void assert_same_pointers(const struct pil_cert *a, const struct pil_cert *b)
{
	assert_same(a->der, b->der);
	assert_same(a->tbs, b->tbs);
	assert_same(a->issuer, b->issuer);
	assert_same(a->subject, b->subject);
	assert_same(a->spki, b->spki);
	assert_same(a->signature, b->signature);
}

/* reads with both, compares, and returns what they agree on */
static struct pil_cert read_both(void)
{
	struct pil_cert c[2] = { 0 };
	struct pil_why why = { 0 };
	size_t k = 0;

	for (k = 0; k < 2; k++)
		if (backends[k]->cert_read(der, size, &c[k], &why))
			fail_msg("%s: %s", backends[k]->name, pil_reason_name(why.reason));
	assert_int_equal(pil_mbedtls_current_pool()->used, 0);
	assert_same_pointers(&c[0], &c[1]);
	assert_int_equal(c[0].sig_alg, c[1].sig_alg);
	assert_int_equal(c[0].key, c[1].key);
	assert_int_equal(c[0].key_bits, c[1].key_bits);
	assert_int_equal(c[0].has_basic, c[1].has_basic);
	assert_int_equal(c[0].is_ca, c[1].is_ca);
	assert_int_equal(c[0].path_len, c[1].path_len);
	assert_int_equal(c[0].has_key_usage, c[1].has_key_usage);
	assert_int_equal(c[0].key_usage, c[1].key_usage);
	assert_int_equal(c[0].not_before, c[1].not_before);
	assert_int_equal(c[0].not_after, c[1].not_after);
	return c[0];
}

static void expect_both_refuse(enum pil_reason reason)
{
	struct pil_cert cert = { 0 };
	struct pil_why why = { 0 };
	size_t k = 0;

	for (k = 0; k < 2; k++) {
		expect_reason(backends[k]->cert_read(der, size, &cert, &why), &why, reason);
		assert_int_equal(pil_mbedtls_current_pool()->used, 0);
	}
}

static void a_leaf_with_path_length_but_no_authority(void **state)
{
	struct certgen_cert leaf = good(0);
	struct pil_cert c = { 0 };

	(void)state;
	assert_int_equal(leaf.path_len, 0);
	make(&leaf);
	c = read_both();
	assert_int_equal(c.sig_alg, PIL_SIG_ECDSA_SHA384);
	assert_int_equal(c.key, PIL_KEY_EC_P384);
	assert_int_equal(c.key_bits, 384);
	assert_true(c.has_basic);
	assert_false(c.is_ca);
	assert_int_equal(c.path_len, -1);
	assert_true(c.has_key_usage);
	assert_int_equal(c.key_usage, PIL_KU_DIGITAL_SIGNATURE);
	assert_int_equal(c.not_before, UINT64_C(20200101000000));
	assert_int_equal(c.not_after, UINT64_C(20500101000000));
}

static void pointers_cut_the_certificate_into_its_parts(void **state)
{
	struct certgen_cert root = good(2);
	struct pil_cert c = { 0 };

	(void)state;
	make(&root);
	c = read_both();
	assert_ptr_equal(c.der.data, der);
	assert_int_equal(c.der.size, size);
	assert_ptr_equal(c.tbs.data, der + 4);
	assert_int_equal(c.issuer.size, c.subject.size);
	assert_memory_equal(c.issuer.data, c.subject.data, c.issuer.size);
	assert_ptr_equal(c.signature.data + c.signature.size, der + size);
	assert_int_equal(c.spki.size, 120); /* P-384: RFC 5480 */
	assert_int_equal(c.signature.data[0], 0x30);
}

static void authorities_and_their_limits(void **state)
{
	static const long lengths[] = { -1, 0, 1, 127, 128, 70000 };
	struct certgen_cert ca = good(1);
	struct pil_cert c = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		ca.path_len = lengths[i];
		make(&ca);
		c = read_both();
		assert_true(c.is_ca);
		assert_int_equal(c.path_len, lengths[i]);
		assert_int_equal(c.key_usage, PIL_KU_KEY_CERT_SIGN);
	}
}

static void without_extensions(void **state)
{
	struct certgen_cert cert = good(0);
	struct pil_cert c = { 0 };

	(void)state;
	cert.basic = false;
	cert.key_usage = -1;
	make(&cert);
	c = read_both();
	assert_false(c.has_basic);
	assert_false(c.is_ca);
	assert_int_equal(c.path_len, -1);
	assert_false(c.has_key_usage);
	assert_int_equal(c.key_usage, 0);
}

static void every_key_type(void **state)
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
	struct certgen_cert cert = good(0);
	struct pil_cert c = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cert.key = cases[i].key;
		make(&cert);
		c = read_both();
		assert_int_equal(c.key, cases[i].type);
		assert_int_equal(c.key_bits, cases[i].bits);
	}
}

static void every_signature_algorithm(void **state)
{
	static const struct {
		enum certgen_key signer;
		const char *digest;
		enum certgen_scheme scheme;
		enum pil_sig_alg alg;
	} cases[] = {
		{ CERTGEN_CA, "SHA256", CERTGEN_PLAIN, PIL_SIG_ECDSA_SHA256 },
		{ CERTGEN_CA, "SHA384", CERTGEN_PLAIN, PIL_SIG_ECDSA_SHA384 },
		{ CERTGEN_RSA2048, "SHA256", CERTGEN_PLAIN, PIL_SIG_RSA_PKCS1_SHA256 },
		{ CERTGEN_RSA2048, "SHA256", CERTGEN_PSS, PIL_SIG_RSA_PSS_SHA256 },
		{ CERTGEN_RSA2048, "SHA384", CERTGEN_PSS, PIL_SIG_RSA_PSS_SHA384 },
	};
	struct certgen_cert cert = good(0);
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cert.signer = cases[i].signer;
		cert.digest = cases[i].digest;
		cert.scheme = cases[i].scheme;
		make(&cert);
		assert_int_equal(read_both().sig_alg, cases[i].alg);
	}
}

static void unknown_keys_and_algorithms_are_named(void **state)
{
	struct certgen_cert cert = good(0);

	(void)state;
	cert.key = CERTGEN_P521;
	make(&cert);
	expect_both_refuse(PIL_R_CERT_KEY);
	cert.key = CERTGEN_RSA1024;
	make(&cert);
	expect_both_refuse(PIL_R_CERT_KEY);
	cert = good(0);
	cert.digest = "SHA1";
	make(&cert);
	expect_both_refuse(PIL_R_CERT_SIGALG);
	cert.digest = "SHA512";
	make(&cert);
	expect_both_refuse(PIL_R_CERT_SIGALG);
	cert.signer = CERTGEN_RSA2048;
	cert.digest = "SHA256";
	cert.scheme = CERTGEN_PSS_LONG_SALT;
	make(&cert);
	expect_both_refuse(PIL_R_CERT_SIGALG);
}

/* the good leaf, with one extension more; @oid as text */
static void make_with(const char *oid, const uint8_t *value, size_t length, bool critical)
{
	struct certgen_cert leaf = good(0);
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	const unsigned char *at = der;
	X509_EXTENSION *ext = NULL;
	unsigned char *to = der;
	X509 *x = NULL;

	make(&leaf);
	x = d2i_X509(NULL, &at, (long)size);
	assert_int_equal(ASN1_OCTET_STRING_set(octets, value, (int)length), 1);
	ext = X509_EXTENSION_create_by_OBJ(NULL, object, critical, octets);
	assert_int_equal(X509_add_ext(x, ext, -1), 1);
	assert_true(X509_sign(x, certgen_key(CERTGEN_CA), EVP_sha384()) > 0);
	assert_true(i2d_X509(x, NULL) <= (int)sizeof(der));
	size = (size_t)i2d_X509(x, &to);
	X509_EXTENSION_free(ext);
	ASN1_OBJECT_free(object);
	ASN1_OCTET_STRING_free(octets);
	X509_free(x);
}

#define EXT_USAGE "2.5.29.37"
#define KEY_ID	  "2.5.29.14"
#define AUTHORITY "2.5.29.35"
#define NAMES	  "2.5.29.17"
#define POLICIES  "2.5.29.32"
#define NETSCAPE  "2.16.840.1.113730.1.1"

/* Mbed TLS reads extensions that OpenSSL lets lie: whatever their form, both say the same */
static void extensions_that_a_library_reads_have_their_form(void **state)
{
	static const struct {
		const char *oid;
		uint8_t size;
		uint8_t value[24];
		bool good;
	} cases[] = {
		{ EXT_USAGE, 7, { 0x30, 5, 6, 3, 0x2a, 3, 4 }, true },
		{ EXT_USAGE, 5, { 0x30, 3, 2, 1, 0 }, false }, /* a number in place of an OID */
		{ EXT_USAGE, 2, { 0x30, 0 }, false },
		{ KEY_ID, 4, { 4, 2, 1, 2 }, true },
		{ KEY_ID, 4, { 0x30, 2, 5, 0 }, false },
		{ KEY_ID, 5, { 4, 2, 1, 2, 0 }, false },
		{ AUTHORITY, 5, { 0x30, 3, 0x80, 1, 7 }, true },
		{ AUTHORITY, 13, { 0x30, 11, 0x80, 1, 7, 0xa1, 3, 0x82, 1, 'a', 0x82, 1, 9 }, true },
		{ AUTHORITY, 10, { 0x30, 8, 0xa1, 3, 0x86, 1, 'a', 0x82, 1, 9 }, true },
		{ AUTHORITY, 7, { 0x30, 5, 0xa1, 3, 0x86, 1, 'a' }, false }, /* no serial number */
		{ AUTHORITY, 5, { 0x30, 3, 0x82, 1, 9 }, false },
		{ AUTHORITY, 2, { 0x30, 0 }, false },
		{ NAMES, 8, { 0x30, 6, 0x82, 1, 'a', 0x81, 1, 'b' }, true },
		{ NAMES,
		  19,
		  { 0x30, 17, 0xa4, 15, 0x30, 13, 0x31, 11, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2, 'a', 'b' },
		  true },
		{ NAMES, 6, { 0x30, 4, 0xa4, 2, 0x30, 0 }, false },
		{ NAMES, 5, { 0x30, 3, 0x87, 1, 'a' }, false }, /* an IP address of one byte */
		{ NAMES, 5, { 0x30, 3, 2, 1, 1 }, false },
		{ POLICIES, 9, { 0x30, 7, 0x30, 5, 6, 3, 0x2a, 3, 4 }, true },
		{ POLICIES, 11, { 0x30, 9, 0x30, 7, 6, 3, 0x2a, 3, 4, 0x30, 0 }, true },
		{ POLICIES, 11, { 0x30, 9, 0x30, 7, 6, 3, 0x2a, 3, 4, 0x31, 0 }, false },
		{ POLICIES, 4, { 0x30, 2, 0x30, 0 }, false },
		{ NETSCAPE, 4, { 3, 2, 4, 0x10 }, true },
		{ NETSCAPE, 5, { 3, 3, 0, 0x10, 1 }, false },
		{ "1.2.3.4", 2, { 0xff, 0xff }, true }, /* nobody knows it, and it is not critical */
	};
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_with(cases[i].oid, cases[i].value, cases[i].size, false);
		if (cases[i].good)
			read_both();
		else
			expect_both_refuse(PIL_R_CERT_PARSE);
		/* only what is understood may be critical */
		make_with(cases[i].oid, cases[i].value, cases[i].size, true);
		if (cases[i].good && !strcmp(cases[i].oid, EXT_USAGE))
			read_both();
		else
			expect_both_refuse(PIL_R_CERT_PARSE);
	}
}

/* Mbed TLS takes a number where CA:TRUE would stand for CA:TRUE: nobody must become an authority that way */
static void a_path_length_makes_no_authority(void **state)
{
	struct certgen_cert leaf = good(0);

	(void)state;
	leaf.path_len = 1;
	make(&leaf);
	expect_both_refuse(PIL_R_CERT_PARSE);
}

static void length_must_fit_exactly(void **state)
{
	struct certgen_cert leaf = good(0);
	size_t full = 0;

	(void)state;
	make(&leaf);
	full = size;
	for (size = 0; size < full; size++) {
		uint8_t *exact = malloc(size ? size : 1);
		struct pil_cert cert = { 0 };
		struct pil_why why = { 0 };
		size_t k = 0;

		assert_non_null(exact);
		memcpy(exact, der, size);
		for (k = 0; k < 2; k++)
			expect_reason(backends[k]->cert_read(exact, size, &cert, &why), &why, PIL_R_CERT_PARSE);
		free(exact);
	}
	size = full + 1;
	expect_both_refuse(PIL_R_CERT_PARSE);
}

/* the same answer and the same reason from both, and the pool is empty again */
static void expect_agreement(size_t at, uint8_t change)
{
	struct pil_cert c[2] = { 0 };
	struct pil_why why[2] = { 0 };
	int ret[2] = { 0 };
	size_t k = 0;

	der[at] ^= change;
	for (k = 0; k < 2; k++)
		ret[k] = backends[k]->cert_read(der, size, &c[k], &why[k]);
	der[at] ^= change;
	if (ret[0] != ret[1] || why[0].reason != why[1].reason)
		fail_msg("byte %zu, 0x%02x ^ 0x%02x: %s, %s", at, der[at], change, pil_reason_name(why[0].reason),
			 pil_reason_name(why[1].reason));
	assert_int_equal(pil_mbedtls_current_pool()->used, 0);
}

static void both_agree_on_every_changed_byte(void **state)
{
	static const uint8_t changes[] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff };
	static const enum certgen_key keys[] = { CERTGEN_LEAF, CERTGEN_RSA2048 };
	struct certgen_cert leaf = good(0);
	size_t key = 0;
	size_t at = 0;
	size_t i = 0;

	(void)state;
	for (key = 0; key < sizeof(keys) / sizeof(keys[0]); key++) {
		leaf.key = keys[key];
		leaf.signer = key ? CERTGEN_RSA2048 : CERTGEN_CA;
		leaf.scheme = key ? CERTGEN_PSS : CERTGEN_PLAIN;
		make(&leaf);
		for (at = 0; at < size; at++)
			for (i = 0; i < sizeof(changes); i++)
				expect_agreement(at, changes[i]);
	}
}

static void out_of_memory_is_told(void **state)
{
	static uint8_t memory[4096];
	struct certgen_cert leaf = good(0);
	struct pil_pool pool = { 0 };
	struct pil_cert cert = { 0 };
	struct pil_why why = { 0 };
	unsigned int refused = 0;
	size_t bytes = 0;
	int ret = -1;

	(void)state;
	make(&leaf);
	pil_mbedtls_host_pool(&pool);
	for (bytes = 0; bytes < sizeof(memory) && ret; bytes += 32) {
		pil_pool_init(&pool, memory, bytes);
		ret = pil_crypto_mbedtls.cert_read(der, size, &cert, &why);
		assert_int_equal(pool.used, 0);
		if (ret)
			expect_why(ret, &why, PIL_R_CRYPTO_MEMORY, pool.size, 0);
		refused += ret != 0;
	}
	pil_mbedtls_host_pool(NULL);
	assert_int_equal(ret, 0);
	assert_true(refused > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leaf_with_path_length_but_no_authority),
		cmocka_unit_test(pointers_cut_the_certificate_into_its_parts),
		cmocka_unit_test(authorities_and_their_limits),
		cmocka_unit_test(without_extensions),
		cmocka_unit_test(every_key_type),
		cmocka_unit_test(every_signature_algorithm),
		cmocka_unit_test(unknown_keys_and_algorithms_are_named),
		cmocka_unit_test(extensions_that_a_library_reads_have_their_form),
		cmocka_unit_test(a_path_length_makes_no_authority),
		cmocka_unit_test(length_must_fit_exactly),
		cmocka_unit_test(both_agree_on_every_changed_byte),
		cmocka_unit_test(out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
