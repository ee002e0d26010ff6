/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The crypto facade: everything that libpilot asks of a cryptographic library.
 *
 * A back end is one const struct pil_crypto. Two complete ones exist: pil_crypto_openssl (host) and
 * pil_crypto_mbedtls (firmware and host). A back end answers questions of fact (a digest, what a certificate
 * says, whether a signature fits a key); what follows from the facts is decided in lib/auth.
 */
#ifndef PILOT_CRYPTO_H
#define PILOT_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

#define PIL_DIGEST_MAX 64u	/* bytes of the longest digest (SHA-512) */
#define PIL_RSA_BITS_MIN 2048	/* shorter and longer moduli are keys of unknown type */
#define PIL_RSA_BITS_MAX 4096

/** enum pil_hash_alg - digests, numbered as MBN v7 numbers hash table algorithms */
enum pil_hash_alg {
	PIL_HASH_NONE = 0,
	PIL_SHA256 = 2,
	PIL_SHA384 = 3,
	PIL_SHA512 = 4,
};

/** enum pil_key_type - public keys that a certificate can carry */
enum pil_key_type {
	PIL_KEY_UNKNOWN = 0,
	PIL_KEY_EC_P256,
	PIL_KEY_EC_P384,
	PIL_KEY_RSA,
};

/** enum pil_sig_alg - signature schemes of images and certificates */
enum pil_sig_alg {
	PIL_SIG_UNKNOWN = 0,
	PIL_SIG_ECDSA_SHA256,
	PIL_SIG_ECDSA_SHA384,
	PIL_SIG_RSA_PKCS1_SHA256,	/* EMSA-PKCS1-v1_5 with DigestInfo */
	PIL_SIG_RSA_PSS_SHA256,
	PIL_SIG_RSA_PSS_SHA384,
	PIL_SIG_RSA_RAW,		/* 00 01 FF..FF 00 || digest: MBN v3, no DigestInfo */
};

/* key usage bits of X.509 (RFC 5280 4.2.1.3), as pil_cert.key_usage carries them */
#define PIL_KU_DIGITAL_SIGNATURE 0x0001u
#define PIL_KU_KEY_CERT_SIGN	 0x0002u

/** struct pil_bytes - bytes that belong to somebody else */
struct pil_bytes {
	const uint8_t *data;
	size_t size;
};

/**
 * struct pil_cert - what one X.509 certificate says; pointers point into the DER bytes that were read
 * @der:       the whole certificate
 * @tbs:       the signed part (TBSCertificate, with its tag and length)
 * @issuer:    issuer name, DER
 * @subject:   subject name, DER
 * @spki:      SubjectPublicKeyInfo, DER
 * @signature: signature bits, without the count of unused bits
 * @sig_alg:   how the certificate is signed; the algorithm inside @tbs is the same
 * @key:       type of its public key
 * @key_bits:  size of its public key in bits
 * @has_basic: basic constraints are present
 * @is_ca:     basic constraints say CA:TRUE
 * @path_len:  longest path below it, -1 when not limited or no authority (real leaves have CA:FALSE with length 0)
 * @has_key_usage: the key usage extension is present
 * @key_usage: PIL_KU_... bits, 0 when absent
 * @not_before: first second of validity, UTC, as year*10^10 + month*10^8 + day*10^6 + hour*10^4 + min*100 + sec
 * @not_after:  last second of validity, the same way
 */
struct pil_cert {
	struct pil_bytes der;
	struct pil_bytes tbs;
	struct pil_bytes issuer;
	struct pil_bytes subject;
	struct pil_bytes spki;
	struct pil_bytes signature;
	enum pil_sig_alg sig_alg;
	enum pil_key_type key;
	unsigned int key_bits;
	bool has_basic;
	bool is_ca;
	int path_len;
	bool has_key_usage;
	unsigned int key_usage;
	uint64_t not_before;
	uint64_t not_after;
};

/** struct pil_hash - a digest under way; opaque, the back end's state lives in here or is pointed to from here */
struct pil_hash {
	enum pil_hash_alg alg;
	uint64_t opaque[48];
};

