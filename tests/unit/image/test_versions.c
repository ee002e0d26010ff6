/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segments of versions 3, 5, 7 and 8, good and malformed; images inside images. */
#include <string.h>

#include <pilot/image.h>

#include "expect.h"
#include "imagegen.h"

#define PHNUM 5u

static uint8_t buf[32768];
static struct imagegen gen;
static struct imagegen_layout layout;
static const uint8_t filler[300] = { 0x30, 0x82, 0x01, 0x28 };

static void describe(unsigned int version, bool both)
{
	unsigned int i = 0;

	imagegen_init(&gen, &pil_crypto_openssl, false);
	imagegen_version(&gen, version);
	for (i = 0; i < (both ? PIL_AUTHORITIES : 1); i++) {
		gen.has_metadata[i] = version > 5;
		gen.signature[i] = (struct pil_bytes){ filler, 256 - 8 * i };
		gen.certs[i] = (struct pil_bytes){ filler, sizeof(filler) - i };
	}
	gen.padding = 16;
}

static uint8_t *make(void)
{
	imagegen_layout(&gen, &layout);
	assert_true(imagegen_metadata(&gen, buf, sizeof(buf)) > 0);
	return buf + layout.headers;
}

static int parse(struct pil_mbn *mbn)
{
	const uint8_t *segment = make();

	return pil_mbn_parse(segment, layout.hash_size, PHNUM, mbn, NULL);
}

static void check_piece(struct pil_bytes piece, const uint8_t *segment, size_t offset, size_t size)
{
	assert_int_equal(piece.size, size);
	if (size)
		assert_ptr_equal(piece.data, segment + offset);
}

static void check_regions(unsigned int version, bool both)
{
	const uint8_t *segment = NULL;
	struct pil_mbn mbn = { 0 };
	unsigned int i = 0;

	describe(version, both);
	segment = make();
	assert_int_equal(pil_mbn_parse(segment, layout.hash_size, PHNUM, &mbn, NULL), 0);
	assert_int_equal(mbn.version, version);
	assert_int_equal(mbn.hash_alg, gen.hash_alg);
	assert_int_equal(mbn.common.present, version > 6);
	check_piece(mbn.hashes, segment, layout.hashes, PHNUM * pil_hash_size(gen.hash_alg));
	check_piece(mbn.signed_part, segment, 0, layout.signature[PIL_QTI]);
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		const size_t metadata = version < 6 ? 0 : version == 6 ? 120 : 224;

		check_piece(mbn.signer[i].metadata, segment, layout.metadata[i], gen.has_metadata[i] ? metadata : 0);
		check_piece(mbn.signer[i].signature, segment, layout.signature[i], gen.signature[i].size);
		check_piece(mbn.signer[i].certs, segment, layout.certs[i], gen.certs[i].size);
	}
	assert_int_equal(mbn.end, layout.hash_size - 16);
}

static void regions_of_every_version(void **state)
{
	static const unsigned int versions[] = { 5, 6, 7, 8 };
	size_t i = 0;

	(void)state;
	check_regions(3, false);
	for (i = 0; i < 8; i++)
		check_regions(versions[i / 2], i & 1);
}

