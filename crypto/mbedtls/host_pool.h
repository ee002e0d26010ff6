/* SPDX-License-Identifier: BSD-2-Clause */
/* The pool of the Mbed TLS back end on the host: one per thread. */
#ifndef PILOT_MBEDTLS_HOST_POOL_H
#define PILOT_MBEDTLS_HOST_POOL_H

#include "pool.h"

/**
 * pil_mbedtls_host_pool() - let this thread use another pool
 * @pool: the pool, which must stay valid until it is replaced; NULL: the thread's own of PIL_MBEDTLS_POOL_SIZE again
 */
void pil_mbedtls_host_pool(struct pil_pool *pool);

#endif
