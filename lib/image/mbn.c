/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash segment: choice of the header's version, and what all versions share. */
#include <pilot/mbn.h>
#include <pilot/wire/mbn.h>

#include "mbn_format.h"

static const struct pil_mbn_format *find_format(uint32_t version)
{
	size_t i = 0;

	for (i = 0; pil_mbn_formats[i]; i++) {
		if (pil_mbn_formats[i]->version == version)
			return pil_mbn_formats[i];
	}
	return NULL;
}

static uint32_t newest_version(void)
{
	uint32_t newest = 0;
	size_t i = 0;

	for (i = 0; pil_mbn_formats[i]; i++)
		newest = pil_mbn_formats[i]->version;
	return newest;
}

bool pil_mbn_all_zero_(struct pil_bytes bytes)
{
	while (bytes.size && !*bytes.data) {
		bytes.data++;
		bytes.size--;
	}
	return !bytes.size;
}

static enum pil_mbn_encryption find_encryption(const struct pil_mbn *mbn)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, mbn->segment.data + mbn->end, mbn->segment.size - mbn->end);
	switch (pil_cursor_u32(&c)) {
	case PIL_MBN_MAGIC_UIE:
		return PIL_MBN_UIE;
	case PIL_MBN_MAGIC_QBEC:
		return PIL_MBN_QBEC;
	default:
		return PIL_MBN_PLAIN;
	}
}

int pil_mbn_parse(const void *segment, size_t size, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	const struct pil_mbn_format *format = NULL;
	struct pil_cursor c = { 0 };
	uint32_t version = 0;
	int ret = 0;

	*mbn = (struct pil_mbn){ 0 };
	if (size < sizeof(struct pil_mbn_start_wire))
		return pil_fail(why, PIL_R_MBN_SHORT, size, sizeof(struct pil_mbn_start_wire));
	if (pil_mbn_all_zero_((struct pil_bytes){ .data = segment, .size = size }))
		return pil_fail(why, PIL_R_MBN_PLACEHOLDER, 0, 0);

	pil_cursor_init(&c, segment, size);
	pil_cursor_skip(&c, offsetof(struct pil_mbn_start_wire, version));
	version = pil_cursor_u32(&c);
	format = find_format(version);
	if (!format)
		return pil_fail(why, PIL_R_MBN_VERSION, version, newest_version());
	if (size < format->header_size)
		return pil_fail(why, PIL_R_MBN_SHORT, size, format->header_size);

	mbn->version = version;
	mbn->header_size = format->header_size;
	mbn->segment = (struct pil_bytes){ .data = segment, .size = size };
	pil_cursor_init(&c, segment, size);
	ret = format->read(&c, phnum, mbn, why);
	if (ret)
		*mbn = (struct pil_mbn){ 0 };
	else
		mbn->encryption = find_encryption(mbn);
	return ret;
}

const uint8_t *pil_mbn_entry(const struct pil_mbn *mbn, unsigned int index)
{
	if (index >= mbn->hash_count)
		return NULL;
	return mbn->hashes.data + (size_t)index * pil_hash_size(mbn->hash_alg);
}

/* a digest over @data in which some pieces count as zero; pieces come in ascending order */
struct blanking {
	const struct pil_crypto *crypto;
	struct pil_hash hash;
	struct pil_bytes data;
	size_t pos; /* bytes of @data hashed so far */
	struct pil_why *why;
};

static int hash_until(struct blanking *b, size_t end)
{
	size_t from = b->pos;

	b->pos = end;
	if (from == end)
		return 0;
	return b->crypto->hash_update(&b->hash, b->data.data + from, end - from, b->why);
}

static int hash_zeros(struct blanking *b, size_t offset, size_t size)
{
	static const uint8_t zeros[64] = { 0 };
	int ret = hash_until(b, offset);

	b->pos = offset + size;
	while (!ret && size) {
		size_t n = size < sizeof(zeros) ? size : sizeof(zeros);

		ret = b->crypto->hash_update(&b->hash, zeros, n, b->why);
		size -= n;
	}
	return ret;
}

static int hash_blanked(struct blanking *b, const struct pil_mbn *mbn, enum pil_authority who)
{
	const size_t *blank = find_format(mbn->version)->blank[who];
	const struct pil_bytes *metadata = &mbn->signer[who == PIL_OEM ? PIL_QTI : PIL_OEM].metadata;
	unsigned int i = 0;
	int ret = 0;

	for (i = 0; !ret && i < PIL_MBN_BLANK_WORDS && blank[i]; i++)
		ret = hash_zeros(b, blank[i], sizeof(uint32_t));
	if (!ret && metadata->size)
		ret = hash_zeros(b, (size_t)(metadata->data - b->data.data), metadata->size);
	if (!ret)
		ret = hash_until(b, b->data.size);
	return ret;
}

int pil_mbn_hash_signed(const struct pil_mbn *mbn, enum pil_authority who, const struct pil_crypto *crypto,
			enum pil_hash_alg alg, uint8_t *out, struct pil_why *why)
{
	struct blanking b = { .crypto = crypto, .data = mbn->signed_part, .why = why };
	int ret = crypto->hash_init(&b.hash, alg, why);

	if (ret)
		return ret;
	ret = hash_blanked(&b, mbn, who);
	if (ret) {
		(void)crypto->hash_final(&b.hash, NULL, NULL);
		return ret;
	}
	return crypto->hash_final(&b.hash, out, why);
}
