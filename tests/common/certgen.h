/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes keys, certificates, chains and signatures for tests, with OpenSSL. What a description says is written as it
 * is, sensible or not.
 */
#ifndef PILOT_TESTS_CERTGEN_H
#define PILOT_TESTS_CERTGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include <pilot/crypto.h>

#define CERTGEN_CERT_MAX 2048u
#define CERTGEN_ECDSA	 104u	/* bytes of the signature field of an image: the longest P-384 signature in DER */

/** enum certgen_key - keys that tests share; made on first use, kept until the process ends */
enum certgen_key {
	CERTGEN_LEAF = 0,	/* P-384 */
	CERTGEN_CA,		/* P-384 */
	CERTGEN_ROOT,		/* P-384, or the one given to certgen_use_root() */
	CERTGEN_OTHER,		/* P-384, belongs to nobody */
	CERTGEN_P256,
	CERTGEN_RSA2048,
	CERTGEN_RSA3072,
	CERTGEN_RSA4096,
	CERTGEN_RSA1024,	/* shorter than accepted */
	CERTGEN_P521,		/* a curve that is not known */
	CERTGEN_KEYS
};

/** enum certgen_scheme - how a certificate is signed */
enum certgen_scheme {
	CERTGEN_PLAIN = 0,	/* ECDSA, or RSA PKCS#1 v1.5 */
	CERTGEN_PSS,		/* salt as long as the digest */
	CERTGEN_PSS_LONG_SALT,	/* salt of 20 bytes */
};

/**
 * struct certgen_cert - description of a certificate; certgen_init() fills in a good one
 * @subject, @issuer: common names
 * @units:     organizational units of the subject, ended by NULL; NULL: none
 * @key:       whose public key it carries
 * @signer:    whose key signs it
 * @digest:    "SHA256", "SHA384", "SHA512", "SHA1"
 * @scheme:    padding
 * @version:   2 stands for v3
 * @basic:     write basic constraints
 * @ca:        what they say
 * @path_len:  -1: none
 * @key_usage: bits of RFC 5280 4.2.1.3, bit 0 (digitalSignature) is 0x80 as in DER; -1: no such extension
 * @not_before, @not_after: GeneralizedTime or UTCTime strings
 * @unknown_critical: add a critical extension that nobody knows
 * @twice:     add the key usage extension twice
 */
struct certgen_cert {
	const char *subject, *issuer;
	const char *const *units;
	enum certgen_key key, signer;
	const char *digest;
	enum certgen_scheme scheme;
	long version;
	bool basic, ca;
	long path_len;
	int key_usage;
	const char *not_before, *not_after;
	bool unknown_critical, twice;
};

/** struct certgen_chain - leaf, CA, root */
struct certgen_chain {
	struct certgen_cert cert[4];
	unsigned int count;
};

/** certgen_key() - a shared key. Return: it, owned by certgen; aborts the program when it cannot be made */
EVP_PKEY *certgen_key(enum certgen_key which);

/**
 * certgen_use_root() - let chains end in a root that exists
 * @key: its private key, kept; NULL: certgen's own
 * @der: its certificate, kept; used wherever a chain's description of the root is the good one
 *
 * To make inputs for a device whose fuses cannot be changed. Its subject replaces the name of the root.
 */
void certgen_use_root(EVP_PKEY *key, struct pil_bytes der);

/** certgen_init() - describe a good chain of three: P-384 with SHA-384 throughout */
void certgen_init(struct certgen_chain *chain);

/** certgen_cert() - write a certificate. Return: its length; 0 when it does not fit @max or cannot be made */
size_t certgen_cert(const struct certgen_cert *cert, uint8_t *buf, size_t max);

/**
 * certgen_chain() - write a chain, leaf first
 * @chain:  description
 * @buf:    where it goes
 * @max:    bytes at @buf
 * @offset: NULL, or where to note the offset of each certificate and the end of the last one (count + 1 entries)
 * Return: its length; 0 when it does not fit or cannot be made
 */
size_t certgen_chain(const struct certgen_chain *chain, uint8_t *buf, size_t max, size_t *offset);

/** enum certgen_padding - padding of an RSA signature; ECDSA has none */
enum certgen_padding { CERTGEN_NO_PADDING, CERTGEN_PKCS1_PADDING, CERTGEN_PSS_PADDING, CERTGEN_RAW_PADDING };

/**
 * certgen_sign() - sign a digest
 * @key:     whose key
 * @padding: how, for RSA
 * @digest:  the digest; its length selects SHA-256, SHA-384 or SHA-512
 * @sig:     where the signature goes
 * @max:     bytes there
 * Return: its length; 0 on failure
 */
size_t certgen_sign(enum certgen_key key, enum certgen_padding padding, struct pil_bytes digest, uint8_t *sig,
		    size_t max);

#endif
