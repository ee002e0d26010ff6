/* SPDX-License-Identifier: BSD-2-Clause */
/* Overlays, and files of trees and overlays. */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "board/tree.h"
#include "board/tree_merge.h"
#include "pilot.h"

#define ROOM_FIRST (64u << 10)
#define ROOM_MOST  (64u << 20)

static const char *printable(char *out, size_t size, const char *text)
{
	size_t i = 0;

	for (i = 0; i + 1 < size && text[i]; i++)
		out[i] = text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?';
	out[i] = '\0';
	return out;
}

/* a label that the overlay refers to and the base has not; false: none is missing */
static bool find_missing_label(const void *base, const void *overlay, char *label, size_t size)
{
	int symbols = fdt_path_offset(base, "/__symbols__");
	int fixups = fdt_path_offset(overlay, "/__fixups__");
	int property = 0;

	fdt_for_each_property_offset(property, overlay, fixups)
	{
		const char *name = NULL;

		if (!fdt_getprop_by_offset(overlay, property, &name, NULL))
			continue;
		if (symbols < 0 || !fdt_getprop(base, symbols, name, NULL)) {
			printable(label, size, name);
			return true;
		}
	}
	return false;
}

static void explain(const char *base_name, const void *base, const char *overlay_name, const void *overlay, int err)
{
	bool symbols = fdt_path_offset(base, "/__symbols__") >= 0;
	char label[64] = "";

	if (find_missing_label(base, overlay, label, sizeof(label))) {
		if (symbols)
			complain(overlay_name, "refers to the label '%s', which %s does not have", label, base_name);
		else
			complain(overlay_name,
				 "refers to the label '%s', but %s has no labels (no node __symbols__): "
				 "compile it with 'dtc -@'",
				 label, base_name);
		return;
	}
	if (err == -FDT_ERR_NOTFOUND)
		complain(
			overlay_name,
			"a target does not exist in %s, or this is no overlay (a source needs /plugin/ behind /dts-v1/)",
			base_name);
	else if (err == -FDT_ERR_NOSPACE)
		complain(overlay_name, "laid over %s the tree would have more than %u MiB", base_name, ROOM_MOST >> 20);
	else
		complain(overlay_name, "cannot be laid over %s: %s", base_name, fdt_strerror(err));
}

/* fdt_overlay_apply() spoils both when it fails: it gets copies. Return: the merged tree or NULL, then *err says why */
static void *try_overlay(const void *base, const void *overlay, size_t room, int *err)
{
	size_t size = fdt_totalsize(overlay);
	void *scratch = malloc(size);
	void *out = malloc(room);

	*err = -FDT_ERR_NOSPACE;
	if (scratch && out) {
		memcpy(scratch, overlay, size);
		*err = fdt_open_into(base, out, (int)room);
		if (!*err)
			*err = fdt_overlay_apply(out, scratch);
	}
	free(scratch);
	if (*err) {
		free(out);
		return NULL;
	}
	fdt_pack(out);
	return out;
}

/* fixed by name only when it is one: with no fragment at all nothing would be applied, and nothing said */
static bool has_fragments(const char *name, const void *overlay)
{
	int node = 0;

	fdt_for_each_subnode(node, overlay, 0) if (fdt_subnode_offset(overlay, node, "__overlay__") >= 0) return true;
	complain(name, "has no fragments: not an overlay (a source needs /plugin/ behind /dts-v1/)");
	return false;
}

void *tree_overlay(const char *base_name, void *base, const char *overlay_name, const void *overlay)
{
	size_t room = (size_t)fdt_totalsize(base) + fdt_totalsize(overlay) + ROOM_FIRST;
	void *merged = NULL;
	int err = 0;

	if (!has_fragments(overlay_name, overlay)) {
		free(base);
		return NULL;
	}
	do {
		merged = try_overlay(base, overlay, room, &err);
		room *= 2;
	} while (!merged && err == -FDT_ERR_NOSPACE && room <= ROOM_MOST);
	if (!merged)
		explain(base_name, base, overlay_name, overlay, err);
	free(base);
	return merged;
}

/* a NUL in the first bytes: no text */
static bool is_text(const struct file *file)
{
	size_t size = file->size < 4096 ? file->size : 4096;

	return size && !memchr(file->data, 0, size);
}

static void *copy_checked(const char *path, const uint8_t *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	if (!copy) {
		complain(path, "out of memory");
		return NULL;
	}
	memcpy(copy, data, size);
	if (tree_check(path, copy, size) && tree_check_shape(path, copy))
		return copy;
	free(copy);
	return NULL;
}

void *tree_load(const char *path)
{
	struct file file = { 0 };
	void *fdt = NULL;

	if (!file_open(&file, path))
		return NULL;
	if (file.size > TREE_SIZE_MAX)
		complain(path, "%zu bytes are too many for a device tree: %u at most", file.size, TREE_SIZE_MAX);
	else if (is_text(&file))
		fdt = tree_compile(path, file.data, file.size);
	else
		fdt = copy_checked(path, file.data, file.size);
	file_close(&file);
	return fdt;
}

bool tree_open(struct tree *t, const char *path, const char *const *overlays, unsigned int n)
{
	void *fdt = NULL;

	*t = (struct tree){ 0 };
	if (n > TREE_OVERLAYS) {
		complain(path, "%u overlays are too many: %u at most", n, TREE_OVERLAYS);
		return false;
	}
	fdt = tree_load(path);
	for (unsigned int i = 0; fdt && i < n; i++) {
		void *overlay = tree_load(overlays[i]);

		if (overlay) {
			fdt = tree_overlay(path, fdt, overlays[i], overlay);
		} else {
			free(fdt);
			fdt = NULL;
		}
		free(overlay);
	}
	return fdt && tree_take(t, path, fdt);
}
