/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of phandles with arguments, and maps of ids. */
#include <string.h>

#include "board/tree.h"

const char *tree_result_text(enum tree_result result)
{
	switch (result) {
	case TREE_OK:
		return "is in order";
	case TREE_END:
		return "is empty or absent";
	case TREE_NO_NODE:
		return "its phandle leads to no node";
	case TREE_NO_CELLS:
		return "the number of cells of an entry is missing, or more than can be";
	case TREE_SHORT:
		return "it ends in the middle of an entry";
	case TREE_WIDE:
		return "does not fit in 64 bits";
	case TREE_UNMAPPED:
		return "no ranges of the buses around it lead there";
	case TREE_TOO_MANY:
		return "has too many entries";
	default:
		return "cannot be read";
	}
}

bool tree_walk_begin(struct tree_walk *w, const struct tree *t, int node, const char *property, const char *cells_name)
{
	*w = (struct tree_walk){ .cells_name = cells_name };
	return tree_cells(t, node, property, &w->cells);
}

/* how many cells follow a phandle that leads to @node */
static bool count_cells(const struct tree *t, int node, const char *cells_name, unsigned int *count)
{
	uint32_t value = 0;

	if (cells_name && !tree_u32(t, node, cells_name, &value))
		return false;
	*count = value;
	return value <= TREE_ARGS;
}

static void take_cells(struct tree_walk *w, struct tree_args *args)
{
	for (unsigned int i = 0; i < args->count; i++)
		args->arg[i] = tree_cell(&w->cells, w->at++);
}

static enum tree_result at_end(const struct tree_walk *w)
{
	return w->cells.ragged ? TREE_SHORT : TREE_END;
}

enum tree_result tree_walk_next(struct tree_walk *w, const struct tree *t, struct tree_args *args)
{
	*args = (struct tree_args){ .node = TREE_NONE };
	if (w->at >= w->cells.count)
		return at_end(w);
	if (w->at >= TREE_ENTRY_MAX)
		return TREE_TOO_MANY;
	args->phandle = tree_cell(&w->cells, w->at++);
	if (!args->phandle)
		return TREE_OK;
	args->node = tree_by_phandle(t, args->phandle);
	if (args->node == TREE_NONE)
		return TREE_NO_NODE;
	if (!count_cells(t, args->node, w->cells_name, &args->count)) {
		args->count = 0;
		return TREE_NO_CELLS;
	}
	if (w->cells.count - w->at < args->count) {
		args->count = 0;
		return TREE_SHORT;
	}
	take_cells(w, args);
	return TREE_OK;
}

enum tree_result tree_args(const struct tree *t, int node, const char *property, const char *cells_name,
			   unsigned int index, struct tree_args *args)
{
	struct tree_walk w = { 0 };
	enum tree_result result = TREE_OK;

	*args = (struct tree_args){ .node = TREE_NONE };
	if (!tree_walk_begin(&w, t, node, property, cells_name))
		return TREE_END;
	do
		result = tree_walk_next(&w, t, args);
	while (result == TREE_OK && index--);
	return result;
}

/* entries of one cell each although the node that they lead to says two: see the header */
static bool is_old_map(const struct tree_walk *w)
{
	if (w->cells.count % 4)
		return false;
	for (unsigned int i = 0; i < w->cells.count; i += 4)
		if (tree_cell(&w->cells, i + 1) != tree_cell(&w->cells, 1) || tree_cell(&w->cells, i + 3) != 1)
			return false;
	return true;
}

/* how many cells a stream has in the entry whose phandle was just read */
static bool count_map_cells(struct tree_walk *w, const struct tree *t, const struct tree_map *map, unsigned int *count)
{
	bool first = w->at == 2;

	*count = 1;
	if (w->old_map || !tree_has(t, map->args.node, w->cells_name))
		return true;
	if (!count_cells(t, map->args.node, w->cells_name, count))
		return false;
	if (first && *count == 2 && is_old_map(w)) {
		w->old_map = true;
		*count = 1;
	}
	return true;
}

enum tree_result tree_map_next(struct tree_walk *w, const struct tree *t, struct tree_map *map)
{
	*map = (struct tree_map){ .args.node = TREE_NONE };
	if (w->at >= w->cells.count)
		return at_end(w);
	if (w->at >= TREE_ENTRY_MAX)
		return TREE_TOO_MANY;
	if (w->cells.count - w->at < 2)
		return TREE_SHORT;
	map->id = tree_cell(&w->cells, w->at++);
	map->args.phandle = tree_cell(&w->cells, w->at++);
	map->args.node = tree_by_phandle(t, map->args.phandle);
	if (map->args.node == TREE_NONE)
		return TREE_NO_NODE;
	if (!count_map_cells(w, t, map, &map->args.count) || w->cells.count - w->at < map->args.count + 1) {
		bool wide = map->args.count > TREE_ARGS || !map->args.count;

		map->args.count = 0;
		return wide ? TREE_NO_CELLS : TREE_SHORT;
	}
	take_cells(w, &map->args);
	map->length = tree_cell(&w->cells, w->at++);
	return TREE_OK;
}