static void version_7_says_what_binds(void **state)
{
	struct pil_mbn mbn = { 0 };
	const struct pil_mbn_binding *b = &mbn.signer[PIL_QTI].binding;
	uint32_t *words = gen.metadata[PIL_QTI];
	unsigned int i = 0;

	(void)state;
	describe(7, true);
	for (i = 2; i < 55; i++)
		words[i] = 0x1000 + i;
	words[1] = 5;
	words[55] = 0x2aaaaa; /* everything binds */
	gen.common[1] = 9;
	gen.common[2] = 0x17;
	gen.common[3] = 0x18;
	gen.common[5] = 0x19;
	assert_int_equal(parse(&mbn), 0);
	assert_int_equal(mbn.common.minor, 9);
	assert_int_equal(mbn.common.measurement_register, 0x19);
	assert_int_equal(b->sw_id, 0x17);
	assert_int_equal(b->secondary_sw_id, 0x18);
	assert_int_equal(b->major, 3);
	assert_int_equal(b->minor, 5);
	assert_int_equal(b->anti_rollback, 0x1002);
	assert_int_equal(b->root_index, 0x1003);
	assert_int_equal(b->soc_vers[11], 0x100f);
	assert_int_equal(b->product_segment, 0x1010);
	assert_int_equal(b->jtag_id, 0x1011);
	assert_true(b->serials[0] == UINT64_C(0x101300001012));
	assert_true(b->serials[7] == UINT64_C(0x102100001020));
	assert_int_equal(b->oem_id, 0x1022);
	assert_int_equal(b->model_id, 0x1023);
	assert_int_equal(b->soc_lifecycle, 0x1024);
	assert_int_equal(b->oem_lifecycle, 0x1025);
	assert_int_equal(b->oem_root_alg, 0x1026);
	assert_int_equal(b->oem_root_hash[0], 0x27);
	assert_int_equal(b->oem_root_hash[60], 0x36);
	assert_true(b->use_soc && b->use_product_segment && b->use_jtag && b->use_serial && b->use_oem && b->use_model);
	assert_true(b->use_soc_lifecycle && b->use_oem_lifecycle && b->use_oem_root && b->jtag_debug && b->transfer_root);
	b = &mbn.signer[PIL_OEM].binding;
	assert_true(b->use_soc);
	assert_false(b->use_product_segment || b->use_jtag || b->use_serial || b->use_oem || b->use_model);
	assert_false(b->use_soc_lifecycle || b->use_oem_lifecycle || b->use_oem_root || b->jtag_debug || b->transfer_root);
}

static void each_pair_is_a_field_of_its_own(void **state)
{
	struct pil_mbn mbn = { 0 };
	const struct pil_mbn_binding *b = &mbn.signer[PIL_OEM].binding;
	const bool *const fields[] = {
		&b->use_soc,	       &b->use_product_segment, &b->use_jtag,	   &b->use_serial,
		&b->use_oem,	       &b->use_model,		&b->use_soc_lifecycle, &b->use_oem_lifecycle,
		&b->use_oem_root,      &b->jtag_debug,		&b->transfer_root,
	};
	unsigned int pair = 0;
	unsigned int i = 0;

	(void)state;
	for (pair = 0; pair < 11; pair++) {
		describe(8, false);
		gen.metadata[PIL_OEM][55] = 0x155555u + (1u << 2 * pair);
		assert_int_equal(parse(&mbn), 0);
		for (i = 0; i < 11; i++)
			assert_int_equal(*fields[i], i == pair);
	}
}

static void metadata_of_zeros_says_nothing(void **state)
{
	struct pil_mbn mbn = { 0 };

	(void)state;
	describe(7, true);
	memset(gen.metadata[PIL_OEM], 0, sizeof(gen.metadata[PIL_OEM]));
	assert_int_equal(parse(&mbn), 0);
	assert_false(mbn.signer[PIL_OEM].binding.present);
	assert_true(mbn.signer[PIL_QTI].binding.present);
	assert_int_equal(mbn.signer[PIL_OEM].metadata.size, 224);
}

