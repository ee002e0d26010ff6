/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 7: 40 bytes of header, common metadata, OEM metadata, then as in version 6. */
#include <string.h>

#include <pilot/wire/mbn.h>

#include "bytes.h"
#include "sign/mbn_write.h"

#define FIELD(name)  (metadata + offsetof(struct pil_mbn_v7_metadata_wire, name))
#define NEW_FLAGS    0x155555u /* every pair says "does not bind" */
#define NEW_MAJOR_V7 2u

static void write_header(uint8_t *header)
{
	put_le32(header + offsetof(struct pil_mbn_v7_wire, version), 7);
	put_le32(header + offsetof(struct pil_mbn_v7_wire, common_size), PIL_MBN_V7_COMMON);
	put_le32(header + offsetof(struct pil_mbn_v7_wire, oem_metadata_size), PIL_MBN_V7_METADATA);
}

static void write_sizes(const struct mbn_layout *l, uint8_t *header)
{
	put_le32(header + offsetof(struct pil_mbn_v7_wire, hash_size), l->hashes);
	put_le32(header + offsetof(struct pil_mbn_v7_wire, oem_signature_size), l->signature);
	put_le32(header + offsetof(struct pil_mbn_v7_wire, oem_certs_size), l->certs);
}

static uint32_t set_pair(uint32_t flags, unsigned int pair, bool bound)
{
	return (flags & ~(3u << (2 * pair))) | (bound ? 2u : 1u) << (2 * pair);
}

static const struct mbn_places places = {
	.oem_id = offsetof(struct pil_mbn_v7_metadata_wire, oem_id),
	.model_id = offsetof(struct pil_mbn_v7_metadata_wire, model_id),
	.jtag_id = offsetof(struct pil_mbn_v7_metadata_wire, jtag_id),
	.soc_vers = offsetof(struct pil_mbn_v7_metadata_wire, soc_vers),
	.root_index = offsetof(struct pil_mbn_v7_metadata_wire, root_index),
	.anti_rollback = offsetof(struct pil_mbn_v7_metadata_wire, anti_rollback),
};

static void write_ids(const struct mbn_request *want, uint8_t *metadata)
{
	const struct pil_mbn_binding *b = &want->binding;
	unsigned int i = 0;

	mbn_write_places(&places, want, metadata);
	if (want->oem_root) {
		put_le32(FIELD(oem_root_algorithm), b->oem_root_alg);
		memcpy(FIELD(oem_root_hash), b->oem_root_hash, PIL_MBN_ROOT_HASH);
	}
	for (i = 0; want->serial && i < PIL_MBN_SERIALS; i++)
		put_le64(FIELD(serials) + (size_t)8 * i, b->serials[i]);
}

static uint32_t set_pairs(const struct mbn_request *want, uint32_t flags)
{
	const struct pil_mbn_binding *b = &want->binding;
	const struct {
		bool asked;
		unsigned int pair;
		bool bound;
	} pairs[] = {
		{ want->soc, PIL_MBN_V7_PAIR_SOC, b->use_soc },
		{ want->jtag, PIL_MBN_V7_PAIR_JTAG, b->use_jtag },
		{ want->serial, PIL_MBN_V7_PAIR_SERIAL, b->use_serial },
		{ want->oem, PIL_MBN_V7_PAIR_OEM, b->use_oem },
		{ want->model, PIL_MBN_V7_PAIR_MODEL, b->use_model },
		{ want->oem_root, PIL_MBN_V7_PAIR_OEM_ROOT, b->use_oem_root },
		{ want->debug, PIL_MBN_V7_PAIR_JTAG_DEBUG, want->debug_option == MBN_ENABLE },
		{ want->transfer_root, PIL_MBN_V7_PAIR_TRANSFER_ROOT, b->transfer_root },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i].asked)
			flags = set_pair(flags, pairs[i].pair, pairs[i].bound);
	return flags;
}

void mbn_v7_metadata(const struct mbn_request *want, uint32_t major, uint8_t *metadata)
{
	uint32_t flags = get_le32(FIELD(flags));

	if (!flags) {
		flags = NEW_FLAGS;
		put_le32(FIELD(major), major);
	}
	write_ids(want, metadata);
	put_le32(FIELD(flags), set_pairs(want, flags));
}

void mbn_v7_common(const struct mbn_request *want, enum pil_hash_alg alg, uint8_t *common)
{
	if (want->sw_id)
		put_le32(common + offsetof(struct pil_mbn_v7_common_wire, sw_id), want->binding.sw_id);
	put_le32(common + offsetof(struct pil_mbn_v7_common_wire, hash_algorithm), (uint32_t)alg);
}

static void write_metadata(const struct mbn_request *want, uint8_t *metadata)
{
	mbn_v7_metadata(want, NEW_MAJOR_V7, metadata);
}

const struct mbn_writer mbn_writer_v7 = {
	.version = 7,
	.header_size = sizeof(struct pil_mbn_v7_wire),
	.common_size = PIL_MBN_V7_COMMON,
	.metadata_size = PIL_MBN_V7_METADATA,
	.has = MBN_HAS_V7,
	.longest = PIL_SHA384,
	.header = write_header,
	.sizes = write_sizes,
	.metadata = write_metadata,
	.common = mbn_v7_common,
};
