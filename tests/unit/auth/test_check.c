/* SPDX-License-Identifier: BSD-2-Clause */
/* Genuine images are accepted; what exactly is looked at, and in which order. Everything with both back ends. */
#include <stdlib.h>
#include <string.h>

#include <pilot/wire/mbn.h>

#include "expect.h"
#include "host_pool.h"
#include "signedgen.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

#define ALL_BUT_SEGMENTS ((1u << PIL_CHECK_SEGMENTS) - 1u)
#define BIT(check)	 (1u << (check))

struct answer {
	int ret;
	struct pil_why why;
	struct pil_auth_result result;
};

static uint8_t buf[SIGNEDGEN_MAX];
static struct pil_image image;
static struct pil_device device;

static void make(struct signedgen *s)
{
	size_t size = signedgen_metadata(s, buf, sizeof(buf));

	assert_true(size > 0);
	signedgen_device(&device);
	assert_int_equal(pil_image_from_metadata(buf, size, &image, NULL), 0);
}

static struct answer ask(const struct pil_crypto *crypto, const struct pil_device *dev, uint32_t sw_id)
{
	struct pil_auth_policy policy = { .device = dev, .check_sw_id = true, .sw_id = sw_id };
	struct answer a = { 0 };

	a.ret = pil_auth_check(&image, &policy, crypto, &a.result, &a.why);
	return a;
}

static void expect_accepted(void)
{
	size_t k = 0;

	for (k = 0; k < 2; k++) {
		struct answer a = ask(backends[k], &device, 1);

		if (a.ret)
			fail_msg("%s: %s", backends[k]->name, pil_reason_name(a.why.reason));
		assert_int_equal(a.result.done, ALL_BUT_SEGMENTS);
		assert_memory_equal(a.result.root_hash, device.root_hash[0], PIL_ROOT_HASH_SIZE);
	}
}

static void expect_refused(enum pil_reason reason, uint32_t done)
{
	size_t k = 0;

	for (k = 0; k < 2; k++) {
		struct answer a = ask(backends[k], &device, 1);

		expect_reason(a.ret, &a.why, reason);
		assert_int_equal(a.result.done, done);
	}
}

static void a_genuine_image_is_accepted(void **state)
{
	struct signedgen s = { 0 };
	int is64 = 0;

	(void)state;
	for (is64 = 0; is64 < 2; is64++) {
		signedgen_init(&s, is64);
		make(&s);
		expect_accepted();
		assert_int_equal(ask(backends[0], &device, 1).result.certs, 3);
		assert_int_equal(ask(backends[0], &device, 1).result.sig_alg, PIL_SIG_ECDSA_SHA384);
	}
}

static void a_chain_of_leaf_and_root_is_accepted(void **state)
{
	struct signedgen s = { 0 };

	(void)state;
	signedgen_init(&s, false);
	s.chain.cert[1] = s.chain.cert[2];
	s.chain.cert[0].signer = CERTGEN_ROOT;
	s.chain.cert[0].issuer = "Test root";
	s.chain.count = 2;
	s.field_size = 0;
	make(&s);
	expect_accepted();
	assert_int_equal(ask(backends[1], &device, 1).result.certs, 2);
}

static void expired_certificates_are_accepted(void **state)
{
	struct signedgen s = { 0 };

	(void)state;
	signedgen_init(&s, false);
	s.chain.cert[0].not_before = "20010101000000Z";
	s.chain.cert[0].not_after = "20020101000000Z";
	s.chain.cert[1].not_before = "20980101000000Z";
	s.chain.cert[1].not_after = "20990101000000Z";
	make(&s);
	expect_accepted();
}

static void a_leaf_without_extensions_is_accepted(void **state)
{
	struct signedgen s = { 0 };

	(void)state;
	signedgen_init(&s, false);
	s.chain.cert[0].basic = false;
	s.chain.cert[0].key_usage = -1;
	make(&s);
	expect_accepted();
}

