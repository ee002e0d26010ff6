/* SPDX-License-Identifier: BSD-2-Clause */
/* Every version, scheme and signer: what is accepted by which rules. Everything with both back ends. */
#include <pilot/wire/mbn.h>

#include <string.h>

#include "expect.h"
#include "signedgen.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

#define OFFLINE (1u << PIL_CHECK_CHAIN | 1u << PIL_CHECK_SIGNATURE | 1u << PIL_CHECK_HEADERS)

static uint8_t buf[SIGNEDGEN_MAX];
static struct pil_image image;
static struct signedgen s;
static struct pil_auth_result result;

/* how an image is made */
struct shape {
	unsigned int version;
	bool is64, both;
	enum signedgen_scheme scheme;
	enum certgen_key key;
};

static const struct shape shapes[] = {
	{ 3, false, false, SIGNEDGEN_RAW, CERTGEN_RSA2048 },	{ 3, true, false, SIGNEDGEN_PSS, CERTGEN_RSA3072 },
	{ 5, false, false, SIGNEDGEN_PSS, CERTGEN_RSA2048 },	{ 5, true, true, SIGNEDGEN_PSS, CERTGEN_RSA2048 },
	{ 5, false, true, SIGNEDGEN_RAW, CERTGEN_RSA4096 },	{ 6, false, false, SIGNEDGEN_P384, CERTGEN_LEAF },
	{ 6, true, true, SIGNEDGEN_P384, CERTGEN_LEAF },	{ 6, false, true, SIGNEDGEN_PSS, CERTGEN_RSA4096 },
	{ 6, false, false, SIGNEDGEN_P256, CERTGEN_P256 },	{ 7, false, false, SIGNEDGEN_P384, CERTGEN_LEAF },
	{ 7, true, true, SIGNEDGEN_P384, CERTGEN_LEAF },	{ 7, false, false, SIGNEDGEN_PSS, CERTGEN_RSA3072 },
	{ 7, true, false, SIGNEDGEN_P256, CERTGEN_P256 },	{ 8, false, false, SIGNEDGEN_P384, CERTGEN_LEAF },
	{ 8, true, false, SIGNEDGEN_P384, CERTGEN_LEAF },	{ 8, false, true, SIGNEDGEN_P384, CERTGEN_LEAF },
	{ 8, true, true, SIGNEDGEN_PSS, CERTGEN_RSA4096 },
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void describe(const struct shape *shape)
{
	signedgen_init(&s, shape->is64);
	imagegen_version(&s.image, shape->version);
	if (shape->both)
		memcpy(s.image.metadata[PIL_QTI], s.image.metadata[PIL_OEM], sizeof(s.image.metadata[PIL_QTI]));
	signedgen_use(&s, shape->scheme, shape->key);
	s.both = shape->both;
}

static size_t make(void)
{
	size_t size = signedgen_file(&s, buf, sizeof(buf));

	assert_true(size > 0);
	assert_int_equal(pil_image_from_file(buf, size, &image, NULL), 0);
	return size;
}

static int ask(const struct pil_auth_rules *rules, enum pil_authority who, const struct pil_crypto *crypto,
	       struct pil_why *why)
{
	const struct pil_auth_policy policy = { .rules = rules, .authority = who };

	return pil_auth_check(&image, &policy, crypto, &result, why);
}

static void every_version_and_scheme_is_accepted_offline(void **state)
{
	struct pil_why why = { 0 };
	size_t i = 0;
	size_t k = 0;
	int who = 0;

	(void)state;
	for (i = 0; i < SHAPES; i++) {
		describe(&shapes[i]);
		make();
		assert_int_equal(image.mbn.version, shapes[i].version);
		for (k = 0; k < 4; k++) {
			who = k & 1;
			if (who == PIL_QTI && !shapes[i].both)
				continue;
			if (ask(&pil_auth_rules_all, (enum pil_authority)who, backends[k >> 1], &why))
				fail_msg("shape %zu, %s: %s", i, backends[k >> 1]->name, pil_reason_name(why.reason));
			assert_int_equal(result.done, OFFLINE);
			assert_true(result.binding.present);
			assert_int_equal(result.binding.sw_id, 1);
		}
	}
}

static void a_device_takes_one_scheme_of_versions_with_metadata(void **state)
{
	struct pil_why why = { 0 };
	enum pil_reason expected = PIL_R_NONE;
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < SHAPES; i++) {
		expected = shapes[i].version < 6 ? PIL_R_POLICY_VERSION :
			   shapes[i].both	 ? PIL_R_SIG_QTI :
			   shapes[i].scheme	 ? PIL_R_CERT_KEY :
						   PIL_R_NONE;
		describe(&shapes[i]);
		make();
		for (k = 0; k < 2; k++) {
			if (expected)
				expect_reason(ask(NULL, PIL_OEM, backends[k], &why), &why, expected);
			else
				assert_int_equal(ask(NULL, PIL_OEM, backends[k], &why), 0);
		}
	}
}

