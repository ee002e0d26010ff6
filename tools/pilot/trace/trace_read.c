/* SPDX-License-Identifier: BSD-2-Clause */
/* A saved trace. The host could write to the rings at any time: nothing in the file is believed that can be looked at. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bytes.h"
#include "pilot.h"
#include "trace/trace.h"

#define RECORD	    sizeof(struct pil_trace_record)
#define RING	    sizeof(struct pil_trace_ring)
#define RINGS_MOST  1024u
#define NS	    1000000000ull
#define HZ_MOST	    NS /* so that a rest times 10^9 fits */
#define RUN_FILE    "trace.bin"
#define RUN_DEEPEST 4096u

/** struct layout - where the rings are */
struct layout {
	const uint8_t *data;
	uint32_t header_size;
	uint32_t rings;
	uint32_t records;
	uint64_t frequency;
};

static uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static const char *read_layout(struct layout *l, const uint8_t *data, size_t size)
{
	if (size < offsetof(struct pil_trace_header, ring))
		return "too short for a trace";
	if (get_le32(data) != PIL_TRACE_MAGIC)
		return "not a trace: no \"PTRC\" at its start";
	if (get_le32(data + 4) != PIL_TRACE_VERSION)
		return "a trace of another version";
	l->data = data;
	l->header_size = get_le32(data + 8);
	l->rings = get_le32(data + 16);
	l->records = get_le32(data + 20);
	l->frequency = get_le64(data + 24);
	if (get_le32(data + 12) != RECORD || !l->rings || l->rings > RINGS_MOST || !l->records ||
	    l->records & (l->records - 1) || l->records > UINT32_MAX / RECORD / RINGS_MOST)
		return "its header names rings that cannot be";
	if (l->header_size < offsetof(struct pil_trace_header, ring) + l->rings * RING || l->header_size % 8)
		return "its header and its rings overlap";
	if (!l->frequency || l->frequency > HZ_MOST)
		return "its header names no frequency that a counter has";
	if (size < l->header_size || (size - l->header_size) / RECORD / l->records < l->rings)
		return "cut off: rings are missing at its end";
	return NULL;
}

/* Return: false: later than any clock */
static bool to_ns(const struct layout *l, uint64_t ticks, uint64_t *ns)
{
	uint64_t seconds = ticks / l->frequency;

	if (seconds >= UINT64_MAX / NS)
		return false;
	*ns = seconds * NS + ticks % l->frequency * NS / l->frequency;
	return true;
}

static bool is_blank(const uint8_t *p)
{
	for (size_t i = 0; i < RECORD; i++)
		if (p[i])
			return false;
	return true;
}

/* is a record with number @s at place @place, of a ring whose last one is @newest? */
static bool fits(const struct layout *l, uint32_t s, uint32_t place, uint32_t newest)
{
	return s && (s - 1) % l->records == place && newest - s < l->records;
}

/* the counter in the header, if a record bears it out; else the highest number at a place that fits it */
static uint32_t find_newest(const struct layout *l, const uint8_t *records, uint64_t written)
{
	uint32_t newest = (uint32_t)written;

	if (newest && get_le32(records + (size_t)((newest - 1) % l->records) * RECORD + 8) == newest)
		return newest;
	newest = 0;
	for (uint32_t i = 0; i < l->records; i++) {
		uint32_t s = get_le32(records + (size_t)i * RECORD + 8);

		if (s > newest && (s - 1) % l->records == i)
			newest = s;
	}
	return newest;
}

static void read_ring(struct trace *trace, const struct layout *l, unsigned int ring, const uint8_t *line)
{
	const uint8_t *records = l->data + l->header_size + (size_t)ring * l->records * RECORD;
	const uint64_t written = get_le64(line + 16);
	const uint32_t newest = find_newest(l, records, written);
	uint64_t found = 0;

	for (uint32_t i = 0; i < l->records; i++) {
		const uint8_t *p = records + (size_t)i * RECORD;
		struct trace_event *e = &trace->events[trace->count];
		const uint32_t s = get_le32(p + 8);

		if (is_blank(p))
			continue;
		*e = (struct trace_event){
			.event = le16(p + 12), .id = le16(p + 14), .a = get_le64(p + 16), .b = get_le64(p + 24)
		};
		if (!fits(l, s, i, newest) || !to_ns(l, get_le64(p), &e->ns)) {
			trace->damaged++;
			continue;
		}
		e->writer = line[4];
		e->core = line[6];
		e->order = l->records - 1 - (newest - s);
		trace->count++;
		found++;
	}
	/* a counter that lies says nothing of what is missing */
	if ((uint32_t)written == newest && written > found && found == l->records)
		trace->lost += written - found;
}

