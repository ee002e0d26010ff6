/* SPDX-License-Identifier: BSD-2-Clause */
/* Which groups of an SMMUv2 its streams get (Arm IHI 0062, chapter 2). */
#include <pilot/smmuv2.h>

#include "smmuv2.h"

void pil_smmuv2_begin(struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *unit)
{
	plan->unit = unit;
	plan->count = 0;
	for (unsigned int i = 0; i < PIL_SMMUV2_GROUPS; i++)
		plan->group[i] = (struct pil_smmuv2_group){ 0 };
}

static struct pil_ids ids_of(const struct pil_smmuv2_stream *s)
{
	return (struct pil_ids){ s->sid, s->mask };
}

int pil_smmuv2_add(struct pil_smmuv2_plan *plan, const struct pil_smmuv2_stream *stream, struct pil_why *why)
{
	struct pil_smmuv2_stream new = *stream;

	new.sid &= ~new.mask;
	new.group = PIL_SMMUV2_NONE;
	new.bank = PIL_SMMUV2_NONE;
	new.gap = false;
	if ((new.sid | new.mask) & ~plan->unit->id_bits)
		return pil_fail(why, PIL_R_SMMUV2_SID, new.sid, new.mask);
	for (unsigned int i = 0; i < plan->count; i++) {
		struct pil_smmuv2_stream *s = &plan->stream[i];

		if (s->sid == new.sid && s->mask == new.mask) {
			if (new.translates)
				*s = new;
			return 0;
		}
		if (pil_ids_meet(ids_of(s), ids_of(&new)))
			return pil_fail(why, PIL_R_SMMUV2_OVERLAP, s->sid, new.sid);
	}
	if (plan->count == PIL_SMMUV2_STREAMS)
		return pil_fail(why, PIL_R_SMMUV2_STREAMS, PIL_SMMUV2_STREAMS, 0);
	plan->stream[plan->count++] = new;
	return 0;
}

int pil_smmuv2_add_ledger(struct pil_smmuv2_plan *plan, const struct pil_stream_ledger *ledger, struct pil_why *why)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < ledger->count; i++) {
		const struct pil_stream_entry *e = &ledger->entry[i];
		const struct pil_smmuv2_stream s = {
			.sid = e->desc->sid,
			.mask = e->desc->mask,
			.entry = (int)i,
			.translates = e->disposition != PIL_STREAM_ABORT,
		};

		err = pil_smmuv2_add(plan, &s, why);
	}
	return err;
}

/* with CLIENTPD no transaction is looked at: what the groups hold has no effect */
static bool is_in_force(const struct pil_smmuv2_unit *unit, unsigned int group)
{
	return !(unit->scr0 & PIL_SMMUV2_SCR0_CLIENTPD) && (unit->found[group].smr & PIL_SMMUV2_SMR_VALID);
}

static int check_found(const struct pil_smmuv2_unit *unit, struct pil_why *why)
{
	for (unsigned int a = 0; a < unit->groups; a++)
		for (unsigned int b = a + 1; is_in_force(unit, a) && b < unit->groups; b++)
			if (is_in_force(unit, b) &&
			    pil_ids_meet(pil_ids_of(unit->found[a].smr), pil_ids_of(unit->found[b].smr)))
				return pil_fail(why, PIL_R_SMMUV2_FOUND, a, b);
	return 0;
}

static bool is_taken(const struct pil_smmuv2_plan *plan, unsigned int group)
{
	return plan->group[group].smr & PIL_SMMUV2_SMR_VALID;
}

static void take(struct pil_smmuv2_plan *plan, struct pil_smmuv2_stream *s, unsigned int group)
{
	s->group = group;
	plan->group[group].smr = PIL_SMMUV2_SMR_VALID | s->mask << PIL_SMR_MASK_SHIFT | s->sid;
}

/* the group that matches all of the stream now; else one that matches some of it */
static void inherit(struct pil_smmuv2_plan *plan, struct pil_smmuv2_stream *s)
{
	const struct pil_smmuv2_unit *unit = plan->unit;
	uint32_t best = PIL_SMMUV2_NONE;

	for (unsigned int i = 0; i < unit->groups; i++) {
		struct pil_ids ids = pil_ids_of(unit->found[i].smr);

		if (!is_in_force(unit, i) || !pil_ids_meet(ids, ids_of(s)))
			continue;
		if (!is_taken(plan, i) && (best == PIL_SMMUV2_NONE || pil_ids_contain(ids, ids_of(s))))
			best = i;
	}
	if (best != PIL_SMMUV2_NONE)
		take(plan, s, best);
}

