/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation tables: what the builder writes, the walker finds; what is wrong, it names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "phys.h"

#define RW    (PIL_VMSA_ATTR(1) | PIL_VMSA_SH_INNER | PIL_VMSA_AP_EL0)
#define TABLE (PIL_VMSA_VALID | PIL_VMSA_TABLE)
#define LEAF  (PIL_VMSA_VALID | PIL_VMSA_AF)

#define AP_TABLE_RO (1ull << 62)
#define XN_TABLE    (1ull << 60)
#define PXN_TABLE   (1ull << 59)

struct map_test {
	struct phys phys;
	struct pil_vmsa t;
	struct pil_why why;
	struct pil_leaf leaf;
};

static void start(struct map_test *m, unsigned int pages, unsigned int level)
{
	*m = (struct map_test){ 0 };
	pil_vmsa_init(&m->t, (uint64_t(*)[512])m->phys.words, PHYS_BASE, pages, level);
}

static int map(struct map_test *m, uint64_t va, uint64_t pa, uint64_t size, uint64_t attrs)
{
	return pil_vmsa_map(&m->t, va, pa, size, attrs, &m->why);
}

static int walk(struct map_test *m, unsigned int t0sz, uint64_t va)
{
	struct pil_phys phys = phys_of(&m->phys);

	return pil_vmsa_walk(&phys, PHYS_BASE, t0sz, va, &m->leaf, &m->why);
}

static void assert_leaf(struct map_test *m, unsigned int t0sz, uint64_t va, uint64_t pa, unsigned int level)
{
	assert_int_equal(walk(m, t0sz, va), 0);
	assert_int_equal(m->leaf.pa, pa);
	assert_int_equal(m->leaf.level, level);
	assert_int_equal(m->leaf.size, 1ull << (39 - 9 * level));
}

static void assert_fails(struct map_test *m, int err, enum pil_reason reason, uint64_t a, uint64_t b)
{
	assert_int_equal(err, -(int)pil_reason_class(reason));
	assert_string_equal(pil_reason_name(m->why.reason), pil_reason_name(reason));
	assert_int_equal(m->why.a, a);
	assert_int_equal(m->why.b, b);
}

static void walk_finds_the_largest_blocks_that_fit(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 8, 0);
	assert_int_equal(map(&m, 0x3ffff000, 0xbffff000, 0x40202000, RW), 0);
	assert_leaf(&m, 16, 0x3ffff123, 0xbffff123, 3);
	assert_leaf(&m, 16, 0x40000000, 0xc0000000, 1);
	assert_leaf(&m, 16, 0x7fffffff, 0xffffffff, 1);
	assert_leaf(&m, 16, 0x80000004, 0x100000004, 2);
	assert_leaf(&m, 16, 0x80200ff8, 0x100200ff8, 3);
	assert_fails(&m, walk(&m, 16, 0x80201000), PIL_R_MMU_TRANSLATION, 0x80201000, 3);
	assert_fails(&m, walk(&m, 16, 0x3fffe000), PIL_R_MMU_TRANSLATION, 0x3fffe000, 3);
	assert_fails(&m, walk(&m, 16, 0x100000000), PIL_R_MMU_TRANSLATION, 0x100000000, 1);
	assert_fails(&m, walk(&m, 16, 1ull << 40), PIL_R_MMU_TRANSLATION, 1ull << 40, 0);
}

