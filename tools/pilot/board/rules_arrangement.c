/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: what depends on who is at EL2. */
#include <inttypes.h>
#include <string.h>

#include "board/check.h"

#define STREAMS_MAX	  4096u /* each with each; rules_streams.c says so when a tree has more */
#define FUNCTION_FIRMWARE 0u	/* of a video core's iommu-map: linux/bindings/media, docs/LINUX_CLIENT.md */

/* the node of older parts: Linux's driver looks at whether it is there, not at its status */
static int video_firmware_node(const struct check *c, const struct peripheral *p)
{
	int node = tree_child(c->tree, p->node);

	while (node != TREE_NONE && strcmp(tree_node_name(c->tree, node), "video-firmware"))
		node = tree_sibling(c->tree, node);
	return node;
}

static const struct stream *firmware_function(const struct check *c, const struct peripheral *p)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->stream_count; i++) {
		const struct stream *s = &c->model->streams[i];

		if (s->node == p->node && !strcmp(s->property, "iommu-map") && s->count &&
		    s->function == FUNCTION_FIRMWARE)
			return s;
	}
	return NULL;
}

static void video(struct check *c, const struct peripheral *p)
{
	const struct stream *s = firmware_function(c, p);
	const int node = video_firmware_node(c, p);

	if (s)
		check_found(c, RULE_GUEST_OWNS_FIRMWARE_STREAM, p->path, check_format(c, "0x%" PRIx32, s->sid),
			    "iommu-map gives stream 0x%" PRIx32 " of the firmware to the host", s->sid);
	if (node != TREE_NONE)
		check_found(c, RULE_GUEST_OWNS_FIRMWARE_STREAM, p->path, "video-firmware",
			    "has a node video-firmware, so the host starts the firmware itself");
	if (s || (node != TREE_NONE && tree_has(c->tree, node, "iommus")))
		return;
	check_found(c, RULE_VIDEO_NO_FIRMWARE_STREAM, p->path, p->has_iommu_map ? "iommu-map" : "",
		    p->has_iommu_map
			    ? "iommu-map has no entry for function %u, the firmware"
			    : "has neither iommu-map with function %u, the firmware, nor a node video-firmware",
		    FUNCTION_FIRMWARE);
}

static bool has_stream(const struct check *c, const struct peripheral *p)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->stream_count; i++)
		if (c->model->streams[i].peripheral == p - c->model->peripherals)
			return true;
	return false;
}

static void one(struct check *c, const struct peripheral *p)
{
	if (p->service != SERVICE_SCM)
		return;
	if (rules_is_pas(p) && !p->has_iommus)
		check_found(c, RULE_PAS_NO_STREAM, p->path, "", "has no iommus");
	if (rules_is_pas(p) && p->has_iommus)
		check_found(c, RULE_GUEST_OWNS_STREAM, p->path, "iommus", "has iommus");
	if (p->kind == PERIPHERAL_VIDEO)
		video(c, p);
	if (p->kind == PERIPHERAL_GPU_ZAP)
		check_found(c, RULE_ZAP_AT_EL2, p->path, "", "is enabled");
	else if (!rules_is_pas(p) && p->kind != PERIPHERAL_VIDEO && !has_stream(c, p))
		check_found(c, RULE_CLIENT_NO_STREAM, p->path, "", "has no iommus");
}

/* fastrpc's node, whose DSP @p is */
static void heap(struct check *c, const struct peripheral *p, int node)
{
	const char *label = tree_string(c->tree, node, "label", 0);
	const struct region *r = NULL;
	struct tree_cells cells = { 0 };
	unsigned int i = 0;
	int region = TREE_NONE;

	if (!tree_cells(c->tree, node, "memory-region", &cells) || !cells.count)
		return;
	region = tree_by_phandle(c->tree, tree_cell(&cells, 0));
	for (i = 0; i < c->model->region_count && !r; i++)
		if (c->model->regions[i].node == region && c->model->regions[i].enabled)
			r = &c->model->regions[i];
	if (!r)
		return;
	/* the sensor DSP's is assigned by the secure world, and needs to be no pool */
	if ((!label || strcmp(label, "sdsp")) && (!r->compatible || strcmp(r->compatible, "shared-dma-pool")))
		check_found(c, RULE_FASTRPC_HEAP_POOL, r->path, tree_path(c->tree, node), "is no shared-dma-pool");
	if (p->has_iommus && !rules_firmware_maps(c, p, r))
		check_found(c, RULE_FASTRPC_HEAP_UNMAPPED, tree_path(c->tree, node), r->path,
			    r->dynamic ? "heap %s, wherever Linux puts it, is in no resource table"
				       : "heap %s is in no resource table that was seen",
			    r->path);
}

