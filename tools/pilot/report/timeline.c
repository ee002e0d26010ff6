/* SPDX-License-Identifier: BSD-2-Clause */
/* What both timelines share, and that of the steps. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "draw/markup.h"
#include "report/timeline.h"

#define ROW	  26u
#define BAR	  16u
#define STEPS_MAX 200u
#define TICKS	  10u	 /* at most, on an axis without gaps */
#define TICKS_MAX 10000u /* that are looked at, where there are gaps */
#define GAP_PART  25u	 /* of the whole axis: what is shorter is no gap */
#define GAP_WIDTH 34u	 /* pixels of one */
#define SECOND	  UINT64_C(1000000000)

static const char style[] =
	".tl-grid{stroke:#d9dee6}.tl-gap{fill:#fff;fill-opacity:.75}.tl-name{fill:#1b2430}.tl-lane{fill:#f4f6f9}\n"
	".tl-ok{fill:#23a26f}.tl-bad{fill:#d23b48}.tl-off{fill:#aab4c2}\n"
	".tl-request{fill:#3574e0}.tl-inner{fill:#8fb2ee}.tl-wait{fill:#cfd6e0}.tl-call{fill:#7c8796}\n"
	".tl-state1{fill:#e9d8a6}.tl-state2{fill:#e8c468}.tl-state3{fill:#e08a1e}.tl-state4{fill:#9fd3b8}\n"
	".tl-state5{fill:#23a26f}.tl-state6{fill:#d23b48}.tl-state7{fill:#139eb4}.tl-state8{fill:#aab4c2}\n"
	".tl-state9{fill:#9a55cf}.tl-mark{fill:#5a6575}\n"
	"@media (prefers-color-scheme:dark){.tl-grid{stroke:#343e4b}.tl-gap{fill:#14181f}.tl-lane{fill:#1b212a}.tl-mark{fill:#a2adbb}\n"
	".tl-inner{fill:#a9c6f7}.tl-wait{fill:#4a5563}.tl-state1{fill:#8a7c4c}.tl-state2{fill:#b3923d}}\n";

void timeline_style(struct buffer *b)
{
	buffer_put(b, style, strlen(style));
}

void timeline_begin(struct buffer *b, unsigned int height, const char *title, const char *description)
{
	markup(b,
	       "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pm\" role=\"img\" width=\"%u\" height=\"%u\" "
	       "viewBox=\"0 0 %u %u\">\n<title>%s</title>\n<desc>%s</desc>\n",
	       TIMELINE_WIDTH, height, TIMELINE_WIDTH, height, title, description);
}

void timeline_end(struct buffer *b)
{
	markup(b, "</svg>\n");
}

static uint64_t length_of_axis(const struct axis *axis)
{
	return axis->to > axis->from ? axis->to - axis->from : 1;
}

void axis_skip(struct axis *axis, uint64_t from, uint64_t to)
{
	if (axis->count < AXIS_BREAKS && to > from && to - from > length_of_axis(axis) / GAP_PART)
		axis->gaps[axis->count++] = (struct gap){ from, to };
}

static uint64_t in_gaps(const struct axis *axis)
{
	uint64_t sum = 0;
	unsigned int i = 0;

	for (i = 0; i < axis->count; i++)
		sum += axis->gaps[i].to - axis->gaps[i].from;
	return sum;
}

/* tenths of a pixel for one nanosecond outside of gaps */
static double scale(const struct axis *axis)
{
	uint64_t rest = length_of_axis(axis) - in_gaps(axis);

	return (TIMELINE_RIGHT - TIMELINE_LEFT - axis->count * GAP_WIDTH) * 10.0 / (double)(rest ? rest : 1);
}

unsigned int axis_x(const struct axis *axis, uint64_t ns)
{
	uint64_t at = ns < axis->from ? axis->from : ns > axis->to ? axis->to : ns;
	double x = TIMELINE_LEFT * 10;
	uint64_t from = axis->from;
	unsigned int i = 0;

	/* a double is exact enough for a tenth of a pixel, and does not overflow */
	for (i = 0; i < axis->count && at > axis->gaps[i].from; i++) {
		const struct gap *gap = &axis->gaps[i];
		uint64_t into = (at < gap->to ? at : gap->to) - gap->from;

		x += (double)(gap->from - from) * scale(axis) +
		     (double)into / (double)(gap->to - gap->from) * GAP_WIDTH * 10;
		from = gap->to;
	}
	if (at > from)
		x += (double)(at - from) * scale(axis);
	return (unsigned int)(x + 0.5);
}

/* 1, 2 or 5 times a power of ten, so that there are at most TICKS of them */
static uint64_t tick(uint64_t length)
{
	uint64_t step = 1;

	while (length / step > TICKS && step < UINT64_MAX / 10) {
		if (length / (step * 2) <= TICKS)
			return step * 2;
		if (length / (step * 5) <= TICKS)
			return step * 5;
		step *= 10;
	}
	return step;
}

/* as many digits as the distance between two ticks has */
static void time_text(char text[32], uint64_t ns, uint64_t step)
{
	unsigned int digits = step >= SECOND ? 0 : step >= SECOND / 10 ? 1 : step >= SECOND / 100 ? 2 : 3;

	if (step >= SECOND / 1000)
		snprintf(text, 32, "%.*f s", (int)digits, (double)ns / SECOND);
	else
		snprintf(text, 32, "%.6g ms", (double)ns / 1e6);
}