/* leaves are written in runs: a run ends where its table does, where larger leaves begin, and at the end of the range */
static void runs_end_where_their_table_does(void **state)
{
	static const struct {
		uint64_t va, pa, size;
	} cases[] = {
		{ 0x401fd000, 0x401fd000, 0x6000 },   /* over the end of a table of pages */
		{ 0x3ffff000, 0xb0000000, 0x2000 },   /* of a table of tables */
		{ 0x401ff000, 0x80000000, 0x402000 }, /* no block fits: three tables of pages */
		{ 0x3fe00000, 0xbfe00000, 0x401000 }, /* two runs of one block, and a page */
		{ 0x40000000, 0xc0000000, 0x3ff000 }, /* a block, and the pages before the next one */
		{ 0x7fffc00000, 0x1000, 0x400000 },   /* the last addresses that there are */
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct map_test m;

		start(&m, 8, 1);
		assert_int_equal(map(&m, cases[i].va, cases[i].pa, cases[i].size, RW), 0);
		for (uint64_t at = 0; at < cases[i].size; at += 0x1000) {
			assert_int_equal(walk(&m, 25, cases[i].va + at), 0);
			assert_int_equal(m.leaf.pa, cases[i].pa + at);
		}
		assert_true(walk(&m, 25, cases[i].va - 0x1000) < 0);
		assert_true(walk(&m, 25, cases[i].va + cases[i].size) < 0);
		assert_int_equal(pil_vmsa_unmap(&m.t, cases[i].va + 0x1000, cases[i].size - 0x1000, &m.why), 0);
		assert_int_equal(walk(&m, 25, cases[i].va), 0);
		assert_int_equal(m.leaf.pa, cases[i].pa);
		for (uint64_t at = 0x1000; at < cases[i].size; at += 0x1000)
			assert_true(walk(&m, 25, cases[i].va + at) < 0);
	}
}

static void walk_starts_where_the_size_says(void **state)
{
	static const struct {
		unsigned int t0sz;
		unsigned int level;
	} cases[] = { { 16, 0 }, { 24, 0 }, { 25, 1 }, { 33, 1 }, { 34, 2 }, { 39, 2 } };

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct map_test m = { 0 };

		/* the root is empty: the level of the failure is the level of the root */
		assert_fails(&m, walk(&m, cases[i].t0sz, 0x1000), PIL_R_MMU_TRANSLATION, 0x1000, cases[i].level);
		assert_int_equal(m.phys.reads, 1);
	}
}

static void walk_of_a_small_root_at_any_16_bytes(void **state)
{
	struct phys p = { 0 };
	struct pil_phys phys = phys_of(&p);
	struct pil_leaf leaf;

	(void)state;
	/* 25 bits of input: 16 entries at level 2 */
	poke(&p, page_pa(1) + 0x80 + 15 * 8, 0x80000000 | LEAF);
	assert_int_equal(pil_vmsa_walk(&phys, page_pa(1) + 0x80, 39, 0x1e00000, &leaf, NULL), 0);
	assert_int_equal(leaf.pa, 0x80000000);
}

static void walk_refuses_sizes_and_addresses(void **state)
{
	struct map_test m = { 0 };

	(void)state;
	assert_fails(&m, walk(&m, 15, 0), PIL_R_MMU_ADDRESS_SIZE, 0, 49);
	assert_fails(&m, walk(&m, 40, 0), PIL_R_MMU_ADDRESS_SIZE, 0, 24);
	assert_fails(&m, walk(&m, 16, 1ull << 48), PIL_R_MMU_ADDRESS_SIZE, 1ull << 48, 48);
	assert_fails(&m, walk(&m, 25, 1ull << 39), PIL_R_MMU_ADDRESS_SIZE, 1ull << 39, 39);
	assert_fails(&m, walk(&m, 16, UINT64_MAX), PIL_R_MMU_ADDRESS_SIZE, UINT64_MAX, 48);
	assert_int_equal(m.phys.reads, 0);
}

static void walk_refuses_reserved_forms(void **state)
{
	struct map_test m = { 0 };

	(void)state;
	poke(&m.phys, page_pa(0), 0x40000000 | LEAF); /* a block at level 0 */
	assert_fails(&m, walk(&m, 16, 0), PIL_R_MMU_TRANSLATION, 0, 0);
	poke(&m.phys, page_pa(0), page_pa(1) | TABLE);
	poke(&m.phys, page_pa(1), page_pa(2) | TABLE);
	poke(&m.phys, page_pa(2), page_pa(3) | TABLE);
	poke(&m.phys, page_pa(3), 0x40000000 | LEAF); /* level 3 without bit 1 */
	assert_fails(&m, walk(&m, 16, 0), PIL_R_MMU_TRANSLATION, 0, 3);
	poke(&m.phys, page_pa(3), 0x40000000 | TABLE); /* no access flag */
	assert_fails(&m, walk(&m, 16, 0), PIL_R_MMU_TRANSLATION, 0, 3);
	poke(&m.phys, page_pa(3), 0x40000000 | LEAF | PIL_VMSA_TABLE);
	assert_leaf(&m, 16, 0, 0x40000000, 3);
}

