/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot trace show: what happened when, a line each. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/wire/scm.h>

#include "pilot.h"
#include "trace/trace.h"
#include "trace/trace_log.h"

static const char help[] =
	"Prints a trace of Pilot's firmware as a timeline: milliseconds since its first event, track (a\n"
	"CPU, a remote core or a peripheral), who wrote the record, and what happened. What lasts has its\n"
	"duration behind it. FILE is trace.bin as 'make run' saves it, or the directory of the run.\n"
	"\n"
	"options:\n"
	"      --log FILE          merge the lines of a log of the host's kernel in by time\n"
	"      --core N            only the remote core N, and other tracks that are asked for\n"
	"      --peripheral NAME   only the peripheral of this name or PAS id, and other tracks\n"
	"      --cpu N             only the CPU N, and other tracks that are asked for\n"
	"      --since MS          from this many milliseconds on\n"
	"      --until MS          up to this many\n"
	"      --all               each time that a request was interrupted and went on, too\n"
	"      --json              print a JSON document, of all records; pilot-trace(1) lists the keys\n"
	"  -h, --help              this text\n"
	"\n"
	"examples:\n"
	"  pilot trace show build/run\n"
	"  pilot trace show build/run --peripheral adsp --core 0\n"
	"  pilot trace show build/run --log build/run/linux.log --since 5000\n"
	"\n"
	"exit status: 0 shown; 1 shown, but some of it is damaged; 2 usage, no trace, or a file that\n"
	"cannot be read.\n";

#define FOREVER UINT64_MAX
#define NOBODY	UINT32_MAX

/** struct options - @core, @cpu, @pas: NOBODY: not asked for; @peripheral: its name */
struct options {
	const char *log;
	const char *peripheral;
	uint32_t core, cpu, pas;
	uint64_t since, until; /* ns behind the first event */
	bool all;
	bool json;
};

#define TRACK_WIDTH  14 /* of a column; longer names push the rest to the right */
#define WRITER_WIDTH 10

/** struct view - what is printed; @zero: ns of the first event */
struct view {
	const struct options *o;
	struct trace trace;
	struct trace_span *spans;
	struct kernel_log log;
	uint64_t zero;
	json_t *list;
	size_t hidden;
};

static bool take_ms(const char *text, uint64_t *ns)
{
	uint64_t ms = 0;

	if (!parse_number(text, UINT64_MAX / 1000000, &ms))
		return false;
	*ns = ms * 1000000;
	return true;
}

static bool take_index(const char *text, uint32_t *value)
{
	uint64_t number = 0;

	if (!parse_number(text, NOBODY - 1, &number))
		return false;
	*value = (uint32_t)number;
	return true;
}

/* Return: whether @c was an option and its value could be read */
static bool take_option(struct options *o, int c)
{
	switch (c) {
	case 'l':
		o->log = optarg;
		return true;
	case 'p':
		o->peripheral = optarg;
		take_index(optarg, &o->pas);
		return true;
	case 'c':
		return take_index(optarg, &o->core);
	case 'u':
		return take_index(optarg, &o->cpu);
	case 's':
		return take_ms(optarg, &o->since);
	case 'e':
		return take_ms(optarg, &o->until);
	case 'a':
		o->all = true;
		return true;
	default:
		o->json = true;
		return c == 'j';
	}
}