static void malformed_segments_are_refused_by_name(void **state)
{
	static const struct {
		unsigned int version;
		size_t offset;
		uint32_t value;
		enum pil_reason reason;
	} cases[] = {
		{ 3, 20, 5 * 48, PIL_R_MBN_HASH_SIZE },	   { 3, 20, 0, PIL_R_MBN_HASH_SIZE },
		{ 3, 28, 0xffffffff, PIL_R_MBN_REGIONS },  { 3, 36, 317, PIL_R_MBN_REGIONS },
		{ 5, 20, 5 * 48, PIL_R_MBN_HASH_SIZE },	   { 5, 20, 4 * 32, PIL_R_MBN_HASH_SIZE },
		{ 5, 8, 0xffffffff, PIL_R_MBN_REGIONS },   { 5, 12, 317, PIL_R_MBN_REGIONS },
		{ 7, 8, 23, PIL_R_MBN_COMMON_SIZE },	   { 7, 8, 0, PIL_R_MBN_COMMON_SIZE },
		{ 7, 12, 120, PIL_R_MBN_METADATA_SIZE },   { 7, 16, 225, PIL_R_MBN_METADATA_SIZE },
		{ 7, 20, 5 * 48 + 1, PIL_R_MBN_HASH_SIZE }, { 7, 20, 0xffffffff, PIL_R_MBN_REGIONS },
		{ 7, 24, 0xffffffff, PIL_R_MBN_REGIONS },  { 7, 36, 0xffffffff, PIL_R_MBN_REGIONS },
		{ 7, 40, 1, PIL_R_MBN_METADATA_VERSION },  { 7, 56, 0, PIL_R_MBN_HASH_ALGORITHM },
		{ 7, 56, 4, PIL_R_MBN_HASH_ALGORITHM },	   { 7, 56, 2, PIL_R_MBN_HASH_SIZE },
		{ 7, 64, 1, PIL_R_MBN_METADATA_VERSION },  { 7, 64, 4, PIL_R_MBN_METADATA_VERSION },
		{ 7, 64 + 220, 0, PIL_R_MBN_FLAGS },	   { 7, 64 + 220, 0x355556, PIL_R_MBN_FLAGS },
		{ 8, 8, 25, PIL_R_MBN_COMMON_SIZE },	   { 8, 24, 0xffffffff, PIL_R_MBN_REGIONS },
		{ 8, 32, 1, PIL_R_MBN_RESERVED },	   { 8, 36, 0xffffffff, PIL_R_MBN_RESERVED },
		{ 8, 48, 1, PIL_R_MBN_RESERVED },	   { 8, 52, 1, PIL_R_MBN_RESERVED },
		{ 8, 80, 3, PIL_R_MBN_METADATA_VERSION },  { 8, 80, 5, PIL_R_MBN_METADATA_VERSION },
		{ 8, 80 + 220, 0x55556, PIL_R_MBN_FLAGS },
	};
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };
	uint8_t *segment = NULL;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		describe(cases[i].version, false);
		segment = make();
		imagegen_put(segment + cases[i].offset, 4, cases[i].value);
		expect_reason(pil_mbn_parse(segment, layout.hash_size, PHNUM, &mbn, &why), &why, cases[i].reason);
		assert_null(mbn.segment.data);
	}
}

static void every_length_is_read_or_refused(void **state)
{
	static const unsigned int versions[] = { 3, 5, 7, 8 };
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };
	uint8_t *exact = NULL;
	size_t size = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		describe(versions[i], versions[i] != 3);
		make();
		for (size = 0; size <= layout.hash_size; size++) {
			exact = test_malloc(size + 1);
			memcpy(exact, buf + layout.headers, size);
			assert_int_equal(!pil_mbn_parse(exact, size, PHNUM, &mbn, &why), size >= layout.hash_size - 16);
			test_free(exact);
		}
	}
}

/* an image with entries for program headers 2, 3 and 4 (7, 2, 1), inside one of five: 7, 2, 7, 2, 1 */
static size_t make_wrapped(void)
{
	struct imagegen_layout l = { 0 };
	size_t size = 0;

	describe(7, false);
	gen.count = 3;
	gen.segment[0].type = gen.segment[1].type = 0;
	gen.segment[0].flags = 0x07000000;
	gen.segment[1].flags = 0x02200000;
	gen.segment[1].filesz = 40 + 24 + 3 * 48;
	gen.segment[2].filesz = 16;
	gen.segment[2].memsz = 16;
	size = imagegen_file(&gen, buf, sizeof(buf));
	imagegen_layout(&gen, &l);
	memset(buf + l.offset[3], 0, 40 + 24 + 3 * 48);
	imagegen_put(buf + l.offset[3] + 4, 4, 7);
	imagegen_put(buf + l.offset[3] + 8, 4, 24);
	imagegen_put(buf + l.offset[3] + 20, 4, 3 * 48);
	imagegen_put(buf + l.offset[3] + 40 + 16, 4, PIL_SHA384);
	layout = l;
	return size;
}

