/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floor: the same digest of the same bytes by the same code, called directly. And the kernels of crypto/armv8 against the portable
 * code, behind the same back end, on this processor.
 */
#include <fw/sysreg.h>
#include <pilot/crypto.h>

#include "cost.h"
#include "pool.h"
#include "sha.h"
#include "unit.h"

#define LONGEST 700u /* bytes: a few blocks and every remainder */
#define STRIDE	13u  /* between two lengths; prime to the lengths of blocks */

static bool use_unit;

static uint64_t sha2(void)
{
	return fw_read(id_aa64isar0_el1) >> 12 & 0xf;
}

size_t pil_mbedtls_sha256_unit(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	if (!use_unit || !blocks || sha2() < 1)
		return 0;
	pil_armv8_sha256(state, data, blocks);
	return blocks;
}

size_t pil_mbedtls_sha512_unit(uint64_t state[8], const uint8_t *data, size_t blocks)
{
	if (!use_unit || !blocks || sha2() < 2)
		return 0;
	pil_armv8_sha512(state, data, blocks);
	return blocks;
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
	use_unit = sha2() >= 2;
	if (use_unit)
		hash("plain-sha384-instructions", address, size);
	use_unit = false;
}

/* @size bytes in two pieces, so that the unit begins behind what the library has buffered */
static bool digest(bool unit, enum pil_hash_alg alg, const uint8_t *data, size_t cut, size_t size, uint8_t *out)
{
	struct pil_hash h = { 0 };
	bool good = false;

	use_unit = unit;
	good = !pil_crypto_mbedtls.hash_init(&h, alg, NULL) && !pil_crypto_mbedtls.hash_update(&h, data, cut, NULL) &&
	       !pil_crypto_mbedtls.hash_update(&h, data + cut, size - cut, NULL) &&
	       !pil_crypto_mbedtls.hash_final(&h, out, NULL);
	use_unit = false;
	return good;
}

static bool agree(enum pil_hash_alg alg, const uint8_t *data)
{
	for (size_t size = 0; size < LONGEST; size += STRIDE) {
		for (size_t cut = 0; cut <= size; cut += STRIDE) {
			uint8_t portable[PIL_DIGEST_MAX] = { 0 }, unit[PIL_DIGEST_MAX] = { 0 };

			if (!digest(false, alg, data, cut, size, portable) ||
			    !digest(true, alg, data, cut, size, unit) ||
			    !same("bytes whose digests agree",
				  pil_equal_consttime(portable, unit, sizeof(unit)) ? (int64_t)size : -1,
				  (int64_t)size))
				return false;
		}
	}
	return true;
}

bool cost_kernels(void)
{
	static uint8_t data[LONGEST];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 151 + i / 256);
	cost_print("kernels", "sha2", sha2());
	return agree(PIL_SHA256, data) && agree(PIL_SHA384, data) && agree(PIL_SHA512, data);
}
