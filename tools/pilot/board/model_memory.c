/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory: banks of normal RAM, /memreserve/, /reserved-memory. */
#include <string.h>

#include <libfdt.h>

#include "board/model_read.h"

static struct memory_bank *new_bank(struct board_model *m, struct memory_bank **list, unsigned int *count)
{
	*list = pool_grow(&m->pool, *list, *count, sizeof(**list));
	return &(*list)[(*count)++];
}

static void read_banks(struct board_model *m, int node)
{
	const char *path = tree_path(m->tree, node);
	enum tree_result result = TREE_OK;
	struct tree_range range = { 0 };

	for (unsigned int i = 0; (result = tree_reg(m->tree, node, i, &range)) == TREE_OK; i++)
		*new_bank(m, &m->memory, &m->memory_count) = (struct memory_bank){ node, path, range.base, range.size };
	model_list_problem(m, node, "reg", m->memory_count, result);
}

static void read_memory(struct board_model *m)
{
	const struct tree *t = m->tree;

	for (int node = tree_child(t, 0); node != TREE_NONE; node = tree_sibling(t, node)) {
		const char *type = tree_string(t, node, "device_type", 0);

		if (type && !strcmp(type, "memory"))
			read_banks(m, node);
	}
	for (int i = 0; i < fdt_num_mem_rsv(t->fdt); i++) {
		uint64_t base = 0, size = 0;

		if (!fdt_get_mem_rsv(t->fdt, i, &base, &size))
			*new_bank(m, &m->reserves, &m->reserve_count) =
				(struct memory_bank){ TREE_NONE, NULL, base, size };
	}
}

/* a number of all cells of @cells from @at */
static bool cells_number(const struct tree_cells *cells, unsigned int at, unsigned int count, uint64_t *value)
{
	*value = 0;
	if (cells->count < at || cells->count - at < count)
		return false;
	for (unsigned int i = 0; i < count; i++) {
		if (*value >> 32)
			return false;
		*value = *value << 32 | tree_cell(cells, at + i);
	}
	return true;
}

static void read_dynamic(struct board_model *m, int node, struct region *r)
{
	unsigned int address = 0, size = 0;
	struct tree_cells cells = { 0 };

	r->dynamic = true;
	if (!tree_range_cells(m->tree, node, &address, &size)) {
		model_problem(m, node, NULL, "%s", tree_result_text(TREE_NO_CELLS));
		return;
	}
	if (!tree_cells(m->tree, node, "size", &cells) || !cells_number(&cells, 0, cells.count, &r->size))
		model_problem(m, node, NULL, "neither reg nor a size of at most 64 bits");
	if (tree_cells(m->tree, node, "alignment", &cells))
		cells_number(&cells, 0, cells.count, &r->alignment);
	if (tree_cells(m->tree, node, "alloc-ranges", &cells))
		r->has_within = cells_number(&cells, 0, address, &r->within.base) &&
				cells_number(&cells, address, size, &r->within.size);
}

/* an entry of iommu-addresses: a phandle, an address, a size; the cells are those of reg where the phandle leads to */
static void read_addresses(struct board_model *m, int node, struct region *r)
{
	unsigned int address = 0, size = 0, entry = 0;
	struct tree_cells cells = { 0 };

	if (!tree_cells(m->tree, node, "iommu-addresses", &cells))
		return;
	for (unsigned int at = 0; at < cells.count && entry < TREE_ENTRY_MAX; at += 1 + address + size, entry++) {
		struct region_address a = { .node = tree_by_phandle(m->tree, tree_cell(&cells, at)) };

		if (a.node == TREE_NONE || !tree_range_cells(m->tree, a.node, &address, &size)) {
			model_list_problem(m, node, "iommu-addresses", entry,
					   a.node == TREE_NONE ? TREE_NO_NODE : TREE_NO_CELLS);
			return;
		}
		if (!cells_number(&cells, at + 1, address, &a.range.base) ||
		    !cells_number(&cells, at + 1 + address, size, &a.range.size)) {
			model_list_problem(m, node, "iommu-addresses", entry, TREE_SHORT);
			return;
		}
		r->addresses = pool_grow(&m->pool, r->addresses, r->address_count, sizeof(a));
		r->addresses[r->address_count++] = a;
	}
}

static const char *name_without_unit(struct board_model *m, int node)
{
	const char *name = tree_node_name(m->tree, node);

	return tree_text(m->tree, name, strcspn(name, "@"));
}

static void add_region(struct board_model *m, const struct region *r)
{
	if (m->region_count == MODEL_REGIONS) {
		model_problem(m, r->node, "reg", "more than %u regions: further ones are not looked at", MODEL_REGIONS);
		return;
	}
	m->regions = pool_grow(&m->pool, m->regions, m->region_count, sizeof(*r));
	if (m->at_node[r->node].region == MODEL_NONE)
		m->at_node[r->node].region = (int)m->region_count;
	m->regions[m->region_count++] = *r;
}

static void read_region(struct board_model *m, int node)
{
	const struct tree *t = m->tree;
	enum tree_result result = TREE_OK;
	struct tree_range range = { 0 };
	struct region r = {
		.node = node,
		.path = tree_path(t, node),
		.name = name_without_unit(m, node),
		.no_map = tree_has(t, node, "no-map"),
		.reusable = tree_has(t, node, "reusable"),
		.enabled = t->nodes[node].enabled,
		.compatible = tree_string(t, node, "compatible", 0),
		.phandle = t->nodes[node].phandle,
	};

	read_addresses(m, node, &r);
	if (!tree_has(t, node, "reg")) {
		read_dynamic(m, node, &r);
		add_region(m, &r);
		return;
	}
	for (r.entry = 0; (result = tree_reg(t, node, r.entry, &range)) == TREE_OK; r.entry++) {
		r.base = range.base;
		r.size = range.size;
		add_region(m, &r);
	}
	model_list_problem(m, node, "reg", r.entry, result);
}

void model_read_memory(struct board_model *m)
{
	int parent = tree_find(m->tree, "/reserved-memory");

	read_memory(m);
	if (parent == TREE_NONE)
		return;
	for (int node = tree_child(m->tree, parent); node != TREE_NONE; node = tree_sibling(m->tree, node))
		read_region(m, node);
}
