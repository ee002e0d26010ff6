/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks lie one behind the other and fill the pool. Each begins with its own length and that of the block before, so
 * that a freed block finds both neighbours.
 */
#include <string.h>

#include "pool.h"

#define USED 1u	/* lowest bit of a length */

struct block {
	size_t length;	/* header included; multiple of PIL_POOL_ALIGN, plus USED */
	size_t before;	/* length of the block before it, 0 for the first */
};

_Static_assert(sizeof(struct block) <= PIL_POOL_ALIGN, "the header keeps the alignment");

static struct block *at(const struct pil_pool *pool, size_t offset)
{
	return (struct block *)(void *)(pool->base + offset);
}

static size_t length_of(const struct block *b)
{
	return b->length & ~(size_t)USED;
}

/* headers that were overwritten are found before they are followed */
static bool sane(struct pil_pool *pool, size_t offset)
{
	size_t length = length_of(at(pool, offset));

	if (length < PIL_POOL_ALIGN || length % PIL_POOL_ALIGN || length > pool->size - offset)
		pool->damaged = true;
	return !pool->damaged;
}

void pil_pool_init(struct pil_pool *pool, void *buffer, size_t size)
{
	size_t skip = (0u - (uintptr_t)buffer) % PIL_POOL_ALIGN;

	*pool = (struct pil_pool){ 0 };
	if (size < skip + 2u * PIL_POOL_ALIGN)
		return;
	pool->base = (uint8_t *)buffer + skip;
	pool->size = (size - skip) / PIL_POOL_ALIGN * PIL_POOL_ALIGN;
	*at(pool, 0) = (struct block){ .length = pool->size };
}

static void set_before(struct pil_pool *pool, size_t offset, size_t before)
{
	if (offset < pool->size)
		at(pool, offset)->before = before;
}

/* take @need bytes of the free block at @offset; the rest becomes a free block when it can hold anything */
static void *take(struct pil_pool *pool, size_t offset, size_t need)
{
	struct block *b = at(pool, offset);
	size_t rest = b->length - need;

	if (rest < 2u * PIL_POOL_ALIGN) {
		need += rest;
	} else {
		*at(pool, offset + need) = (struct block){ .length = rest, .before = need };
		set_before(pool, offset + need + rest, rest);
	}
	b->length = need | USED;
	pool->used += need;
	if (pool->used > pool->peak)
		pool->peak = pool->used;
	memset(pool->base + offset + PIL_POOL_ALIGN, 0, need - PIL_POOL_ALIGN);
	return pool->base + offset + PIL_POOL_ALIGN;
}

static void *fail(struct pil_pool *pool)
{
	pool->failed++;
	return NULL;
}

void *pil_pool_alloc(struct pil_pool *pool, size_t count, size_t size)
{
	size_t offset = 0;
	size_t need = 0;

	if (!pool || !count || !size)
		return NULL;
	if (count > SIZE_MAX / size || count * size > SIZE_MAX - 2u * PIL_POOL_ALIGN)
		return fail(pool);
	need = (count * size + 2u * PIL_POOL_ALIGN - 1u) / PIL_POOL_ALIGN * PIL_POOL_ALIGN;
	for (offset = 0; offset < pool->size && sane(pool, offset); offset += length_of(at(pool, offset)))
		if (!(at(pool, offset)->length & USED) && at(pool, offset)->length >= need)
			return take(pool, offset, need);
	return fail(pool);
}

/* offset of the used block that @ptr stands for; pool->size when there is none */
static size_t find(struct pil_pool *pool, const uint8_t *ptr)
{
	size_t offset = 0;

	for (offset = 0; offset < pool->size && sane(pool, offset); offset += length_of(at(pool, offset)))
		if (pool->base + offset + PIL_POOL_ALIGN == ptr)
			return at(pool, offset)->length & USED ? offset : pool->size;
	return pool->size;
}

static void join_with_next(struct pil_pool *pool, size_t offset)
{
	struct block *b = at(pool, offset);
	size_t next = offset + b->length;

	if (next < pool->size && sane(pool, next) && !(at(pool, next)->length & USED))
		b->length += at(pool, next)->length;
	set_before(pool, offset + b->length, b->length);
}

void pil_pool_free(struct pil_pool *pool, void *ptr)
{
	size_t offset = 0;
	size_t before = 0;

	if (!ptr || !pool)
		return;
	offset = find(pool, ptr);
	if (offset == pool->size) {
		pool->damaged = true;
		return;
	}
	at(pool, offset)->length &= ~(size_t)USED;
	pool->used -= at(pool, offset)->length;
	join_with_next(pool, offset);
	before = at(pool, offset)->before;
	if (before && before <= offset && !(at(pool, offset - before)->length & USED))
		join_with_next(pool, offset - before);
}
