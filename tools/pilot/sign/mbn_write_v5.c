/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 5: 40 bytes of header, hash table, signatures and certificates of two authorities. */
#include <pilot/wire/mbn.h>

#include "bytes.h"
#include "sign/mbn_write.h"

static void write_header(uint8_t *header)
{
	put_le32(header + offsetof(struct pil_mbn_v5_wire, version), 5);
	/* unused since this version */
	put_le32(header + offsetof(struct pil_mbn_v5_wire, signature_pointer), UINT32_MAX);
	put_le32(header + offsetof(struct pil_mbn_v5_wire, certs_pointer), UINT32_MAX);
}

static void write_sizes(const struct mbn_layout *l, uint8_t *header)
{
	if (!l->signed_by_two)
		put_le32(header + offsetof(struct pil_mbn_v5_wire, total_size),
			 l->segment - (uint32_t)sizeof(struct pil_mbn_v5_wire));
	put_le32(header + offsetof(struct pil_mbn_v5_wire, hash_size), l->hashes);
	put_le32(header + offsetof(struct pil_mbn_v5_wire, oem_signature_size), l->signature);
	put_le32(header + offsetof(struct pil_mbn_v5_wire, oem_certs_size), l->certs);
}

const struct mbn_writer mbn_writer_v5 = {
	.version = 5,
	.header_size = sizeof(struct pil_mbn_v5_wire),
	.longest = PIL_SHA256,
	.header = write_header,
	.sizes = write_sizes,
};
