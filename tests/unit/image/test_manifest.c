/* SPDX-License-Identifier: BSD-2-Clause */
/* Manifests: which segment is one, what its bytes say, and what is refused. */
#include "expect.h"

#include <string.h>

#include <pilot/manifest.h>

#include "imagegen.h"

#define ENTRY(i) (16u + 32u * (i))

static const struct pil_manifest good = {
	.count = 3,
	.entry = {
		{ 0x1234, 0, 0, PIL_MANIFEST_READ | PIL_MANIFEST_WRITE, { 0xb8000000, 0x200000 } },
		{ 0x1234, 0, 0, PIL_MANIFEST_READ, { 0x9010000, 0x1000 } },
		{ 0x1240, 0xf, 1, PIL_MANIFEST_WRITE, { 0x9010000, 0x1000 } },
	},
};

static uint8_t buf[1024];
static struct pil_manifest read;
static struct pil_why why;

static size_t make_good(void)
{
	size_t needed = 0;

	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(pil_manifest_build(&good, buf, sizeof(buf), &needed, NULL), 0);
	return needed;
}

static void manifest_has_the_bytes_of_the_specification(void **state)
{
	static const uint8_t start[] = {
		'P', 'L', 'M', 'F', 1, 0, 0, 0, 112, 0, 0, 0, 3, 0, 0, 0, 0x34, 0x12, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0xb8, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0,
	};

	(void)state;
	assert_int_equal(make_good(), 112);
	assert_memory_equal(buf, start, sizeof(start));
	assert_int_equal(buf[112], 0xee);
	assert_int_equal(pil_manifest_parse(buf, 112, &read, NULL), 0);
	assert_memory_equal(&read, &good, sizeof(good));
}

static void empty_and_full_manifests_are_fine(void **state)
{
	struct pil_manifest full = { .count = PIL_MANIFEST_MAX };
	const struct pil_manifest none = { 0 };
	size_t needed = 0;

	(void)state;
	assert_int_equal(pil_manifest_build(&none, buf, 16, &needed, NULL), 0);
	assert_int_equal(pil_manifest_parse(buf, needed, &read, NULL), 0);
	assert_int_equal(read.count, 0);
	for (unsigned int i = 0; i < full.count; i++)
		full.entry[i] = (struct pil_manifest_entry){ 1, 0, 0, 1, { 0x1000 * i, 0x1000 } };
	assert_int_equal(pil_manifest_build(&full, buf, sizeof(buf), &needed, NULL), 0);
	assert_int_equal(needed, PIL_MANIFEST_SIZE_MAX);
	assert_int_equal(pil_manifest_parse(buf, needed, &read, NULL), 0);
	full.count++;
	expect_why(pil_manifest_build(&full, buf, sizeof(buf), &needed, &why), &why, PIL_R_MANIFEST_COUNT, 17, 16);
}

