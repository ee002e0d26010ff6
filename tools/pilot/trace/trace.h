/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace that was saved (include/pilot/wire/trace.h): untrusted, read once, sorted by time. */
#ifndef PILOT_TRACE_TRACE_H
#define PILOT_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/wire/trace.h>

/**
 * struct trace_event - one record
 * @ns:     nanoseconds of the system counter, from its start
 * @event:  enum pil_trace_event, or a number that this tool does not know
 * @id:     PAS id, or PIL_TRACE_NO_ID
 * @writer: PIL_TRACE_...
 * @core:   CPU; of a shim and a stub: the remote core
 * @order:  of records of one ring: as they were written
 */
struct trace_event {
	uint64_t ns;
	uint64_t a;
	uint64_t b;
	uint16_t event;
	uint16_t id;
	uint8_t writer;
	uint8_t core;
	uint32_t order;
};

#define TRACE_NAMES 32u
#define TRACE_NAME  17u /* with its NUL */

/** struct trace_name - what the trace calls a peripheral; printable */
struct trace_name {
	uint16_t id;
	char text[TRACE_NAME];
};

/**
 * struct trace - what a file has
 * @events, @count: sorted by time, those of one ring in their order
 * @frequency: of the system counter, in Hz
 * @names, @name_count: of peripherals, as the trace has them
 * @lost:    records that newer ones have overwritten, as far as the file says so
 * @damaged: places that hold neither a record nor zeros, or one whose number does not fit its place
 */
struct trace {
	struct trace_event *events;
	size_t count;
	uint64_t frequency;
	struct trace_name names[TRACE_NAMES];
	unsigned int name_count;
	uint64_t lost;
	uint64_t damaged;
};

/** trace_in_run() - @path itself; if it is a directory, @file in it. Return: @inside, or NULL: complained */
const char *trace_in_run(const char *path, const char *file, char inside[4096]);

/** trace_read() - read @path, a file or a directory of a run with trace.bin. Return: false: complained. trace_free() afterwards */
bool trace_read(struct trace *trace, const char *path);

/** trace_parse() - the same from memory. Return: NULL, or what is wrong with it */
const char *trace_parse(struct trace *trace, const uint8_t *data, size_t size);

/** trace_status() - Return: STATUS_OK, or, when some of it is damaged, STATUS_REFUSED: complained */
int trace_status(const struct trace *trace, const char *path);

void trace_free(struct trace *trace);

/* phases and tracks of an event, as include/pilot/wire/trace.h lists them */
enum trace_phase { TRACE_INSTANT, TRACE_BEGIN, TRACE_END };
enum trace_track { TRACE_CPU, TRACE_CORE, TRACE_PERIPHERAL };

/** struct trace_kind - what there is to know of an event's number; @text as in the table */
struct trace_kind {
	const char *name;
	enum trace_phase phase;
	enum trace_track track;
	const char *text;
};

/** trace_kind() - Return: never NULL; of an unknown number an instant without a text */
const struct trace_kind *trace_kind(uint16_t event);

const char *trace_writer_name(unsigned int writer);

#define TRACE_TEXT 160u

/** trace_text() - the event in words. Return: @text */
const char *trace_text(const struct trace_event *e, char text[TRACE_TEXT]);

/**
 * trace_track() - where an event belongs
 * @number: result: of the CPU, the remote core, or the PAS id
 */
enum trace_track trace_track(const struct trace_event *e, uint32_t *number);

/** trace_track_name() - "CPU 0", "core 0", "adsp", "PAS 77". Return: @name */
const char *trace_track_name(const struct trace *trace, enum trace_track track, uint32_t number, char name[TRACE_TEXT]);

/** trace_peripheral() - "adsp": by the trace itself, else what the field calls it; NULL when nobody knows */
const char *trace_peripheral(const struct trace *trace, uint32_t id);

/**
 * struct trace_span - how an event stands among the others of its track; one for each event
 * @end:   of a BEGIN: index of what ends it, or TRACE_OPEN; of an END that ends something: TRACE_OPEN - 1; else 0
 * @depth: how many BEGINs it is inside
 */
struct trace_span {
	size_t end;
	unsigned int depth;
};

#define TRACE_OPEN  SIZE_MAX
#define TRACE_ENDED (SIZE_MAX - 1)

/** trace_spans() - pair BEGINs and ENDs. Return: as many as there are events, to be freed; NULL: no memory */
struct trace_span *trace_spans(const struct trace *trace);

#endif
