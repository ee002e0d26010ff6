/* SPDX-License-Identifier: BSD-2-Clause */
/* The map of streams: a panel for each IOMMU, in it a strip with all StreamIDs, and a card for each owner. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw/markup.h"
#include "draw/stream_map.h"

#define COLUMNS	     2u
#define COLUMN_GAP   20u
#define CARD_WIDTH   ((MAP_WIDTH - COLUMN_GAP) / COLUMNS)
#define CARD_HEAD    22u /* the owner's name */
#define CARD_GAP     8u
#define CHIP_HEIGHT  17u
#define CHIP_STEP    21u
#define CHIP_SIZE    11u
#define CHIP_PADDING 5u
#define CHIPS_MAX    60u   /* of one owner */
#define CARDS_MAX    1000u /* of one IOMMU */
#define PANEL_GAP    26u
#define RIVALS_MAX   3000u /* streams of an IOMMU that are compared with each other */

/** enum card_class - sections of a panel, in their order */
enum card_class { CARD_PERIPHERAL, CARD_DEVICE, CARD_OFF, CARD_CLASSES };

static enum card_class class_of(const struct grouped_stream *g)
{
	if (!g->stream->enabled)
		return CARD_OFF;
	return g->owner->peripheral == MODEL_NONE ? CARD_DEVICE : CARD_PERIPHERAL;
}

static int by_owner(const void *a, const void *b)
{
	const struct grouped_stream *x = a;
	const struct grouped_stream *y = b;
	enum card_class class_x = class_of(x);
	enum card_class class_y = class_of(y);

	if (x->stream->iommu != y->stream->iommu)
		return x->stream->iommu < y->stream->iommu ? -1 : 1;
	if (class_x != class_y)
		return class_x < class_y ? -1 : 1;
	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	if (x->stream->sid != y->stream->sid)
		return x->stream->sid < y->stream->sid ? -1 : 1;
	return x->stream < y->stream ? -1 : x->stream > y->stream;
}

static void chip_text(char text[48], const struct stream *s)
{
	if (!s->cells)
		snprintf(text, 48, "all of it");
	else if (s->count > 1)
		snprintf(text, 48,
			 "0x%" PRIx32 "\xe2\x80\xa6"
			 "0x%" PRIx64,
			 s->sid, (uint64_t)s->sid + s->count - 1);
	else if (s->mask)
		snprintf(text, 48, "0x%" PRIx32 "/0x%" PRIx32, s->sid, s->mask);
	else
		snprintf(text, 48, "0x%" PRIx32, s->sid);
}

static void chip_tooltip(struct buffer *b, const struct grouped_stream *g)
{
	const struct stream *s = g->stream;

	markup(b, "<title>");
	markup_text(b, s->path);
	markup(b, ": %s, entry %u", s->property, s->index);
	if (s->mask)
		markup(b, "\nStreamID 0x%" PRIx32 " with mask 0x%" PRIx32, s->sid, s->mask);
	if (g->rival) {
		markup(b, "\nStreamIDs that ");
		markup_text(b, g->rival->path);
		markup(b, " has, too");
	}
	markup(b, "%s</title>", s->enabled ? "" : "\nthe node is disabled");
}

/** struct pen - where the next chip goes: @x, @y below the card's top */
struct pen {
	unsigned int x;
	unsigned int y;
};

static void stream_chip(struct buffer *b, const struct grouped_stream *g, unsigned int left, struct pen *pen)
{
	char text[48] = "";
	struct label label = { 0, 0, 0, CHIP_SIZE, FONT_FIXED, "", false };
	unsigned int width = 0;

	chip_text(text, g->stream);
	width = text_pixels(text, FONT_FIXED, CHIP_SIZE) + 2 * CHIP_PADDING;
	if (pen->x && pen->x + width > CARD_WIDTH - 16) {
		pen->x = 0;
		pen->y += CHIP_STEP;
	}
	markup(b, "<g class=\"pm-chip%s\">", g->rival ? " pm-shared" : "");
	chip_tooltip(b, g);
	markup(b, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"4\" class=\"pm-k%u%s\"/>", left + pen->x,
	       pen->y, width, CHIP_HEIGHT, g->owner->colour, g->stream->enabled ? "" : " pm-dashed");
	label.x = (int)(left + pen->x + CHIP_PADDING);
	label.y = (int)pen->y + 13;
	svg_text(b, &label, text);
	markup(b, "</g>\n");
	pen->x += width + 4;
}

