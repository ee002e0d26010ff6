/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of what a node uses: clocks, interrupts and their like. */
#include <string.h>

#include "board/model_read.h"

static struct reference *add(struct board_model *m, struct references *out, const struct tree_args *args,
			     const char *name)
{
	struct reference *r = NULL;
	uint32_t *arg = pool_alloc(&m->pool, (args->count ? args->count : 1) * sizeof(*arg));

	memcpy(arg, args->arg, args->count * sizeof(*arg));
	out->list = pool_grow(&m->pool, out->list, out->count, sizeof(*r));
	r = &out->list[out->count++];
	r->name = name;
	r->node = args->node;
	r->path = tree_path(m->tree, args->node);
	r->args = args->count;
	r->arg = arg;
	return r;
}

void model_read_list(struct board_model *m, int node, const struct list_kind *kind, struct references *out)
{
	struct tree_walk walk = { 0 };
	struct tree_args args = { 0 };
	enum tree_result result = TREE_OK;

	if (!tree_walk_begin(&walk, m->tree, node, kind->property, kind->cells))
		return;
	out->property = kind->property;
	while ((result = tree_walk_next(&walk, m->tree, &args)) == TREE_OK)
		add(m, out, &args, tree_string(m->tree, node, kind->names, kind->pairs ? out->count / 2 : out->count));
	model_list_problem(m, node, kind->property, out->count, result);
}

/* the controller that a node's interrupts go to: named by the node, or by the nearest one around it that names one or is one */
static int interrupt_parent(const struct tree *t, int node)
{
	uint32_t phandle = 0;

	for (; node >= 0; node = t->nodes[node].parent)
		if (tree_u32(t, node, "interrupt-parent", &phandle))
			return tree_by_phandle(t, phandle);
	return TREE_NONE;
}

/* interrupts are the parent's cells only */
static void read_plain(struct board_model *m, int node, struct references *out)
{
	struct tree_args args = { .node = interrupt_parent(m->tree, node) };
	struct tree_cells cells = { 0 };
	uint32_t each = 0;

	if (!tree_cells(m->tree, node, "interrupts", &cells))
		return;
	out->property = "interrupts";
	if (args.node == TREE_NONE || !tree_u32(m->tree, args.node, "#interrupt-cells", &each) || !each ||
	    each > TREE_ARGS) {
		model_list_problem(m, node, "interrupts", 0, args.node == TREE_NONE ? TREE_NO_NODE : TREE_NO_CELLS);
		return;
	}
	args.count = each;
	args.phandle = m->tree->nodes[args.node].phandle;
	for (unsigned int at = 0; at + each <= cells.count && at < TREE_ENTRY_MAX; at += each) {
		for (unsigned int i = 0; i < each; i++)
			args.arg[i] = tree_cell(&cells, at + i);
		add(m, out, &args, tree_string(m->tree, node, "interrupt-names", out->count));
	}
	if (cells.count % each || cells.ragged)
		model_list_problem(m, node, "interrupts", out->count, TREE_SHORT);
}

void model_read_interrupts(struct board_model *m, int node, struct references *out)
{
	static const struct list_kind extended = { "interrupts-extended", "#interrupt-cells", "interrupt-names",
						   false };

	if (tree_has(m->tree, node, extended.property))
		model_read_list(m, node, &extended, out);
	else
		read_plain(m, node, out);
}