static void what_binds_and_fits_is_accepted(void **state)
{
	struct signedgen s = { 0 };
	uint32_t *words = s.image.metadata[PIL_OEM];

	(void)state;
	signedgen_init(&s, false);
	words[0] = 1;			/* metadata major version: the model binds, too */
	words[3] = 0x0a1b2c3d;		/* chip id */
	words[5] = 2;			/* model */
	words[7] = 0x406;		/* SoC, serial, OEM, model, chip id */
	words[8] = 0x6018;
	words[9] = 0x6019;
	words[20] = 7;
	words[27] = 0x12345678;		/* last of the serial numbers */
	make(&s);
	expect_accepted();
	device.model_id = 3;
	expect_refused(PIL_R_BIND_MODEL, BIT(PIL_CHECK_CHAIN) | BIT(PIL_CHECK_ROOT) | BIT(PIL_CHECK_SIGNATURE));
}

static void any_root_of_the_device_will_do(void **state)
{
	struct signedgen s = { 0 };
	unsigned int i = 0;

	(void)state;
	signedgen_init(&s, false);
	make(&s);
	memset(device.root_hash[1], 0x55, sizeof(device.root_hash[1]));
	memcpy(device.root_hash[3], device.root_hash[0], PIL_ROOT_HASH_SIZE);
	memset(device.root_hash[0], 0xaa, PIL_ROOT_HASH_SIZE);
	device.root_count = 4;
	device.root_active = 0xf;
	for (i = 0; i < 2; i++)
		assert_int_equal(ask(backends[i], &device, 1).ret, 0);
	/* a hash beyond the programmed ones does not count */
	device.root_count = 3;
	expect_refused(PIL_R_CERT_ROOT, BIT(PIL_CHECK_CHAIN));
}

static void roots_count_only_where_activated_and_not_revoked(void **state)
{
	struct signedgen s = { 0 };

	(void)state;
	signedgen_init(&s, false);
	make(&s);
	memcpy(device.root_hash[2], device.root_hash[0], PIL_ROOT_HASH_SIZE);
	memset(device.root_hash[1], 0x55, PIL_ROOT_HASH_SIZE);
	device.root_count = 3;
	device.root_active = 0x4; /* the same root in two places: one is enough */
	expect_accepted();
	device.root_active = 0x2;
	expect_refused(PIL_R_CERT_ROOT_INACTIVE, BIT(PIL_CHECK_CHAIN));
	device.root_active = 0;
	expect_refused(PIL_R_CERT_ROOT_INACTIVE, BIT(PIL_CHECK_CHAIN));
	device.root_active = 0x7;
	device.root_revoked = 0x2;
	expect_accepted();
	device.root_revoked = 0x4; /* and one revocation, too, whatever the other place says */
	expect_refused(PIL_R_CERT_ROOT_REVOKED, BIT(PIL_CHECK_CHAIN));
	device.root_revoked = 0x1;
	expect_refused(PIL_R_CERT_ROOT_REVOKED, BIT(PIL_CHECK_CHAIN));
}

static void a_returned_device_runs_only_what_is_bound_to_it(void **state)
{
	const uint32_t done = BIT(PIL_CHECK_CHAIN) | BIT(PIL_CHECK_ROOT) | BIT(PIL_CHECK_SIGNATURE);
	struct signedgen s = { 0 };

	(void)state;
	signedgen_init(&s, false);
	make(&s);
	device.life_cycle = PIL_LIFE_RMA;
	expect_refused(PIL_R_BIND_RMA, done);
	s.image.metadata[PIL_OEM][7] |= 4; /* bound to serial numbers */
	s.image.metadata[PIL_OEM][20] = 0x12345678;
	make(&s);
	device.life_cycle = PIL_LIFE_RMA;
	expect_accepted();
	device.serial++;
	expect_refused(PIL_R_BIND_SERIAL, done);
}

