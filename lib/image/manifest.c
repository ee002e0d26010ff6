/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest of an image (include/pilot/wire/manifest.h, docs/SPEC.md section 3.7). */
#include <stdbool.h>

#include <pilot/cursor.h>
#include <pilot/manifest.h>
#include <pilot/wire/rsc_table.h>

#define PAGE   UINT64_C(4096)
#define ACCESS (PIL_MANIFEST_READ | PIL_MANIFEST_WRITE)
#define HEADER sizeof(struct pil_manifest_header_wire)
#define ENTRY  sizeof(struct pil_manifest_entry_wire)

static bool is_manifest(const struct pil_phdr *phdr)
{
	return phdr->type == PIL_PT_LOAD && PIL_PF_TYPE(phdr->flags) != PIL_PF_TYPE_HASH && phdr->memsz &&
	       PIL_PF_ACCESS(phdr->flags) == PIL_PF_ACCESS_NOT_USED;
}

int pil_manifest_find(const struct pil_elf *elf, unsigned int *index, struct pil_phdr *phdr, struct pil_why *why)
{
	struct pil_phdr candidate = { 0 };
	unsigned int i = 0;

	*index = 0;
	*phdr = (struct pil_phdr){ 0 };
	for (i = 1; i < elf->phnum; i++) {
		(void)pil_elf_phdr(elf, i, &candidate);
		if (!is_manifest(&candidate))
			continue;
		if (*index)
			return pil_fail(why, PIL_R_MANIFEST_TWO, *index, i);
		if (candidate.filesz < HEADER)
			return pil_fail(why, PIL_R_MANIFEST_SHORT, candidate.filesz, HEADER);
		if (candidate.filesz > PIL_MANIFEST_SIZE_MAX)
			return pil_fail(why, PIL_R_MANIFEST_LONG, candidate.filesz, PIL_MANIFEST_SIZE_MAX);
		*index = i;
		*phdr = candidate;
	}
	return 0;
}

static bool same_stream(const struct pil_manifest_entry *a, const struct pil_manifest_entry *b)
{
	return a->sid == b->sid && a->mask == b->mask;
}

/* @index is the last entry that counts; those before it are good */
static int check_entry(const struct pil_manifest *m, unsigned int index, struct pil_why *why)
{
	const struct pil_manifest_entry *e = &m->entry[index];
	unsigned int i = 0;

	if (e->purpose >= PIL_RSC_PURPOSES)
		return pil_fail(why, PIL_R_MANIFEST_FIELD, index, e->purpose);
	if (!e->access || e->access & ~ACCESS)
		return pil_fail(why, PIL_R_MANIFEST_FIELD, index, e->access);
	if (!e->range.size || (e->range.base | e->range.size) & (PAGE - 1) || pil_range_wraps(e->range))
		return pil_fail(why, PIL_R_MANIFEST_PAGES, index, e->range.base);
	for (i = 0; i < index; i++)
		if (same_stream(&m->entry[i], e) && pil_range_overlaps(m->entry[i].range, e->range))
			return pil_fail(why, PIL_R_MANIFEST_OVERLAP, i, index);
	return 0;
}

static void read_entry(struct pil_cursor *c, struct pil_manifest_entry *e)
{
	e->sid = pil_cursor_u32(c);
	e->mask = pil_cursor_u32(c);
	e->purpose = pil_cursor_u32(c);
	e->access = pil_cursor_u32(c);
	e->range.base = pil_cursor_u64(c);
	e->range.size = pil_cursor_u64(c);
}

static int check_header(uint32_t magic, uint32_t version, uint32_t count, struct pil_why *why)
{
	if (magic != PIL_MANIFEST_MAGIC)
		return pil_fail(why, PIL_R_MANIFEST_MAGIC, magic, PIL_MANIFEST_MAGIC);
	if (version != PIL_MANIFEST_VERSION)
		return pil_fail(why, PIL_R_MANIFEST_VERSION, version, PIL_MANIFEST_VERSION);
	if (count > PIL_MANIFEST_MAX)
		return pil_fail(why, PIL_R_MANIFEST_COUNT, count, PIL_MANIFEST_MAX);
	return 0;
}

static int parse(const void *data, size_t size, struct pil_manifest *m, struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	uint32_t magic = 0, version = 0, length = 0, count = 0;
	int ret = 0;

	if (size < HEADER)
		return pil_fail(why, PIL_R_MANIFEST_SHORT, size, HEADER);
	pil_cursor_init(&c, data, size);
	magic = pil_cursor_u32(&c);
	version = pil_cursor_u32(&c);
	length = pil_cursor_u32(&c);
	count = pil_cursor_u32(&c);
	ret = check_header(magic, version, count, why);
	if (ret)
		return ret;
	if (length != size || size != HEADER + count * ENTRY)
		return pil_fail(why, PIL_R_MANIFEST_SIZE, length, size);
	for (; !ret && m->count < count; m->count++) {
		read_entry(&c, &m->entry[m->count]);
		ret = check_entry(m, m->count, why);
	}
	return ret;
}

int pil_manifest_parse(const void *data, size_t size, struct pil_manifest *manifest, struct pil_why *why)
{
	int ret = 0;

	*manifest = (struct pil_manifest){ 0 };
	ret = parse(data, size, manifest, why);
	if (ret)
		*manifest = (struct pil_manifest){ 0 };
	return ret;
}

static uint8_t *put_u32(uint8_t *p, uint64_t value)
{
	unsigned int i = 0;

	for (i = 0; i < sizeof(uint32_t); i++)
		*p++ = (uint8_t)(value >> (8 * i));
	return p;
}

static uint8_t *put_u64(uint8_t *p, uint64_t value)
{
	return put_u32(put_u32(p, value), value >> 32);
}

static void write_manifest(const struct pil_manifest *m, size_t size, uint8_t *p)
{
	unsigned int i = 0;

	p = put_u32(p, PIL_MANIFEST_MAGIC);
	p = put_u32(p, PIL_MANIFEST_VERSION);
	p = put_u32(p, size);
	p = put_u32(p, m->count);
	for (i = 0; i < m->count; i++) {
		p = put_u32(p, m->entry[i].sid);
		p = put_u32(p, m->entry[i].mask);
		p = put_u32(p, m->entry[i].purpose);
		p = put_u32(p, m->entry[i].access);
		p = put_u64(p, m->entry[i].range.base);
		p = put_u64(p, m->entry[i].range.size);
	}
}

int pil_manifest_build(const struct pil_manifest *manifest, void *buf, size_t size, size_t *needed, struct pil_why *why)
{
	unsigned int i = 0;
	int ret = 0;

	*needed = 0;
	if (manifest->count > PIL_MANIFEST_MAX)
		return pil_fail(why, PIL_R_MANIFEST_COUNT, manifest->count, PIL_MANIFEST_MAX);
	for (i = 0; !ret && i < manifest->count; i++)
		ret = check_entry(manifest, i, why);
	if (ret)
		return ret;
	*needed = HEADER + manifest->count * ENTRY;
	if (size < *needed)
		return pil_fail(why, PIL_R_MANIFEST_BUFFER, size, *needed);
	write_manifest(manifest, *needed, buf);
	return 0;
}
