/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: StreamIDs, whoever translates them. */
#include <inttypes.h>
#include <string.h>

#include "board/check.h"

#define STREAMS_COMPARED 4096u /* each with each; the largest real tree has some hundred */
#define SMMUV2_ID_MAX	 0xffffu

static const char *specifier(struct check *c, const struct stream *s)
{
	if (s->count != 1)
		return check_format(c, "0x%" PRIx32 " and the %" PRIu32 " behind it", s->sid,
				    s->count ? s->count - 1 : 0);
	if (s->mask)
		return check_format(c, "0x%" PRIx32 " mask 0x%" PRIx32, s->sid, s->mask);
	return check_format(c, "0x%" PRIx32, s->sid);
}

/* the same StreamIDs, not merely some of them */
static bool identical(const struct stream *a, const struct stream *b)
{
	return a->mask == b->mask && a->count == b->count && !((a->sid ^ b->sid) & ~a->mask);
}

/* all of @b's StreamIDs are among @a's */
static bool holds(const struct stream *a, const struct stream *b)
{
	return a->count == 1 && b->count == 1 && (a->mask & b->mask) == b->mask && !((a->sid ^ b->sid) & ~a->mask);
}

static void shared(struct check *c, const struct stream *a, const struct stream *b)
{
	const struct stream *owner = rules_own_domain(c, b) ? b : a;
	const struct stream *other = owner == b ? a : b;
	const char *stream = specifier(c, owner);

	if (rules_own_domain(c, owner))
		check_found(c, RULE_STREAM_SHARED, owner->path, stream, "stream %s in %s is also in %s of %s", stream,
			    owner->property, other->property, other->path);
	else if (a->peripheral != MODEL_NONE && b->peripheral != MODEL_NONE)
		check_found(c, RULE_STREAM_DOUBLED, b->path, stream, "stream %s is also that of %s", stream, a->path);
}

static void overlap(struct check *c, const struct stream *a, const struct stream *b)
{
	const char *stream = specifier(c, b);

	if (a->node == b->node && !strcmp(a->property, b->property))
		check_found(c, RULE_STREAM_OVERLAP, b->path, stream, "entries %u and %u of %s, %s and %s, overlap",
			    a->index, b->index, b->property, specifier(c, a), stream);
	else
		check_found(c, RULE_STREAM_OVERLAP, b->path, stream, "stream %s in %s overlaps %s in %s of %s", stream,
			    b->property, specifier(c, a), a->property, a->path);
}

static void pair(struct check *c, const struct stream *a, const struct stream *b)
{
	const enum iommu_kind kind = c->model->iommus[a->iommu].kind;
	const bool one_device = a->node == b->node && !strcmp(b->property, "iommus");

	if (!model_streams_meet(c->model, a, b))
		return;
	if (one_device && (identical(a, b) || (kind == IOMMU_SMMUV2 && holds(a, b))))
		return;
	if (identical(a, b))
		shared(c, a, b);
	else if (kind == IOMMU_SMMUV2)
		overlap(c, a, b);
}

/* ids that cannot come, because iommu-map-mask takes away some of their bits, need no StreamID */
static struct stream without_masked(const struct check *c, const struct stream *s)
{
	struct stream copy = *s;
	uint32_t mask = 0;

	if (strcmp(s->property, "iommu-map") || !tree_u32(c->tree, s->node, "iommu-map-mask", &mask))
		return copy;
	if (s->function <= mask && copy.count > mask - s->function)
		copy.count = mask - s->function + 1;
	return copy;
}

static bool is_compared(const struct check *c, const struct stream *s)
{
	return s->enabled && s->iommu != MODEL_NONE && c->model->iommus[s->iommu].kind != IOMMU_OTHER;
}