static void an_open_device_checks_like_one_in_the_field(void **state)
{
	struct signedgen s = { 0 };

	(void)state;
	signedgen_init(&s, false);
	make(&s);
	device.life_cycle = PIL_LIFE_OPEN;
	expect_accepted();
	s.no_signature = true;
	make(&s);
	device.life_cycle = PIL_LIFE_OPEN;
	expect_refused(PIL_R_SIG_NONE, 0);
}

static void images_that_enable_debugging_need_the_policy(void **state)
{
	struct signedgen s = { 0 };
	uint32_t value = 0;

	(void)state;
	for (value = 0; value < 3; value++) {
		signedgen_init(&s, false);
		s.image.metadata[PIL_OEM][7] |= value << PIL_MBN_V6_DEBUG;
		make(&s);
		if (value == 2)
			expect_refused(PIL_R_BIND_DEBUG,
				       BIT(PIL_CHECK_CHAIN) | BIT(PIL_CHECK_ROOT) | BIT(PIL_CHECK_SIGNATURE));
		else
			expect_accepted();
		device.debug = PIL_DEBUG_IMAGE;
		expect_accepted();
	}
}

static void without_a_device_binding_and_root_stay_open(void **state)
{
	struct pil_auth_policy policy = { 0 };
	struct pil_auth_result result = { 0 };
	struct signedgen s = { 0 };
	size_t k = 0;

	(void)state;
	signedgen_init(&s, false);
	make(&s);
	for (k = 0; k < 2; k++) {
		assert_int_equal(pil_auth_check(&image, &policy, backends[k], &result, NULL), 0);
		assert_int_equal(result.done,
				 BIT(PIL_CHECK_CHAIN) | BIT(PIL_CHECK_SIGNATURE) | BIT(PIL_CHECK_HEADERS));
	}
}

static void the_first_failing_check_counts(void **state)
{
	struct signedgen s = { 0 };

	(void)state;
	signedgen_init(&s, false);
	s.signer = CERTGEN_OTHER;
	make(&s);
	device.soc_version = 1;
	expect_refused(PIL_R_SIG_MISMATCH, BIT(PIL_CHECK_CHAIN) | BIT(PIL_CHECK_ROOT));
	device.root_hash[0][47] ^= 1;
	expect_refused(PIL_R_CERT_ROOT, BIT(PIL_CHECK_CHAIN));
}

static void segments_are_compared_with_the_table(void **state)
{
	struct signedgen s = { 0 };
	uint8_t data[0x180] = { 0 };
	struct pil_why why = { 0 };
	size_t i = 0;

	(void)state;
	signedgen_init(&s, false);
	make(&s);
	for (i = 0; i < sizeof(data); i++)
		data[i] = imagegen_byte(2, i);
	for (i = 0; i < 2; i++) {
		assert_int_equal(pil_auth_segment(&image, 2, data, sizeof(data), backends[i], &why), 0);
		assert_int_equal(pil_auth_segment(&image, 1, NULL, 0, backends[i], &why), 0);
		assert_int_equal(pil_auth_segment(&image, 4, NULL, 0, backends[i], &why), 0);
		data[0x17f] ^= 1;
		expect_why(pil_auth_segment(&image, 2, data, sizeof(data), backends[i], &why), &why,
			   PIL_R_HASH_SEGMENT, 2, sizeof(data));
		data[0x17f] ^= 1;
		expect_why(pil_auth_segment(&image, 2, data, 0x17f, backends[i], &why), &why, PIL_R_HASH_SEGMENT, 2,
			   0x17f);
		expect_why(pil_auth_segment(&image, 5, data, 1, backends[i], &why), &why, PIL_R_PLAN_HASHED_GAP, 5, 5);
	}
}