static bool ring_is_sane(const struct layout *l, const uint8_t *line)
{
	return le16(line + 4) < PIL_TRACE_WRITERS && le16(line + 6) <= UINT8_MAX && get_le32(line + 8) == l->records;
}

static int by_time(const void *left, const void *right)
{
	const struct trace_event *a = left, *b = right;

	if (a->ns != b->ns)
		return a->ns < b->ns ? -1 : 1;
	if (a->writer != b->writer)
		return a->writer < b->writer ? -1 : 1;
	if (a->core != b->core)
		return a->core < b->core ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static void learn_name(struct trace *trace, const struct trace_event *e)
{
	struct trace_name *name = NULL;

	for (unsigned int i = 0; i < trace->name_count && !name; i++)
		if (trace->names[i].id == e->id)
			name = &trace->names[i];
	if (!name && trace->name_count == TRACE_NAMES)
		return;
	if (!name)
		name = &trace->names[trace->name_count++];
	*name = (struct trace_name){ .id = e->id };
	for (unsigned int i = 0; i < TRACE_NAME - 1; i++) {
		char c = (char)((i < 8 ? e->a : e->b) >> i % 8 * 8 & 0xff);

		if (!c)
			break;
		name->text[i] = c > ' ' && c <= '~' ? c : '?';
	}
}

static size_t count_records(const struct layout *l)
{
	size_t count = 0;

	for (uint32_t ring = 0; ring < l->rings; ring++)
		if (get_le32(l->data + offsetof(struct pil_trace_header, ring) + ring * RING) == PIL_TRACE_RING_MAGIC)
			count += l->records;
	return count;
}

const char *trace_parse(struct trace *trace, const uint8_t *data, size_t size)
{
	struct layout l = { 0 };
	const char *fault = NULL;

	*trace = (struct trace){ 0 };
	fault = read_layout(&l, data, size);
	if (fault)
		return fault;
	trace->frequency = l.frequency;
	trace->events = calloc(count_records(&l) + 1, sizeof(*trace->events));
	if (!trace->events)
		return "out of memory";
	for (uint32_t ring = 0; ring < l.rings; ring++) {
		const uint8_t *line = data + offsetof(struct pil_trace_header, ring) + ring * RING;

		if (get_le32(line) != PIL_TRACE_RING_MAGIC)
			continue;
		if (ring_is_sane(&l, line))
			read_ring(trace, &l, ring, line);
		else
			trace->damaged++;
	}
	qsort(trace->events, trace->count, sizeof(*trace->events), by_time);
	for (size_t i = 0; i < trace->count; i++)
		if (trace->events[i].event == PIL_TRACE_NAME && trace->events[i].id != PIL_TRACE_NO_ID)
			learn_name(trace, &trace->events[i]);
	return NULL;
}

const char *trace_in_run(const char *path, const char *file, char inside[RUN_DEEPEST])
{
	struct stat st = { 0 };
	const bool run = !stat(path, &st) && S_ISDIR(st.st_mode);
	const int length =
		run ? snprintf(inside, RUN_DEEPEST, "%s/%s", path, file) : snprintf(inside, RUN_DEEPEST, "%s", path);

	if (length >= 0 && (size_t)length < RUN_DEEPEST)
		return inside;
	complain(path, "%s", strerror(ENAMETOOLONG));
	return NULL;
}

bool trace_read(struct trace *trace, const char *path)
{
	struct file file = { 0 };
	char inside[RUN_DEEPEST] = "";
	const char *fault = NULL;

	*trace = (struct trace){ 0 };
	path = trace_in_run(path, RUN_FILE, inside);
	if (!path || !file_open(&file, path))
		return false;
	fault = trace_parse(trace, file.data, file.size);
	if (fault)
		complain(path, "%s (%zu bytes)", fault, file.size);
	file_close(&file);
	return !fault;
}

int trace_status(const struct trace *trace, const char *path)
{
	if (!trace->damaged)
		return STATUS_OK;
	complain(path, "%" PRIu64 " places are damaged: somebody else has written there; the rest is good",
		 trace->damaged);
	return STATUS_REFUSED;
}

void trace_free(struct trace *trace)
{
	free(trace->events);
	*trace = (struct trace){ 0 };
}
