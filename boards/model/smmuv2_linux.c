/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Linux 7.2's arm-smmu does with Qualcomm's SMMUv2 (drivers/iommu/arm/arm-smmu), as far as streams are concerned: every SMR that
 * is valid when it is probed stays, with S2CR bypass, whatever S2CR was; a device whose stream such an entry covers takes it
 * over as a whole; when the last of its users goes, it is gone.
 */
#include "smmuv2.h"

#define QUIRK_BANK (MODEL_V2_BANKS - 1u)
#define LAST	   (MODEL_V2_GROUPS - 1u)

static void write_s2cr(const struct model_linux *l, struct model_v2 *s, unsigned int group)
{
	uint32_t value = l->group[group].s2cr;
	unsigned int type = PIL_SMMUV2_S2CR_TYPE(value);

	if (l->quirk && type == PIL_SMMUV2_BYPASS)
		value = model_v2_s2cr(PIL_SMMUV2_TRANSLATE, QUIRK_BANK);
	else if (l->quirk && type == PIL_SMMUV2_FAULT)
		value = model_v2_s2cr(PIL_SMMUV2_BYPASS, 0xff);
	model_v2_write(s, &(struct pil_smmuv2_write){ PIL_SMMUV2_WRITE_S2CR, group, value });
}

static void write_group(const struct model_linux *l, struct model_v2 *s, unsigned int group)
{
	write_s2cr(l, s, group);
	model_v2_write(s, &(struct pil_smmuv2_write){ PIL_SMMUV2_WRITE_SMR, group, l->group[group].smr });
}

static void inherit(struct model_linux *l, struct model_v2 *s)
{
	uint32_t bypass = model_v2_s2cr(PIL_SMMUV2_BYPASS, 0xff);

	*l = (struct model_linux){ 0 };
	model_v2_write(s, &(struct pil_smmuv2_write){ PIL_SMMUV2_WRITE_S2CR, LAST, bypass });
	l->quirk = PIL_SMMUV2_S2CR_TYPE(s->group[LAST].s2cr) != PIL_SMMUV2_BYPASS;
	if (l->quirk)
		s->bank[QUIRK_BANK] = (struct model_v2_bank){ .on = false };
	for (unsigned int i = 0; i < MODEL_V2_GROUPS; i++) {
		bool valid = s->group[i].smr & PIL_SMMUV2_SMR_VALID;

		/* the initial value of what is free is "fault", as disable_bypass has it */
		l->group[i].smr = valid ? s->group[i].smr : 0;
		l->group[i].s2cr = valid ? bypass : model_v2_s2cr(PIL_SMMUV2_FAULT, 0);
	}
}

void model_linux_probe(struct model_linux *l, struct model_v2 *s, enum model_linux_step step)
{
	switch (step) {
	case MODEL_LINUX_INHERIT:
		inherit(l, s);
		break;
	case MODEL_LINUX_GROUPS:
		for (unsigned int i = 0; i < MODEL_V2_GROUPS; i++)
			write_group(l, s, i);
		break;
	case MODEL_LINUX_BANKS:
		for (unsigned int i = 0; i < MODEL_V2_BANKS; i++)
			s->bank[i] = (struct model_v2_bank){ .on = false };
		break;
	case MODEL_LINUX_ON:
	default:
		s->scr0 = (s->scr0 & ~PIL_SMMUV2_SCR0_CLIENTPD) | PIL_SMMUV2_SCR0_GFRE | PIL_SMMUV2_SCR0_GFIE |
			  PIL_SMMUV2_SCR0_USFCFG;
		break;
	}
}

/* Return: the group that covers the stream, else a free one; negative: overlap, or none free */
static int find_group(const struct model_linux *l, uint32_t sid, uint32_t mask)
{
	int free_group = -1;

	for (unsigned int i = 0; i < MODEL_V2_GROUPS; i++) {
		uint32_t smr = l->group[i].smr, theirs = smr >> 16 & PIL_SMMUV2_ID_BITS;
		uint32_t differs = (smr ^ sid) & PIL_SMMUV2_ID_BITS;

		if (!(smr & PIL_SMMUV2_SMR_VALID)) {
			free_group = free_group < 0 ? (int)i : free_group;
			continue;
		}
		if (!(mask & ~theirs) && !(differs & ~theirs))
			return (int)i;
		if (!(differs & ~(theirs | mask)))
			return -1;
	}
	return free_group;
}

int model_linux_attach(struct model_linux *l, struct model_v2 *s, uint32_t sid, uint32_t mask, uint32_t bank)
{
	int group = find_group(l, sid, mask);

	if (group < 0)
		return group;
	if (!(l->group[group].smr & PIL_SMMUV2_SMR_VALID))
		l->group[group].smr = model_v2_smr(sid, mask);
	l->group[group].s2cr = model_v2_s2cr(PIL_SMMUV2_TRANSLATE, bank);
	l->users[group]++;
	write_group(l, s, (unsigned int)group);
	return group;
}

void model_linux_detach(struct model_linux *l, struct model_v2 *s, unsigned int group)
{
	if (--l->users[group])
		return;
	l->group[group] = (struct pil_smmuv2_group){ 0, model_v2_s2cr(PIL_SMMUV2_FAULT, 0) };
	write_group(l, s, group);
}
