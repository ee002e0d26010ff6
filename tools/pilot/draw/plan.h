/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has memory and streams on a board, and in which colour the pictures show them. */
#ifndef PILOT_TOOL_DRAW_PLAN_H
#define PILOT_TOOL_DRAW_PLAN_H

#include "board/model.h"
#include "buffer.h"

#define PLAN_COLOURS 10u /* more owners than that share them */

/**
 * struct owner - a node that has memory or streams
 * @node:       of the tree; of a peripheral its own, also for what nodes within it have
 * @peripheral: of the model, or MODEL_NONE
 * @name:       short and unique: of the peripheral, or of the node with its unit address
 * @colour:     1 to PLAN_COLOURS; 0 for what is no peripheral
 * @regions, @streams: how many it has
 */
struct owner {
	int node;
	int peripheral;
	const char *name;
	const char *path;
	bool enabled;
	unsigned int colour;
	unsigned int regions;
	unsigned int streams;
};

/** struct use - an owner that names a reserved memory; @region: the node of that */
struct use {
	int region;
	unsigned int owner;
};

/**
 * struct plan - what both maps need
 * @owners:        @owner_count of them: peripherals in the model's order, then other nodes in the tree's
 * @uses:          @use_count of them, sorted by @region
 * @stream_owners: for each of the model's streams, number of its owner
 */
struct plan {
	const struct board_model *model;
	unsigned int owner_count;
	struct owner *owners;
	unsigned int use_count;
	struct use *uses;
	unsigned int *stream_owners;
	struct pool pool;
};

/** plan_make() - of a model, which must stay; plan_free() releases it */
void plan_make(struct plan *p, const struct board_model *m);
void plan_free(struct plan *p);

/** plan_uses() - uses of the reserved memory at @node: how many there are from @first */
unsigned int plan_uses(const struct plan *p, int node, unsigned int *first);

#endif
