/* SPDX-License-Identifier: BSD-2-Clause */
/* GET_RSCTABLE: answered from the stream ledger alone, in any state. */
#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#include "internal.h"

#define MAX_RANGES     24u /* of all streams of a peripheral; DEVMEM entries are among them */
#define MAX_STREAMS    8u
#define HOST_TABLE_MAX 2048u

/* header; for each entry its offset and itself */
#define TABLE_MAX                                                                                                      \
	(sizeof(struct pil_rsc_header_wire) + MAX_RANGES * (4u + sizeof(struct pil_rsc_memory_wire)) +                 \
	 MAX_STREAMS * (4u + sizeof(struct pil_rsc_stream_wire)) + MAX_RANGES * sizeof(struct pil_rsc_range_wire))

_Static_assert(PIL_GRANT_READ == PIL_RSC_READ && PIL_GRANT_WRITE == PIL_RSC_WRITE, "grants are table flags");

struct entries {
	unsigned int count;
	struct pil_rsc_entry entry[MAX_RANGES]; /* what the host maps for the core */
	unsigned int ranges;
	struct pil_rsc_entry range[MAX_RANGES]; /* of all streams, one stream's behind the other's */
	unsigned int streams;
	struct pil_rsc_stream stream[MAX_STREAMS];
};

static struct pil_rsc_entry entry_of(const struct pil_grant *g)
{
	return (struct pil_rsc_entry){
		.name = g->name,
		.da = g->da,
		.pa = g->range.base,
		.len = g->range.size,
		.flags = g->access | (g->device ? PIL_RSC_MMIO : 0),
	};
}

static bool listed(const struct entries *e, const struct pil_grant *g)
{
	for (unsigned int i = 0; i < e->count; i++)
		if (e->entry[i].da == g->da && e->entry[i].pa == g->range.base && e->entry[i].len == g->range.size)
			return true;
	return false;
}

/* Linux maps DEVMEM entries for the stream of the remoteproc device itself: only the core's own are such */
static int add_stream(struct entries *e, const struct pil_stream_entry *s, struct pil_why *why)
{
	if (e->streams == MAX_STREAMS)
		return pil_fail(why, PIL_R_RSC_COUNT, e->streams + 1u, MAX_STREAMS);
	if (s->grant_count > MAX_RANGES - e->ranges)
		return pil_fail(why, PIL_R_RSC_COUNT, e->ranges + s->grant_count, MAX_RANGES);
	e->stream[e->streams++] = (struct pil_rsc_stream){
		.name = s->desc->name,
		.sid = s->desc->sid,
		.mask = s->desc->mask,
		.purpose = (uint32_t)s->desc->purpose,
		.ranges = &e->range[e->ranges],
		.count = s->grant_count,
	};
	for (unsigned int i = 0; i < s->grant_count; i++) {
		e->range[e->ranges++] = entry_of(&s->grants[i]);
		if (s->desc->purpose == PIL_STREAM_FIRMWARE && !listed(e, &s->grants[i]))
			e->entry[e->count++] = entry_of(&s->grants[i]);
	}
	return 0;
}

static int collect(struct entries *e, const struct pil_stream_ledger *ledger, unsigned int index, struct pil_why *why)
{
	unsigned int count = 0;
	const struct pil_stream_entry *s = pil_streams_of(ledger, index, &count);
	int err = 0;

	for (unsigned int i = 0; !err && i < count; i++)
		err = add_stream(e, &s[i], why);
	return err;
}

/* nobody vouches for the host's own table: it must be one, and nothing in it counts */
static int check_host_table(struct pil_pas *pas, unsigned int index, struct pil_range in, struct pil_why *why)
{
	uint8_t copy[HOST_TABLE_MAX] = { 0 };
	struct pil_look_ look = {
		.user = index,
		.range = in,
		.access = PIL_GRANT_READ,
		.reason = PIL_R_PAS_BUFFER_RANGE,
	};
	int err = 0;

	if (in.size > sizeof(copy))
		return pil_fail(why, PIL_R_PAS_TABLE_SIZE, in.size, sizeof(copy));
	err = pil_host_read_(pas, &look, copy, why);
	return err ? err : pil_rsc_check(copy, (size_t)in.size, why);
}

/* built where the host cannot see it, then copied out: half a table never shows */
static int answer(struct pil_pas *pas, unsigned int index, const struct entries *e, struct pil_range out,
		  size_t *needed, struct pil_why *why)
{
	uint8_t table[TABLE_MAX] = { 0 };
	struct pil_look_ look = {
		.user = index,
		.range = out,
		.access = PIL_GRANT_WRITE,
		.reason = PIL_R_PAS_BUFFER_RANGE,
	};
	const struct pil_rsc_contents contents = {
		.entries = e->entry,
		.count = e->count,
		.streams = e->stream,
		.stream_count = e->streams,
	};
	size_t size = pil_rsc_size(&contents);
	int err = 0;

	if (out.size < size) {
		*needed = size;
		return pil_fail(why, PIL_R_RSC_BUFFER, out.size, size);
	}
	err = pil_rsc_build(&contents, table, sizeof(table), &size, why);
	if (!err)
		err = pil_host_write_(pas, &look, table, size, why);
	*needed = err ? 0 : size;
	return err;
}

int pil_pas_get_rsc_table(struct pil_pas *pas, unsigned int index, struct pil_range in, struct pil_range out,
			  size_t *needed)
{
	struct entries e = { 0 };
	struct pil_line_ line = { 0 };
	struct pil_peripheral *p = NULL;
	int err = pil_pas_begin_query_(pas, index, PIL_EV_GET_RSC_TABLE);

	*needed = 0;
	if (err)
		return err;
	p = &pas->p[index];
	err = check_host_table(pas, index, in, &p->why);
	if (!err)
		err = collect(&e, &pas->streams, index, &p->why);
	if (!err)
		err = answer(pas, index, &e, out, needed, &p->why);
	if (err) {
		pil_log_refused_(pas, p, PIL_EV_GET_RSC_TABLE, &p->why);
		return err;
	}
	pil_line_begin_(&line, p, PIL_EV_GET_RSC_TABLE, "accepted: ");
	pil_line_number_(&line.text, "", e.count, " entries, ");
	pil_line_number_(&line.text, "", e.streams, " streams, ");
	pil_line_number_(&line.text, "", *needed, " bytes");
	pil_line_send_(pas, &line);
	return 0;
}
