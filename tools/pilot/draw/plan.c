/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "draw/plan.h"

/* while a plan is made: for each node of the tree, the peripheral that it belongs to, and its owner's number + 1 (0: none yet) */
struct nodes {
	int *peripheral;
	unsigned int *owner;
};

static void find_peripherals(struct plan *p, struct nodes *n)
{
	const struct tree *t = p->model->tree;
	unsigned int i = 0;
	int node = 0;

	for (node = 0; node < t->count; node++)
		n->peripheral[node] = MODEL_NONE;
	for (i = 0; i < p->model->peripheral_count; i++)
		n->peripheral[p->model->peripherals[i].node] = (int)i;
	/* a node comes behind the one that it is in */
	for (node = 1; node < t->count; node++)
		if (n->peripheral[node] == MODEL_NONE)
			n->peripheral[node] = n->peripheral[t->nodes[node].parent];
}

#define NAMES_COMPARED 1000u

/* the same short name may be that of several peripherals: then the name of the node says more */
static const char *peripheral_label(const struct board_model *m, unsigned int index)
{
	const struct peripheral *peripheral = &m->peripherals[index];
	unsigned int i = 0;

	if (m->peripheral_count > NAMES_COMPARED)
		return tree_node_name(m->tree, peripheral->node);
	for (i = 0; i < m->peripheral_count; i++)
		if (i != index && !strcmp(m->peripherals[i].name, peripheral->name))
			return tree_node_name(m->tree, peripheral->node);
	return peripheral->name;
}

static unsigned int owner_of(struct plan *p, struct nodes *n, int node)
{
	const struct board_model *m = p->model;
	int peripheral = n->peripheral[node];
	int top = peripheral == MODEL_NONE ? node : m->peripherals[peripheral].node;

	if (!n->owner[top]) {
		p->owners = pool_grow(&p->pool, p->owners, p->owner_count, sizeof(*p->owners));
		p->owners[p->owner_count] = (struct owner){
			.node = top,
			.peripheral = peripheral,
			.name = peripheral == MODEL_NONE ? tree_node_name(m->tree, top)
							 : peripheral_label(m, (unsigned int)peripheral),
			.path = tree_path(m->tree, top),
			.enabled = m->tree->nodes[top].enabled,
		};
		n->owner[top] = ++p->owner_count;
	}
	return n->owner[top] - 1;
}

/* every list "memory-region" of the tree, of peripherals and of anything else, such as the GPU or a heap for shared buffers */
static void find_uses(struct plan *p, struct nodes *n)
{
	const struct tree *t = p->model->tree;
	struct tree_args args = { 0 };
	struct tree_walk walk = { 0 };
	int node = 0;

	for (node = 0; node < t->count; node++) {
		if (!tree_walk_begin(&walk, t, node, "memory-region", NULL))
			continue;
		while (tree_walk_next(&walk, t, &args) == TREE_OK) {
			if (args.node == TREE_NONE)
				continue;
			p->uses = pool_grow(&p->pool, p->uses, p->use_count, sizeof(*p->uses));
			p->uses[p->use_count++] = (struct use){ .region = args.node, .owner = owner_of(p, n, node) };
		}
	}
}

static int by_region(const void *a, const void *b)
{
	const struct use *x = a;
	const struct use *y = b;

	if (x->region != y->region)
		return x->region < y->region ? -1 : 1;
	return x->owner < y->owner ? -1 : x->owner > y->owner;
}

/* a node may name a memory several times, and nodes within it, too: that is one use */
static void sort_uses(struct plan *p)
{
	unsigned int count = 0;
	unsigned int i = 0;

	if (p->use_count)
		qsort(p->uses, p->use_count, sizeof(*p->uses), by_region);
	for (i = 0; i < p->use_count; i++)
		if (!count || by_region(&p->uses[count - 1], &p->uses[i])) {
			p->uses[count++] = p->uses[i];
			p->owners[p->uses[i].owner].regions++;
		}
	p->use_count = count;
}

/* enabled ones first: what is off should not take a colour from what is on */
static void colour(struct plan *p)
{
	unsigned int next = 0;
	unsigned int pass = 0;
	unsigned int i = 0;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < p->owner_count; i++)
			if (p->owners[i].peripheral != MODEL_NONE && p->owners[i].enabled == !pass)
				p->owners[i].colour = next++ % PLAN_COLOURS + 1;
}

static void make(struct plan *p, struct nodes *n)
{
	const struct board_model *m = p->model;
	unsigned int i = 0;

	find_peripherals(p, n);
	for (i = 0; i < m->peripheral_count; i++)
		owner_of(p, n, m->peripherals[i].node);
	find_uses(p, n);
	p->stream_owners = pool_alloc(&p->pool, (m->stream_count + 1) * sizeof(*p->stream_owners));
	for (i = 0; i < m->stream_count; i++) {
		p->stream_owners[i] = owner_of(p, n, m->streams[i].node);
		p->owners[p->stream_owners[i]].streams++;
	}
	sort_uses(p);
	colour(p);
}

void plan_make(struct plan *p, const struct board_model *m)
{
	struct nodes nodes = { 0 };
	struct pool pool = { 0 };

	*p = (struct plan){ .model = m };
	nodes.peripheral = pool_alloc(&pool, (size_t)m->tree->count * sizeof(*nodes.peripheral));
	nodes.owner = pool_alloc(&pool, (size_t)m->tree->count * sizeof(*nodes.owner));
	make(p, &nodes);
	pool_free(&pool);
}

void plan_free(struct plan *p)
{
	pool_free(&p->pool);
	*p = (struct plan){ 0 };
}

unsigned int plan_uses(const struct plan *p, int node, unsigned int *first)
{
	unsigned int low = 0;
	unsigned int high = p->use_count;
	unsigned int count = 0;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (p->uses[middle].region < node)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	while (low + count < p->use_count && p->uses[low + count].region == node)
		count++;
	return count;
}
