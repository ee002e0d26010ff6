/* SPDX-License-Identifier: BSD-2-Clause */
/* Granule protection tables (Arm ARM D9.5): 64-bit little-endian entries, two levels. */
#include <pilot/gpt.h>

/* level 0: a block says it for the whole region, a table leads to level 1 */
#define L0_BLOCK(gpi) ((uint64_t)(gpi) << 4 | 1u)
#define L0_TYPE(e)    ((e)&0xfu)
#define L0_TABLE      3u
#define L0_GPI(e)     ((enum pil_gpi)((e) >> 4 & 0xfu))
#define L0_ADDRESS    UINT64_C(0x000ffffffffff000)

/* level 1: four bits for each of 16 granules, the lowest address in the lowest bits */
#define L1_ALL(gpi)   (UINT64_C(0x1111111111111111) * (uint64_t)(gpi))
#define GRANULES      16u
#define SHIFT(number) (4u * (unsigned int)((number) % GRANULES))

void pil_gpt_init(struct pil_gpt *t, uint64_t *l0, uint64_t (*l1)[PIL_GPT_L1_WORDS], uint64_t l1_pa, unsigned int count)
{
	*t = (struct pil_gpt){ .l0 = l0, .l1 = l1, .l1_pa = l1_pa, .count = count };
	for (unsigned int i = 0; i < PIL_GPT_L0_WORDS; i++)
		l0[i] = L0_BLOCK(PIL_GPI_ANYBODY);
}

static uint64_t *table_of(const struct pil_gpt *t, uint64_t entry)
{
	return t->l1[((entry & L0_ADDRESS) - t->l1_pa) / sizeof(t->l1[0])];
}

/* make *@entry lead to a table that says what the block said; NULL when there is no table left */
static uint64_t *descend(struct pil_gpt *t, uint64_t *entry)
{
	uint64_t *table = NULL;

	if (L0_TYPE(*entry) == L0_TABLE)
		return table_of(t, *entry);
	if (t->used >= t->count)
		return NULL;
	table = t->l1[t->used];
	for (unsigned int i = 0; i < PIL_GPT_L1_WORDS; i++)
		table[i] = L1_ALL(L0_GPI(*entry));
	/* a walker on another CPU must not see the new table before what is in it */
	__atomic_store_n(entry, (t->l1_pa + t->used * sizeof(t->l1[0])) | L0_TABLE, __ATOMIC_RELEASE);
	t->used++;
	return table;
}

/* granules @first to @last of one region; whole words at once */
static void set_granules(uint64_t *table, uint64_t first, uint64_t last, enum pil_gpi gpi)
{
	for (uint64_t word = first / GRANULES; word <= last / GRANULES; word++) {
		uint64_t mask = UINT64_MAX;

		if (word == first / GRANULES)
			mask &= UINT64_MAX << SHIFT(first);
		if (word == last / GRANULES)
			mask &= UINT64_MAX >> (60 - SHIFT(last));
		__atomic_store_n(&table[word], (table[word] & ~mask) | (L1_ALL(gpi) & mask), __ATOMIC_RELEASE);
	}
}

int pil_gpt_set(struct pil_gpt *t, uint64_t base, uint64_t size, enum pil_gpi gpi, struct pil_why *why)
{
	if ((base | size) & (PIL_GPT_GRANULE - 1) || !size)
		return pil_fail(why, PIL_R_MMU_ALIGN, base, size);
	if (base >= PIL_GPT_ADDRESSES || size > PIL_GPT_ADDRESSES - base)
		return pil_fail(why, PIL_R_MMU_ADDRESS_SIZE, base, 32);
	while (size) {
		uint64_t inside = base % PIL_GPT_REGION;
		uint64_t step = size < PIL_GPT_REGION - inside ? size : PIL_GPT_REGION - inside;
		uint64_t *table = descend(t, &t->l0[base / PIL_GPT_REGION]);

		if (!table)
			return pil_fail(why, PIL_R_MMU_TABLE_FULL, t->used, 0);
		set_granules(table, inside / PIL_GPT_GRANULE, (inside + step - 1) / PIL_GPT_GRANULE, gpi);
		base += step;
		size -= step;
	}
	return 0;
}

enum pil_gpi pil_gpt_get(const struct pil_gpt *t, uint64_t address)
{
	uint64_t entry = 0, granule = address % PIL_GPT_REGION / PIL_GPT_GRANULE;

	if (address >= PIL_GPT_ADDRESSES)
		return PIL_GPI_NONSECURE;
	entry = t->l0[address / PIL_GPT_REGION];
	if (L0_TYPE(entry) != L0_TABLE)
		return L0_GPI(entry);
	return (enum pil_gpi)(table_of(t, entry)[granule / GRANULES] >> SHIFT(granule) & 0xfu);
}
