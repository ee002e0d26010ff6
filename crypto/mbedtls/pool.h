/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pool: first-fit allocator on a buffer that the caller gives. Mbed TLS allocates from nothing else. A pool belongs
 * to one request at a time and has no lock.
 */
#ifndef PILOT_MBEDTLS_POOL_H
#define PILOT_MBEDTLS_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIL_POOL_ALIGN 16u

/*
 * Enough for every call of the facade: ECDSA P-384 takes 6.4 KB, RSA-4096 10 KB (tests/unit/crypto/test_verify.c).
 */
#define PIL_MBEDTLS_POOL_SIZE (16u * 1024u)

/**
 * struct pil_pool - a pool; set up by pil_pool_init(), not to be written by anybody else
 * @base:   first block
 * @size:   bytes of the pool, a multiple of PIL_POOL_ALIGN
 * @used:   bytes taken, headers included
 * @peak:   largest @used so far
 * @failed: allocations that did not fit
 * @damaged: a pointer was freed that the pool did not give out, or twice, or a header was overwritten
 */
struct pil_pool {
	uint8_t *base;
	size_t size;
	size_t used;
	size_t peak;
	unsigned int failed;
	bool damaged;
};

/**
 * pil_pool_init() - make one free block of a buffer
 * @pool:   the pool
 * @buffer: memory; used from its first multiple of PIL_POOL_ALIGN
 * @size:   its bytes; a buffer too small for one block makes a pool in which nothing fits
 */
void pil_pool_init(struct pil_pool *pool, void *buffer, size_t size);

/**
 * pil_pool_alloc() - take zeroed memory
 * @pool:  the pool; NULL: nothing fits
 * @count: elements
 * @size:  bytes of one
 * Return: memory aligned to PIL_POOL_ALIGN; NULL when it does not fit (counted in @pool->failed), when @count * @size
 * is 0 or overflows, or when the pool is damaged
 */
void *pil_pool_alloc(struct pil_pool *pool, size_t count, size_t size);

/**
 * pil_pool_free() - give memory back
 * @pool: the pool that it came from
 * @ptr:  from pil_pool_alloc(); NULL is nothing. Anything else marks the pool as damaged and changes no block.
 */
void pil_pool_free(struct pil_pool *pool, void *ptr);

/**
 * pil_mbedtls_current_pool() - the pool of the request that is running; provided by the environment
 *
 * The firmware answers with the pool of the request on whose stack it runs, so that requests may interrupt each
 * other; on the host it is one per thread (host_pool.c).
 *
 * Return: the pool, or NULL when there is none: every call of the facade that allocates then fails with -PIL_ENOMEM
 */
struct pil_pool *pil_mbedtls_current_pool(void);

#endif
