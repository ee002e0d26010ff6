/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash segments: what is alike in all header versions. */
#include <string.h>

#include "mbn_write.h"

size_t mbn_segment_size(const struct mbn_writer *writer, const struct mbn_parts *parts)
{
	return writer->signed_size(parts) + MBN_SIG_FIELD + MBN_CERTS_FIELD;
}

void mbn_put_signature(const struct mbn_writer *writer, const struct mbn_parts *parts, struct pil_bytes signature,
		       struct pil_bytes certs, uint8_t *segment)
{
	uint8_t *sig = segment + writer->signed_size(parts);
	uint8_t *chain = sig + MBN_SIG_FIELD;

	memset(sig, 0, MBN_SIG_FIELD);
	memcpy(sig, signature.data, signature.size);
	memset(chain, 0xff, MBN_CERTS_FIELD);
	memcpy(chain, certs.data, certs.size);
}
