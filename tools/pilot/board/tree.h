/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device tree in memory, merged with its overlays and validated: nodes by number, properties with their lengths checked,
 * addresses as the CPUs see them, lists of phandles with arguments. Everything in a tree is untrusted: a function that cannot make
 * sense of something says so by its result and never reads outside.
 *
 * Strings that these functions return are printable ASCII: whatever else a name in the tree holds has become '?'. They live until
 * tree_close().
 */
#ifndef PILOT_TOOL_BOARD_TREE_H
#define PILOT_TOOL_BOARD_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board/pool.h"

#define TREE_NONE      (-1)	   /* no node */
#define TREE_ARGS      16u	   /* cells behind one phandle, at most: as many as Linux takes */
#define TREE_DEPTH     64u	   /* nodes within nodes, at most: as many as Linux takes */
#define TREE_NAME      255u	   /* characters of a node's name, at most */
#define TREE_SIZE_MAX  (16u << 20) /* bytes of a file, at most */
#define TREE_OVERLAYS  32u	   /* overlays for one tree, at most */
#define TREE_ENTRY_MAX 4096u	   /* entries, and cells, of one list that are read, at most */
#define TREE_NODES     65536u	   /* nodes, at most */
#define TREE_PATH      2048u	   /* characters of a path, at most */

/**
 * struct tree_node - a node
 * @offset:  in the FDT, for libfdt; stays valid, nothing is changed after tree_open()
 * @parent:  number of the node that it is in; TREE_NONE for the root
 * @depth:   0 for the root
 * @phandle: 0: none
 * @enabled: it and every node around it have no status, or "okay" or "ok"
 */
struct tree_node {
	int offset;
	int parent;
	unsigned int depth;
	uint32_t phandle;
	bool enabled;
};

/** struct tree_phandle - which node has it */
struct tree_phandle {
	uint32_t phandle;
	int node;
};

/**
 * struct tree - a device tree; all zero before tree_open() and after tree_close()
 * @name:     file that it came from
 * @fdt:      FDT for libfdt, version 17 or 16; its size is fdt_totalsize()
 * @nodes:    @count of them in the order of the file: node 0 is the root, the nodes in a node follow it
 * @phandles: @phandle_count of them, sorted
 * @doubled:  a phandle that two nodes have, 0 if none
 * @paths:    of nodes, as tree_path() was asked for them
 * @pool:     strings; the tree's own
 */
struct tree {
	const char *name;
	const void *fdt;
	int count;
	struct tree_node *nodes;
	unsigned int phandle_count;
	struct tree_phandle *phandles;
	uint32_t doubled;
	const char **paths;
	void *owned;
	struct pool *pool;
};

/**
 * tree_open() - read a device tree and lay overlays over it
 * @t:        filled
 * @path:     .dtb, or .dts, which goes through the program dtc; must stay where it is. What is in the file decides, not its name.
 * @overlays: @n names of overlays, .dtbo or .dtso, applied in that order
 *
 * Return: true; false after a complaint, then there is nothing to close
 */
bool tree_open(struct tree *t, const char *path, const char *const *overlays, unsigned int n);

/** tree_from_bytes() - the same for a DTB in memory, which is copied; @name is for messages */
bool tree_from_bytes(struct tree *t, const char *name, const void *data, size_t size);

/** tree_close() - release everything; a struct tree that is all zero is fine */
void tree_close(struct tree *t);

/** tree_path() - path of a node, "/soc/remoteproc@30000000"; "" for TREE_NONE */
const char *tree_path(const struct tree *t, int node);

/** tree_node_name() - name of a node with its unit address, "remoteproc@30000000"; "/" for the root */
const char *tree_node_name(const struct tree *t, int node);

/** tree_text() - printable copy of @size bytes, or of fewer up to a NUL */
const char *tree_text(const struct tree *t, const void *data, size_t size);

/** tree_find() - the node with this path (no aliases), or TREE_NONE */
int tree_find(const struct tree *t, const char *path);

/** tree_by_phandle() - the node that has this phandle, or TREE_NONE; of several the first */
int tree_by_phandle(const struct tree *t, uint32_t phandle);

/** tree_child() - first node within @node; tree_sibling() - the next within the same; TREE_NONE behind the last */
int tree_child(const struct tree *t, int node);
int tree_sibling(const struct tree *t, int node);

/** tree_is_within() - @node is @ancestor, or somewhere in it */
bool tree_is_within(const struct tree *t, int node, int ancestor);

/** tree_property() - bytes of a property and how many, or NULL when the node has none of that name (@size may be NULL) */
const void *tree_property(const struct tree *t, int node, const char *name, size_t *size);

/** tree_has() - the node has a property of that name */
bool tree_has(const struct tree *t, int node, const char *name);

/** struct tree_cells - a property as 32-bit cells; bytes behind the last whole cell make @ragged */
struct tree_cells {
	const uint8_t *data;
	unsigned int count;
	bool ragged;
};

/** tree_cells() - a property's cells; false when there is no such property */
bool tree_cells(const struct tree *t, int node, const char *name, struct tree_cells *cells);

