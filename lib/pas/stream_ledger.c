/* SPDX-License-Identifier: BSD-2-Clause */
/* Which IOMMU streams belong to which peripheral, what becomes of their accesses, and what they may reach. */
#include <pilot/ledger.h>
#include <pilot/wire/rsc_table.h>

_Static_assert(PIL_GRANT_READ == PIL_MANIFEST_READ && PIL_GRANT_WRITE == PIL_MANIFEST_WRITE,
	       "a manifest's access is a grant's");
_Static_assert((int)PIL_STREAM_FIRMWARE == (int)PIL_RSC_PURPOSE_FIRMWARE &&
		       (int)PIL_STREAM_DMA_MASTER == (int)PIL_RSC_PURPOSE_DMA_MASTER &&
		       (int)PIL_STREAM_BUFFERS == (int)PIL_RSC_PURPOSE_BUFFERS,
	       "purposes go to tables and come from manifests as they are");

int pil_streams_init(struct pil_stream_ledger *ledger, const struct pil_board_desc *desc, struct pil_why *why)
{
	ledger->count = 0;
	for (unsigned int i = 0; i < desc->peripheral_count; i++) {
		const struct pil_peripheral_desc *p = &desc->peripherals[i];

		if (p->stream_count > PIL_MAX_STREAMS - ledger->count)
			return pil_fail(why, PIL_R_BOARD_STREAMS, i, PIL_MAX_STREAMS);
		for (unsigned int j = 0; j < p->stream_count; j++)
			ledger->entry[ledger->count++] = (struct pil_stream_entry){
				.desc = &p->streams[j],
				.peripheral = i,
				.disposition = PIL_STREAM_ABORT,
				.grants = p->streams[j].grants,
				.grant_count = p->streams[j].grant_count,
			};
	}
	return 0;
}

void pil_streams_set(struct pil_stream_ledger *ledger, unsigned int peripheral, enum pil_disposition disposition)
{
	for (unsigned int i = 0; i < ledger->count; i++)
		if (ledger->entry[i].peripheral == peripheral)
			ledger->entry[i].disposition = disposition;
}

const struct pil_stream_entry *pil_streams_of(const struct pil_stream_ledger *ledger, unsigned int peripheral,
					      unsigned int *count)
{
	unsigned int first = 0;

	while (first < ledger->count && ledger->entry[first].peripheral != peripheral)
		first++;
	*count = 0;
	while (first + *count < ledger->count && ledger->entry[first + *count].peripheral == peripheral)
		(*count)++;
	return &ledger->entry[first];
}

static const struct pil_stream_entry *find_stream(const struct pil_stream_ledger *ledger, unsigned int peripheral,
						  const struct pil_manifest_entry *e)
{
	for (unsigned int i = 0; i < ledger->count; i++) {
		const struct pil_stream_entry *s = &ledger->entry[i];

		if (s->peripheral == peripheral && s->desc->sid == e->sid && s->desc->mask == e->mask)
			return s;
	}
	return NULL;
}

/* the board's grant that has all of the entry's memory; of several, one that has its access too */
static const struct pil_grant *find_grant(const struct pil_stream_desc *stream, const struct pil_manifest_entry *e)
{
	const struct pil_grant *found = NULL;

	for (unsigned int i = 0; i < stream->grant_count; i++) {
		const struct pil_grant *g = &stream->grants[i];

		if (pil_range_contains(g->range, e->range) && (!found || !(e->access & ~g->access)))
			found = g;
	}
	return found;
}

static int check_entry(const struct pil_stream_ledger *ledger, unsigned int peripheral,
		       const struct pil_manifest *manifest, unsigned int index, struct pil_why *why)
{
	const struct pil_manifest_entry *e = &manifest->entry[index];
	const struct pil_stream_entry *stream = find_stream(ledger, peripheral, e);
	const struct pil_grant *grant = NULL;

	if (!stream)
		return pil_fail(why, PIL_R_MANIFEST_STREAM, index, e->sid);
	if (e->purpose != (uint32_t)stream->desc->purpose)
		return pil_fail(why, PIL_R_MANIFEST_PURPOSE, index, e->purpose);
	grant = find_grant(stream->desc, e);
	if (!grant)
		return pil_fail(why, PIL_R_MANIFEST_RANGE, index, e->range.base);
	if (e->access & ~grant->access)
		return pil_fail(why, PIL_R_MANIFEST_ACCESS, index, e->access);
	return 0;
}

/* all of the manifest's entries for @stream to @grants; returns how many */
static unsigned int narrow(struct pil_stream_entry *stream, const struct pil_manifest *manifest,
			   struct pil_grant *grants)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < manifest->count; i++) {
		const struct pil_manifest_entry *e = &manifest->entry[i];
		const struct pil_grant *g = find_grant(stream->desc, e);

		if (e->sid != stream->desc->sid || e->mask != stream->desc->mask || !g)
			continue;
		grants[count] = *g;
		grants[count].da += e->range.base - g->range.base;
		grants[count].range = e->range;
		grants[count].access = e->access & g->access;
		count++;
	}
	stream->grants = grants;
	stream->grant_count = count;
	return count;
}

int pil_streams_narrow(struct pil_stream_ledger *ledger, unsigned int peripheral, const struct pil_manifest *manifest,
		       struct pil_grant *grants, struct pil_why *why)
{
	for (unsigned int i = 0; i < manifest->count; i++) {
		int err = check_entry(ledger, peripheral, manifest, i, why);

		if (err)
			return err;
	}
	for (unsigned int i = 0; i < ledger->count; i++)
		if (ledger->entry[i].peripheral == peripheral)
			grants += narrow(&ledger->entry[i], manifest, grants);
	return 0;
}

void pil_streams_restore(struct pil_stream_ledger *ledger, unsigned int peripheral)
{
	for (unsigned int i = 0; i < ledger->count; i++) {
		struct pil_stream_entry *s = &ledger->entry[i];

		if (s->peripheral != peripheral)
			continue;
		s->grants = s->desc->grants;
		s->grant_count = s->desc->grant_count;
	}
}

bool pil_stream_allows(struct pil_range carveout, const struct pil_stream_entry *stream, struct pil_range range,
		       unsigned int access)
{
	if (pil_range_contains(carveout, range))
		return (access & ~(PIL_GRANT_READ | PIL_GRANT_WRITE)) == 0;
	for (unsigned int i = 0; i < stream->grant_count; i++) {
		const struct pil_grant *grant = &stream->grants[i];

		if (pil_range_contains(grant->range, range) && (access & ~grant->access) == 0)
			return true;
	}
	return false;
}
