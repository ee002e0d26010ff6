/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHM bridges: memory that the host shows the secure world. They are promises of the secure world about itself: what it may
 * read and write of the host's. A bridge over a carve-out, as the driver makes one for the length of AUTH_AND_RESET, opens
 * nothing: carve-outs are reached by the requests of their own peripheral alone.
 */
#include "internal.h"

#define HANDLE_SLOT_BITS 8u
#define HANDLE(b, slot)	 ((b)->serial << HANDLE_SLOT_BITS | (slot))

_Static_assert(PIL_MAX_BRIDGES <= 1u << HANDLE_SLOT_BITS, "every slot has its handles");

static int log_and_return(struct pil_pas *pas, const char *request, int err, const struct pil_why *why)
{
	if (err)
		pil_log_host_refused_(pas, request, why);
	return err;
}

/*
 * A host asks for this when it starts. If one asks again, the one before it is gone, and its bridges with it: its successor
 * knows none of their handles. A look that is under way goes on to its end.
 */
void pil_pas_bridge_enable(struct pil_pas *pas)
{
	struct pil_bridges *b = &pas->sharing.bridges;
	struct pil_line_ line = { 0 };
	unsigned int dropped = 0;

	pas->board->enter(pas->board);
	b->enabled = true;
	for (unsigned int i = 0; i < PIL_MAX_BRIDGES; i++) {
		dropped += b->entry[i].serial != 0;
		b->entry[i] = (struct pil_bridge){ 0 };
	}
	pas->board->leave(pas->board);
	pil_line_number_(pil_line_host_(&line, "SHM_BRIDGE_ENABLE", "accepted: "), "", dropped,
			 " bridges of an earlier host dropped");
	pil_line_send_(pas, &line);
}

static bool straddles_a_carveout(const struct pil_board_desc *desc, struct pil_range r)
{
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		if (pil_range_overlaps(desc->peripherals[i].carveout, r) &&
		    !pil_range_contains(desc->peripherals[i].carveout, r))
			return true;
	return false;
}

static int check_bridge(struct pil_pas *pas, const struct pil_bridge_wish *wish, struct pil_why *why)
{
	struct pil_range r = wish->range;

	/* nothing keeps the host out of its own memory, and the secure world never executes any of it */
	if (wish->host_access != (PIL_VM_READ | PIL_VM_WRITE) || !wish->secure_access ||
	    (wish->secure_access & ~(PIL_VM_READ | PIL_VM_WRITE)))
		return pil_fail(why, PIL_R_PAS_BRIDGE_ACCESS, wish->host_access, wish->secure_access);
	if (!r.size || r.base % PIL_PAGE || r.size % PIL_PAGE || r.base > UINT64_MAX - r.size ||
	    straddles_a_carveout(pas->board->desc, r) || !pil_host_has_(pas, r))
		return pil_fail(why, PIL_R_PAS_BRIDGE_RANGE, r.base, r.size);
	return 0;
}

/*
 * Neither wraps round: check_bridge() has seen to that for each that is in the table. The host's interrupts wait while all of them
 * are looked at.
 */
static inline bool meet(const struct pil_range *a, const struct pil_range *b)
{
	return a->base < b->base + b->size && b->base < a->base + a->size;
}

/* the slot for a new bridge, or the reason against it */
static enum pil_reason find_slot(const struct pil_pas *pas, struct pil_range r, unsigned int *slot)
{
	const struct pil_bridges *b = &pas->sharing.bridges;

	*slot = PIL_MAX_BRIDGES;
	if (!b->enabled)
		return PIL_R_PAS_BRIDGE_OFF;
	if (pil_assigned_(&pas->sharing, r) || pil_memory_taken_(&pas->memory, r))
		return PIL_R_PAS_LEDGER;
	for (unsigned int i = 0; i < PIL_MAX_BRIDGES; i++) {
		if (!b->entry[i].serial)
			*slot = *slot < i ? *slot : i;
		else if (meet(&b->entry[i].range, &r))
			return PIL_R_PAS_BRIDGE_OVERLAP;
	}
	return *slot == PIL_MAX_BRIDGES ? PIL_R_PAS_BRIDGE_FULL : PIL_R_NONE;
}

static unsigned int grants_of(uint32_t access)
{
	return (access & PIL_VM_READ ? PIL_GRANT_READ : 0u) | (access & PIL_VM_WRITE ? PIL_GRANT_WRITE : 0u);
}

static int add_bridge(struct pil_pas *pas, const struct pil_bridge_wish *wish, uint64_t *handle, struct pil_why *why)
{
	struct pil_bridges *b = &pas->sharing.bridges;
	enum pil_reason reason = PIL_R_NONE;
	unsigned int slot = 0;

	pas->board->enter(pas->board);
	reason = find_slot(pas, wish->range, &slot);
	if (reason == PIL_R_NONE) {
		b->entry[slot] = (struct pil_bridge){
			.range = wish->range,
			.serial = ++b->last,
			.access = grants_of(wish->secure_access),
		};
		*handle = HANDLE(&b->entry[slot], slot);
	}
	pas->board->leave(pas->board);
	return reason == PIL_R_NONE ? 0 : pil_fail(why, reason, wish->range.base, wish->range.size);
}

int pil_pas_bridge_create(struct pil_pas *pas, const struct pil_bridge_wish *wish, uint64_t *handle)
{
	struct pil_why why = { 0 };
	struct pil_line_ line = { 0 };
	int err = check_bridge(pas, wish, &why);

	*handle = 0;
	if (!err)
		err = add_bridge(pas, wish, handle, &why);
	if (err)
		return log_and_return(pas, "SHM_BRIDGE_CREATE", err, &why);
	pil_line_range_(pil_line_host_(&line, "SHM_BRIDGE_CREATE", "accepted: "), wish->range);
	pil_text_string(&line.text, ", handle ");
	pil_text_hex(&line.text, *handle);
	pil_line_send_(pas, &line);
	return 0;
}

/* @found is the bridge that is or would have been taken away */
static int take_bridge(struct pil_pas *pas, uint64_t handle, struct pil_range *found, struct pil_why *why)
{
	struct pil_bridges *b = &pas->sharing.bridges;
	unsigned int slot = handle & ((1u << HANDLE_SLOT_BITS) - 1u);
	bool known = false, busy = false;

	pas->board->enter(pas->board);
	known = slot < PIL_MAX_BRIDGES && b->entry[slot].serial && HANDLE(&b->entry[slot], slot) == handle;
	if (known) {
		*found = b->entry[slot].range;
		busy = pil_looked_at_(&pas->sharing, *found);
	}
	if (known && !busy)
		b->entry[slot] = (struct pil_bridge){ 0 };
	pas->board->leave(pas->board);
	if (!known)
		return pil_fail(why, PIL_R_PAS_BRIDGE_HANDLE, handle, 0);
	return busy ? pil_fail(why, PIL_R_PAS_IN_USE, found->base, found->size) : 0;
}

int pil_pas_bridge_delete(struct pil_pas *pas, uint64_t handle)
{
	struct pil_range found = { 0 };
	struct pil_why why = { 0 };
	struct pil_line_ line = { 0 };
	int err = take_bridge(pas, handle, &found, &why);

	if (err)
		return log_and_return(pas, "SHM_BRIDGE_DELETE", err, &why);
	pil_line_range_(pil_line_host_(&line, "SHM_BRIDGE_DELETE", "accepted: "), found);
	pil_line_send_(pas, &line);
	return 0;
}
