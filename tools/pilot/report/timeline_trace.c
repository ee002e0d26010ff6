/* SPDX-License-Identifier: BSD-2-Clause */
/* The timeline of a trace: requests and states of each peripheral, when each remote core runs, calls on each CPU. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <pilot/state.h>

#include "draw/markup.h"
#include "report/timeline.h"

#define TRACKS_MAX     64u
#define PERIPHERAL_ROW 44u
#define ROW	       28u
#define BAR	       14u
#define STATE_HEIGHT   10u
#define LEAST_WIDTH    15u /* tenths of a pixel */
#define LEGEND_HEIGHT  46u
#define GAP_WORDS      16u
#define CLASSES	       4u

/** struct track - a row; @y: its top */
struct track {
	enum trace_track kind;
	uint32_t number;
	unsigned int y;
};

/** struct drawing - what is drawn, and where; @drawn: right end of the last bar of each class on the row, so that none hides in another */
struct drawing {
	struct buffer *b;
	const struct trace *trace;
	const struct trace_span *spans;
	struct axis axis;
	struct track tracks[TRACKS_MAX];
	unsigned int count;
	unsigned int drawn[CLASSES];
};

/** enum bar - classes of bars */
enum bar {
	BAR_OUTER,
	BAR_INNER,
	BAR_WAIT,
	BAR_MARK,
};

/* what names a peripheral is no reason to give it a row */
static bool counts(const struct trace_event *e)
{
	return e->event != PIL_TRACE_NAME;
}

static bool on_track(const struct trace_event *e, const struct track *t)
{
	uint32_t number = 0;

	return counts(e) && trace_track(e, &number) == t->kind && number == t->number;
}

