/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 7 (include/pilot/wire/mbn.h), and what version 8 shares with it. */
#include <string.h>

#include <pilot/wire/mbn.h>

#include "mbn_format.h"

#define NOT_BOUND 1u
#define BOUND	  2u

static int check_flags(uint32_t flags, struct pil_why *why)
{
	unsigned int pair = 0;

	for (pair = 0; pair < PIL_MBN_V7_PAIRS; pair++) {
		const uint32_t value = PIL_MBN_V7_PAIR(flags, pair);

		if (value != NOT_BOUND && value != BOUND)
			return pil_fail(why, PIL_R_MBN_FLAGS, flags, pair);
	}
	return 0;
}

static void decode_flags(struct pil_mbn_binding *b)
{
	bool *const field[PIL_MBN_V7_PAIRS] = {
		[PIL_MBN_V7_PAIR_SOC] = &b->use_soc,
		[PIL_MBN_V7_PAIR_PRODUCT_SEGMENT] = &b->use_product_segment,
		[PIL_MBN_V7_PAIR_JTAG] = &b->use_jtag,
		[PIL_MBN_V7_PAIR_SERIAL] = &b->use_serial,
		[PIL_MBN_V7_PAIR_OEM] = &b->use_oem,
		[PIL_MBN_V7_PAIR_MODEL] = &b->use_model,
		[PIL_MBN_V7_PAIR_SOC_LIFECYCLE] = &b->use_soc_lifecycle,
		[PIL_MBN_V7_PAIR_OEM_LIFECYCLE] = &b->use_oem_lifecycle,
		[PIL_MBN_V7_PAIR_OEM_ROOT] = &b->use_oem_root,
		[PIL_MBN_V7_PAIR_JTAG_DEBUG] = &b->jtag_debug,
		[PIL_MBN_V7_PAIR_TRANSFER_ROOT] = &b->transfer_root,
	};
	unsigned int pair = 0;

	for (pair = 0; pair < PIL_MBN_V7_PAIRS; pair++)
		*field[pair] = PIL_MBN_V7_PAIR(b->flags, pair) == BOUND;
}

static void read_fields(struct pil_cursor *c, struct pil_mbn_binding *b)
{
	struct pil_bytes hash = { 0 };
	unsigned int i = 0;

	b->major = pil_cursor_u32(c);
	b->minor = pil_cursor_u32(c);
	b->anti_rollback = pil_cursor_u32(c);
	b->root_index = pil_cursor_u32(c);
	pil_mbn_read_words_(c, b->soc_vers, PIL_MBN_SOC_VERS);
	b->product_segment = pil_cursor_u32(c);
	b->jtag_id = pil_cursor_u32(c);
	for (i = 0; i < PIL_MBN_SERIALS; i++)
		b->serials[i] = pil_cursor_u64(c);
	b->oem_id = pil_cursor_u32(c);
	b->model_id = pil_cursor_u32(c);
	b->soc_lifecycle = pil_cursor_u32(c);
	b->oem_lifecycle = pil_cursor_u32(c);
	b->oem_root_alg = pil_cursor_u32(c);
	hash = pil_cursor_bytes(c, sizeof(b->oem_root_hash));
	if (hash.data)
		memcpy(b->oem_root_hash, hash.data, sizeof(b->oem_root_hash));
	b->flags = pil_cursor_u32(c);
}

static int read_binding(struct pil_bytes metadata, const uint32_t majors[2], struct pil_mbn_binding *b,
			struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	int ret = 0;

	/* an authority that does not sign has zeros where its metadata would be: it says nothing */
	if (pil_mbn_all_zero_(metadata))
		return 0;
	pil_cursor_init(&c, metadata.data, metadata.size);
	b->present = true;
	b->source = PIL_BOUND_BY_METADATA;
	read_fields(&c, b);
	if (b->major < majors[0] || b->major > majors[1])
		return pil_fail(why, PIL_R_MBN_METADATA_VERSION, b->major, b->minor);
	ret = check_flags(b->flags, why);
	if (!ret)
		decode_flags(b);
	return ret;
}

