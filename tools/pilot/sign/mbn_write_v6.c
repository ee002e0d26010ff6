/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 6: 48 bytes of header, 120 of OEM metadata, hash table, signature, certificates. */
#include <string.h>

#include <pilot/wire/mbn.h>

#include "bytes.h"
#include "sign/mbn_write.h"

#define FIELD(name) (metadata + offsetof(struct pil_mbn_v6_metadata_wire, name))

static void write_header(uint8_t *header)
{
	put_le32(header + offsetof(struct pil_mbn_v6_wire, version), 6);
	/* unused since version 5 */
	put_le32(header + offsetof(struct pil_mbn_v6_wire, signature_pointer), UINT32_MAX);
	put_le32(header + offsetof(struct pil_mbn_v6_wire, certs_pointer), UINT32_MAX);
	put_le32(header + offsetof(struct pil_mbn_v6_wire, oem_metadata_size), PIL_MBN_V6_METADATA);
}

/* total_size: everything behind the metadata, with padding, as in the field's files */
static void write_sizes(const struct mbn_layout *l, uint8_t *header)
{
	uint32_t metadata = get_le32(header + offsetof(struct pil_mbn_v6_wire, qti_metadata_size)) +
			    get_le32(header + offsetof(struct pil_mbn_v6_wire, oem_metadata_size));

	if (!l->signed_by_two)
		put_le32(header + offsetof(struct pil_mbn_v6_wire, total_size),
			 l->segment - (uint32_t)sizeof(struct pil_mbn_v6_wire) - metadata);
	put_le32(header + offsetof(struct pil_mbn_v6_wire, hash_size), l->hashes);
	put_le32(header + offsetof(struct pil_mbn_v6_wire, oem_signature_size), l->signature);
	put_le32(header + offsetof(struct pil_mbn_v6_wire, oem_certs_size), l->certs);
}

static uint32_t set_bit(uint32_t flags, uint32_t bit, bool on)
{
	return on ? flags | bit : flags & ~bit;
}

/* metadata 0.0 has one flag for OEM and model; only 1.0 can tell them apart */
static uint32_t write_independence(const struct mbn_request *want, uint32_t flags, uint8_t *metadata)
{
	uint32_t major = get_le32(FIELD(major));
	bool oem = !(flags & PIL_MBN_V6_OEM_INDEPENDENT);
	bool model = major ? !(flags & PIL_MBN_V6_MODEL_INDEPENDENT) : oem;

	if (!want->oem && !want->model)
		return flags;
	oem = want->oem ? want->binding.use_oem : oem;
	model = want->model ? want->binding.use_model : model;
	major |= oem != model;
	put_le32(FIELD(major), major);
	flags = set_bit(flags, PIL_MBN_V6_OEM_INDEPENDENT, !oem);
	return set_bit(flags, PIL_MBN_V6_MODEL_INDEPENDENT, major && !model);
}

static const struct mbn_places places = {
	.oem_id = offsetof(struct pil_mbn_v6_metadata_wire, oem_id),
	.model_id = offsetof(struct pil_mbn_v6_metadata_wire, model_id),
	.jtag_id = offsetof(struct pil_mbn_v6_metadata_wire, jtag_id),
	.soc_vers = offsetof(struct pil_mbn_v6_metadata_wire, soc_vers),
	.root_index = offsetof(struct pil_mbn_v6_metadata_wire, root_index),
	.anti_rollback = offsetof(struct pil_mbn_v6_metadata_wire, anti_rollback),
};

static uint32_t set_option(uint32_t flags, unsigned int bit, enum mbn_option option)
{
	return (flags & ~(3u << bit)) | (uint32_t)option << bit;
}

static void write_metadata(const struct mbn_request *want, uint8_t *metadata)
{
	const struct pil_mbn_binding *b = &want->binding;
	uint32_t flags = get_le32(FIELD(flags));
	unsigned int i = 0;

	mbn_write_places(&places, want, metadata);
	if (want->sw_id)
		put_le32(FIELD(sw_id), b->sw_id);
	for (i = 0; want->serial && i < PIL_MBN_SERIALS; i++)
		put_le32(FIELD(serials) + (size_t)4 * i, (uint32_t)b->serials[i]);
	if (want->soc)
		flags = set_bit(flags, PIL_MBN_V6_USE_SOC, b->use_soc);
	if (want->serial)
		flags = set_bit(flags, PIL_MBN_V6_USE_SERIAL, b->use_serial);
	if (want->jtag)
		flags = set_bit(flags, PIL_MBN_V6_USE_JTAG, b->use_jtag);
	if (want->debug)
		flags = set_option(flags, PIL_MBN_V6_DEBUG, want->debug_option);
	if (want->root_revoke)
		flags = set_option(flags, PIL_MBN_V6_ROOT_REVOKE, want->root_option);
	put_le32(FIELD(flags), write_independence(want, flags, metadata));
}

const struct mbn_writer mbn_writer_v6 = {
	.version = 6,
	.header_size = sizeof(struct pil_mbn_v6_wire),
	.metadata_size = PIL_MBN_V6_METADATA,
	.has = MBN_HAS_V6,
	.longest = PIL_SHA384,
	.header = write_header,
	.sizes = write_sizes,
	.metadata = write_metadata,
};
