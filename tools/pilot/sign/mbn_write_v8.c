/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 8: a header of 56 bytes; behind it as version 7. */
#include <pilot/wire/mbn.h>

#include "bytes.h"
#include "sign/mbn_write.h"

#define NEW_MAJOR_V8 4u

static void write_header(uint8_t *header)
{
	put_le32(header + offsetof(struct pil_mbn_v8_wire, version), 8);
	put_le32(header + offsetof(struct pil_mbn_v8_wire, common_size), PIL_MBN_V7_COMMON);
	put_le32(header + offsetof(struct pil_mbn_v8_wire, oem_metadata_size), PIL_MBN_V7_METADATA);
}

static void write_sizes(const struct mbn_layout *l, uint8_t *header)
{
	put_le32(header + offsetof(struct pil_mbn_v8_wire, hash_size), l->hashes);
	put_le32(header + offsetof(struct pil_mbn_v8_wire, oem_signature_size), l->signature);
	put_le32(header + offsetof(struct pil_mbn_v8_wire, oem_certs_size), l->certs);
}

static void write_metadata(const struct mbn_request *want, uint8_t *metadata)
{
	mbn_v7_metadata(want, NEW_MAJOR_V8, metadata);
}

const struct mbn_writer mbn_writer_v8 = {
	.version = 8,
	.header_size = sizeof(struct pil_mbn_v8_wire),
	.common_size = PIL_MBN_V7_COMMON,
	.metadata_size = PIL_MBN_V7_METADATA,
	.has = MBN_HAS_V7,
	.longest = PIL_SHA384,
	.header = write_header,
	.sizes = write_sizes,
	.metadata = write_metadata,
	.common = mbn_v7_common,
};
