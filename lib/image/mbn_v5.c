/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 5 (include/pilot/wire/mbn.h): two signers, no metadata, SHA-256. */
#include <pilot/wire/mbn.h>

#include "mbn_format.h"

static int read_v5(struct pil_cursor *c, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	struct pil_mbn_sizes s = { 0 };
	int ret = 0;

	pil_cursor_skip(c, sizeof(struct pil_mbn_start_wire));
	s.signature[PIL_QTI] = pil_cursor_u32(c);
	s.certs[PIL_QTI] = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* total_size */
	s.hashes = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* signature_pointer */
	s.signature[PIL_OEM] = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* certs_pointer */
	s.certs[PIL_OEM] = pil_cursor_u32(c);
	ret = pil_mbn_table_(s.hashes, phnum, PIL_SHA256, mbn, why);
	return ret ? ret : pil_mbn_cut_(c, &s, mbn, NULL, why);
}

/* The OEM signs first or last, but always with the QTI sizes in place; QTI signs without the OEM's. */
const struct pil_mbn_format pil_mbn_format_v5 = {
	.version = 5,
	.header_size = sizeof(struct pil_mbn_v5_wire),
	.blank = {
		[PIL_QTI] = { offsetof(struct pil_mbn_v5_wire, oem_signature_size),
			      offsetof(struct pil_mbn_v5_wire, oem_certs_size) },
	},
	.read = read_v5,
};
