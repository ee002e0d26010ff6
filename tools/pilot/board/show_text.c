/* SPDX-License-Identifier: BSD-2-Clause */
/* 'pilot board show' for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "board/board.h"
#include "pilot.h"

#define LABEL 17 /* columns in front of what a line says */

static void print_label(const char *text)
{
	printf("  %s%-*s%s", paint(PAINT_DIM), LABEL - 2, text, paint(PAINT_OFF));
}

/** struct items - a list whose items are broken between, never within; all zero to begin with */
struct items {
	const char *label;
	unsigned int count;
	size_t column;
};

/* @last: no comma follows */
static void put_item(struct items *items, const char *text, bool last)
{
	size_t length = strlen(text) + !last;

	if (!items->count++) {
		print_label(items->label);
		items->column = LABEL;
	} else if (items->column + 1 + length > text_width()) {
		printf("\n%*s", LABEL, "");
		items->column = LABEL;
	} else {
		putchar(' ');
		items->column++;
	}
	printf("%s%s", text, last ? "\n" : ",");
	items->column += length;
}

/* last part of a path; the last two where that has no unit address, which means little then: "smp2p-adsp/slave-kernel" */
static const char *provider_name(const char *path)
{
	const char *leaf = board_unit_name(path);
	const char *at = leaf - 1;

	if (strchr(leaf, '@') || leaf - path < 2)
		return leaf;
	while (at > path && at[-1] != '/')
		at--;
	return at;
}

#define ITEM 400u /* more than TREE_ARGS cells, and two names of TREE_NAME are seldom */

/* "wdog (intc@17a00000 0 162 1)": name, provider, cells */
static void reference_text(char out[ITEM], const struct reference *r)
{
	const char *provider = r->node == TREE_NONE ? "none" : provider_name(r->path);
	int at = snprintf(out, ITEM, "%s%s%s", r->name ? r->name : "", r->name ? " (" : "", provider);

	for (unsigned int i = 0; i < r->args && at >= 0 && at < (int)ITEM; i++)
		at += snprintf(out + at, ITEM - (size_t)at, r->arg[i] < 4096 ? " %" PRIu32 : " 0x%" PRIx32, r->arg[i]);
	if (r->name && at >= 0 && at < (int)ITEM)
		snprintf(out + at, ITEM - (size_t)at, ")");
}

static void print_references(const char *name, const struct references *list)
{
	struct items items = { .label = name };
	char text[ITEM] = "";

	for (unsigned int i = 0; i < list->count; i++) {
		reference_text(text, &list->list[i]);
		put_item(&items, text, i + 1 == list->count);
	}
}

static void print_service(const struct board_model *m, const struct peripheral *p)
{
	print_label("service");
	switch (p->service) {
	case SERVICE_SCM:
		printf("PAS by SCM");
		break;
	case SERVICE_TEE:
		printf("TEE");
		break;
	case SERVICE_DIRECT:
		printf("none: the host drives it itself");
		break;
	case SERVICE_UNKNOWN:
	case SERVICE_SERVICES:
	default:
		printf("unknown");
		break;
	}
	if (p->service == SERVICE_SCM || p->service == SERVICE_TEE) {
		if (p->service_node == TREE_NONE)
			printf(", but the tree has no node of it");
		else
			printf(", %s%s", p->service_path, m->tree->nodes[p->service_node].enabled ? "" : " (disabled)");
	}
	for (unsigned int i = 0; i < p->pas_count; i++)
		printf("%s%" PRIu32 "%s%s%s", i ? ", " : "; PAS id ", p->pas[i].id, p->pas_count > 1 ? " (" : "",
		       p->pas_count > 1 ? p->pas[i].what : "", p->pas_count > 1 ? ")" : "");
	if (p->has_tee_id)
		printf("; processor %" PRIu32 " there", p->tee_id);
	putchar('\n');
}

static void print_range(uint64_t base, uint64_t size)
{
	char text[SIZE_TEXT] = "";

	printf("0x%010" PRIx64 "  %9s", base, size_exact_text(text, size));
}

