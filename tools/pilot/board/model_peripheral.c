/* SPDX-License-Identifier: BSD-2-Clause */
/* Peripherals: which nodes are some, and what they use. */
#include <string.h>

#include "board/model_read.h"

#define ZAP_SHADER "zap-shader"
#define ZAP_PAS	   13u
#define TEE_UUID   "80a4c275-0a47-4905-8285-1486a9771a08"

static bool starts_with(const char *text, const char *part)
{
	return !strncmp(text, part, strlen(part));
}

static bool is_tee_child(const struct tree *t, int node)
{
	int parent = t->nodes[node].parent;

	return parent != TREE_NONE && tree_is_compatible(t, parent, TEE_UUID);
}

static bool is_zap_shader(const struct tree *t, int node)
{
	const char *name = tree_node_name(t, node);

	return starts_with(name, ZAP_SHADER) && (!name[strlen(ZAP_SHADER)] || name[strlen(ZAP_SHADER)] == '@') &&
	       tree_has(t, node, "memory-region");
}

/* of a cluster the cores are the peripherals */
static bool has_known_child(const struct tree *t, int node)
{
	for (int child = tree_child(t, node); child != TREE_NONE; child = tree_sibling(t, child))
		if (compatible_of(t, child))
			return true;
	return false;
}

static bool is_named_remoteproc(const struct tree *t, int node)
{
	return starts_with(tree_node_name(t, node), "remoteproc");
}

/* no row, but it looks like one: a remoteproc by name, or firmware in a carve-out and somebody to talk to */
static bool is_generic(const struct tree *t, int node)
{
	if (!tree_has(t, node, "compatible") || has_known_child(t, node))
		return false;
	if (is_named_remoteproc(t, node) &&
	    (tree_has(t, node, "memory-region") || tree_has(t, node, "firmware-name") || tree_has(t, node, "mboxes")))
		return true;
	return tree_has(t, node, "memory-region") &&
	       (tree_has(t, node, "firmware-name") || tree_has(t, node, "mboxes"));
}

static const char *name_without_unit(const struct board_model *m, int node)
{
	const char *name = tree_node_name(m->tree, node);

	return tree_text(m->tree, name, strcspn(name, "@"));
}

static const char *vendor_of(const struct board_model *m, const char *compatible)
{
	size_t length = strcspn(compatible, ",");

	return compatible[length] ? tree_text(m->tree, compatible, length) : "";
}

static void identify(const struct board_model *m, struct peripheral *p)
{
	const struct tree *t = m->tree;
	const char *compatible = tree_string(t, p->node, "compatible", 0);

	p->row = compatible_of(t, p->node);
	p->compatible = p->row ? p->row->compatible : compatible ? compatible : "";
	if (p->row) {
		p->kind = p->row->kind;
		p->name = p->row->name;
		p->what = p->row->what;
		p->vendor = p->row->vendor;
		return;
	}
	p->name = name_without_unit(m, p->node);
	p->vendor = vendor_of(m, p->compatible);
	if (is_zap_shader(t, p->node)) {
		p->kind = PERIPHERAL_GPU_ZAP;
		p->name = "zap";
		p->what = "what takes the GPU out of its secure mode";
		p->vendor = "Qualcomm";
	} else if (is_tee_child(t, p->node)) {
		p->kind = PERIPHERAL_REMOTEPROC;
		p->what = "processor of the TEE's service";
	} else {
		p->kind = is_named_remoteproc(t, p->node) ? PERIPHERAL_REMOTEPROC : PERIPHERAL_OTHER;
		p->what =
			p->kind == PERIPHERAL_REMOTEPROC ? "remote processor" : "has firmware or mailboxes, and memory";
	}
}

/* who loads the microcontroller of an IP accelerator: the host, through PAS, or the modem */
static bool ipa_is_loaded_by_host(const struct tree *t, int node)
{
	const char *loader = tree_string(t, node, "qcom,gsi-loader", 0);

	return loader ? !strcmp(loader, "self") : !tree_has(t, node, "modem-init");
}

static int child_named(const struct tree *t, int node, const char *name)
{
	for (int child = tree_child(t, node); child != TREE_NONE; child = tree_sibling(t, child))
		if (!strcmp(tree_node_name(t, child), name))
			return child;
	return TREE_NONE;
}

static enum peripheral_service choose_service(const struct board_model *m, const struct peripheral *p)
{
	const struct tree *t = m->tree;

