/* SPDX-License-Identifier: BSD-2-Clause */
/* IOMMUs, and the streams that nodes own there. */
#include <string.h>

#include "board/model_read.h"

const char *iommu_kind_name(enum iommu_kind kind)
{
	static const char *const names[IOMMU_KINDS] = {
		[IOMMU_SMMUV2] = "smmu-v2",
		[IOMMU_SMMUV3] = "smmu-v3",
		[IOMMU_OTHER] = "other",
	};

	return kind < IOMMU_KINDS ? names[kind] : "other";
}

static bool is_any(const struct tree *t, int node, const char *const *compatibles)
{
	for (; *compatibles; compatibles++)
		if (tree_is_compatible(t, node, *compatibles))
			return true;
	return false;
}

/* Qualcomm's have a compatible of their own beside these, and some nothing else: "qcom,SOC-smmu-500", "qcom,SOC-smmu-v2" */
static bool is_qcom_smmu(const struct tree *t, int node)
{
	const char *text = NULL;

	for (unsigned int i = 0; (text = tree_string(t, node, "compatible", i)); i++)
		if (!strncmp(text, "qcom,", 5) && strcmp(text, "qcom,smmu-v2") &&
		    (strstr(text, "smmu-500") || strstr(text, "smmu-v2")))
			return true;
	return false;
}

static void classify(const struct tree *t, struct iommu *u)
{
	static const char *const v3[] = { "arm,smmu-v3", NULL };
	static const char *const v2[] = { "arm,smmu-v2",     "arm,smmu-v1",  "arm,mmu-400",
					  "arm,mmu-401",     "arm,mmu-500",  "cavium,smmu-v2",
					  "nvidia,smmu-500", "qcom,smmu-v2", NULL };
	bool qcom = is_qcom_smmu(t, u->node);

	u->kind = is_any(t, u->node, v3) ? IOMMU_SMMUV3 : is_any(t, u->node, v2) || qcom ? IOMMU_SMMUV2 : IOMMU_OTHER;
	u->adreno = tree_is_compatible(t, u->node, "qcom,adreno-smmu");
	/* for msm8996 the driver has nothing but the generic code */
	u->qcom = qcom && !u->adreno && !tree_is_compatible(t, u->node, "qcom,msm8996-smmu-v2");
}

static void read_iommu(struct board_model *m, int node)
{
	const struct tree *t = m->tree;
	const char *compatible = tree_string(t, node, "compatible", 0);
	struct iommu u = {
		.node = node,
		.path = tree_path(t, node),
		.compatible = compatible ? compatible : "",
		.enabled = t->nodes[node].enabled,
		.coherent = tree_has(t, node, "dma-coherent"),
		.phandle = t->nodes[node].phandle,
	};
	uint32_t cells = 0;

	if (!tree_u32(t, node, "#iommu-cells", &cells) || cells > TREE_ARGS) {
		model_problem(m, node, "#iommu-cells", "is not one cell, or more than %u", TREE_ARGS);
		return;
	}
	u.cells = cells;
	u.has_reg = tree_reg(t, node, 0, &u.reg) == TREE_OK;
	classify(t, &u);
	if (tree_has(t, node, "stream-match-mask") && !tree_u32(t, node, "stream-match-mask", &u.match_mask))
		model_problem(m, node, "stream-match-mask", "is not one cell");
	m->iommus = pool_grow(&m->pool, m->iommus, m->iommu_count, sizeof(u));
	m->at_node[node].iommu = (int)m->iommu_count;
	m->iommus[m->iommu_count++] = u;
}

void model_read_iommus(struct board_model *m)
{
	for (int node = 0; node < m->tree->count; node++)
		if (tree_has(m->tree, node, "#iommu-cells"))
			read_iommu(m, node);
}

