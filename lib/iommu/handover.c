/* SPDX-License-Identifier: BSD-2-Clause */
/* A core that runs while its IOMMU changes hands: see the header. No register and no clock: the same in a shim and in the model. */
#include <pilot/handover.h>
#include <pilot/wire/smmuv3.h>

static bool is_on(const struct pil_smmu_regs *regs)
{
	return regs->cr0 & PIL_SMMU_CR0_SMMUEN;
}

static bool is_same(const struct pil_smmu_regs *a, const struct pil_smmu_regs *b)
{
	return is_on(a) == is_on(b) && a->strtab_base == b->strtab_base && a->strtab_cfg == b->strtab_cfg;
}

/* the stream has no table at all, as opposed to one that lacks a page */
static bool is_no_table(enum pil_reason reason)
{
	switch (reason) {
	case PIL_R_SMMU_DISABLED:
	case PIL_R_SMMU_STE_INVALID:
	case PIL_R_SMMU_STE_CONFIG:
	case PIL_R_SMMU_CD_INVALID:
	case PIL_R_SMMU_SID_RANGE:
		return true;
	default:
		return false;
	}
}

void pil_handover_expect_master(struct pil_handover *h)
{
	h->between = true;
	h->master_held = true;
}

void pil_handover_announce(struct pil_handover *h, const struct pil_smmu_regs *regs)
{
	h->seen = *regs;
	h->expecting = true;
	h->between = true;
}

void pil_handover_look(struct pil_handover *h, const struct pil_smmu_regs *regs)
{
	if (h->expecting && !is_same(&h->seen, regs))
		h->expecting = false;
	if (!is_on(regs))
		h->between = true;
}

enum pil_verdict pil_handover_access(struct pil_handover *h, enum pil_reason reason)
{
	if (reason == PIL_R_NONE) {
		h->had_table = true;
		return PIL_GO;
	}
	/* never mapped since it started: whoever started it made a mistake, and shall hear of it at once */
	if (!h->had_table)
		return PIL_FAULT;
	if (is_no_table(reason))
		h->between = true;
	return h->between ? PIL_WAIT : PIL_FAULT;
}

bool pil_handover_rests(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool has_table)
{
	if (h->master_held)
		return false;
	return !is_on(regs) || h->expecting || (h->between && !has_table);
}

bool pil_handover_resumes(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool mapped)
{
	return h->master_held && is_on(regs) && !h->expecting && mapped;
}

bool pil_handover_settle(struct pil_handover *h, bool mapped)
{
	if (!h->between || h->expecting || h->master_held || !mapped)
		return false;
	h->between = false;
	return true;
}
