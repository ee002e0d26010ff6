/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segment, header version 6 (include/pilot/wire/mbn.h). */
#include <pilot/wire/mbn.h>

#include "mbn_format.h"

static void read_sizes(struct pil_cursor *c, struct pil_mbn_sizes *s)
{
	pil_cursor_skip(c, sizeof(struct pil_mbn_start_wire));
	s->signature[PIL_QTI] = pil_cursor_u32(c);
	s->certs[PIL_QTI] = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* total_size: real files and other tools disagree on it */
	s->hashes = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* signature_pointer */
	s->signature[PIL_OEM] = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* certs_pointer */
	s->certs[PIL_OEM] = pil_cursor_u32(c);
	s->metadata[PIL_QTI] = pil_cursor_u32(c);
	s->metadata[PIL_OEM] = pil_cursor_u32(c);
}

static void decode_flags(struct pil_mbn_binding *b)
{
	b->use_soc = b->flags & PIL_MBN_V6_USE_SOC;
	b->use_serial = b->flags & PIL_MBN_V6_USE_SERIAL;
	b->use_jtag = b->flags & PIL_MBN_V6_USE_JTAG;
	b->use_oem = !(b->flags & PIL_MBN_V6_OEM_INDEPENDENT);
	b->use_model = b->major ? !(b->flags & PIL_MBN_V6_MODEL_INDEPENDENT) : b->use_oem;
}

static int check_binding(const struct pil_mbn_binding *b, struct pil_why *why)
{
	static const unsigned int options[] = { PIL_MBN_V6_ROOT_REVOKE, PIL_MBN_V6_UIE_KEY, PIL_MBN_V6_DEBUG };
	size_t i = 0;

	if (b->major > 1)
		return pil_fail(why, PIL_R_MBN_METADATA_VERSION, b->major, b->minor);
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (PIL_MBN_V6_OPTION(b->flags, options[i]) == 3)
			return pil_fail(why, PIL_R_MBN_FLAGS, b->flags, options[i]);
	}
	return 0;
}

static int read_binding(struct pil_bytes metadata, struct pil_mbn_binding *b, struct pil_why *why)
{
	uint32_t serials[PIL_MBN_SERIALS] = { 0 };
	struct pil_cursor c = { 0 };
	unsigned int i = 0;

	if (!metadata.size)
		return 0;
	pil_cursor_init(&c, metadata.data, metadata.size);
	b->present = true;
	b->source = PIL_BOUND_BY_METADATA;
	b->major = pil_cursor_u32(&c);
	b->minor = pil_cursor_u32(&c);
	b->sw_id = pil_cursor_u32(&c);
	b->jtag_id = pil_cursor_u32(&c);
	b->oem_id = pil_cursor_u32(&c);
	b->model_id = pil_cursor_u32(&c);
	b->secondary_sw_id = pil_cursor_u32(&c);
	b->flags = pil_cursor_u32(&c);
	pil_mbn_read_words_(&c, b->soc_vers, PIL_MBN_SOC_VERS);
	pil_mbn_read_words_(&c, serials, PIL_MBN_SERIALS);
	for (i = 0; i < PIL_MBN_SERIALS; i++)
		b->serials[i] = serials[i];
	b->root_index = pil_cursor_u32(&c);
	b->anti_rollback = pil_cursor_u32(&c);
	decode_flags(b);
	return check_binding(b, why);
}

static int read_v6(struct pil_cursor *c, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why)
{
	struct pil_mbn_sizes s = { 0 };
	unsigned int i = 0;
	int ret = 0;

	read_sizes(c, &s);
	ret = pil_mbn_table_(s.hashes, phnum, PIL_SHA384, mbn, why);
	if (!ret)
		ret = pil_mbn_check_metadata_(&s, PIL_MBN_V6_METADATA, why);
	if (!ret)
		ret = pil_mbn_cut_(c, &s, mbn, NULL, why);
	for (i = 0; !ret && i < PIL_AUTHORITIES; i++)
		ret = read_binding(mbn->signer[i].metadata, &mbn->signer[i].binding, why);
	return ret;
}

const struct pil_mbn_format pil_mbn_format_v6 = {
	.version = 6,
	.header_size = sizeof(struct pil_mbn_v6_wire),
	.blank = {
		[PIL_OEM] = { offsetof(struct pil_mbn_v6_wire, qti_signature_size),
			      offsetof(struct pil_mbn_v6_wire, qti_certs_size) },
		[PIL_QTI] = { offsetof(struct pil_mbn_v6_wire, oem_signature_size),
			      offsetof(struct pil_mbn_v6_wire, oem_certs_size) },
	},
	.read = read_v6,
};