/* an owner and its streams, of which there are @count; returns the height */
static unsigned int card(struct buffer *b, const struct grouped_stream *g, unsigned int count, unsigned int left,
			 unsigned int top)
{
	struct pen pen = { 0, top + CARD_HEAD };
	struct label more = { 0, 0, 0, CHIP_SIZE, FONT_PLAIN, "pm-dim", false };
	char text[32] = "";
	unsigned int i = 0;

	draw_chip(b, g->owner, (int)left, (int)top + 14, CARD_WIDTH);
	for (i = 0; i < count && i < CHIPS_MAX; i++)
		stream_chip(b, &g[i], left + 15, &pen);
	if (i < count) {
		snprintf(text, sizeof(text), "and %u more", count - i);
		pen.y += CHIP_STEP;
		more.x = (int)left + 15;
		more.y = (int)pen.y + 13;
		svg_text(b, &more, text);
	}
	return pen.y + CHIP_STEP + CARD_GAP - top;
}

static unsigned int same_owner(const struct grouped_stream *g, unsigned int count)
{
	unsigned int i = 1;

	while (i < count && g[i].owner == g[0].owner && class_of(&g[i]) == class_of(&g[0]))
		i++;
	return i;
}

/* cards of one section, each below the shorter column; returns the height */
static unsigned int cards(struct buffer *b, const struct grouped_stream *g, unsigned int count, unsigned int top)
{
	unsigned int bottom[COLUMNS] = { top, top };
	unsigned int drawn = 0;
	unsigned int i = 0;

	while (i < count && drawn++ < CARDS_MAX) {
		unsigned int column = bottom[1] < bottom[0] ? 1 : 0;
		unsigned int streams = same_owner(&g[i], count - i);

		bottom[column] += card(b, &g[i], streams, column * (CARD_WIDTH + COLUMN_GAP), bottom[column]);
		i += streams;
	}
	return (bottom[0] > bottom[1] ? bottom[0] : bottom[1]) - top;
}

static unsigned int sections(struct buffer *b, const struct stream_group *g, unsigned int top)
{
	static const char *const titles[CARD_CLASSES] = {
		[CARD_PERIPHERAL] = "remote processors, video and others with firmware of their own",
		[CARD_DEVICE] = "other DMA masters",
		[CARD_OFF] = "of nodes that are disabled: nobody owns these",
	};
	struct label label = { 0, 0, MAP_WIDTH, 12, FONT_PLAIN, "pm-dim", false };
	unsigned int y = top;
	unsigned int i = 0;

	while (i < g->count) {
		enum card_class class = class_of(&g->streams[i]);
		unsigned int count = 1;

		while (i + count < g->count && class_of(&g->streams[i + count]) == class)
			count++;
		label.y = (int)y + 12;
		svg_text(b, &label, titles[class]);
		y += 20;
		y += cards(b, &g->streams[i], count, y);
		i += count;
	}
	return y - top;
}

static unsigned int panel_head(struct buffer *b, const struct stream_group *g, const struct tree *t)
{
	static const char *const kinds[IOMMU_KINDS] = { "SMMUv2", "SMMUv3", "IOMMU" };
	struct label name = { 0, 15, 300, 14, FONT_BOLD, "", false };
	struct label what = { (int)MAP_WIDTH, 15, 420, 12, FONT_PLAIN, "pm-dim", true };
	char text[160] = "";

	markup(b, "<path class=\"pm-rule\" d=\"M0 -6H%u\"/>\n", MAP_WIDTH);
	svg_text(b, &name, tree_node_name(t, g->iommu->node));
	snprintf(text, sizeof(text), "%s%s, %.80s, %u stream%s", kinds[g->iommu->kind],
		 g->iommu->enabled ? "" : " (disabled)", g->iommu->compatible ? g->iommu->compatible : "", g->count,
		 g->count == 1 ? "" : "s");
	svg_text(b, &what, text);
	return 26;
}

