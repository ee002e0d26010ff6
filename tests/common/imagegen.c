/* SPDX-License-Identifier: BSD-2-Clause */
/* Images for tests. Written byte by byte from the format's description, not with libpilot's own layouts. */
#include <string.h>

#include <pilot/elf.h>

#include "imagegen.h"

#define FLAGS_RELOCATABLE 0x08000007u /* relocatable, RWX */
#define FLAGS_PHDR	  0x07000000u
#define FLAGS_HASH	  0x02200000u

static uint32_t sw_id = 1;

void imagegen_use_sw_id(uint32_t id)
{
	sw_id = id;
}

void imagegen_put(uint8_t *at, unsigned int width, uint64_t value)
{
	unsigned int i = 0;

	for (i = 0; i < width; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

uint8_t imagegen_file_byte(const struct imagegen_segment *s, unsigned int index, size_t at)
{
	return s->bytes ? s->bytes[at] : imagegen_byte(index, at);
}

uint8_t imagegen_byte(unsigned int index, size_t at)
{
	return (uint8_t)(index * 37u + at * 11u + (at >> 8));
}

struct imagegen_segment *imagegen_add(struct imagegen *g, uint64_t paddr, uint64_t filesz, uint64_t memsz)
{
	struct imagegen_segment *s = &g->segment[g->count++];

	*s = (struct imagegen_segment){
		.type = PIL_PT_LOAD,
		.flags = FLAGS_RELOCATABLE,
		.vaddr = paddr,
		.paddr = paddr,
		.filesz = filesz,
		.memsz = memsz,
	};
	return s;
}

static size_t header_size(const struct imagegen *g)
{
	return g->version == 8 ? 56 : g->version == 6 ? 48 : 40;
}

static unsigned int metadata_words(const struct imagegen *g)
{
	return g->version < 6 ? 0 : g->version == 6 ? 30 : 56;
}

void imagegen_version(struct imagegen *g, unsigned int version)
{
	unsigned int i = 0;

	g->version = version;
	if (version < 6) {
		g->hash_alg = PIL_SHA256;
		g->has_metadata[PIL_OEM] = g->has_metadata[PIL_QTI] = false;
	}
	if (version < 7)
		return;
	g->common[2] = 1; /* software id */
	g->common[4] = g->hash_alg;
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		memset(g->metadata[i], 0, sizeof(g->metadata[i]));
		g->metadata[i][0] = version == 7 ? 3 : 4;
		g->metadata[i][4] = 0x6019;    /* SoC */
		g->metadata[i][34] = 1;	       /* OEM id */
		g->metadata[i][55] = 0x155556; /* SoC bound, nothing else */
	}
}

void imagegen_init(struct imagegen *g, const struct pil_crypto *crypto, bool is64)
{
	*g = (struct imagegen){ .crypto = crypto, .is64 = is64, .machine = 164, .align = 64, .hash_alg = PIL_SHA384 };
	(void)imagegen_add(g, 0x95c00000, 0x180, 0x180);
	(void)imagegen_add(g, 0x95c01000, 0x80, 0x1000);
	(void)imagegen_add(g, 0x95c02000, 0, 0x2000);
	g->entry = 0x95c00010;
	g->version = 6;
	g->has_metadata[PIL_OEM] = true;
	g->metadata[PIL_OEM][2] = sw_id;  /* software id */
	g->metadata[PIL_OEM][4] = 1;	  /* OEM id */
	g->metadata[PIL_OEM][7] = 0xa;	  /* flags: SoC bound, OEM not */
	g->metadata[PIL_OEM][8] = 0x6019; /* SoC */
}

static void hash_layout(const struct imagegen *g, struct imagegen_layout *l)
{
	static const enum pil_authority order[] = { PIL_QTI, PIL_OEM };
	size_t pos = header_size(g);
	unsigned int i = 0;

	l->common = pos;
	pos += g->version > 6 ? sizeof(g->common) : 0;
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		l->metadata[order[i]] = pos;
		pos += g->has_metadata[order[i]] ? 4 * metadata_words(g) : 0;
	}
	l->hashes = pos;
	pos += l->phnum * pil_hash_size(g->hash_alg);
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		l->signature[order[i]] = pos;
		pos += g->signature[order[i]].size;
		l->certs[order[i]] = pos;
		pos += g->certs[order[i]].size;
	}
	l->hash_size = pos + g->padding;
}

/* the segment behind program header @index, which is neither 0 nor the hash segment */
static const struct imagegen_segment *segment_of(const struct imagegen *g, const struct imagegen_layout *l,
						 unsigned int index)
{
	return &g->segment[index < l->hash_index ? index - 1 : index - 2];
}

