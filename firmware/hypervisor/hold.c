/* SPDX-License-Identifier: BSD-2-Clause */
/* A peripheral's carve-out: in the host's reach, or in that of its streams, and never in both. */
#include <pilot/wire/scm.h>

#include "peripheral.h"
#include "platform.h"

#define NO_BRIDGE UINT64_MAX /* the handle of what needs none */

uint64_t hyp_bridge(uint64_t base, uint64_t size)
{
	const uint64_t access = PIL_VM_READ | PIL_VM_WRITE;
	struct hyp_regs r = { .x = { PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_CREATE), PIL_SCM_ARGS_VALUES(4u),
				     base | access, base | access, size | PIL_SCM_BRIDGE_ONE_VM,
				     PIL_SCM_BRIDGE_HOST_VM } };

	if (hyp_is_stage())
		return NO_BRIDGE;
	hyp_smc(&r);
	return r.x[0] ? 0 : r.x[2];
}

void hyp_unbridge(const struct hyp_peripheral *p, uint64_t *handle)
{
	struct hyp_regs r = { .x = { PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_DELETE), PIL_SCM_ARGS_VALUES(1u), *handle } };

	if (*handle && *handle != NO_BRIDGE)
		hyp_smc(&r);
	else
		r.x[0] = 0;
	if (r.x[0])
		hyp_log("%s: bridge %x stays: the secure world answered %x", hyp_desc(p)->name, *handle, r.x[0]);
	*handle = 0;
}

const struct hyp_peripheral *hyp_taken(const struct hyp_peripheral *p)
{
	for (unsigned int i = 0; i < plat_hyp.desc->peripheral_count; i++)
		if (&hyp_peripherals[i] != p && hyp_peripherals[i].held &&
		    pil_range_overlaps(plat_hyp.desc->peripherals[i].carveout, hyp_desc(p)->carveout))
			return &hyp_peripherals[i];
	return NULL;
}

/* first out of the host's reach, then into that of the streams: the carve-out is never in both */
void hyp_hold(struct hyp_peripheral *p)
{
	unsigned int index = hyp_index(p);
	const struct pil_peripheral_desc *d = hyp_desc(p);

	if (hyp_stage2_take(d->carveout, NULL))
		hyp_stop("a carve-out does not fit the host's tables");
	hyp_streams_on(index, true);
	p->held = true;
	if (!hyp_is_stage())
		hyp_trace(PIL_TRACE_TAKEN, d->pas_id, d->carveout.base, d->carveout.size);
	hyp_trace(PIL_TRACE_MAPPED, d->pas_id, d->stream_count ? hyp_streams_ranges(index) : 0, d->stream_count);
	hyp_log("%s: carve-out %x %s; %u ranges mapped for %u stream(s)", d->name, d->carveout.base,
		hyp_is_stage() ? "is in reach of the core's stream" : "is out of the host's reach",
		(uint64_t)(d->stream_count ? hyp_streams_ranges(index) : 0), (uint64_t)d->stream_count);
}

void hyp_give_back(struct hyp_peripheral *p)
{
	const struct pil_peripheral_desc *d = hyp_desc(p);

	if (!p->held)
		return;
	hyp_streams_off(hyp_index(p), false);
	hyp_streams_off(hyp_index(p), true);
	hyp_trace(PIL_TRACE_ABORTS, d->pas_id, 0, 0);
	hyp_unbridge(p, &p->carveout_bridge);
	if (hyp_stage2_give(d->carveout, NULL))
		hyp_stop("a carve-out does not fit the host's tables");
	p->held = false;
	hyp_trace(PIL_TRACE_GIVEN, d->pas_id, d->carveout.base, d->carveout.size);
	hyp_log("%s: streams abort, carve-out is the host's again", d->name);
}
