/* SPDX-License-Identifier: BSD-2-Clause */
/* Device trees: validation, the index of nodes, names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "board/tree.h"
#include "board/tree_merge.h"
#include "pilot.h"

bool tree_check(const char *name, const void *data, size_t size)
{
	const struct fdt_header *header = data;
	int err = 0;

	if (size < sizeof(*header) || fdt_magic(header) != FDT_MAGIC) {
		complain(name, "not a device tree: it does not begin with 0x%08x, or has less than %zu bytes",
			 FDT_MAGIC, sizeof(*header));
		return false;
	}
	if (fdt_totalsize(header) > size) {
		complain(name, "the device tree is cut off: its header says %u bytes, there are %zu",
			 fdt_totalsize(header), size);
		return false;
	}
	if (fdt_version(header) < FDT_FIRST_SUPPORTED_VERSION + 14 || fdt_last_comp_version(header) > 17) {
		complain(name, "device tree of version %u (readable as %u); 16 and 17 are understood",
			 fdt_version(header), fdt_last_comp_version(header));
		return false;
	}
	err = fdt_check_full(data, size);
	if (err)
		complain(name, "the device tree is damaged: %s", fdt_strerror(err));
	return !err;
}

/* how long a node's path is, from those around it; 0 after a complaint */
static size_t path_length(const char *name, const void *fdt, int node, unsigned int depth, const size_t *around)
{
	int length = 0;
	size_t path = 0;

	if (!fdt_get_name(fdt, node, &length) || (unsigned int)length > TREE_NAME) {
		complain(name, "a node at offset %d of the structure has a name of more than %u characters", node,
			 TREE_NAME);
		return 0;
	}
	path = (depth ? around[depth - 1] : 0) + 1 + (size_t)length;
	if (path <= TREE_PATH)
		return path;
	complain(name, "the path of a node at offset %d of the structure has more than %u characters", node, TREE_PATH);
	return 0;
}

/* what fdt_check_full() does not mind, but recursion, a path's length or the time to look at all would */
bool tree_check_shape(const char *name, const void *fdt)
{
	size_t lengths[TREE_DEPTH + 1] = { 0 };
	unsigned int nodes = 0;
	int depth = 0;

	for (int node = 0; node >= 0 && depth >= 0; node = fdt_next_node(fdt, node, &depth)) {
		if ((unsigned int)depth > TREE_DEPTH) {
			complain(name, "nodes are nested more than %u deep", TREE_DEPTH);
			return false;
		}
		if (++nodes > TREE_NODES) {
			complain(name, "the device tree has more than %u nodes", TREE_NODES);
			return false;
		}
		lengths[depth] = path_length(name, fdt, node, (unsigned int)depth, lengths);
		if (!lengths[depth])
			return false;
	}
	return true;
}

static bool is_okay(const void *fdt, int offset)
{
	int size = 0;
	const char *status = fdt_getprop(fdt, offset, "status", &size);

	if (!status)
		return true;
	return (size == 5 && !memcmp(status, "okay", 5)) || (size == 3 && !memcmp(status, "ok", 3));
}

