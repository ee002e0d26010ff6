/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pilot trace export: for the viewers that people have. The format is Google's "Trace Event Format" in its JSON object form, which Perfetto's and
 * Chrome's viewers open: X has ts and dur in microseconds, i is an instant, M names processes and threads. The numbers are written by
 * hand: a span must not end a rounding error behind the one that it is in.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "pilot.h"
#include "trace/trace.h"
#include "trace/trace_log.h"

static const char help[] =
	"Writes a trace as Chrome-trace JSON, which Perfetto (https://ui.perfetto.dev) and chrome://tracing\n"
	"open: a track for each CPU, remote core and peripheral. Lines of the host's kernel are merged in\n"
	"by time: those of --log, and of a run's directory those of its linux.log.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE       where to\n"
	"      --log FILE          a log of the host's kernel\n"
	"      --json              say what was written as a JSON document\n"
	"  -h, --help              this text\n"
	"\n"
	"examples:\n"
	"  pilot trace export build/run -o trace.json\n"
	"  pilot trace export trace.bin --log dmesg.txt -o trace.json\n"
	"\n"
	"exit status: 0 written; 1 written, but some of the trace is damaged; 2 usage, no trace, or a file\n"
	"that cannot be read or written.\n";

#define RUN_LOG	   "linux.log"
#define PID_KERNEL (TRACE_PERIPHERAL + 2)
#define PUT_MOST   512u /* longest piece; no text is as long */

/** struct options - what the command line says */
struct options {
	const char *output;
	const char *log;
	bool json;
};

/** struct export - what goes out; @pending, @length: what is not in @out yet; @first: nothing stands before the next event */
struct export
{
	struct trace trace;
	struct trace_span *spans;
	struct kernel_log log;
	struct buffer out;
	char pending[8192];
	size_t length;
	bool first;
};

static void flush(struct export *x)
{
	buffer_put(&x->out, x->pending, x->length);
	x->length = 0;
}

static void __attribute__((format(printf, 2, 3))) put(struct export *x, const char *format, ...)
{
	va_list args;
	int length = 0;

	if (x->length > sizeof(x->pending) - PUT_MOST)
		flush(x);
	va_start(args, format);
	length = vsnprintf(x->pending + x->length, PUT_MOST, format, args);
	va_end(args);
	if (length > 0)
		x->length += (size_t)length < PUT_MOST ? (size_t)length : PUT_MOST - 1;
}

