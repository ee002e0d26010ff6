/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <pilot/image.h>

#include "expect.h"
#include "imagegen.h"

static uint8_t buf[32768];
static struct imagegen gen;
static struct imagegen_layout layout;

static size_t make_file(void)
{
	imagegen_layout(&gen, &layout);
	return imagegen_file(&gen, buf, sizeof(buf));
}

static size_t phdr_field32(unsigned int index, size_t field)
{
	return layout.ehdr_size + index * layout.phdr_size + field;
}

/* the reader's view of the table agrees with the bytes of the file, entry by entry */
static void check_entries(const struct pil_image *image)
{
	static const uint8_t zero[PIL_DIGEST_MAX] = { 0 };
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < image->mbn.hash_count; i++) {
		const size_t size = pil_hash_size(image->mbn.hash_alg);

		assert_int_equal(pil_elf_phdr(&image->elf, i, &phdr), 0);
		if (i == image->hash_index || !phdr.filesz) {
			assert_memory_equal(pil_mbn_entry(&image->mbn, i), zero, size);
			continue;
		}
		assert_int_equal(
			pil_hash_once(gen.crypto, image->mbn.hash_alg, buf + phdr.offset, phdr.filesz, digest, NULL),
			0);
		assert_memory_equal(pil_mbn_entry(&image->mbn, i), digest, size);
	}
}

static void check_file(bool is64, bool hash_last)
{
	struct pil_image image = { 0 };
	size_t size = 0;

	imagegen_init(&gen, &pil_crypto_openssl, is64);
	gen.hash_last = hash_last;
	size = make_file();
	assert_int_equal(pil_image_from_file(buf, size, &image, NULL), 0);
	assert_int_equal(image.hash_index, hash_last ? 4 : 1);
	assert_ptr_equal(image.file.data, buf);
	assert_int_equal(image.file.size, size);
	assert_ptr_equal(image.mbn.segment.data, buf + layout.offset[layout.hash_index]);
	assert_int_equal(image.mbn.hash_count, 5);
	check_entries(&image);
}

static void reads_files_of_both_classes_hash_segment_anywhere(void **state)
{
	(void)state;
	check_file(false, false);
	check_file(false, true);
	check_file(true, false);
	check_file(true, true);
}

static void check_metadata(bool is64)
{
	struct pil_image image = { 0 };
	size_t size = 0;

	imagegen_init(&gen, &pil_crypto_openssl, is64);
	imagegen_layout(&gen, &layout);
	size = imagegen_metadata(&gen, buf, sizeof(buf));
	assert_int_equal(size, layout.headers + layout.hash_size);
	assert_int_equal(pil_image_from_metadata(buf, size, &image, NULL), 0);
	assert_null(image.file.data);
	assert_ptr_equal(image.mbn.segment.data, buf + layout.headers);
	assert_int_equal(image.mbn.segment.size, layout.hash_size);
	/* a buffer of whole pages is what a driver passes */
	assert_int_equal(pil_image_from_metadata(buf, sizeof(buf), &image, NULL), 0);
	assert_int_equal(image.mbn.segment.size, layout.hash_size);
}

static void reads_metadata_of_both_classes(void **state)
{
	(void)state;
	check_metadata(false);
	check_metadata(true);
}

static void every_prefix_of_metadata_is_truncated(void **state)
{
	struct pil_image image = { 0 };
	struct pil_why why = { 0 };
	size_t size = 0;
	size_t i = 0;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	imagegen_layout(&gen, &layout);
	size = imagegen_metadata(&gen, buf, sizeof(buf));
	for (i = 0; i < size; i++) {
		assert_int_equal(pil_image_from_metadata(buf, i, &image, &why), -PIL_ETRUNC);
		assert_null(image.elf.data);
	}
	expect_why(pil_image_from_metadata(buf, size - 1, &image, &why), &why, PIL_R_ELF_SEGMENT_END, 1, size - 1);
}

