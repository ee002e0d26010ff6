/* SPDX-License-Identifier: BSD-2-Clause */
#include "host_pool.h"

static _Thread_local _Alignas(PIL_POOL_ALIGN) uint8_t own_memory[PIL_MBEDTLS_POOL_SIZE];
static _Thread_local struct pil_pool own_pool;
static _Thread_local struct pil_pool *chosen;

void pil_mbedtls_host_pool(struct pil_pool *pool)
{
	chosen = pool;
}

struct pil_pool *pil_mbedtls_current_pool(void)
{
	if (chosen)
		return chosen;
	if (!own_pool.base)
		pil_pool_init(&own_pool, own_memory, sizeof(own_memory));
	return &own_pool;
}
