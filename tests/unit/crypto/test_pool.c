/* SPDX-License-Identifier: BSD-2-Clause */
/* The allocator behind Mbed TLS. */
#include <string.h>

#include "expect.h"
#include "pool.h"

static _Alignas(PIL_POOL_ALIGN) uint8_t memory[1024];

static struct pil_pool fresh(void)
{
	struct pil_pool pool = { 0 };

	memset(memory, 0xa5, sizeof(memory));
	pil_pool_init(&pool, memory, sizeof(memory));
	return pool;
}

static void all_of_it_can_be_had_again(void **state)
{
	struct pil_pool pool = fresh();
	uint8_t *p = NULL;
	size_t i = 0;

	(void)state;
	p = pil_pool_alloc(&pool, 1, sizeof(memory) - PIL_POOL_ALIGN);
	assert_non_null(p);
	for (i = 0; i < sizeof(memory) - PIL_POOL_ALIGN; i++)
		assert_int_equal(p[i], 0);
	assert_null(pil_pool_alloc(&pool, 1, 1));
	assert_int_equal(pool.failed, 1);
	pil_pool_free(&pool, p);
	assert_int_equal(pool.used, 0);
	assert_int_equal(pool.peak, sizeof(memory));
	assert_non_null(pil_pool_alloc(&pool, sizeof(memory) - PIL_POOL_ALIGN, 1));
}

static void neighbours_join_in_every_order(void **state)
{
	static const unsigned char orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
						    { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < 6; i++) {
		struct pil_pool pool = fresh();
		void *p[3] = { 0 };

		for (k = 0; k < 3; k++)
			p[k] = pil_pool_alloc(&pool, 1, 100);
		for (k = 0; k < 3; k++)
			pil_pool_free(&pool, p[orders[i][k]]);
		assert_false(pool.damaged);
		assert_int_equal(pool.used, 0);
		assert_non_null(pil_pool_alloc(&pool, 1, sizeof(memory) - PIL_POOL_ALIGN));
	}
}

static void impossible_sizes(void **state)
{
	struct pil_pool pool = fresh();

	(void)state;
	assert_null(pil_pool_alloc(&pool, 0, 8));
	assert_null(pil_pool_alloc(&pool, 8, 0));
	assert_int_equal(pool.failed, 0);
	assert_null(pil_pool_alloc(&pool, SIZE_MAX, 2));
	assert_null(pil_pool_alloc(&pool, SIZE_MAX / 2 + 1, 2));
	assert_null(pil_pool_alloc(&pool, 1, SIZE_MAX));
	assert_null(pil_pool_alloc(&pool, 1, SIZE_MAX - 15));
	assert_null(pil_pool_alloc(&pool, 1, sizeof(memory) - PIL_POOL_ALIGN + 1));
	assert_int_equal(pool.failed, 5);
	assert_null(pil_pool_alloc(NULL, 1, 1));
	pil_pool_free(NULL, memory);
}

static void small_and_crooked_buffers(void **state)
{
	struct pil_pool pool = { 0 };
	size_t skip = 0;
	size_t size = 0;

	(void)state;
	for (skip = 0; skip < 2 * PIL_POOL_ALIGN; skip++) {
		for (size = 0; size < 96; size++) {
			uint8_t *p = NULL;

			memset(memory, 0xa5, sizeof(memory));
			pil_pool_init(&pool, memory + skip, size);
			p = pil_pool_alloc(&pool, 1, 1);
			assert_int_equal((uintptr_t)p % PIL_POOL_ALIGN, 0);
			assert_true(!p || (p >= memory + skip && p + 16 <= memory + skip + size));
			assert_int_equal(memory[skip + size], 0xa5);
			pil_pool_free(&pool, p);
			assert_int_equal(pool.used, 0);
		}
	}
}

static void what_was_not_given_out_is_not_taken_back(void **state)
{
	struct pil_pool pool = fresh();
	uint8_t *p = pil_pool_alloc(&pool, 1, 64);

	(void)state;
	pil_pool_free(&pool, NULL);
	assert_false(pool.damaged);
	pil_pool_free(&pool, p + 16);
	assert_true(pool.damaged);
	assert_int_equal(pool.used, 80);
	pool = fresh();
	p = pil_pool_alloc(&pool, 1, 64);
	pil_pool_free(&pool, p);
	pil_pool_free(&pool, p);
	assert_true(pool.damaged);
	assert_int_equal(pool.used, 0);
	assert_null(pil_pool_alloc(&pool, 1, 8));
}

static void an_overwritten_header_is_noticed(void **state)
{
	struct pil_pool pool = fresh();
	uint8_t *p = pil_pool_alloc(&pool, 1, 64);

	(void)state;
	memset(p + 64, 0xff, 16);
	assert_null(pil_pool_alloc(&pool, 1, 8));
	assert_true(pool.damaged);
}

/* many blocks of changing sizes, each filled with its own pattern */
static void blocks_never_overlap(void **state)
{
	struct pil_pool pool = fresh();
	uint8_t *p[16] = { 0 };
	size_t size[16] = { 0 };
	uint32_t random = 1;
	unsigned int round = 0;

	(void)state;
	for (round = 0; round < 20000; round++) {
		size_t i = 0;
		size_t k = 0;

		random = random * 1664525u + 1013904223u;
		i = random >> 28;
		for (k = 0; p[i] && k < size[i]; k++)
			assert_int_equal(p[i][k], (uint8_t)(i + 1));
		pil_pool_free(&pool, p[i]);
		size[i] = 1 + (random >> 16) % 150;
		p[i] = pil_pool_alloc(&pool, 1, size[i]);
		if (p[i])
			memset(p[i], (int)i + 1, size[i]);
	}
	for (round = 0; round < 16; round++)
		pil_pool_free(&pool, p[round]);
	assert_false(pool.damaged);
	assert_int_equal(pool.used, 0);
	assert_true(pool.failed > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_can_be_had_again),
		cmocka_unit_test(neighbours_join_in_every_order),
		cmocka_unit_test(impossible_sizes),
		cmocka_unit_test(small_and_crooked_buffers),
		cmocka_unit_test(what_was_not_given_out_is_not_taken_back),
		cmocka_unit_test(an_overwritten_header_is_noticed),
		cmocka_unit_test(blocks_never_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
