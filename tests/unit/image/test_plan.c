/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <pilot/plan.h>

#include "expect.h"
#include "imagegen.h"

#define LOAD_RELOCATABLE 0x08000007u
#define LOAD_FIXED	 0x00000007u

static uint8_t buf[65536];
static struct imagegen gen;
static struct pil_plan plan;
static struct pil_why why;

static void begin(bool is64)
{
	imagegen_init(&gen, &pil_crypto_openssl, is64);
	gen.count = 0;
}

static int measure(void)
{
	struct pil_elf elf = { 0 };
	size_t size = imagegen_metadata(&gen, buf, sizeof(buf));

	assert_true(size > 0);
	assert_int_equal(pil_elf_parse(buf, size, &elf, NULL), 0);
	memset(&why, 0, sizeof(why));
	return pil_plan_measure(&elf, &plan, &why);
}

static int place(uint64_t base, uint64_t size)
{
	return pil_plan_place(&plan, (struct pil_range){ base, size }, &why);
}

static void segments_come_in_ascending_order(void **state)
{
	(void)state;
	begin(false);
	(void)imagegen_add(&gen, 0x3000, 0x10, 0x20);
	(void)imagegen_add(&gen, 0x1000, 0x30, 0x30);
	(void)imagegen_add(&gen, 0x2000, 0, 0x1000);
	assert_int_equal(measure(), 0);
	assert_int_equal(plan.count, 3);
	assert_int_equal(plan.seg[0].index, 3);
	assert_int_equal(plan.seg[1].index, 4);
	assert_int_equal(plan.seg[2].index, 2);
	assert_int_equal(plan.seg[2].dest, 0x3000);
	assert_int_equal(plan.seg[2].filesz, 0x10);
	assert_int_equal(plan.seg[2].memsz, 0x20);
	assert_int_equal(plan.lowest, 0x1000);
	assert_int_equal(plan.span, 0x3000);
}

static void offset_is_the_place_in_the_file(void **state)
{
	struct imagegen_layout layout = { 0 };

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, true);
	imagegen_layout(&gen, &layout);
	assert_int_equal(measure(), 0);
	assert_int_equal(plan.seg[1].offset, layout.offset[3]);
}

static void span_ends_with_a_page_but_begins_where_it_begins(void **state)
{
	(void)state;
	begin(false);
	(void)imagegen_add(&gen, 0x1800, 0, 1);
	(void)imagegen_add(&gen, 0x4000, 0, 0x1001);
	assert_int_equal(measure(), 0);
	assert_int_equal(plan.span, 0x6000 - 0x1800);
}

static void only_loadable_segments_count(void **state)
{
	(void)state;
	begin(false);
	imagegen_add(&gen, 0x1000, 0, 0x100)->type = 6;		  /* PT_PHDR */
	imagegen_add(&gen, 0x2000, 0, 0x100)->flags = 0x0a000007; /* of type hash */
	(void)imagegen_add(&gen, 0x3000, 0, 0);			  /* nothing in memory */
	(void)imagegen_add(&gen, 0x4000, 0x10, 0x100);
	imagegen_add(&gen, 0x4000, 0, 0x100)->type = 2; /* PT_DYNAMIC, inside the one before */
	assert_int_equal(measure(), 0);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.lowest, 0x4000);
}

static void relocatable_goes_to_the_start_of_its_memory(void **state)
{
	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	assert_int_equal(measure(), 0);
	assert_true(plan.relocatable);
	assert_int_equal(plan.span, 0x4000);
	assert_int_equal(place(0x40000000, 0x4000), 0);
	assert_int_equal(plan.seg[0].dest, 0x40000000);
	assert_int_equal(plan.seg[1].dest, 0x40001000);
	assert_int_equal(plan.seg[2].dest, 0x40002000);
	assert_true(plan.entry_inside);
	assert_int_equal(plan.entry, 0x40000010);
	assert_int_equal(plan.lowest, 0x95c00000);
	assert_int_equal(plan.base, 0x40000000);
}

static void placing_again_forgets_the_first_place(void **state)
{
	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	assert_int_equal(measure(), 0);
	assert_int_equal(place(0x40000000, 0x4000), 0);
	assert_int_equal(place(UINT64_C(0xa00000000), 0x8000), 0);
	assert_int_equal(plan.seg[2].dest, UINT64_C(0xa00002000));
	assert_int_equal(plan.entry, UINT64_C(0xa00000010));
	assert_int_equal(place(0, 0x4000), 0);
	assert_int_equal(plan.seg[0].dest, 0);
	assert_int_equal(plan.entry, 0x10);
}