	if (is_tee_child(t, p->node) || tree_has(t, p->node, "rproc-tee"))
		return SERVICE_TEE;
	if (p->kind == PERIPHERAL_GPU_ZAP)
		return SERVICE_SCM;
	/* with this node the driver starts the video core itself, behind an IOMMU of its own making */
	if (p->kind == PERIPHERAL_VIDEO && child_named(t, p->node, "video-firmware") != TREE_NONE)
		return SERVICE_DIRECT;
	if (p->kind == PERIPHERAL_IPA && !ipa_is_loaded_by_host(t, p->node))
		return SERVICE_DIRECT;
	return p->row ? p->row->service : SERVICE_UNKNOWN;
}

/* where the service is, and the processor's id there: the child's reg, or the cell behind the phandle */
static void find_tee_service(const struct board_model *m, struct peripheral *p)
{
	struct tree_cells cells = { 0 };

	p->service_node = m->tee_service != TREE_NONE ? m->tee_service : m->optee;
	if (is_tee_child(m->tree, p->node)) {
		p->service_node = m->tree->nodes[p->node].parent;
		p->has_tee_id = tree_cells(m->tree, p->node, "reg", &cells) && cells.count;
		p->tee_id = tree_cell(&cells, 0);
		return;
	}
	if (tree_cells(m->tree, p->node, "rproc-tee", &cells)) {
		p->service_node = tree_by_phandle(m->tree, tree_cell(&cells, 0));
		p->has_tee_id = cells.count > 1;
		p->tee_id = tree_cell(&cells, 1);
		return;
	}
	p->has_tee_id = tree_u32(m->tree, p->node, "st,proc-id", &p->tee_id);
}

void model_read_service(struct board_model *m, struct peripheral *p)
{
	p->service = choose_service(m, p);
	p->service_node = TREE_NONE;
	if (p->service == SERVICE_SCM)
		p->service_node = m->scm;
	else if (p->service == SERVICE_TEE)
		find_tee_service(m, p);
	p->service_path = tree_path(m->tree, p->service_node);
	if (p->service != SERVICE_SCM)
		return;
	if (p->kind == PERIPHERAL_GPU_ZAP)
		p->pas[p->pas_count++] = (struct compatible_pas){ ZAP_PAS, "main" };
	for (unsigned int i = 0; p->row && i < COMPATIBLE_PAS && p->row->pas[i].id; i++)
		p->pas[p->pas_count++] = p->row->pas[i];
}

static void read_regs(struct board_model *m, struct peripheral *p)
{
	enum tree_result result = TREE_OK;
	struct tree_range range = { 0 };
	unsigned int address = 0, size = 0;

	if (p->service == SERVICE_TEE || !tree_has(m->tree, p->node, "reg"))
		return;
	if (!tree_range_cells(m->tree, p->node, &address, &size)) {
		model_list_problem(m, p->node, "reg", 0, TREE_NO_CELLS);
		return;
	}
	/* without sizes they are ids, as the TEE's are */
	if (!size)
		return;
	while ((result = tree_reg(m->tree, p->node, p->reg_count, &range)) == TREE_OK) {
		p->regs = pool_grow(&m->pool, p->regs, p->reg_count, sizeof(range));
		p->regs[p->reg_count++] = range;
	}
	/* a bus without ranges is what registers of its own protocol are behind: nothing wrong */
	if (result != TREE_UNMAPPED)
		model_list_problem(m, p->node, "reg", p->reg_count, result);
}

static void read_regions(struct board_model *m, struct peripheral *p)
{
	struct tree_walk walk = { 0 };
	struct tree_args args = { 0 };
	enum tree_result result = TREE_OK;

	if (!tree_walk_begin(&walk, m->tree, p->node, "memory-region", NULL))
		return;
	while ((result = tree_walk_next(&walk, m->tree, &args)) == TREE_OK) {
		struct region_use use = {
			.region = args.node == TREE_NONE ? MODEL_NONE : m->at_node[args.node].region,
			.node = args.node,
			.path = tree_path(m->tree, args.node),
			.name = tree_string(m->tree, p->node, "memory-region-names", p->region_count),
		};

		p->regions = pool_grow(&m->pool, p->regions, p->region_count, sizeof(use));
		p->regions[p->region_count++] = use;
	}
	model_list_problem(m, p->node, "memory-region", p->region_count, result);
}

static void read_firmware(struct board_model *m, struct peripheral *p)
{
	const char *name = NULL;

	if (tree_has(m->tree, p->node, "firmware-name") && !tree_strings(m->tree, p->node, "firmware-name"))
		model_problem(m, p->node, "firmware-name", "is no list of strings");
	while (p->firmware_count < TREE_ENTRY_MAX &&
	       (name = tree_string(m->tree, p->node, "firmware-name", p->firmware_count))) {
		p->firmware = pool_grow(&m->pool, p->firmware, p->firmware_count, sizeof(name));
		p->firmware[p->firmware_count++] = name;
	}
}

