/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads one fact from QEMU's device tree: how much RAM there is. Big endian, bounded, no tree is built. */
#include <stdbool.h>
#include <string.h>

#include "machine_tree.h"

#define FDT_MAGIC      0xd00dfeedu
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE   2u
#define FDT_PROP       3u
#define FDT_NOP	       4u

#define NODE	 "memory@"
#define PROPERTY "reg" /* all of it, with its NUL */

struct tree {
	const uint8_t *data;
	size_t size;
	size_t strings;
	size_t at;
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* the next token, or 0 past the end (no token has that number) */
static uint32_t next(struct tree *t)
{
	uint32_t token = 0;

	if (t->at > t->size || t->size - t->at < 4)
		return 0;
	token = be32(t->data + t->at);
	t->at += 4;
	return token;
}

/* are the first @length bytes at @offset those of @text? They must lie inside the tree */
static bool matches(const struct tree *t, size_t offset, const char *text, size_t length)
{
	return offset <= t->size && length <= t->size - offset && !memcmp(t->data + offset, text, length);
}

static bool skip_name(struct tree *t)
{
	while (t->at < t->size && t->data[t->at])
		t->at++;
	t->at = (t->at + 4) & ~(size_t)3;
	return t->at <= t->size;
}

/* a property's value: advances past it; returns its length, -1 when it does not fit */
static int64_t property(struct tree *t, size_t *value, size_t *name)
{
	uint32_t length = next(t), offset = next(t);

	if (t->at > t->size || length > t->size - t->at)
		return -1;
	*value = t->at;
	*name = t->strings + (size_t)offset;
	t->at += ((size_t)length + 3) & ~(size_t)3;
	return length;
}

static bool open_tree(struct tree *t, const uint8_t *data, size_t max)
{
	if (max < 40 || be32(data) != FDT_MAGIC || be32(data + 4) > max)
		return false;
	*t = (struct tree){ .data = data, .size = be32(data + 4), .at = be32(data + 8), .strings = be32(data + 12) };
	return t->at < t->size && t->strings < t->size;
}

int machine_tree_memory(const void *tree, size_t max, uint64_t *base, uint64_t *size)
{
	struct tree t = { 0 };
	unsigned int depth = 0;
	bool in_memory = false;

	if (!open_tree(&t, tree, max))
		return -1;
	for (;;) {
		uint32_t token = next(&t);
		size_t value = 0, name = 0;
		int64_t length = 0;

		if (token == FDT_BEGIN_NODE) {
			in_memory = ++depth == 2 && matches(&t, t.at, NODE, sizeof(NODE) - 1);
			if (!skip_name(&t))
				return -1;
		} else if (token == FDT_END_NODE && depth) {
			depth--;
			in_memory = false;
		} else if (token == FDT_PROP) {
			length = property(&t, &value, &name);
			if (length < 0)
				return -1;
			if (in_memory && length >= 16 && matches(&t, name, PROPERTY, sizeof(PROPERTY))) {
				*base = (uint64_t)be32(t.data + value) << 32 | be32(t.data + value + 4);
				*size = (uint64_t)be32(t.data + value + 8) << 32 | be32(t.data + value + 12);
				return 0;
			}
		} else if (token != FDT_NOP) {
			return -1;
		}
	}
}