static void an_image_inside_another_has_a_table_of_its_own(void **state)
{
	struct pil_image outer = { 0 };
	struct pil_image inner = { 0 };
	struct pil_why why = { 0 };
	size_t size = make_wrapped();

	(void)state;
	assert_true(size > 0);
	expect_reason(pil_image_from_file(buf, size, &outer, &why), &why, PIL_R_MBN_TWO_HASH_SEGMENTS);
	assert_int_equal(pil_image_wrapped(buf, size, &outer, &inner, &why), 0);
	assert_int_equal(outer.mbn.hash_count, 5);
	assert_int_equal(outer.hash_index, 1);
	assert_int_equal(inner.mbn.hash_count, 3);
	assert_int_equal(inner.hash_index, 3);
	assert_int_equal(inner.first, 2);
	assert_null(pil_image_entry(&inner, 1));
	assert_ptr_equal(pil_image_entry(&inner, 2), inner.mbn.hashes.data);
	assert_ptr_equal(pil_image_entry(&inner, 4), inner.mbn.hashes.data + 2 * 48);
	assert_null(pil_image_entry(&inner, 5));
	assert_ptr_equal(pil_image_entry(&outer, 4), outer.mbn.hashes.data + 4 * 48);
}

static void what_is_not_wrapped_is_refused(void **state)
{
	struct pil_image outer = { 0 };
	struct pil_image inner = { 0 };
	struct pil_why why = { 0 };
	size_t size = 0;

	(void)state;
	describe(7, false);
	size = imagegen_file(&gen, buf, sizeof(buf));
	expect_reason(pil_image_wrapped(buf, size, &outer, &inner, &why), &why, PIL_R_MBN_NOT_WRAPPED);
	size = make_wrapped();
	imagegen_put(buf + 52 + 2 * 32 + 24, 4, 0); /* no second header segment */
	expect_reason(pil_image_wrapped(buf, size, &outer, &inner, &why), &why, PIL_R_MBN_NOT_WRAPPED);
	size = make_wrapped();
	imagegen_put(buf + 52 + 4 * 32 + 24, 4, 0x02000000); /* three hash segments */
	expect_reason(pil_image_wrapped(buf, size, &outer, &inner, &why), &why, PIL_R_MBN_NOT_WRAPPED);
	size = make_wrapped();
	imagegen_put(buf + 52 + 3 * 32 + 4, 4, 0xfffffff0); /* offset of the inner hash segment */
	expect_reason(pil_image_wrapped(buf, size, &outer, &inner, &why), &why, PIL_R_ELF_SEGMENT_END);
	size = make_wrapped();
	imagegen_put(buf + layout.offset[3] + 4, 4, 9);
	expect_reason(pil_image_wrapped(buf, size, &outer, &inner, &why), &why, PIL_R_MBN_VERSION);
	assert_null(outer.mbn.segment.data);
	assert_null(inner.mbn.segment.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions_of_every_version),
		cmocka_unit_test(version_7_says_what_binds),
		cmocka_unit_test(each_pair_is_a_field_of_its_own),
		cmocka_unit_test(metadata_of_zeros_says_nothing),
		cmocka_unit_test(malformed_segments_are_refused_by_name),
		cmocka_unit_test(every_length_is_read_or_refused),
		cmocka_unit_test(an_image_inside_another_has_a_table_of_its_own),
		cmocka_unit_test(what_is_not_wrapped_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
