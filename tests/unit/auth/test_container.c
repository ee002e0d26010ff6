/* SPDX-License-Identifier: BSD-2-Clause */
/* What is under the signature of a container cannot be changed, and what is not is said. With both back ends. */
#include <string.h>

#include <openssl/evp.h>

#include <pilot/container.h>

#include "containergen.h"
#include "expect.h"
#include "imagegen.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };
static const enum certgen_key keys[] = { CERTGEN_P256, CERTGEN_RSA2048, CERTGEN_RSA4096 };

static uint8_t buf[CONTAINERGEN_MAX];
static uint8_t der[1024];
static struct pil_why why;
static struct pil_container_result result;

#define ALL	   ((1u << PIL_CONTAINER_CHECKS) - 1u)
#define BIT(check) (1u << (check))

static struct pil_container_policy strict_policy(void)
{
	return (struct pil_container_policy){
		.key = { der, containergen_key(CERTGEN_P256, der, sizeof(der)) },
		.strict = true,
		.check_processor = true,
		.processor = 3,
		.check_version = true,
		.least_version = 7,
	};
}

static int check(size_t size, const struct pil_container_policy *policy, const struct pil_crypto *crypto)
{
	struct pil_container c = { 0 };

	why = (struct pil_why){ 0 };
	assert_int_equal(pil_container_parse(buf, size, &c, &why), 0);
	return pil_container_auth(&c, policy, crypto, &result, &why);
}

static size_t make(const struct containergen *g)
{
	size_t size = containergen_make(g, buf, sizeof(buf));

	assert_true(size > 0);
	return size;
}

static void every_key_and_number_of_images_passes_all_checks(void **state)
{
	struct pil_container_policy policy = strict_policy();
	struct containergen g = { 0 };
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		containergen_init(&g);
		g.key = keys[i];
		policy.key.size = containergen_key(keys[i], der, sizeof(der));
		for (g.images = 1; g.images <= PIL_CONTAINER_IMAGES; g.images++) {
			size_t size = 0;

			g.elf64 = 0xa; /* every other one */
			size = make(&g);

			for (k = 0; k < 2; k++) {
				assert_int_equal(check(size, &policy, backends[k]), 0);
				assert_int_equal(result.done, ALL);
				assert_int_equal(result.missing, 0);
			}
		}
	}
}

static void upstream_container_is_accepted_with_what_is_missing(void **state)
{
	struct pil_container_policy policy = { .key = { der, containergen_key(CERTGEN_P256, der, sizeof(der)) } };
	struct containergen g = { 0 };
	size_t size = 0;

	(void)state;
	containergen_init(&g);
	g.upstream = true;
	size = make(&g);
	assert_int_equal(check(size, &policy, &pil_crypto_mbedtls), 0);
	assert_int_equal(result.missing,
			 BIT(PIL_CONTAINER_PROCESSOR) | BIT(PIL_CONTAINER_ROLLBACK) | BIT(PIL_CONTAINER_WHOLE));
	assert_int_equal(result.done | result.missing, ALL);
	policy.check_processor = true;
	expect_why(check(size, &policy, &pil_crypto_mbedtls), &why, PIL_R_CONTAINER_LOOSE, 0x15001, 0);
	policy.check_processor = false;
	policy.check_version = true;
	expect_why(check(size, &policy, &pil_crypto_mbedtls), &why, PIL_R_CONTAINER_LOOSE, 0x15002, 0);
	policy = (struct pil_container_policy){ 0 };
	expect_reason(check(size, &policy, &pil_crypto_mbedtls), &why, PIL_R_CONTAINER_KEY_NONE);
}

static void strict_policy_wants_each_tlv(void **state)
{
	static const uint32_t types[] = { 0x15001, 0x15002, 0x15003 };
	struct pil_container_policy policy = strict_policy();
	struct containergen g = { 0 };
	size_t i = 0;

	(void)state;
	policy.check_processor = false;
	policy.check_version = false;
	for (i = 0; i < 3; i++) {
		containergen_init(&g);
		g.omit = types[i];
		expect_why(check(make(&g), &policy, &pil_crypto_openssl), &why, PIL_R_CONTAINER_LOOSE, types[i], 0);
	}
}

