/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "draw/address_layout.h"

#define LANES_MAX  6u  /* what overlaps more often shares the last lane */
#define FREE_LABEL 20u /* pixels that a free slice needs for its words */
#define BREAK	   30u /* pixels of addresses where nothing is */
#define PAGE_BITS  12u
#define HOLE_LEAST                                                                                                     \
	(1ull << 30) /* where the tree does not say what is memory, so much between two regions is drawn as a break */

static void add_item(struct layout *l, struct item item, uint64_t size)
{
	if (!size)
		return;
	if (l->item_count == ITEMS_MAX) {
		l->left_out++;
		return;
	}
	/* what wraps ends where addresses do */
	item.last = size - 1 > UINT64_MAX - item.base ? UINT64_MAX : item.base + size - 1;
	l->items = pool_grow(&l->pool, l->items, l->item_count, sizeof(*l->items));
	l->items[l->item_count++] = item;
}

static void add_banks(struct layout *l, const struct memory_bank *banks, unsigned int count, enum item_kind kind)
{
	unsigned int i = 0;

	for (i = 0; i < count; i++)
		add_item(l, (struct item){ .kind = kind, .base = banks[i].base, .bank = &banks[i], .lanes = 1 },
			 banks[i].size);
}

static int by_address(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->last != y->last)
		return x->last > y->last ? -1 : 1;
	/* the file's order: qsort() need not keep it */
	return x->region < y->region ? -1 : x->region > y->region;
}

