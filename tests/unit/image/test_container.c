/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include <pilot/container.h>

#include "containergen.h"
#include "expect.h"
#include "imagegen.h"

static uint8_t buf[CONTAINERGEN_MAX];
static struct pil_why why;

/* on the heap and of exactly the right size, so that a read past the end is seen */
static int parse_exact(size_t size, struct pil_container *c)
{
	uint8_t *copy = malloc(size ? size : 1);
	int ret = 0;

	assert_non_null(copy);
	memcpy(copy, buf, size);
	why = (struct pil_why){ 0 };
	ret = pil_container_parse(copy, size, c, &why);
	free(copy);
	return ret;
}

static void a_good_container_says_what_was_written(void **state)
{
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t size = 0;

	(void)state;
	containergen_init(&g);
	g.images = 2;
	size = containergen_make(&g, buf, sizeof(buf));
	assert_int_equal(pil_container_parse(buf, size, &c, NULL), 0);
	assert_true(pil_container_recognize(buf, size));
	assert_int_equal(c.images, 2);
	assert_true(c.has_processor && c.has_version);
	assert_int_equal(c.processor, 3);
	assert_int_equal(c.version, 7);
	assert_int_equal(c.sig_alg, PIL_SIG_ECDSA_SHA256);
	assert_int_equal(c.signature.size, 64);
	assert_int_equal(c.digests.size, 64);
	assert_int_equal(c.unknown, 0);
	assert_ptr_equal(c.image[1].data, buf + size - CONTAINERGEN_IMAGE);
	assert_int_equal(c.elf[1].entry, 0x10100000);
	assert_ptr_equal(pil_container_entry(&c, 1, 0), c.table.data + 2 * 64);
	assert_null(pil_container_entry(&c, 1, 2));
	assert_null(pil_container_entry(&c, 2, 0));
}

static void what_upstream_writes_is_read(void **state)
{
	struct pil_container c = { 0 };
	struct containergen g = { 0 };

	(void)state;
	containergen_init(&g);
	g.upstream = true;
	g.key = CERTGEN_RSA4096;
	assert_int_equal(parse_exact(containergen_make(&g, buf, sizeof(buf)), &c), 0);
	assert_int_equal(c.sig_alg, PIL_SIG_RSA_PKCS1_SHA256);
	assert_int_equal(c.signature.size, 512);
	assert_false(c.has_processor || c.has_version);
	assert_int_equal(c.digests.size + c.key_info.size, 0);
}

static void tlvs_of_others_are_counted_and_passed_over(void **state)
{
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t size = 0;

	(void)state;
	containergen_init(&g);
	size = containergen_make(&g, buf, sizeof(buf));
	imagegen_put(buf + containergen_value(buf, 0x15002) - 8, 4, 0x10001);
	assert_int_equal(parse_exact(size, &c), 0);
	assert_int_equal(c.unknown, 1);
	assert_false(c.has_version);
}

/* what an offset counts from; a TLV's type stands for the start of its value */
#define HEADER	  0u
#define SIGNATURE 0xfffffff0u
#define IMAGE	  0xfffffff1u