static void processor_and_version_decide(void **state)
{
	struct pil_container_policy policy = strict_policy();
	struct containergen g = { 0 };

	(void)state;
	containergen_init(&g);
	g.processor = 4;
	expect_why(check(make(&g), &policy, &pil_crypto_openssl), &why, PIL_R_CONTAINER_PROCESSOR, 4, 3);
	containergen_init(&g);
	g.version = 6;
	expect_why(check(make(&g), &policy, &pil_crypto_openssl), &why, PIL_R_ROLLBACK, 6, 7);
	g.version = 8;
	assert_int_equal(check(make(&g), &policy, &pil_crypto_openssl), 0);
}

static void a_key_is_trusted_by_itself_or_by_its_digest(void **state)
{
	struct pil_container_policy policy = { 0 };
	uint8_t hash[PIL_KEY_HASH_SIZE] = { 0 };
	struct containergen g = { 0 };
	size_t size = 0;
	size_t k = 0;

	(void)state;
	containergen_init(&g);
	size = make(&g);
	assert_int_equal(
		EVP_Digest(der, containergen_key(CERTGEN_P256, der, sizeof(der)), hash, NULL, EVP_sha384(), NULL), 1);
	for (k = 0; k < 2; k++) {
		policy = (struct pil_container_policy){ 0 };
		assert_int_equal(check(size, &policy, backends[k]), 0);
		assert_int_equal(result.done & BIT(PIL_CONTAINER_KEY), 0);
		policy.key_hash = hash;
		assert_int_equal(check(size, &policy, backends[k]), 0);
		assert_int_equal(result.done & BIT(PIL_CONTAINER_KEY), BIT(PIL_CONTAINER_KEY));
		hash[47] ^= 1;
		expect_reason(check(size, &policy, backends[k]), &why, PIL_R_CONTAINER_KEY_HASH);
		hash[47] ^= 1;
		policy = (struct pil_container_policy){ .key = { der, 90 } };
		expect_reason(check(size, &policy, backends[k]), &why, PIL_R_KEY_PARSE);
	}
}

static void a_key_of_the_wrong_kind_is_refused_by_name(void **state)
{
	static const struct {
		enum certgen_key key;
		enum pil_reason expected;
	} cases[] = {
		{ CERTGEN_RSA2048, PIL_R_CONTAINER_KEY_TYPE },
		{ CERTGEN_LEAF, PIL_R_CONTAINER_KEY_TYPE },
		{ CERTGEN_RSA1024, PIL_R_KEY_TYPE },
		{ CERTGEN_P521, PIL_R_KEY_TYPE },
	};
	struct pil_container_policy policy = strict_policy();
	struct containergen g = { 0 };
	size_t size = 0;
	size_t i = 0;
	size_t k = 0;

	(void)state;
	containergen_init(&g);
	size = make(&g);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		policy.key.size = containergen_key(cases[i].key, der, sizeof(der));
		for (k = 0; k < 2; k++)
			expect_reason(check(size, &policy, backends[k]), &why, cases[i].expected);
	}
}

/* every bit of the file, one after the other: nothing that changes any of them passes a strict check */
static void no_byte_can_be_changed(void **state)
{
	const struct pil_container_policy policy = strict_policy();
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t size = 0;
	size_t i = 0;

	(void)state;
	containergen_init(&g);
	g.images = 2;
	g.elf64 = 2;
	size = make(&g);
	for (i = 0; i < size; i++) {
		buf[i] ^= (uint8_t)(1u << (i % 8));
		if (!pil_container_parse(buf, size, &c, NULL) &&
		    !pil_container_auth(&c, &policy, backends[i % 2], &result, NULL))
			fail_msg("byte %zu of %zu", i, size);
		buf[i] ^= (uint8_t)(1u << (i % 8));
	}
	assert_int_equal(check(size, &policy, &pil_crypto_openssl), 0);
}