/** tree_cell() - cell @index; 0 behind the last */
uint32_t tree_cell(const struct tree_cells *cells, unsigned int index);

/** tree_u32() - a property of exactly one cell; false when there is none, or it is something else */
bool tree_u32(const struct tree *t, int node, const char *name, uint32_t *value);

/** tree_string() - string @index of a list of strings, or NULL behind the last, or where the list is not terminated */
const char *tree_string(const struct tree *t, int node, const char *name, unsigned int index);

/** tree_strings() - how many strings a property is; 0 when it is none or no list of strings */
unsigned int tree_strings(const struct tree *t, int node, const char *name);

/** tree_is_compatible() - one of the node's compatibles is @compatible */
bool tree_is_compatible(const struct tree *t, int node, const char *compatible);

/** enum tree_result - how reading an entry of a list ended */
enum tree_result {
	TREE_OK = 0,
	TREE_END,      /* there is no entry of that number, or no such property */
	TREE_NO_NODE,  /* the phandle leads nowhere */
	TREE_NO_CELLS, /* the node that it leads to does not say how many cells follow, or says too many */
	TREE_SHORT,    /* the property ends within the entry */
	TREE_WIDE,     /* more cells than 64 bits hold, or a sum that does not fit */
	TREE_UNMAPPED, /* no ranges on the way to the CPUs cover the address: no CPU can reach it */
	TREE_TOO_MANY, /* more than TREE_ENTRY_MAX entries */
};

/** tree_result_text() - the words for it, to follow "PROPERTY: " */
const char *tree_result_text(enum tree_result result);

/** struct tree_range - memory or registers; @size may be 0 */
struct tree_range {
	uint64_t base;
	uint64_t size;
};

/**
 * tree_reg() - entry @index of a node's reg, as the CPUs see it
 * Return: TREE_OK, TREE_END, TREE_NO_CELLS, TREE_SHORT, TREE_WIDE, or TREE_UNMAPPED, where @range has the untranslated one
 */
enum tree_result tree_reg(const struct tree *t, int node, unsigned int index, struct tree_range *range);

/** tree_range_cells() - address and size cells of entries of "reg", "alloc-ranges" in @node: its parent's. false: unusable */
bool tree_range_cells(const struct tree *t, int node, unsigned int *address, unsigned int *size);

/** struct tree_dma_range - @size bytes at @bus, where devices see them, are at @cpu */
struct tree_dma_range {
	uint64_t bus;
	uint64_t cpu;
	uint64_t size;
};

/** tree_dma_range() - entry @index of the dma-ranges of @node itself; @cpu is not translated further. Return: as tree_reg() */
enum tree_result tree_dma_range(const struct tree *t, int node, unsigned int index, struct tree_dma_range *range);

/** struct tree_args - a phandle and its cells; @node: TREE_NONE for an empty entry (phandle 0) or where it leads nowhere */
struct tree_args {
	int node;
	uint32_t phandle;
	unsigned int count;
	uint32_t arg[TREE_ARGS];
};

/**
 * tree_args() - entry @index of a list of phandles with arguments
 * @property:   "clocks"
 * @cells_name: property of the node a phandle leads to that says how many cells follow: "#clock-cells"; NULL: none follow
 *
 * Return: TREE_OK, also for an empty entry; TREE_END; TREE_NO_NODE, TREE_NO_CELLS, TREE_SHORT: then further entries cannot be found
 */
enum tree_result tree_args(const struct tree *t, int node, const char *property, const char *cells_name,
			   unsigned int index, struct tree_args *args);

/**
 * struct tree_walk - goes through such a list in one pass, which matters for long ones
 * @at:      cell at which the next entry begins
 * @old_map: a map that is read with one cell per stream although the IOMMU says two; known after the first entry
 */
struct tree_walk {
	struct tree_cells cells;
	unsigned int at;
	const char *cells_name;
	bool old_map;
};

/** tree_walk_begin() - false when there is no such property; tree_walk_next() - the next entry, as tree_args() */
bool tree_walk_begin(struct tree_walk *w, const struct tree *t, int node, const char *property, const char *cells_name);
enum tree_result tree_walk_next(struct tree_walk *w, const struct tree *t, struct tree_args *args);

/** struct tree_map - an entry of iommu-map or msi-map: ids @id to @id + @length - 1; the specifier of the first is @args */
struct tree_map {
	uint32_t id;
	uint32_t length;
	struct tree_args args;
};

/**
 * tree_map_next() - the next entry of a map
 * @w: from tree_walk_begin() with "iommu-map" and "#iommu-cells"
 *
 * An entry is an id, a phandle, as many cells as #iommu-cells of that node says (one if it says nothing), and a length. Trees that
 * were written before Linux honoured #iommu-cells there have one cell where it says two; Linux takes a map so when all of
 * its entries, read so, lead to one node and are for one id each, and so does this.
 *
 * Return: as tree_args()
 */
enum tree_result tree_map_next(struct tree_walk *w, const struct tree *t, struct tree_map *map);

#endif
