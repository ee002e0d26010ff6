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
#define TICKS	  10u /* at most, on an axis */
#define SECOND	  UINT64_C(1000000000)

static const char style[] =
	".tl-grid{stroke:#e2e6ec}.tl-name{fill:#1b2430}.tl-lane{fill:#f4f6f9}\n"
	".tl-ok{fill:#23a26f}.tl-bad{fill:#d23b48}.tl-off{fill:#aab4c2}\n"
	".tl-request{fill:#3574e0}.tl-inner{fill:#8fb2ee}.tl-wait{fill:#cfd6e0}.tl-call{fill:#7c8796}\n"
	".tl-state1{fill:#e9d8a6}.tl-state2{fill:#e8c468}.tl-state3{fill:#e08a1e}.tl-state4{fill:#9fd3b8}\n"
	".tl-state5{fill:#23a26f}.tl-state6{fill:#d23b48}.tl-state7{fill:#139eb4}.tl-state8{fill:#aab4c2}\n"
	".tl-state9{fill:#9a55cf}.tl-mark{fill:#5a6575}\n"
	"@media (prefers-color-scheme:dark){.tl-grid{stroke:#2c3541}.tl-lane{fill:#1b212a}.tl-mark{fill:#a2adbb}\n"
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

unsigned int axis_x(const struct axis *axis, uint64_t ns)
{
	uint64_t length = axis->to > axis->from ? axis->to - axis->from : 1;
	uint64_t at = ns <= axis->from ? 0 : ns >= axis->to ? length : ns - axis->from;

	/* a double is exact enough for a tenth of a pixel, and does not overflow */
	return TIMELINE_LEFT * 10 + (unsigned int)((double)at / (double)length * (TIMELINE_RIGHT - TIMELINE_LEFT) * 10);
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

static void time_text(char text[32], uint64_t ns, uint64_t step)
{
	if (step >= SECOND)
		snprintf(text, 32, "%" PRIu64 " s", ns / SECOND);
	else if (step >= SECOND / 1000)
		snprintf(text, 32, "%" PRIu64 ".%03u s", ns / SECOND, (unsigned int)(ns % SECOND / 1000000));
	else
		snprintf(text, 32, "%" PRIu64 " ns", ns);
}

void axis_draw(struct buffer *b, const struct axis *axis, unsigned int height)
{
	uint64_t length = axis->to > axis->from ? axis->to - axis->from : 1;
	uint64_t step = tick(length);
	uint64_t i = 0;
	char text[32] = "";

	for (i = 0; i <= length / step; i++) {
		uint64_t at = i * step;
		unsigned int x = axis_x(axis, axis->from + at);
		struct label label = { (int)(x / 10) + 3, 12, 0, 11, FONT_PLAIN, "pm-dim", false };

		markup(b, "<path class=\"tl-grid\" d=\"M%u.%u 0V%u\"/>\n", x / 10, x % 10, height);
		time_text(text, at, step);
		if (TIMELINE_WIDTH - x / 10 > text_pixels(text, FONT_PLAIN, 11) + 4)
			svg_text(b, &label, text);
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