static void read_dma(struct board_model *m, struct peripheral *p)
{
	enum tree_result result = TREE_OK;
	struct tree_dma_range range = { 0 };

	p->dma_node = p->node;
	while (p->dma_node != TREE_NONE && !tree_has(m->tree, p->dma_node, "dma-ranges"))
		p->dma_node = m->tree->nodes[p->dma_node].parent;
	if (p->dma_node == TREE_NONE)
		return;
	while ((result = tree_dma_range(m->tree, p->dma_node, p->dma_count, &range)) == TREE_OK) {
		p->dma_ranges = pool_grow(&m->pool, p->dma_ranges, p->dma_count, sizeof(range));
		p->dma_ranges[p->dma_count++] = range;
	}
	model_list_problem(m, p->dma_node, "dma-ranges", p->dma_count, result);
}

/* a remoteproc's own, or those of the channel to it: Qualcomm's glink-edge and smd-edge */
static void read_mailboxes(struct board_model *m, struct peripheral *p)
{
	static const struct list_kind mboxes = { "mboxes", "#mbox-cells", "mbox-names", false };

	model_read_list(m, p->node, &mboxes, &p->mailboxes);
	for (int child = tree_child(m->tree, p->node); child != TREE_NONE && !p->mailboxes.property;
	     child = tree_sibling(m->tree, child))
		if (strstr(tree_node_name(m->tree, child), "-edge"))
			model_read_list(m, child, &mboxes, &p->mailboxes);
}

static void read_lists(struct board_model *m, struct peripheral *p)
{
	static const struct list_kind clocks = { "clocks", "#clock-cells", "clock-names", false };
	static const struct list_kind domains = { "power-domains", "#power-domain-cells", "power-domain-names", false };
	static const struct list_kind resets = { "resets", "#reset-cells", "reset-names", false };
	static const struct list_kind interconnects = { "interconnects", "#interconnect-cells", "interconnect-names",
							true };
	static const struct list_kind states = { "qcom,smem-states", "#qcom,smem-state-cells", "qcom,smem-state-names",
						 false };
	static const struct list_kind hwlocks = { "hwlocks", "#hwlock-cells", "hwlock-names", false };

	model_read_interrupts(m, p->node, &p->interrupts);
	model_read_list(m, p->node, &clocks, &p->clocks);
	model_read_list(m, p->node, &domains, &p->power_domains);
	model_read_list(m, p->node, &resets, &p->resets);
	model_read_list(m, p->node, &interconnects, &p->interconnects);
	model_read_list(m, p->node, &states, &p->states);
	model_read_list(m, p->node, &hwlocks, &p->hwlocks);
	read_mailboxes(m, p);
}

/* peripherals around this node come before it */
static int parent_of(const struct board_model *m, int node)
{
	for (node = m->tree->nodes[node].parent; node != TREE_NONE; node = m->tree->nodes[node].parent)
		if (m->at_node[node].peripheral != MODEL_NONE)
			return m->at_node[node].peripheral;
	return MODEL_NONE;
}

static void add_peripheral(struct board_model *m, int node)
{
	struct peripheral p = {
		.node = node,
		.path = tree_path(m->tree, node),
		.enabled = m->tree->nodes[node].enabled,
		.parent = parent_of(m, node),
		.has_iommus = tree_has(m->tree, node, "iommus"),
		.has_iommu_map = tree_has(m->tree, node, "iommu-map"),
	};

	identify(m, &p);
	model_read_service(m, &p);
	read_regs(m, &p);
	read_regions(m, &p);
	read_firmware(m, &p);
	read_dma(m, &p);
	read_lists(m, &p);
	m->peripherals = pool_grow(&m->pool, m->peripherals, m->peripheral_count, sizeof(p));
	m->at_node[node].peripheral = (int)m->peripheral_count;
	m->peripherals[m->peripheral_count++] = p;
}

/* @reserved: /reserved-memory, where nothing is one */
static bool is_peripheral(const struct tree *t, int node, int reserved)
{
	if (reserved != TREE_NONE && tree_is_within(t, node, reserved))
		return false;
	return compatible_of(t, node) || is_zap_shader(t, node) || is_tee_child(t, node) || is_generic(t, node);
}

void model_read_peripherals(struct board_model *m)
{
	int reserved = tree_find(m->tree, "/reserved-memory");

	for (int node = 1; node < m->tree->count; node++) {
		if (!is_peripheral(m->tree, node, reserved))
			continue;
		if (m->peripheral_count == MODEL_PERIPHERALS) {
			model_problem(m, node, NULL,
				      "more than %u peripherals: this one and further ones are not looked at",
				      MODEL_PERIPHERALS);
			return;
		}
		add_peripheral(m, node);
	}
}
