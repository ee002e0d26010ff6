/* SPDX-License-Identifier: BSD-2-Clause */
/* From an entry of a table to the bytes. */
#include <string.h>

#include "imagegen.h"
#include "malformed.h"
#include "malformed_certs.h"

static const struct malformed_table *const tables[] = {
	&malformed_elf,
	&malformed_mbn,
	&malformed_certs,
	&malformed_signed,
};

const struct malformed *malformed_get(size_t index)
{
	size_t i = 0;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (index < tables[i]->count)
			return &tables[i]->inputs[index];
		index -= tables[i]->count;
	}
	return NULL;
}

static size_t place_offset(const struct imagegen_layout *l, const struct malformed_edit *e)
{
	switch (e->place) {
	case AT_PHDR0:
		return l->ehdr_size + e->offset;
	case AT_PHDR_HASH:
		return l->ehdr_size + l->hash_index * l->phdr_size + e->offset;
	case AT_PHDR_A:
	case AT_PHDR_B:
	case AT_PHDR_C:
		return l->ehdr_size + (2 + (size_t)(e->place - AT_PHDR_A)) * l->phdr_size + e->offset;
	case AT_HASH:
		return l->headers + e->offset;
	case AT_OEM:
		return l->headers + l->metadata[PIL_OEM] + e->offset;
	case AT_QTI:
		return l->headers + l->metadata[PIL_QTI] + e->offset;
	default:
		return e->offset;
	}
}

/* Return: the length after the edit */
static size_t apply(const struct imagegen_layout *l, const struct malformed_edit *e, uint8_t *buf, size_t size)
{
	switch (e->place) {
	case AT_LENGTH:
		return e->offset;
	case AT_LENGTH_LESS:
		return size - e->offset;
	case AT_HASH_ZERO:
		memset(buf + l->headers, 0, l->hash_size);
		return size;
	default:
		imagegen_put(buf + place_offset(l, e), e->width, e->value);
		return size;
	}
}

/* A good image up to its signature, which is filler: nothing gets as far as to look at it. */
static void describe(const struct malformed *m, struct imagegen *g)
{
	static const uint8_t filler[512] = { 0x30, 0x82, 0x01, 0xfc };
	const struct pil_bytes signature = { .data = filler, .size = 104 };
	const struct pil_bytes certs = { .data = filler, .size = sizeof(filler) };
	unsigned int i = 0;

	imagegen_init(g, &pil_crypto_openssl, m->is64);
	for (i = 0; i < (m->both ? PIL_AUTHORITIES : 1); i++) {
		g->has_metadata[i] = true;
		g->signature[i] = signature;
		g->certs[i] = certs;
	}
	if (m->loads)
		g->count = 0;
	for (i = 0; i < m->loads; i++)
		(void)imagegen_add(g, 0x95c00000 + i * UINT64_C(0x1000), 16, 0x1000);
}

size_t malformed_make(const struct malformed *m, uint8_t *buf, size_t max)
{
	struct imagegen g = { 0 };
	struct imagegen_layout l = { 0 };
	size_t size = 0;
	unsigned int i = 0;

	if (m->make)
		return m->make(m, buf, max);
	describe(m, &g);
	imagegen_layout(&g, &l);
	size = imagegen_metadata(&g, buf, max);
	for (i = 0; size && i < MALFORMED_EDITS && m->edit[i].place != AT_END; i++)
		size = apply(&l, &m->edit[i], buf, size);
	return size;
}