static void pairs(struct check *c)
{
	const struct board_model *m = c->model;
	const unsigned int count = m->stream_count < STREAMS_COMPARED ? m->stream_count : STREAMS_COMPARED;
	struct stream *list = pool_alloc(&c->pool, (count + 1) * sizeof(*list));
	unsigned int a = 0, b = 0;

	for (a = 0; a < count; a++)
		list[a] = without_masked(c, &m->streams[a]);
	if (count < m->stream_count)
		check_found(c, RULE_TREE_BROKEN, "/", check_format(c, "%u", m->stream_count),
			    "has %u streams, of which the first %u were compared with each other", m->stream_count,
			    count);
	for (b = 1; b < count && !check_full(c); b++)
		for (a = 0; is_compared(c, &list[b]) && a < b; a++)
			if (is_compared(c, &list[a]) && list[a].iommu == list[b].iommu)
				pair(c, &list[a], &list[b]);
}

static void map_entry(struct check *c, const struct stream *s)
{
	if (s->cells > 1 && s->count != 1)
		check_found(c, RULE_IOMMU_MAP_LENGTH, s->path, check_format(c, "length %" PRIu32, s->count),
			    "entry %u of iommu-map, id 0x%" PRIx32 ", has length %" PRIu32 " and %u stream cells",
			    s->index, s->function, s->count, s->cells);
}

/* ids @a and those that follow it meet ids @b and those that follow it */
static bool ids_meet(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count)
{
	return a >= b ? a_count && a - b < b_count : b_count && b - a < a_count;
}

static void map_entries(struct check *c, const struct stream *s, const struct stream *before)
{
	if (!strcmp(before->property, "iommu-map") && ids_meet(s->function, s->count, before->function, before->count))
		check_found(c, RULE_IOMMU_MAP_DOUBLED, s->path, check_format(c, "id 0x%" PRIx32, s->function),
			    "entry %u of iommu-map has id 0x%" PRIx32 ", and so has entry %u", s->index, s->function,
			    before->index);
}

/* as the tree has it: Linux takes the lower bits */
static bool is_too_wide(const struct stream *s)
{
	return (s->cells && s->cell[0] > SMMUV2_ID_MAX) || (s->cells > 1 && s->cell[1] > SMMUV2_ID_MAX);
}

static void each(struct check *c, unsigned int index)
{
	const struct board_model *m = c->model;
	const struct stream *s = &m->streams[index];
	const struct iommu *iommu = s->iommu == MODEL_NONE ? NULL : &m->iommus[s->iommu];
	unsigned int i = index;

	if (!c->tree->nodes[s->node].enabled || !iommu)
		return;
	if (!iommu->enabled && s->peripheral != MODEL_NONE)
		check_found(c, RULE_IOMMU_DISABLED, s->path, iommu->path, "%s leads to %s, which is disabled",
			    s->property, iommu->path);
	if (iommu->kind == IOMMU_SMMUV2 && is_too_wide(s))
		check_found(c, RULE_STREAM_TOO_WIDE, s->path,
			    check_format(c, "0x%" PRIx32 " 0x%" PRIx32, s->cell[0], s->cell[1]),
			    "stream 0x%" PRIx32 " mask 0x%" PRIx32 " in %s has more than 16 bits", s->cell[0],
			    s->cell[1], s->property);
	if (strcmp(s->property, "iommu-map"))
		return;
	map_entry(c, s);
	while (i-- && index - i < STREAMS_COMPARED && m->streams[i].node == s->node)
		map_entries(c, s, &m->streams[i]);
}

/* the sensor DSP has no IOMMU: the secure world assigns memory to it */
static bool is_behind_iommu(const struct check *c, int node)
{
	const char *label = tree_string(c->tree, c->tree->nodes[node].parent, "label", 0);

	return !label || strcmp(label, "sdsp");
}

static void context_banks(struct check *c)
{
	int node = 0;

	for (node = 1; rules_has_smmu(c->model) && node < c->tree->count; node++)
		if (c->tree->nodes[node].enabled && tree_is_compatible(c->tree, node, "qcom,fastrpc-compute-cb") &&
		    is_behind_iommu(c, node) && !tree_has(c->tree, node, "iommus"))
			check_found(c, RULE_COMPUTE_CB_NO_STREAM, tree_path(c->tree, node), "", "has no iommus");
}

void rules_streams(struct check *c)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->stream_count && !check_full(c); i++)
		each(c, i);
	pairs(c);
	context_banks(c);
}
