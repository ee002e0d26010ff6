/* SPDX-License-Identifier: BSD-2-Clause */
/* Building hash segments (docs/SPEC.md section 3). Each header version has a file of its own; this one is for all. */
#ifndef PILOT_TOOL_MBN_WRITE_H
#define PILOT_TOOL_MBN_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include <pilot/mbn.h>

#define MBN_DIGEST_SIZE 48u   /* SHA-384 */
#define MBN_SIG_FIELD	104u  /* ECDSA P-384: DER, zero padded */
#define MBN_CERTS_FIELD 3360u /* three certificates back to back, 0xff padded */

/**
 * struct mbn_parts - what goes into a hash segment
 * @binding: the OEM's signing metadata; use_* are in @binding.flags already
 * @entries: number of program headers
 * @digests: hash table, MBN_DIGEST_SIZE bytes each
 */
struct mbn_parts {
	struct pil_mbn_binding binding;
	unsigned int entries;
	uint8_t digests[PIL_ELF_MAX_PHNUM][MBN_DIGEST_SIZE];
};

/**
 * struct mbn_writer - one header version
 * @version:     as in the header
 * @signed_size: bytes of header, metadata and hash table, which the signature covers
 * @write:       write them
 */
struct mbn_writer {
	unsigned int version;
	size_t (*signed_size)(const struct mbn_parts *parts);
	void (*write)(const struct mbn_parts *parts, uint8_t *segment);
};

extern const struct mbn_writer mbn_writer_v6;

/* bytes of the whole hash segment */
size_t mbn_segment_size(const struct mbn_writer *writer, const struct mbn_parts *parts);

/* put signature and certificates behind what the signature covers; both fit their fields */
void mbn_put_signature(const struct mbn_writer *writer, const struct mbn_parts *parts, struct pil_bytes signature,
		       struct pil_bytes certs, uint8_t *segment);

/* set the flags word of version-6 metadata, and its major number, from use_*, oem and model independence */
void mbn_v6_flags(struct pil_mbn_binding *binding);

#endif
