/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: what two processors cannot both have. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "board/check.h"

/**
 * struct claim - a peripheral says that something is its own
 * @node: provider of it
 * @args, @arg: which of the provider's
 */
struct claim {
	const struct peripheral *by;
	int node;
	unsigned int args;
	uint32_t arg[TREE_ARGS];
};

struct claims {
	struct check *check;
	unsigned int count;
	struct claim *list;
};

static void add(struct claims *l, const struct peripheral *by, int node, unsigned int args, const uint32_t *arg)
{
	struct claim *claim = NULL;

	if (node == TREE_NONE || args > TREE_ARGS)
		return;
	l->list = pool_grow(&l->check->pool, l->list, l->count, sizeof(*l->list));
	claim = &l->list[l->count++];
	*claim = (struct claim){ .by = by, .node = node, .args = args };
	if (args)
		memcpy(claim->arg, arg, args * sizeof(*arg));
}

static void add_references(struct claims *l, const struct peripheral *by, const struct references *list)
{
	unsigned int i = 0;

	for (i = 0; i < list->count; i++)
		add(l, by, list->list[i].node, list->list[i].args, list->list[i].arg);
}

static int by_thing(const void *a, const void *b)
{
	const struct claim *x = a;
	const struct claim *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	if (x->args != y->args)
		return x->args < y->args ? -1 : 1;
	return memcmp(x->arg, y->arg, x->args * sizeof(x->arg[0]));
}

static int by_thing_and_owner(const void *a, const void *b)
{
	const struct claim *x = a;
	const struct claim *y = b;
	const int order = by_thing(a, b);

	return order ? order : x->by < y->by ? -1 : x->by > y->by;
}

static const char *thing(struct check *c, const struct claim *claim)
{
	const char *text = tree_path(c->tree, claim->node);
	unsigned int i = 0;

	for (i = 0; i < claim->args; i++)
		text = check_format(c, "%s 0x%" PRIx32, text, claim->arg[i]);
	return text;
}

/* a core within a cluster, or a zap shader within its GPU, is no second processor */
static bool is_family(const struct check *c, const struct peripheral *a, const struct peripheral *b)
{
	return tree_is_within(c->tree, a->node, b->node) || tree_is_within(c->tree, b->node, a->node);
}

static void report(struct claims *l, enum rule_number rule, const char *what)
{
	struct check *c = l->check;
	unsigned int i = 0;

	if (l->count)
		qsort(l->list, l->count, sizeof(*l->list), by_thing_and_owner);
	for (i = 1; i < l->count && !check_full(c); i++) {
		const struct claim *a = &l->list[i - 1];
		const struct claim *b = &l->list[i];

		if (!by_thing(a, b) && a->by != b->by && !is_family(c, a->by, b->by))
			check_found(c, rule, b->by->path, thing(c, b), "%s %s is also that of %s", what, thing(c, b),
				    a->by->path);
	}
}

static void carveouts(struct claims *l, const struct peripheral *p)
{
	unsigned int i = 0;

	const struct region *r = NULL;

	/* a pool is the DMA API's: what it gives to one is not given to another */
	for (i = 0; i < p->region_count; i++) {
		r = p->regions[i].region == MODEL_NONE ? NULL : &l->check->model->regions[p->regions[i].region];
		if (!r || !r->compatible || strcmp(r->compatible, "shared-dma-pool"))
			add(l, p, p->regions[i].node, 0, NULL);
	}
}

static void interrupts(struct claims *l, const struct peripheral *p)
{
	add_references(l, p, &p->interrupts);
}

static void resets(struct claims *l, const struct peripheral *p)
{
	add_references(l, p, &p->resets);
}

static void stop_states(struct claims *l, const struct peripheral *p)
{
	const struct reference *stop = rules_reference(&p->states, "stop");

	if (stop)
		add(l, p, stop->node, stop->args, stop->arg);
}

/* Qualcomm's are in nodes within the processor's */
static void mailboxes(struct claims *l, const struct peripheral *p)
{
	const struct tree *t = l->check->tree;
	struct tree_args args = { 0 };
	struct tree_walk walk = { 0 };
	int node = 0;

	add_references(l, p, &p->mailboxes);
	for (node = p->node + 1; node < t->count && tree_is_within(t, node, p->node); node++) {
		if (!t->nodes[node].enabled || rules_peripheral(l->check, node) ||
		    !tree_walk_begin(&walk, t, node, "mboxes", "#mbox-cells"))
			continue;
		while (tree_walk_next(&walk, t, &args) == TREE_OK)
			add(l, p, args.node, args.count, args.arg);
	}
}

static void all(struct check *c, enum rule_number rule, const char *what,
		void (*collect)(struct claims *l, const struct peripheral *p))
{
	struct claims l = { .check = c };
	unsigned int i = 0;

	for (i = 0; i < c->model->peripheral_count; i++)
		if (c->model->peripherals[i].enabled)
			collect(&l, &c->model->peripherals[i]);
	report(&l, rule, what);
}

/* a lite image's id is that of something to be stopped first, so it may be anybody's */
static void pas_ids(struct check *c)
{
	struct claims l = { .check = c };
	unsigned int i = 0, j = 0;

	for (i = 0; i < c->model->peripheral_count; i++) {
		const struct peripheral *p = &c->model->peripherals[i];

		for (j = 0; p->enabled && p->service == SERVICE_SCM && j < p->pas_count; j++)
			if (strncmp(p->pas[j].what, "lite", 4))
				add(&l, p, 0, 1, &p->pas[j].id);
	}
	qsort(l.list ? l.list : &(struct claim){ 0 }, l.count, sizeof(*l.list), by_thing_and_owner);
	for (i = 1; i < l.count && !check_full(c); i++)
		if (!by_thing(&l.list[i - 1], &l.list[i]) && l.list[i - 1].by != l.list[i].by)
			check_found(c, RULE_PAS_ID_SHARED, l.list[i].by->path,
				    check_format(c, "%" PRIu32, l.list[i].arg[0]),
				    "PAS id %" PRIu32 " is also that of %s", l.list[i].arg[0], l.list[i - 1].by->path);
}

void rules_clash(struct check *c)
{
	all(c, RULE_CARVEOUT_SHARED, "carve-out", carveouts);
	all(c, RULE_INTERRUPT_SHARED, "interrupt", interrupts);
	all(c, RULE_MAILBOX_SHARED, "mailbox", mailboxes);
	all(c, RULE_RESET_SHARED, "reset", resets);
	all(c, RULE_STOP_STATE_SHARED, "state", stop_states);
	pas_ids(c);
}
