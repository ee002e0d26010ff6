/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened when, as a picture. */
#ifndef PILOT_TOOL_REPORT_TIMELINE_H
#define PILOT_TOOL_REPORT_TIMELINE_H

#include "buffer.h"
#include "report/run.h"

#define TIMELINE_WIDTH 1080u
#define TIMELINE_LEFT  120u /* names of the tracks end here */
#define TIMELINE_RIGHT (TIMELINE_WIDTH - 24u)

#define AXIS_BREAKS 12u

/** struct gap - nothing happens between @from and @to: drawn short */
struct gap {
	uint64_t from;
	uint64_t to;
};

/** struct axis - @from to @to, in nanoseconds, between TIMELINE_LEFT and TIMELINE_RIGHT; @gaps: @count of them, in order */
struct axis {
	uint64_t from;
	uint64_t to;
	struct gap gaps[AXIS_BREAKS];
	unsigned int count;
};

/** axis_skip() - nothing happens between two times, both within the axis and behind all gaps; a short stretch stays as it is */
void axis_skip(struct axis *axis, uint64_t from, uint64_t to);

/** axis_x() - tenths of a pixel at which @ns is drawn, between both ends */
unsigned int axis_x(const struct axis *axis, uint64_t ns);

/**
 * axis_draw() - lines down to @height, and times above them, AXIS_HEIGHT pixels high; below everything else
 * axis_draw_gaps() - what veils the gaps; above everything else
 */
#define AXIS_HEIGHT 24u
void axis_draw(struct buffer *b, const struct axis *axis, unsigned int height);
void axis_draw_gaps(struct buffer *b, const struct axis *axis, unsigned int height);

/** timeline_style() - rules for the classes of both, "tl-" */
void timeline_style(struct buffer *b);

/** timeline_begin(), timeline_end() - around the elements of a picture that is @height pixels high */
void timeline_begin(struct buffer *b, unsigned int height, const char *title, const char *description);
void timeline_end(struct buffer *b);

/** timeline_steps() - from the times that the steps took: a picture where there is no trace */
void timeline_steps(struct buffer *b, const json_t *steps);

/** timeline_trace() - from the trace: a track for each peripheral, remote core and CPU */
void timeline_trace(struct buffer *b, const struct trace *trace);

#endif
