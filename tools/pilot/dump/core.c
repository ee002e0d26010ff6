/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the headers of a core file. Layouts: System V ABI, chapters 4 and 5. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/cursor.h>

#include "dump/core.h"

#define ET_CORE	   4u
#define PT_LOAD	   1u
#define SHT_NULL   0u
#define SHT_STRTAB 3u
#define SHT_NOBITS 8u

/** struct headers - what an ELF header says about the tables behind it */
struct headers {
	unsigned int type;
	uint64_t phoff;
	uint64_t shoff;
	unsigned int phentsize;
	unsigned int phnum;
	unsigned int shentsize;
	unsigned int shnum;
	unsigned int shstrndx;
};

/** struct header - a program header or section header; @name: offset among the names */
struct header {
	uint32_t type;
	uint32_t name;
	uint64_t address;
	uint64_t offset;
	uint64_t size;
};

static void problem(struct core *core, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void problem(struct core *core, const char *format, ...)
{
	va_list args;

	if (core->problems < CORE_PROBLEMS) {
		va_start(args, format);
		vsnprintf(core->problem[core->problems], sizeof(core->problem[0]), format, args);
		va_end(args);
	}
	core->problems++;
}

static uint64_t word(const struct core *core, struct pil_cursor *c)
{
	return core->is64 ? pil_cursor_u64(c) : pil_cursor_u32(c);
}

static bool read_ident(struct core *core)
{
	static const uint8_t magic[] = { 0x7f, 'E', 'L', 'F' };
	const uint8_t *ident = core->file.data;

	if (core->file.size < 16 || memcmp(ident, magic, sizeof(magic))) {
		complain(core->file.path, "no core file: it does not begin as an ELF file does");
		return false;
	}
	if ((ident[4] != 1 && ident[4] != 2) || ident[5] != 1) {
		complain(core->file.path, "an ELF file of class %u and byte order %u: 1 or 2, and 1 are known",
			 ident[4], ident[5]);
		return false;
	}
	core->is64 = ident[4] == 2;
	return true;
}

static bool read_header(struct core *core, struct headers *h)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, core->file.data, core->file.size);
	pil_cursor_skip(&c, 16);
	h->type = pil_cursor_u16(&c);
	core->machine = pil_cursor_u16(&c);
	pil_cursor_skip(&c, 4);
	core->entry = word(core, &c);
	h->phoff = word(core, &c);
	h->shoff = word(core, &c);
	pil_cursor_skip(&c, 6); /* flags, size of the header */
	h->phentsize = pil_cursor_u16(&c);
	h->phnum = pil_cursor_u16(&c);
	h->shentsize = pil_cursor_u16(&c);
	h->shnum = pil_cursor_u16(&c);
	h->shstrndx = pil_cursor_u16(&c);
	if (pil_cursor_failed(&c)) {
		complain(core->file.path, "cut off within the ELF header: %zu bytes are all there is", core->file.size);
		return false;
	}
	if (h->type != ET_CORE) {
		complain(core->file.path,
			 "an ELF file of type %u, and a core file has type 4; 'pilot image show' "
			 "explains firmware",
			 h->type);
		return false;
	}
	return true;
}

/* entry @index of a table; false: it is not in the file, in whole */
static bool read_entry(const struct core *core, uint64_t table, unsigned int size, unsigned int index,
		       struct header *entry, bool section)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, core->file.data, core->file.size);
	pil_cursor_skip(&c, table);
	pil_cursor_skip(&c, (uint64_t)size * index);
	*entry = (struct header){ 0 };
	if (section)
		entry->name = pil_cursor_u32(&c);
	entry->type = pil_cursor_u32(&c);
	if (section || core->is64)
		(void)(section ? word(core, &c) : pil_cursor_u32(&c)); /* flags */
	if (section)
		entry->address = word(core, &c);
	entry->offset = word(core, &c);
	if (!section) {
		(void)word(core, &c); /* virtual address */
		entry->address = word(core, &c);
	}
	entry->size = word(core, &c);
	return !pil_cursor_failed(&c);
}

/* name of a section among the bytes of the section of names, printable */
static void read_name(const struct core *core, const struct header *names, uint32_t at, char *name)
{
	size_t i = 0;

	if (names->offset > core->file.size || at > core->file.size - names->offset || at >= names->size)
		return;
	for (i = 0; i + 1 < CORE_NAME && at + i < names->size; i++) {
		uint64_t where = names->offset + at + i;
		uint8_t byte = where < core->file.size ? core->file.data[where] : 0;

		if (!byte)
			break;
		name[i] = byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
	}
	name[i] = '\0';
}

