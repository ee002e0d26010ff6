/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <pilot/image.h>
#include <pilot/mbn.h>

#include "expect.h"
#include "imagegen.h"

static uint8_t buf[16384];
static struct imagegen gen;
static struct imagegen_layout layout;
static const uint8_t qti_sig[104] = { 0x30, 1 }, qti_certs[300] = { 0x30, 2 };
static const uint8_t oem_sig[104] = { 0x30, 3 }, oem_certs[400] = { 0x30, 4 };

/* an image of both authorities, with different words everywhere */
static void describe_both(enum pil_hash_alg alg)
{
	unsigned int i = 0;

	imagegen_init(&gen, &pil_crypto_openssl, false);
	gen.hash_alg = alg;
	gen.has_metadata[PIL_QTI] = true;
	for (i = 2; i < 30; i++) {
		gen.metadata[PIL_OEM][i] = 0x1000 + i;
		gen.metadata[PIL_QTI][i] = 0x2000 + i;
	}
	gen.metadata[PIL_OEM][7] = 0;
	gen.metadata[PIL_QTI][7] = 0;
	gen.signature[PIL_QTI] = (struct pil_bytes){ qti_sig, sizeof(qti_sig) };
	gen.certs[PIL_QTI] = (struct pil_bytes){ qti_certs, sizeof(qti_certs) };
	gen.signature[PIL_OEM] = (struct pil_bytes){ oem_sig, sizeof(oem_sig) };
	gen.certs[PIL_OEM] = (struct pil_bytes){ oem_certs, sizeof(oem_certs) };
	gen.padding = 77;
}

/* Return: the hash segment of the description, in buf */
static const uint8_t *make(void)
{
	imagegen_layout(&gen, &layout);
	assert_true(imagegen_metadata(&gen, buf, sizeof(buf)) > 0);
	return buf + layout.headers;
}

static int make_and_parse(struct pil_mbn *mbn)
{
	const uint8_t *segment = make();

	return pil_mbn_parse(segment, layout.hash_size, 5, mbn, NULL);
}

static void check_piece(struct pil_bytes piece, const uint8_t *segment, size_t offset, size_t size)
{
	assert_ptr_equal(piece.data, segment + offset);
	assert_int_equal(piece.size, size);
}

static void check_regions(enum pil_hash_alg alg, size_t digest)
{
	const uint8_t *segment = NULL;
	struct pil_mbn mbn = { 0 };

	describe_both(alg);
	segment = make();
	assert_int_equal(pil_mbn_parse(segment, layout.hash_size, 5, &mbn, NULL), 0);
	assert_int_equal(mbn.version, 6);
	assert_int_equal(mbn.header_size, 48);
	assert_int_equal(mbn.hash_alg, alg);
	assert_int_equal(mbn.hash_count, 5);
	check_piece(mbn.segment, segment, 0, layout.hash_size);
	check_piece(mbn.signer[PIL_QTI].metadata, segment, 48, 120);
	check_piece(mbn.signer[PIL_OEM].metadata, segment, 168, 120);
	check_piece(mbn.hashes, segment, 288, 5 * digest);
	check_piece(mbn.signed_part, segment, 0, 288 + 5 * digest);
	check_piece(mbn.signer[PIL_QTI].signature, segment, 288 + 5 * digest, 104);
	check_piece(mbn.signer[PIL_QTI].certs, segment, 392 + 5 * digest, 300);
	check_piece(mbn.signer[PIL_OEM].signature, segment, 692 + 5 * digest, 104);
	check_piece(mbn.signer[PIL_OEM].certs, segment, 796 + 5 * digest, 400);
	assert_ptr_equal(pil_mbn_entry(&mbn, 4), segment + 288 + 4 * digest);
	assert_null(pil_mbn_entry(&mbn, 5));
}

static void regions_of_both_authorities_with_both_digests(void **state)
{
	(void)state;
	check_regions(PIL_SHA256, 32);
	check_regions(PIL_SHA384, 48);
}

static void unsigned_without_metadata_is_well_formed(void **state)
{
	struct pil_mbn mbn = { 0 };
	const uint8_t *segment = NULL;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	gen.has_metadata[PIL_OEM] = false;
	segment = make();
	assert_int_equal(pil_mbn_parse(segment, layout.hash_size, 5, &mbn, NULL), 0);
	assert_false(mbn.signer[PIL_OEM].binding.present);
	assert_false(mbn.signer[PIL_QTI].binding.present);
	assert_int_equal(mbn.signer[PIL_OEM].signature.size, 0);
	assert_int_equal(mbn.hashes.data - segment, 48);
}

