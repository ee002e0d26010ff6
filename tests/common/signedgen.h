/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed images for tests: imagegen's image, with certgen's chain and a signature that fits. */
#ifndef PILOT_TESTS_SIGNEDGEN_H
#define PILOT_TESTS_SIGNEDGEN_H

#include <pilot/auth.h>

#include "certgen.h"
#include "imagegen.h"

#define SIGNEDGEN_CERTS 6144u	/* bytes of the certificate field, as in many real files */
#define SIGNEDGEN_MAX	(16u * 1024u)

struct signedgen;

/** signedgen_spoil() - change a part of the image; @arg is the description's */
typedef void signedgen_spoil(uint8_t *part, const struct imagegen_layout *layout, const struct signedgen *s);

/**
 * struct signedgen - description; signedgen_init() fills in a good one
 * @image:  the image; @signature, @certs and the hooks are set by the generator
 * @chain:  the chain
 * @signer: whose key signs the image
 * @no_signature, @no_certs: leave the field out
 * @field_size: bytes of the certificate field; 0: as many as the chain has
 * @before: called with the hash segment before it is signed; or NULL
 * @after:  called with the hash segment after it was signed; or NULL
 * @certs:  called with the certificate field before it goes into the image; or NULL
 * @cert_at: offset of each certificate in that field, and the end of the last one
 * @which:  a number for the hooks
 */
struct signedgen {
	struct imagegen image;
	struct certgen_chain chain;
	enum certgen_key signer;
	bool no_signature, no_certs;
	size_t field_size;
	signedgen_spoil *before, *after, *certs;
	size_t cert_at[5];
	unsigned int which;
};

/** signedgen_init() - describe a good image for SoC 0x6019, software id 1, with a chain of three */
void signedgen_init(struct signedgen *s, bool is64);

/**
 * signedgen_metadata() - write what INIT_IMAGE brings
 * @s:   description
 * @buf: where it goes
 * @max: bytes at @buf
 * Return: its length; 0 when it does not fit or cannot be made
 */
size_t signedgen_metadata(struct signedgen *s, uint8_t *buf, size_t max);

/** signedgen_file() - write the whole file (.mbn), as above */
size_t signedgen_file(struct signedgen *s, uint8_t *buf, size_t max);

/** signedgen_device() - the device that signedgen_init()'s image is for; its only root is that of the good chain */
void signedgen_device(struct pil_device *device);

#endif
