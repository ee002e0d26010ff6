/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of the hash segment of Qualcomm's MBN images (docs/SPEC.md section 3). Every field is a little-endian 32-bit
 * word. The regions follow each other without alignment; what is left of the segment after the last one is padding of
 * 0xff.
 */
#ifndef PILOT_WIRE_MBN_H
#define PILOT_WIRE_MBN_H

#include <stddef.h>
#include <stdint.h>

#define PIL_MBN_V6_METADATA 120u /* length of one authority's signing metadata, when it has any */
#define PIL_MBN_SIG_FIELD   104u /* an ECDSA P-384 signature field: DER, zero padded */

/** struct pil_mbn_start_wire - the two words that begin the header of every version */
struct pil_mbn_start_wire {
	uint32_t image_id; /* means nothing: 0, 4, 5, 12 and 25 occur */
	uint32_t version;
};

/**
 * struct pil_mbn_v6_wire - header, version 6
 *
 * Regions: QTI metadata, OEM metadata, hash table, QTI signature, QTI certificates, OEM signature, OEM certificates.
 */
struct pil_mbn_v6_wire {
	uint32_t image_id;
	uint32_t version; /* 6 */
	uint32_t qti_signature_size;
	uint32_t qti_certs_size;
	uint32_t total_size;	    /* hashes, signatures, certificates and padding; not relied upon */
	uint32_t hash_size;	    /* digest size times number of program headers */
	uint32_t signature_pointer; /* not relied upon; 0xffffffff in real files */
	uint32_t oem_signature_size;
	uint32_t certs_pointer; /* not relied upon */
	uint32_t oem_certs_size;
	uint32_t qti_metadata_size; /* 0 or PIL_MBN_V6_METADATA */
	uint32_t oem_metadata_size; /* 0 or PIL_MBN_V6_METADATA */
};

/** struct pil_mbn_v6_metadata_wire - signing metadata, version 0 and 1, of header version 6 */
struct pil_mbn_v6_metadata_wire {
	uint32_t major;
	uint32_t minor;
	uint32_t sw_id;
	uint32_t jtag_id;
	uint32_t oem_id;
	uint32_t model_id;
	uint32_t secondary_sw_id;
	uint32_t flags; /* PIL_MBN_V6_... */
	uint32_t soc_vers[12];
	uint32_t serials[8];
	uint32_t root_index;
	uint32_t anti_rollback;
};

/* flags of version 6 metadata: single bits */
#define PIL_MBN_V6_USE_SOC	     (1u << 1)
#define PIL_MBN_V6_USE_SERIAL	     (1u << 2)
#define PIL_MBN_V6_OEM_INDEPENDENT   (1u << 3)
#define PIL_MBN_V6_USE_JTAG	     (1u << 10)
#define PIL_MBN_V6_MODEL_INDEPENDENT (1u << 11) /* major 1; with major 0 the model follows the OEM */
/* and options of two bits (0 to 2; 3 is reserved), named by their lower bit */
#define PIL_MBN_V6_ROOT_REVOKE	      4u
#define PIL_MBN_V6_UIE_KEY	      6u
#define PIL_MBN_V6_DEBUG	      8u
#define PIL_MBN_V6_OPTION(flags, bit) (((flags) >> (bit)) & 3u)

_Static_assert(sizeof(struct pil_mbn_v6_wire) == 48, "version 6 header is 48 bytes");
_Static_assert(sizeof(struct pil_mbn_v6_metadata_wire) == PIL_MBN_V6_METADATA, "version 6 metadata is 120 bytes");
_Static_assert(offsetof(struct pil_mbn_v6_wire, oem_metadata_size) == 44, "version 6 OEM metadata size");
_Static_assert(offsetof(struct pil_mbn_v6_metadata_wire, flags) == 28, "version 6 metadata flags");

#endif
