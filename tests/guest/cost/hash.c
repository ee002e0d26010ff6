/* SPDX-License-Identifier: BSD-2-Clause */
/* The floor: the same digest of the same bytes by the same code, called directly. */
#include <fw/sysreg.h>
#include <pilot/crypto.h>

#include "cost.h"
#include "pool.h"
#include "sha.h"
#include "unit.h"

static bool use_unit;

static bool has_sha512(void)
{
	return (fw_read(id_aa64isar0_el1) >> 12 & 0xf) >= 2;
}

size_t pil_mbedtls_sha512_unit(uint64_t state[8], const uint8_t *data, size_t blocks)
{
	if (!use_unit || !blocks)
		return 0;
	pil_armv8_sha512(state, data, blocks);
	return blocks;
}

size_t pil_mbedtls_sha256_unit(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	(void)state;
	(void)data;
	(void)blocks;
	return 0;
}

/* digests allocate nothing */
struct pil_pool *pil_mbedtls_current_pool(void)
{
	return NULL;
}

static void hash(const char *what, uint64_t address, uint64_t size)
{
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	uint64_t start = cost_now();
	int err = pil_hash_once(&pil_crypto_mbedtls, PIL_SHA384, (const void *)address, size, digest, NULL);

	if (same("plain digest", err, 0))
		cost_print("cost", what, cost_instructions(cost_now() - start));
}

void cost_of_hash(uint64_t address, uint64_t size)
{
	hash("plain-sha384-portable", address, size);
	use_unit = has_sha512();
	if (use_unit)
		hash("plain-sha384-instructions", address, size);
	use_unit = false;
}
