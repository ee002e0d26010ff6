/* SPDX-License-Identifier: BSD-2-Clause */
/* The map of addresses: one column, low addresses first; beside it a line of words for everything that begins there. */
#include <inttypes.h>
#include <stdio.h>

#include "draw/address_layout.h"
#include "draw/draw.h"
#include "draw/markup.h"

#define ADDRESS_RIGHT 132 /* where addresses end */
#define COLUMN_X      144
#define COLUMN_WIDTH  128
#define NAME_X	      288
#define NAME_ROOM     192u
#define SIZE_RIGHT    552
#define CHIPS_X	      568
#define BASELINE      15 /* of a line of words, below its top */
#define STRIPES_MAX   4u /* colours of one block */
#define TEXT_SIZE     13u
#define SMALL_SIZE    12u
#define ADDRESS_SIZE  11u
#define LEAST_LABEL   14u /* pixels of a slice that has room for its address */

static void address(struct buffer *b, uint64_t value, unsigned int y)
{
	char text[24] = "";
	struct label label = { ADDRESS_RIGHT, (int)y + 10, 0, ADDRESS_SIZE, FONT_FIXED, "pm-dim", true };

	snprintf(text, sizeof(text), "0x%08" PRIx64, value);
	svg_text(b, &label, text);
	markup(b, "<path class=\"pm-tick\" d=\"M%d %uH%d\"/>\n", COLUMN_X - 8, y, COLUMN_X);
}

/* how the host sees a region: pale where it has it mapped, hatched where it may use it, an outline where the node is disabled */
static const char *block_class(const struct item *item)
{
	const struct region *r = item->region;

	if (!r)
		return "pm-block";
	if (!r->enabled)
		return "pm-block pm-off";
	return r->reusable ? "pm-block pm-lent" : r->no_map ? "pm-block" : "pm-block pm-pale";
}

struct place {
	unsigned int x;
	unsigned int y;
	unsigned int width;
	unsigned int height;
};

static struct place place_of(const struct layout *l, const struct item *item)
{
	const struct slice *first = &l->slices[item->first];
	const struct slice *last = &l->slices[item->end - 1];
	unsigned int width = COLUMN_WIDTH / item->lanes;

	/* a pixel of air between neighbours */
	return (struct place){ COLUMN_X + item->lane * width, first->y, width - (item->lanes > 1 ? 2 : 0),
			       last->y + last->height - first->y - 1 };
}

static void tooltip(struct buffer *b, const struct plan *p, const struct item *item, unsigned int users,
		    unsigned int first)
{
	const struct region *r = item->region;
	char size[SIZE_TEXT] = "";
	unsigned int i = 0;

	markup(b, "<title>");
	markup_text(b, r ? r->path : "/memreserve/");
	markup(b, "\n0x%" PRIx64 " to 0x%" PRIx64 ", %s", item->base, item->last,
	       size_text(size, item->last - item->base + 1));
	if (r)
		markup(b, "%s%s%s", r->no_map ? "\nno-map: Linux does not map it" : "\nLinux maps it",
		       r->reusable ? "\nreusable: Linux uses it meanwhile" : "", r->enabled ? "" : "\ndisabled");
	if (item->overlaps)
		markup(b, "\noverlaps with another");
	for (i = 0; i < users; i++) {
		markup(b, "\nused by ");
		markup_text(b, p->owners[p->uses[first + i].owner].path);
	}
	markup(b, "</title>\n");
}

/* a block; of several users each has a stripe */
static void block(struct buffer *b, const struct plan *p, const struct layout *l, const struct item *item)
{
	struct place at = place_of(l, item);
	unsigned int first = 0;
	unsigned int users = item->region ? plan_uses(p, item->region->node, &first) : 0;
	unsigned int stripes = users > STRIPES_MAX ? STRIPES_MAX : users ? users : 1;
	unsigned int i = 0;

	markup(b, "<g class=\"%s\">", block_class(item));
	tooltip(b, p, item, users, first);
	for (i = 0; i < stripes; i++) {
		unsigned int from = at.width * i / stripes;

		const struct owner *owner = users ? &p->owners[p->uses[first + i].owner] : NULL;

		markup(b, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"pm-k%u%s\"/>\n", at.x + from,
		       at.y, at.width * (i + 1) / stripes - from, at.height, owner ? owner->colour : 0,
		       owner && !owner->enabled ? " pm-faded" : "");
	}
	if (item->region && item->region->reusable)
		markup(b, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"pm-hatch\"/>\n", at.x, at.y,
		       at.width, at.height);
	if (item->overlaps)
		markup(b, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"pm-clash\"/>\n", at.x + 1,
		       at.y + 1, at.width - 2, at.height - 2);
	markup(b, "</g>\n");
}

