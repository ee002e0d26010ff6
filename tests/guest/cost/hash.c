/* SPDX-License-Identifier: BSD-2-Clause */
/* The floor: the same digest of the same bytes by the same code, called directly. */
#include <pilot/crypto.h>

#include "cost.h"
#include "pool.h"

/* digests allocate nothing */
struct pil_pool *pil_mbedtls_current_pool(void)
{
	return NULL;
}

void cost_of_hash(uint64_t address, uint64_t size)
{
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	uint64_t start = cost_now();
	int err = pil_hash_once(&pil_crypto_mbedtls, PIL_SHA384, (const void *)address, size, digest, NULL);

	if (same("plain digest", err, 0))
		cost_print("cost", "plain-sha384", cost_instructions(cost_now() - start));
}
