/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: reserved memory, and what peripherals say of it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "board/check.h"

#define PAGE	 0x1000u
#define FOUR_GIB ((uint64_t)1 << 32)

/* the node is a processor's or in one, an IOMMU, or reserved memory: the rest of a tree is others' business */
static bool is_ours(const struct check *c, int node)
{
	if (node == TREE_NONE || c->peripheral_at[node] != MODEL_NONE)
		return true;
	if (c->reserved != TREE_NONE && tree_is_within(c->tree, node, c->reserved))
		return true;
	return model_iommu_at(c->model, node) != MODEL_NONE;
}

/* problems of memory-region have rules of their own; those of a node that is disabled can wait until it is enabled */
static void broken(struct check *c)
{
	const struct board_model *m = c->model;
	unsigned int i = 0;

	for (i = 0; i < m->problem_count && !check_full(c); i++) {
		const struct model_problem *p = &m->problems[i];
		const bool enabled = p->node == TREE_NONE || c->tree->nodes[p->node].enabled;

		if (!enabled || !is_ours(c, p->node))
			continue;
		if (!p->property)
			check_found(c, RULE_TREE_BROKEN, p->path, "", "%s", p->text);
		else if (strcmp(p->property, "memory-region"))
			check_found(c, RULE_TREE_BROKEN, p->path, p->property, "%s: %s", p->property, p->text);
	}
}

static bool same_cells(const struct tree *t, int node, const char *name, uint32_t absent)
{
	uint32_t here = 0, root = 0;

	if (!tree_u32(t, 0, name, &root))
		root = absent;
	return tree_u32(t, node, name, &here) && here == root;
}

static void root_of_regions(struct check *c)
{
	const int node = c->reserved;

	if (node == TREE_NONE || tree_child(c->tree, node) == TREE_NONE)
		return;
	if (!tree_has(c->tree, node, "ranges"))
		check_found(c, RULE_RESERVED_MEMORY_CELLS, tree_path(c->tree, node), "ranges", "has no ranges");
	/* Linux's defaults where the root says nothing */
	if (!same_cells(c->tree, node, "#address-cells", 1))
		check_found(c, RULE_RESERVED_MEMORY_CELLS, tree_path(c->tree, node), "#address-cells",
			    "has another #address-cells than the root");
	if (!same_cells(c->tree, node, "#size-cells", 1))
		check_found(c, RULE_RESERVED_MEMORY_CELLS, tree_path(c->tree, node), "#size-cells",
			    "has another #size-cells than the root");
}

/* entries of memory-region that the stock driver takes by number; 0 where it can do without */
static unsigned int needed(const struct peripheral *p)
{
	unsigned int count = 1;
	unsigned int i = 0;

	if (p->service != SERVICE_SCM)
		return 0;
	if (p->kind == PERIPHERAL_VIDEO || p->kind == PERIPHERAL_GPU_ZAP)
		return 1;
	if (!rules_is_pas(p))
		return 0;
	for (i = 0; i < p->pas_count; i++)
		count += !strcmp(p->pas[i].what, "dtb");
	return p->row->assigned_from ? p->row->assigned_from + p->row->assigned : count;
}

static void one_region(struct check *c, const struct peripheral *p, unsigned int index, uint32_t phandle)
{
	const int node = tree_by_phandle(c->tree, phandle);
	const char *value = check_format(c, "memory-region entry %u", index);

	if (node == TREE_NONE)
		check_found(c, RULE_REGION_DANGLING, p->path, value,
			    "entry %u of memory-region, phandle 0x%" PRIx32 ", leads to no node", index, phandle);
	else if (c->reserved == TREE_NONE || c->tree->nodes[node].parent != c->reserved)
		check_found(c, RULE_REGION_NOT_RESERVED, p->path, value,
			    "entry %u of memory-region is %s, which is not below /reserved-memory", index,
			    tree_path(c->tree, node));
	else if (!c->tree->nodes[node].enabled)
		check_found(c, RULE_REGION_DISABLED, p->path, value,
			    "entry %u of memory-region is %s, which is disabled", index, tree_path(c->tree, node));
}

static void regions_of(struct check *c, const struct peripheral *p)
{
	struct tree_cells cells = { 0 };
	unsigned int i = 0;

	if (!tree_cells(c->tree, p->node, "memory-region", &cells))
		cells.count = 0;
	if (cells.count < needed(p))
		check_found(c, RULE_REGION_MISSING, p->path, check_format(c, "%u of %u", cells.count, needed(p)),
			    "has %u entries in memory-region, and its driver takes %u", cells.count, needed(p));
	for (i = 0; i < cells.count && i < TREE_ARGS * TREE_ARGS; i++)
		one_region(c, p, i, tree_cell(&cells, i));
}

/* whether the driver uses the region's address, rather than having the DMA API allocate from it */
static bool by_address(const struct peripheral *p, const struct region *r)
{
	if (p->service == SERVICE_SCM || p->service == SERVICE_TEE)
		return p->kind != PERIPHERAL_CAMERA;
	return p->kind == PERIPHERAL_REMOTEPROC && (!r->compatible || strcmp(r->compatible, "shared-dma-pool"));
}