/* who uses it, as many as there is room for */
static void users_of(struct buffer *b, const struct plan *p, const struct item *item)
{
	unsigned int first = 0;
	unsigned int users = item->region ? plan_uses(p, item->region->node, &first) : 0;
	const char *instead = item->region && item->region->compatible ? item->region->compatible : "";
	struct label label = { CHIPS_X, (int)item->y + BASELINE, MAP_WIDTH - CHIPS_X, SMALL_SIZE, FONT_PLAIN, "pm-dim",
			       false };
	int x = CHIPS_X;
	unsigned int i = 0;

	if (!users) {
		svg_text(b, &label, instead);
		return;
	}
	for (i = 0; i < users; i++) {
		const struct owner *owner = &p->owners[p->uses[first + i].owner];
		unsigned int wanted = text_pixels(owner->name, FONT_PLAIN, SMALL_SIZE) + 22;
		unsigned int room = MAP_WIDTH - (unsigned int)x;
		char more[16] = "";

		/* the last may take all there is; before it, there must be room for "+2" */
		if (i && (room < wanted + (i + 1 < users ? 30 : 0))) {
			snprintf(more, sizeof(more), "+%u", users - i);
			label.x = x;
			svg_text(b, &label, more);
			return;
		}
		x += (int)draw_chip(b, owner, x, (int)item->y + BASELINE, users > 1 && room > 60 ? room - 30 : room) +
		     10;
	}
}

static void words(struct buffer *b, const char *name, uint64_t bytes, const struct item *item, const char *class)
{
	char size[SIZE_TEXT] = "";
	int y = (int)item->y + BASELINE;
	struct label label = { NAME_X, y,    NAME_ROOM, TEXT_SIZE, item->kind == ITEM_BANK ? FONT_PLAIN : FONT_BOLD,
			       class,  false };
	struct label right = { SIZE_RIGHT, y, 0, SMALL_SIZE, FONT_PLAIN, "pm-dim", true };

	svg_text(b, &label, name);
	svg_text(b, &right, size_text(size, bytes));
}

static void draw_item(struct buffer *b, const struct plan *p, const struct layout *l, const struct item *item)
{
	const char *class = item->overlaps ? "pm-bad" : item->region && !item->region->enabled ? "pm-dim" : "";
	uint64_t bytes = item->last - item->base + 1;

	if (item->kind == ITEM_BANK) {
		words(b, item->bank->path, bytes, item, "pm-dim");
		return;
	}
	block(b, p, l, item);
	words(b, item->region ? item->region->name : "/memreserve/", bytes, item, class);
	users_of(b, p, item);
	address(b, item->base, l->slices[item->first].y);
}

/* a ragged edge: the picture leaves addresses out here */
static void draw_break(struct buffer *b, const struct slice *s)
{
	unsigned int middle = s->y + s->height / 2;
	unsigned int x = COLUMN_X;

	markup(b, "<path class=\"pm-break\" d=\"M%u %u", x, middle - 3);
	for (; x < COLUMN_X + COLUMN_WIDTH; x += 16)
		markup(b, "l8 6l8 -6");
	markup(b, "M%u %u", COLUMN_X, middle + 3);
	for (x = COLUMN_X; x < COLUMN_X + COLUMN_WIDTH; x += 16)
		markup(b, "l8 6l8 -6");
	markup(b, "\"/>\n");
}