static const struct {
	const char *name;
	enum pil_reason expected;
	uint32_t place;
	int offset;
	unsigned int width;
	uint64_t value;
} cases[] = {
	{ "magic", PIL_R_CONTAINER_MAGIC, HEADER, 0, 1, 0 },
	{ "version 0", PIL_R_CONTAINER_VERSION, HEADER, 4, 4, 0 },
	{ "version 2", PIL_R_CONTAINER_VERSION, HEADER, 4, 4, 2 },
	{ "TLVs longer than the file", PIL_R_CONTAINER_SIZE, HEADER, 8, 4, 0x10000 },
	{ "TLVs of 4 GiB", PIL_R_CONTAINER_SIZE, HEADER, 8, 4, UINT32_MAX },
	{ "no TLVs", PIL_R_CONTAINER_SIZE, HEADER, 8, 4, 0 },
	{ "signature of 4 GiB", PIL_R_CONTAINER_SIZE, HEADER, 12, 4, UINT32_MAX },
	{ "signature one word longer", PIL_R_CONTAINER_SIZE, HEADER, 12, 4, 72 },
	{ "signature one byte shorter", PIL_R_CONTAINER_PADDING, HEADER, 12, 4, 63 },
	{ "images of 4 GiB", PIL_R_CONTAINER_SIZE, HEADER, 16, 4, UINT32_MAX },
	{ "no images' bytes", PIL_R_CONTAINER_SIZE, HEADER, 16, 4, 0 },
	{ "first TLV without end", PIL_R_CONTAINER_TLV_END, 1, -4, 4, UINT32_MAX },
	{ "last TLV one word too long", PIL_R_CONTAINER_TLV_END, 0x15003, -4, 4, 40 },
	{ "TLV ends inside its padding", PIL_R_CONTAINER_TLV_END, 0x15003, -4, 4, 33 },
	{ "padding of a TLV", PIL_R_CONTAINER_PADDING, 1, 1, 1, 1 },
	{ "padding of a TLV, last byte", PIL_R_CONTAINER_PADDING, 2, 7, 1, 0x80 },
	{ "end of the list too early", PIL_R_CONTAINER_PADDING, 1, -8, 8, 0 },
	{ "signature type twice", PIL_R_CONTAINER_TLV_TWICE, 2, -8, 4, 1 },
	{ "Pilot's TLV twice", PIL_R_CONTAINER_TLV_TWICE, 0x15002, -8, 4, 0x15001 },
	{ "no signature type", PIL_R_CONTAINER_TLV_MISSING, 1, -8, 4, 0x7f },
	{ "no hash table", PIL_R_CONTAINER_TLV_MISSING, 0x10, -8, 4, 0x12 },
	{ "signature type of 2 bytes", PIL_R_CONTAINER_TLV_LENGTH, 1, -4, 4, 2 },
	{ "signature type of 0 bytes", PIL_R_CONTAINER_TLV_LENGTH, 1, -4, 4, 0 },
	{ "hash table of 0 bytes", PIL_R_CONTAINER_TLV_LENGTH, 0x10, -4, 4, 0 },
	{ "processor of 3 bytes", PIL_R_CONTAINER_TLV_LENGTH, 0x15001, -4, 4, 3 },
	{ "processor of 8 bytes", PIL_R_CONTAINER_TLV_LENGTH, 0x15001, -4, 4, 8 },
	{ "sizes for two images", PIL_R_CONTAINER_TLV_LENGTH, 5, -4, 4, 8 },
	{ "digest of 24 bytes", PIL_R_CONTAINER_TLV_LENGTH, 0x15003, -4, 4, 24 },
	{ "no image", PIL_R_CONTAINER_IMAGES, 3, 0, 1, 0 },
	{ "five images", PIL_R_CONTAINER_IMAGES, 3, 0, 1, 5 },
	{ "two images, sizes for one", PIL_R_CONTAINER_TLV_LENGTH, 3, 0, 1, 2 },
	{ "signature type 0", PIL_R_CONTAINER_SIGN_TYPE, 1, 0, 1, 0 },
	{ "signature type 3", PIL_R_CONTAINER_SIGN_TYPE, 1, 0, 1, 3 },
	{ "RSA with 64 bytes", PIL_R_CONTAINER_SIGN_LENGTH, 1, 0, 1, 1 },
	{ "hash type 2", PIL_R_CONTAINER_HASH_TYPE, 2, 0, 1, 2 },
	{ "image type 2", PIL_R_CONTAINER_IMAGE_TYPE, 4, 0, 1, 2 },
	{ "image of 0 bytes", PIL_R_CONTAINER_IMAGE_SIZE, 5, 0, 4, 0 },
	{ "image size without padding", PIL_R_CONTAINER_IMAGE_SIZE, 5, 0, 4, 215 },
	{ "image longer than there is", PIL_R_CONTAINER_IMAGE_SIZE, 5, 0, 4, 224 },
	{ "image of 4 GiB", PIL_R_CONTAINER_IMAGE_SIZE, 5, 0, 4, 0xfffffff8 },
	{ "image cut in its segment", PIL_R_ELF_SEGMENT_END, 5, 0, 4, 208 },
	{ "image is no ELF file", PIL_R_ELF_MAGIC, IMAGE, 0, 1, 0 },
	{ "image of a class that is not", PIL_R_ELF_CLASS, IMAGE, 4, 1, 3 },
	{ "fewer program headers", PIL_R_CONTAINER_TABLE, IMAGE, 44, 2, 1 },
	{ "program headers that run into the segment", PIL_R_ELF_SEGMENT_END, IMAGE, 44, 2, 3 },
	{ "program headers past the end", PIL_R_ELF_PHDR_END, IMAGE, 44, 2, 100 },
	{ "segment past the end", PIL_R_ELF_SEGMENT_END, IMAGE, 52 + 16, 4, 101 },
	{ "segment far past the end", PIL_R_ELF_SEGMENT_END, IMAGE, 52 + 4, 4, UINT32_MAX },
	{ "empty segment has bytes", PIL_R_ELF_SEGMENT_END, IMAGE, 84 + 16, 4, 1 },
};

