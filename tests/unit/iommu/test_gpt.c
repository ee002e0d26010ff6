/* SPDX-License-Identifier: BSD-2-Clause */
/* Granule protection tables: the entries that a region list becomes, read back by a walker of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pilot/gpt.h>

#define L1_PA  UINT64_C(0x0e012000)
#define TABLES 2u
#define GIB    UINT64_C(0x40000000)

struct gpt_test {
	uint64_t l0[PIL_GPT_L0_WORDS];
	uint64_t l1[TABLES][PIL_GPT_L1_WORDS];
	struct pil_gpt t;
	struct pil_why why;
};

static void start(struct gpt_test *g)
{
	*g = (struct gpt_test){ 0 };
	pil_gpt_init(&g->t, g->l0, g->l1, L1_PA, TABLES);
}

static int set(struct gpt_test *g, uint64_t base, uint64_t size, enum pil_gpi gpi)
{
	return pil_gpt_set(&g->t, base, size, gpi, &g->why);
}

/* as the architecture has it (D9.5), with nothing of the code under test */
static unsigned int walk(const struct gpt_test *g, uint64_t address)
{
	uint64_t entry = g->l0[address >> 30], word = 0;

	if ((entry & 0xf) == 1)
		return (unsigned int)(entry >> 4);
	assert_int_equal(entry & 0xfff, 3);
	assert_in_range(entry & ~UINT64_C(0xfff), L1_PA, L1_PA + (TABLES - 1) * 8192u);
	assert_int_equal(((entry & ~UINT64_C(0xfff)) - L1_PA) % 8192u, 0);
	word = g->l1[((entry & ~UINT64_C(0xfff)) - L1_PA) / 8192u][address >> 20 & 1023];
	return (unsigned int)(word >> ((address >> 16 & 15) * 4) & 15);
}

static void assert_range(const struct gpt_test *g, uint64_t base, uint64_t size, unsigned int gpi)
{
	for (uint64_t at = base; at < base + size; at += 0x8000) {
		assert_int_equal(walk(g, at), gpi);
		assert_int_equal(pil_gpt_get(&g->t, at), gpi);
	}
}

static void assert_refused(struct gpt_test *g, int err, enum pil_reason reason)
{
	assert_int_equal(err, -(int)pil_reason_class(reason));
	assert_string_equal(pil_reason_name(g->why.reason), pil_reason_name(reason));
}

static void empty_table_lets_everybody_in(void **state)
{
	struct gpt_test g;

	(void)state;
	start(&g);
	for (unsigned int i = 0; i < PIL_GPT_L0_WORDS; i++)
		assert_int_equal(g.l0[i], 0xf1);
	assert_range(&g, 0, 4 * GIB, 15);
	assert_int_equal(g.t.used, 0);
}

static void one_granule_is_four_bits(void **state)
{
	struct gpt_test g;

	(void)state;
	start(&g);
	assert_int_equal(set(&g, UINT64_C(0x80130000), 0x10000, PIL_GPI_ROOT), 0);
	assert_int_equal(g.l0[2], L1_PA | 3);
	assert_int_equal(g.l1[0][0], UINT64_MAX);
	assert_int_equal(g.l1[0][1], UINT64_C(0xffffffffffffafff));
	assert_int_equal(g.l1[0][2], UINT64_MAX);
	assert_int_equal(g.l0[0], 0xf1);
}

static void ends_inside_words_keep_their_neighbours(void **state)
{
	struct gpt_test g;

	(void)state;
	start(&g);
	assert_int_equal(set(&g, 0xe000000, 0x40000, PIL_GPI_ROOT), 0);
	assert_int_equal(set(&g, 0xe040000, 0x1b0000, PIL_GPI_SECURE), 0);
	assert_int_equal(g.l1[0][0xe0], UINT64_C(0x888888888888aaaa));
	assert_int_equal(g.l1[0][0xe1], UINT64_C(0xf888888888888888));
	assert_range(&g, 0, 0xe000000, 15);
	assert_range(&g, 0xe000000, 0x40000, 10);
	assert_range(&g, 0xe040000, 0x1b0000, 8);
	assert_range(&g, 0xe1f0000, GIB - 0xe1f0000, 15);
}

