/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole pictures: style, legend, title, and the maps in their places. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "draw/draw.h"
#include "draw/markup.h"

#define MARGIN	    28u
#define BETWEEN	    56u /* the two maps */
#define TITLE_SPACE 78u
#define TITLE_LEAST 16u /* pixels of its letters, where a name is long */
#define LEGEND_STEP 24u
#define LEGEND_MAX  200u
#define SWATCH	    11u

/*
 * Colours by number, not by the reader's variables: programs other than browsers show the picture, too, and know only the plainest CSS.
 * They look the same in light and dark; what differs is behind them.
 */
static const char style[] =
	".pm{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"DejaVu Sans\",sans-serif;"
	"font-variant-numeric:tabular-nums}\n"
	".pm text{fill:#1b2430}.pm .pm-b{font-weight:600}\n"
	".pm .pm-m{font-family:ui-monospace,SFMono-Regular,Menlo,\"DejaVu Sans Mono\",\"Liberation Mono\",monospace}\n"
	".pm .pm-dim{fill:#5a6575}.pm .pm-faint{fill:#7c8796}.pm .pm-bad{fill:#c0262d}\n"
	".pm .pm-paper{fill:#fff}.pm .pm-free{fill:#eceff3}.pm .pm-bank{fill:#aab4c2}\n"
	".pm .pm-tick,.pm .pm-rule{stroke:#c3cad4;fill:none}.pm .pm-break{stroke:#8d97a5;fill:none;stroke-width:1.5}\n"
	".pm-k0{fill:#c3cad3;stroke:#7f8a99}.pm-k1{fill:#3574e0;stroke:#3574e0}.pm-k2{fill:#e08a1e;stroke:#e08a1e}\n"
	".pm-k3{fill:#23a26f;stroke:#23a26f}.pm-k4{fill:#9a55cf;stroke:#9a55cf}.pm-k5{fill:#dc4a67;stroke:#dc4a67}\n"
	".pm-k6{fill:#139eb4;stroke:#139eb4}.pm-k7{fill:#98703f;stroke:#98703f}.pm-k8{fill:#7480dd;stroke:#7480dd}\n"
	".pm-k9{fill:#83a31f;stroke:#83a31f}.pm-k10{fill:#c95799;stroke:#c95799}\n"
	".pm rect{stroke:none}.pm .pm-pale rect{fill-opacity:.45}.pm .pm-faded{fill-opacity:.35}\n"
	".pm .pm-off rect{fill-opacity:.12;stroke-dasharray:3 3;stroke-width:1}\n"
	".pm .pm-off .pm-k0{stroke:#7f8a99}.pm .pm-hatch{fill:url(#pm-lines);fill-opacity:1}\n"
	".pm .pm-clash{fill:none;stroke:#c0262d;stroke-width:2}.pm-lines{stroke:#fff;stroke-width:3;stroke-opacity:.55}\n"
	".pm .pm-chip rect{fill-opacity:.16;stroke-width:1;stroke-opacity:.75}\n"
	".pm .pm-chip .pm-k0{stroke:#7f8a99}.pm .pm-chip .pm-k1{stroke:#3574e0}.pm .pm-chip .pm-k2{stroke:#e08a1e}\n"
	".pm .pm-chip .pm-k3{stroke:#23a26f}.pm .pm-chip .pm-k4{stroke:#9a55cf}.pm .pm-chip .pm-k5{stroke:#dc4a67}\n"
	".pm .pm-chip .pm-k6{stroke:#139eb4}.pm .pm-chip .pm-k7{stroke:#98703f}.pm .pm-chip .pm-k8{stroke:#7480dd}\n"
	".pm .pm-chip .pm-k9{stroke:#83a31f}.pm .pm-chip .pm-k10{stroke:#c95799}\n"
	".pm .pm-shared rect{stroke-width:2;stroke-opacity:1}.pm .pm-shared[class] rect[class]{stroke:#c0262d}\n"
	".pm .pm-chip .pm-dashed{stroke-dasharray:3 2;fill-opacity:.05}\n"
	"@media (prefers-color-scheme:dark){\n"
	".pm text{fill:#e6eaf0}.pm .pm-dim{fill:#a2adbb}.pm .pm-faint{fill:#8793a2}.pm .pm-bad{fill:#ff7b7b}\n"
	".pm .pm-k0{fill:#5d6876}.pm .pm-paper{fill:#14181f}.pm .pm-free{fill:#262d38}.pm .pm-bank{fill:#566274}\n"
	".pm .pm-tick,.pm .pm-rule{stroke:#3d4755}.pm .pm-break{stroke:#7c8898}\n"
	".pm .pm-chip rect{fill-opacity:.28}.pm .pm-clash,.pm .pm-shared[class] rect[class]{stroke:#ff7b7b}.pm-lines{stroke:#14181f}}\n";

void draw_style(struct buffer *b)
{
	buffer_put(b, style, strlen(style));
}