static void read_common(struct pil_bytes bytes, struct pil_mbn_common *common, uint32_t *algorithm)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, bytes.data, bytes.size);
	common->present = true;
	common->major = pil_cursor_u32(&c);
	common->minor = pil_cursor_u32(&c);
	common->sw_id = pil_cursor_u32(&c);
	common->secondary_sw_id = pil_cursor_u32(&c);
	*algorithm = pil_cursor_u32(&c);
	common->measurement_register = pil_cursor_u32(&c);
}

static int check_table(uint32_t algorithm, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	if (algorithm != PIL_SHA256 && algorithm != PIL_SHA384)
		return pil_fail(why, PIL_R_MBN_HASH_ALGORITHM, algorithm, 0);
	mbn->hash_alg = (enum pil_hash_alg)algorithm;
	mbn->hash_count = phnum;
	if (!phnum || mbn->hashes.size != (uint64_t)phnum * pil_hash_size(mbn->hash_alg))
		return pil_fail(why, PIL_R_MBN_HASH_SIZE, mbn->hashes.size, phnum);
	return 0;
}

int pil_mbn_read_v7_(struct pil_cursor *c, const struct pil_mbn_sizes *s, const uint32_t majors[2],
		     unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	struct pil_bytes common = { 0 };
	uint32_t algorithm = 0;
	unsigned int i = 0;
	int ret = 0;

	if (s->common != PIL_MBN_V7_COMMON)
		return pil_fail(why, PIL_R_MBN_COMMON_SIZE, s->common, PIL_MBN_V7_COMMON);
	ret = pil_mbn_check_metadata_(s, PIL_MBN_V7_METADATA, why);
	if (!ret)
		ret = pil_mbn_cut_(c, s, mbn, &common, why);
	if (ret)
		return ret;
	read_common(common, &mbn->common, &algorithm);
	if (mbn->common.major)
		return pil_fail(why, PIL_R_MBN_METADATA_VERSION, mbn->common.major, mbn->common.minor);
	ret = check_table(algorithm, phnum, mbn, why);
	for (i = 0; !ret && i < PIL_AUTHORITIES; i++) {
		struct pil_mbn_binding *b = &mbn->signer[i].binding;

		ret = read_binding(mbn->signer[i].metadata, majors, b, why);
		b->sw_id = b->present ? mbn->common.sw_id : 0;
		b->secondary_sw_id = b->present ? mbn->common.secondary_sw_id : 0;
	}
	return ret;
}

void pil_mbn_start_v7_(struct pil_cursor *c, struct pil_mbn_sizes *s)
{
	pil_cursor_skip(c, sizeof(struct pil_mbn_start_wire));
	s->common = pil_cursor_u32(c);
	s->metadata[PIL_QTI] = pil_cursor_u32(c);
	s->metadata[PIL_OEM] = pil_cursor_u32(c);
	s->hashes = pil_cursor_u32(c);
	s->signature[PIL_QTI] = pil_cursor_u32(c);
	s->certs[PIL_QTI] = pil_cursor_u32(c);
}

static int read_v7(struct pil_cursor *c, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	static const uint32_t majors[2] = { 2, 3 };
	struct pil_mbn_sizes s = { 0 };

	pil_mbn_start_v7_(c, &s);
	s.signature[PIL_OEM] = pil_cursor_u32(c);
	s.certs[PIL_OEM] = pil_cursor_u32(c);
	return pil_mbn_read_v7_(c, &s, majors, phnum, mbn, why);
}

const struct pil_mbn_format pil_mbn_format_v7 = {
	.version = 7,
	.header_size = sizeof(struct pil_mbn_v7_wire),
	.blank = {
		[PIL_OEM] = { offsetof(struct pil_mbn_v7_wire, qti_signature_size),
			      offsetof(struct pil_mbn_v7_wire, qti_certs_size) },
		[PIL_QTI] = { offsetof(struct pil_mbn_v7_wire, oem_signature_size),
			      offsetof(struct pil_mbn_v7_wire, oem_certs_size) },
	},
	.read = read_v7,
};