/* with every pool that is too small: a clear error, nothing left behind; then the size at which it works */
static void a_small_pool_is_an_error_not_a_crash(void **state)
{
	static uint8_t memory[PIL_MBEDTLS_POOL_SIZE];
	struct pil_pool pool = { 0 };
	struct signedgen s = { 0 };
	size_t size = 0;
	struct answer a = { 0 };

	(void)state;
	signedgen_init(&s, false);
	make(&s);
	pil_mbedtls_host_pool(&pool);
	for (size = 0; size <= sizeof(memory); size += 256) {
		pil_pool_init(&pool, memory, size);
		a = ask(&pil_crypto_mbedtls, &device, 1);
		assert_int_equal(pool.used, 0);
		assert_false(pool.damaged);
		if (!a.ret)
			break;
		expect_reason(a.ret, &a.why, PIL_R_CRYPTO_MEMORY);
	}
	pil_mbedtls_host_pool(NULL);
	assert_int_equal(a.ret, 0);
	print_message("a check of 3 certificates and a signature needs %zu bytes of pool\n", pool.peak);
}

static void names_of_checks(void **state)
{
	(void)state;
	assert_string_equal(pil_check_name(PIL_CHECK_CHAIN), "chain");
	assert_string_equal(pil_check_name(PIL_CHECK_SEGMENTS), "segments");
	assert_string_equal(pil_check_name(PIL_CHECK_COUNT), "?");
}

static void split_never_reads_past_the_end(void **state)
{
	static const struct {
		uint8_t data[6];
		size_t size, expected;
	} cases[] = {
		{ { 0x30, 0x00 }, 2, 2 },
		{ { 0x30, 0x01, 0xaa }, 3, 3 },
		{ { 0x30, 0x01, 0xaa, 0xbb }, 4, 3 },
		{ { 0x30, 0x01 }, 2, 0 },
		{ { 0x30 }, 1, 0 },
		{ { 0x31, 0x00 }, 2, 0 },
		{ { 0x30, 0x80, 0x00, 0x00 }, 4, 0 },
		{ { 0x30, 0x81, 0x03, 1, 2, 3 }, 6, 6 },
		{ { 0x30, 0x82, 0x00 }, 3, 0 },
		{ { 0x30, 0x82, 0x00, 0x02, 1, 2 }, 6, 6 },
		{ { 0x30, 0x83, 0xff, 0xff, 0xff, 2 }, 6, 0 },
		{ { 0x30, 0x84, 0x00, 0x00, 0x00, 0 }, 6, 0 },
	};
	size_t i = 0;

	(void)state;
	assert_int_equal(pil_cert_split(NULL, 0), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t *exact = malloc(cases[i].size);

		assert_non_null(exact);
		memcpy(exact, cases[i].data, cases[i].size);
		assert_int_equal(pil_cert_split(exact, cases[i].size), cases[i].expected);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_genuine_image_is_accepted),
		cmocka_unit_test(a_chain_of_leaf_and_root_is_accepted),
		cmocka_unit_test(expired_certificates_are_accepted),
		cmocka_unit_test(a_leaf_without_extensions_is_accepted),
		cmocka_unit_test(what_binds_and_fits_is_accepted),
		cmocka_unit_test(any_root_of_the_device_will_do),
		cmocka_unit_test(roots_count_only_where_activated_and_not_revoked),
		cmocka_unit_test(a_returned_device_runs_only_what_is_bound_to_it),
		cmocka_unit_test(an_open_device_checks_like_one_in_the_field),
		cmocka_unit_test(images_that_enable_debugging_need_the_policy),
		cmocka_unit_test(without_a_device_binding_and_root_stay_open),
		cmocka_unit_test(the_first_failing_check_counts),
		cmocka_unit_test(segments_are_compared_with_the_table),
		cmocka_unit_test(a_small_pool_is_an_error_not_a_crash),
		cmocka_unit_test(names_of_checks),
		cmocka_unit_test(split_never_reads_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