static size_t place_of(uint32_t place, size_t size)
{
	if (place == HEADER)
		return 0;
	if (place == SIGNATURE)
		return containergen_signature(buf);
	return place == IMAGE ? size - CONTAINERGEN_IMAGE : containergen_value(buf, place);
}

static void malformed_containers_are_refused_for_their_own_reason(void **state)
{
	const struct pil_container zero = { 0 };
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t i = 0;
	int ret = 0;

	(void)state;
	containergen_init(&g);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = containergen_make(&g, buf, sizeof(buf));
		size_t at = place_of(cases[i].place, size) + (size_t)cases[i].offset;

		assert_int_equal(parse_exact(size, &c), 0);
		if (cases[i].expected == PIL_R_CONTAINER_PADDING && cases[i].place == HEADER)
			buf[containergen_signature(buf) + 63] |= 1; /* r and s are random */
		imagegen_put(buf + at, cases[i].width, cases[i].value);
		memset(&c, 0xee, sizeof(c));
		ret = parse_exact(size, &c);
		if (why.reason != cases[i].expected || ret != -(int)pil_reason_class(cases[i].expected))
			fail_msg("%s: %s (%d), expected %s", cases[i].name, pil_reason_name(why.reason), ret,
				 pil_reason_name(cases[i].expected));
		assert_memory_equal(&c, &zero, sizeof(c));
	}
}

static void bytes_behind_the_last_image_are_refused(void **state)
{
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t size = 0;

	(void)state;
	containergen_init(&g);
	size = containergen_make(&g, buf, sizeof(buf));
	imagegen_put(buf + containergen_value(buf, 5), 4, CONTAINERGEN_IMAGE - 8);
	imagegen_put(buf + size - CONTAINERGEN_IMAGE + 52 + 16, 4, 92); /* its segment ends there, too */
	expect_why(parse_exact(size, &c), &why, PIL_R_CONTAINER_SIZE, CONTAINERGEN_IMAGE - 8, CONTAINERGEN_IMAGE);
}

