/* SPDX-License-Identifier: BSD-2-Clause */
/* GET_RSCTABLE: answered from the board's description alone, in any state. */
#include <pilot/rsc_table.h>

#include "internal.h"

#define MAX_ENTRIES    32u
#define HOST_TABLE_MAX 2048u
#define TABLE_MAX      (16u + MAX_ENTRIES * 60u) /* header; for each entry its offset and itself */

_Static_assert(PIL_GRANT_READ == PIL_RSC_READ && PIL_GRANT_WRITE == PIL_RSC_WRITE, "grants are table flags");

struct entries {
	unsigned int count;
	struct pil_rsc_entry entry[MAX_ENTRIES];
};

static bool listed(const struct entries *e, const struct pil_grant *g)
{
	for (unsigned int i = 0; i < e->count; i++)
		if (e->entry[i].da == g->da && e->entry[i].pa == g->range.base && e->entry[i].len == g->range.size)
			return true;
	return false;
}

static int add_grants(struct entries *e, const struct pil_stream_desc *stream, struct pil_why *why)
{
	for (unsigned int i = 0; i < stream->grant_count; i++) {
		const struct pil_grant *g = &stream->grants[i];

		if (listed(e, g))
			continue;
		if (e->count == MAX_ENTRIES)
			return pil_fail(why, PIL_R_RSC_COUNT, e->count + 1u, MAX_ENTRIES);
		e->entry[e->count++] = (struct pil_rsc_entry){
			.name = g->name,
			.da = g->da,
			.pa = g->range.base,
			.len = g->range.size,
			.flags = g->access,
		};
	}
	return 0;
}

/* only the core's own streams: Linux maps what the table lists for the stream of the remoteproc device itself */
static int collect(struct entries *e, const struct pil_peripheral_desc *desc, struct pil_why *why)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < desc->stream_count; i++)
		if (desc->streams[i].purpose == PIL_STREAM_FIRMWARE)
			err = add_grants(e, &desc->streams[i], why);
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
	size_t size = pil_rsc_size(e->count);
	int err = 0;

	if (out.size < size) {
		*needed = size;
		return pil_fail(why, PIL_R_RSC_BUFFER, out.size, size);
	}
	err = pil_rsc_build(e->entry, e->count, table, sizeof(table), &size, why);
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
		err = collect(&e, p->desc, &p->why);
	if (!err)
		err = answer(pas, index, &e, out, needed, &p->why);
	if (err) {
		pil_log_refused_(pas, p, PIL_EV_GET_RSC_TABLE, &p->why);
		return err;
	}
	pil_line_begin_(&line, p, PIL_EV_GET_RSC_TABLE, "accepted: ");
	pil_line_number_(&line.text, "", e.count, " entries, ");
	pil_line_number_(&line.text, "", *needed, " bytes");
	pil_line_send_(pas, &line);
	return 0;
}
