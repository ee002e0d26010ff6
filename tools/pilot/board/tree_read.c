/* SPDX-License-Identifier: BSD-2-Clause */
/* Properties: bytes, cells, strings. Addresses and what buses make of them. */
#include <string.h>

#include <libfdt.h>

#include "board/tree.h"

/* what the Devicetree Specification says where a node has no #address-cells or #size-cells */
#define ADDRESS_CELLS 2u
#define SIZE_CELLS    1u
#define CELLS_MAX     4u

const void *tree_property(const struct tree *t, int node, const char *name, size_t *size)
{
	int length = 0;
	const void *data = node >= 0 ? fdt_getprop(t->fdt, t->nodes[node].offset, name, &length) : NULL;

	if (size)
		*size = data && length > 0 ? (size_t)length : 0;
	return data;
}

bool tree_has(const struct tree *t, int node, const char *name)
{
	return tree_property(t, node, name, NULL);
}

bool tree_cells(const struct tree *t, int node, const char *name, struct tree_cells *cells)
{
	size_t size = 0;
	const void *data = tree_property(t, node, name, &size);

	*cells = (struct tree_cells){ data, (unsigned int)(size / 4), size % 4 };
	return data;
}

uint32_t tree_cell(const struct tree_cells *cells, unsigned int index)
{
	const uint8_t *at = NULL;

	if (index >= cells->count)
		return 0;
	at = cells->data + 4 * (size_t)index;
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool tree_u32(const struct tree *t, int node, const char *name, uint32_t *value)
{
	struct tree_cells cells = { 0 };

	if (!tree_cells(t, node, name, &cells) || cells.count != 1 || cells.ragged)
		return false;
	*value = tree_cell(&cells, 0);
	return true;
}

/* string @index of a list; NULL where there is none */
static const char *raw_string(const struct tree *t, int node, const char *name, unsigned int index, size_t *length)
{
	size_t size = 0;
	const char *data = tree_property(t, node, name, &size);

	if (!size || data[size - 1])
		return NULL;
	for (size_t at = 0; at < size; at += *length + 1) {
		*length = strlen(data + at);
		if (!index--)
			return data + at;
	}
	return NULL;
}

const char *tree_string(const struct tree *t, int node, const char *name, unsigned int index)
{
	size_t length = 0;
	const char *text = raw_string(t, node, name, index, &length);

	return text ? tree_text(t, text, length) : NULL;
}

unsigned int tree_strings(const struct tree *t, int node, const char *name)
{
	size_t size = 0;
	const char *data = tree_property(t, node, name, &size);
	unsigned int count = 0;

	if (!size || data[size - 1])
		return 0;
	for (size_t at = 0; at < size; at++)
		count += !data[at];
	return count;
}

bool tree_is_compatible(const struct tree *t, int node, const char *compatible)
{
	size_t size = 0;
	const char *data = tree_property(t, node, "compatible", &size);

	return size && fdt_stringlist_contains(data, (int)size, compatible);
}

static bool cells_of(const struct tree *t, int node, const char *name, unsigned int missing, unsigned int *value)
{
	uint32_t cells = missing;

	if (tree_has(t, node, name) && !tree_u32(t, node, name, &cells))
		return false;
	*value = cells;
	return cells <= CELLS_MAX;
}

/* cells of addresses and sizes of what is in @node */
static bool inner_cells(const struct tree *t, int node, unsigned int *address, unsigned int *size)
{
	return cells_of(t, node, "#address-cells", ADDRESS_CELLS, address) &&
	       cells_of(t, node, "#size-cells", SIZE_CELLS, size);
}

bool tree_range_cells(const struct tree *t, int node, unsigned int *address, unsigned int *size)
{
	int parent = t->nodes[node].parent;

	return parent != TREE_NONE && inner_cells(t, parent, address, size);
}

/* a number of @count cells at @at; false: it does not fit in 64 bits */
static bool number(const struct tree_cells *cells, unsigned int at, unsigned int count, uint64_t *value)
{
	*value = 0;
	for (unsigned int i = 0; i < count; i++) {
		if (*value >> 32)
			return false;
		*value = *value << 32 | tree_cell(cells, at + i);
	}
	return true;
}

/** struct window - a bus's ranges: cells of an address within, of one outside, of a size; @pci: the first cell of an inner one is no address */
struct window {
	struct tree_cells cells;
	unsigned int inner;
	unsigned int outer;
	unsigned int size;
	bool pci;
};

static bool open_window(const struct tree *t, int bus, const char *property, struct window *w)
{
	int around = t->nodes[bus].parent;
	unsigned int unused = 0;

	if (!tree_cells(t, bus, property, &w->cells) || !inner_cells(t, bus, &w->inner, &w->size))
		return false;
	w->pci = w->inner == 3;
	return inner_cells(t, around == TREE_NONE ? bus : around, &w->outer, &unused);
}

static enum tree_result window_entry(const struct window *w, unsigned int index, struct tree_dma_range *range)
{
	unsigned int step = w->inner + w->outer + w->size;
	unsigned int skip = w->pci ? 1 : 0;
	unsigned int at = 0;

	if (!step || index >= TREE_ENTRY_MAX)
		return step ? TREE_TOO_MANY : TREE_NO_CELLS;
	at = index * step;
	if (at >= w->cells.count)
		return w->cells.ragged ? TREE_SHORT : TREE_END;
	if (w->cells.count - at < step)
		return TREE_SHORT;
	if (!number(&w->cells, at + skip, w->inner - skip, &range->bus) ||
	    !number(&w->cells, at + w->inner, w->outer, &range->cpu) ||
	    !number(&w->cells, at + w->inner + w->outer, w->size, &range->size))
		return TREE_WIDE;
	if (range->size && (range->bus + (range->size - 1) < range->bus || range->cpu + (range->size - 1) < range->cpu))
		return TREE_WIDE;
	return TREE_OK;
}

/* through the ranges of one bus; false: none covers all of it */
static bool translate_once(const struct tree *t, int bus, struct tree_range *range)
{
	struct window w = { 0 };
	struct tree_dma_range entry = { 0 };
	enum tree_result result = TREE_OK;
	uint64_t last = range->base + (range->size ? range->size - 1 : 0);

	if (!open_window(t, bus, "ranges", &w))
		return false;
	if (!w.cells.count && !w.cells.ragged)
		return true;
	for (unsigned int i = 0; (result = window_entry(&w, i, &entry)) == TREE_OK || result == TREE_WIDE; i++) {
		if (result == TREE_WIDE || !entry.size || range->base < entry.bus || last < range->base)
			continue;
		if (last - entry.bus > entry.size - 1)
			continue;
		range->base = range->base - entry.bus + entry.cpu;
		return true;
	}
	return false;
}

static bool translate(const struct tree *t, int node, struct tree_range *range)
{
	struct tree_range r = *range;

	for (int bus = t->nodes[node].parent; bus > 0; bus = t->nodes[bus].parent)
		if (!translate_once(t, bus, &r))
			return false;
	*range = r;
	return true;
}

enum tree_result tree_reg(const struct tree *t, int node, unsigned int index, struct tree_range *range)
{
	struct tree_cells cells = { 0 };
	unsigned int address = 0, size = 0, at = 0;

	*range = (struct tree_range){ 0 };
	if (!tree_cells(t, node, "reg", &cells) || (!cells.count && !cells.ragged))
		return TREE_END;
	if (!tree_range_cells(t, node, &address, &size) || !(address + size))
		return TREE_NO_CELLS;
	if (index >= TREE_ENTRY_MAX)
		return TREE_TOO_MANY;
	at = index * (address + size);
	if (at >= cells.count)
		return cells.ragged ? TREE_SHORT : TREE_END;
	if (cells.count - at < address + size)
		return TREE_SHORT;
	if (!number(&cells, at, address, &range->base) || !number(&cells, at + address, size, &range->size) ||
	    (range->size && range->base + (range->size - 1) < range->base))
		return TREE_WIDE;
	return translate(t, node, range) ? TREE_OK : TREE_UNMAPPED;
}

enum tree_result tree_dma_range(const struct tree *t, int node, unsigned int index, struct tree_dma_range *range)
{
	struct window w = { 0 };

	*range = (struct tree_dma_range){ 0 };
	if (!tree_has(t, node, "dma-ranges"))
		return TREE_END;
	if (!open_window(t, node, "dma-ranges", &w))
		return TREE_NO_CELLS;
	if (!w.cells.count && !w.cells.ragged)
		return TREE_END;
	return window_entry(&w, index, range);
}