/**
 * struct pil_crypto - a back end
 *
 * All functions return 0 or a negative error class and fill @why (which may be NULL). None keeps a pointer to its
 * arguments after it returns, except pil_hash between init and final.
 */
struct pil_crypto {
	/** @name: for logs and JSON: "openssl", "mbedtls" */
	const char *name;

	/**
	 * @hash_init: start a digest
	 * Return: 0, -PIL_EUNSUPPORTED (CRYPTO_ALGORITHM), -PIL_ENOMEM. After 0 the caller must call hash_final.
	 */
	int (*hash_init)(struct pil_hash *hash, enum pil_hash_alg alg, struct pil_why *why);

	/** @hash_update: add @size bytes. Return: 0 or -PIL_EBOARD (CRYPTO_INTERNAL) */
	int (*hash_update)(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why);

	/**
	 * @hash_final: finish the digest and release what hash_init took, also on error
	 * @out: pil_hash_size(alg) bytes, or NULL to abandon the digest
	 */
	int (*hash_final)(struct pil_hash *hash, uint8_t *out, struct pil_why *why);

	/**
	 * @cert_read: read one DER certificate that fills @size bytes exactly
	 * Its form is checked strictly (version 3, DER, no extension twice, none critical that is not understood).
	 * Validity dates are facts here. The certificate's own signature is not checked.
	 * Return: 0; -PIL_EFORMAT (CERT_PARSE, a = 0); -PIL_EUNSUPPORTED (CERT_SIGALG or CERT_KEY, a = 0): the
	 * algorithm or key is not one of those above, then only the pointers in @cert count; -PIL_ENOMEM
	 */
	int (*cert_read)(const void *der, size_t size, struct pil_cert *cert, struct pil_why *why);

	/**
	 * @key_read: read a public key, a DER SubjectPublicKeyInfo (RFC 5280 4.1.2.7) that fills @size bytes exactly
	 * @key: result, for @verify: @spki, @key and @key_bits; all else is 0
	 * Return: 0; -PIL_EFORMAT (KEY_PARSE); -PIL_EUNSUPPORTED (KEY_TYPE) a key of another type; -PIL_ENOMEM
	 */
	int (*key_read)(const void *der, size_t size, struct pil_cert *key, struct pil_why *why);

	/**
	 * @verify: does @sig over a message with digest @digest fit the public key of @signer?
	 * @alg says the scheme and with it the digest's length: SHA-256 32 bytes, SHA-384 48; for PIL_SIG_RSA_RAW any.
	 * ECDSA signatures are DER (SEQUENCE of two INTEGERs) and fill @sig_size exactly.
	 * Return: 0 fits; -PIL_EAUTH (SIG_MISMATCH) does not; -PIL_EUNSUPPORTED (CRYPTO_ALGORITHM) key and scheme do not
	 * go together or are not offered; -PIL_ENOMEM
	 */
	int (*verify)(const struct pil_cert *signer, enum pil_sig_alg alg, const uint8_t *digest, size_t digest_size,
		      const uint8_t *sig, size_t sig_size, struct pil_why *why);
};

extern const struct pil_crypto pil_crypto_openssl;
extern const struct pil_crypto pil_crypto_mbedtls;

/**
 * pil_hash_size() - length of a digest
 * @alg: the digest
 * Return: bytes; 0 for PIL_HASH_NONE or a number that is no digest
 */
size_t pil_hash_size(enum pil_hash_alg alg);

/**
 * pil_hash_once() - digest of one piece of memory
 * @crypto: back end
 * @alg:    digest
 * @data:   the bytes
 * @size:   how many
 * @out:    pil_hash_size(@alg) bytes
 * @why:    reason of a failure, or NULL
 * Return: 0 or what the back end's hash functions return
 */
int pil_hash_once(const struct pil_crypto *crypto, enum pil_hash_alg alg, const void *data, size_t size, uint8_t *out,
		  struct pil_why *why);

/**
 * pil_equal_consttime() - compare without telling by time where the difference is
 * @a: one
 * @b: other
 * @size: bytes of each
 * Return: true when all bytes are equal; true when @size is 0
 */
bool pil_equal_consttime(const void *a, const void *b, size_t size);

#endif