static void range_over_two_regions(void **state)
{
	struct gpt_test g;

	(void)state;
	start(&g);
	assert_int_equal(set(&g, 2 * GIB - 0x20000, 0x50000, PIL_GPI_SECURE), 0);
	assert_int_equal(g.t.used, 2);
	assert_range(&g, GIB, GIB - 0x20000, 15);
	assert_range(&g, 2 * GIB - 0x20000, 0x50000, 8);
	assert_range(&g, 2 * GIB + 0x30000, GIB - 0x30000, 15);
}

static void lock_and_unlock_leave_no_trace(void **state)
{
	struct gpt_test g;
	const uint64_t base = UINT64_C(0xb0000000), size = 0x900000;

	(void)state;
	start(&g);
	assert_int_equal(set(&g, base, size, PIL_GPI_SECURE), 0);
	assert_range(&g, base, size, 8);
	assert_range(&g, base + size, 0x100000, 15);
	assert_range(&g, base - 0x100000, 0x100000, 15);
	assert_int_equal(set(&g, base, size, PIL_GPI_ANYBODY), 0);
	assert_range(&g, 2 * GIB, GIB, 15);
	assert_int_equal(g.t.used, 1);
}

static void whole_of_what_a_table_covers(void **state)
{
	struct gpt_test g;

	(void)state;
	start(&g);
	assert_int_equal(set(&g, 3 * GIB, GIB, PIL_GPI_NONSECURE), 0);
	assert_range(&g, 3 * GIB, GIB, 9);
	assert_int_equal(pil_gpt_get(&g.t, 4 * GIB), PIL_GPI_NONSECURE);
	assert_int_equal(pil_gpt_get(&g.t, UINT64_MAX), PIL_GPI_NONSECURE);
}

static void bad_ranges_are_refused_and_change_nothing(void **state)
{
	static const struct {
		uint64_t base, size;
		enum pil_reason reason;
	} bad[] = {
		{ 0x1000, 0x10000, PIL_R_MMU_ALIGN },
		{ 0x10000, 0x1000, PIL_R_MMU_ALIGN },
		{ 0x10000, 0, PIL_R_MMU_ALIGN },
		{ 4 * GIB, 0x10000, PIL_R_MMU_ADDRESS_SIZE },
		{ 4 * GIB - 0x10000, 0x20000, PIL_R_MMU_ADDRESS_SIZE },
		{ 0x10000, UINT64_MAX - 0xffff, PIL_R_MMU_ADDRESS_SIZE },
		{ UINT64_MAX - 0xffff, 0x20000, PIL_R_MMU_ADDRESS_SIZE },
	};
	struct gpt_test g;

	(void)state;
	start(&g);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_refused(&g, set(&g, bad[i].base, bad[i].size, PIL_GPI_ROOT), bad[i].reason);
		assert_int_equal(g.t.used, 0);
	}
	assert_range(&g, 0, 4 * GIB, 15);
}

static void no_table_left(void **state)
{
	struct gpt_test g;

	(void)state;
	start(&g);
	assert_int_equal(set(&g, 0, 0x10000, PIL_GPI_ROOT), 0);
	assert_int_equal(set(&g, GIB, 0x10000, PIL_GPI_ROOT), 0);
	assert_refused(&g, set(&g, 2 * GIB, 0x10000, PIL_GPI_ROOT), PIL_R_MMU_TABLE_FULL);
	assert_int_equal(walk(&g, 2 * GIB), 15);
	assert_int_equal(set(&g, GIB + 0x10000, 0x10000, PIL_GPI_ROOT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_table_lets_everybody_in),
		cmocka_unit_test(one_granule_is_four_bits),
		cmocka_unit_test(ends_inside_words_keep_their_neighbours),
		cmocka_unit_test(range_over_two_regions),
		cmocka_unit_test(lock_and_unlock_leave_no_trace),
		cmocka_unit_test(whole_of_what_a_table_covers),
		cmocka_unit_test(bad_ranges_are_refused_and_change_nothing),
		cmocka_unit_test(no_table_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