static void binding_has_every_word_of_the_metadata(void **state)
{
	const struct pil_mbn_binding *b = NULL;
	struct pil_mbn mbn = { 0 };
	unsigned int i = 0;

	(void)state;
	describe_both(PIL_SHA384);
	gen.metadata[PIL_OEM][0] = 1;
	gen.metadata[PIL_OEM][1] = 5;
	assert_int_equal(make_and_parse(&mbn), 0);
	b = &mbn.signer[PIL_OEM].binding;
	assert_true(b->present);
	assert_int_equal(b->major, 1);
	assert_int_equal(b->minor, 5);
	assert_int_equal(b->sw_id, 0x1002);
	assert_int_equal(b->jtag_id, 0x1003);
	assert_int_equal(b->oem_id, 0x1004);
	assert_int_equal(b->model_id, 0x1005);
	assert_int_equal(b->secondary_sw_id, 0x1006);
	for (i = 0; i < PIL_MBN_SOC_VERS; i++)
		assert_int_equal(b->soc_vers[i], 0x1008 + i);
	for (i = 0; i < PIL_MBN_SERIALS; i++)
		assert_int_equal(b->serials[i], 0x1014 + i);
	assert_int_equal(b->root_index, 0x101c);
	assert_int_equal(b->anti_rollback, 0x101d);
	assert_int_equal(mbn.signer[PIL_QTI].binding.sw_id, 0x2002);
	assert_int_equal(mbn.signer[PIL_QTI].binding.anti_rollback, 0x201d);
}

struct flag_case {
	uint32_t major, flags;
	bool soc, jtag, oem, model, serial;
};

static void flags_say_what_binds(void **state)
{
	static const struct flag_case cases[] = {
		/* major, flags   soc    jtag   oem    model  serial */
		{ 0, 0x000, false, false, true, true, false },
		{ 0, 0x00a, true, false, false, false, false }, /* as in the images for sa8775p */
		{ 0, 0x800, false, false, true, true, false },	/* that bit does not exist in version 0 */
		{ 1, 0x00a, true, false, false, true, false },
		{ 1, 0x808, false, false, false, false, false },
		{ 1, 0x800, false, false, true, false, false },
		{ 1, 0x404, false, true, true, true, true },
		{ 1, 0x2a2, true, false, true, true, false }, /* options of two bits at their highest */
	};
	const struct pil_mbn_binding *b = NULL;
	struct pil_mbn mbn = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		imagegen_init(&gen, &pil_crypto_openssl, false);
		gen.metadata[PIL_OEM][0] = cases[i].major;
		gen.metadata[PIL_OEM][7] = cases[i].flags;
		assert_int_equal(make_and_parse(&mbn), 0);
		b = &mbn.signer[PIL_OEM].binding;
		assert_int_equal(b->use_soc, cases[i].soc);
		assert_int_equal(b->use_jtag, cases[i].jtag);
		assert_int_equal(b->use_oem, cases[i].oem);
		assert_int_equal(b->use_model, cases[i].model);
		assert_int_equal(b->use_serial, cases[i].serial);
	}
}

struct spoiled {
	size_t offset;
	uint64_t value;
	enum pil_reason reason;
	uint64_t a, b;
};

static void numbers_say_what_was_found_and_expected(void **state)
{
	static const struct spoiled cases[] = {
		{ 4, 3000, PIL_R_MBN_VERSION, 3000, 8 },
		{ 20, 241, PIL_R_MBN_HASH_SIZE, 241, 5 },
		{ 40, 119, PIL_R_MBN_METADATA_SIZE, 119, 120 },
		{ 44, 0xffffffff, PIL_R_MBN_METADATA_SIZE, 0xffffffff, 120 },
		{ 36, 478, PIL_R_MBN_REGIONS, 1514, 1509 },
		{ 8, 0xffffffff, PIL_R_MBN_REGIONS, 1436 - 104 + UINT64_C(0xffffffff), 1509 },
		{ 48, 2, PIL_R_MBN_METADATA_VERSION, 2, 0 },
		{ 168 + 28, 0x300, PIL_R_MBN_FLAGS, 0x300, 8 },
	};
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };
	uint8_t *segment = NULL;
	size_t i = 0;

	(void)state;
	describe_both(PIL_SHA384);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)make();
		segment = buf + layout.headers;
		assert_int_equal(layout.hash_size, 1509 + 4);
		imagegen_put(segment + cases[i].offset, 4, cases[i].value);
		expect_why(pil_mbn_parse(segment, 1509, 5, &mbn, &why), &why, cases[i].reason, cases[i].a, cases[i].b);
		assert_null(mbn.segment.data);
	}
}

