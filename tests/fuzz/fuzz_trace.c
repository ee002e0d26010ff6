/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace that a host may have made anything of, and a log of a kernel: both are read, shown and exported. The whole of a trace is large and
 * mostly zeros, so the input is a short one: a first byte that says what follows, a log, or pieces that are laid over a trace that is in order.
 */
#include <stdlib.h>
#include <string.h>

#include "../../tools/pilot/report/timeline.h"
#include "../../tools/pilot/trace/trace.h"
#include "../../tools/pilot/trace/trace_log.h"
#include "fuzz_markup.h"
#include "fuzz_tool.h"

#define RINGS	2u
#define RECORDS 8u
#define SIZE	(64u + 64u * RINGS + RINGS * RECORDS * 32u)

extern const struct command command_trace_show, command_trace_export;

static void put(uint8_t *at, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* two rings of eight places: a wrapped one, and one that is not full */
static void make(uint8_t trace[SIZE])
{
	const uint32_t header[] = { PIL_TRACE_MAGIC, PIL_TRACE_VERSION, 64 + 64 * RINGS, 32, RINGS, RECORDS };

	memset(trace, 0, SIZE);
	for (unsigned int i = 0; i < 6; i++)
		put(trace + 4 * i, header[i], 4);
	put(trace + 24, 62500000, 8);
	for (unsigned int ring = 0; ring < RINGS; ring++) {
		uint8_t *line = trace + 64 + 64 * ring;
		const unsigned int first = ring ? 1 : 13, last = ring ? 5 : 20;

		put(line, PIL_TRACE_RING_MAGIC, 4);
		put(line + 4, ring ? PIL_TRACE_SHIM : PIL_TRACE_SERVICE, 2);
		put(line + 8, RECORDS, 4);
		put(line + 16, last, 8);
		for (unsigned int s = first; s <= last; s++) {
			uint8_t *r = trace + 64 + 64 * RINGS + (ring * RECORDS + (s - 1) % RECORDS) * 32;

			put(r, s * 1000000, 8);
			put(r + 8, s, 4);
			put(r + 12, ring ? 0x60 + s : 0x20 + s % 14, 2);
			put(r + 14, ring ? PIL_TRACE_NO_ID : 1, 2);
			put(r + 16, s, 8);
		}
	}
}

/* offset (16 bit), length, bytes */
static void lay_over(uint8_t trace[SIZE], const uint8_t *data, size_t size)
{
	while (size >= 3) {
		const size_t at = (size_t)(data[0] | data[1] << 8) % SIZE, length = data[2];

		data += 3;
		size -= 3;
		for (size_t i = 0; i < length && i < size && at + i < SIZE; i++)
			trace[at + i] = data[i];
		data += length < size ? length : size;
		size -= length < size ? length : size;
	}
}

static void check_events(const struct trace *t)
{
	struct trace_span *spans = trace_spans(t);

	FUZZ_CHECK(spans && t->count <= RINGS * RECORDS && t->name_count <= TRACE_NAMES);
	for (size_t i = 0; i < t->count; i++) {
		char text[TRACE_TEXT] = "";

		FUZZ_CHECK(!i || t->events[i - 1].ns <= t->events[i].ns);
		FUZZ_CHECK(spans[i].end >= TRACE_ENDED || spans[i].end < t->count);
		FUZZ_CHECK(!spans[i].end || spans[i].end > i);
		for (trace_text(&t->events[i], text); *text; memmove(text, text + 1, strlen(text)))
			FUZZ_CHECK(*text >= ' ' && *text <= '~');
	}
	free(spans);
}

static void run(const struct command *command, const char *more, const char *value)
{
	char *argv[] = { (char *)(uintptr_t) "pilot", (char *)(uintptr_t) "--json", (char *)(uintptr_t)more,
			 (char *)(uintptr_t)value,    (char *)(uintptr_t) "trace",  NULL };

	(void)fuzz_complaints();
	(void)fuzz_run(command, argv);
	free(fuzz_document);
	fuzz_document = NULL;
}

static void read_log(const uint8_t *data, size_t size)
{
	struct kernel_log log = { 0 };

	FUZZ_CHECK(kernel_log_parse(&log, (const char *)data, size));
	for (size_t i = 0; i < log.count; i++)
		FUZZ_CHECK((!i || log.lines[i - 1].ns <= log.lines[i].ns) && strlen(log.lines[i].text) < KERNEL_TEXT);
	kernel_log_free(&log);
}

static void check_picture(const struct trace *t)
{
	struct buffer svg = { 0 };

	timeline_trace(&svg, t);
	if (t->count)
		fuzz_check_markup(&svg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t trace[SIZE] = { 0 };
	struct trace t = { 0 };

	make(trace);
	if (size && data[0] & 1)
		read_log(data + 1, size - 1);
	else if (size)
		lay_over(trace, data + 1, size - 1);
	if (!trace_parse(&t, trace, SIZE)) {
		check_events(&t);
		check_picture(&t);
		fuzz_file_put("trace", trace, SIZE);
		fuzz_file_put("log", data, size);
		run(&command_trace_show, "--log", "log");
		run(&command_trace_export, "--output", "out");
		fuzz_files_remove();
	}
	trace_free(&t);
	trace_free(&t);
	return 0;
}
