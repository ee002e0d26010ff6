/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A unit for digests besides the library's portable code: instructions of the processor, or an engine. Provided by the
 * environment, as the pool is (pool.h).
 */
#ifndef PILOT_MBEDTLS_UNIT_H
#define PILOT_MBEDTLS_UNIT_H

#include <stddef.h>
#include <stdint.h>

/**
 * pil_mbedtls_sha256_unit(), pil_mbedtls_sha512_unit() - put whole blocks into the state of a digest
 * @state:  eight words, as FIPS 180-4 numbers them
 * @data:   @blocks times 64 bytes; 128 for SHA-512, and for SHA-384, which differs only in how the state begins
 * @blocks: how many
 * Return: how many of them, from the first on, are in the state now. The portable code does the rest; 0: there is no unit
 */
size_t pil_mbedtls_sha256_unit(uint32_t state[8], const uint8_t *data, size_t blocks);
size_t pil_mbedtls_sha512_unit(uint64_t state[8], const uint8_t *data, size_t blocks);

#endif
