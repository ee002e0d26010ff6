/* SPDX-License-Identifier: BSD-2-Clause */
/* Which IOMMU streams belong to which peripheral, what becomes of their accesses, and what they may reach. */
#include <pilot/ledger.h>

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

static bool stream_grants(const struct pil_stream_desc *stream, struct pil_range range, unsigned int access)
{
	for (unsigned int i = 0; i < stream->grant_count; i++) {
		const struct pil_grant *grant = &stream->grants[i];

		if (pil_range_contains(grant->range, range) && (access & ~grant->access) == 0)
			return true;
	}
	return false;
}

bool pil_stream_allows(const struct pil_peripheral_desc *p, struct pil_range range, unsigned int access)
{
	if (pil_range_contains(p->carveout, range))
		return (access & ~(PIL_GRANT_READ | PIL_GRANT_WRITE)) == 0;
	for (unsigned int i = 0; i < p->stream_count; i++)
		if (stream_grants(&p->streams[i], range, access))
			return true;
	return false;
}
