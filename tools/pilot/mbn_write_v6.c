/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 6: 48 bytes of header, 120 of OEM metadata, hash table, signature, certificates. */
#include <string.h>

#include <pilot/wire/mbn.h>

#include "bytes.h"
#include "mbn_write.h"

#define HEADER_SIZE sizeof(struct pil_mbn_v6_wire)

static size_t signed_size(const struct mbn_parts *parts)
{
	return HEADER_SIZE + PIL_MBN_V6_METADATA + (size_t)parts->entries * MBN_DIGEST_SIZE;
}

void mbn_v6_flags(struct pil_mbn_binding *b)
{
	b->flags = 0;
	if (b->use_soc)
		b->flags |= PIL_MBN_V6_USE_SOC;
	if (b->use_serial)
		b->flags |= PIL_MBN_V6_USE_SERIAL;
	if (b->use_jtag)
		b->flags |= PIL_MBN_V6_USE_JTAG;
	if (!b->use_oem)
		b->flags |= PIL_MBN_V6_OEM_INDEPENDENT;
	/* metadata 0.0 has one flag for both; only 1.0 can tell them apart */
	b->major = b->use_oem != b->use_model;
	b->minor = 0;
	if (b->major && !b->use_model)
		b->flags |= PIL_MBN_V6_MODEL_INDEPENDENT;
}

static void write_header(const struct mbn_parts *parts, uint8_t *p)
{
	uint32_t hashes = parts->entries * MBN_DIGEST_SIZE;
	const uint32_t words[] = {
		0,					  /* image_id: devices ignore it */
		6,					  /* version */
		0,					  /* QTI signature */
		0,					  /* QTI certificates */
		hashes + MBN_SIG_FIELD + MBN_CERTS_FIELD, /* total without metadata, as in the field's files */
		hashes,
		UINT32_MAX, /* signature_pointer: unused since version 6 */
		MBN_SIG_FIELD,
		UINT32_MAX, /* certs_pointer */
		MBN_CERTS_FIELD,
		0, /* QTI metadata */
		PIL_MBN_V6_METADATA,
	};
	size_t i = 0;

	_Static_assert(sizeof(words) == HEADER_SIZE, "all words of the header");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_le32(p + 4 * i, words[i]);
}

static void write_metadata(const struct pil_mbn_binding *b, uint8_t *p)
{
	const uint32_t head[] = { b->major,  b->minor,	  b->sw_id,	      b->jtag_id,
				  b->oem_id, b->model_id, b->secondary_sw_id, b->flags };
	uint8_t *next = p;
	size_t i = 0;

	for (i = 0; i < sizeof(head) / sizeof(head[0]); i++, next += 4)
		put_le32(next, head[i]);
	for (i = 0; i < PIL_MBN_SOC_VERS; i++, next += 4)
		put_le32(next, b->soc_vers[i]);
	for (i = 0; i < PIL_MBN_SERIALS; i++, next += 4)
		put_le32(next, (uint32_t)b->serials[i]);
	put_le32(next, b->root_index);
	put_le32(next + 4, b->anti_rollback);
}

static void write(const struct mbn_parts *parts, uint8_t *segment)
{
	write_header(parts, segment);
	write_metadata(&parts->binding, segment + HEADER_SIZE);
	memcpy(segment + HEADER_SIZE + PIL_MBN_V6_METADATA, parts->digests, (size_t)parts->entries * MBN_DIGEST_SIZE);
}

const struct mbn_writer mbn_writer_v6 = {
	.version = 6,
	.signed_size = signed_size,
	.write = write,
};
