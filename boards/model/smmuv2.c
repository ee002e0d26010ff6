/* SPDX-License-Identifier: BSD-2-Clause */
/* The SMMUv2 itself. Section numbers are those of Arm IHI 0062. */
#include <string.h>

#include "smmuv2.h"

#define SMR_MASK(smr) ((smr) >> 16 & PIL_SMMUV2_ID_BITS)
#define NONE	      (-1)
#define SEVERAL	      (-2)

uint32_t model_v2_smr(uint32_t id, uint32_t mask)
{
	return PIL_SMMUV2_SMR_VALID | mask << 16 | id;
}

uint32_t model_v2_s2cr(enum pil_smmuv2_type type, uint32_t bank)
{
	return PIL_SMMUV2_S2CR_TYPE_OF(type) | bank;
}

void model_v2_reset(struct model_v2 *s)
{
	*s = (struct model_v2){ .scr0 = PIL_SMMUV2_SCR0_CLIENTPD };
}

void model_v2_write(struct model_v2 *s, const struct pil_smmuv2_write *w)
{
	uint32_t value = w->value;

	if (w->reg == PIL_SMMUV2_WRITE_SCR0)
		s->scr0 = value;
	if (w->reg == PIL_SMMUV2_WRITE_SMR)
		s->group[w->group].smr = value;
	if (w->reg != PIL_SMMUV2_WRITE_S2CR)
		return;
	if (s->meddles && PIL_SMMUV2_S2CR_TYPE(value) == PIL_SMMUV2_FAULT)
		return;
	if (s->meddles && PIL_SMMUV2_S2CR_TYPE(value) == PIL_SMMUV2_BYPASS)
		value = model_v2_s2cr(PIL_SMMUV2_FAULT, PIL_SMMUV2_S2CR_BANK(value));
	s->group[w->group].s2cr = value;
}

/* 2.2: all valid groups are compared */
static int match(const struct model_v2 *s, uint32_t sid)
{
	int found = NONE;

	for (unsigned int i = 0; i < MODEL_V2_GROUPS; i++) {
		uint32_t smr = s->group[i].smr;

		if (!(smr & PIL_SMMUV2_SMR_VALID) || ((smr ^ sid) & PIL_SMMUV2_ID_BITS & ~SMR_MASK(smr)))
			continue;
		found = found == NONE ? (int)i : SEVERAL;
	}
	return found;
}

static enum model_v2_end fault(struct model_v2 *s, uint32_t kind, uint32_t sid, enum model_v2_end end)
{
	if (!s->gfsr) {
		s->gfsr = kind;
		s->gfsynr1 = sid;
	}
	return end;
}

static enum model_v2_end translate(struct model_v2 *s, const struct model_v2_bank *bank, uint64_t va,
				   unsigned int access, uint64_t *pa)
{
	if (!bank->on) {
		*pa = va;
		return MODEL_V2_REACHES;
	}
	for (unsigned int i = 0; i < bank->count; i++) {
		const struct pil_grant *g = &bank->map[i];

		if (va - g->da >= g->range.size || (access & ~g->access))
			continue;
		*pa = g->range.base + (va - g->da);
		return MODEL_V2_REACHES;
	}
	s->context_faults++;
	return MODEL_V2_CONTEXT;
}

static enum model_v2_end pass(uint64_t va, uint64_t *pa)
{
	*pa = va;
	return MODEL_V2_REACHES;
}

enum model_v2_end model_v2_access(struct model_v2 *s, uint32_t sid, uint64_t va, unsigned int access, uint64_t *pa)
{
	uint32_t s2cr = 0;
	int group = match(s, sid);

	*pa = 0;
	if (s->scr0 & PIL_SMMUV2_SCR0_CLIENTPD)
		return pass(va, pa);
	if (group == SEVERAL && !(s->scr0 & PIL_SMMUV2_SCR0_SMCFCFG))
		return MODEL_V2_UNPREDICTABLE;
	if (group == SEVERAL)
		return fault(s, PIL_SMMUV2_SGFSR_SMCF, sid, MODEL_V2_MULTIPLE);
	if (group == NONE && !(s->scr0 & PIL_SMMUV2_SCR0_USFCFG))
		return pass(va, pa);
	if (group == NONE)
		return fault(s, PIL_SMMUV2_SGFSR_USF, sid, MODEL_V2_UNMATCHED);
	s2cr = s->group[group].s2cr;
	switch (PIL_SMMUV2_S2CR_TYPE(s2cr)) {
	case PIL_SMMUV2_TRANSLATE:
		if (PIL_SMMUV2_S2CR_BANK(s2cr) < MODEL_V2_BANKS)
			return translate(s, &s->bank[PIL_SMMUV2_S2CR_BANK(s2cr)], va, access, pa);
		break;
	case PIL_SMMUV2_BYPASS:
		return pass(va, pa);
	default:
		break;
	}
	return fault(s, PIL_SMMUV2_SGFSR_ICF, sid, MODEL_V2_NOBODY);
}

void model_v2_leave(struct model_v2 *s, unsigned int group, uint32_t smr, uint32_t s2cr)
{
	s->group[group] = (struct pil_smmuv2_group){ smr, s2cr };
}

struct pil_smmuv2_unit model_v2_unit(const struct model_v2 *s)
{
	struct pil_smmuv2_unit u = {
		.groups = MODEL_V2_GROUPS,
		.banks = MODEL_V2_BANKS,
		.id_bits = PIL_SMMUV2_ID_BITS,
		.fault_is_ignored = s->meddles,
		.scr0 = s->scr0,
	};

	memcpy(u.found, s->group, sizeof(u.found));
	return u;
}

void model_v2_number(struct model_v2 *s, uint32_t bank)
{
	struct pil_range r = { MODEL_V2_LEADS(bank), 0x1000 };
	unsigned int all = PIL_GRANT_READ | PIL_GRANT_WRITE;

	s->bank[bank] = (struct model_v2_bank){ true, 1, { { .da = MODEL_V2_HERE, .range = r, .access = all } } };
}

uint64_t model_v2_outcome(struct model_v2 *s, uint32_t sid)
{
	uint64_t pa = 0;
	enum model_v2_end end = model_v2_access(s, sid, MODEL_V2_HERE, PIL_GRANT_READ | PIL_GRANT_WRITE, &pa);

	return end == MODEL_V2_UNPREDICTABLE || end == MODEL_V2_MULTIPLE ? 1 : pa;
}