static void permissions_come_down_from_tables(void **state)
{
	static const struct {
		uint64_t table;
		uint64_t leaf;
		bool ro;
		bool xn;
	} cases[] = {
		{ 0, 0, false, false },
		{ AP_TABLE_RO, 0, true, false },
		{ XN_TABLE, 0, false, true },
		{ PXN_TABLE, 0, false, true },
		{ 0, PIL_VMSA_AP_RO, true, false },
		{ 0, PIL_VMSA_XN, false, true },
		{ 0, PIL_VMSA_PXN, false, true },
		{ AP_TABLE_RO | XN_TABLE, PIL_VMSA_XN, true, true },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct map_test m = { 0 };

		poke(&m.phys, page_pa(0), page_pa(1) | TABLE | cases[i].table);
		poke(&m.phys, page_pa(1), 0x40000000 | LEAF | cases[i].leaf);
		assert_leaf(&m, 16, 0x3000, 0x40003000, 1);
		assert_int_equal(m.leaf.ro, cases[i].ro);
		assert_int_equal(m.leaf.xn, cases[i].xn);
	}
}

static void walk_names_the_table_that_it_cannot_read(void **state)
{
	struct map_test m = { 0 };

	(void)state;
	poke(&m.phys, page_pa(0), 0x9000000000 | TABLE);
	assert_fails(&m, walk(&m, 16, 0x40000000), PIL_R_MMU_READ, 0x9000000008, 1);
}

static void walk_of_a_table_that_is_its_own_child_ends(void **state)
{
	struct map_test m = { 0 };

	(void)state;
	poke(&m.phys, page_pa(0), page_pa(0) | TABLE | PIL_VMSA_AF);
	assert_leaf(&m, 16, 0, PHYS_BASE, 3);
	assert_int_equal(m.phys.reads, 4);
}

static void blocks_ignore_address_bits_below_their_size(void **state)
{
	struct map_test m = { 0 };

	(void)state;
	poke(&m.phys, page_pa(0), page_pa(1) | TABLE);
	poke(&m.phys, page_pa(1), 0x40001000 | LEAF);
	assert_leaf(&m, 16, 0x2000, 0x40002000, 1);
}

static void a_block_in_the_way_is_split(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 4, 1);
	assert_int_equal(map(&m, 0x40000000, 0x40000000, 0x40000000, RW), 0);
	assert_int_equal(m.t.used, 1);
	assert_int_equal(map(&m, 0x40201000, 0x80000000, 0x1000, RW | PIL_VMSA_AP_RO), 0);
	assert_int_equal(m.t.used, 3);
	assert_leaf(&m, 25, 0x40201000, 0x80000000, 3);
	assert_true(m.leaf.ro);
	assert_leaf(&m, 25, 0x40202008, 0x40202008, 3);
	assert_false(m.leaf.ro);
	assert_leaf(&m, 25, 0x40000000, 0x40000000, 2);
	assert_leaf(&m, 25, 0x7fffffff, 0x7fffffff, 2);
	/* and a block that covers the pages replaces them */
	assert_int_equal(map(&m, 0x40200000, 0xc0200000, 0x200000, RW), 0);
	assert_leaf(&m, 25, 0x40201000, 0xc0201000, 2);
}

