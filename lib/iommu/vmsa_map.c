/* SPDX-License-Identifier: BSD-2-Clause */
/* Building translation tables (Arm ARM D8.2, D8.3; 4 KiB granule). Stage 1 and stage 2 differ only in attributes. */
#include <string.h>

#include <pilot/vmsa.h>

#define PAGE	   0x1000ull
#define OUTPUT	   0x0000fffffffff000ull /* 48 bits: no FEAT_LPA */
#define OUTPUT_END (1ull << 48)
#define LAST_LEVEL 3u

static unsigned int level_shift(unsigned int level)
{
	return 39 - 9 * level;
}

void pil_vmsa_init(struct pil_vmsa *t, uint64_t (*pages)[512], uint64_t pages_pa, unsigned int count,
		   unsigned int start_level)
{
	*t = (struct pil_vmsa){
		.pages = pages,
		.pages_pa = pages_pa,
		.count = count,
		.used = 1,
		.start_level = start_level,
		.roots = 1,
	};
	memset(pages[0], 0, sizeof(pages[0]));
}

void pil_vmsa_init_wide(struct pil_vmsa *t, uint64_t (*pages)[512], uint64_t pages_pa, unsigned int count,
			unsigned int roots)
{
	pil_vmsa_init(t, pages, pages_pa, count, 1);
	t->roots = roots;
	t->used = roots;
	for (unsigned int i = 1; i < roots; i++)
		memset(pages[i], 0, sizeof(pages[i]));
}

/* the page that a table descriptor of ours points to */
static uint64_t *table_page(const struct pil_vmsa *t, uint64_t desc)
{
	return t->pages[((desc & OUTPUT) - t->pages_pa) / PAGE];
}

/* what a block at @level becomes one level down: 512 leaves that say the same */
static void split_block(uint64_t *page, uint64_t block, unsigned int level)
{
	uint64_t step = 1ull << level_shift(level + 1);
	uint64_t desc = level + 1 == LAST_LEVEL ? block | PIL_VMSA_TABLE : block;

	for (unsigned int i = 0; i < 512; i++)
		page[i] = desc + i * step;
}

/* make *@entry of @level a table, keeping what it maps; NULL when there is no page left */
static uint64_t *descend(struct pil_vmsa *t, uint64_t *entry, unsigned int level)
{
	uint64_t *page = NULL;

	if ((*entry & PIL_VMSA_VALID) && (*entry & PIL_VMSA_TABLE))
		return table_page(t, *entry);
	if (t->used >= t->count)
		return NULL;
	page = t->pages[t->used];
	if (*entry & PIL_VMSA_VALID)
		split_block(page, *entry, level);
	else
		memset(page, 0, PAGE);
	/* a walker on another CPU must not see the new table before what is in it */
	__atomic_store_n(entry, (t->pages_pa + t->used * PAGE) | PIL_VMSA_VALID | PIL_VMSA_TABLE, __ATOMIC_RELEASE);
	t->used++;
	return page;
}

/* the highest level, from 1 down, whose block starts at both addresses and fits */
static unsigned int leaf_level(uint64_t va, uint64_t pa, uint64_t size)
{
	for (unsigned int level = 1; level < LAST_LEVEL; level++) {
		uint64_t block = 1ull << level_shift(level);

		if (!((va | pa) & (block - 1)) && size >= block)
			return level;
	}
	return LAST_LEVEL;
}

/* the entry of the root for @va; concatenated roots are one array of their entries */
static uint64_t *root_entry(struct pil_vmsa *t, uint64_t va)
{
	uint64_t index = va >> level_shift(t->start_level);

	return &t->pages[index / 512 & (t->roots - 1)][index & 511];
}

/* how many leaves of @level, from @va on, lie in one table and in @size bytes */
static uint64_t run_length(uint64_t va, uint64_t size, unsigned int level)
{
	uint64_t room = 512 - (va >> level_shift(level) & 511);
	uint64_t wanted = size >> level_shift(level);

	return wanted < room ? wanted : room;
}

/*
 * Write @count leaves that lie in one table, which is looked for once. @desc: the first one at level @leaf without VALID and
 * TABLE, never 0 because of its AF; 0: nothing is to be there.
 */
static int put_leaves(struct pil_vmsa *t, uint64_t va, unsigned int leaf, uint64_t desc, uint64_t count,
		      struct pil_why *why)
{
	uint64_t *entry = root_entry(t, va);
	uint64_t step = desc ? 1ull << level_shift(leaf) : 0;

	for (unsigned int level = t->start_level; level < leaf; level++) {
		uint64_t *page = NULL;

		if (!desc && !(*entry & PIL_VMSA_VALID))
			return 0;
		page = descend(t, entry, level);
		if (!page)
			return pil_fail(why, PIL_R_MMU_TABLE_FULL, t->used, 0);
		entry = &page[(va >> level_shift(level + 1)) & 511];
	}
	if (desc)
		desc |= PIL_VMSA_VALID | (leaf == LAST_LEVEL ? PIL_VMSA_TABLE : 0);
	for (uint64_t i = 0; i < count; i++, desc += step)
		__atomic_store_n(&entry[i], desc, __ATOMIC_RELEASE);
	return 0;
}

static int check_range(const struct pil_vmsa *t, uint64_t va, uint64_t pa, uint64_t size, struct pil_why *why)
{
	/* roots are a power of two */
	uint64_t end = (uint64_t)t->roots << (level_shift(t->start_level) + 9);

	if ((va | pa | size) & (PAGE - 1) || !size)
		return pil_fail(why, PIL_R_MMU_ALIGN, va, size);
	if (va >= end || size > end - va)
		return pil_fail(why, PIL_R_MMU_ADDRESS_SIZE, va, (unsigned int)__builtin_ctzll(end));
	if (pa >= OUTPUT_END || size > OUTPUT_END - pa)
		return pil_fail(why, PIL_R_MMU_ADDRESS_SIZE, pa, 48);
	return 0;
}

int pil_vmsa_map(struct pil_vmsa *t, uint64_t va, uint64_t pa, uint64_t size, uint64_t attrs, struct pil_why *why)
{
	int err = check_range(t, va, pa, size, why);

	while (!err && size) {
		unsigned int level = leaf_level(va, pa, size);
		uint64_t count = run_length(va, size, level), step = count << level_shift(level);

		err = put_leaves(t, va, level, pa | attrs | PIL_VMSA_AF, count, why);
		va += step;
		pa += step;
		size -= step;
	}
	return err;
}

int pil_vmsa_unmap(struct pil_vmsa *t, uint64_t va, uint64_t size, struct pil_why *why)
{
	int err = check_range(t, va, va, size, why);

	while (!err && size) {
		unsigned int level = leaf_level(va, va, size);
		uint64_t count = run_length(va, size, level), step = count << level_shift(level);

		err = put_leaves(t, va, level, 0, count, why);
		va += step;
		size -= step;
	}
	return err;
}