static void too_short_for_its_header(void **state)
{
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };
	const uint8_t *segment = NULL;

	(void)state;
	describe_both(PIL_SHA384);
	segment = make();
	expect_why(pil_mbn_parse(NULL, 0, 5, &mbn, &why), &why, PIL_R_MBN_SHORT, 0, 8);
	expect_why(pil_mbn_parse(segment, 7, 5, &mbn, &why), &why, PIL_R_MBN_SHORT, 7, 8);
	expect_why(pil_mbn_parse(segment, 8, 5, &mbn, &why), &why, PIL_R_MBN_SHORT, 8, 48);
	expect_why(pil_mbn_parse(segment, 47, 5, &mbn, &why), &why, PIL_R_MBN_SHORT, 47, 48);
	expect_reason(pil_mbn_parse(segment, 48, 5, &mbn, &why), &why, PIL_R_MBN_REGIONS);
}

static void all_zero_is_a_placeholder_one_bit_is_not(void **state)
{
	uint8_t segment[136] = { 0 };
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };

	(void)state;
	expect_reason(pil_mbn_parse(segment, sizeof(segment), 3, &mbn, &why), &why, PIL_R_MBN_PLACEHOLDER);
	segment[sizeof(segment) - 1] = 1;
	expect_reason(pil_mbn_parse(segment, sizeof(segment), 3, &mbn, &why), &why, PIL_R_MBN_VERSION);
}

static void table_for_no_program_headers_is_refused(void **state)
{
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };

	(void)state;
	describe_both(PIL_SHA384);
	(void)make();
	imagegen_put(buf + layout.headers + 20, 4, 0);
	expect_why(pil_mbn_parse(buf + layout.headers, layout.hash_size, 0, &mbn, &why), &why, PIL_R_MBN_HASH_SIZE, 0,
		   0);
}

/* the rule in other words: a copy of the signed bytes in which the other authority is overwritten */
static void blank_copy(uint8_t *copy, enum pil_authority who)
{
	const unsigned int other = who == PIL_OEM ? PIL_QTI : PIL_OEM;

	memset(copy + (who == PIL_OEM ? 8 : 28), 0, 4);
	memset(copy + (who == PIL_OEM ? 12 : 36), 0, 4);
	if (gen.has_metadata[other])
		memset(copy + layout.metadata[other], 0, 120);
}

static void check_signed(enum pil_authority who, enum pil_hash_alg alg)
{
	uint8_t copy[2048] = { 0 };
	uint8_t expected[PIL_DIGEST_MAX] = { 0 };
	uint8_t got[PIL_DIGEST_MAX] = { 0 };
	struct pil_mbn mbn = { 0 };
	size_t end = 0;

	assert_int_equal(make_and_parse(&mbn), 0);
	end = layout.signature[PIL_QTI];
	memcpy(copy, buf + layout.headers, end);
	blank_copy(copy, who);
	assert_int_equal(pil_hash_once(&pil_crypto_openssl, alg, copy, end, expected, NULL), 0);
	assert_int_equal(pil_mbn_hash_signed(&mbn, who, &pil_crypto_openssl, alg, got, NULL), 0);
	assert_memory_equal(got, expected, sizeof(got));
}

static void each_authority_signs_with_the_other_blanked(void **state)
{
	(void)state;
	describe_both(PIL_SHA384);
	check_signed(PIL_OEM, PIL_SHA384);
	check_signed(PIL_QTI, PIL_SHA384);
	check_signed(PIL_OEM, PIL_SHA256);
	describe_both(PIL_SHA256);
	check_signed(PIL_QTI, PIL_SHA256);
	imagegen_init(&gen, &pil_crypto_openssl, true);
	check_signed(PIL_OEM, PIL_SHA384);
	check_signed(PIL_QTI, PIL_SHA384);
}

