/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose memory is at an address, by the board's device tree. */
#include "dump/dump.h"

bool dump_board_open(struct dump *d, const char *path, const char *const *overlays, unsigned int count)
{
	if (!tree_open(&d->tree, path, overlays, count))
		return false;
	d->has_board = model_read(&d->model, &d->tree);
	if (!d->has_board)
		tree_close(&d->tree);
	return d->has_board;
}

void dump_board_close(struct dump *d)
{
	if (!d->has_board)
		return;
	model_free(&d->model);
	tree_close(&d->tree);
	d->has_board = false;
}

/* the peripheral that has this node of reserved memory; one that is enabled rather than one that is not */
static const struct peripheral *user_of(const struct board_model *m, const struct region *region)
{
	const struct peripheral *found = NULL;
	unsigned int i = 0;
	unsigned int k = 0;

	for (i = 0; i < m->peripheral_count; i++) {
		const struct peripheral *p = &m->peripherals[i];

		for (k = 0; k < p->region_count; k++)
			if (p->regions[k].node == region->node && (!found || (p->enabled && !found->enabled)))
				found = p;
	}
	return found;
}

struct dump_owner dump_owner(const struct dump *d, const struct core_region *region)
{
	const struct region *found = d->has_board ? model_region_at(&d->model, region->address) : NULL;
	const struct peripheral *user = found ? user_of(&d->model, found) : NULL;

	if (!found)
		return (struct dump_owner){ 0 };
	return (struct dump_owner){ .region = found->name,
				    .path = found->path,
				    .peripheral = user ? user->name : NULL };
}
