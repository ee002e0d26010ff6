/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <string.h>

#include "board/board.h"
#include "pilot.h"

bool board_overlay(struct board *b, const char *path)
{
	if (b->overlay_count == TREE_OVERLAYS) {
		complain(path, "one overlay too many: %u at most", TREE_OVERLAYS);
		return false;
	}
	b->overlays[b->overlay_count++] = path;
	return true;
}

bool board_load(struct board *b, const char *path)
{
	if (!tree_open(&b->tree, path, b->overlays, b->overlay_count))
		return false;
	if (model_read(&b->model, &b->tree))
		return true;
	tree_close(&b->tree);
	return false;
}

void board_release(struct board *b)
{
	model_free(&b->model);
	tree_close(&b->tree);
}

const char *size_text(char text[SIZE_TEXT], uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int unit = 0;
	uint64_t rest = 0;

	while (bytes >= 1024 && unit < 6) {
		rest = bytes & 1023;
		bytes >>= 10;
		unit++;
	}
	/* one digit behind the point, rounded; 1023.97 stays below the next unit */
	rest = (rest * 10 + 512) / 1024;
	if (rest)
		snprintf(text, SIZE_TEXT, "%" PRIu64 ".%u %s", bytes, rest > 9 ? 9 : (unsigned int)rest, units[unit]);
	else
		snprintf(text, SIZE_TEXT, "%" PRIu64 " %s", bytes, units[unit]);
	return text;
}

const char *size_exact_text(char text[SIZE_TEXT], uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int unit = 0;

	while (bytes && !(bytes % 1024)) {
		bytes /= 1024;
		unit++;
	}
	/* one digit behind the point says it, too */
	if (bytes > 1024 && !(bytes % 1024 * 10 % 1024))
		snprintf(text, SIZE_TEXT, "%" PRIu64 ".%" PRIu64 " %s", bytes / 1024, bytes % 1024 * 10 / 1024,
			 units[unit + 1]);
	else
		snprintf(text, SIZE_TEXT, "%" PRIu64 " %s", bytes, units[unit]);
	return text;
}

const char *board_unit_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}
