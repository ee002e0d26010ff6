/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernels of digests for AArch64 with the instructions for them. Whoever calls them looks for the instructions first. */
#ifndef PILOT_CRYPTO_ARMV8_SHA_H
#define PILOT_CRYPTO_ARMV8_SHA_H

#include <stddef.h>
#include <stdint.h>

#define PIL_ARMV8_SHA_VECTORS 18 /* v0 to v17 are changed, none is kept */

/**
 * pil_armv8_sha256(), pil_armv8_sha512() - put whole blocks into the state of a digest
 * @state:  eight words
 * @data:   @blocks times 64 bytes, 128 for SHA-512 (and SHA-384, which differs only in how the state begins)
 * @blocks: at least 1
 */
void pil_armv8_sha256(uint32_t state[8], const uint8_t *data, size_t blocks);
void pil_armv8_sha512(uint64_t state[8], const uint8_t *data, size_t blocks);

#endif