/* without Pilot's TLVs: program headers and segments still hold, the rest of the ELF file does not */
static void what_upstream_leaves_open_is_what_spec_says(void **state)
{
	static const struct {
		size_t offset; /* in the image */
		enum pil_reason expected;
	} cases[] = {
		{ 24, PIL_R_NONE },		   /* e_entry */
		{ 32, PIL_R_NONE },		   /* e_shoff */
		{ 52, PIL_R_CONTAINER_PHDR },	   /* p_type */
		{ 52 + 24, PIL_R_CONTAINER_PHDR }, /* p_flags, which the loader upstream does not compare */
		{ 116, PIL_R_CONTAINER_SEGMENT },
		{ 215, PIL_R_CONTAINER_SEGMENT },
	};
	const struct pil_container_policy policy = { .key = { der, containergen_key(CERTGEN_P256, der, sizeof(der)) } };
	struct containergen g = { 0 };
	size_t i = 0;

	(void)state;
	containergen_init(&g);
	g.upstream = true;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = make(&g);

		buf[size - CONTAINERGEN_IMAGE + cases[i].offset] ^= 2;
		(void)check(size, &policy, &pil_crypto_openssl);
		assert_string_equal(pil_reason_name(why.reason), pil_reason_name(cases[i].expected));
	}
}

static void spoil_digest(uint8_t *container, const void *arg)
{
	container[containergen_value(container, 0x15003)] ^= *(const uint8_t *)arg;
}

static void whole_file_digest_is_looked_at(void **state)
{
	static const uint8_t mask = 1;
	const struct pil_container_policy policy = strict_policy();
	struct containergen g = { 0 };

	(void)state;
	containergen_init(&g);
	g.spoil = spoil_digest;
	g.arg = &mask;
	expect_why(check(make(&g), &policy, &pil_crypto_openssl), &why, PIL_R_CONTAINER_ELF_DIGEST, 0,
		   CONTAINERGEN_IMAGE);
}

static void set_signature(uint8_t r, uint8_t s)
{
	size_t at = containergen_signature(buf);

	memset(buf + at, 0, 64);
	buf[at + 31] = r;
	buf[at + 63] = s;
}

static void degenerate_signatures_are_refused(void **state)
{
	const struct pil_container_policy policy = strict_policy();
	struct containergen g = { 0 };
	size_t size = 0;
	size_t k = 0;

	(void)state;
	containergen_init(&g);
	size = make(&g);
	for (k = 0; k < 8; k++) {
		set_signature(k & 1, k >> 1 & 1);
		if (k & 4)
			memset(buf + containergen_signature(buf), 0xff, 64);
		expect_reason(check(size, &policy, backends[k % 2]), &why, PIL_R_CONTAINER_SIGNATURE);
	}
}

static void checks_have_names(void **state)
{
	int i = 0;

	(void)state;
	for (i = 0; i < PIL_CONTAINER_CHECKS; i++)
		assert_string_not_equal(pil_container_check_name((enum pil_container_check)i), "?");
	assert_string_equal(pil_container_check_name(PIL_CONTAINER_CHECKS), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_and_number_of_images_passes_all_checks),
		cmocka_unit_test(upstream_container_is_accepted_with_what_is_missing),
		cmocka_unit_test(strict_policy_wants_each_tlv),
		cmocka_unit_test(processor_and_version_decide),
		cmocka_unit_test(a_key_is_trusted_by_itself_or_by_its_digest),
		cmocka_unit_test(a_key_of_the_wrong_kind_is_refused_by_name),
		cmocka_unit_test(no_byte_can_be_changed),
		cmocka_unit_test(what_upstream_leaves_open_is_what_spec_says),
		cmocka_unit_test(whole_file_digest_is_looked_at),
		cmocka_unit_test(degenerate_signatures_are_refused),
		cmocka_unit_test(checks_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