/* all texts are printable ASCII already */
static void put_string(struct export *x, const char *text)
{
	put(x, "\"");
	for (; *text; text++)
		put(x, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	put(x, "\"");
}

/* microseconds with as many digits as there are */
static void put_us(struct export *x, const char *key, uint64_t ns)
{
	put(x, ",\"%s\":%" PRIu64 ".%03u", key, ns / 1000, (unsigned int)(ns % 1000));
}

static void begin_event(struct export *x, const char *phase, unsigned int pid, uint32_t tid, const char *name)
{
	put(x, "%s{\"ph\":\"%s\",\"pid\":%u,\"tid\":%" PRIu32 ",\"name\":", x->first ? "\n" : ",\n", phase, pid, tid);
	x->first = false;
	put_string(x, name);
}

static void put_name(struct export *x, const char *what, unsigned int pid, uint32_t tid, const char *name)
{
	begin_event(x, "M", pid, tid, what);
	put(x, ",\"args\":{\"name\":");
	put_string(x, name);
	put(x, "}}");
}

static unsigned int pid_of(enum trace_track track)
{
	return (unsigned int)track + 1;
}

/* has an event before @index the same track? */
static bool is_known(const struct export *x, size_t index, enum trace_track track, uint32_t number)
{
	uint32_t other = 0;

	for (size_t i = 0; i < index; i++)
		if (trace_track(&x->trace.events[i], &other) == track && other == number)
			return true;
	return false;
}

static void put_tracks(struct export *x)
{
	static const char *const groups[] = { "CPUs", "remote cores", "peripherals" };
	char name[TRACE_TEXT] = "";

	for (unsigned int i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		put_name(x, "process_name", i + 1, 0, groups[i]);
	for (size_t i = 0; i < x->trace.count; i++) {
		uint32_t number = 0;
		enum trace_track track = trace_track(&x->trace.events[i], &number);

		if (!is_known(x, i, track, number))
			put_name(x, "thread_name", pid_of(track), number,
				 trace_track_name(&x->trace, track, number, name));
	}
	if (!x->log.count)
		return;
	put_name(x, "process_name", PID_KERNEL, 0, "host kernel");
	put_name(x, "thread_name", PID_KERNEL, 0, "log");
}

static void put_args(struct export *x, const struct trace_event *e, const char *more)
{
	put(x, ",\"args\":{\"writer\":\"%s\",\"event\":\"%s\",\"a\":\"0x%" PRIx64 "\",\"b\":\"0x%" PRIx64 "\"%s",
	    trace_writer_name(e->writer), trace_kind(e->event)->name, e->a, e->b, more);
}

/* until its end; what has none lasts until the last event */
static void put_span(struct export *x, size_t index, unsigned int pid, uint32_t tid, const char *text)
{
	const struct trace_event *e = &x->trace.events[index];
	const bool open = x->spans[index].end == TRACE_OPEN;
	const struct trace_event *end = &x->trace.events[open ? x->trace.count - 1 : x->spans[index].end];
	char result[TRACE_TEXT] = "";

	begin_event(x, "X", pid, tid, text);
	put_us(x, "ts", e->ns);
	put_us(x, "dur", end->ns - e->ns);
	put_args(x, e, open ? ",\"open\":true" : "");
	if (!open) {
		put(x, ",\"result\":");
		put_string(x, trace_text(end, result));
	}
	put(x, "}}");
}

static void put_event(struct export *x, size_t index)
{
	const struct trace_event *e = &x->trace.events[index];
	char text[TRACE_TEXT] = "";
	uint32_t number = 0;
	const unsigned int pid = pid_of(trace_track(e, &number));

	if (x->spans[index].end == TRACE_ENDED)
		return; /* it is in the span that it ends */
	trace_text(e, text);
	if (x->spans[index].end) {
		put_span(x, index, pid, number, text);
		return;
	}
	begin_event(x, "i", pid, number, text);
	put_us(x, "ts", e->ns);
	put(x, ",\"s\":\"t\"");
	put_args(x, e, "");
	put(x, "}}");
}

static void put_line(struct export *x, const struct kernel_line *line)
{
	begin_event(x, "i", PID_KERNEL, 0, line->text);
	put_us(x, "ts", line->ns);
	put(x, ",\"s\":\"t\"}");
}

/* metadata first, then all by time: both lists are sorted */
static void put_all(struct export *x)
{
	size_t line = 0;

	put(x,
	    "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"counter_hz\":\"%" PRIu64
	    "\",\"kernel_clock_within_ns\":\"%" PRIu64 "\"},\"traceEvents\":[",
	    x->trace.frequency, x->log.within);
	x->first = true;
	put_tracks(x);
	for (size_t i = 0; i < x->trace.count; i++) {
		for (; line < x->log.count && x->log.lines[line].ns <= x->trace.events[i].ns; line++)
			put_line(x, &x->log.lines[line]);
		put_event(x, i);
	}
	for (; line < x->log.count; line++)
		put_line(x, &x->log.lines[line]);
	put(x, "\n]}\n");
	flush(x);
}

static int say(const struct export *x, const char *path, const struct options *o)
{
	const int status = trace_status(&x->trace, path);

	if (o->json)
		return json_finish(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "file", json_name(o->output), "events",
					     json_u64(x->trace.count), "lines", json_u64(x->log.count), "undated_lines",
					     json_u64(x->log.undated), "lost", json_u64(x->trace.lost), "damaged",
					     json_u64(x->trace.damaged)),
				   status);
	printf("%s: %zu events, %zu lines of the kernel", o->output, x->trace.count, x->log.count);
	if (x->log.count)
		printf(", dated within %" PRIu64 " us", (x->log.within + 999) / 1000);
	if (x->log.undated)
		printf("; %zu lines are left out: the kernel did not print how its clock and the counter belong "
		       "together (trace-clock)",
		       x->log.undated);
	putchar('\n');
	return status;
}

/* a run has a log beside its trace */
static bool read_log(struct export *x, const char *path, const struct options *o)
{
	char inside[4096] = "";
	const char *log = o->log;
	struct file file = { 0 };

	if (!log) {
		log = trace_in_run(path, RUN_LOG, inside);
		if (!log || !strcmp(log, path) || !file_map(&file, log))
			return log;
		file_close(&file);
	}
	return kernel_log_read(&x->log, log);
}

static int export(struct export *x, const char *path, const struct options *o)
{
	if (!trace_read(&x->trace, path) || !read_log(x, path, o))
		return STATUS_TROUBLE;
	x->spans = trace_spans(&x->trace);
	if (x->spans)
		put_all(x);
	if (!x->spans || x->out.failed) {
		complain(path, "out of memory");
		return STATUS_TROUBLE;
	}
	return output_whole(o->output, 0666, x->out.data, x->out.size) ? say(x, path, o) : STATUS_TROUBLE;
}

static bool options_read(const struct command *cmd, int argc, char **argv, struct options *o, int *status)
{
	static const struct option table[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "log", required_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c = 0;

	while ((c = getopt_long(argc, argv, "o:h", table, NULL)) != -1) {
		if (c == 'o')
			o->output = optarg;
		else if (c == 'l')
			o->log = optarg;
		else if (c == 'j')
			o->json = true;
		else
			*status = c == 'h' ? command_help(cmd) : command_usage_error(cmd, NULL);
		if (c == 'h' || c == '?')
			return false;
	}
	if (optind + 1 == argc && o->output)
		return true;
	*status = command_usage_error(cmd, optind + 1 == argc ? "--output is missing"
					   : optind == argc   ? "FILE is missing"
							      : "one FILE at a time");
	return false;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct options o = { 0 };
	struct export x = { 0 };
	int status = STATUS_TROUBLE;

	if (!options_read(cmd, argc, argv, &o, &status))
		return status;
	status = export(&x, argv[optind], &o);
	free(x.out.data);
	free(x.spans);
	kernel_log_free(&x.log);
	trace_free(&x.trace);
	return status;
}

const struct command command_trace_export = {
	"trace", "export", "write a trace for Perfetto's and Chrome's viewers", "FILE|DIRECTORY -o FILE [OPTION]...",
	help,	 run,
};
