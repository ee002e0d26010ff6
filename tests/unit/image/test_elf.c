/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <pilot/elf.h>

#include "expect.h"
#include "imagegen.h"

static uint8_t buf[16384];
static struct imagegen gen;
static struct imagegen_layout layout;

static size_t make(bool is64)
{
	imagegen_init(&gen, &pil_crypto_openssl, is64);
	imagegen_layout(&gen, &layout);
	return imagegen_file(&gen, buf, sizeof(buf));
}

static void check_phdrs(const struct pil_elf *elf)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	assert_int_equal(pil_elf_phdr(elf, 0, &phdr), 0);
	assert_int_equal(phdr.flags, 0x07000000);
	assert_int_equal(phdr.filesz, layout.headers);
	for (i = 0; i < gen.count; i++) {
		assert_int_equal(pil_elf_phdr(elf, i + 2, &phdr), 0);
		assert_int_equal(phdr.type, PIL_PT_LOAD);
		assert_int_equal(phdr.flags, gen.segment[i].flags);
		assert_int_equal(phdr.offset, layout.offset[i + 2]);
		assert_int_equal(phdr.vaddr, gen.segment[i].vaddr);
		assert_int_equal(phdr.paddr, gen.segment[i].paddr);
		assert_int_equal(phdr.filesz, gen.segment[i].filesz);
		assert_int_equal(phdr.memsz, gen.segment[i].memsz);
		assert_int_equal(phdr.align, gen.align);
	}
}

static void check_class(bool is64)
{
	struct pil_elf elf = { 0 };
	size_t size = make(is64);
	size_t extent = 0;

	assert_int_equal(pil_elf_parse(buf, size, &elf, NULL), 0);
	assert_int_equal(elf.is64, is64);
	assert_int_equal(elf.type, 2);
	assert_int_equal(elf.machine, 164);
	assert_int_equal(elf.entry, gen.entry);
	assert_int_equal(elf.phnum, 5);
	assert_int_equal(elf.phentsize, is64 ? 56 : 32);
	assert_int_equal(elf.phoff, is64 ? 64 : 52);
	assert_int_equal(pil_elf_headers_end(&elf), layout.headers);
	check_phdrs(&elf);
	assert_int_equal(pil_elf_headers_extent(buf, 64, &extent, NULL), 0);
	assert_int_equal(extent, layout.headers);
	assert_int_equal(pil_elf_parse(buf, layout.headers, &elf, NULL), 0);
}

static void reads_32_bit(void **state)
{
	(void)state;
	check_class(false);
}

static void reads_64_bit(void **state)
{
	(void)state;
	check_class(true);
}

static void numbers_above_32_bit_survive(void **state)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	size_t size = 0;

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, true);
	gen.entry = UINT64_C(0x123456789abcdef0);
	gen.segment[2].paddr = UINT64_C(0xfedcba9876543000);
	gen.segment[2].memsz = UINT64_C(0x100000001);
	size = imagegen_file(&gen, buf, sizeof(buf));
	assert_int_equal(pil_elf_parse(buf, size, &elf, NULL), 0);
	assert_int_equal(elf.entry, gen.entry);
	assert_int_equal(pil_elf_phdr(&elf, 4, &phdr), 0);
	assert_int_equal(phdr.paddr, gen.segment[2].paddr);
	assert_int_equal(phdr.memsz, gen.segment[2].memsz);
}

static void phdr_index_past_the_last_is_refused(void **state)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { .memsz = 1 };

	(void)state;
	assert_int_equal(pil_elf_parse(buf, make(false), &elf, NULL), 0);
	assert_int_equal(pil_elf_phdr(&elf, 5, &phdr), -PIL_EARG);
	assert_int_equal(phdr.memsz, 0);
	assert_int_equal(pil_elf_phdr(&elf, UINT32_MAX, &phdr), -PIL_EARG);
}

/* every prefix of the headers is too short, for one of two reasons */
static void every_prefix_is_truncated(void **state)
{
	struct pil_why why = { 0 };
	struct pil_elf elf = { 0 };
	size_t extent = 0;
	size_t i = 0;
	int ret = 0;

	(void)state;
	(void)make(false);
	for (i = 0; i < layout.headers; i++) {
		ret = pil_elf_parse(buf, i, &elf, &why);
		expect_reason(ret, &why, i < layout.ehdr_size ? PIL_R_ELF_SHORT : PIL_R_ELF_PHDR_END);
		assert_null(elf.data);
		assert_int_equal(pil_elf_headers_extent(buf, i, &extent, NULL), i < layout.ehdr_size ? -PIL_ETRUNC : 0);
		assert_int_equal(extent, i < layout.ehdr_size ? 0 : layout.headers);
	}
}

/* what is no ELF file says so even when it is too short to be one */
static void magic_comes_before_the_length_of_the_header(void **state)
{
	static const uint8_t text[16] = { 'n', 'o', ' ', 'e', 'l', 'f' };
	struct pil_why why = { 0 };
	struct pil_elf elf = { 0 };

	(void)state;
	expect_why(pil_elf_parse(text, 16, &elf, &why), &why, PIL_R_ELF_MAGIC, 0x65206f6e, 0);
	expect_why(pil_elf_parse(text, 15, &elf, &why), &why, PIL_R_ELF_SHORT, 15, 52);
}

struct spoiled {
	size_t offset;
	unsigned int width;
	uint64_t value;
	enum pil_reason reason;
	uint64_t a, b;
};

static void numbers_say_what_was_found_and_expected(void **state)
{
	static const struct spoiled cases[] = {
		{ 0, 4, 0x12345678, PIL_R_ELF_MAGIC, 0x12345678, 0 },
		{ 4, 1, 7, PIL_R_ELF_CLASS, 7, 0 },
		{ 5, 1, 2, PIL_R_ELF_DATA, 2, 0 },
		{ 6, 1, 3, PIL_R_ELF_VERSION, 3, 0 },
		{ 20, 4, 0x80000001, PIL_R_ELF_VERSION, 0x80000001, 0 },
		{ 40, 2, 53, PIL_R_ELF_EHSIZE, 53, 52 },
		{ 42, 2, 33, PIL_R_ELF_PHENTSIZE, 33, 32 },
		{ 44, 2, 129, PIL_R_ELF_PHNUM, 129, 128 },
		{ 28, 4, 64, PIL_R_ELF_PHOFF, 64, 52 },
		{ 44, 2, 128, PIL_R_ELF_PHDR_END, 52 + 128 * 32, 600 },
	};
	struct pil_why why = { 0 };
	struct pil_elf elf = { 0 };
	size_t extent = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)make(false);
		imagegen_put(buf + cases[i].offset, cases[i].width, cases[i].value);
		expect_why(pil_elf_parse(buf, 600, &elf, &why), &why, cases[i].reason, cases[i].a, cases[i].b);
		if (cases[i].reason == PIL_R_ELF_PHDR_END)
			continue;
		expect_reason(pil_elf_headers_extent(buf, 600, &extent, &why), &why, cases[i].reason);
		assert_int_equal(extent, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_32_bit),
		cmocka_unit_test(reads_64_bit),
		cmocka_unit_test(numbers_above_32_bit_survive),
		cmocka_unit_test(phdr_index_past_the_last_is_refused),
		cmocka_unit_test(every_prefix_is_truncated),
		cmocka_unit_test(magic_comes_before_the_length_of_the_header),
		cmocka_unit_test(numbers_say_what_was_found_and_expected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
