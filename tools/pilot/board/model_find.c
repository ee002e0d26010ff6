/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions that the users of a model ask. */
#include <stdlib.h>
#include <string.h>

#include "board/model_read.h"

const struct region *model_region_at(const struct board_model *m, uint64_t address)
{
	const struct region *found = NULL;

	for (unsigned int i = 0; i < m->region_count; i++) {
		const struct region *r = &m->regions[i];

		if (r->enabled && !r->dynamic && address >= r->base && address - r->base < r->size &&
		    (!found || r->size < found->size))
			found = r;
	}
	return found;
}

/* bytes from @base that one bank holds */
static uint64_t covered_from(const struct board_model *m, uint64_t base)
{
	uint64_t most = 0;

	for (unsigned int i = 0; i < m->memory_count; i++) {
		const struct memory_bank *b = &m->memory[i];

		if (base >= b->base && base - b->base < b->size && b->size - (base - b->base) > most)
			most = b->size - (base - b->base);
	}
	return most;
}

bool model_memory_covers(const struct board_model *m, uint64_t base, uint64_t size)
{
	uint64_t total = 0;

	for (unsigned int i = 0; i < m->memory_count; i++)
		total |= m->memory[i].size;
	if (!total)
		return true;
	while (size) {
		uint64_t held = covered_from(m, base);

		if (!held)
			return false;
		held = held < size ? held : size;
		base += held;
		size -= held;
	}
	return true;
}

bool model_stream_has(const struct board_model *m, const struct stream *s, uint32_t sid)
{
	if (m->iommus[s->iommu].kind == IOMMU_SMMUV2 && s->count <= 1)
		return !((s->sid ^ sid) & ~s->mask);
	return sid >= s->sid && sid - s->sid < s->count;
}

/* some id of @range, which has no mask, is one that the other matches */
static bool range_meets(const struct stream *range, const struct stream *s)
{
	uint32_t mask = s->mask & 0xffff;
	uint32_t last = range->sid + (range->count - 1);
	uint32_t id = s->sid & ~mask;

	/* the ids of (sid, mask) in rising order: the next one is found by counting within the mask */
	for (uint32_t bits = 0;; bits = (bits - mask) & mask) {
		if ((id | bits) >= range->sid && (id | bits) <= last)
			return true;
		if (bits == mask || (id | bits) > last)
			return false;
	}
}

bool model_streams_meet(const struct board_model *m, const struct stream *a, const struct stream *b)
{
	if (a->iommu != b->iommu || !a->count || !b->count)
		return false;
	if (m->iommus[a->iommu].kind != IOMMU_SMMUV2)
		return a->sid <= b->sid ? b->sid - a->sid < a->count : a->sid - b->sid < b->count;
	if (a->count > 1 && b->count > 1)
		return a->sid <= b->sid ? b->sid - a->sid < a->count : a->sid - b->sid < b->count;
	if (a->count > 1)
		return range_meets(a, b);
	if (b->count > 1)
		return range_meets(b, a);
	return !((a->sid ^ b->sid) & ~(a->mask | b->mask));
}

static bool is_better(const struct stream *a, const struct stream *b)
{
	if (a->enabled != b->enabled)
		return a->enabled;
	return !a->mask && a->count == 1 && (b->mask || b->count > 1);
}

const struct stream *model_stream_of(const struct board_model *m, int iommu, uint32_t sid)
{
	const struct stream *found = NULL;

	for (unsigned int i = 0; i < m->stream_count; i++) {
		const struct stream *s = &m->streams[i];

		if (s->iommu == iommu && model_stream_has(m, s, sid) && (!found || is_better(s, found)))
			found = s;
	}
	return found;
}

const struct peripheral *model_owner_of_stream(const struct board_model *m, int iommu, uint32_t sid)
{
	const struct stream *s = model_stream_of(m, iommu, sid);

	return s && s->peripheral != MODEL_NONE ? &m->peripherals[s->peripheral] : NULL;
}

const struct peripheral *model_peripheral_at(const struct board_model *m, int node)
{
	int index = node == TREE_NONE ? MODEL_NONE : m->at_node[node].peripheral;

	return index == MODEL_NONE ? NULL : &m->peripherals[index];
}

const struct peripheral *model_peripheral_named(const struct board_model *m, const char *name)
{
	const struct peripheral *found = NULL;

	for (unsigned int i = 0; i < m->peripheral_count; i++) {
		const struct peripheral *p = &m->peripherals[i];

		if (strcmp(p->name, name) && strcmp(p->path, name))
			continue;
		if (!found || (p->enabled && !found->enabled))
			found = p;
	}
	return found;
}

int model_iommu_at(const struct board_model *m, int node)
{
	return node == TREE_NONE ? MODEL_NONE : m->at_node[node].iommu;
}

int model_iommu_by_address(const struct board_model *m, uint64_t address)
{
	for (unsigned int i = 0; i < m->iommu_count; i++) {
		const struct iommu *u = &m->iommus[i];

		if (u->has_reg && address >= u->reg.base &&
		    (address == u->reg.base || address - u->reg.base < u->reg.size))
			return (int)i;
	}
	return MODEL_NONE;
}

int model_main_iommu(const struct board_model *m)
{
	unsigned int most = 0;
	int best = m->iommu_count ? 0 : MODEL_NONE;
	unsigned int *counts = calloc(m->iommu_count + 1, sizeof(*counts));

	for (unsigned int i = 0; counts && i < m->stream_count; i++)
		counts[m->streams[i].iommu]++;
	for (unsigned int i = 0; counts && i < m->iommu_count; i++) {
		if (counts[i] <= most)
			continue;
		most = counts[i];
		best = (int)i;
	}
	free(counts);
	return best;
}
