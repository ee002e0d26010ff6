/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 3: 40 bytes of header with addresses, hash table, signature, certificates. */
#include <pilot/wire/mbn.h>

#include "bytes.h"
#include "sign/mbn_write.h"

#define HEADER_SIZE sizeof(struct pil_mbn_v3_wire)

static void write_header(uint8_t *header)
{
	put_le32(header + offsetof(struct pil_mbn_v3_wire, version), 3);
}

/* the words that say where regions lie in memory count from the byte behind the header */
static void write_sizes(const struct mbn_layout *l, uint8_t *header)
{
	uint32_t destination = l->address + (uint32_t)HEADER_SIZE;

	put_le32(header + offsetof(struct pil_mbn_v3_wire, destination), destination);
	put_le32(header + offsetof(struct pil_mbn_v3_wire, total_size), l->hashes + l->signature + l->certs);
	put_le32(header + offsetof(struct pil_mbn_v3_wire, hash_size), l->hashes);
	put_le32(header + offsetof(struct pil_mbn_v3_wire, signature_pointer), destination + l->hashes);
	put_le32(header + offsetof(struct pil_mbn_v3_wire, oem_signature_size), l->signature);
	put_le32(header + offsetof(struct pil_mbn_v3_wire, certs_pointer), destination + l->hashes + l->signature);
	put_le32(header + offsetof(struct pil_mbn_v3_wire, oem_certs_size), l->certs);
}

const struct mbn_writer mbn_writer_v3 = {
	.version = 3,
	.header_size = HEADER_SIZE,
	.longest = PIL_SHA256,
	.header = write_header,
	.sizes = write_sizes,
};