static void one_relocatable_segment_makes_the_image_relocatable(void **state)
{
	(void)state;
	begin(false);
	imagegen_add(&gen, 0x5000, 0, 0x100)->flags = LOAD_FIXED;
	imagegen_add(&gen, 0x6000, 0, 0x100)->flags = LOAD_RELOCATABLE;
	assert_int_equal(measure(), 0);
	assert_true(plan.relocatable);
	assert_int_equal(place(0x10000, 0x2000), 0);
	assert_int_equal(plan.seg[0].dest, 0x10000);
}

static void fixed_image_stays_where_the_file_says(void **state)
{
	(void)state;
	begin(false);
	imagegen_add(&gen, 0x5000, 0, 0x100)->flags = LOAD_FIXED;
	gen.entry = 0x50ff;
	assert_int_equal(measure(), 0);
	assert_false(plan.relocatable);
	assert_int_equal(place(0x4000, 0x2000), 0);
	assert_int_equal(plan.seg[0].dest, 0x5000);
	assert_int_equal(plan.entry, 0x50ff);
	expect_why(place(0x5001, 0x2000), &why, PIL_R_PLAN_OUTSIDE, 2, 0x5100);
	expect_reason(place(0x5000, 0xff), &why, PIL_R_PLAN_OUTSIDE);
}

static void outside_is_refused_and_changes_nothing(void **state)
{
	struct pil_plan before = { 0 };

	(void)state;
	imagegen_init(&gen, &pil_crypto_openssl, false);
	assert_int_equal(measure(), 0);
	before = plan;
	expect_why(place(0x40000000, 0x3fff), &why, PIL_R_PLAN_OUTSIDE, 4, 0x40004000);
	expect_reason(place(0x40000000, 0), &why, PIL_R_PLAN_OUTSIDE);
	expect_reason(place(UINT64_MAX - 0x2fff, 0x4000), &why, PIL_R_PLAN_OUTSIDE);
	expect_reason(place(UINT64_MAX - 0x2fff, 0x3000), &why, PIL_R_PLAN_OUTSIDE);
	assert_memory_equal(&plan, &before, sizeof(plan));
}

static void entry_outside_is_a_fact_and_no_failure(void **state)
{
	static const uint64_t outside[] = { 0, 0xfff, 0x1100, 0x2000, 0x20ff, UINT32_MAX };
	size_t i = 0;

	(void)state;
	begin(false);
	(void)imagegen_add(&gen, 0x1000, 0, 0x100);
	imagegen_add(&gen, 0x2000, 0, 0x100)->type = 6;
	for (i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		gen.entry = outside[i];
		assert_int_equal(measure(), 0);
		assert_false(plan.entry_inside);
		assert_int_equal(plan.entry, 0);
		assert_int_equal(place(0x70000, 0x1000), 0);
		assert_int_equal(plan.entry, 0);
	}
	gen.entry = 0x10ff;
	assert_int_equal(measure(), 0);
	assert_true(plan.entry_inside);
}

static void overlap_is_refused_touching_is_not(void **state)
{
	(void)state;
	begin(false);
	(void)imagegen_add(&gen, 0x2000, 0, 0x1000);
	(void)imagegen_add(&gen, 0x1000, 0, 0x1000);
	(void)imagegen_add(&gen, 0x3000, 0, 0x1000);
	assert_int_equal(measure(), 0);
	gen.segment[1].memsz++;
	expect_why(measure(), &why, PIL_R_PLAN_OVERLAP, 2, 3);
	assert_int_equal(plan.count, 0);
	gen.segment[1].memsz = 0x1000;
	gen.segment[2].paddr = 0x800;
	gen.segment[2].memsz = 0x10000; /* around both others */
	expect_reason(measure(), &why, PIL_R_PLAN_OVERLAP);
}

static void more_in_the_file_than_in_memory_is_refused(void **state)
{
	(void)state;
	begin(false);
	(void)imagegen_add(&gen, 0x1000, 0x101, 0x100);
	expect_why(measure(), &why, PIL_R_ELF_FILESZ, 2, 0x100);
}

