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
#define PIL_MBN_V7_METADATA 224u /* the same in versions 7 and 8 */
#define PIL_MBN_V7_COMMON   24u	 /* length of the common metadata of versions 7 and 8 */
#define PIL_MBN_SIG_FIELD   104u /* an ECDSA P-384 signature field: DER, zero padded */

/* what follows the last region of an encrypted image begins with one of these, in bytes "ISMQ" and "CEBQ" */
#define PIL_MBN_MAGIC_UIE  0x514d5349u
#define PIL_MBN_MAGIC_QBEC 0x51424543u

/** struct pil_mbn_start_wire - the two words that begin the header of every version */
struct pil_mbn_start_wire {
	uint32_t image_id; /* means nothing: 0, 4, 5, 12 and 25 occur */
	uint32_t version;
};

/**
 * struct pil_mbn_v3_wire - header, version 3
 *
 * Regions: hash table, OEM signature, OEM certificates. The words that say where they lie in memory are not relied
 * upon; sizes are.
 */
struct pil_mbn_v3_wire {
	uint32_t image_id;
	uint32_t version; /* 3 */
	uint32_t source;
	uint32_t destination; /* address of the hash table in memory */
	uint32_t total_size;
	uint32_t hash_size;
	uint32_t signature_pointer;
	uint32_t oem_signature_size;
	uint32_t certs_pointer;
	uint32_t oem_certs_size;
};

/**
 * struct pil_mbn_v5_wire - header, version 5
 *
 * Regions: hash table, QTI signature, QTI certificates, OEM signature, OEM certificates.
 */
struct pil_mbn_v5_wire {
	uint32_t image_id;
	uint32_t version; /* 5 */
	uint32_t qti_signature_size;
	uint32_t qti_certs_size;
	uint32_t total_size;
	uint32_t hash_size;
	uint32_t signature_pointer;
	uint32_t oem_signature_size;
	uint32_t certs_pointer;
	uint32_t oem_certs_size;
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

/**
 * struct pil_mbn_v7_wire - header, version 7
 *
 * Regions: common metadata, QTI metadata, OEM metadata, hash table, QTI signature, QTI certificates, OEM signature, OEM
 * certificates.
 */
struct pil_mbn_v7_wire {
	uint32_t image_id;
	uint32_t version;     /* 7 */
	uint32_t common_size; /* PIL_MBN_V7_COMMON */
	uint32_t qti_metadata_size; /* 0 or PIL_MBN_V7_METADATA */
	uint32_t oem_metadata_size; /* 0 or PIL_MBN_V7_METADATA */
	uint32_t hash_size;
	uint32_t qti_signature_size;
	uint32_t qti_certs_size;
	uint32_t oem_signature_size;
	uint32_t oem_certs_size;
};

/** struct pil_mbn_v8_wire - header, version 8; regions as in version 7 */
struct pil_mbn_v8_wire {
	uint32_t image_id;
	uint32_t version; /* 8 */
	uint32_t common_size;
	uint32_t qti_metadata_size;
	uint32_t oem_metadata_size;
	uint32_t hash_size;
	uint32_t qti_signature_size; /* by analogy: every file seen has 0 here and in the next word */
	uint32_t qti_certs_size;
	uint32_t reserved1[2]; /* 0 */
	uint32_t oem_signature_size;
	uint32_t oem_certs_size;
	uint32_t reserved2[2]; /* 0 */
};

/** struct pil_mbn_v7_common_wire - what versions 7 and 8 say for both authorities */
struct pil_mbn_v7_common_wire {
	uint32_t major;
	uint32_t minor;
	uint32_t sw_id;
	uint32_t secondary_sw_id;
	uint32_t hash_algorithm; /* enum pil_hash_alg */
	uint32_t measurement_register;
};

/** struct pil_mbn_v7_metadata_wire - signing metadata of versions 7 (major 2 and 3) and 8 (major 4) */
struct pil_mbn_v7_metadata_wire {
	uint32_t major;
	uint32_t minor;
	uint32_t anti_rollback;
	uint32_t root_index;
	uint32_t soc_vers[12];
	uint32_t product_segment;
	uint32_t jtag_id;
	uint32_t serials[16]; /* eight numbers of 64 bits, not aligned */
	uint32_t oem_id;
	uint32_t model_id;
	uint32_t soc_lifecycle;
	uint32_t oem_lifecycle;
	uint32_t oem_root_algorithm;
	uint8_t oem_root_hash[64];
	uint32_t flags; /* pairs of bits, PIL_MBN_V7_... */
};

/* flags of version 7 metadata: pairs of bits by number; 1 is "does not bind", 2 is "binds", 0 and 3 are invalid */
#define PIL_MBN_V7_PAIR_SOC		0u
#define PIL_MBN_V7_PAIR_PRODUCT_SEGMENT 1u
#define PIL_MBN_V7_PAIR_JTAG		2u
#define PIL_MBN_V7_PAIR_SERIAL		3u
#define PIL_MBN_V7_PAIR_OEM		4u
#define PIL_MBN_V7_PAIR_MODEL		5u
#define PIL_MBN_V7_PAIR_SOC_LIFECYCLE	6u
#define PIL_MBN_V7_PAIR_OEM_LIFECYCLE	7u
#define PIL_MBN_V7_PAIR_OEM_ROOT	8u
#define PIL_MBN_V7_PAIR_JTAG_DEBUG	9u
#define PIL_MBN_V7_PAIR_TRANSFER_ROOT	10u
#define PIL_MBN_V7_PAIRS		11u
#define PIL_MBN_V7_PAIR(flags, pair)	(((flags) >> (2u * (pair))) & 3u)

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
#define PIL_MBN_V6_DEBUG_ENABLE	      2u /* value of that option; 0 leaves debugging as it is, 1 disables it */
#define PIL_MBN_V6_LAST_MAJOR	      1u /* of the metadata; versions 7 and 8 go on with 2 */
#define PIL_MBN_V6_OPTION(flags, bit) (((flags) >> (bit)) & 3u)

_Static_assert(sizeof(struct pil_mbn_v3_wire) == 40, "version 3 header is 40 bytes");
_Static_assert(sizeof(struct pil_mbn_v5_wire) == 40, "version 5 header is 40 bytes");
_Static_assert(sizeof(struct pil_mbn_v7_wire) == 40, "version 7 header is 40 bytes");
_Static_assert(sizeof(struct pil_mbn_v8_wire) == 56, "version 8 header is 56 bytes");
_Static_assert(sizeof(struct pil_mbn_v7_common_wire) == PIL_MBN_V7_COMMON, "common metadata is 24 bytes");
_Static_assert(sizeof(struct pil_mbn_v7_metadata_wire) == PIL_MBN_V7_METADATA, "version 7 metadata is 224 bytes");
_Static_assert(offsetof(struct pil_mbn_v7_metadata_wire, flags) == 220, "version 7 metadata flags");
_Static_assert(offsetof(struct pil_mbn_v8_wire, oem_signature_size) == 40, "version 8 OEM signature size");
_Static_assert(sizeof(struct pil_mbn_v6_wire) == 48, "version 6 header is 48 bytes");
_Static_assert(sizeof(struct pil_mbn_v6_metadata_wire) == PIL_MBN_V6_METADATA, "version 6 metadata is 120 bytes");
_Static_assert(offsetof(struct pil_mbn_v6_wire, oem_metadata_size) == 44, "version 6 OEM metadata size");
_Static_assert(offsetof(struct pil_mbn_v6_metadata_wire, flags) == 28, "version 6 metadata flags");

#endif
