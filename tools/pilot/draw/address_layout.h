/* SPDX-License-Identifier: BSD-2-Clause */
/* Where everything goes in the map of addresses: a scale on which 4 KiB can be read beside 4 GiB. */
#ifndef PILOT_TOOL_DRAW_ADDRESS_LAYOUT_H
#define PILOT_TOOL_DRAW_ADDRESS_LAYOUT_H

#include "draw/plan.h"

#define ROW_HEIGHT 21u	 /* a line of words beside the column */
#define ITEMS_MAX  1500u /* of a board, in the picture; real ones have less than a hundred */

/** enum item_kind - what it is; in this order where they begin at the same address */
enum item_kind {
	ITEM_BANK,    /* normal RAM */
	ITEM_RESERVE, /* /memreserve/ */
	ITEM_REGION,  /* a node in /reserved-memory */
};

/**
 * struct item - something with a place on the map
 * @base, @last:   its first and its last byte
 * @region:        of the model, for a region; @bank: for the others
 * @lane, @lanes:  of what overlaps stands side by side: in which lane, of how many
 * @overlaps:      with another region that is enabled, too
 * @first, @end:   its slices
 * @y:             top of its line of words
 */
struct item {
	uint64_t base;
	uint64_t last;
	enum item_kind kind;
	const struct region *region;
	const struct memory_bank *bank;
	unsigned int lane;
	unsigned int lanes;
	bool overlaps;
	unsigned int first;
	unsigned int end;
	unsigned int y;
};

/**
 * struct slice - addresses between two neighbouring edges of items
 * @memory: within a bank; @taken: within a region or a reserve
 * @lines:  of words that begin here
 */
struct slice {
	uint64_t base;
	uint64_t last;
	bool memory;
	bool taken;
	unsigned int lines;
	unsigned int y;
	unsigned int height;
};

/**
 * struct layout - the whole map
 * @sized:   the tree says how large at least one bank is; in many it is left to boot firmware
 * @left_out: how many items there are beyond ITEMS_MAX
 */
struct layout {
	unsigned int item_count;
	struct item *items;
	unsigned int slice_count;
	struct slice *slices;
	unsigned int height;
	unsigned int left_out;
	bool sized;
	struct pool pool;
};

/** slice_is_break() - nothing that the tree knows of is there, and the picture leaves most of it out */
bool slice_is_break(const struct layout *l, const struct slice *s);

/** layout_make() - find a place for everything; layout_free() releases it */
void layout_make(struct layout *l, const struct board_model *m);
void layout_free(struct layout *l);

#endif
