/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one way to the host's memory, carve-outs among it: nobody else asks the board for it. A look outside carve-outs is written
 * down before it begins: memory that a running call is looking at is neither taken out of its bridge nor given to somebody else
 * before the look has ended, on whatever CPU that is. A carve-out opens for the peripheral that has it by the ledger.
 */
#include <string.h>

#include "internal.h"

/* carve-outs whoever owns them: another request may be about to lock one and verify it */
static bool in_a_carveout(const struct pil_board_desc *desc, struct pil_range r)
{
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		if (pil_range_overlaps(desc->peripherals[i].carveout, r))
			return true;
	return false;
}

/* a buffer that two bridges share out between them is in neither */
static bool bridged(const struct pil_bridges *bridges, struct pil_range r, unsigned int access)
{
	for (unsigned int i = 0; i < PIL_MAX_BRIDGES; i++) {
		const struct pil_bridge *b = &bridges->entry[i];

		if (b->serial && pil_range_contains(b->range, r))
			return (b->access & access) == access;
	}
	return false;
}

static enum pil_reason refusal(const struct pil_sharing *sharing, const struct pil_look_ *look)
{
	/* calls that name no peripheral share one record; the driver repeats the call that finds it taken */
	if (sharing->look[look->user].size)
		return PIL_R_PAS_IN_USE;
	if (pil_assigned_(sharing, look->range))
		return PIL_R_PAS_ASSIGNED;
	if (!sharing->bridges.enabled || bridged(&sharing->bridges, look->range, look->access))
		return PIL_R_NONE;
	if (!look->unbridged)
		return PIL_R_PAS_NO_BRIDGE;
	*look->unbridged = true;
	return PIL_R_NONE;
}

int pil_host_window_(struct pil_pas *pas, const struct pil_look_ *look, void **bytes, struct pil_why *why)
{
	struct pil_range r = look->range;
	enum pil_reason reason = PIL_R_NONE;

	*bytes = NULL;
	if (!r.size || r.base > UINT64_MAX - r.size || in_a_carveout(pas->board->desc, r))
		return pil_fail(why, look->reason, r.base, r.size);
	pas->board->enter(pas->board);
	reason = refusal(&pas->sharing, look);
	if (reason == PIL_R_NONE)
		pas->sharing.look[look->user] = r;
	pas->board->leave(pas->board);
	if (reason != PIL_R_NONE)
		return pil_fail(why, reason, r.base, r.size);
	*bytes = pas->board->host_map(pas->board, r);
	if (*bytes)
		return 0;
	pil_host_window_done_(pas, look->user);
	return pil_fail(why, look->reason, r.base, r.size);
}

void pil_host_window_done_(struct pil_pas *pas, unsigned int user)
{
	pas->board->enter(pas->board);
	pas->sharing.look[user] = (struct pil_range){ 0 };
	pas->board->leave(pas->board);
}

int pil_host_read_(struct pil_pas *pas, const struct pil_look_ *look, void *to, struct pil_why *why)
{
	void *bytes = NULL;
	int err = pil_host_window_(pas, look, &bytes, why);

	if (err)
		return err;
	pil_copy_in_(to, bytes, (size_t)look->range.size);
	pil_host_window_done_(pas, look->user);
	return 0;
}

int pil_host_write_(struct pil_pas *pas, const struct pil_look_ *look, const void *from, size_t size,
		    struct pil_why *why)
{
	void *bytes = NULL;
	int err = pil_host_window_(pas, look, &bytes, why);

	if (err)
		return err;
	if (size <= look->range.size)
		memcpy(bytes, from, size);
	pil_host_window_done_(pas, look->user);
	return 0;
}

bool pil_host_has_(const struct pil_pas *pas, struct pil_range r)
{
	return pas->board->host_map(pas->board, r) != NULL;
}

uint8_t *pil_carveout_window_(struct pil_pas *pas, unsigned int index, struct pil_range *range, struct pil_why *why)
{
	struct pil_memory_entry entry = { 0 };
	uint8_t *bytes = NULL;

	pas->board->enter(pas->board);
	entry = pas->memory.entry[index];
	pas->board->leave(pas->board);
	*range = entry.range;
	if (!entry.range.size || entry.owner != PIL_OWNER_SECURE) {
		(void)pil_fail(why, PIL_R_PAS_LEDGER, entry.range.base, entry.range.size);
		return NULL;
	}
	bytes = pas->board->host_map(pas->board, entry.range);
	if (!bytes)
		(void)pil_fail(why, PIL_R_PAS_WINDOW, entry.range.base, entry.range.size);
	return bytes;
}

bool pil_looked_at_(const struct pil_sharing *sharing, struct pil_range r)
{
	for (unsigned int i = 0; i <= PIL_LOOK_NOBODYS; i++)
		if (sharing->look[i].size && pil_range_overlaps(sharing->look[i], r))
			return true;
	return false;
}

void pil_copy_in_(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	/* keeps the compiler from reading @from again where the copy is meant */
	__asm__ volatile("" : : "r"(to) : "memory");
}

void pil_wipe_(void *to, size_t size)
{
	memset(to, 0, size);
	__asm__ volatile("" : : "r"(to) : "memory");
}