static void draw_gap(struct buffer *b, const struct layout *l, const struct slice *s)
{
	bool hole = slice_is_break(l, s);
	char size[SIZE_TEXT] = "";
	char text[64] = "";
	struct label label = { NAME_X, (int)(s->y + s->height / 2) + 5, 0, SMALL_SIZE, FONT_PLAIN, "pm-faint", false };

	/* an empty last slice of a tree that reaches to the end of all addresses has 2^64 bytes: there is no such tree with a gap */
	size_text(size, s->last - s->base + 1);
	if (hole)
		draw_break(b, s);
	else
		markup(b,
		       "<rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%u\" class=\"pm-free\"><title>%s: %s</title></rect>\n",
		       COLUMN_X, s->y, COLUMN_WIDTH, s->height - 1, s->memory ? "Linux's memory" : "not reserved",
		       size);
	if (s->height >= LEAST_LABEL && !hole)
		address(b, s->base, s->y);
	if (s->height < 20)
		return;
	/* below the line of the bank that begins here */
	if (s->lines)
		label.y = (int)(s->y + s->lines * ROW_HEIGHT) + BASELINE;
	snprintf(text, sizeof(text), "%s %s", size,
		 s->memory	    ? "for Linux"
		 : hole && l->sized ? "of other addresses"
				    : "not reserved");
	svg_text(b, &label, text);
}

static void bank_line(struct buffer *b, const struct layout *l, const struct item *item)
{
	const struct slice *last = &l->slices[item->end - 1];
	unsigned int y = l->slices[item->first].y;

	markup(b, "<rect x=\"%d\" y=\"%u\" width=\"4\" height=\"%u\" class=\"pm-bank\"><title>memory</title></rect>\n",
	       COLUMN_X + COLUMN_WIDTH + 3, y, last->y + last->height - y - 1);
}

/* regions that Linux places at boot have a size and no address */
static unsigned int draw_dynamic(struct buffer *b, const struct plan *p, unsigned int y)
{
	const struct board_model *m = p->model;
	struct label title = { COLUMN_X, (int)y + 30, 0, SMALL_SIZE, FONT_PLAIN, "pm-dim", false };
	unsigned int count = 0;
	unsigned int i = 0;

	for (i = 0; i < m->region_count && count < ITEMS_MAX; i++) {
		const struct region *r = &m->regions[i];
		struct item item = { .kind = ITEM_REGION, .region = r, .lanes = 1 };

		if (!r->dynamic || !r->size)
			continue;
		if (!count++) {
			svg_text(b, &title, "Linux chooses a place for these at boot");
			y += 38;
		}
		item.last = r->size - 1;
		item.y = y;
		markup(b, "<g class=\"%s\"><rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%u\" class=\"pm-k0\"/></g>\n",
		       block_class(&item), COLUMN_X, y + 2, COLUMN_WIDTH, ROW_HEIGHT - 5);
		words(b, r->name, r->size, &item, r->enabled ? "" : "pm-dim");
		users_of(b, p, &item);
		y += ROW_HEIGHT;
	}
	return count ? y + 4 : y;
}

static void subtitle(char text[160], const struct layout *l)
{
	unsigned int regions = 0;
	unsigned int i = 0;

	for (i = 0; i < l->item_count; i++)
		regions += l->items[i].kind == ITEM_REGION;
	snprintf(text, 160, "%u reserved region%s; heights grow with the logarithm of the size%s", regions,
		 regions == 1 ? "" : "s", l->sized ? "" : "; boot firmware fills in how much memory there is");
}

static void draw_items(struct buffer *b, const struct plan *p, const struct layout *l)
{
	unsigned int i = 0;

	for (i = 0; i < l->slice_count; i++)
		if (!l->slices[i].taken)
			draw_gap(b, l, &l->slices[i]);
	for (i = 0; i < l->item_count; i++) {
		if (l->items[i].kind == ITEM_BANK)
			bank_line(b, l, &l->items[i]);
		draw_item(b, p, l, &l->items[i]);
	}
}

unsigned int draw_addresses(struct buffer *b, const struct plan *p)
{
	struct label note = { NAME_X, 0, MAP_WIDTH - NAME_X, SMALL_SIZE, FONT_PLAIN, "pm-bad", false };
	struct layout l = { 0 };
	char text[160] = "";
	unsigned int top = 0;
	unsigned int y = 0;

	layout_make(&l, p->model);
	subtitle(text, &l);
	top = draw_heading(b, "Addresses", text);
	markup(b, "<g transform=\"translate(0 %u)\">\n", top);
	draw_items(b, p, &l);
	y = draw_dynamic(b, p, l.height);
	if (l.left_out) {
		snprintf(text, sizeof(text), "%u more are not drawn", l.left_out);
		note.y = (int)(y += ROW_HEIGHT) - 4;
		svg_text(b, &note, text);
	}
	markup(b, "</g>\n");
	layout_free(&l);
	return top + y + 4;
}
