/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 3 (include/pilot/wire/mbn.h): one signer, no metadata, SHA-256. */
#include <pilot/wire/mbn.h>

#include "mbn_format.h"

static int read_v3(struct pil_cursor *c, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	struct pil_mbn_sizes s = { 0 };
	int ret = 0;

	pil_cursor_skip(c, offsetof(struct pil_mbn_v3_wire, hash_size));
	s.hashes = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* signature_pointer */
	s.signature[PIL_OEM] = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* certs_pointer */
	s.certs[PIL_OEM] = pil_cursor_u32(c);
	ret = pil_mbn_table_(s.hashes, phnum, PIL_SHA256, mbn, why);
	return ret ? ret : pil_mbn_cut_(c, &s, mbn, NULL, why);
}

const struct pil_mbn_format pil_mbn_format_v3 = {
	.version = 3,
	.header_size = sizeof(struct pil_mbn_v3_wire),
	.read = read_v3,
};