/* as Linux's arm-smmu takes a specifier: two cells are StreamID and mask; one has the StreamID below, a mask above */
static void take_specifier(const struct iommu *u, struct stream *s)
{
	s->sid = s->cells ? s->cell[0] : 0;
	if (u->kind != IOMMU_SMMUV2)
		return;
	if (s->cells > 1)
		s->mask = s->cell[1] & 0xffff;
	else
		s->mask = u->match_mask ? u->match_mask & 0xffff : s->sid >> 16;
	s->sid &= 0xffff;
}

static int peripheral_around(const struct board_model *m, int node)
{
	while (node != TREE_NONE && m->at_node[node].peripheral == MODEL_NONE)
		node = m->tree->nodes[node].parent;
	return node == TREE_NONE ? MODEL_NONE : m->at_node[node].peripheral;
}

/* Return: false when there are too many */
static bool add_stream(struct board_model *m, struct stream *s, const struct tree_args *args, int peripheral)
{
	s->iommu = model_iommu_at(m, args->node);
	if (s->iommu == MODEL_NONE) {
		model_problem(m, s->node, s->property, "entry %u: %s is no IOMMU", s->index,
			      args->node == TREE_NONE ? "phandle 0" : tree_path(m->tree, args->node));
		return true;
	}
	if (m->stream_count >= MODEL_STREAMS) {
		model_problem(m, s->node, s->property,
			      "more than %u streams: this one and further ones are not looked at", MODEL_STREAMS);
		return false;
	}
	s->cells = args->count;
	memcpy(s->cell, args->arg, sizeof(s->cell));
	s->peripheral = peripheral;
	s->enabled = m->tree->nodes[s->node].enabled && m->iommus[s->iommu].enabled;
	take_specifier(&m->iommus[s->iommu], s);
	m->streams = pool_grow(&m->pool, m->streams, m->stream_count, sizeof(*s));
	m->streams[m->stream_count++] = *s;
	return true;
}

static void read_iommus_property(struct board_model *m, int node, int peripheral)
{
	struct stream s = { .node = node, .path = tree_path(m->tree, node), .property = "iommus", .count = 1 };
	struct tree_walk walk = { 0 };
	struct tree_args args = { 0 };
	enum tree_result result = TREE_OK;

	if (!tree_walk_begin(&walk, m->tree, node, s.property, "#iommu-cells"))
		return;
	for (; (result = tree_walk_next(&walk, m->tree, &args)) == TREE_OK; s.index++)
		if (!add_stream(m, &s, &args, peripheral))
			return;
	model_list_problem(m, node, s.property, s.index, result);
}

static void read_map_property(struct board_model *m, int node, int peripheral)
{
	struct stream s = { .node = node, .path = tree_path(m->tree, node), .property = "iommu-map" };
	struct tree_walk walk = { 0 };
	struct tree_map map = { 0 };
	enum tree_result result = TREE_OK;

	if (!tree_walk_begin(&walk, m->tree, node, s.property, "#iommu-cells"))
		return;
	for (; (result = tree_map_next(&walk, m->tree, &map)) == TREE_OK; s.index++) {
		s.function = map.id;
		s.count = map.length;
		if (!map.length)
			model_problem(m, node, s.property,
				      "entry %u: is for no id (length 0), unless boot firmware fills it in", s.index);
		else if (map.length > 1 && map.args.count > 1)
			model_problem(
				m, node, s.property,
				"entry %u: is for %u ids, but %u cells per stream: Linux takes one id per entry then",
				s.index, map.length, map.args.count);
		if (map.length && !add_stream(m, &s, &map.args, peripheral))
			return;
	}
	model_list_problem(m, node, s.property, s.index, result);
}

void model_read_streams(struct board_model *m)
{
	for (int node = 0; node < m->tree->count; node++) {
		bool some = tree_has(m->tree, node, "iommus") || tree_has(m->tree, node, "iommu-map");
		int peripheral = some ? peripheral_around(m, node) : MODEL_NONE;

		if (!some)
			continue;
		read_iommus_property(m, node, peripheral);
		read_map_property(m, node, peripheral);
	}
}