static void map_refuses_what_does_not_fit(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 4, 1);
	assert_fails(&m, map(&m, 0x800, 0, 0x1000, RW), PIL_R_MMU_ALIGN, 0x800, 0x1000);
	assert_fails(&m, map(&m, 0, 0x10, 0x1000, RW), PIL_R_MMU_ALIGN, 0, 0x1000);
	assert_fails(&m, map(&m, 0, 0, 0x1001, RW), PIL_R_MMU_ALIGN, 0, 0x1001);
	assert_fails(&m, map(&m, 0, 0, 0, RW), PIL_R_MMU_ALIGN, 0, 0);
	assert_fails(&m, map(&m, 1ull << 39, 0, 0x1000, RW), PIL_R_MMU_ADDRESS_SIZE, 1ull << 39, 39);
	assert_fails(&m, map(&m, 0x1000, 0, 1ull << 39, RW), PIL_R_MMU_ADDRESS_SIZE, 0x1000, 39);
	assert_fails(&m, map(&m, 0x1000, 0, ~0xfffull, RW), PIL_R_MMU_ADDRESS_SIZE, 0x1000, 39);
	assert_fails(&m, map(&m, 0, 1ull << 48, 0x1000, RW), PIL_R_MMU_ADDRESS_SIZE, 1ull << 48, 48);
	assert_fails(&m, map(&m, 0, 0xfffffffff000, 0x2000, RW), PIL_R_MMU_ADDRESS_SIZE, 0xfffffffff000, 48);
	assert_int_equal(m.t.used, 1);
	for (unsigned int i = 0; i < 512; i++)
		assert_int_equal(m.phys.words[i], 0);
}

static void map_says_when_pages_run_out(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 2, 1);
	assert_fails(&m, map(&m, 0x1000, 0x1000, 0x1000, RW), PIL_R_MMU_TABLE_FULL, 2, 0);
	/* nothing outside the two pages was touched */
	for (unsigned int i = 2 * 512; i < PHYS_PAGES * 512; i++)
		assert_int_equal(m.phys.words[i], 0);
}

static int unmap(struct map_test *m, uint64_t va, uint64_t size)
{
	return pil_vmsa_unmap(&m->t, va, size, &m->why);
}

static void assert_nowhere(struct map_test *m, uint64_t va, unsigned int level)
{
	assert_fails(m, walk(m, 25, va), PIL_R_MMU_TRANSLATION, va, level);
}

static void unmap_takes_the_range_and_nothing_beside_it(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 4, 1);
	assert_int_equal(map(&m, 0x40000000, 0x40000000, 0x40000000, RW), 0);
	assert_int_equal(unmap(&m, 0x401ff000, 0x202000), 0);
	assert_leaf(&m, 25, 0x401fe000, 0x401fe000, 3);
	assert_nowhere(&m, 0x401ff000, 3);
	assert_nowhere(&m, 0x40200000, 2);
	assert_nowhere(&m, 0x40400fff, 3);
	assert_leaf(&m, 25, 0x40401000, 0x40401000, 3);
	assert_leaf(&m, 25, 0x40600000, 0x40600000, 2);
	assert_int_equal(m.t.used, 4);
}

static void what_comes_and_goes_needs_no_more_pages(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 3, 1);
	assert_int_equal(map(&m, 0x80000000, 0x80000000, 0x40000000, RW), 0);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(unmap(&m, 0xb0000000, 0x281000), 0);
		assert_nowhere(&m, 0xb0000000, 2);
		assert_nowhere(&m, 0xb0280000, 3);
		assert_int_equal(map(&m, 0xb0000000, 0xb0000000, 0x281000, RW), 0);
		assert_leaf(&m, 25, 0xb0000000, 0xb0000000, 2);
		assert_leaf(&m, 25, 0xb0280000, 0xb0280000, 3);
		assert_int_equal(m.t.used, 3);
	}
}

static void unmap_of_what_is_not_mapped_takes_no_pages(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 1, 1);
	assert_int_equal(unmap(&m, 0x1000, 0x3000), 0);
	assert_int_equal(unmap(&m, 0x7fffffe000, 0x2000), 0);
	assert_int_equal(m.t.used, 1);
}

/* where there is no table, a whole run of it is passed over; what is mapped behind it goes */
static void unmap_goes_on_behind_what_is_not_mapped(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 4, 1);
	assert_int_equal(map(&m, 0x40400000, 0x40400000, 0x3000, RW), 0);
	assert_int_equal(unmap(&m, 0x3fffe000, 0x404000), 0);
	assert_nowhere(&m, 0x40400000, 3);
	assert_nowhere(&m, 0x40401000, 3);
	assert_leaf(&m, 25, 0x40402000, 0x40402000, 3);
	assert_int_equal(m.t.used, 3);
	/* nothing is left of the two, in the third page of tables */
	assert_int_equal(m.phys.words[1024] | m.phys.words[1025], 0);
}

