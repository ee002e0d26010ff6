/* SPDX-License-Identifier: BSD-2-Clause */
/* All StreamIDs of an IOMMU on one strip: wide where many are given away, narrow where none is. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw/markup.h"
#include "draw/stream_map.h"

#define STRIP_HEIGHT 26u
#define LABEL_SIZE   11u

#define RUN_BITS_MAX 6u	    /* of a mask; what is scattered further is drawn as one run, from the first to the last */
#define RUNS_MAX     20000u /* of an IOMMU */

/** struct run - neighbouring StreamIDs of one owner: the first, and what follows the last */
struct run {
	uint64_t first;
	uint64_t end;
	const struct grouped_stream *of;
};

/** struct scale - @edge: @count StreamIDs, sorted; edge i is drawn at @at[i] of the @total that the strip is wide */
struct scale {
	struct run *runs;
	unsigned int run_count;
	uint64_t *edge;
	uint64_t *at;
	unsigned int count;
	uint64_t total;
	struct pool pool;
};

static unsigned int bits(uint64_t value)
{
	unsigned int n = 0;

	for (; value; value >>= 1)
		n++;
	return n;
}

static unsigned int set_bits(uint32_t value)
{
	unsigned int n = 0;

	for (; value; value &= value - 1)
		n++;
	return n;
}

static void add_run(struct scale *s, const struct grouped_stream *g, uint64_t first, uint64_t length)
{
	if (s->run_count == RUNS_MAX)
		return;
	s->runs = pool_grow(&s->pool, s->runs, s->run_count, sizeof(*s->runs));
	s->runs[s->run_count++] = (struct run){ first, first + length, g };
}

/* a mask's lowest bits make a run longer, each of the others makes twice as many runs */
static void add_runs(struct scale *s, const struct grouped_stream *g)
{
	const struct stream *stream = g->stream;
	uint32_t mask = stream->count > 1 ? 0 : stream->mask;
	uint32_t low = mask & ~(mask + 1);
	uint32_t rest = mask & ~low;
	uint32_t first = stream->sid & ~mask;
	uint32_t subset = 0;

	if (stream->count > 1) {
		add_run(s, g, first, stream->count);
		return;
	}
	if (set_bits(rest) > RUN_BITS_MAX) {
		add_run(s, g, first, (uint64_t)mask + 1);
		return;
	}
	/* every subset of the bits in @rest, smallest first */
	do {
		add_run(s, g, first | subset, (uint64_t)low + 1);
		subset = (subset - rest) & rest;
	} while (subset);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* number of the edge at @sid, which is one */
static unsigned int edge_at(const struct scale *s, uint64_t sid)
{
	unsigned int low = 0;
	unsigned int high = s->count;

	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;

		if (s->edge[middle] <= sid)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void find_edges(struct scale *s)
{
	unsigned int all = 0;
	unsigned int i = 0;

	s->edge = pool_alloc(&s->pool, 2 * (size_t)s->run_count * sizeof(*s->edge));
	for (i = 0; i < s->run_count; i++) {
		s->edge[all++] = s->runs[i].first;
		s->edge[all++] = s->runs[i].end;
	}
	qsort(s->edge, all, sizeof(*s->edge), by_value);
	for (i = 0; i < all; i++)
		if (!s->count || s->edge[s->count - 1] != s->edge[i])
			s->edge[s->count++] = s->edge[i];
}

static void make_scale(struct scale *s, const struct stream_group *g)
{
	bool *taken = NULL;
	unsigned int i = 0;

	for (i = 0; i < g->count; i++)
		add_runs(s, &g->streams[i]);
	find_edges(s);
	taken = pool_alloc(&s->pool, s->count * sizeof(*taken));
	s->at = pool_alloc(&s->pool, s->count * sizeof(*s->at));
	for (i = 0; i < s->run_count; i++)
		taken[edge_at(s, s->runs[i].first)] = true;
	for (i = 0; i + 1 < s->count; i++) {
		unsigned int doubled = bits(s->edge[i + 1] - s->edge[i]);

		s->at[i] = s->total;
		s->total += taken[i] ? 6 + 2 * doubled : doubled > 10 ? 10 : doubled;
	}
	s->at[s->count - 1] = s->total;
}

static void sid_label(struct buffer *b, uint64_t sid, bool right)
{
	struct label label = {
		right ? (int)MAP_WIDTH : 0, STRIP_HEIGHT + 12, 0, LABEL_SIZE, FONT_FIXED, "pm-dim", right
	};
	char text[24] = "";

	snprintf(text, sizeof(text), "0x%" PRIx64, sid);
	svg_text(b, &label, text);
}

static void mark(struct buffer *b, const struct scale *s, const struct run *run)
{
	const struct grouped_stream *g = run->of;
	uint64_t from = s->at[edge_at(s, run->first)] * MAP_WIDTH * 10 / s->total;
	uint64_t to = s->at[edge_at(s, run->end)] * MAP_WIDTH * 10 / s->total;

	/* a hair of air on the right, where there is room for it */
	if (to - from > 25)
		to -= 8;
	markup(b, "<rect x=\"%u.%u\" y=\"0\" width=\"%u.%u\" height=\"%u\" class=\"pm-k%u%s\"><title>",
	       (unsigned int)(from / 10), (unsigned int)(from % 10), (unsigned int)((to - from) / 10),
	       (unsigned int)((to - from) % 10), STRIP_HEIGHT, g->owner->colour, g->stream->enabled ? "" : " pm-faded");
	markup_text(b, g->owner->name);
	if (run->end - run->first > 1)
		markup(b, ": 0x%" PRIx64 " to 0x%" PRIx64 "</title></rect>\n", run->first, run->end - 1);
	else
		markup(b, ": 0x%" PRIx64 "</title></rect>\n", run->first);
}

unsigned int draw_strip(struct buffer *b, const struct stream_group *g)
{
	struct scale s = { 0 };
	unsigned int i = 0;

	make_scale(&s, g);
	markup(b, "<rect x=\"0\" y=\"0\" width=\"%u\" height=\"%u\" class=\"pm-free\"/>\n", MAP_WIDTH, STRIP_HEIGHT);
	for (i = 0; i < s.run_count; i++)
		mark(b, &s, &s.runs[i]);
	sid_label(b, s.edge[0], false);
	sid_label(b, s.edge[s.count - 1] - 1, true);
	pool_free(&s.pool);
	return STRIP_HEIGHT + LABEL_SIZE + 14;
}