static void print_region(const struct region *r, const char *name)
{
	char text[SIZE_TEXT] = "";

	if (r->dynamic)
		printf("anywhere      %9s", size_exact_text(text, r->size));
	else
		print_range(r->base, r->size);
	printf("  %-8s %s", r->no_map ? "no-map" : r->reusable ? "reusable" : "mapped", board_unit_name(r->path));
	if (name)
		printf(" \"%s\"", name);
	if (!r->enabled)
		printf(" %s(disabled)%s", paint(PAINT_WARN), paint(PAINT_OFF));
	putchar('\n');
}

static void print_regions(const struct board_model *m, const struct peripheral *p)
{
	for (unsigned int i = 0; i < p->region_count; i++) {
		const struct region_use *use = &p->regions[i];

		print_label(i ? "" : "memory");
		if (use->region == MODEL_NONE)
			printf("%s%s%s\n", paint(PAINT_WARN),
			       use->node == TREE_NONE ? "(empty entry)" : "not in /reserved-memory: ", use->path);
		else
			print_region(&m->regions[use->region], use->name);
		printf("%s", use->region == MODEL_NONE ? paint(PAINT_OFF) : "");
	}
}

static void print_firmware(const struct peripheral *p)
{
	struct items items = { .label = "firmware" };

	for (unsigned int i = 0; i < p->firmware_count; i++)
		put_item(&items, p->firmware[i], i + 1 == p->firmware_count);
}

static void print_stream(const struct board_model *m, const struct peripheral *p, const struct stream *s, bool first)
{
	const char *within = s->node == p->node ? "" : s->path + strlen(p->path) + 1;
	char ids[40] = "";

	if (s->count > 1)
		snprintf(ids, sizeof(ids), "0x%04" PRIx32 " to 0x%04" PRIx32, s->sid, s->sid + s->count - 1);
	else if (s->mask)
		snprintf(ids, sizeof(ids), "0x%04" PRIx32 " mask 0x%04" PRIx32, s->sid, s->mask);
	else
		snprintf(ids, sizeof(ids), "0x%04" PRIx32, s->sid);
	print_label(first ? "streams" : "");
	printf("%-18s  %s", ids, board_unit_name(m->iommus[s->iommu].path));
	if (!strcmp(s->property, "iommu-map"))
		printf("  iommu-map of 0x%" PRIx32, s->function);
	if (*within)
		printf("  %s%s%s", paint(PAINT_DIM), within, paint(PAINT_OFF));
	if (!s->enabled)
		printf("  %s(%s)%s", paint(PAINT_WARN),
		       m->tree->nodes[s->node].enabled ? "the IOMMU is disabled" : "disabled", paint(PAINT_OFF));
	putchar('\n');
}

/* whose own accesses a hypervisor must be translating: the tree gives the host no stream of it */
static bool leaves_streams_out(const struct peripheral *p)
{
	return !p->has_iommus && !p->has_iommu_map && p->service == SERVICE_SCM && p->kind == PERIPHERAL_REMOTEPROC;
}

static void print_streams(const struct board_model *m, const struct peripheral *p, bool all)
{
	int self = (int)(p - m->peripherals);
	bool first = true;

	if (leaves_streams_out(p)) {
		print_label("streams");
		printf("%snone of its own: for a host under a hypervisor%s\n", paint(PAINT_DIM), paint(PAINT_OFF));
		first = false;
	}
	for (unsigned int i = 0; i < m->stream_count; i++) {
		const struct stream *s = &m->streams[i];

		if (s->peripheral != self || (!all && p->enabled && !m->tree->nodes[s->node].enabled))
			continue;
		print_stream(m, p, s, first);
		first = false;
	}
}

static void print_dma(const struct board_model *m, const struct peripheral *p)
{
	char text[SIZE_TEXT] = "";

	for (unsigned int i = 0; i < p->dma_count; i++) {
		const struct tree_dma_range *r = &p->dma_ranges[i];

		/* what says nothing: everything is where it is */
		if (r->bus == r->cpu && p->dma_count == 1 && p->dma_node != p->node && r->size > UINT32_MAX)
			return;
		print_label(i ? "" : "dma-ranges");
		printf("0x%" PRIx64 " is 0x%" PRIx64 "  %s", r->bus, r->cpu, size_exact_text(text, r->size));
		if (!i && p->dma_node != p->node)
			printf("  %s%s%s", paint(PAINT_DIM), tree_path(m->tree, p->dma_node), paint(PAINT_OFF));
		putchar('\n');
	}
}

