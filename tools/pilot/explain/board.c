/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a stream is and what is at an address, by the board's device tree. */
#include <stdlib.h>
#include <string.h>

#include "board/model.h"
#include "explain/explain.h"
#include "pilot.h"

struct explain_board {
	struct tree tree;
	struct board_model model;
};

struct explain_board *explain_board_open(const char *path, const char *const *overlays, unsigned int count)
{
	struct explain_board *board = calloc(1, sizeof(*board));

	if (!board) {
		complain(path, "no memory to read it");
		return NULL;
	}
	if (!tree_open(&board->tree, path, overlays, count)) {
		free(board);
		return NULL;
	}
	if (!model_read(&board->model, &board->tree)) {
		tree_close(&board->tree);
		free(board);
		return NULL;
	}
	return board;
}

void explain_board_close(struct explain_board *board)
{
	if (!board)
		return;
	model_free(&board->model);
	tree_close(&board->tree);
	free(board);
}

/* "memory@88c00000" of "/reserved-memory/memory@88c00000" */
static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* the peripheral whose memory-region it is; NULL: nobody's, or of several */
static const struct peripheral *user_of(const struct board_model *m, const struct region *r)
{
	const struct peripheral *user = NULL;
	unsigned int i = 0;
	unsigned int k = 0;

	for (i = 0; i < m->peripheral_count; i++)
		for (k = 0; k < m->peripherals[i].region_count; k++)
			if (m->peripherals[i].regions[k].node == r->node) {
				if (user && user != &m->peripherals[i])
					return NULL;
				user = &m->peripherals[i];
			}
	return user;
}

bool board_region(const struct explain_board *board, uint64_t address, char *text, size_t size)
{
	const struct region *r = model_region_at(&board->model, address);
	const struct peripheral *user = r ? user_of(&board->model, r) : NULL;

	if (r)
		snprintf(text, size, "%.30s%s%.12s (%llu KiB)", last_name(r->path), user ? " of " : "",
			 user ? user->name : "", (unsigned long long)(r->size / 1024));
	else if (board->model.memory_count && model_memory_covers(&board->model, address, 1))
		snprintf(text, size, "normal memory");
	else
		return false;
	return true;
}

bool board_processor(const struct explain_board *board, const char *device, char name[NAME_LENGTH])
{
	unsigned int i = 0;

	for (i = 0; i < board->model.peripheral_count; i++) {
		const struct peripheral *p = &board->model.peripherals[i];
		const char *node = last_name(p->path);
		size_t length = strcspn(node, "@");
		size_t unit = node[length] ? strlen(node + length + 1) : 0;

		/* the device of remoteproc@3000000 is 3000000.remoteproc */
		if (!unit || strncmp(device, node + length + 1, unit) || device[unit] != '.' ||
		    strncmp(device + unit + 1, node, length) || device[unit + 1 + length])
			continue;
		snprintf(name, NAME_LENGTH, "%.60s", p->name);
		return true;
	}
	return false;
}

/* the SMMU whose device is "15000000.iommu", or the only one; "MODEL_NONE" when it is not clear which */
static int find_smmu(const struct explain_board *board, const char *device)
{
	const char *dot = strchr(device, '.');
	uint64_t base = 0;
	int found = MODEL_NONE;

	if (dot && match_number(device, (size_t)(dot - device), 16, &base) == (size_t)(dot - device))
		found = model_iommu_by_address(&board->model, base);
	if (found == MODEL_NONE && board->model.iommu_count == 1)
		found = 0;
	return found;
}

bool board_owner(const struct explain_board *board, const char *smmu, uint64_t sid, char name[NAME_LENGTH],
		 char text[NAME_LENGTH])
{
	int iommu = find_smmu(board, smmu);
	const struct stream *stream = NULL;
	const struct peripheral *owner = NULL;

	if (iommu == MODEL_NONE || sid > UINT32_MAX)
		return false;
	stream = model_stream_of(&board->model, iommu, (uint32_t)sid);
	owner = model_owner_of_stream(&board->model, iommu, (uint32_t)sid);
	if (owner)
		snprintf(name, NAME_LENGTH, "%.60s", owner->name);
	if (stream)
		snprintf(text, NAME_LENGTH, "%.60s", tree_node_name(&board->tree, stream->node));
	else
		snprintf(text, NAME_LENGTH, "nobody: the device tree names no owner");
	return true;
}
