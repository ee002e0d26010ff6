/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include <pilot/elf.h>

#include "expect.h"
#include "imagegen.h"

#define NAMES "\0.shstrtab\0.resource_table\0.resource_tab"
#define ROOM  1024u

static uint8_t buf[ROOM];
static struct pil_why why;

/* where things are in the file of one class */
struct layout {
	bool is64;
	size_t ehdr, phdr, shdr;
	size_t names, table, headers, size;
};

static void lay_out(struct layout *l, bool is64)
{
	*l = (struct layout){ .is64 = is64, .ehdr = is64 ? 64 : 52, .phdr = is64 ? 56 : 32, .shdr = is64 ? 64 : 40 };
	l->names = l->ehdr + l->phdr;
	l->table = l->names + sizeof(NAMES);
	l->headers = l->table + 16;
	l->size = l->headers + 4 * l->shdr;
}

static void put_section(const struct layout *l, unsigned int index, uint32_t name, uint32_t type, uint64_t offset,
			uint64_t size)
{
	uint8_t *at = buf + l->headers + index * l->shdr;
	unsigned int word = l->is64 ? 8 : 4;

	imagegen_put(at, 4, name);
	imagegen_put(at + 4, 4, type);
	imagegen_put(at + 8 + word, word, 0x20000000);
	imagegen_put(at + 8 + 2 * word, word, offset);
	imagegen_put(at + 8 + 3 * word, word, size);
}

/* number 1: names; 2: .resource_table; 3: a name that begins the same */
static void make(struct layout *l, bool is64)
{
	lay_out(l, is64);
	memset(buf, 0, sizeof(buf));
	memcpy(buf,
	       "\x7f"
	       "ELF\1\1\1",
	       7);
	buf[4] = is64 ? 2 : 1;
	buf[20] = 1;
	imagegen_put(buf + (is64 ? 32 : 28), 4, l->ehdr);
	imagegen_put(buf + (is64 ? 40 : 32), is64 ? 8 : 4, l->headers);
	imagegen_put(buf + l->ehdr - 12, 2, l->ehdr);
	imagegen_put(buf + l->ehdr - 10, 2, l->phdr);
	imagegen_put(buf + l->ehdr - 8, 2, 1);
	imagegen_put(buf + l->ehdr - 6, 2, l->shdr);
	imagegen_put(buf + l->ehdr - 4, 2, 4);
	imagegen_put(buf + l->ehdr - 2, 2, 1);
	memcpy(buf + l->names, NAMES, sizeof(NAMES));
	put_section(l, 1, 1, 3, l->names, sizeof(NAMES));
	put_section(l, 2, 11, 1, l->table, 16);
	put_section(l, 3, 27, 1, l->table, 16);
}

/* on the heap and of exactly the right size, so that a read past the end is seen */
static int look(size_t size, const char *name, struct pil_section *section)
{
	struct pil_elf elf = { 0 };
	uint8_t *copy = malloc(size);
	int ret = 0;

	assert_non_null(copy);
	memcpy(copy, buf, size);
	why = (struct pil_why){ 0 };
	assert_int_equal(pil_elf_parse(copy, size, &elf, &why), 0);
	ret = pil_elf_find_section(&elf, name, section, &why);
	free(copy);
	return ret;
}

static void a_section_is_found_by_its_whole_name(void **state)
{
	struct pil_section s = { 0 };
	struct layout l = { 0 };
	int is64 = 0;

	(void)state;
	for (is64 = 0; is64 < 2; is64++) {
		make(&l, is64);
		assert_int_equal(look(l.size, ".resource_table", &s), 0);
		assert_int_equal(s.index, 2);
		assert_int_equal(s.type, 1);
		assert_int_equal(s.addr, 0x20000000);
		assert_int_equal(s.offset, l.table);
		assert_int_equal(s.size, 16);
		assert_int_equal(look(l.size, ".resource_tab", &s), 0);
		assert_int_equal(s.index, 3);
		expect_why(look(l.size, ".resource", &s), &why, PIL_R_ELF_SECTION_NONE, 4, 0);
		expect_reason(look(l.size, ".resource_table2", &s), &why, PIL_R_ELF_SECTION_NONE);
		assert_int_equal(s.index, 0);
		put_section(&l, 2, 11, PIL_SHT_NOBITS, UINT32_MAX, UINT32_MAX);
		assert_int_equal(look(l.size, ".resource_table", &s), 0);
		assert_int_equal(s.type, PIL_SHT_NOBITS);
	}
}