static void take(struct core *core, unsigned int index, const struct header *h)
{
	struct core_region *r = &core->region[core->count];
	uint64_t end = h->offset + h->size;

	r->index = index;
	r->address = h->address;
	r->size = h->size;
	r->offset = h->offset;
	core->count++;
	if (end < h->offset) {
		problem(core, "region %u: %" PRIu64 " bytes at offset 0x%" PRIx64 " are more than any file has", index,
			h->size, h->offset);
		r->size = 0;
		return;
	}
	if (h->size && h->address + (h->size - 1) < h->address)
		problem(core, "region %u: 0x%" PRIx64 " and %" PRIu64 " bytes reach past the end of all addresses",
			index, h->address, h->size);
	if (h->offset < core->file.size) {
		r->data = core->file.data + h->offset;
		r->present = end <= core->file.size ? (size_t)h->size : core->file.size - (size_t)h->offset;
	}
	core->missing = core->missing + (h->size - r->present) < core->missing ? UINT64_MAX
									       : core->missing + (h->size - r->present);
	if (r->present < h->size)
		problem(core, "region %u: %zu of %" PRIu64 " bytes are in the file", index, r->present, h->size);
}

static void read_segments(struct core *core, const struct headers *h)
{
	struct header entry = { 0 };
	unsigned int i = 0;

	core->kind = CORE_SEGMENTS;
	core->declared = h->phnum;
	if (h->phentsize != (core->is64 ? 56u : 32u)) {
		problem(core, "program headers of %u bytes, which no ELF file has", h->phentsize);
		return;
	}
	for (i = 0; i < h->phnum && core->count < CORE_REGIONS; i++) {
		if (!read_entry(core, h->phoff, h->phentsize, i, &entry, false)) {
			problem(core,
				"cut off within program header %u of %u: nothing is known of it and those behind it", i,
				h->phnum);
			return;
		}
		if (entry.type == PT_LOAD)
			take(core, i, &entry);
	}
	if (i < h->phnum)
		problem(core, "%u program headers: the first %u were read", h->phnum, i);
}

static void read_sections(struct core *core, const struct headers *h)
{
	struct header names = { 0 };
	struct header entry = { 0 };
	unsigned int i = 0;

	core->kind = CORE_SECTIONS;
	core->declared = h->shnum;
	if (h->shentsize != (core->is64 ? 64u : 40u)) {
		problem(core, "section headers of %u bytes, which no ELF file has", h->shentsize);
		return;
	}
	if (h->shstrndx >= h->shnum || !read_entry(core, h->shoff, h->shentsize, h->shstrndx, &names, true) ||
	    names.type != SHT_STRTAB) {
		problem(core, "section %u should have the names, and has not", h->shstrndx);
		names = (struct header){ 0 };
	}
	for (i = 1; i < h->shnum && core->count < CORE_REGIONS; i++) {
		if (!read_entry(core, h->shoff, h->shentsize, i, &entry, true)) {
			problem(core,
				"cut off within section header %u of %u: nothing is known of it and those behind it", i,
				h->shnum);
			return;
		}
		if (entry.type == SHT_NULL || entry.type == SHT_STRTAB || entry.type == SHT_NOBITS)
			continue;
		read_name(core, &names, entry.name, core->region[core->count].name);
		take(core, i, &entry);
	}
	if (i < h->shnum)
		problem(core, "%u section headers: the first %u were read", h->shnum, i);
}

bool core_open(struct core *core, const char *path)
{
	struct headers h = { 0 };
	unsigned int i = 0;

	*core = (struct core){ .kind = CORE_EMPTY };
	if (!file_open(&core->file, path))
		return false;
	if (!read_ident(core) || !read_header(core, &h)) {
		core_close(core);
		return false;
	}
	core->region = calloc(CORE_REGIONS, sizeof(*core->region));
	if (!core->region) {
		complain(path, "out of memory");
		core_close(core);
		return false;
	}
	if (h.phnum)
		read_segments(core, &h);
	else if (h.shnum > 1)
		read_sections(core, &h);
	for (i = 0; i < core->count; i++)
		contents_find(&core->region[i]);
	return true;
}

void core_close(struct core *core)
{
	free(core->region);
	file_close(&core->file);
	*core = (struct core){ .kind = CORE_EMPTY };
}