static void malformed_manifests_are_refused(void **state)
{
	static const struct {
		size_t offset;
		unsigned int width;
		uint64_t value;
		enum pil_reason reason;
		uint64_t a, b;
	} cases[] = {
		{ 0, 4, 0x12345678, PIL_R_MANIFEST_MAGIC, 0x12345678, PIL_MANIFEST_MAGIC },
		{ 4, 4, 2, PIL_R_MANIFEST_VERSION, 2, 1 },
		{ 8, 4, 111, PIL_R_MANIFEST_SIZE, 111, 112 },
		{ 8, 4, 0xffffffff, PIL_R_MANIFEST_SIZE, 0xffffffff, 112 },
		{ 12, 4, 2, PIL_R_MANIFEST_SIZE, 112, 112 },
		{ 12, 4, 4, PIL_R_MANIFEST_SIZE, 112, 112 },
		{ 12, 4, 17, PIL_R_MANIFEST_COUNT, 17, 16 },
		{ 12, 4, 0xffffffff, PIL_R_MANIFEST_COUNT, 0xffffffff, 16 },
		{ ENTRY(1) + 8, 4, 3, PIL_R_MANIFEST_FIELD, 1, 3 },
		{ ENTRY(1) + 12, 4, 0, PIL_R_MANIFEST_FIELD, 1, 0 },
		{ ENTRY(2) + 12, 4, 4, PIL_R_MANIFEST_FIELD, 2, 4 },
		{ ENTRY(0) + 16, 4, 0xb8000800, PIL_R_MANIFEST_PAGES, 0, 0xb8000800 },
		{ ENTRY(0) + 24, 4, 0x800, PIL_R_MANIFEST_PAGES, 0, 0xb8000000 },
		{ ENTRY(0) + 24, 8, 0, PIL_R_MANIFEST_PAGES, 0, 0xb8000000 },
		{ ENTRY(0) + 16, 8, 0xfffffffffffff000, PIL_R_MANIFEST_PAGES, 0, 0xfffffffffffff000 },
		{ ENTRY(1) + 16, 8, 0xb81ff000, PIL_R_MANIFEST_OVERLAP, 0, 1 },
		/* of another mask it is another stream, for which the board has the last word */
		{ ENTRY(2), 4, 0x1234, PIL_R_NONE, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = make_good();

		imagegen_put(buf + cases[i].offset, cases[i].width, cases[i].value);
		if (!cases[i].reason) {
			assert_int_equal(pil_manifest_parse(buf, size, &read, &why), 0);
			continue;
		}
		expect_why(pil_manifest_parse(buf, size, &read, &why), &why, cases[i].reason, cases[i].a, cases[i].b);
		assert_int_equal(read.count, 0);
	}
}

static void short_and_long_manifests_are_refused(void **state)
{
	size_t size = make_good();

	(void)state;
	for (size_t i = 0; i <= sizeof(buf); i++) {
		if (i == size)
			continue;
		expect_reason(pil_manifest_parse(buf, i, &read, &why), &why,
			      i < 16 ? PIL_R_MANIFEST_SHORT : PIL_R_MANIFEST_SIZE);
	}
	expect_why(pil_manifest_parse(NULL, 0, &read, &why), &why, PIL_R_MANIFEST_SHORT, 0, 16);
}

static void what_cannot_be_read_is_not_built(void **state)
{
	struct pil_manifest bad = good;
	size_t needed = 1;

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	expect_why(pil_manifest_build(&good, buf, 111, &needed, &why), &why, PIL_R_MANIFEST_BUFFER, 111, 112);
	assert_int_equal(needed, 112);
	bad.entry[1].access = 0;
	expect_why(pil_manifest_build(&bad, buf, sizeof(buf), &needed, &why), &why, PIL_R_MANIFEST_FIELD, 1, 0);
	assert_int_equal(needed, 0);
	assert_int_equal(buf[0], 0xee);
}

/* the headers of an image whose last segment is marked, with @filesz bytes */
static void find(const struct imagegen *g, unsigned int *index, struct pil_phdr *phdr, int *ret)
{
	static uint8_t metadata[32768];
	struct pil_elf elf = { 0 };

	assert_int_not_equal(imagegen_metadata(g, metadata, sizeof(metadata)), 0);
	assert_int_equal(pil_elf_parse(metadata, sizeof(metadata), &elf, NULL), 0);
	*ret = pil_manifest_find(&elf, index, phdr, &why);
}

static void manifest_is_the_segment_that_nobody_uses(void **state)
{
	struct imagegen g;
	struct imagegen_segment *s = NULL;
	struct pil_phdr phdr = { 0 };
	unsigned int index = 1;
	int ret = 1;

	(void)state;
	imagegen_init(&g, &pil_crypto_openssl, false);
	find(&g, &index, &phdr, &ret);
	assert_true(!ret && !index && !phdr.memsz);
	s = imagegen_add(&g, 0x95d00000, 48, 48);
	s->flags |= PIL_PF_MANIFEST;
	find(&g, &index, &phdr, &ret);
	assert_true(!ret && index == g.count + 1 && phdr.paddr == 0x95d00000 && phdr.filesz == 48);
	s->filesz = s->memsz = 15;
	find(&g, &index, &phdr, &ret);
	expect_why(ret, &why, PIL_R_MANIFEST_SHORT, 15, 16);
	s->filesz = s->memsz = PIL_MANIFEST_SIZE_MAX + 1;
	find(&g, &index, &phdr, &ret);
	expect_why(ret, &why, PIL_R_MANIFEST_LONG, 529, 528);
	s->filesz = s->memsz = 48;
	imagegen_add(&g, 0x95d10000, 48, 48)->flags |= PIL_PF_MANIFEST;
	find(&g, &index, &phdr, &ret);
	expect_why(ret, &why, PIL_R_MANIFEST_TWO, g.count, g.count + 1);
	/* what is not loaded does not reach the secure world */
	s->type = 4;
	find(&g, &index, &phdr, &ret);
	assert_true(!ret && index == g.count + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifest_has_the_bytes_of_the_specification),
		cmocka_unit_test(empty_and_full_manifests_are_fine),
		cmocka_unit_test(malformed_manifests_are_refused),
		cmocka_unit_test(short_and_long_manifests_are_refused),
		cmocka_unit_test(what_cannot_be_read_is_not_built),
		cmocka_unit_test(manifest_is_the_segment_that_nobody_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