unsigned int draw_chip(struct buffer *b, const struct owner *owner, int x, int y, unsigned int room)
{
	struct label label = { x + (int)SWATCH + 4,
			       y,
			       room > SWATCH + 4 ? room - SWATCH - 4 : 1,
			       12,
			       FONT_PLAIN,
			       owner->enabled ? "" : "pm-dim",
			       false };

	markup(b, "<g><title>");
	markup_text(b, owner->path);
	markup(b, "%s</title><rect x=\"%d\" y=\"%d\" width=\"%u\" height=\"%u\" rx=\"2\" class=\"pm-k%u%s\"/>",
	       owner->enabled ? "" : " (disabled)", x, y - (int)SWATCH + 1, SWATCH, SWATCH, owner->colour,
	       owner->enabled ? "" : " pm-faded");
	room = svg_text(b, &label, owner->name);
	markup(b, "</g>\n");
	return room + SWATCH + 4;
}

unsigned int draw_heading(struct buffer *b, const char *title, const char *subtitle)
{
	struct label first = { 0, 20, 0, 19, FONT_BOLD, "", false };
	struct label second = { 0, 41, MAP_WIDTH, 12, FONT_PLAIN, "pm-dim", false };

	svg_text(b, &first, title);
	svg_text(b, &second, subtitle);
	return 60;
}

/* a colour, the name, and in words what it is; returns how wide that is */
static unsigned int legend_entry(struct buffer *b, const struct plan *p, const struct owner *owner, unsigned int x,
				 unsigned int y)
{
	const char *what = p->model->peripherals[owner->peripheral].what;
	struct label label = { 0, (int)y, 420, 12, FONT_PLAIN, "pm-dim", false };
	char text[128] = "";
	unsigned int wide = draw_chip(b, owner, (int)x, (int)y, 240) + 7;

	label.x = (int)(x + wide);
	snprintf(text, sizeof(text), "%.100s%s", what, owner->enabled ? "" : " (disabled)");
	return wide + svg_text(b, &label, text) + 26;
}

static unsigned int entry_width(const struct plan *p, const struct owner *owner)
{
	return text_pixels(owner->name, FONT_PLAIN, 12) +
	       text_pixels(p->model->peripherals[owner->peripheral].what, FONT_PLAIN, 12) + (owner->enabled ? 50 : 120);
}

/* everyone with a colour, those that are enabled first, as many in a row as @width has room for; returns the height */
static unsigned int legend(struct buffer *b, const struct plan *p, unsigned int width)
{
	unsigned int drawn = 0;
	unsigned int x = 0;
	unsigned int y = 14;
	unsigned int i = 0;

	for (i = 0; i < 2 * p->owner_count && drawn < LEGEND_MAX; i++) {
		const struct owner *owner = &p->owners[i % p->owner_count];

		if (!owner->colour || owner->enabled != (i < p->owner_count))
			continue;
		if (x && x + entry_width(p, owner) > width) {
			x = 0;
			y += LEGEND_STEP;
		}
		x += legend_entry(b, p, owner, x, y);
		drawn++;
	}
	return drawn ? y + LEGEND_STEP - 10 : 0;
}

struct sample {
	const char *class;
	const char *colour;
	const char *words;
};

/* what the looks of a block mean */
static unsigned int samples(struct buffer *b, unsigned int width)
{
	static const struct sample list[] = {
		{ "pm-block", "pm-k0", "no peripheral uses it" },
		{ "pm-block pm-pale", "pm-k1", "pale: Linux maps it, too" },
		{ "pm-block pm-lent", "pm-k1", "hatched: Linux uses it meanwhile" },
		{ "pm-block pm-off", "pm-k0", "dashed: disabled" },
		{ "pm-block", "pm-clash", "overlaps" },
		{ "pm-block", "pm-free", "free for Linux" },
		{ "pm-chip pm-shared", "pm-k0", "a stream that two nodes have" },
	};
	struct label label = { 0, 12, 0, 12, FONT_PLAIN, "pm-dim", false };
	unsigned int x = 0;
	size_t i = 0;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		unsigned int wide = text_pixels(list[i].words, FONT_PLAIN, 12) + 50;

		if (x && x + wide > width) {
			x = 0;
			label.y += (int)LEGEND_STEP - 2;
		}
		markup(b, "<g class=\"%s\"><rect x=\"%u\" y=\"%d\" width=\"20\" height=\"13\" class=\"%s\"/>",
		       list[i].class, x + 1, label.y - 11, list[i].colour);
		if (strstr(list[i].class, "lent"))
			markup(b, "<rect x=\"%u\" y=\"%d\" width=\"20\" height=\"13\" class=\"pm-hatch\"/>", x + 1,
			       label.y - 11);
		markup(b, "</g>");
		label.x = (int)x + 28;
		x += svg_text(b, &label, list[i].words) + 50;
	}
	return (unsigned int)label.y + 10;
}

