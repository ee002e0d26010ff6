/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting what was written to a translation table, for the measurements of tests/guest/cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "entries.h"

#define POOL  8u
#define ATTRS (PIL_VMSA_ATTR(1) | PIL_VMSA_SH_INNER)

struct count_test {
	uint64_t pages[POOL][512];
	struct pil_vmsa t;
};

static void assert_count(const struct count_test *c, uint64_t pages, uint64_t tables, uint64_t leaves)
{
	struct table_count count = table_count(&c->t);

	assert_int_equal(count.pages, pages);
	assert_int_equal(count.tables, tables);
	assert_int_equal(count.leaves, leaves);
}

static void start(struct count_test *c)
{
	*c = (struct count_test){ 0 };
	pil_vmsa_init(&c->t, c->pages, 0x40000000, POOL, 1);
}

static void map(struct count_test *c, uint64_t va, uint64_t pa, uint64_t size)
{
	assert_int_equal(pil_vmsa_map(&c->t, va, pa, size, ATTRS, NULL), 0);
}

static void an_empty_table_has_its_root_alone(void **state)
{
	static struct count_test c;

	(void)state;
	start(&c);
	assert_count(&c, 1, 0, 0);
	/* what lies in pages that are not taken does not count */
	c.pages[1][0] = PIL_VMSA_VALID;
	assert_count(&c, 1, 0, 0);
}

static void leaves_of_every_size_count_once(void **state)
{
	static struct count_test c;

	(void)state;
	start(&c);
	map(&c, 0x80000000, 0x80000000, 0x40000000);
	assert_count(&c, 1, 0, 1);
	map(&c, 0x40000000, 0x40000000, 0x600000);
	assert_count(&c, 2, 1, 4);
	map(&c, 0x40600000, 0x40600000, 0x3000);
	assert_count(&c, 3, 2, 7);
	map(&c, 0x40a01000, 0x0, 0x1ff000);
	assert_count(&c, 4, 3, 7 + 511);
	assert_int_equal(pil_vmsa_unmap(&c.t, 0x40a01000, 0x1000, NULL), 0);
	assert_count(&c, 4, 3, 7 + 510);
}

static void no_entry_leads_to_the_roots(void **state)
{
	static struct count_test c;

	(void)state;
	pil_vmsa_init_wide(&c.t, c.pages, 0x40000000, POOL, 2);
	assert_count(&c, 2, 0, 0);
	map(&c, 0x8000000000, 0x1000, 0x1000);
	assert_count(&c, 4, 2, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_table_has_its_root_alone),
		cmocka_unit_test(leaves_of_every_size_count_once),
		cmocka_unit_test(no_entry_leads_to_the_roots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
