/* SPDX-License-Identifier: BSD-2-Clause */
/* Regions of the hash segment: all versions have them in the same order, and none has all of them. */
#include "mbn_format.h"

int pil_mbn_check_metadata_(const struct pil_mbn_sizes *s, uint32_t size, struct pil_why *why)
{
	unsigned int i = 0;

	for (i = 0; i < PIL_AUTHORITIES; i++) {
		if (s->metadata[i] && s->metadata[i] != size)
			return pil_fail(why, PIL_R_MBN_METADATA_SIZE, s->metadata[i], size);
	}
	return 0;
}

/* Without a field that names the digest, the table's length must fit one of the two per program header. */
int pil_mbn_table_(uint32_t size, unsigned int phnum, enum pil_hash_alg longest, struct pil_mbn *mbn,
		   struct pil_why *why)
{
	static const enum pil_hash_alg digests[] = { PIL_SHA256, PIL_SHA384 };
	size_t i = 0;

	for (i = 0; phnum && i < sizeof(digests) / sizeof(digests[0]) && digests[i] <= longest; i++) {
		if (size != (uint64_t)phnum * pil_hash_size(digests[i]))
			continue;
		mbn->hash_alg = digests[i];
		mbn->hash_count = phnum;
		return 0;
	}
	return pil_fail(why, PIL_R_MBN_HASH_SIZE, size, phnum);
}

static uint64_t bytes_needed(const struct pil_mbn_sizes *s)
{
	uint64_t need = (uint64_t)s->common + s->hashes;
	unsigned int i = 0;

	for (i = 0; i < PIL_AUTHORITIES; i++)
		need += (uint64_t)s->metadata[i] + s->signature[i] + s->certs[i];
	return need;
}

int pil_mbn_cut_(struct pil_cursor *c, const struct pil_mbn_sizes *s, struct pil_mbn *mbn, struct pil_bytes *common,
		 struct pil_why *why)
{
	static const enum pil_authority order[] = { PIL_QTI, PIL_OEM };
	const uint64_t need = (uint64_t)mbn->header_size + bytes_needed(s);
	struct pil_bytes shared = { 0 };
	size_t i = 0;

	if (need > mbn->segment.size)
		return pil_fail(why, PIL_R_MBN_REGIONS, need, mbn->segment.size);
	shared = pil_cursor_bytes(c, s->common);
	if (common)
		*common = shared;
	for (i = 0; i < PIL_AUTHORITIES; i++)
		mbn->signer[order[i]].metadata = pil_cursor_bytes(c, s->metadata[order[i]]);
	mbn->hashes = pil_cursor_bytes(c, s->hashes);
	mbn->signed_part = (struct pil_bytes){ .data = mbn->segment.data, .size = c->pos };
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		mbn->signer[order[i]].signature = pil_cursor_bytes(c, s->signature[order[i]]);
		mbn->signer[order[i]].certs = pil_cursor_bytes(c, s->certs[order[i]]);
	}
	mbn->end = c->pos;
	return 0;
}

void pil_mbn_read_words_(struct pil_cursor *c, uint32_t *words, unsigned int count)
{
	unsigned int i = 0;

	for (i = 0; i < count; i++)
		words[i] = pil_cursor_u32(c);
}