static void tlvs_left_out_or_doubled_are_named(void **state)
{
	static const uint32_t needed[] = { 1, 2, 3, 4, 5, 0x10 };
	static const uint32_t all[] = { 1, 2, 3, 4, 5, 0x10, 0x11, 0x15001, 0x15002, 0x15003 };
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		containergen_init(&g);
		g.omit = needed[i];
		expect_why(parse_exact(containergen_make(&g, buf, sizeof(buf)), &c), &why, PIL_R_CONTAINER_TLV_MISSING,
			   needed[i], 0);
	}
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		containergen_init(&g);
		g.twice = all[i];
		expect_reason(parse_exact(containergen_make(&g, buf, sizeof(buf)), &c), &why,
			      PIL_R_CONTAINER_TLV_TWICE);
		assert_int_equal(why.a, all[i]);
	}
}

static void elf32_and_elf64_images_have_entries_of_their_own_length(void **state)
{
	struct pil_container c = { 0 };
	struct containergen g = { 0 };

	(void)state;
	containergen_init(&g);
	g.images = 3;
	g.elf64 = 2;
	assert_int_equal(pil_container_parse(buf, containergen_make(&g, buf, sizeof(buf)), &c, NULL), 0);
	assert_true(!c.elf[0].is64 && c.elf[1].is64 && !c.elf[2].is64);
	assert_int_equal(c.table.size, 2 * 64 + 2 * 88 + 2 * 64);
	assert_ptr_equal(pil_container_entry(&c, 1, 1), c.table.data + 2 * 64 + 88);
	assert_ptr_equal(pil_container_digest(&c, 1, 1), c.table.data + 2 * 64 + 88 + 56);
	assert_ptr_equal(pil_container_digest(&c, 2, 0), c.table.data + 2 * 64 + 2 * 88 + 32);
	assert_null(pil_container_digest(&c, 1, 2));
	assert_int_equal(c.elf[1].entry, 0x110100000);
}

/* the class is not in the table, but the length of its entries follows from it */
static void an_image_of_the_other_class_does_not_fit_the_table(void **state)
{
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t size = 0;
	uint8_t *image = NULL;

	(void)state;
	containergen_init(&g);
	size = containergen_make(&g, buf, sizeof(buf));
	image = buf + size - CONTAINERGEN_IMAGE;
	memset(image, 0, CONTAINERGEN_IMAGE);
	memcpy(image,
	       "\x7f"
	       "ELF\2\1\1",
	       7);
	imagegen_put(image + 20, 4, 1);
	imagegen_put(image + 32, 8, 64);
	imagegen_put(image + 52, 2, 64);
	imagegen_put(image + 54, 2, 56);
	imagegen_put(image + 56, 2, 2);
	expect_why(parse_exact(size, &c), &why, PIL_R_CONTAINER_TABLE, 2 * 64, 2 * 88);
}

static void every_cut_is_refused(void **state)
{
	struct pil_container c = { 0 };
	struct containergen g = { 0 };
	size_t size = 0;
	size_t i = 0;

	(void)state;
	containergen_init(&g);
	size = containergen_make(&g, buf, sizeof(buf));
	for (i = 0; i < size; i++)
		expect_reason(parse_exact(i, &c), &why, i < 20 ? PIL_R_CONTAINER_SHORT : PIL_R_CONTAINER_SIZE);
	expect_reason(parse_exact(size + 1, &c), &why, PIL_R_CONTAINER_SIZE);
	expect_reason(parse_exact(size + 8, &c), &why, PIL_R_CONTAINER_SIZE);
	assert_int_equal(parse_exact(size, &c), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_container_says_what_was_written),
		cmocka_unit_test(what_upstream_writes_is_read),
		cmocka_unit_test(tlvs_of_others_are_counted_and_passed_over),
		cmocka_unit_test(malformed_containers_are_refused_for_their_own_reason),
		cmocka_unit_test(bytes_behind_the_last_image_are_refused),
		cmocka_unit_test(tlvs_left_out_or_doubled_are_named),
		cmocka_unit_test(elf32_and_elf64_images_have_entries_of_their_own_length),
		cmocka_unit_test(an_image_of_the_other_class_does_not_fit_the_table),
		cmocka_unit_test(every_cut_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