static unsigned int panel(struct buffer *b, const struct stream_group *g, const struct tree *t, unsigned int top)
{
	unsigned int y = 0;

	markup(b, "<g transform=\"translate(0 %u)\">\n", top);
	y = panel_head(b, g, t);
	if (g->count > 1 && g->iommu->cells) {
		markup(b, "<g transform=\"translate(0 %u)\">\n", y);
		y += draw_strip(b, g);
		markup(b, "</g>\n");
	}
	y += sections(b, g, y);
	markup(b, "</g>\n");
	return y + PANEL_GAP;
}

/* IOMMUs without streams, in one paragraph */
static unsigned int idle(struct buffer *b, const struct plan *p, const bool *used, unsigned int top)
{
	const struct board_model *m = p->model;
	struct label label = { 0, (int)top + 14, MAP_WIDTH, 12, FONT_PLAIN, "pm-dim", false };
	unsigned int column = 0;
	unsigned int i = 0;

	for (i = 0; i < m->iommu_count && i < CARDS_MAX; i++) {
		if (used[i])
			continue;
		if (label.y == (int)top + 14) {
			svg_text(b, &label, "IOMMUs to which no stream of the tree leads");
			label.y += 20;
		}
		label.x = (int)(column * 190);
		label.room = 180;
		svg_text(b, &label, tree_node_name(m->tree, m->iommus[i].node));
		column = (column + 1) % 4;
		label.y += column ? 0 : 18;
	}
	return label.y == (int)top + 14 ? 0 : (unsigned int)label.y + (column ? 10 : 0) - top;
}

/*
 * An Arm SMMU sends a StreamID to one owner: what two nodes claim is one group for Linux, or a conflict. Others give each port to as many
 * as like.
 */
static void find_rivals(struct grouped_stream *g, unsigned int count, const struct board_model *m)
{
	unsigned int i = 0;
	unsigned int k = 0;

	if (count > RIVALS_MAX || m->iommus[g[0].stream->iommu].kind == IOMMU_OTHER)
		return;
	for (i = 0; i < count; i++)
		for (k = 0; k < i; k++)
			if (g[i].owner != g[k].owner && g[i].stream->enabled && g[k].stream->enabled &&
			    model_streams_meet(m, g[i].stream, g[k].stream)) {
				g[i].rival = g[k].owner;
				g[k].rival = g[i].owner;
			}
}

static struct grouped_stream *group(const struct plan *p, struct pool *pool)
{
	const struct board_model *m = p->model;
	struct grouped_stream *g = pool_alloc(pool, (m->stream_count + 1) * sizeof(*g));
	unsigned int i = 0;

	for (i = 0; i < m->stream_count; i++)
		g[i] = (struct grouped_stream){ &m->streams[i], &p->owners[p->stream_owners[i]], NULL };
	if (m->stream_count)
		qsort(g, m->stream_count, sizeof(*g), by_owner);
	return g;
}

static unsigned int panels(struct buffer *b, const struct plan *p, unsigned int top, struct pool *pool)
{
	const struct board_model *m = p->model;
	struct grouped_stream *g = group(p, pool);
	bool *used = pool_alloc(pool, (m->iommu_count + 1) * sizeof(*used));
	unsigned int y = top;
	unsigned int i = 0;

	while (i < m->stream_count) {
		struct stream_group group = { &m->iommus[g[i].stream->iommu], &g[i], 1 };

		while (i + group.count < m->stream_count && g[i + group.count].stream->iommu == g[i].stream->iommu)
			group.count++;
		find_rivals(&g[i], group.count, m);
		used[g[i].stream->iommu] = true;
		y += panel(b, &group, m->tree, y);
		i += group.count;
	}
	return y + idle(b, p, used, y);
}

unsigned int draw_streams(struct buffer *b, const struct plan *p)
{
	const struct board_model *m = p->model;
	struct pool pool = { 0 };
	char text[120] = "";
	unsigned int y = 0;

	if (m->iommu_count)
		snprintf(text, sizeof(text),
			 "%u stream%s at %u IOMMU%s; a strip shows all StreamIDs that are given away", m->stream_count,
			 m->stream_count == 1 ? "" : "s", m->iommu_count, m->iommu_count == 1 ? "" : "s");
	else
		snprintf(text, sizeof(text),
			 "the tree has no IOMMU: what masters DMA reaches all memory that the bus lets it reach");
	y = draw_heading(b, "Streams", text);
	y = panels(b, p, y + 12, &pool);
	pool_free(&pool);
	return y;
}