static void unmap_refuses_what_map_refuses(void **state)
{
	struct map_test m;

	(void)state;
	start(&m, 2, 1);
	assert_fails(&m, unmap(&m, 0x1000, 0), PIL_R_MMU_ALIGN, 0x1000, 0);
	assert_fails(&m, unmap(&m, 0x1001, 0x1000), PIL_R_MMU_ALIGN, 0x1001, 0x1000);
	assert_fails(&m, unmap(&m, 1ull << 39, 0x1000), PIL_R_MMU_ADDRESS_SIZE, 1ull << 39, 39);
	assert_int_equal(map(&m, 0, 0, 0x40000000, RW), 0);
	assert_fails(&m, unmap(&m, 0x1000, 0x1000), PIL_R_MMU_TABLE_FULL, 2, 0);
}

static uint64_t root_word(const struct map_test *m, unsigned int index)
{
	return m->phys.words[index];
}

/* stage 2 with concatenated roots: one array of 1 GiB entries (Arm ARM D8.2.2) */
static void wide_roots_are_one_array(void **state)
{
	struct map_test m = { 0 };

	(void)state;
	m.phys.words[0] = m.phys.words[1023] = ~0ull;
	pil_vmsa_init_wide(&m.t, (uint64_t(*)[512])m.phys.words, PHYS_BASE, 5, 2);
	assert_int_equal(root_word(&m, 0) | root_word(&m, 1023), 0);
	assert_int_equal(map(&m, 0x8000000000, 0x8000000000, 0x8000000000, RW), 0);
	assert_int_equal(map(&m, 0x7fffe00000, 0x7fffe00000, 0x200000, RW), 0);
	for (unsigned int i = 512; i < 1024; i++)
		assert_int_equal(root_word(&m, i), (uint64_t)i << 30 | RW | LEAF);
	assert_int_equal(root_word(&m, 511), page_pa(2) | TABLE);
	assert_int_equal(root_word(&m, 510), 0);
	assert_int_equal(unmap(&m, 0x8000000000, 0x1000), 0);
	assert_int_equal(root_word(&m, 512), page_pa(3) | TABLE);
	assert_fails(&m, unmap(&m, 0x8040000000, 0x1000), PIL_R_MMU_TABLE_FULL, 5, 0);
	assert_fails(&m, map(&m, 1ull << 40, 0, 0x1000, RW), PIL_R_MMU_ADDRESS_SIZE, 1ull << 40, 40);
	assert_fails(&m, map(&m, 0xfffffff000, 0, 0x2000, RW), PIL_R_MMU_ADDRESS_SIZE, 0xfffffff000, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walk_finds_the_largest_blocks_that_fit),
		cmocka_unit_test(runs_end_where_their_table_does),
		cmocka_unit_test(walk_starts_where_the_size_says),
		cmocka_unit_test(walk_of_a_small_root_at_any_16_bytes),
		cmocka_unit_test(walk_refuses_sizes_and_addresses),
		cmocka_unit_test(walk_refuses_reserved_forms),
		cmocka_unit_test(permissions_come_down_from_tables),
		cmocka_unit_test(walk_names_the_table_that_it_cannot_read),
		cmocka_unit_test(walk_of_a_table_that_is_its_own_child_ends),
		cmocka_unit_test(blocks_ignore_address_bits_below_their_size),
		cmocka_unit_test(a_block_in_the_way_is_split),
		cmocka_unit_test(map_refuses_what_does_not_fit),
		cmocka_unit_test(map_says_when_pages_run_out),
		cmocka_unit_test(unmap_takes_the_range_and_nothing_beside_it),
		cmocka_unit_test(what_comes_and_goes_needs_no_more_pages),
		cmocka_unit_test(unmap_of_what_is_not_mapped_takes_no_pages),
		cmocka_unit_test(unmap_goes_on_behind_what_is_not_mapped),
		cmocka_unit_test(unmap_refuses_what_map_refuses),
		cmocka_unit_test(wide_roots_are_one_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
