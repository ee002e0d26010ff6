/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who owns which memory. Each peripheral has one entry: its carve-out, or a part of it, while it is not the host's. An entry
 * goes host -> secure -> peripheral -> secure -> host and takes no short cut: what is not verified never becomes the
 * peripheral's, what is not scrubbed never becomes the host's.
 */
#include <pilot/ledger.h>

#include "internal.h"

static int check_range(const struct pil_board *board, unsigned int peripheral, struct pil_range r, int to,
		       struct pil_why *why)
{
	if (peripheral >= board->desc->peripheral_count)
		return pil_fail(why, PIL_R_PAS_LEDGER, r.base, r.size);
	if (to != PIL_OWNER_HOST && to != PIL_OWNER_SECURE && to != (int)peripheral)
		return pil_fail(why, PIL_R_PAS_LEDGER, r.base, r.size);
	if (!pil_range_contains(board->desc->peripherals[peripheral].carveout, r))
		return pil_fail(why, PIL_R_PAS_MEM_RANGE, r.base, r.size);
	if (r.base % PIL_PAGE || r.size % PIL_PAGE)
		return pil_fail(why, PIL_R_PAS_MEM_ALIGN, r.base, r.size);
	return 0;
}

static bool overlaps_others(const struct pil_memory_ledger *ledger, unsigned int peripheral, struct pil_range r)
{
	for (unsigned int i = 0; i < PIL_MAX_PERIPHERALS; i++)
		if (i != peripheral && ledger->entry[i].range.size && pil_range_overlaps(ledger->entry[i].range, r))
			return true;
	return false;
}

bool pil_memory_taken_(const struct pil_memory_ledger *ledger, struct pil_range r)
{
	return overlaps_others(ledger, PIL_MAX_PERIPHERALS, r);
}

static bool same(struct pil_range a, struct pil_range b)
{
	return a.base == b.base && a.size == b.size;
}

/* who owns all of @r, as far as @peripheral is concerned; somebody else's is no valid owner */
#define OWNER_OTHER (-3)
static int owner_of(const struct pil_memory_ledger *ledger, unsigned int peripheral, struct pil_range r)
{
	const struct pil_memory_entry *own = &ledger->entry[peripheral];

	if (overlaps_others(ledger, peripheral, r))
		return OWNER_OTHER;
	if (!own->range.size)
		return PIL_OWNER_HOST;
	return same(own->range, r) ? own->owner : OWNER_OTHER;
}

/*
 * The entry is taken before the firewall closes, so that two requests cannot close it over the same memory; and it says at once
 * that the firewall is to be opened again: a request may be given up between the board's last step and the next one here.
 */
static int take(struct pil_memory_ledger *ledger, struct pil_board *board, unsigned int peripheral, struct pil_range r,
		struct pil_why *why)
{
	struct pil_memory_entry *own = &ledger->entry[peripheral];
	int owner = PIL_OWNER_HOST;
	int err = 0;

	board->enter(board);
	owner = owner_of(ledger, peripheral, r);
	if (owner == PIL_OWNER_HOST)
		*own = (struct pil_memory_entry){ .range = r, .owner = PIL_OWNER_SECURE, .enforced = board->lock };
	board->leave(board);
	if (owner != PIL_OWNER_HOST)
		return pil_fail(why, PIL_R_PAS_LEDGER, r.base, r.size);
	if (!board->lock)
		return 0;
	err = board->lock(board, peripheral, r, why);
	if (!err)
		return 0;
	board->enter(board);
	*own = (struct pil_memory_entry){ .owner = PIL_OWNER_HOST };
	board->leave(board);
	return err;
}

static int give_back(struct pil_memory_ledger *ledger, struct pil_board *board, unsigned int peripheral,
		     struct pil_range r, struct pil_why *why)
{
	struct pil_memory_entry *own = &ledger->entry[peripheral];

	if (own->enforced) {
		int err = board->unlock(board, peripheral, r, why);

		if (err)
			return err;
	}
	board->enter(board);
	*own = (struct pil_memory_entry){ .owner = PIL_OWNER_HOST };
	board->leave(board);
	return 0;
}

int pil_memory_assign(struct pil_memory_ledger *ledger, struct pil_board *board, unsigned int peripheral,
		      struct pil_range range, int to, struct pil_why *why)
{
	int owner = PIL_OWNER_HOST;
	int err = check_range(board, peripheral, range, to, why);

	if (err)
		return err;
	board->enter(board);
	owner = owner_of(ledger, peripheral, range);
	board->leave(board);
	if (owner == to)
		return 0;
	if (owner == PIL_OWNER_HOST && to == PIL_OWNER_SECURE)
		return take(ledger, board, peripheral, range, why);
	if (owner == PIL_OWNER_SECURE && to == PIL_OWNER_HOST)
		return give_back(ledger, board, peripheral, range, why);
	if (owner == OWNER_OTHER || owner == PIL_OWNER_HOST || to == PIL_OWNER_HOST)
		return pil_fail(why, PIL_R_PAS_LEDGER, range.base, range.size);
	board->enter(board);
	ledger->entry[peripheral].owner = to;
	board->leave(board);
	return 0;
}

int pil_memory_owner(const struct pil_memory_ledger *ledger, uint64_t address)
{
	for (unsigned int i = 0; i < PIL_MAX_PERIPHERALS; i++) {
		const struct pil_memory_entry *e = &ledger->entry[i];

		if (e->range.size && address >= e->range.base && address - e->range.base < e->range.size)
			return e->owner;
	}
	return PIL_OWNER_HOST;
}
