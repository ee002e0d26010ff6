/* SPDX-License-Identifier: BSD-2-Clause */
/* What the commands "pilot board ..." share. */
#ifndef PILOT_TOOL_BOARD_BOARD_H
#define PILOT_TOOL_BOARD_BOARD_H

#include <jansson.h>
#include <stdio.h>

#include "board/model.h"

/**
 * struct board - a device tree from the command line, and its model
 * @overlays: @overlay_count names given with --overlay
 */
struct board {
	const char *overlays[TREE_OVERLAYS];
	unsigned int overlay_count;
	struct tree tree;
	struct board_model model;
};

/** board_overlay() - remember an --overlay; complains and returns false when there are too many */
bool board_overlay(struct board *b, const char *path);

/** board_load() - read a tree with these overlays, and its model; complains and returns false, then there is nothing to close */
bool board_load(struct board *b, const char *path);

/** board_release() - release it */
void board_release(struct board *b);

/** size_text() - "27 MiB", "1.5 GiB", "100 bytes": exact, or rounded to one decimal; returns @text */
#define SIZE_TEXT 32u
const char *size_text(char text[SIZE_TEXT], uint64_t bytes);

/** size_exact_text() - the same in the largest unit that says it exactly: "1.5 MiB", "1920 KiB" */
const char *size_exact_text(char text[SIZE_TEXT], uint64_t bytes);

/** board_unit_name() - last part of a path */
const char *board_unit_name(const char *path);

/** board_show_text() - what 'pilot board show' prints for people; @all: disabled nodes, too, and all memory */
void board_show_text(const struct board_model *m, bool all);

/** board_show_json() - the same as a document, docs/schema/board-show.json */
json_t *board_show_json(const struct board_model *m, bool all);

/** board_peripheral_json() - one peripheral of it */
json_t *board_peripheral_json(const struct board_model *m, const struct peripheral *p);

#endif