static void collect(struct layout *l, const struct board_model *m)
{
	unsigned int i = 0;

	add_banks(l, m->memory, m->memory_count, ITEM_BANK);
	l->sized = l->item_count;
	add_banks(l, m->reserves, m->reserve_count, ITEM_RESERVE);
	for (i = 0; i < m->region_count; i++) {
		const struct region *r = &m->regions[i];

		if (!r->dynamic)
			add_item(l, (struct item){ .kind = ITEM_REGION, .base = r->base, .region = r }, r->size);
	}
	if (l->item_count)
		qsort(l->items, l->item_count, sizeof(*l->items), by_address);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* every address at which something begins, or that follows the last of something; sorted, each once; returns how many */
static unsigned int edges(struct layout *l, uint64_t *edge)
{
	unsigned int all = 0;
	unsigned int count = 0;
	unsigned int i = 0;

	for (i = 0; i < l->item_count; i++) {
		edge[all++] = l->items[i].base;
		if (l->items[i].last != UINT64_MAX)
			edge[all++] = l->items[i].last + 1;
	}
	qsort(edge, all, sizeof(*edge), by_value);
	for (i = 0; i < all; i++)
		if (!count || edge[count - 1] != edge[i])
			edge[count++] = edge[i];
	return count;
}

static unsigned int slice_at(const struct layout *l, uint64_t address)
{
	unsigned int low = 0;
	unsigned int high = l->slice_count;

	/* the last that begins at or below @address */
	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;

		if (l->slices[middle].base <= address)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool reaches_end(const struct layout *l)
{
	unsigned int i = 0;

	for (i = 0; i < l->item_count; i++)
		if (l->items[i].last == UINT64_MAX)
			return true;
	return false;
}

static void cut(struct layout *l)
{
	uint64_t *edge = pool_alloc(&l->pool, (2 * (size_t)l->item_count + 1) * sizeof(*edge));
	unsigned int count = edges(l, edge);
	bool whole = reaches_end(l);
	unsigned int i = 0;

	l->slices = pool_alloc(&l->pool, (size_t)count * sizeof(*l->slices));
	for (i = 0; i + 1 < count; i++)
		l->slices[l->slice_count++] = (struct slice){ .base = edge[i], .last = edge[i + 1] - 1 };
	if (whole)
		l->slices[l->slice_count++] = (struct slice){ .base = edge[count - 1], .last = UINT64_MAX };
	for (i = 0; i < l->item_count; i++) {
		struct item *item = &l->items[i];
		unsigned int s = 0;

		item->first = slice_at(l, item->base);
		item->end = slice_at(l, item->last) + 1;
		l->slices[item->first].lines++;
		for (s = item->first; s < item->end; s++) {
			l->slices[s].memory |= item->kind == ITEM_BANK;
			l->slices[s].taken |= item->kind != ITEM_BANK;
		}
	}
}

/* regions from @from to @to overlap directly or by way of others: all take the same number of lanes */
static void end_cluster(struct layout *l, unsigned int from, unsigned int to, unsigned int lanes)
{
	unsigned int i = 0;

	for (i = from; i < to; i++)
		l->items[i].lanes = lanes;
}

static bool counts(const struct item *item)
{
	return item->kind == ITEM_RESERVE || (item->kind == ITEM_REGION && item->region->enabled);
}

static void mark_overlap(struct layout *l, unsigned int index)
{
	struct item *item = &l->items[index];
	unsigned int i = 0;

	for (i = 0; i < index; i++) {
		struct item *other = &l->items[i];

		if (counts(other) && counts(item) && other->last >= item->base)
			other->overlaps = item->overlaps = true;
	}
}

/* side by side, each in the first lane that is free again */
static void choose_lanes(struct layout *l)
{
	uint64_t last[LANES_MAX] = { 0 };
	uint64_t furthest = 0;
	unsigned int from = 0;
	unsigned int lanes = 0;
	unsigned int i = 0;

	for (i = 0; i < l->item_count; i++) {
		struct item *item = &l->items[i];

		if (item->kind == ITEM_BANK)
			continue;
		if (!lanes || item->base > furthest) {
			end_cluster(l, from, i, lanes);
			from = i;
			lanes = 0;
			furthest = item->last;
		}
		while (item->lane + 1 < LANES_MAX && item->lane < lanes && last[item->lane] >= item->base)
			item->lane++;
		lanes = item->lane + 1 > lanes ? item->lane + 1 : lanes;
		last[item->lane] = item->last;
		furthest = item->last > furthest ? item->last : furthest;
		mark_overlap(l, i);
	}
	end_cluster(l, from, i, lanes);
}

/* how often a page doubles to hold so much */
static unsigned int doublings(uint64_t bytes)
{
	unsigned int bits = 0;

	for (bytes >>= PAGE_BITS; bytes; bytes >>= 1)
		bits++;
	return bits;
}

bool slice_is_break(const struct layout *l, const struct slice *s)
{
	return !s->taken && !s->memory && (l->sized || s->last - s->base >= HOLE_LEAST);
}

static unsigned int slice_height(const struct layout *l, const struct slice *s)
{
	unsigned int words = s->lines * ROW_HEIGHT + (s->lines ? 3 : 0);
	unsigned int scale = doublings(s->last - s->base);

	if (s->taken)
		scale = 12 + scale * 2;
	else if (slice_is_break(l, s))
		scale = BREAK;
	else
		scale = scale < 5 ? 8 : FREE_LABEL + scale;
	if (!s->taken && s->lines)
		words += FREE_LABEL;
	return words > scale ? words : scale;
}

/* as one looks at a list: low addresses first */
static void stack(struct layout *l)
{
	unsigned int i = 0;

	for (i = 0; i < l->slice_count; i++) {
		l->slices[i].y = l->height;
		l->slices[i].height = slice_height(l, &l->slices[i]);
		l->height += l->slices[i].height;
		l->slices[i].lines = 0;
	}
	for (i = 0; i < l->item_count; i++) {
		struct slice *s = &l->slices[l->items[i].first];

		l->items[i].y = s->y + 1 + s->lines++ * ROW_HEIGHT;
	}
}

void layout_make(struct layout *l, const struct board_model *m)
{
	*l = (struct layout){ 0 };
	collect(l, m);
	if (!l->item_count)
		return;
	cut(l);
	choose_lanes(l);
	stack(l);
}

void layout_free(struct layout *l)
{
	pool_free(&l->pool);
	*l = (struct layout){ 0 };
}
