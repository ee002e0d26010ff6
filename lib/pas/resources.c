/* SPDX-License-Identifier: BSD-2-Clause */
/* GET_RSCTABLE: answered from the board's description alone, in any state. */
#include <pilot/rsc_table.h>

#include "internal.h"

#define MAX_ENTRIES    32u
#define HOST_TABLE_MAX 2048u

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
static int check_host_table(struct pil_pas *pas, struct pil_range in, struct pil_why *why)
{
	uint8_t copy[HOST_TABLE_MAX] = { 0 };
	const void *bytes = NULL;

	if (in.size > sizeof(copy))
		return pil_fail(why, PIL_R_PAS_TABLE_SIZE, in.size, sizeof(copy));
	bytes = pil_host_buffer_(pas, in);
	if (!bytes)
		return pil_fail(why, PIL_R_PAS_BUFFER_RANGE, in.base, in.size);
	pil_copy_in_(copy, bytes, (size_t)in.size);
	return pil_rsc_check(copy, (size_t)in.size, why);
}

static int build(struct pil_pas *pas, const struct entries *e, struct pil_range out, size_t *needed,
		 struct pil_why *why)
{
	void *bytes = NULL;
	size_t size = pil_rsc_size(e->count);

	if (out.size < size) {
		*needed = size;
		return pil_fail(why, PIL_R_RSC_BUFFER, out.size, size);
	}
	bytes = pil_host_buffer_(pas, out);
	if (!bytes)
		return pil_fail(why, PIL_R_PAS_BUFFER_RANGE, out.base, out.size);
	return pil_rsc_build(e->entry, e->count, bytes, size, needed, why);
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
	err = check_host_table(pas, in, &p->why);
	if (!err)
		err = collect(&e, p->desc, &p->why);
	if (!err)
		err = build(pas, &e, out, needed, &p->why);
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
