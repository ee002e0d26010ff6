/* SPDX-License-Identifier: BSD-2-Clause */
/* The library's memory: calloc and free on the current pool. */
#include "mbedtls.h"
#include "pool.h"

/* declared in config.h, which belongs to the library's sources */
void *pil_mbedtls_calloc(size_t count, size_t size);
void pil_mbedtls_free(void *ptr);

void *pil_mbedtls_calloc(size_t count, size_t size)
{
	return pil_pool_alloc(pil_mbedtls_current_pool(), count, size);
}

void pil_mbedtls_free(void *ptr)
{
	pil_pool_free(pil_mbedtls_current_pool(), ptr);
}

unsigned int pil_mbed_failures(void)
{
	const struct pil_pool *pool = pil_mbedtls_current_pool();

	return pool ? pool->failed : 0;
}

int pil_mbed_out_of_memory(unsigned int failed_before, struct pil_why *why)
{
	const struct pil_pool *pool = pil_mbedtls_current_pool();

	if (!pool)
		return pil_fail(why, PIL_R_CRYPTO_MEMORY, 0, 0);
	if (pool->damaged)
		return pil_fail(why, PIL_R_CRYPTO_INTERNAL, 0, 0);
	return pool->failed == failed_before ? 0 : pil_fail(why, PIL_R_CRYPTO_MEMORY, pool->size, 0);
}