/* a change of the other authority's part changes nothing, any other byte does */
static void only_the_other_authority_is_left_out(void **state)
{
	uint8_t before[PIL_DIGEST_MAX] = { 0 };
	uint8_t after[PIL_DIGEST_MAX] = { 0 };
	struct pil_mbn mbn = { 0 };
	uint8_t *segment = NULL;
	bool blanked = false;
	size_t i = 0;

	(void)state;
	describe_both(PIL_SHA384);
	assert_int_equal(make_and_parse(&mbn), 0);
	segment = buf + layout.headers;
	assert_int_equal(pil_mbn_hash_signed(&mbn, PIL_OEM, gen.crypto, PIL_SHA384, before, NULL), 0);
	for (i = 0; i < layout.hash_size; i++) {
		segment[i] ^= 1;
		assert_int_equal(pil_mbn_hash_signed(&mbn, PIL_OEM, gen.crypto, PIL_SHA384, after, NULL), 0);
		segment[i] ^= 1;
		blanked = (i >= 8 && i < 16) || (i >= 48 && i < 168) || i >= 288 + 5 * 48;
		assert_int_equal(!memcmp(before, after, sizeof(before)), blanked);
	}
}

/* a back end that fails at one call, and counts what was begun and ended */
static struct {
	int fail_at;
	int calls;
	int open;
} broken;

static int broken_init(struct pil_hash *hash, enum pil_hash_alg alg, struct pil_why *why)
{
	(void)hash;
	(void)alg;
	if (broken.calls++ == broken.fail_at)
		return pil_fail(why, PIL_R_CRYPTO_ALGORITHM, 1, 0);
	broken.open++;
	return 0;
}

static int broken_update(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why)
{
	(void)hash;
	(void)data;
	assert_true(size > 0);
	return broken.calls++ == broken.fail_at ? pil_fail(why, PIL_R_CRYPTO_INTERNAL, 2, 0) : 0;
}

static int broken_final(struct pil_hash *hash, uint8_t *out, struct pil_why *why)
{
	(void)hash;
	broken.open--;
	return out && broken.calls++ == broken.fail_at ? pil_fail(why, PIL_R_CRYPTO_INTERNAL, 3, 0) : 0;
}

static void failing_back_end_is_reported_and_released(void **state)
{
	static const struct pil_crypto crypto = {
		.name = "broken",
		.hash_init = broken_init,
		.hash_update = broken_update,
		.hash_final = broken_final,
	};
	uint8_t out[PIL_DIGEST_MAX] = { 0 };
	struct pil_mbn mbn = { 0 };
	struct pil_why why = { 0 };
	int calls = 0;
	int i = 0;

	(void)state;
	describe_both(PIL_SHA384);
	assert_int_equal(make_and_parse(&mbn), 0);
	broken.calls = 0;
	broken.fail_at = -1;
	assert_int_equal(pil_mbn_hash_signed(&mbn, PIL_OEM, &crypto, PIL_SHA384, out, &why), 0);
	calls = broken.calls;
	for (i = 0; i < calls; i++) {
		broken.calls = 0;
		broken.fail_at = i;
		assert_true(pil_mbn_hash_signed(&mbn, PIL_OEM, &crypto, PIL_SHA384, out, &why) < 0);
		assert_int_equal(why.reason, i ? PIL_R_CRYPTO_INTERNAL : PIL_R_CRYPTO_ALGORITHM);
		assert_int_equal(broken.calls, i + 1);
		assert_int_equal(broken.open, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions_of_both_authorities_with_both_digests),
		cmocka_unit_test(unsigned_without_metadata_is_well_formed),
		cmocka_unit_test(binding_has_every_word_of_the_metadata),
		cmocka_unit_test(flags_say_what_binds),
		cmocka_unit_test(numbers_say_what_was_found_and_expected),
		cmocka_unit_test(too_short_for_its_header),
		cmocka_unit_test(all_zero_is_a_placeholder_one_bit_is_not),
		cmocka_unit_test(table_for_no_program_headers_is_refused),
		cmocka_unit_test(each_authority_signs_with_the_other_blanked),
		cmocka_unit_test(only_the_other_authority_is_left_out),
		cmocka_unit_test(failing_back_end_is_reported_and_released),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
