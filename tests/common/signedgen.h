/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed images for tests: imagegen's image, with certgen's chain and a signature that fits. */
#ifndef PILOT_TESTS_SIGNEDGEN_H
#define PILOT_TESTS_SIGNEDGEN_H

#include <pilot/auth.h>

#include "certgen.h"
#include "imagegen.h"

#define SIGNEDGEN_CERTS 6144u	/* bytes of the certificate field, as in many real files */
#define SIGNEDGEN_MAX	(24u * 1024u)
#define SIGNEDGEN_SIGNATURE 512u /* the longest signature: RSA-4096 */

/** enum signedgen_scheme - how image and certificates are signed */
enum signedgen_scheme {
	SIGNEDGEN_P384 = 0,
	SIGNEDGEN_P256,
	SIGNEDGEN_PSS,	/* RSA-PSS with SHA-256 */
	SIGNEDGEN_RAW,	/* RSA PKCS#1 v1.5 of a digest wrapped in SW_ID and HW_ID of the leaf */
	SIGNEDGEN_SCHEMES
};

struct signedgen;

/** signedgen_spoil() - change a part of the image; @arg is the description's */
typedef void signedgen_spoil(uint8_t *part, const struct imagegen_layout *layout, const struct signedgen *s);

/**
 * struct signedgen - description; signedgen_init() fills in a good one
 * @image:  the image; @signature, @certs and the hooks are set by the generator
 * @chain:  the chain
 * @signer: whose key signs the image
 * @scheme: how; see signedgen_use()
 * @both:   QTI signs, too, with the same chain
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
	enum signedgen_scheme scheme;
	bool both;
	bool no_signature, no_certs;
	size_t field_size;
	signedgen_spoil *before, *after, *certs;
	size_t cert_at[5];
	unsigned int which;
};

/** signedgen_init() - describe a good image for SoC 0x6019, software id 1, with a chain of three */
void signedgen_init(struct signedgen *s, bool is64);

/**
 * signedgen_use() - sign image and chain in another way
 * @s:      description
 * @scheme: how
 * @key:    with what: CERTGEN_LEAF, CERTGEN_P256 or one of RSA; every certificate of the chain carries it
 */
void signedgen_use(struct signedgen *s, enum signedgen_scheme scheme, enum certgen_key key);

/** what the leaf of a chain made with SIGNEDGEN_RAW says, and what it signs with */
#define SIGNEDGEN_SW_ID UINT64_C(0x0000000300000001)
#define SIGNEDGEN_HW_ID UINT64_C(0x0a1b2c3d00010002)

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
