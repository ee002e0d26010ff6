/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building the translation table of a carve-out: as pil_vmsa_map() does it, in the largest blocks that fit, and as a loop over its pages
 * does, one call for each. What was built is looked up page by page before any number is printed.
 */
#include "cost.h"
#include "entries.h"

#define CARVEOUT UINT64_C(0x10000000) /* 256 MiB */
#define PAGE	 UINT64_C(0x1000)
#define BASE	 UINT64_C(0xb0000000)
#define POOL	 136u /* root, one of the second level, 129 of the third; some more */
#define ATTRS	 (PIL_VMSA_ATTR(1) | PIL_VMSA_SH_INNER | PIL_VMSA_AP_EL0)
#define T0SZ	 25u /* of a root at level 1 */

/** struct table_case - where the carve-out begins, and where a core sees it; what the two ways to build are called */
struct table_case {
	const char *blocks, *pages;
	uint64_t va, pa;
};

static const struct table_case cases[] = {
	{ "aligned-blocks", "aligned-pages", BASE, BASE },
	{ "page-further-blocks", "page-further-pages", BASE + PAGE, BASE + PAGE },
	{ "seen-page-further-blocks", "seen-page-further-pages", BASE + PAGE, BASE },
};

static uint64_t pool[POOL][512] __attribute__((aligned(4096)));

static int in_blocks(struct pil_vmsa *t, const struct table_case *c)
{
	return pil_vmsa_map(t, c->va, c->pa, CARVEOUT, ATTRS, NULL);
}

static int by_page(struct pil_vmsa *t, const struct table_case *c)
{
	int err = 0;

	for (uint64_t at = 0; !err && at < CARVEOUT; at += PAGE)
		err = pil_vmsa_map(t, c->va + at, c->pa + at, PAGE, ATTRS, NULL);
	return err;
}

static int read_word(void *ctx, uint64_t pa, uint64_t *value)
{
	(void)ctx;
	*value = *(const uint64_t *)pa;
	return 0;
}

/* does every page lead where it should, and what lies beside them nowhere? */
static bool maps(const struct pil_vmsa *t, const struct table_case *c)
{
	struct pil_phys phys = { .read64 = read_word };
	struct pil_leaf leaf = { 0 };
	uint64_t at = 0;

	while (at < CARVEOUT && !pil_vmsa_walk(&phys, t->pages_pa, T0SZ, c->va + at, &leaf, NULL) &&
	       leaf.pa == c->pa + at)
		at += PAGE;
	return same("bytes that are mapped", (int64_t)at, (int64_t)CARVEOUT) &&
	       same("before it", pil_vmsa_walk(&phys, t->pages_pa, T0SZ, c->va - PAGE, &leaf, NULL), -PIL_ERANGE) &&
	       same("behind it", pil_vmsa_walk(&phys, t->pages_pa, T0SZ, c->va + CARVEOUT, &leaf, NULL), -PIL_ERANGE);
}

static bool cost_of_table(const char *what, int (*build)(struct pil_vmsa *t, const struct table_case *c),
			  const struct table_case *c)
{
	struct pil_vmsa t = { 0 };
	struct table_count count = { 0 };
	uint64_t start = 0, end = 0;
	int err = 0;

	pil_vmsa_init(&t, pool, (uint64_t)pool, POOL, 1);
	start = cost_now();
	err = build(&t, c);
	end = cost_now();
	if (!same("pil_vmsa_map", err, 0) || !maps(&t, c))
		return false;
	count = table_count(&t);
	cost_print("build", what, cost_instructions(end - start));
	cost_print("pages", what, count.pages);
	cost_print("entries", what, count.tables + count.leaves);
	return true;
}

bool cost_tables(void)
{
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!cost_of_table(cases[i].blocks, in_blocks, &cases[i]) ||
		    !cost_of_table(cases[i].pages, by_page, &cases[i]))
			return false;
	return true;
}
