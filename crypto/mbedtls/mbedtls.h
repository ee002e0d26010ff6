/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the Mbed TLS back end; documented in pilot/crypto.h, struct pil_crypto. */
#ifndef PILOT_CRYPTO_MBEDTLS_H
#define PILOT_CRYPTO_MBEDTLS_H

#include <pilot/crypto.h>

int pil_mbed_cert_read(const void *der, size_t size, struct pil_cert *cert, struct pil_why *why);
int pil_mbed_key_read(const void *der, size_t size, struct pil_cert *key, struct pil_why *why);
int pil_mbed_verify(const struct pil_cert *signer, enum pil_sig_alg alg, const uint8_t *digest, size_t digest_size,
		    const uint8_t *sig, size_t sig_size, struct pil_why *why);

/**
 * pil_mbed_out_of_memory() - did an allocation fail since @failed_before was read?
 * @failed_before: pil_mbed_failures() before the library was called
 * @why:           where the reason goes, or NULL
 *
 * The library hides this in many error codes; the pool knows.
 *
 * Return: 0 no; -PIL_ENOMEM (CRYPTO_MEMORY) yes, or there is no pool; -PIL_EBOARD (CRYPTO_INTERNAL) the pool is damaged
 */
int pil_mbed_out_of_memory(unsigned int failed_before, struct pil_why *why);

/** pil_mbed_failures() - allocations that the current pool has refused so far; 0 when there is no pool */
unsigned int pil_mbed_failures(void);

#endif