static bool in_a_gap(const struct axis *axis, uint64_t ns)
{
	unsigned int i = 0;

	for (i = 0; i < axis->count; i++)
		if (ns > axis->gaps[i].from && ns < axis->gaps[i].to)
			return true;
	return false;
}

/* a pale column, with how long it is */
static void draw_gap(struct buffer *b, const struct axis *axis, const struct gap *gap, unsigned int height)
{
	unsigned int left = axis_x(axis, gap->from);
	unsigned int right = axis_x(axis, gap->to);
	struct label label = { (int)(left / 10) + 3, (int)height - 5, 0, 10, FONT_PLAIN, "pm-faint", false };
	char text[32] = "";

	markup(b,
	       "<rect class=\"tl-gap\" x=\"%u.%u\" y=\"%u\" width=\"%u.%u\" height=\"%u\"><title>nothing happens for %.3f s"
	       "</title></rect>\n",
	       left / 10, left % 10, AXIS_HEIGHT, (right - left) / 10, (right - left) % 10, height - AXIS_HEIGHT,
	       (double)(gap->to - gap->from) / 1e9);
	snprintf(text, sizeof(text), "%.2g s", (double)(gap->to - gap->from) / 1e9);
	svg_text(b, &label, text);
}

void axis_draw_gaps(struct buffer *b, const struct axis *axis, unsigned int height)
{
	unsigned int i = 0;

	for (i = 0; i < axis->count; i++)
		draw_gap(b, axis, &axis->gaps[i], height);
}

void axis_draw(struct buffer *b, const struct axis *axis, unsigned int height)
{
	uint64_t length = length_of_axis(axis);
	uint64_t step = tick(length - in_gaps(axis));
	unsigned int last = 0;
	uint64_t i = 0;

	for (i = 0; i <= length / step && i < TICKS_MAX; i++) {
		uint64_t at = i * step;
		unsigned int x = axis_x(axis, axis->from + at);
		struct label label = { (int)(x / 10) + 3, 12, 0, 11, FONT_PLAIN, "pm-dim", false };
		char text[32] = "";

		time_text(text, at, step);
		if (in_a_gap(axis, axis->from + at) || x / 10 < last ||
		    TIMELINE_WIDTH - x / 10 < text_pixels(text, FONT_PLAIN, 11) + 4)
			continue;
		markup(b, "<path class=\"tl-grid\" d=\"M%u.%u 0V%u\"/>\n", x / 10, x % 10, height);
		last = x / 10 + 8 + svg_text(b, &label, text);
	}
}

static uint64_t length_of(const json_t *step)
{
	double seconds = json_number_value(json_object_get(step, "seconds"));

	return seconds > 0 && seconds < 1e6 ? (uint64_t)(seconds * 1e9) : 0;
}

static void step_row(struct buffer *b, const json_t *step, const struct axis *axis, uint64_t from, unsigned int y)
{
	const char *name = run_text(step, "name");
	bool reached = strcmp(run_text(step, "observed"), "not reached");
	bool ok = json_is_true(json_object_get(step, "ok"));
	unsigned int left = axis_x(axis, from);
	unsigned int right = axis_x(axis, from + length_of(step));
	unsigned int wide = text_pixels(name, FONT_PLAIN, 12);
	struct label label = { (int)(right / 10) + 6, (int)y + 17, 0, 12, FONT_PLAIN, "", false };

	/* at least a pixel and a half */
	right = right > left + 15 ? right : left + 15;
	markup(b, "<rect x=\"%u.%u\" y=\"%u\" width=\"%u.%u\" height=\"%u\" rx=\"2\" class=\"%s\"><title>", left / 10,
	       left % 10, y + 5, (right - left) / 10, (right - left) % 10, BAR,
	       ok	 ? "tl-ok"
	       : reached ? "tl-bad"
			 : "tl-off");
	markup_text(b, name);
	markup(b, "</title></rect>\n");
	if (right / 10 + 6 + wide > TIMELINE_WIDTH) {
		label.x = (int)(left / 10) - 6;
		label.right = true;
	}
	label.room = label.right ? (unsigned int)label.x : TIMELINE_WIDTH - (unsigned int)label.x;
	svg_text(b, &label, name);
}

void timeline_steps(struct buffer *b, const json_t *steps)
{
	size_t count = json_array_size(steps) < STEPS_MAX ? json_array_size(steps) : STEPS_MAX;
	unsigned int height = AXIS_HEIGHT + (unsigned int)count * ROW + 6;
	struct axis axis = { 0 };
	uint64_t from = 0;
	size_t i = 0;

	for (i = 0; i < count; i++)
		axis.to += length_of(json_array_get(steps, i));
	timeline_begin(b, height, "Timeline of the steps", "Each step begins where the one before it ended");
	axis_draw(b, &axis, height);
	for (i = 0; i < count; i++) {
		step_row(b, json_array_get(steps, i), &axis, from, AXIS_HEIGHT + (unsigned int)i * ROW);
		from += length_of(json_array_get(steps, i));
	}
	timeline_end(b);
}
