/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one complete shutdown. Every way to OFF leads through here, errors and abandoned requests too. The order is the
 * promise: first nothing executes, then nothing is in flight, then nothing is left to read, then the host gets its memory back.
 *
 * Linux's coredump of a crashed peripheral comes after SHUTDOWN and therefore shows zeros, unless the debug policy allows it
 * to see what ran: then the carve-out is given back with that in it.
 */
#include <string.h>

#include "internal.h"

static bool has_taken_core(struct pil_pas *pas, unsigned int index)
{
	const struct pil_peripheral *p = &pas->p[index];
	bool taken = false;

	if (!pil_has_core_(p))
		return false;
	pas->board->enter(pas->board);
	taken = pas->cores.holder[p->desc->core] == (int)index;
	pas->board->leave(pas->board);
	return taken;
}

/* a transfer that the program began before it was stopped would land in memory that is the host's again */
static int stop_masters(struct pil_pas *pas, unsigned int index, struct pil_why *why)
{
	const struct pil_peripheral_desc *desc = pas->p[index].desc;
	int err = 0;

	for (unsigned int i = 0; !err && i < desc->stream_count; i++)
		if (desc->streams[i].purpose == PIL_STREAM_DMA_MASTER)
			err = pas->board->master_stop(pas->board, &desc->streams[i], why);
	return err;
}

int pil_core_hold_(struct pil_pas *pas, unsigned int index, struct pil_why *why)
{
	unsigned int core = (unsigned int)pas->p[index].desc->core;
	int err = pas->board->core_claim ? pas->board->core_claim(pas->board, core, why) : 0;

	if (!err)
		err = pas->board->core_stop(pas->board, core, why);
	if (!err)
		err = stop_masters(pas, index, why);
	if (!err && pas->board->core_held)
		pas->board->core_held(pas->board, index);
	return err;
}

/* the core's fault was seen, so what is there was accepted once: a refused image is never dumped, it is the host's own anyway */
static bool may_dump(const struct pil_pas *pas, unsigned int index)
{
	return (pas->device.debug & PIL_DEBUG_COREDUMP) && pas->p[index].state == PIL_CRASHED && pas->p[index].accepted;
}

/* the copy is wiped first: a carve-out that cannot be reached keeps no secret back */
static int scrub_memory(struct pil_pas *pas, unsigned int index, uint64_t *scrubbed, struct pil_why *why)
{
	struct pil_shelter_ copy = pil_shelter_(pas, index);
	bool dump = may_dump(pas, index);
	struct pil_range r = { 0 };
	void *bytes = pil_carveout_window_(pas, index, &r, why);

	if (copy.bytes) {
		if (dump && bytes)
			memcpy(bytes, copy.bytes, (size_t)r.size);
		pil_wipe_(copy.bytes, (size_t)r.size);
		*scrubbed += r.size;
	}
	if (!bytes)
		return -(int)pil_reason_class(why->reason);
	if (!dump) {
		pil_wipe_(bytes, (size_t)r.size);
		*scrubbed += r.size;
	}
	return 0;
}

/* of memory that is far only the copy counts: the carve-out was the host's all the time, and has what the host wrote there */
static int scrub(struct pil_pas *pas, unsigned int index, bool core, uint64_t *scrubbed, struct pil_why *why)
{
	struct pil_range r = pas->memory.entry[index].range;
	int err = pas->board->far && core ? pil_far_scrub_(pas, index, scrubbed, why) : 0;

	if (err || !r.size)
		return err;
	err = pil_memory_assign(&pas->memory, pas->board, index, r, PIL_OWNER_SECURE, why);
	if (!err && !pas->board->far)
		err = scrub_memory(pas, index, scrubbed, why);
	if (!err)
		err = pil_memory_assign(&pas->memory, pas->board, index, r, PIL_OWNER_HOST, why);
	return err;
}

static void give_core(struct pil_pas *pas, unsigned int index)
{
	if (pas->board->core_unclaim)
		pas->board->core_unclaim(pas->board, (unsigned int)pas->p[index].desc->core);
	pas->board->enter(pas->board);
	pil_core_give(&pas->cores, (unsigned int)pas->p[index].desc->core, index);
	pas->board->leave(pas->board);
}

int pil_clean_(struct pil_pas *pas, unsigned int index, uint64_t *scrubbed, struct pil_why *why)
{
	bool core = has_taken_core(pas, index);
	int err = core ? pil_core_hold_(pas, index, why) : 0;

	*scrubbed = 0;
	if (err)
		return err;
	pil_streams_set(&pas->streams, index, PIL_STREAM_ABORT);
	pil_streams_restore(&pas->streams, index);
	pil_trace_(pas, (int)index, PIL_TRACE_UNLOCK, 0, 0);
	err = scrub(pas, index, core, scrubbed, why);
	pil_trace_(pas, (int)index, PIL_TRACE_UNLOCKED, *scrubbed, why->reason);
	if (err)
		return err;
	if (core)
		give_core(pas, index);
	pil_metadata_forget_(&pas->p[index]);
	return 0;
}
