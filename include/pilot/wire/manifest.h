/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of a manifest: what the streams of a peripheral may reach while this image runs (docs/SPEC.md section 3.7). Little
 * endian; header, then its entries, then nothing.
 */
#ifndef PILOT_WIRE_MANIFEST_H
#define PILOT_WIRE_MANIFEST_H

#include <stdint.h>

#define PIL_MANIFEST_MAGIC   0x464d4c50u /* "PLMF" */
#define PIL_MANIFEST_VERSION 1u

/* what an entry allows */
#define PIL_MANIFEST_READ  0x1u
#define PIL_MANIFEST_WRITE 0x2u

/* purposes of a stream: PIL_RSC_PURPOSE_... of wire/rsc_table.h */

/** struct pil_manifest_header_wire - followed by count entries */
struct pil_manifest_header_wire {
	uint32_t magic;
	uint32_t version;
	uint32_t size; /* bytes of it all */
	uint32_t count;
};

/** struct pil_manifest_entry_wire - a range that a stream may reach */
struct pil_manifest_entry_wire {
	uint32_t sid;
	uint32_t mask; /* bits of the StreamID that do not matter */
	uint32_t purpose;
	uint32_t access; /* PIL_MANIFEST_... */
	uint64_t base;	 /* physical address; multiple of 4096 */
	uint64_t size;	 /* bytes; multiple of 4096, not 0 */
};

_Static_assert(sizeof(struct pil_manifest_header_wire) == 16, "manifest header is 16 bytes");
_Static_assert(sizeof(struct pil_manifest_entry_wire) == 32, "manifest entry is 32 bytes");

#endif
