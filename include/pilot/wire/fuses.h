/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuse block: one-time-programmable words of a device, as the board `virt` and the tool's --fuses read them.
 * All fields little endian; docs/SPEC.md section 5.1. Written by `pilot fuses`, read through pil_fuses_parse().
 */
#ifndef PILOT_WIRE_FUSES_H
#define PILOT_WIRE_FUSES_H

#include <stdint.h>

#define PIL_FUSES_MAGIC	  0x53465050u /* "PPFS" */
#define PIL_FUSES_VERSION 2u
#define PIL_FUSES_ROOTS	  4u
#define PIL_FUSES_HASH	  48u

/* life cycle; docs/SPEC.md section 5.1 says what each allows */
#define PIL_FUSES_LIFE_OPEN   1u /* being developed */
#define PIL_FUSES_LIFE_SECURE 2u /* in the field */
#define PIL_FUSES_LIFE_RMA    3u /* returned to its maker */

/* debug policy */
#define PIL_FUSES_DEBUG_COREDUMP 0x1u /* a crashed peripheral's memory may be shown to the host */
#define PIL_FUSES_DEBUG_IMAGE	 0x2u /* images that enable debugging may run; never with PIL_FUSES_LIFE_SECURE */
#define PIL_FUSES_DEBUG_BITS	 0x3u

struct pil_fuses {
	uint32_t magic;
	uint32_t version;
	uint32_t size; /* of this struct */
	uint32_t soc_version;
	uint32_t jtag_id;
	uint32_t oem_id;
	uint32_t model_id;
	uint32_t root_count; /* 1 to PIL_FUSES_ROOTS */
	uint64_t serial;
	uint32_t life_cycle;   /* PIL_FUSES_LIFE_... */
	uint32_t debug;	       /* PIL_FUSES_DEBUG_... bits */
	uint32_t root_active;  /* bit per root hash: images may end in it */
	uint32_t root_revoked; /* bit per root hash: images may not, whatever root_active says */
	uint64_t reserved;     /* 0 */
	uint8_t root_hash[PIL_FUSES_ROOTS][PIL_FUSES_HASH]; /* SHA-384 of root certificates; unused ones zero */
};

_Static_assert(sizeof(struct pil_fuses) == 256, "fuse block is 256 bytes");

/*
 * Behind it, where a device takes containers (docs/SPEC.md section 9): which key signs them. Words of zeros, or of ones as erased flash
 * has them, instead of the magic number: it takes none.
 */
#define PIL_FUSES_KEYS_OFFSET  0x100u
#define PIL_FUSES_KEYS_MAGIC   0x4b465050u /* "PPFK" */
#define PIL_FUSES_KEYS_VERSION 1u
#define PIL_FUSES_KEYS_LOOSE   0x1u /* policy: containers without Pilot's TLVs run too, as upstream's script signs them */

struct pil_fuses_keys {
	uint32_t magic;
	uint32_t version;
	uint32_t size;			       /* of this struct */
	uint32_t policy;		       /* PIL_FUSES_KEYS_... bits */
	uint8_t container_key[PIL_FUSES_HASH]; /* SHA-384 of the SubjectPublicKeyInfo, DER; not zero */
};

_Static_assert(sizeof(struct pil_fuses_keys) == 64, "no padding");

/** struct pil_fuses_all - both */
struct pil_fuses_all {
	struct pil_fuses block;
	struct pil_fuses_keys keys;
};

_Static_assert(sizeof(struct pil_fuses_all) == PIL_FUSES_KEYS_OFFSET + 64, "the keys follow at once");

#endif