/* flipping any bit of what is signed, in steps, is noticed by whoever signed it */
static void nothing_that_is_signed_can_be_changed(void **state)
{
	struct pil_why why = { 0 };
	uint8_t *segment = NULL;
	size_t i = 0;
	size_t at = 0;

	(void)state;
	for (i = 0; i < SHAPES; i++) {
		if (shapes[i].scheme != SIGNEDGEN_PSS && shapes[i].scheme != SIGNEDGEN_RAW)
			continue; /* the differential test has them; this one is to be quick */
		describe(&shapes[i]);
		make();
		segment = buf + (image.mbn.segment.data - buf);
		for (at = 0; at < image.mbn.signed_part.size; at += 3) {
			struct pil_image before = image;
			bool good = false;

			segment[at] ^= 1;
			good = !pil_image_from_file(buf, before.file.size, &image, &why) &&
			       !ask(&pil_auth_rules_all, PIL_OEM, &pil_crypto_openssl, &why) &&
			       (!shapes[i].both || !ask(&pil_auth_rules_all, PIL_QTI, &pil_crypto_openssl, &why));
			segment[at] ^= 1;
			image = before;
			if (good)
				fail_msg("shape %zu: byte %zu of the hash segment", i, at);
		}
	}
}

static void each_signer_of_two_is_refused_alone(void **state)
{
	struct pil_why why = { 0 };
	uint8_t *sig = NULL;
	size_t i = 0;
	int who = 0;

	(void)state;
	for (i = 0; i < SHAPES; i++) {
		if (!shapes[i].both)
			continue;
		for (who = 0; who < 2; who++) {
			describe(&shapes[i]);
			make();
			sig = buf + (image.mbn.signer[who].signature.data - buf);
			sig[20] ^= 1;
			expect_reason(ask(&pil_auth_rules_all, (enum pil_authority)who, backends[i & 1], &why), &why,
				      PIL_R_SIG_MISMATCH);
			assert_int_equal(ask(&pil_auth_rules_all, (enum pil_authority)!who, backends[i & 1], &why), 0);
		}
	}
}

static void several_roots_and_the_index_selects_one(void **state)
{
	struct pil_device device = { 0 };
	struct pil_auth_policy policy = { .device = &device, .rules = &pil_auth_rules_all };
	struct pil_why why = { 0 };
	uint32_t index = 0;
	size_t k = 0;

	(void)state;
	for (index = 0; index < 3; index++) {
		signedgen_init(&s, false);
		imagegen_version(&s.image, 7);
		s.image.metadata[PIL_OEM][3] = index;
		/* leaf, root, surplus: the leaf is signed by the one that counts */
		s.chain.count = 3;
		s.chain.cert[1] = s.chain.cert[2];
		s.chain.cert[2] = s.chain.cert[3];
		s.chain.cert[2].key = s.chain.cert[2].signer = CERTGEN_OTHER;
		s.chain.cert[0].signer = index == 1 ? CERTGEN_OTHER : CERTGEN_ROOT;
		s.chain.cert[0].issuer = index == 1 ? "Test surplus" : "Test root";
		make();
		signedgen_device(&device);
		for (k = 0; k < 2; k++) {
			int ret = pil_auth_check(&image, &policy, backends[k], &result, &why);

			assert_int_equal(result.roots, 2);
			if (index == 0)
				assert_int_equal(ret, 0);
			else if (index == 1)
				expect_reason(ret, &why, PIL_R_CERT_ROOT); /* good, but not this device's */
			else
				expect_why(ret, &why, PIL_R_CERT_ROOT_INDEX, 2, 2);
			assert_int_equal(result.root, index == 1 ? 2 : 1);
		}
		/* a device selects in the same way */
		policy.rules = NULL;
		if (index == 1) {
			device.root_count = 2;
			device.root_active = 2;
			memcpy(device.root_hash[1], result.root_hash, sizeof(result.root_hash));
		}
		if (index < 2)
			assert_int_equal(pil_auth_check(&image, &policy, backends[0], &result, &why), 0);
		else
			expect_why(pil_auth_check(&image, &policy, backends[0], &result, &why), &why,
				   PIL_R_CERT_ROOT_INDEX, 2, 2);
		policy.rules = &pil_auth_rules_all;
	}
}