static unsigned int whole_legend(struct buffer *b, const struct plan *p, unsigned int width)
{
	unsigned int y = legend(b, p, width);

	markup(b, "<g transform=\"translate(0 %u)\">", y);
	y += samples(b, width);
	markup(b, "</g>\n");
	return y;
}

static void group(struct buffer *b, unsigned int x, unsigned int y, struct buffer *content)
{
	markup(b, "<g transform=\"translate(%u %u)\">\n", x, y);
	markup_append(b, content);
	markup(b, "</g>\n");
}

/* "pm-lines" is a pattern; a page with several pictures has it several times, which does no harm: they are the same */
static void begin(struct buffer *b, unsigned int width, unsigned int height, const char *title, const char *description)
{
	markup(b,
	       "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pm\" role=\"img\" width=\"%u\" height=\"%u\" "
	       "viewBox=\"0 0 %u %u\">\n<title>",
	       width, height, width, height);
	markup_text(b, title);
	markup(b, "</title>\n<desc>");
	markup_text(b, description);
	markup(b, "</desc>\n<defs><pattern id=\"pm-lines\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
		  "patternTransform=\"rotate(45)\"><path class=\"pm-lines\" d=\"M0 0V8\"/></pattern></defs>\n");
}

static void title_lines(struct buffer *b, const struct plan *p, const char *file, unsigned int width)
{
	const struct board_model *m = p->model;
	struct label first = { (int)MARGIN, 48, width - 2 * MARGIN, 24, FONT_BOLD, "", false };
	struct label second = { (int)MARGIN, 70, width - 2 * MARGIN, 13, FONT_PLAIN, "pm-dim", false };
	const char *slash = strrchr(file, '/');
	const char *name = *m->board ? m->board : *m->board_compatible ? m->board_compatible : "a board without a name";
	char text[512] = "";

	while (first.size > TITLE_LEAST && text_pixels(name, FONT_BOLD, first.size) > first.room)
		first.size--;
	svg_text(b, &first, name);
	snprintf(text, sizeof(text), "%.200s  \xc2\xb7  %.250s", m->board_compatible, slash ? slash + 1 : file);
	svg_text(b, &second, text);
}

static const char description[] =
	"Left: the addresses of reserved memory, low ones first, with who uses each. Right: for each IOMMU all StreamIDs, and which node "
	"has which. An owner has the same colour in both.";

/* the two maps: side by side, or one below the other where there are no streams to draw; returns the height */
static unsigned int maps(struct buffer *b, const struct plan *p, unsigned int top)
{
	struct buffer addresses = { 0 };
	struct buffer streams = { 0 };
	unsigned int left = draw_addresses(&addresses, p);
	unsigned int right = draw_streams(&streams, p);
	bool beside = p->model->iommu_count;

	group(b, MARGIN, top, &addresses);
	if (beside)
		group(b, MARGIN + MAP_WIDTH + BETWEEN, top, &streams);
	else
		group(b, MARGIN, top + left + MARGIN, &streams);
	return beside ? (left > right ? left : right) : left + MARGIN + right;
}

void draw_board(struct buffer *b, const struct plan *p, const char *file)
{
	unsigned int width = 2 * MARGIN + (p->model->iommu_count ? 2 * MAP_WIDTH + BETWEEN : MAP_WIDTH);
	struct buffer key = { 0 };
	struct buffer both = { 0 };
	unsigned int top = TITLE_SPACE + 12 + whole_legend(&key, p, width - 2 * MARGIN) + 22;
	unsigned int height = top + maps(&both, p, top) + MARGIN;

	markup(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	begin(b, width, height, *p->model->board ? p->model->board : file, description);
	markup(b, "<style>\n");
	draw_style(b);
	markup(b, "</style>\n<rect width=\"%u\" height=\"%u\" class=\"pm-paper\"/>\n", width, height);
	title_lines(b, p, file, width);
	group(b, MARGIN, TITLE_SPACE + 12, &key);
	markup_append(b, &both);
	markup(b, "</svg>\n");
}

static void single(struct buffer *b, struct buffer *content, unsigned int height, const char *title, const char *words)
{
	begin(b, MAP_WIDTH, height, title, words);
	markup_append(b, content);
	markup(b, "</svg>\n");
}

void draw_legend_svg(struct buffer *b, const struct plan *p)
{
	struct buffer content = { 0 };
	unsigned int height = whole_legend(&content, p, MAP_WIDTH);

	single(b, &content, height, "Legend", "Which colour stands for whom in the maps");
}

void draw_addresses_svg(struct buffer *b, const struct plan *p)
{
	struct buffer content = { 0 };
	unsigned int height = draw_addresses(&content, p);

	single(b, &content, height, "Map of addresses",
	       "Reserved memory, low addresses first, with who uses each region");
}

void draw_streams_svg(struct buffer *b, const struct plan *p)
{
	struct buffer content = { 0 };
	unsigned int height = draw_streams(&content, p);

	single(b, &content, height, "Map of streams", "For each IOMMU all StreamIDs, and which node has which");
}