static void print_registers(const struct peripheral *p)
{
	for (unsigned int i = 0; i < p->reg_count; i++) {
		print_label(i ? "" : "registers");
		print_range(p->regs[i].base, p->regs[i].size);
		putchar('\n');
	}
}

static void print_peripheral(const struct board_model *m, const struct peripheral *p, bool all)
{
	printf("\n%s%s%s  %s%s%s%s\n", paint(PAINT_TITLE), p->name, paint(PAINT_OFF), p->what,
	       p->enabled ? "" : paint(PAINT_WARN), p->enabled ? "" : "  (disabled)",
	       p->enabled ? "" : paint(PAINT_OFF));
	print_label("node");
	printf("%s\n", p->path);
	if (*p->compatible) {
		print_label("compatible");
		printf("%s\n", p->compatible);
	}
	print_service(m, p);
	print_firmware(p);
	print_registers(p);
	print_regions(m, p);
	print_streams(m, p, all);
	print_references("interrupts", &p->interrupts);
	print_references("clocks", &p->clocks);
	print_references("power", &p->power_domains);
	print_references("resets", &p->resets);
	print_references("mailboxes", &p->mailboxes);
	print_references("states", &p->states);
	print_references("interconnects", &p->interconnects);
	print_dma(m, p);
}

static void print_problems(const struct board_model *m)
{
	for (unsigned int i = 0; i < m->problem_count; i++) {
		const struct model_problem *p = &m->problems[i];

		printf("%s%s%s%s: %s%s%s%s\n", i ? "" : "\n", paint(PAINT_WARN), p->path, "",
		       p->property ? p->property : "", p->property ? ": " : "", p->text, paint(PAINT_OFF));
	}
}

static void print_head(const struct board_model *m)
{
	printf("%s%s%s: %s%s%s%s\n", paint(PAINT_TITLE), m->tree->name, paint(PAINT_OFF),
	       *m->board ? m->board : "no model name", *m->board_compatible ? " (" : "", m->board_compatible,
	       *m->board_compatible ? ")" : "");
	for (unsigned int i = 0; i < m->iommu_count; i++) {
		const struct iommu *u = &m->iommus[i];
		unsigned int streams = 0;

		for (unsigned int k = 0; k < m->stream_count; k++)
			streams += m->streams[k].iommu == (int)i;
		if (streams || u->kind != IOMMU_OTHER)
			printf("  %-9s%s%s%s, %u streams are owned\n",
			       u->kind == IOMMU_SMMUV2	 ? "SMMUv2"
			       : u->kind == IOMMU_SMMUV3 ? "SMMUv3"
							 : "IOMMU",
			       u->path, u->adreno ? " (the GPU's own)" : "", u->enabled ? "" : " (disabled)", streams);
	}
}

static void print_all_memory(const struct board_model *m)
{
	printf("\n%smemory%s\n", paint(PAINT_TITLE), paint(PAINT_OFF));
	for (unsigned int i = 0; i < m->memory_count; i++) {
		print_label(i ? "" : "RAM");
		print_range(m->memory[i].base, m->memory[i].size);
		putchar('\n');
	}
	for (unsigned int i = 0; i < m->reserve_count; i++) {
		print_label(i ? "" : "/memreserve/");
		print_range(m->reserves[i].base, m->reserves[i].size);
		putchar('\n');
	}
	for (unsigned int i = 0; i < m->region_count; i++) {
		print_label(i ? "" : "reserved");
		print_region(&m->regions[i], NULL);
	}
}

void board_show_text(const struct board_model *m, bool all)
{
	unsigned int hidden = 0, shown = 0;

	print_head(m);
	for (unsigned int i = 0; i < m->peripheral_count; i++) {
		const struct peripheral *p = &m->peripherals[i];

		hidden += !p->enabled && !all;
		shown += p->enabled || all;
		if (p->enabled || all)
			print_peripheral(m, p, all);
	}
	if (!shown)
		printf("\nno remote processor%s\n", hidden ? " that is enabled" : "");
	if (all)
		print_all_memory(m);
	print_problems(m);
	if (hidden)
		printf("\n%u more %s disabled; --all shows %s\n", hidden, hidden == 1 ? "is" : "are",
		       hidden == 1 ? "it" : "them");
}