/* Return: whether the command goes on */
static bool options_read(const struct command *cmd, int argc, char **argv, struct options *o, int *status)
{
	static const struct option table[] = {
		{ "log", required_argument, NULL, 'l' },   { "core", required_argument, NULL, 'c' },
		{ "cpu", required_argument, NULL, 'u' },   { "peripheral", required_argument, NULL, 'p' },
		{ "since", required_argument, NULL, 's' }, { "until", required_argument, NULL, 'e' },
		{ "all", no_argument, NULL, 'a' },	   { "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },	   { NULL, 0, NULL, 0 },
	};
	int c = 0, index = 0;

	while ((c = getopt_long(argc, argv, "h", table, &index)) != -1) {
		if (c == 'h' || c == '?') {
			*status = c == 'h' ? command_help(cmd) : command_usage_error(cmd, NULL);
			return false;
		}
		if (!take_option(o, c)) {
			*status = command_usage_error(cmd, "--%s wants a number, not '%s'", table[index].name, optarg);
			return false;
		}
	}
	if (optind + 1 != argc) {
		*status = command_usage_error(cmd, optind == argc ? "FILE is missing" : "one FILE at a time");
		return false;
	}
	return true;
}

static bool in_time(const struct view *v, uint64_t ns)
{
	return ns >= v->zero && ns - v->zero >= v->o->since && ns - v->zero <= v->o->until;
}

static bool asks_for_tracks(const struct options *o)
{
	return o->core != NOBODY || o->cpu != NOBODY || o->peripheral;
}

static bool is_asked_for(const struct view *v, enum trace_track track, uint32_t number)
{
	const struct options *o = v->o;
	const char *name = NULL;

	if (!asks_for_tracks(o))
		return true;
	if (track == TRACE_CPU)
		return number == o->cpu;
	if (track == TRACE_CORE)
		return number == o->core;
	name = trace_peripheral(&v->trace, number);
	return o->peripheral && (number == o->pas || (name && !strcmp(name, o->peripheral)));
}

static uint64_t duration(const struct view *v, size_t index)
{
	return v->trace.events[v->spans[index].end].ns - v->trace.events[index].ns;
}

static bool has_end(const struct view *v, size_t index)
{
	return v->spans[index].end && v->spans[index].end < TRACE_ENDED;
}

static json_t *ids_json(const struct view *v, const struct trace_event *e)
{
	const char *name = e->id == PIL_TRACE_NO_ID ? NULL : trace_peripheral(&v->trace, e->id);

	return json_pack("{s:o, s:o}", "peripheral", name ? json_string(name) : json_null(), "pas_id",
			 e->id == PIL_TRACE_NO_ID ? json_null() : json_u64(e->id));
}

static void event_json(const struct view *v, size_t index, const char *track, const char *text)
{
	const struct trace_event *e = &v->trace.events[index];
	json_t *item = json_pack("{s:o, s:s, s:s, s:i, s:s, s:o, s:o, s:s, s:o}", "ns", json_u64(e->ns), "track", track,
				 "writer", trace_writer_name(e->writer), "core", (int)e->core, "event",
				 trace_kind(e->event)->name, "a", json_hex64(e->a), "b", json_hex64(e->b), "text", text,
				 "duration_ns", has_end(v, index) ? json_u64(duration(v, index)) : json_null());
	json_t *ids = ids_json(v, e);

	json_object_update(item, ids);
	json_decref(ids);
	json_array_append_new(v->list, item);
}

static void print_time(const struct view *v, uint64_t ns)
{
	const uint64_t at = ns - v->zero;

	printf("%s%6" PRIu64 ".%06" PRIu64 "%s  ", paint(PAINT_DIM), at / 1000000, at % 1000000, paint(PAINT_OFF));
}

static enum paint colour(const struct trace_event *e)
{
	switch (e->event) {
	case PIL_TRACE_FAULT:
	case PIL_TRACE_EXCEPTION:
	case PIL_TRACE_WATCHDOG:
	case PIL_TRACE_HEARD_CRASH:
	case PIL_TRACE_SMMU_EVENT:
	case PIL_TRACE_STOPPED_ACCESS:
		return PAINT_BAD;
	case PIL_TRACE_ANSWER:
		return e->b ? PAINT_BAD : PAINT_GOOD;
	case PIL_TRACE_READY:
	case PIL_TRACE_HEARD_READY:
		return PAINT_GOOD;
	default:
		return PAINT_OFF;
	}
}

static void print_event(const struct view *v, size_t index, const char *track, const char *text)
{
	const struct trace_event *e = &v->trace.events[index];
	const struct trace_span *span = &v->spans[index];

	print_time(v, e->ns);
	printf("%-*s %-*s %*s%s%s%s", TRACK_WIDTH, track, WRITER_WIDTH, trace_writer_name(e->writer),
	       (int)(2 * span->depth), "", paint(colour(e)), text, paint(PAINT_OFF));
	if (has_end(v, index))
		printf("  %s[%" PRIu64 ".%06" PRIu64 " ms]%s", paint(PAINT_DIM), duration(v, index) / 1000000,
		       duration(v, index) % 1000000, paint(PAINT_OFF));
	else if (span->end == TRACE_OPEN)
		printf("  %s[no end]%s", paint(PAINT_DIM), paint(PAINT_OFF));
	putchar('\n');
}

/* a request is interrupted at each tick of the host's timer: what it does is to be seen between all that */
static bool is_interruption(const struct trace_event *e)
{
	switch (e->event) {
	case PIL_TRACE_SUSPENDED:
	case PIL_TRACE_RESUMED:
		return true;
	case PIL_TRACE_CALL:
	case PIL_TRACE_RETURN:
	case PIL_TRACE_TRAP:
	case PIL_TRACE_TRAPPED:
		return e->a == PIL_SCM_INTERRUPTED;
	default:
		return false;
	}
}

static void show_event(struct view *v, size_t index)
{
	const struct trace_event *e = &v->trace.events[index];
	char text[TRACE_TEXT] = "", name[TRACE_TEXT] = "";
	uint32_t number = 0;
	enum trace_track track = trace_track(e, &number);

	if (!in_time(v, e->ns) || !is_asked_for(v, track, number))
		return;
	if (is_interruption(e) && !v->list && !v->o->all) {
		v->hidden++;
		return;
	}
	trace_text(e, text);
	trace_track_name(&v->trace, track, number, name);
	if (v->list)
		event_json(v, index, name, text);
	else
		print_event(v, index, name, text);
}

static void show_line(const struct view *v, const struct kernel_line *line)
{
	if (!in_time(v, line->ns))
		return;
	if (v->list) {
		json_array_append_new(v->list, json_pack("{s:o, s:s, s:s, s:s}", "ns", json_u64(line->ns), "track",
							 "kernel", "writer", "kernel", "text", line->text));
		return;
	}
	print_time(v, line->ns);
	printf("%-*s %-*s %s\n", TRACK_WIDTH, "kernel", WRITER_WIDTH, "", line->text);
}

/* both are sorted */
static void show_all(struct view *v)
{
	size_t line = 0;

	for (size_t i = 0; i < v->trace.count; i++) {
		for (; line < v->log.count && v->log.lines[line].ns <= v->trace.events[i].ns; line++)
			show_line(v, &v->log.lines[line]);
		show_event(v, i);
	}
	for (; line < v->log.count; line++)
		show_line(v, &v->log.lines[line]);
}

static void say_rest(const struct view *v)
{
	if (v->hidden)
		printf("%zu records of interrupted requests are left out: --all shows them\n", v->hidden);
	if (v->trace.lost)
		printf("%" PRIu64 " older records are overwritten\n", v->trace.lost);
	if (v->log.count)
		printf("the kernel's lines are dated within %" PRIu64 " us\n", (v->log.within + 999) / 1000);
	if (v->log.undated)
		printf("%zu lines of the kernel are left out: it did not print how its clock and the counter belong\n"
		       "together (trace-clock)\n",
		       v->log.undated);
}

static int show(struct view *v, const char *path)
{
	const int status = trace_status(&v->trace, path);

	v->zero = v->trace.count ? v->trace.events[0].ns : 0;
	v->list = v->o->json ? json_array() : NULL;
	if (!v->list)
		printf("%s%13s  %-*s %-*s what happens, and how long%s\n", paint(PAINT_DIM), "ms", TRACK_WIDTH, "track",
		       WRITER_WIDTH, "writer", paint(PAINT_OFF));
	show_all(v);
	if (!v->list) {
		say_rest(v);
		return status;
	}
	return json_finish(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "file", json_name(path), "frequency",
				     json_u64(v->trace.frequency), "lost", json_u64(v->trace.lost), "damaged",
				     json_u64(v->trace.damaged), "clock_within_ns",
				     v->log.count ? json_u64(v->log.within) : json_null(), "undated_lines",
				     json_u64(v->log.undated), "events", v->list),
			   status);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct options o = { .core = NOBODY, .cpu = NOBODY, .pas = NOBODY, .until = FOREVER };
	struct view v = { .o = &o };
	int status = STATUS_TROUBLE;

	if (!options_read(cmd, argc, argv, &o, &status))
		return status;
	if (trace_read(&v.trace, argv[optind]) && (!o.log || kernel_log_read(&v.log, o.log))) {
		v.spans = trace_spans(&v.trace);
		if (v.spans)
			status = show(&v, argv[optind]);
		else
			complain(argv[optind], "out of memory");
	}
	free(v.spans);
	kernel_log_free(&v.log);
	trace_free(&v.trace);
	return status;
}

const struct command command_trace_show = {
	"trace", "show", "print a trace of the firmware as a timeline", "[OPTION]... FILE|DIRECTORY", help, run,
};