static void file_segment_past_the_end_is_refused(void **state)
{
	struct pil_image image = { 0 };
	struct pil_why why = { 0 };
	size_t size = 0;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	size = make_file();
	expect_why(pil_image_from_file(buf, size - 1, &image, &why), &why, PIL_R_ELF_SEGMENT_END, 3, size - 1);
	assert_null(image.file.data);
	imagegen_put(buf + phdr_field32(2, 4), 4, UINT32_MAX); /* p_offset */
	expect_why(pil_image_from_file(buf, size, &image, &why), &why, PIL_R_ELF_SEGMENT_END, 2, size);
}

static void file_segment_that_wraps_is_refused(void **state)
{
	struct pil_image image = { 0 };
	struct pil_why why = { 0 };
	size_t size = 0;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, true);
	size = make_file();
	imagegen_put(buf + 64 + 2 * 56 + 8, 8, UINT64_MAX - 15); /* p_offset */
	expect_why(pil_image_from_file(buf, size, &image, &why), &why, PIL_R_ELF_SEGMENT_WRAP, 2, UINT64_MAX - 15);
	/* one that ends at the last address does not wrap, it is only not there */
	imagegen_put(buf + 64 + 2 * 56 + 8, 8, UINT64_MAX - gen.segment[0].filesz);
	expect_why(pil_image_from_file(buf, size, &image, &why), &why, PIL_R_ELF_SEGMENT_END, 2, size);
}

static void offset_past_the_end_is_fine_without_bytes(void **state)
{
	struct pil_image image = { 0 };
	size_t size = 0;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	size = make_file();
	imagegen_put(buf + phdr_field32(4, 4), 4, UINT32_MAX); /* p_offset of the segment that is zero-fill only */
	assert_int_equal(pil_image_from_file(buf, size, &image, NULL), 0);
}

static void bytes_after_the_last_segment_are_fine(void **state)
{
	struct pil_image image = { 0 };
	size_t size = 0;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	size = make_file();
	memset(buf + size, 0xee, 100);
	assert_int_equal(pil_image_from_file(buf, size + 100, &image, NULL), 0);
}

struct spoiled {
	unsigned int phdr;
	size_t offset;
	uint64_t value;
	enum pil_reason reason;
	uint64_t a, b;
};

static void find_hash_says_what_is_wrong(void **state)
{
	static const struct spoiled cases[] = {
		{ 0, 0, PIL_PT_LOAD, PIL_R_MBN_PHDR0_TYPE, PIL_PT_LOAD, 0x07000000 },
		{ 0, 24, 0x02000000, PIL_R_MBN_PHDR0_TYPE, 0, 0x02000000 },
		{ 0, 4, 4, PIL_R_MBN_PHDR0_OFFSET, 4, 0 },
		{ 0, 16, 52, PIL_R_MBN_PHDR0, 52, 52 + 5 * 32 },
		{ 1, 24, 0x07000000, PIL_R_MBN_NO_HASH_SEGMENT, 5, 0 },
		{ 4, 24, 0x02000000, PIL_R_MBN_TWO_HASH_SEGMENTS, 1, 4 },
		{ 1, 16, 0x10001, PIL_R_MBN_LONG, 0x10001, 0x10000 },
	};
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	struct pil_why why = { 0 };
	unsigned int index = 0;
	size_t size = 0;
	size_t i = 0;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size = make_file();
		imagegen_put(buf + phdr_field32(cases[i].phdr, cases[i].offset), 4, cases[i].value);
		assert_int_equal(pil_elf_parse(buf, size, &elf, NULL), 0);
		expect_why(pil_image_find_hash(&elf, &index, &phdr, &why), &why, cases[i].reason, cases[i].a,
			   cases[i].b);
	}
	(void)make_file();
	assert_int_equal(pil_image_find_hash(&elf, &index, &phdr, NULL), 0);
	assert_int_equal(index, 1);
	assert_int_equal(phdr.filesz, layout.hash_size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_files_of_both_classes_hash_segment_anywhere),
		cmocka_unit_test(reads_metadata_of_both_classes),
		cmocka_unit_test(every_prefix_of_metadata_is_truncated),
		cmocka_unit_test(file_segment_past_the_end_is_refused),
		cmocka_unit_test(file_segment_that_wraps_is_refused),
		cmocka_unit_test(offset_past_the_end_is_fine_without_bytes),
		cmocka_unit_test(bytes_after_the_last_segment_are_fine),
		cmocka_unit_test(find_hash_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
