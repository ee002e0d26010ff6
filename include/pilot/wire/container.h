/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of OP-TEE's remote-processor container, version 1 (layout as OP-TEE's scripts/sign_rproc_fw.py writes it and
 * ta/remoteproc reads it), and of the TLVs that Pilot adds in its platform range. Little endian.
 *
 * Header, TLVs, signature, images; the TLVs, the signature and each image are padded with zeros to 8 bytes. A TLV is
 * two words, type and length of the value, and the value, padded to 8 bytes in all.
 */
#ifndef PILOT_WIRE_CONTAINER_H
#define PILOT_WIRE_CONTAINER_H

#include <stddef.h>
#include <stdint.h>

#define PIL_CONTAINER_MAGIC   0x3543a468u
#define PIL_CONTAINER_VERSION 1u
#define PIL_CONTAINER_ALIGN   8u

/* TLVs of the format */
#define PIL_CONTAINER_TLV_SIGNTYPE  0x1u  /* 1 byte: PIL_CONTAINER_SIGN_... */
#define PIL_CONTAINER_TLV_HASHTYPE  0x2u  /* 1 byte: PIL_CONTAINER_HASH_... */
#define PIL_CONTAINER_TLV_NUM_IMG   0x3u  /* 1 byte: images */
#define PIL_CONTAINER_TLV_IMGTYPE   0x4u  /* 1 byte for each image: PIL_CONTAINER_IMAGE_... */
#define PIL_CONTAINER_TLV_IMGSIZE   0x5u  /* 4 bytes for each image: its bytes with padding */
#define PIL_CONTAINER_TLV_HASHTABLE 0x10u /* per program header: struct pil_container_entry_wire */
#define PIL_CONTAINER_TLV_PKEYINFO  0x11u /* what finds the key; Pilot: the key, SubjectPublicKeyInfo in DER */

/* TLVs of Pilot, in the platform range 0x10000 to 0x1ffff */
#define PIL_CONTAINER_TLV_PROCESSOR  0x15001u /* 4 bytes: the processor that may run it */
#define PIL_CONTAINER_TLV_VERSION    0x15002u /* 4 bytes: image version, for rollback protection */
#define PIL_CONTAINER_TLV_ELF_DIGEST 0x15003u /* 32 bytes for each image: SHA-256 of its IMGSIZE bytes */

/* values */
#define PIL_CONTAINER_SIGN_RSA	  1u /* RSASSA-PKCS1-v1_5 with SHA-256 */
#define PIL_CONTAINER_SIGN_ECDSA  2u /* ECDSA on P-256 with SHA-256: r and s, 32 bytes each, big endian */
#define PIL_CONTAINER_HASH_SHA256 1u
#define PIL_CONTAINER_IMAGE_ELF	  1u
#define PIL_CONTAINER_DIGEST	  32u /* bytes of a digest */

/** struct pil_container_header_wire - TLVs follow directly, so their values are not aligned to 8 in the file */
struct pil_container_header_wire {
	uint32_t magic;
	uint32_t version;
	uint32_t tlv_len;  /* bytes of TLVs, a multiple of 8 */
	uint32_t sign_len; /* bytes of the signature without padding */
	uint32_t img_len;  /* bytes of all images with padding */
};

/** struct pil_container_tlv_wire - in front of each value */
struct pil_container_tlv_wire {
	uint32_t type;
	uint32_t length;
};

/** struct pil_container_entry_wire - one program header (Elf32_Phdr) of an ELF32 image, and SHA-256 of its bytes */
struct pil_container_entry_wire {
	uint8_t phdr[32];
	uint8_t digest[PIL_CONTAINER_DIGEST];
};

/** struct pil_container_entry64_wire - the same for an ELF64 image (Elf64_Phdr); loaders upstream take ELF32 only */
struct pil_container_entry64_wire {
	uint8_t phdr[56];
	uint8_t digest[PIL_CONTAINER_DIGEST];
};

_Static_assert(sizeof(struct pil_container_header_wire) == 20, "container header is 20 bytes");
_Static_assert(sizeof(struct pil_container_tlv_wire) == 8, "head of a TLV is 8 bytes");
_Static_assert(sizeof(struct pil_container_entry_wire) == 64, "container hash table entry is 64 bytes");
_Static_assert(sizeof(struct pil_container_entry64_wire) == 88, "for ELF64 it is 88 bytes");

#endif
