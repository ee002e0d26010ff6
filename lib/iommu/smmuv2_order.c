/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In which order an SMMUv2's groups are written. A group only ever shrinks until its type is the planned one, and grows only
 * then; so no StreamID is matched twice, and none gets the treatment of another one:
 *
 *	0. where what matches nothing passes: what is new and matched nothing gets its group; then sCR0 ends that;
 *	1. what is no stream's is given up;
 *	2. what matches more than its stream shrinks to what it has in common with it;
 *	3. types and banks: now every StreamID that still matches goes from the old treatment to the new one, by one write;
 *	4. what matches less than its stream grows, and what is new begins;
 *	5. where everything passed until now: sCR0 ends that.
 */
#include <pilot/smmuv2.h>

#include "smmuv2.h"

#define S2CR_FAULT PIL_SMMUV2_S2CR_TYPE_OF(PIL_SMMUV2_FAULT)

static bool is_valid(uint32_t smr)
{
	return smr & PIL_SMMUV2_SMR_VALID;
}

static bool give_up(const struct pil_smmuv2_group *now, const struct pil_smmuv2_group *goal, uint32_t *smr)
{
	*smr = 0;
	return is_valid(now->smr) && !is_valid(goal->smr);
}

/* bits that both care for are equal: they meet */
static uint32_t smr_of_both(struct pil_ids a, struct pil_ids b)
{
	return PIL_SMMUV2_SMR_VALID | (a.mask & b.mask) << PIL_SMR_MASK_SHIFT | (a.id & ~a.mask) | (b.id & ~b.mask);
}

static bool shrink(const struct pil_smmuv2_group *now, const struct pil_smmuv2_group *goal, uint32_t *smr)
{
	struct pil_ids have = pil_ids_of(now->smr), want = pil_ids_of(goal->smr);

	if (!is_valid(now->smr) || pil_ids_contain(want, have))
		return false;
	*smr = pil_ids_meet(have, want) ? smr_of_both(have, want) : 0;
	return true;
}

/* fields that do not matter to Pilot, such as memory attributes, may read as anything */
static bool type_differs(const struct pil_smmuv2_group *now, const struct pil_smmuv2_group *goal, uint32_t *s2cr)
{
	*s2cr = goal->s2cr;
	if (!is_valid(goal->smr))
		return false;
	if (PIL_SMMUV2_S2CR_TYPE(now->s2cr) != PIL_SMMUV2_S2CR_TYPE(goal->s2cr))
		return true;
	return goal->s2cr != S2CR_FAULT && PIL_SMMUV2_S2CR_BANK(now->s2cr) != PIL_SMMUV2_S2CR_BANK(goal->s2cr);
}

static bool grow(const struct pil_smmuv2_group *now, const struct pil_smmuv2_group *goal, uint32_t *smr)
{
	struct pil_ids have = pil_ids_of(now->smr), want = pil_ids_of(goal->smr);

	*smr = goal->smr;
	return is_valid(goal->smr) && (!is_valid(now->smr) || !pil_ids_contain(have, want));
}

static const struct step {
	bool (*needed)(const struct pil_smmuv2_group *now, const struct pil_smmuv2_group *goal, uint32_t *value);
	enum pil_smmuv2_register reg;
} steps[] = {
	{ give_up, PIL_SMMUV2_WRITE_SMR },
	{ shrink, PIL_SMMUV2_WRITE_SMR },
	{ type_differs, PIL_SMMUV2_WRITE_S2CR },
	{ grow, PIL_SMMUV2_WRITE_SMR },
};

static bool run_steps(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
		      struct pil_smmuv2_write *write)
{
	for (unsigned int s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		for (unsigned int i = 0; i < plan->unit->groups; i++) {
			*write = (struct pil_smmuv2_write){ .reg = steps[s].reg, .group = i };
			if (steps[s].needed(&now->found[i], &plan->group[i], &write->value))
				return true;
		}
	}
	return false;
}

static bool matches_nothing(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now, uint32_t smr)
{
	for (unsigned int i = 0; i < plan->unit->groups; i++)
		if (is_valid(now->found[i].smr) && pil_ids_meet(pil_ids_of(now->found[i].smr), pil_ids_of(smr)))
			return false;
	return true;
}

static bool begin_what_is_new(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
			      struct pil_smmuv2_write *write)
{
	for (unsigned int i = 0; i < plan->unit->groups; i++) {
		const struct pil_smmuv2_group *goal = &plan->group[i], *is = &now->found[i];

		if (!is_valid(goal->smr) || is_valid(is->smr) || !matches_nothing(plan, now, goal->smr))
			continue;
		*write = (struct pil_smmuv2_write){ .reg = PIL_SMMUV2_WRITE_S2CR, .group = i };
		if (type_differs(is, goal, &write->value))
			return true;
		*write = (struct pil_smmuv2_write){ PIL_SMMUV2_WRITE_SMR, i, goal->smr };
		return true;
	}
	return false;
}

static bool end_what_passes(const struct pil_smmuv2_unit *now, struct pil_smmuv2_write *write)
{
	uint32_t scr0 = (now->scr0 & ~PIL_SMMUV2_SCR0_CLIENTPD) | PIL_SMMUV2_SCR0_GFRE | PIL_SMMUV2_SCR0_GFIE |
			PIL_SMMUV2_SCR0_USFCFG | PIL_SMMUV2_SCR0_SMCFCFG;

	*write = (struct pil_smmuv2_write){ .reg = PIL_SMMUV2_WRITE_SCR0, .value = scr0 };
	return now->scr0 != scr0;
}

bool pil_smmuv2_next(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
		     struct pil_smmuv2_write *write)
{
	if (now->scr0 & PIL_SMMUV2_SCR0_CLIENTPD)
		return run_steps(plan, now, write) || end_what_passes(now, write);
	if (!(now->scr0 & PIL_SMMUV2_SCR0_USFCFG) && begin_what_is_new(plan, now, write))
		return true;
	return end_what_passes(now, write) || run_steps(plan, now, write);
}
