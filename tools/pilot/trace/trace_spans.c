/* SPDX-License-Identifier: BSD-2-Clause */
/* Which END belongs to which BEGIN. A ring that has wrapped has ENDs without one, and a request that was given up a BEGIN without an end. */
#include <stdlib.h>

#include "trace/trace.h"

#define DEEPEST 16u
#define TRACKS	512u

/** struct track - what is open on it: indexes of events, the outermost first */
struct track {
	enum trace_track kind;
	uint32_t number;
	size_t open[DEEPEST];
	unsigned int depth;
};

/** struct tracks - all of them; what finds no place any more is on no track, and its events stand alone */
struct tracks {
	struct track list[TRACKS];
	unsigned int count;
};

static struct track *find(struct tracks *all, const struct trace_event *e)
{
	uint32_t number = 0;
	enum trace_track kind = trace_track(e, &number);

	for (unsigned int i = 0; i < all->count; i++)
		if (all->list[i].kind == kind && all->list[i].number == number)
			return &all->list[i];
	if (all->count == TRACKS)
		return NULL;
	all->list[all->count] = (struct track){ .kind = kind, .number = number };
	return &all->list[all->count++];
}

/* what is inside of it ends with it, whatever became of its own end */
static void end(const struct trace *trace, struct trace_span *spans, struct track *t, size_t at)
{
	unsigned int level = t->depth;

	while (level && trace->events[t->open[level - 1]].event + 1u != trace->events[at].event)
		level--;
	if (!level)
		return;
	for (; t->depth >= level; t->depth--)
		spans[t->open[t->depth - 1]].end = at;
	spans[at].end = TRACE_ENDED;
	spans[at].depth = t->depth;
}

static void give_up(struct trace_span *spans, struct track *t, size_t at)
{
	for (; t->depth; t->depth--)
		spans[t->open[t->depth - 1]].end = at;
	spans[at].depth = 0;
}

static void place(const struct trace *trace, struct trace_span *spans, struct track *t, size_t at)
{
	spans[at].depth = t->depth;
	switch (trace_kind(trace->events[at].event)->phase) {
	case TRACE_BEGIN:
		spans[at].end = TRACE_OPEN;
		if (t->depth < DEEPEST)
			t->open[t->depth++] = at;
		break;
	case TRACE_END:
		end(trace, spans, t, at);
		break;
	default:
		if (trace->events[at].event == PIL_TRACE_ABANDONED)
			give_up(spans, t, at);
	}
}

struct trace_span *trace_spans(const struct trace *trace)
{
	struct trace_span *spans = calloc(trace->count + 1, sizeof(*spans));
	struct tracks *all = calloc(1, sizeof(*all));

	for (size_t i = 0; spans && all && i < trace->count; i++) {
		struct track *t = find(all, &trace->events[i]);

		if (t)
			place(trace, spans, t, i);
	}
	if (!all) {
		free(spans);
		spans = NULL;
	}
	free(all);
	return spans;
}
