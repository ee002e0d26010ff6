/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes containers for tests. What a field of the description says is written as it is; other bytes are spoiled with
 * imagegen_put() afterwards, or by the hook before it is signed.
 */
#ifndef PILOT_TESTS_CONTAINERGEN_H
#define PILOT_TESTS_CONTAINERGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>

#include "certgen.h"

#define CONTAINERGEN_MAX       8192u
#define CONTAINERGEN_IMAGE     216u /* bytes of each ELF32 image */
#define CONTAINERGEN_IMAGE64   280u /* of each ELF64 image */
#define CONTAINERGEN_PHDRS_MAX 8u   /* program headers of an image of the caller's */
#define CONTAINERGEN_PHDRS     2u   /* program headers of each: one with 100 bytes, one with none */

/**
 * struct containergen - description; containergen_init() fills in a good one
 * @key:       whose key signs; its type selects RSA or ECDSA
 * @images:    how many
 * @elf64:     bit per image that is an ELF64 file
 * @elf:       the images, instead of ones that are made; multiples of 8 bytes. NULL: they are made
 * @upstream:  as OP-TEE's script writes it: no TLVs of Pilot, no key, 8 zero bytes behind the TLVs
 * @omit:      type of a TLV that is left out, 0: none
 * @twice:     type of a TLV that is written twice, 0: none
 * @processor, @version: values of Pilot's TLVs
 * @spoil:     called with header and TLVs before they are signed, or NULL
 * @arg:       for it
 */
struct containergen {
	enum certgen_key key;
	unsigned int images;
	unsigned int elf64;
	const struct pil_bytes *elf;
	bool upstream;
	uint32_t omit, twice;
	uint32_t processor, version;
	void (*spoil)(uint8_t *container, const void *arg);
	const void *arg;
};

/** containergen_init() - describe a good container: one image, P-256, processor 3, version 7 */
void containergen_init(struct containergen *g);

/** containergen_make() - write it. Return: its length; 0 when @max is too small or it cannot be made */
size_t containergen_make(const struct containergen *g, uint8_t *buf, size_t max);

/** containergen_value() - offset of the value of TLV @type; aborts the program when there is none */
size_t containergen_value(const uint8_t *container, uint32_t type);

/** containergen_signature() - offset of the signature */
size_t containergen_signature(const uint8_t *container);

/** containergen_key() - DER form of a key's SubjectPublicKeyInfo. Return: its length; 0 when it does not fit */
size_t containergen_key(enum certgen_key key, uint8_t *buf, size_t max);

#endif
