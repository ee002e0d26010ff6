/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "board/pool.h"
#include "pilot.h"

struct pool_piece {
	struct pool_piece *next;
	size_t size;
	size_t used;
	max_align_t data[];
};

#define PIECE ((size_t)64 << 10)

static struct pool_piece *new_piece(struct pool *pool, size_t size)
{
	struct pool_piece *p = size > SIZE_MAX - sizeof(*p) ? NULL : calloc(1, sizeof(*p) + size);

	if (!p) {
		complain(NULL, "out of memory");
		exit(STATUS_TROUBLE);
	}
	p->size = size;
	p->next = pool->first;
	pool->first = p;
	return p;
}

void *pool_alloc(struct pool *pool, size_t size)
{
	struct pool_piece *p = pool->first;
	unsigned char *at = NULL;

	if (size > SIZE_MAX - PIECE)
		p = new_piece(pool, SIZE_MAX);
	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (!p || size > p->size - p->used)
		p = new_piece(pool, size > PIECE ? size : PIECE);
	at = (unsigned char *)p->data + p->used;
	p->used += size;
	return at;
}

/* capacities are powers of two, so that the count tells whether there is room */
void *pool_grow(struct pool *pool, void *array, unsigned int count, size_t size)
{
	void *new = NULL;

	if (count & (count - 1))
		return array;
	if (count > SIZE_MAX / 2 / size)
		new_piece(pool, SIZE_MAX);
	new = pool_alloc(pool, (count ? 2 * (size_t)count : 1) * size);
	if (count)
		memcpy(new, array, count * size);
	return new;
}

void pool_free(struct pool *pool)
{
	while (pool->first) {
		struct pool_piece *p = pool->first;

		pool->first = p->next;
		free(p);
	}
}