static void heaps(struct check *c)
{
	const struct peripheral *p = NULL;
	int node = 0;

	for (node = 0; node < c->tree->count && !check_full(c); node++) {
		if (c->peripheral_at[node] == MODEL_NONE || !c->tree->nodes[node].enabled ||
		    !tree_is_compatible(c->tree, node, "qcom,fastrpc"))
			continue;
		p = &c->model->peripherals[c->peripheral_at[node]];
		if (p->kind == PERIPHERAL_REMOTEPROC)
			heap(c, p, node);
	}
}

/* in use, but not by Linux */
static bool is_remote(const struct check *c, int node)
{
	const char *status = tree_string(c->tree, node, "status", 0);

	return !c->tree->nodes[node].enabled &&
	       ((status && !strcmp(status, "reserved")) || tree_has(c->tree, node, "qcom,controlled-remotely"));
}

static bool is_owned(const struct check *c, const struct stream *s)
{
	const struct board_model *m = c->model;
	unsigned int i = 0;

	for (i = 0; i < m->stream_count && i < STREAMS_MAX; i++)
		if (m->streams[i].enabled && model_streams_meet(m, &m->streams[i], s))
			return true;
	return false;
}

static void masters(struct check *c)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->stream_count && i < STREAMS_MAX && !check_full(c); i++) {
		const struct stream *s = &c->model->streams[i];

		if (s->iommu != MODEL_NONE && c->model->iommus[s->iommu].enabled && is_remote(c, s->node) &&
		    !is_owned(c, s))
			check_found(c, RULE_DMA_MASTER_UNOWNED, s->path, check_format(c, "0x%" PRIx32, s->sid),
				    "stream 0x%" PRIx32 " has no owner", s->sid);
	}
}

/* the SMMU that is there, but disabled, or else the tree itself; the GPU's own is no help */
static const char *missing_smmu(const struct board_model *m)
{
	unsigned int i = 0;

	for (i = 0; i < m->iommu_count; i++)
		if (m->iommus[i].kind != IOMMU_OTHER && !m->iommus[i].adreno)
			return m->iommus[i].path;
	return "/";
}

static void no_smmu(struct check *c)
{
	const char *path = missing_smmu(c->model);
	unsigned int i = 0;

	for (i = 0; i < c->model->peripheral_count; i++)
		if (c->model->peripherals[i].enabled && rules_is_pas(&c->model->peripherals[i])) {
			check_found(c, RULE_SMMU_MISSING, path, "", path[1] ? "is disabled" : "has no SMMU");
			return;
		}
}

void rules_arrangement(struct check *c)
{
	unsigned int i = 0;

	if (c->arrangement == ARRANGEMENT_OWNER && !rules_has_smmu(c->model)) {
		no_smmu(c);
		return;
	}
	for (i = 0; i < c->model->peripheral_count && !check_full(c); i++)
		if (c->model->peripherals[i].enabled)
			one(c, &c->model->peripherals[i]);
	heaps(c);
	masters(c);
}

static bool has_firmware_stream(const struct board_model *m)
{
	unsigned int i = 0;

	for (i = 0; i < m->stream_count; i++) {
		const struct stream *s = &m->streams[i];

		if (s->enabled && s->peripheral != MODEL_NONE && m->peripherals[s->peripheral].enabled &&
		    m->peripherals[s->peripheral].kind == PERIPHERAL_VIDEO &&
		    (!strcmp(s->property, "iommu-map") || !strcmp(tree_node_name(m->tree, s->node), "video-firmware")))
			return true;
	}
	return false;
}

static bool has_zap_disabled(const struct board_model *m)
{
	unsigned int i = 0;

	for (i = 0; i < m->peripheral_count; i++) {
		const struct peripheral *p = &m->peripherals[i];
		const int gpu = m->tree->nodes[p->node].parent;

		if (p->kind == PERIPHERAL_GPU_ZAP && !p->enabled && gpu != TREE_NONE && m->tree->nodes[gpu].enabled)
			return true;
	}
	return false;
}

enum arrangement check_arrangement(const struct board_model *m, const char **why)
{
	unsigned int i = 0;

	*why = "the tree has a processor of the TEE's service";
	for (i = 0; i < m->peripheral_count; i++)
		if (m->peripherals[i].service == SERVICE_TEE)
			return ARRANGEMENT_TEE;
	*why = "the tree has the node of the TEE's remoteproc service";
	if (m->tee_service != TREE_NONE)
		return ARRANGEMENT_TEE;
	*why = "a PAS processor has iommus";
	for (i = 0; i < m->peripheral_count; i++)
		if (m->peripherals[i].enabled && rules_is_pas(&m->peripherals[i]) && m->peripherals[i].has_iommus)
			return ARRANGEMENT_OWNER;
	*why = "the firmware stream of a video core is the host's";
	if (has_firmware_stream(m))
		return ARRANGEMENT_OWNER;
	*why = "a GPU's zap-shader is disabled, as overlays for EL2 do it";
	if (has_zap_disabled(m))
		return ARRANGEMENT_OWNER;
	*why = "no node has a stream that only a host at EL2 would have";
	return ARRANGEMENT_GUEST;
}