/*
 * What another group matched has none between two writes. And what matched nothing and passed, where that is so: it has to have
 * its group before the setting is changed, which a group that is in use for something else cannot give it.
 */
static void find_gap(const struct pil_smmuv2_plan *plan, struct pil_smmuv2_stream *s)
{
	const struct pil_smmuv2_unit *unit = plan->unit;

	for (unsigned int i = 0; i < unit->groups; i++) {
		struct pil_ids ids = pil_ids_of(unit->found[i].smr);

		if (!s->translates || !is_in_force(unit, i))
			continue;
		if (i != s->group && pil_ids_meet(ids, ids_of(s)))
			s->gap = true;
		if (i == s->group && !(unit->scr0 & PIL_SMMUV2_SCR0_USFCFG) && !pil_ids_contain(ids, ids_of(s)))
			s->gap = true;
	}
}

/* any group that has nobody; better one that was not in use */
static int take_free(struct pil_smmuv2_plan *plan, struct pil_smmuv2_stream *s, struct pil_why *why)
{
	uint32_t best = PIL_SMMUV2_NONE;

	for (unsigned int i = plan->unit->groups; i; i--)
		if (!is_taken(plan, i - 1) && (best == PIL_SMMUV2_NONE || !is_in_force(plan->unit, i - 1)))
			best = i - 1;
	if (best == PIL_SMMUV2_NONE)
		return pil_fail(why, PIL_R_SMMUV2_GROUPS, plan->count, plan->unit->groups);
	take(plan, s, best);
	return 0;
}

static bool bank_is_busy(const struct pil_smmuv2_plan *plan, uint32_t bank)
{
	const struct pil_smmuv2_unit *unit = plan->unit;

	for (unsigned int i = 0; i < plan->count; i++)
		if (plan->stream[i].bank == bank)
			return true;
	for (unsigned int i = 0; i < unit->groups; i++)
		if (is_in_force(unit, i) && PIL_SMMUV2_S2CR_TYPE(unit->found[i].s2cr) == PIL_SMMUV2_TRANSLATE &&
		    PIL_SMMUV2_S2CR_BANK(unit->found[i].s2cr) == bank)
			return true;
	return false;
}

static int take_bank(struct pil_smmuv2_plan *plan, struct pil_smmuv2_stream *s, struct pil_why *why)
{
	uint32_t bank = 0;

	while (bank < plan->unit->banks && bank_is_busy(plan, bank))
		bank++;
	if (bank == plan->unit->banks)
		return pil_fail(why, PIL_R_SMMUV2_BANKS, s->sid, plan->unit->banks);
	s->bank = bank;
	return 0;
}

/* Where firmware ignores "fault", a stream that faults has no group: it matches nothing, and sCR0.USFCFG makes that a fault. */
static int assign(struct pil_smmuv2_plan *plan, struct pil_smmuv2_stream *s, struct pil_why *why)
{
	int err = 0;

	if (!s->translates && plan->unit->fault_is_ignored)
		return 0;
	if (s->group == PIL_SMMUV2_NONE)
		err = take_free(plan, s, why);
	if (!err && s->translates)
		err = take_bank(plan, s, why);
	if (err)
		return err;
	plan->group[s->group].s2cr = s->translates ? s->bank : PIL_SMMUV2_S2CR_TYPE_OF(PIL_SMMUV2_FAULT);
	find_gap(plan, s);
	return 0;
}

int pil_smmuv2_assign(struct pil_smmuv2_plan *plan, struct pil_why *why)
{
	int err = 0;

	if (plan->unit->groups > PIL_SMMUV2_GROUPS || plan->unit->banks > PIL_SMMUV2_BANKS)
		return pil_fail(why, PIL_R_SMMUV2_UNIT, plan->unit->groups, plan->unit->banks);
	if (plan->unit->scr0 & PIL_SMMUV2_SCR0_EXIDENABLE)
		return pil_fail(why, PIL_R_SMMUV2_EXTENDED, plan->unit->scr0, 0);
	err = check_found(plan->unit, why);
	for (unsigned int i = 0; !err && i < plan->count; i++)
		if (plan->stream[i].translates)
			inherit(plan, &plan->stream[i]);
	for (unsigned int i = 0; !err && i < plan->count; i++)
		err = assign(plan, &plan->stream[i], why);
	return err;
}
