/* SPDX-License-Identifier: BSD-2-Clause */
/* Section headers (System V ABI, chapter 4), as far as one section is looked for by its name. */
#include <pilot/cursor.h>
#include <pilot/elf.h>
#include <pilot/wire/elf.h>

/* the table of section headers */
struct table {
	const struct pil_elf *elf;
	uint64_t offset;
	unsigned int count;
	unsigned int entry;
	unsigned int names; /* index of the section with the names */
};

static uint64_t read_word(struct pil_cursor *c, bool is64)
{
	return is64 ? pil_cursor_u64(c) : pil_cursor_u32(c);
}

/* pil_elf_parse() has seen that the whole ELF header is there */
static int read_table(const struct pil_elf *elf, struct table *t, struct pil_why *why)
{
	const size_t wanted = elf->is64 ? sizeof(struct pil_elf64_shdr_wire) : sizeof(struct pil_elf32_shdr_wire);
	struct pil_cursor c = { 0 };

	*t = (struct table){ .elf = elf };
	pil_cursor_init(&c, elf->data, elf->size);
	pil_cursor_skip(&c, elf->is64 ? offsetof(struct pil_elf64_ehdr_wire, shoff)
				      : offsetof(struct pil_elf32_ehdr_wire, shoff));
	t->offset = read_word(&c, elf->is64);
	pil_cursor_skip(&c, sizeof(uint32_t) + 3 * sizeof(uint16_t)); /* flags, ehsize, phentsize, phnum */
	t->entry = pil_cursor_u16(&c);
	t->count = pil_cursor_u16(&c);
	t->names = pil_cursor_u16(&c);
	if (!t->offset || !t->count)
		return pil_fail(why, PIL_R_ELF_SECTION_NONE, 0, 0);
	if (t->entry != wanted)
		return pil_fail(why, PIL_R_ELF_SHENTSIZE, t->entry, wanted);
	if (t->offset > elf->size || (uint64_t)t->count * t->entry > elf->size - t->offset)
		return pil_fail(why, PIL_R_ELF_SHDR_END, t->offset, elf->size);
	if (t->names >= t->count)
		return pil_fail(why, PIL_R_ELF_SHSTRNDX, t->names, t->count);
	return 0;
}

/* Section header @index, less than the count. Return: offset of its name */
static uint32_t read_section(const struct table *t, unsigned int index, struct pil_section *s)
{
	struct pil_cursor c = { 0 };
	uint32_t name = 0;

	*s = (struct pil_section){ .index = index };
	pil_cursor_init(&c, t->elf->data, t->elf->size);
	pil_cursor_skip(&c, t->offset + (uint64_t)index * t->entry);
	name = pil_cursor_u32(&c);
	s->type = pil_cursor_u32(&c);
	(void)read_word(&c, t->elf->is64); /* sh_flags */
	s->addr = read_word(&c, t->elf->is64);
	s->offset = read_word(&c, t->elf->is64);
	s->size = read_word(&c, t->elf->is64);
	return name;
}

static int check_inside(const struct table *t, const struct pil_section *s, struct pil_why *why)
{
	if (s->type == PIL_SHT_NOBITS)
		return 0;
	if (s->offset > t->elf->size || s->size > t->elf->size - s->offset)
		return pil_fail(why, PIL_R_ELF_SECTION_END, s->index, t->elf->size);
	return 0;
}

/* Does the string at @offset of @names, which must end there, equal @name? */
static int compare(struct pil_bytes names, uint32_t offset, const char *name, bool *equal)
{
	size_t i = 0;

	*equal = true;
	if (offset >= names.size)
		return -PIL_EFORMAT;
	for (i = 0; i < names.size - offset; i++) {
		char c = (char)names.data[offset + i];

		*equal = *equal && c == *name;
		if (!c)
			return 0;
		if (*equal)
			name++;
	}
	return -PIL_EFORMAT;
}

/* Look at section @i; *@found is the one found so far, all zero before. */
static int look(const struct table *t, struct pil_bytes names, unsigned int i, const char *name,
		struct pil_section *found, struct pil_why *why)
{
	struct pil_section s = { 0 };
	uint32_t at = read_section(t, i, &s);
	bool equal = false;
	int ret = 0;

	if (compare(names, at, name, &equal))
		return pil_fail(why, PIL_R_ELF_SECTION_NAME, i, at);
	if (!equal)
		return 0;
	if (found->index)
		return pil_fail(why, PIL_R_ELF_SECTION_TWO, found->index, i);
	ret = check_inside(t, &s, why);
	if (!ret)
		*found = s;
	return ret;
}

int pil_elf_find_section(const struct pil_elf *elf, const char *name, struct pil_section *section, struct pil_why *why)
{
	struct pil_section s = { 0 };
	struct pil_bytes names = { 0 };
	struct table t = { 0 };
	unsigned int i = 0;
	int ret = 0;

	*section = s;
	ret = read_table(elf, &t, why);
	if (ret)
		return ret;
	(void)read_section(&t, t.names, &s);
	ret = check_inside(&t, &s, why);
	if (!ret && s.type != PIL_SHT_NOBITS)
		names = (struct pil_bytes){ elf->data + s.offset, (size_t)s.size };
	/* number 0 is no section (System V ABI, special section indexes) */
	for (i = 1; !ret && i < t.count; i++)
		ret = look(&t, names, i, name, section, why);
	if (!ret && !section->index)
		ret = pil_fail(why, PIL_R_ELF_SECTION_NONE, t.count, 0);
	if (ret)
		*section = (struct pil_section){ 0 };
	return ret;
}