static void carveout_kind(struct check *c, const struct peripheral *p, const struct region *r)
{
	if (r->reusable)
		check_found(c, RULE_CARVEOUT_REUSABLE, r->path, p->path, "is reusable, and the carve-out of %s",
			    p->path);
	else if (!r->no_map)
		check_found(c, RULE_CARVEOUT_MAPPED, r->path, p->path, "has no no-map, and is the carve-out of %s",
			    p->path);
}

static void carveout_place(struct check *c, const struct peripheral *p, const struct region *r)
{
	const char *range = rules_range(c, r->base, r->size);

	if ((r->base | r->size) & (PAGE - 1))
		check_found(c, RULE_CARVEOUT_UNALIGNED, r->path, range,
			    "%s, carve-out of %s, is not made of 4 KiB pages", range, p->path);
	if (rules_is_pas(p) && (r->base >= FOUR_GIB || r->size > FOUR_GIB - r->base))
		check_found(c, RULE_CARVEOUT_ABOVE_4G, r->path, range, "%s, carve-out of %s, ends above 4 GiB", range,
			    p->path);
	if (!model_memory_covers(c->model, r->base, r->size))
		check_found(c, RULE_CARVEOUT_OUTSIDE_MEMORY, r->path, range,
			    "%s, carve-out of %s, is not in the memory of the tree", range, p->path);
}

static void carveouts_of(struct check *c, const struct peripheral *p)
{
	unsigned int i = 0;

	for (i = 0; i < p->region_count; i++) {
		const struct region *r =
			p->regions[i].region == MODEL_NONE ? NULL : &c->model->regions[p->regions[i].region];

		if (!r || !r->enabled)
			continue;
		if (!r->size)
			check_found(c, RULE_REGION_EMPTY, r->path, p->path, "has size 0, and is the carve-out of %s",
				    p->path);
		if (by_address(p, r))
			carveout_kind(c, p, r);
		/* other vendors' processors may have memory that is not the host's RAM */
		if (p->service != SERVICE_DIRECT && by_address(p, r) && !r->dynamic && r->size)
			carveout_place(c, p, r);
	}
}

static bool has_region(const struct peripheral *p, const struct region *r)
{
	unsigned int i = 0;

	for (i = 0; p->enabled && i < p->region_count; i++)
		if (p->regions[i].node == r->node)
			return true;
	return false;
}

static bool is_carveout(const struct check *c, const struct region *r)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->peripheral_count; i++)
		if (has_region(&c->model->peripherals[i], r))
			return true;
	return false;
}

/* some processor has one of them as its carve-out, and not the other */
static bool is_clash(const struct check *c, const struct region *a, const struct region *b)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->peripheral_count; i++)
		if (has_region(&c->model->peripherals[i], a) != has_region(&c->model->peripherals[i], b))
			return true;
	return false;
}

static uint64_t end_of(const struct region *r)
{
	return r->size > UINT64_MAX - r->base ? UINT64_MAX : r->base + r->size;
}

static void overlap(struct check *c, const struct region *a, const struct region *b)
{
	const uint64_t end = end_of(a) < end_of(b) ? end_of(a) : end_of(b);

	check_found(c, is_clash(c, a, b) ? RULE_CARVEOUT_OVERLAP : RULE_REGION_OVERLAP, b->path,
		    rules_range(c, b->base, end - b->base), "%s overlaps %s of %s by 0x%" PRIx64 " bytes",
		    rules_range(c, b->base, b->size), rules_range(c, a->base, a->size), a->path, end - b->base);
}

static int by_base(const void *a, const void *b)
{
	const struct region *const *x = a;
	const struct region *const *y = b;

	if ((*x)->base != (*y)->base)
		return (*x)->base < (*y)->base ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* sorted by address, each is held against the one before it that ends last */
static void overlaps(struct check *c)
{
	const struct board_model *m = c->model;
	const struct region **sorted = pool_alloc(&c->pool, (m->region_count + 1) * sizeof(*sorted));
	const struct region *last = NULL;
	unsigned int count = 0, i = 0;

	for (i = 0; i < m->region_count; i++)
		if (m->regions[i].enabled && !m->regions[i].dynamic && m->regions[i].size)
			sorted[count++] = &m->regions[i];
	qsort(sorted, count, sizeof(*sorted), by_base);
	for (i = 0; i < count && !check_full(c); i++) {
		if (last && sorted[i]->base < end_of(last))
			overlap(c, last, sorted[i]);
		if (!last || end_of(sorted[i]) > end_of(last))
			last = sorted[i];
	}
}

static void pieces(struct check *c)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->region_count && !check_full(c); i++) {
		const struct region *r = &c->model->regions[i];

		if (r->enabled && r->entry && r->size && is_carveout(c, r))
			check_found(c, RULE_REGION_PIECES, r->path, rules_range(c, r->base, r->size),
				    "entry %u of reg, %s, is not reserved", r->entry, rules_range(c, r->base, r->size));
	}
}

void rules_memory(struct check *c)
{
	unsigned int i = 0;

	broken(c);
	root_of_regions(c);
	for (i = 0; i < c->model->peripheral_count && !check_full(c); i++) {
		const struct peripheral *p = &c->model->peripherals[i];

		if (!p->enabled)
			continue;
		regions_of(c, p);
		carveouts_of(c, p);
	}
	pieces(c);
	overlaps(c);
}