static void root_by_sha256(void **state)
{
	struct pil_device device = { 0 };
	struct pil_auth_policy policy = { .device = &device };
	struct pil_why why = { 0 };
	size_t k = 0;

	(void)state;
	signedgen_init(&s, false);
	make();
	signedgen_device(&device);
	assert_int_equal(ask(NULL, PIL_OEM, backends[0], &why), 0);
	device.root_alg[0] = PIL_SHA256;
	assert_int_equal(pil_hash_once(backends[0], PIL_SHA256, result.cert[result.root].der.data,
				       result.cert[result.root].der.size, device.root_hash[0], NULL), 0);
	for (k = 0; k < 2; k++)
		assert_int_equal(pil_auth_check(&image, &policy, backends[k], &result, &why), 0);
	device.root_hash[0][31] ^= 1;
	expect_reason(pil_auth_check(&image, &policy, backends[1], &result, &why), &why, PIL_R_CERT_ROOT);
}

static void a_device_refuses_to_be_asked_what_it_does_not_know(void **state)
{
	static const unsigned int pairs[] = { 1, 6, 7, 8, 10 };
	struct pil_device device = { 0 };
	struct pil_auth_policy policy = { .device = &device };
	struct pil_why why = { 0 };
	uint32_t flags = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		signedgen_init(&s, false);
		imagegen_version(&s.image, i & 1 ? 7 : 8);
		flags = (0x155556u & ~(3u << 2 * pairs[i])) | 2u << 2 * pairs[i];
		s.image.metadata[PIL_OEM][55] = flags;
		make();
		signedgen_device(&device);
		expect_why(pil_auth_check(&image, &policy, backends[i & 1], &result, &why), &why, PIL_R_BIND_FIELD,
			   pairs[i], flags);
	}
}

static void debugging_by_chip_id_needs_the_policy_and_the_chip(void **state)
{
	struct pil_device device = { 0 };
	struct pil_auth_policy policy = { .device = &device };
	struct pil_why why = { 0 };
	const uint32_t flags = (0x155556u & ~(3u << 2 * PIL_MBN_V7_PAIR_JTAG_DEBUG)) | 2u << 2 * PIL_MBN_V7_PAIR_JTAG_DEBUG;

	(void)state;
	signedgen_init(&s, false);
	imagegen_version(&s.image, 7);
	s.image.metadata[PIL_OEM][17] = 0x0a1b2c3d;
	s.image.metadata[PIL_OEM][55] = flags;
	make();
	signedgen_device(&device);
	expect_why(pil_auth_check(&image, &policy, backends[0], &result, &why), &why, PIL_R_BIND_DEBUG, flags, 0);
	device.debug = PIL_DEBUG_COREDUMP;
	expect_why(pil_auth_check(&image, &policy, backends[0], &result, &why), &why, PIL_R_BIND_DEBUG, flags, 1);
	device.debug = PIL_DEBUG_IMAGE;
	assert_int_equal(pil_auth_check(&image, &policy, backends[0], &result, &why), 0);
	device.jtag_id++;
	expect_why(pil_auth_check(&image, &policy, backends[0], &result, &why), &why, PIL_R_BIND_JTAG, 0x0a1b2c3d,
		   0x0a1b2c3e);
}

static void serials_of_64_bits_and_rollback_versions_bind(void **state)
{
	struct pil_device device = { 0 };
	struct pil_auth_policy policy = { .device = &device, .least_rollback = 7 };
	struct pil_why why = { 0 };

	(void)state;
	signedgen_init(&s, true);
	imagegen_version(&s.image, 8);
	s.image.metadata[PIL_OEM][2] = 7;
	s.image.metadata[PIL_OEM][32] = 0x89abcdef; /* the last of eight */
	s.image.metadata[PIL_OEM][33] = 0x01234567;
	s.image.metadata[PIL_OEM][55] = 0x155596;
	make();
	signedgen_device(&device);
	device.serial = UINT64_C(0x0123456789abcdef);
	assert_int_equal(pil_auth_check(&image, &policy, backends[0], &result, &why), 0);
	device.serial = 0x89abcdef;
	expect_reason(pil_auth_check(&image, &policy, backends[1], &result, &why), &why, PIL_R_BIND_SERIAL);
	device.serial = UINT64_C(0x0123456789abcdef);
	policy.least_rollback = 8;
	expect_why(pil_auth_check(&image, &policy, backends[1], &result, &why), &why, PIL_R_ROLLBACK, 7, 8);
}