static size_t align_up(size_t value, size_t align)
{
	return (value + align - 1) & ~(align - 1);
}

void imagegen_layout(const struct imagegen *g, struct imagegen_layout *l)
{
	unsigned int i = 0;

	*l = (struct imagegen_layout){ .ehdr_size = g->is64 ? 64 : 52, .phdr_size = g->is64 ? 56 : 32 };
	l->phnum = g->count + 2;
	l->hash_index = g->hash_last ? l->phnum - 1 : 1;
	l->headers = l->ehdr_size + l->phnum * l->phdr_size;
	hash_layout(g, l);
	l->offset[l->hash_index] = align_up(l->headers, g->align);
	l->file_size = l->offset[l->hash_index] + l->hash_size;
	for (i = 1; i < l->phnum; i++) {
		if (i == l->hash_index)
			continue;
		l->offset[i] = align_up(l->file_size, g->align);
		if (segment_of(g, l, i)->filesz)
			l->file_size = l->offset[i] + segment_of(g, l, i)->filesz;
	}
}

static void put_ehdr(const struct imagegen *g, const struct imagegen_layout *l, uint8_t *p)
{
	const unsigned int word = g->is64 ? 8 : 4;
	static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F' };

	memcpy(p, ident, sizeof(ident));
	p[4] = g->is64 ? 2 : 1;
	p[5] = 1;		    /* little endian */
	p[6] = 1;		    /* version */
	imagegen_put(p + 16, 2, 2); /* ET_EXEC */
	imagegen_put(p + 18, 2, g->machine);
	imagegen_put(p + 20, 4, 1);
	imagegen_put(p + 24, word, g->entry);
	imagegen_put(p + 24 + word, word, l->ehdr_size); /* program headers */
	p += 24 + 3 * word + 4;
	imagegen_put(p, 2, l->ehdr_size);
	imagegen_put(p + 2, 2, l->phdr_size);
	imagegen_put(p + 4, 2, l->phnum);
}

static void put_phdr(const struct imagegen *g, uint8_t *p, const struct imagegen_segment *s, size_t offset)
{
	const unsigned int word = g->is64 ? 8 : 4;
	const uint64_t words[] = { offset, s->vaddr, s->paddr, s->filesz, s->memsz };
	unsigned int i = 0;

	imagegen_put(p, 4, s->type);
	p += 4;
	if (g->is64) {
		imagegen_put(p, 4, s->flags);
		p += 4;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++, p += word)
		imagegen_put(p, word, words[i]);
	if (!g->is64) {
		imagegen_put(p, 4, s->flags);
		p += 4;
	}
	imagegen_put(p, word, g->align);
}

static void put_headers(const struct imagegen *g, const struct imagegen_layout *l, uint8_t *p)
{
	const struct imagegen_segment first = { .flags = FLAGS_PHDR, .filesz = l->headers };
	const struct imagegen_segment hash = { .flags = FLAGS_HASH, .filesz = l->hash_size, .memsz = l->hash_size };
	unsigned int i = 0;

	memset(p, 0, l->headers);
	put_ehdr(g, l, p);
	put_phdr(g, p + l->ehdr_size, &first, 0);
	for (i = 1; i < l->phnum; i++) {
		put_phdr(g, p + l->ehdr_size + i * l->phdr_size, i == l->hash_index ? &hash : segment_of(g, l, i),
			 l->offset[i]);
	}
	if (g->spoil_headers)
		g->spoil_headers(p, l, g->arg);
}

static int hash_segment(const struct imagegen *g, unsigned int index, const struct imagegen_segment *s, uint8_t *out)
{
	struct pil_hash hash = { 0 };
	size_t i = 0;
	int ret = g->crypto->hash_init(&hash, g->hash_alg, NULL);

	if (ret)
		return ret;
	for (i = 0; !ret && i < s->filesz; i++) {
		uint8_t byte = imagegen_file_byte(s, index, i);

		ret = g->crypto->hash_update(&hash, &byte, 1, NULL);
	}
	return g->crypto->hash_final(&hash, ret ? NULL : out, NULL) ? -1 : ret;
}

/* entry of program header 0: the headers; of the hash segment and of empty ones: zero; else the bytes in the file */
static int put_hashes(const struct imagegen *g, const struct imagegen_layout *l, const uint8_t *headers, uint8_t *p)
{
	const size_t size = pil_hash_size(g->hash_alg);
	int ret = pil_hash_once(g->crypto, g->hash_alg, headers, l->headers, p, NULL);
	unsigned int i = 0;

	for (i = 1; !ret && i < l->phnum; i++) {
		p += size;
		if (i != l->hash_index && segment_of(g, l, i)->filesz)
			ret = hash_segment(g, i, segment_of(g, l, i), p);
	}
	return ret;
}