static int by_kind(const void *a, const void *b)
{
	const struct track *x = a;
	const struct track *y = b;

	/* peripherals first: they are what the page is about */
	if (x->kind != y->kind)
		return x->kind > y->kind ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static bool has_track(const struct drawing *d, enum trace_track kind, uint32_t number)
{
	unsigned int i = 0;

	for (i = 0; i < d->count; i++)
		if (d->tracks[i].kind == kind && d->tracks[i].number == number)
			return true;
	return false;
}

static void find_tracks(struct drawing *d)
{
	unsigned int y = AXIS_HEIGHT;
	size_t i = 0;

	for (i = 0; i < d->trace->count && d->count < TRACKS_MAX; i++) {
		uint32_t number = 0;
		enum trace_track kind = trace_track(&d->trace->events[i], &number);

		if (counts(&d->trace->events[i]) && !has_track(d, kind, number))
			d->tracks[d->count++] = (struct track){ kind, number, 0 };
	}
	qsort(d->tracks, d->count, sizeof(d->tracks[0]), by_kind);
	for (i = 0; i < d->count; i++) {
		d->tracks[i].y = y;
		y += d->tracks[i].kind == TRACE_PERIPHERAL ? PERIPHERAL_ROW : ROW;
	}
}

/* what lasts keeps its time from being a gap, but for a state: a core that runs for hours has nothing to show for it */
static void find_gaps(struct drawing *d)
{
	uint64_t last = d->axis.from;
	size_t i = 0;

	for (i = 0; i < d->trace->count; i++) {
		const struct trace_event *e = &d->trace->events[i];
		bool lasts = trace_kind(e->event)->phase == TRACE_BEGIN && d->spans[i].end < d->trace->count;
		uint64_t end = lasts ? d->trace->events[d->spans[i].end].ns : e->ns;

		if (e->ns > last)
			axis_skip(&d->axis, last, e->ns);
		last = end > last ? end : last;
	}
}

static unsigned int bottom(const struct drawing *d)
{
	const struct track *last = d->count ? &d->tracks[d->count - 1] : NULL;

	return last ? last->y + (last->kind == TRACE_PERIPHERAL ? PERIPHERAL_ROW : ROW) : AXIS_HEIGHT;
}

static void rect(struct drawing *d, unsigned int left, unsigned int right, unsigned int y, unsigned int height,
		 const char *class)
{
	unsigned int wide = right > left + LEAST_WIDTH ? right - left : LEAST_WIDTH;

	markup(d->b, "<rect x=\"%u.%u\" y=\"%u\" width=\"%u.%u\" height=\"%u\" class=\"%s\">", left / 10, left % 10, y,
	       wide / 10, wide % 10, height, class);
}

/* a bar that would be within the last one of its class, to a fifth of a pixel, is left out */
static bool hidden(struct drawing *d, enum bar bar, unsigned int left, unsigned int right)
{
	unsigned int end = right > left + LEAST_WIDTH ? right : left + LEAST_WIDTH;

	if (d->drawn[bar] && end <= d->drawn[bar] + 2)
		return true;
	d->drawn[bar] = end;
	return false;
}

static uint64_t end_of(const struct drawing *d, size_t i)
{
	size_t end = d->spans[i].end;

	return end < d->trace->count ? d->trace->events[end].ns : d->axis.to;
}

static void bar_title(struct drawing *d, size_t i)
{
	const struct trace_event *e = &d->trace->events[i];
	uint64_t length = end_of(d, i) - e->ns;
	size_t end = d->spans[i].end;
	char text[TRACE_TEXT] = "";

	markup(d->b, "<title>");
	markup_text(d->b, trace_text(e, text));
	if (end < d->trace->count) {
		markup(d->b, ": ");
		markup_text(d->b, trace_text(&d->trace->events[end], text));
	}
	markup(d->b, "\nat %.6f s, %.3f ms</title></rect>\n", (double)(e->ns - d->axis.from) / 1e9,
	       (double)length / 1e6);
}

static bool refused(const struct drawing *d, size_t i)
{
	size_t end = d->spans[i].end;

	return end < d->trace->count && d->trace->events[end].event == PIL_TRACE_ANSWER && d->trace->events[end].b;
}

/* something that lasts */
static void draw_span(struct drawing *d, const struct track *t, size_t i)
{
	const struct trace_event *e = &d->trace->events[i];
	bool waits = e->event == PIL_TRACE_SUSPENDED || e->event == PIL_TRACE_WAITS;
	bool outer = !d->spans[i].depth;
	enum bar bar = waits ? BAR_WAIT : outer ? BAR_OUTER : BAR_INNER;
	unsigned int left = axis_x(&d->axis, e->ns);
	unsigned int right = axis_x(&d->axis, end_of(d, i));
	const char *class = waits ? "tl-wait" : !outer ? "tl-inner" : t->kind == TRACE_CPU ? "tl-call" : "tl-request";

	/* a refusal is seen whatever else is there */
	if (refused(d, i))
		class = "tl-bad";
	else if (hidden(d, bar, left, right))
		return;
	if (outer || !waits)
		rect(d, left, right, t->y + (outer ? 5 : 8), outer ? BAR : BAR - 6, class);
	else
		rect(d, left, right, t->y + 8, BAR - 6, class);
	bar_title(d, i);
}

static bool is_bad(const struct trace_event *e)
{
	return e->event == PIL_TRACE_FAULT || e->event == PIL_TRACE_EXCEPTION || e->event == PIL_TRACE_WATCHDOG ||
	       e->event == PIL_TRACE_HEARD_CRASH || e->event == PIL_TRACE_SMMU_EVENT ||
	       e->event == PIL_TRACE_STOPPED_ACCESS;
}

/* something that happens: a thin line, or a diamond where it is bad */
static void draw_instant(struct drawing *d, const struct track *t, size_t i)
{
	const struct trace_event *e = &d->trace->events[i];
	unsigned int x = axis_x(&d->axis, e->ns);
	char text[TRACE_TEXT] = "";

	if (is_bad(e))
		markup(d->b, "<path class=\"tl-bad\" d=\"M%u.%u %ul6 6l-6 6l-6 -6z\">", x / 10, x % 10, t->y + 6);
	else if (e->event == PIL_TRACE_STATE || hidden(d, BAR_MARK, x, x))
		return;
	else
		markup(d->b, "<path class=\"tl-mark\" d=\"M%u.%u %uh1v%uh-1z\">", x / 10, x % 10, t->y + 5, BAR);
	markup(d->b, "<title>");
	markup_text(d->b, trace_text(e, text));
	markup(d->b, "\nat %.6f s</title></path>\n", (double)(e->ns - d->axis.from) / 1e9);
}

static void draw_state(struct drawing *d, unsigned int y, uint64_t from, uint64_t to, uint64_t state)
{
	char class[16] = "";

	if (state == PIL_OFF || state >= PIL_STATES || to < from)
		return;
	snprintf(class, sizeof(class), "tl-state%u", (unsigned int)state);
	rect(d, axis_x(&d->axis, from), axis_x(&d->axis, to), y, STATE_HEIGHT, class);
	markup(d->b, "<title>");
	markup_text(d->b, pil_state_name((enum pil_state)state));
	markup(d->b, "\nfor %.3f ms</title></rect>\n", (double)(to - from) / 1e6);
}

/* a band of the states that a peripheral goes through; of a remote core, of when it runs */
static void draw_states(struct drawing *d, const struct track *t)
{
	unsigned int y = t->kind == TRACE_PERIPHERAL ? t->y + 24 : t->y + 8;
	uint64_t state = PIL_OFF;
	uint64_t from = d->axis.from;
	size_t i = 0;

	for (i = 0; i < d->trace->count; i++) {
		const struct trace_event *e = &d->trace->events[i];
		bool core = e->event == PIL_TRACE_RELEASED || e->event == PIL_TRACE_HELD;

		if ((!core && e->event != PIL_TRACE_STATE) || !on_track(e, t))
			continue;
		draw_state(d, y, from, e->ns, state);
		from = e->ns;
		state = core ? (e->event == PIL_TRACE_RELEASED ? PIL_RUNNING : PIL_OFF) : e->b;
	}
	draw_state(d, y, from, d->axis.to, state);
}

static void draw_lane(struct drawing *d, const struct track *t)
{
	unsigned int height = t->kind == TRACE_PERIPHERAL ? PERIPHERAL_ROW : ROW;

	markup(d->b, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"tl-lane\"/>\n", TIMELINE_LEFT,
	       t->y + 2, TIMELINE_RIGHT - TIMELINE_LEFT, height - 4);
}

static void draw_track(struct drawing *d, const struct track *t)
{
	struct label label = { TIMELINE_LEFT - 10, (int)t->y + 17, TIMELINE_LEFT - 14, 12, FONT_BOLD, "", true };
	char name[TRACE_TEXT] = "";
	size_t i = 0;

	svg_text(d->b, &label, trace_track_name(d->trace, t->kind, t->number, name));
	for (i = 0; i < CLASSES; i++)
		d->drawn[i] = 0;
	draw_states(d, t);
	for (i = 0; i < d->trace->count; i++) {
		enum trace_phase phase = trace_kind(d->trace->events[i].event)->phase;

		if (!on_track(&d->trace->events[i], t))
			continue;
		if (phase == TRACE_BEGIN)
			draw_span(d, t, i);
		else if (phase == TRACE_INSTANT)
			draw_instant(d, t, i);
	}
}

struct entry {
	const char *class;
	const char *words;
};

static void legend(struct drawing *d, unsigned int y)
{
	static const struct entry entries[] = {
		{ "tl-request", "request" },
		{ "tl-bad", "refused, crashed, fault" },
		{ "tl-inner", "lock, verify, scrub" },
		{ "tl-wait", "interrupted, waits" },
		{ "tl-call", "call of the secure world" },
		{ "tl-state1", "LOADED" },
		{ "tl-state2", "PLACED" },
		{ "tl-state3", "LOCKED" },
		{ "tl-state4", "AUTHENTICATED" },
		{ "tl-state5", "RUNNING, released" },
		{ "tl-state7", "INHERITED" },
		{ "tl-state8", "STOPPED" },
		{ "tl-state9", "GRANTED" },
	};
	struct label label = { 0, (int)y + 16, 0, 11, FONT_PLAIN, "pm-dim", false };
	unsigned int x = TIMELINE_LEFT;
	size_t i = 0;

	for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		unsigned int wide = text_pixels(entries[i].words, FONT_PLAIN, 11) + 34;

		if (x + wide > TIMELINE_WIDTH) {
			x = TIMELINE_LEFT;
			label.y += 18;
		}
		markup(d->b, "<rect x=\"%u\" y=\"%d\" width=\"11\" height=\"11\" class=\"%s\"/>", x, label.y - 10,
		       entries[i].class);
		label.x = (int)x + 16;
		svg_text(d->b, &label, entries[i].words);
		x += wide;
	}
}

void timeline_trace(struct buffer *b, const struct trace *trace)
{
	struct trace_span *spans = trace->count ? trace_spans(trace) : NULL;
	struct drawing d = { .b = b, .trace = trace, .spans = spans };
	unsigned int i = 0;

	if (!spans)
		return;
	d.axis = (struct axis){ .from = trace->events[0].ns, .to = trace->events[trace->count - 1].ns };
	find_tracks(&d);
	find_gaps(&d);
	timeline_begin(b, bottom(&d) + GAP_WORDS + LEGEND_HEIGHT, "Timeline of the trace",
		       "Requests and states of each peripheral, when each remote core runs, calls on each CPU");
	for (i = 0; i < d.count; i++)
		draw_lane(&d, &d.tracks[i]);
	axis_draw(b, &d.axis, bottom(&d) + GAP_WORDS);
	for (i = 0; i < d.count; i++)
		draw_track(&d, &d.tracks[i]);
	axis_draw_gaps(b, &d.axis, bottom(&d) + GAP_WORDS);
	legend(&d, bottom(&d) + GAP_WORDS);
	timeline_end(b);
	free(spans);
}
