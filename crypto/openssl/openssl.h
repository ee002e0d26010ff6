/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the OpenSSL back end; documented in pilot/crypto.h, struct pil_crypto. */
#ifndef PILOT_CRYPTO_OPENSSL_H
#define PILOT_CRYPTO_OPENSSL_H

#include <openssl/evp.h>

#include <pilot/crypto.h>

int pil_ossl_hash_init(struct pil_hash *hash, enum pil_hash_alg alg, struct pil_why *why);
int pil_ossl_hash_update(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why);
int pil_ossl_hash_final(struct pil_hash *hash, uint8_t *out, struct pil_why *why);
int pil_ossl_cert_read(const void *der, size_t size, struct pil_cert *cert, struct pil_why *why);
int pil_ossl_key_read(const void *der, size_t size, struct pil_cert *key, struct pil_why *why);
int pil_ossl_verify(const struct pil_cert *signer, enum pil_sig_alg alg, const uint8_t *digest, size_t digest_size,
		    const uint8_t *sig, size_t sig_size, struct pil_why *why);

/**
 * pil_ossl_fail() - refuse because the library failed, and leave no error of ours in its queue
 * @why: where the reason goes, or NULL
 * Return: -PIL_ENOMEM (CRYPTO_MEMORY) when the last error is lack of memory, otherwise -PIL_EBOARD (CRYPTO_INTERNAL)
 */
int pil_ossl_fail(struct pil_why *why);

#endif