static void wrapping_segments_are_refused(void **state)
{
	(void)state;
	begin(true);
	(void)imagegen_add(&gen, UINT64_MAX - 0xff, 0, 0x100);
	expect_why(measure(), &why, PIL_R_ELF_SEGMENT_WRAP, 2, UINT64_MAX - 0xff);
	gen.segment[0].memsz = UINT64_MAX;
	expect_reason(measure(), &why, PIL_R_ELF_SEGMENT_WRAP);
	gen.segment[0].paddr = UINT64_MAX - 0x1fff; /* the last page but one: the page's end is an address */
	gen.segment[0].memsz = 0x1000;
	assert_int_equal(measure(), 0);
	assert_int_equal(plan.span, 0x1000);
	gen.segment[0].memsz = 0x1001;
	expect_reason(measure(), &why, PIL_R_ELF_SEGMENT_WRAP);
}

static void nothing_to_load_and_too_much_are_refused(void **state)
{
	unsigned int i = 0;

	(void)state;
	begin(false);
	expect_why(measure(), &why, PIL_R_PLAN_EMPTY, 2, 0);
	for (i = 0; i < PIL_PLAN_MAX; i++)
		(void)imagegen_add(&gen, 0x100000 - i * 0x1000, 0, 0x1000);
	assert_int_equal(measure(), 0);
	assert_int_equal(plan.count, PIL_PLAN_MAX);
	(void)imagegen_add(&gen, 0x200000, 0, 0x1000);
	expect_why(measure(), &why, PIL_R_PLAN_TOO_MANY, PIL_PLAN_MAX, 0);
}

static struct pil_range range(uint64_t base, uint64_t size)
{
	return (struct pil_range){ base, size };
}

static void ranges_contain(void **state)
{
	(void)state;
	assert_true(pil_range_contains(range(10, 10), range(10, 10)));
	assert_true(pil_range_contains(range(10, 10), range(19, 1)));
	assert_false(pil_range_contains(range(10, 10), range(9, 2)));
	assert_false(pil_range_contains(range(10, 10), range(19, 2)));
	assert_false(pil_range_contains(range(10, 10), range(12, 0)));
	assert_false(pil_range_contains(range(10, 0), range(10, 1)));
	assert_false(pil_range_contains(range(10, UINT64_MAX), range(12, 1)));
	assert_false(pil_range_contains(range(10, 10), range(12, UINT64_MAX)));
	assert_true(pil_range_contains(range(0, UINT64_MAX), range(5, UINT64_MAX - 5)));
}

static void ranges_overlap(void **state)
{
	(void)state;
	assert_true(pil_range_overlaps(range(10, 10), range(19, 10)));
	assert_true(pil_range_overlaps(range(19, 10), range(10, 10)));
	assert_false(pil_range_overlaps(range(10, 10), range(20, 10)));
	assert_false(pil_range_overlaps(range(20, 10), range(10, 10)));
	assert_false(pil_range_overlaps(range(10, 10), range(15, 0)));
	assert_false(pil_range_overlaps(range(15, 0), range(10, 10)));
	assert_true(pil_range_overlaps(range(UINT64_MAX, 2), range(500, 1)));
	assert_true(pil_range_overlaps(range(500, 1), range(UINT64_MAX, 1)));
	assert_true(pil_range_wraps(range(UINT64_MAX, 1)));
	assert_false(pil_range_wraps(range(UINT64_MAX, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_come_in_ascending_order),
		cmocka_unit_test(offset_is_the_place_in_the_file),
		cmocka_unit_test(span_ends_with_a_page_but_begins_where_it_begins),
		cmocka_unit_test(only_loadable_segments_count),
		cmocka_unit_test(relocatable_goes_to_the_start_of_its_memory),
		cmocka_unit_test(placing_again_forgets_the_first_place),
		cmocka_unit_test(one_relocatable_segment_makes_the_image_relocatable),
		cmocka_unit_test(fixed_image_stays_where_the_file_says),
		cmocka_unit_test(outside_is_refused_and_changes_nothing),
		cmocka_unit_test(entry_outside_is_a_fact_and_no_failure),
		cmocka_unit_test(overlap_is_refused_touching_is_not),
		cmocka_unit_test(more_in_the_file_than_in_memory_is_refused),
		cmocka_unit_test(wrapping_segments_are_refused),
		cmocka_unit_test(nothing_to_load_and_too_much_are_refused),
		cmocka_unit_test(ranges_contain),
		cmocka_unit_test(ranges_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
