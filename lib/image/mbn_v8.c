/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 8 (include/pilot/wire/mbn.h). Behind the header it is version 7. */
#include <pilot/wire/mbn.h>

#include "mbn_format.h"

/* A word without a known meaning may be the size of a region: what follows would lie elsewhere. */
static int read_reserved(struct pil_cursor *c, struct pil_why *why)
{
	unsigned int i = 0;

	for (i = 0; i < 2; i++) {
		const size_t offset = c->pos;
		const uint32_t word = pil_cursor_u32(c);

		if (word)
			return pil_fail(why, PIL_R_MBN_RESERVED, offset, word);
	}
	return 0;
}

static int read_v8(struct pil_cursor *c, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	static const uint32_t majors[2] = { 4, 4 };
	struct pil_mbn_sizes s = { 0 };
	int ret = 0;

	pil_mbn_start_v7_(c, &s);
	ret = read_reserved(c, why);
	s.signature[PIL_OEM] = pil_cursor_u32(c);
	s.certs[PIL_OEM] = pil_cursor_u32(c);
	if (!ret)
		ret = read_reserved(c, why);
	return ret ? ret : pil_mbn_read_v7_(c, &s, majors, phnum, mbn, why);
}

const struct pil_mbn_format pil_mbn_format_v8 = {
	.version = 8,
	.header_size = sizeof(struct pil_mbn_v8_wire),
	.blank = {
		[PIL_OEM] = { offsetof(struct pil_mbn_v8_wire, qti_signature_size),
			      offsetof(struct pil_mbn_v8_wire, qti_certs_size) },
		[PIL_QTI] = { offsetof(struct pil_mbn_v8_wire, oem_signature_size),
			      offsetof(struct pil_mbn_v8_wire, oem_certs_size) },
	},
	.read = read_v8,
};