static int by_phandle(const void *a, const void *b)
{
	const struct tree_phandle *x = a, *y = b;

	if (x->phandle != y->phandle)
		return x->phandle < y->phandle ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

static void sort_phandles(struct tree *t)
{
	if (t->phandle_count)
		qsort(t->phandles, t->phandle_count, sizeof(*t->phandles), by_phandle);
	for (unsigned int i = 1; i < t->phandle_count && !t->doubled; i++)
		if (t->phandles[i].phandle == t->phandles[i - 1].phandle)
			t->doubled = t->phandles[i].phandle;
}

static void add_node(struct tree *t, int offset, unsigned int depth, int parent)
{
	struct tree_node *n = NULL;

	t->nodes = pool_grow(t->pool, t->nodes, (unsigned int)t->count, sizeof(*t->nodes));
	n = &t->nodes[t->count];
	n->offset = offset;
	n->depth = depth;
	n->parent = parent;
	n->phandle = fdt_get_phandle(t->fdt, offset);
	n->enabled = is_okay(t->fdt, offset) && (parent == TREE_NONE || t->nodes[parent].enabled);
	if (n->phandle) {
		t->phandles = pool_grow(t->pool, t->phandles, t->phandle_count, sizeof(*t->phandles));
		t->phandles[t->phandle_count++] = (struct tree_phandle){ n->phandle, t->count };
	}
	t->count++;
}

static void index_nodes(struct tree *t)
{
	int around[TREE_DEPTH + 1] = { 0 };
	int depth = 0;

	for (int offset = 0; offset >= 0 && depth >= 0; offset = fdt_next_node(t->fdt, offset, &depth)) {
		/* a second root: libfdt goes on behind the end of the first */
		if (!depth && t->count)
			break;
		around[depth] = t->count;
		add_node(t, offset, (unsigned int)depth, depth ? around[depth - 1] : TREE_NONE);
	}
	sort_phandles(t);
}

bool tree_take(struct tree *t, const char *name, void *fdt)
{
	if (!tree_check(name, fdt, fdt_totalsize(fdt)) || !tree_check_shape(name, fdt)) {
		free(fdt);
		return false;
	}
	*t = (struct tree){ .name = name, .fdt = fdt, .owned = fdt, .pool = calloc(1, sizeof(*t->pool)) };
	if (!t->pool) {
		complain(name, "out of memory");
		free(fdt);
		return false;
	}
	index_nodes(t);
	t->paths = pool_alloc(t->pool, (size_t)t->count * sizeof(*t->paths));
	return true;
}

bool tree_from_bytes(struct tree *t, const char *name, const void *data, size_t size)
{
	void *copy = NULL;

	*t = (struct tree){ 0 };
	if (size > TREE_SIZE_MAX) {
		complain(name, "%zu bytes are too many for a device tree: %u at most", size, TREE_SIZE_MAX);
		return false;
	}
	copy = malloc(size ? size : 1);
	if (!copy) {
		complain(name, "out of memory");
		return false;
	}
	memcpy(copy, data, size);
	if (!tree_check(name, copy, size)) {
		free(copy);
		return false;
	}
	return tree_take(t, name, copy);
}

void tree_close(struct tree *t)
{
	if (t->pool)
		pool_free(t->pool);
	free(t->pool);
	free(t->owned);
	*t = (struct tree){ 0 };
}

const char *tree_text(const struct tree *t, const void *data, size_t size)
{
	size_t length = strnlen(data, size);
	char *text = pool_alloc(t->pool, length + 1);

	memcpy(text, data, length);
	for (size_t i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			text[i] = '?';
	return text;
}

const char *tree_node_name(const struct tree *t, int node)
{
	int length = 0;
	const char *name = NULL;

	if (node <= 0)
		return node ? "" : "/";
	name = fdt_get_name(t->fdt, t->nodes[node].offset, &length);
	return name && length > 0 ? tree_text(t, name, (size_t)length) : "";
}

/* made of the path around it, which is made first: at most TREE_DEPTH calls deep */
const char *tree_path(const struct tree *t, int node)
{
	const char *around = NULL;
	const char *name = NULL;
	char *path = NULL;
	size_t size = 0;

	if (node <= 0)
		return node ? "" : "/";
	if (t->paths[node])
		return t->paths[node];
	around = t->nodes[node].parent ? tree_path(t, t->nodes[node].parent) : "";
	name = tree_node_name(t, node);
	size = strlen(around) + 1 + strlen(name) + 1;
	path = pool_alloc(t->pool, size);
	snprintf(path, size, "%s/%s", around, name);
	t->paths[node] = path;
	return path;
}

int tree_find(const struct tree *t, const char *path)
{
	int offset = fdt_path_offset(t->fdt, path);

	if (path[0] != '/' || offset < 0)
		return TREE_NONE;
	for (int i = 0; i < t->count; i++)
		if (t->nodes[i].offset == offset)
			return i;
	return TREE_NONE;
}

int tree_by_phandle(const struct tree *t, uint32_t phandle)
{
	unsigned int low = 0, high = t->phandle_count;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (t->phandles[middle].phandle < phandle)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->phandle_count && t->phandles[low].phandle == phandle ? t->phandles[low].node : TREE_NONE;
}

int tree_child(const struct tree *t, int node)
{
	return node + 1 < t->count && t->nodes[node + 1].parent == node ? node + 1 : TREE_NONE;
}

int tree_sibling(const struct tree *t, int node)
{
	unsigned int depth = t->nodes[node].depth;

	for (int i = node + 1; i < t->count && t->nodes[i].depth >= depth; i++)
		if (t->nodes[i].depth == depth)
			return i;
	return TREE_NONE;
}

bool tree_is_within(const struct tree *t, int node, int ancestor)
{
	while (node > ancestor)
		node = t->nodes[node].parent;
	return node == ancestor;
}