static void put_words(uint8_t *p, const uint64_t *words, size_t count)
{
	size_t i = 0;

	for (i = 0; i < count; i++)
		imagegen_put(p + 4 * i, 4, words[i]);
}

/* versions 3, 5 and 6: the same words, where a version has them */
static void put_old_header(const struct imagegen *g, const struct imagegen_layout *l, uint8_t *p)
{
	const uint64_t size = 4 * (uint64_t)metadata_words(g);
	const uint64_t words[] = {
		0,
		g->version,
		g->version == 3 ? 0 : g->signature[PIL_QTI].size,
		g->version == 3 ? 0x95b00028 : g->certs[PIL_QTI].size,
		l->hash_size - l->hashes,
		l->phnum * pil_hash_size(g->hash_alg),
		0xffffffff,
		g->signature[PIL_OEM].size,
		0xffffffff,
		g->certs[PIL_OEM].size,
		g->has_metadata[PIL_QTI] ? size : 0,
		g->has_metadata[PIL_OEM] ? size : 0,
	};

	put_words(p, words, header_size(g) / 4);
}

/* versions 7 and 8 */
static void put_new_header(const struct imagegen *g, const struct imagegen_layout *l, uint8_t *p)
{
	const uint64_t size = 4 * (uint64_t)metadata_words(g);
	const uint64_t first[] = {
		0,
		g->version,
		sizeof(g->common),
		g->has_metadata[PIL_QTI] ? size : 0,
		g->has_metadata[PIL_OEM] ? size : 0,
		l->phnum * pil_hash_size(g->hash_alg),
		g->signature[PIL_QTI].size,
		g->certs[PIL_QTI].size,
	};
	const uint64_t oem[] = { g->signature[PIL_OEM].size, g->certs[PIL_OEM].size };
	unsigned int i = 0;

	put_words(p, first, 8);
	put_words(p + (g->version == 8 ? 40 : 32), oem, 2);
	for (i = 0; i < IMAGEGEN_COMMON; i++)
		imagegen_put(p + l->common + 4 * (size_t)i, 4, g->common[i]);
}

static void put_bytes(uint8_t *p, struct pil_bytes bytes)
{
	if (bytes.size)
		memcpy(p, bytes.data, bytes.size);
}

static int put_hash_segment(const struct imagegen *g, const struct imagegen_layout *l, const uint8_t *headers,
			    uint8_t *p)
{
	unsigned int i = 0;
	unsigned int w = 0;

	memset(p, 0, l->hash_size - g->padding);
	memset(p + l->hash_size - g->padding, 0xff, g->padding);
	if (g->version > 6)
		put_new_header(g, l, p);
	else
		put_old_header(g, l, p);
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		for (w = 0; g->has_metadata[i] && w < metadata_words(g); w++)
			imagegen_put(p + l->metadata[i] + 4 * w, 4, g->metadata[i][w]);
		put_bytes(p + l->signature[i], g->signature[i]);
		put_bytes(p + l->certs[i], g->certs[i]);
	}
	if (put_hashes(g, l, headers, p + l->hashes))
		return -1;
	if (g->spoil_hash)
		g->spoil_hash(p, l, g->arg);
	return 0;
}

size_t imagegen_file(const struct imagegen *g, uint8_t *buf, size_t max)
{
	struct imagegen_layout l = { 0 };
	unsigned int i = 0;
	size_t at = 0;

	imagegen_layout(g, &l);
	if (max < l.file_size)
		return 0;
	memset(buf, 0, l.file_size);
	put_headers(g, &l, buf);
	for (i = 1; i < l.phnum; i++) {
		for (at = 0; i != l.hash_index && at < segment_of(g, &l, i)->filesz; at++)
			buf[l.offset[i] + at] = imagegen_file_byte(segment_of(g, &l, i), i, at);
	}
	return put_hash_segment(g, &l, buf, buf + l.offset[l.hash_index]) ? 0 : l.file_size;
}

size_t imagegen_metadata(const struct imagegen *g, uint8_t *buf, size_t max)
{
	struct imagegen_layout l = { 0 };

	imagegen_layout(g, &l);
	if (max < l.headers + l.hash_size)
		return 0;
	put_headers(g, &l, buf);
	return put_hash_segment(g, &l, buf, buf + l.headers) ? 0 : l.headers + l.hash_size;
}
