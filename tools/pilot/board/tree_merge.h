/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that make a struct tree share. */
#ifndef PILOT_TOOL_BOARD_TREE_MERGE_H
#define PILOT_TOOL_BOARD_TREE_MERGE_H

#include "board/tree.h"

/** tree_check() - it is a complete, sound device tree of at most @size bytes; @data is aligned to 8 bytes. Complains. */
bool tree_check(const char *name, const void *data, size_t size);

/** tree_check_shape() - nodes are not nested too deep, nor have they endless names. Complains. */
bool tree_check_shape(const char *name, const void *fdt);

/** tree_take() - make a struct tree of @fdt, from malloc(), which is its own from now on, also on failure. Complains. */
bool tree_take(struct tree *t, const char *name, void *fdt);

/** tree_load() - the device tree in a file, from malloc(), through dtc if it is source; NULL after a complaint */
void *tree_load(const char *path);

/** tree_compile() - run dtc on a file; NULL after a complaint */
void *tree_compile(const char *path, const uint8_t *text, size_t size);

/**
 * tree_overlay() - lay one device tree over another
 * @base:    from malloc(), released, also on failure
 * @overlay: from malloc(), which stays the caller's
 *
 * Return: the result, from malloc(); NULL after a complaint
 */
void *tree_overlay(const char *base_name, void *base, const char *overlay_name, const void *overlay);

#endif