static void encrypted_images_are_refused_by_name(void **state)
{
	static const uint32_t magics[] = { 0x514d5349, 0x51424543 };
	struct pil_why why = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < 4; i++) {
		signedgen_init(&s, false);
		s.image.padding = 64;
		make();
		imagegen_put(buf + (image.mbn.segment.data - buf) + image.mbn.end, 4, magics[i & 1]);
		assert_int_equal(pil_image_from_file(buf, image.file.size, &image, NULL), 0);
		assert_int_equal(image.mbn.encryption, i & 1 ? PIL_MBN_QBEC : PIL_MBN_UIE);
		expect_why(ask(i & 2 ? NULL : &pil_auth_rules_all, PIL_OEM, backends[0], &why), &why,
			   PIL_R_MBN_ENCRYPTED, magics[i & 1], 0);
	}
}

/* units of a leaf, and what comes of them */
static void leaf_fields_are_read(void **state)
{
	static const char *const full[] = {
		"01 00000007ABCDEF04 SW_ID", "02 0a1b2c3d00000000 HW_ID", "03 0000000000000002 DEBUG", "04 0001 OEM_ID",
		"05 00000168 SW_SIZE",	     "06 0002 MODEL_ID", "07 0001 SHA256", "08 0000000000000009 APP_ID",
		"11 6001 6002 0000 0000 0000 0000 0000 0000 0000 0000 0000 600C S", "13 0001 IN_USE",
		"14 0001 USE_SERIAL",	     "15 0000 INDEPENDENT", "99 zz", "x", NULL,
	};
	struct pil_mbn_binding b = { 0 };
	struct pil_why why = { 0 };

	(void)state;
	signedgen_init(&s, false);
	s.chain.cert[0].units = full;
	make();
	assert_int_equal(ask(NULL, PIL_OEM, backends[0], &why), 0);
	assert_int_equal(result.binding.source, PIL_BOUND_BY_METADATA);
	assert_int_equal(pil_auth_leaf_binding(&result.cert[0], &b, &why), 0);
	assert_int_equal(b.source, PIL_BOUND_BY_LEAF);
	assert_int_equal(b.sw_id, 0xabcdef04);
	assert_int_equal(b.anti_rollback, 7);
	assert_int_equal(b.jtag_id, 0x0a1b2c3d);
	assert_int_equal(b.oem_id, 1);
	assert_int_equal(b.model_id, 2);
	assert_int_equal(b.secondary_sw_id, 9);
	assert_int_equal(b.leaf_debug, 2);
	assert_int_equal(b.soc_vers[1], 0x6002);
	assert_int_equal(b.soc_vers[11], 0x600c);
	assert_true(b.use_soc && b.use_serial && b.use_oem && b.use_model && !b.use_jtag);
}

static void malformed_leaf_fields_are_refused(void **state)
{
	static const struct {
		const char *unit;
		unsigned int field;
	} cases[] = {
		{ "01 000000000000001 SW_ID", 1 },    { "01 0000000000000001SW_ID", 1 }, { "01 0000000000000001", 1 },
		{ "02 000000000000000g HW_ID", 2 },   { "04 1 OEM_ID", 4 },		 { "11 SOC_VERS", 11 },
		{ "13 ", 13 },			      { "06  0002 MODEL_ID", 6 },
	};
	const char *units[] = { "01 0000000000000001 SW_ID", NULL, NULL };
	struct pil_mbn_binding b = { 0 };
	struct pil_why why = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i <= sizeof(cases) / sizeof(cases[0]); i++) {
		const bool twice = i == sizeof(cases) / sizeof(cases[0]);

		signedgen_init(&s, false);
		units[0] = twice || cases[i].field != 1 ? "01 0000000000000001 SW_ID" : "no field";
		units[1] = twice ? "01 0000000000000002 SW_ID" : cases[i].unit;
		s.chain.cert[0].units = units;
		make();
		assert_int_equal(ask(NULL, PIL_OEM, backends[0], &why), 0);
		expect_why(pil_auth_leaf_binding(&result.cert[0], &b, &why), &why, PIL_R_LEAF_FIELD,
			   twice ? 1 : cases[i].field, 0);
		assert_false(b.present);
	}
}

