/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that is released all at once. */
#ifndef PILOT_TOOL_BOARD_POOL_H
#define PILOT_TOOL_BOARD_POOL_H

#include <stddef.h>

struct pool_piece;

/** struct pool - all zero to begin with */
struct pool {
	struct pool_piece *first;
};

/** pool_alloc() - @size bytes, all zero, for any type; there is always some: the program ends with a message when memory runs out */
void *pool_alloc(struct pool *pool, size_t size);

/**
 * pool_grow() - room for one more element of an array
 * @array: from pool_grow() or NULL; @count: elements in it
 * @size:  bytes of an element
 * Return: the array, moved or not; element @count is there and all zero
 */
void *pool_grow(struct pool *pool, void *array, unsigned int count, size_t size);

/** pool_free() - release everything */
void pool_free(struct pool *pool);

#endif
