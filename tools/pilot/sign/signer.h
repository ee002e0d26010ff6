/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing a digest: with a key of a PEM file, or by a command that has the key elsewhere. */
#ifndef PILOT_TOOL_SIGNER_H
#define PILOT_TOOL_SIGNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>

#include "keys/pki.h"

/** enum scheme - how images are signed */
enum scheme {
	SCHEME_ECDSA_SHA384,
	SCHEME_ECDSA_SHA256,
	SCHEME_RSA_PSS_SHA256,
	SCHEME_RSA_RAW,		 /* PKCS#1 v1.5 padding without DigestInfo: version 3 */
	SCHEME_RSA_PKCS1_SHA256, /* PKCS#1 v1.5: containers */
};

/**
 * struct signer - who signs
 * @dir:     where the keys are, for complaints
 * @whose:   what has the public key, for complaints: "leaf.crt", or a file
 * @key:     private key, unless @command is set
 * @command: given to the shell; docs/man/pilot-image.1 says what it gets and returns
 */
struct signer {
	const char *dir;
	const char *whose;
	EVP_PKEY *key;
	const char *command;
};

/* the scheme that devices expect of a leaf certificate: by its key and by how it is signed itself */
enum scheme scheme_of(X509 *leaf);

/* ECDSA on either curve? Otherwise it is RSA */
bool scheme_is_ecdsa(enum scheme scheme);

/* "ecdsa-sha384", ... */
const char *scheme_name(enum scheme scheme);

/* digest of the signed bytes */
enum pil_hash_alg scheme_hash(enum scheme scheme);

/* most bytes that a signature by @key may have: ECDSA in DER */
size_t scheme_field(enum scheme scheme, EVP_PKEY *key);

/**
 * signer_sign() - sign a digest, and see that the signature fits @public
 * @digest: pil_hash_size(scheme_hash(@scheme)) bytes
 * @sig:    ECDSA: DER; RSA: as long as the modulus
 * Return: an enum status, after a complaint unless it is STATUS_OK
 */
int signer_sign(const struct signer *signer, EVP_PKEY *public, enum scheme scheme, const uint8_t *digest,
		uint8_t sig[PKI_SIG_MAX], size_t *size);

/* --- pss.c --- */

/**
 * pss_sign() - RSA-PSS with SHA-256 (RFC 8017 section 8.1.1), with a salt that follows from the digest
 * The salt need not be secret or random for PSS to be secure (RFC 8017 section 9.1), and what is built twice must be
 * the same.
 */
bool pss_sign(EVP_PKEY *key, const uint8_t digest[32], uint8_t sig[PKI_SIG_MAX], size_t *size);

/* --- sign_command.c --- */

/* have @command sign; returns an enum status, after a complaint unless it is STATUS_OK */
int sign_by_command(const char *command, enum scheme scheme, const uint8_t *digest, size_t digest_size,
		    uint8_t sig[PKI_SIG_MAX], size_t *size);

#endif