static void the_raw_scheme_needs_the_ids_of_the_leaf(void **state)
{
	static const char *const half[] = { "01 0000000300000001 SW_ID", NULL };
	static const char *const other[] = { "01 0000000300000001 SW_ID", "02 0A1B2C3D00010003 HW_ID", NULL };
	struct pil_why why = { 0 };

	(void)state;
	describe(&shapes[0]);
	s.chain.cert[0].units = half;
	make();
	expect_why(ask(&pil_auth_rules_all, PIL_OEM, backends[0], &why), &why, PIL_R_LEAF_FIELD, 2, 0);
	s.chain.cert[0].units = other;
	make();
	expect_reason(ask(&pil_auth_rules_all, PIL_OEM, backends[1], &why), &why, PIL_R_SIG_MISMATCH);
	s.chain.cert[0].units = NULL;
	make();
	expect_why(ask(&pil_auth_rules_all, PIL_OEM, backends[1], &why), &why, PIL_R_LEAF_FIELD, 1, 0);
}

static struct pil_bytes segments[PIL_ELF_MAX_PHNUM];

static void find_segments(void)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < image.elf.phnum; i++) {
		pil_elf_phdr(&image.elf, i, &phdr);
		segments[i] = (struct pil_bytes){ phdr.filesz ? buf + phdr.offset : NULL, (size_t)phdr.filesz };
	}
}

/* entry of the segment without bytes becomes the digest of @data, or its first byte changes */
static void put_empty_entry(const struct pil_bytes *data, unsigned int count)
{
	uint8_t *entry = buf + (pil_image_entry(&image, 4) - buf);
	struct pil_hash hash = { 0 };
	unsigned int i = 0;

	assert_int_equal(backends[0]->hash_init(&hash, image.mbn.hash_alg, NULL), 0);
	for (i = 0; i < count; i++)
		assert_int_equal(backends[0]->hash_update(&hash, data[i].data, data[i].size, NULL), 0);
	assert_int_equal(backends[0]->hash_final(&hash, entry, NULL), 0);
}

static enum pil_entry entry_of(unsigned int index)
{
	enum pil_entry entry[2] = { PIL_ENTRY_UNKNOWN, PIL_ENTRY_UNKNOWN };
	size_t k = 0;

	for (k = 0; k < 2; k++)
		(void)pil_auth_entry(&image, segments, index, backends[k], &entry[k], NULL);
	assert_int_equal(entry[0], entry[1]);
	return entry[0];
}

static void entries_are_called_what_they_are(void **state)
{
	struct pil_why why = { 0 };
	enum pil_entry entry = PIL_ENTRY_UNKNOWN;

	(void)state;
	signedgen_init(&s, false);
	make();
	find_segments();
	assert_int_equal(entry_of(0), PIL_ENTRY_DIGEST);
	assert_int_equal(entry_of(1), PIL_ENTRY_HASH);
	assert_int_equal(entry_of(2), PIL_ENTRY_DIGEST);
	assert_int_equal(entry_of(4), PIL_ENTRY_EMPTY);
	assert_int_equal(entry_of(5), PIL_ENTRY_UNKNOWN);
	put_empty_entry(NULL, 0);
	assert_int_equal(entry_of(4), PIL_ENTRY_OF_NOTHING);
	put_empty_entry(segments + 2, 2);
	assert_int_equal(entry_of(4), PIL_ENTRY_UNKNOWN);
	/* only a segment of this type may have the digest of the whole image */
	imagegen_put(buf + 52 + 4 * 32, 4, 0x70000000);
	assert_int_equal(entry_of(4), PIL_ENTRY_WHOLE_IMAGE);
	put_empty_entry(segments + 2, 1);
	expect_reason(pil_auth_entry(&image, segments, 4, backends[0], &entry, &why), &why, PIL_R_HASH_NOT_ZERO);
	buf[segments[2].data - buf] ^= 1;
	expect_reason(pil_auth_entry(&image, segments, 2, backends[1], &entry, &why), &why, PIL_R_HASH_SEGMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_and_scheme_is_accepted_offline),
		cmocka_unit_test(a_device_takes_one_scheme_of_versions_with_metadata),
		cmocka_unit_test(nothing_that_is_signed_can_be_changed),
		cmocka_unit_test(each_signer_of_two_is_refused_alone),
		cmocka_unit_test(several_roots_and_the_index_selects_one),
		cmocka_unit_test(root_by_sha256),
		cmocka_unit_test(a_device_refuses_to_be_asked_what_it_does_not_know),
		cmocka_unit_test(debugging_by_chip_id_needs_the_policy_and_the_chip),
		cmocka_unit_test(serials_of_64_bits_and_rollback_versions_bind),
		cmocka_unit_test(encrypted_images_are_refused_by_name),
		cmocka_unit_test(leaf_fields_are_read),
		cmocka_unit_test(malformed_leaf_fields_are_refused),
		cmocka_unit_test(the_raw_scheme_needs_the_ids_of_the_leaf),
		cmocka_unit_test(entries_are_called_what_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