static void bad_section_headers_are_refused(void **state)
{
	/* offsets: from the end of the ELF header when negative, else into section header @section */
	static const struct {
		const char *name;
		enum pil_reason expected;
		int header;
		unsigned int section, word;
		uint64_t value;
	} cases[] = {
		{ "no section headers", PIL_R_ELF_SECTION_NONE, -4, 0, 0, 0 },
		{ "size of a section header", PIL_R_ELF_SHENTSIZE, -6, 0, 0, 41 },
		{ "size 0", PIL_R_ELF_SHENTSIZE, -6, 0, 0, 0 },
		{ "one section header too many", PIL_R_ELF_SHDR_END, -4, 0, 0, 5 },
		{ "65535 section headers", PIL_R_ELF_SHDR_END, -4, 0, 0, 0xffff },
		{ "names in a section that is not", PIL_R_ELF_SHSTRNDX, -2, 0, 0, 4 },
		{ "no section of names", PIL_R_ELF_SECTION_NAME, -2, 0, 0, 0 },
		{ "names past the end", PIL_R_ELF_SECTION_END, 0, 1, 2, ROOM },
		{ "names longer than the file", PIL_R_ELF_SECTION_END, 0, 1, 3, UINT32_MAX },
		{ "names cut in the last one", PIL_R_ELF_SECTION_NAME, 0, 1, 3, sizeof(NAMES) - 2 },
		{ "name outside of the names", PIL_R_ELF_SECTION_NAME, 0, 3, 9, sizeof(NAMES) },
		{ "name far outside", PIL_R_ELF_SECTION_NAME, 0, 3, 9, UINT32_MAX },
		{ "two of the name", PIL_R_ELF_SECTION_TWO, 0, 3, 9, 11 },
		{ "section begins past the end", PIL_R_ELF_SECTION_END, 0, 2, 2, ROOM },
		{ "section longer than the file", PIL_R_ELF_SECTION_END, 0, 2, 3, UINT32_MAX },
	};
	struct pil_section s = { 0 };
	struct layout l = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned int word = i % 2 ? 8 : 4;
		size_t n = i / 2;
		int ret = 0;

		make(&l, i % 2);
		if (cases[n].header)
			imagegen_put(buf + (l.ehdr - (size_t)-cases[n].header), 2, cases[n].value);
		else if (cases[n].word == 9) /* sh_name */
			imagegen_put(buf + l.headers + cases[n].section * l.shdr, 4, cases[n].value);
		else
			imagegen_put(buf + l.headers + cases[n].section * l.shdr + 8 + (size_t)cases[n].word * word,
				     word, cases[n].value);
		ret = look(l.size, ".resource_table", &s);
		if (why.reason != cases[n].expected || ret != -(int)pil_reason_class(cases[n].expected))
			fail_msg("%s: %s", cases[n].name, pil_reason_name(why.reason));
	}
}

static void section_headers_anywhere_wrong_are_refused(void **state)
{
	static const uint64_t offsets[] = { UINT64_MAX, UINT64_MAX - 63, UINT64_C(1) << 63, ROOM };
	struct pil_section s = { 0 };
	struct layout l = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		make(&l, true);
		imagegen_put(buf + 40, 8, offsets[i]);
		expect_reason(look(l.size, ".resource_table", &s), &why, PIL_R_ELF_SHDR_END);
	}
	imagegen_put(buf + 40, 8, 0);
	expect_reason(look(l.size, ".resource_table", &s), &why, PIL_R_ELF_SECTION_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_is_found_by_its_whole_name),
		cmocka_unit_test(bad_section_headers_are_refused),
		cmocka_unit_test(section_headers_anywhere_wrong_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
