/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory assignment: the host gives memory outside carve-outs to other virtual machines, shares it, takes it back. The board's
 * firewall does it; the record only says what the firewall was told. A board without one refuses: a record alone would
 * promise what nobody keeps.
 *
 * What an assignment moves keeps its contents: buffers for a modem's files or a dump go there and back by it.
 */
#include "internal.h"

static bool same_range(struct pil_range a, struct pil_range b)
{
	return a.base == b.base && a.size == b.size;
}

static bool has_vm(const struct pil_vm *vm, unsigned int count, uint32_t id)
{
	for (unsigned int i = 0; i < count; i++)
		if (vm[i].id == id)
			return true;
	return false;
}

static int check_machines(const struct pil_assign *a, struct pil_why *why)
{
	if (!a->from_count || a->from_count > PIL_MAX_VMS || !a->to_count || a->to_count > PIL_MAX_VMS)
		return pil_fail(why, PIL_R_PAS_ASSIGN_COUNT, a->from_count, a->to_count);
	for (unsigned int i = 0; i < a->from_count; i++)
		for (unsigned int j = 0; j < i; j++)
			if (a->from[i] == a->from[j])
				return pil_fail(why, PIL_R_PAS_ASSIGN_VM, a->from[i], 0);
	for (unsigned int i = 0; i < a->to_count; i++) {
		uint32_t access = a->to[i].access;

		if (has_vm(a->to, i, a->to[i].id) || !access ||
		    (access & ~(PIL_VM_READ | PIL_VM_WRITE | PIL_VM_EXECUTE)))
			return pil_fail(why, PIL_R_PAS_ASSIGN_VM, a->to[i].id, access);
	}
	return 0;
}

static int check_memory(struct pil_pas *pas, struct pil_range r, struct pil_why *why)
{
	const struct pil_board_desc *desc = pas->board->desc;

	if (!r.size || r.base % PIL_PAGE || r.size % PIL_PAGE || r.base > UINT64_MAX - r.size)
		return pil_fail(why, PIL_R_PAS_ASSIGN_RANGE, r.base, r.size);
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		if (pil_range_overlaps(desc->peripherals[i].carveout, r))
			return pil_fail(why, PIL_R_PAS_ASSIGN_RANGE, r.base, r.size);
	if (!pil_host_has_(pas, r))
		return pil_fail(why, PIL_R_PAS_ASSIGN_RANGE, r.base, r.size);
	return 0;
}

/* memory that nothing says anything of is the host's */
static bool owned_by(const struct pil_assignment *entry, const struct pil_assign *a)
{
	if (!entry->range.size)
		return a->from_count == 1 && a->from[0] == PIL_VM_HOST;
	for (unsigned int i = 0; i < a->from_count; i++)
		if (!has_vm(entry->vm, entry->count, a->from[i]))
			return false;
	return a->from_count == entry->count;
}

static bool bridge_overlaps(const struct pil_bridges *b, struct pil_range r)
{
	for (unsigned int i = 0; i < PIL_MAX_BRIDGES; i++)
		if (b->entry[i].serial && pil_range_overlaps(b->entry[i].range, r))
			return true;
	return false;
}

/* the entry that has exactly this range, or a free one: *slot; an entry that has a part of it is somebody else's business */
static enum pil_reason find_entry(const struct pil_sharing *s, const struct pil_assign *a, unsigned int *slot)
{
	*slot = PIL_MAX_ASSIGNED;
	for (unsigned int i = 0; i < PIL_MAX_ASSIGNED; i++) {
		struct pil_range r = s->assigned[i].range;

		if (r.size && same_range(r, a->range)) {
			*slot = i;
			break;
		}
		if (r.size && pil_range_overlaps(r, a->range))
			return PIL_R_PAS_LEDGER;
		if (!r.size && *slot == PIL_MAX_ASSIGNED)
			*slot = i;
	}
	if (*slot == PIL_MAX_ASSIGNED)
		return PIL_R_PAS_ASSIGN_FULL;
	return owned_by(&s->assigned[*slot], a) ? PIL_R_NONE : PIL_R_PAS_LEDGER;
}

/* written down before the firewall is told, so that no look begins meanwhile */
static int take_entry(struct pil_pas *pas, const struct pil_assign *a, unsigned int *slot,
		      struct pil_assignment *before, struct pil_why *why)
{
	struct pil_sharing *s = &pas->sharing;
	enum pil_reason reason = PIL_R_NONE;

	pas->board->enter(pas->board);
	if (s->assigning || pil_looked_at_(s, a->range))
		reason = PIL_R_PAS_IN_USE;
	else
		reason = bridge_overlaps(&s->bridges, a->range) ? PIL_R_PAS_LEDGER : find_entry(s, a, slot);
	if (reason == PIL_R_NONE) {
		s->assigning = true;
		*before = s->assigned[*slot];
		s->assigned[*slot].range = a->range;
	}
	pas->board->leave(pas->board);
	return reason == PIL_R_NONE ? 0 : pil_fail(why, reason, a->range.base, a->range.size);
}

static bool is_the_hosts_again(const struct pil_assign *a)
{
	return a->to_count == 1 && a->to[0].id == PIL_VM_HOST &&
	       a->to[0].access == (PIL_VM_READ | PIL_VM_WRITE | PIL_VM_EXECUTE);
}

static void settle(struct pil_pas *pas, const struct pil_assign *a, unsigned int slot,
		   const struct pil_assignment *before)
{
	struct pil_assignment now = { 0 };

	if (before)
		now = *before;
	else if (!is_the_hosts_again(a)) {
		now = (struct pil_assignment){ .range = a->range, .count = a->to_count };
		for (unsigned int i = 0; i < a->to_count; i++)
			now.vm[i] = a->to[i];
	}
	pas->board->enter(pas->board);
	pas->sharing.assigned[slot] = now;
	pas->sharing.assigning = false;
	pas->board->leave(pas->board);
}

static int assign(struct pil_pas *pas, const struct pil_assign *a, struct pil_why *why)
{
	struct pil_assignment before = { 0 };
	unsigned int slot = 0;
	int err = 0;

	if (!pas->board->assign)
		return pil_fail(why, PIL_R_PAS_ASSIGN_NONE, a->range.base, a->range.size);
	err = check_machines(a, why);
	if (!err)
		err = check_memory(pas, a->range, why);
	if (!err)
		err = take_entry(pas, a, &slot, &before, why);
	if (err)
		return err;
	err = pas->board->assign(pas->board, a->range, a->to, a->to_count, why);
	settle(pas, a, slot, err ? &before : NULL);
	return err;
}

int pil_pas_assign(struct pil_pas *pas, const struct pil_assign *a)
{
	struct pil_why why = { 0 };
	struct pil_line_ line = { 0 };
	int err = assign(pas, a, &why);

	if (err) {
		pil_log_host_refused_(pas, "MP_ASSIGN", &why);
		return err;
	}
	pil_line_range_(pil_line_host_(&line, "MP_ASSIGN", "accepted: "), a->range);
	for (unsigned int i = 0; i < a->to_count; i++) {
		pil_line_number_(&line.text, i ? ", " : " to VMID ", a->to[i].id, " access ");
		pil_text_hex(&line.text, a->to[i].access);
	}
	pil_line_send_(pas, &line);
	return 0;
}

bool pil_assigned_(const struct pil_sharing *sharing, struct pil_range r)
{
	for (unsigned int i = 0; i < PIL_MAX_ASSIGNED; i++)
		if (sharing->assigned[i].range.size && pil_range_overlaps(sharing->assigned[i].range, r))
			return true;
	return false;
}
