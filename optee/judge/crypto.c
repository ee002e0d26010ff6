/* SPDX-License-Identifier: BSD-2-Clause */
/* What crypto/mbedtls asks of its environment. A TA serves one call at a time, so it has one pool. */
#include <pool.h>
#include <sha.h>
#include <unit.h>

struct pil_pool *pil_mbedtls_current_pool(void)
{
	static uint8_t memory[PIL_MBEDTLS_POOL_SIZE] __attribute__((aligned(PIL_POOL_ALIGN)));
	static struct pil_pool pool;

	if (!pool.base)
		pil_pool_init(&pool, memory, sizeof(memory));
	return &pool;
}

/* the TEE keeps a TA's vector registers; whether the CPU has the instructions is not for a TA to ask, so its maker says so (judge.mk) */
size_t pil_mbedtls_sha256_unit(uint32_t state[8], const uint8_t *data, size_t blocks)
{
#ifdef PILOT_TA_SHA2
	if (blocks)
		pil_armv8_sha256(state, data, blocks);
	return blocks;
#else
	(void)state;
	(void)data;
	(void)blocks;
	return 0;
#endif
}

size_t pil_mbedtls_sha512_unit(uint64_t state[8], const uint8_t *data, size_t blocks)
{
#ifdef PILOT_TA_SHA512
	if (blocks)
		pil_armv8_sha512(state, data, blocks);
	return blocks;
#else
	(void)state;
	(void)data;
	(void)blocks;
	return 0;
#endif
}
