/* SPDX-License-Identifier: BSD-2-Clause */
/* What an SMMUv2's global fault registers say, by name. */
#include <pilot/smmuv2.h>

static const struct pil_stream_entry *owner_of(const struct pil_stream_ledger *ledger, uint32_t sid)
{
	const struct pil_stream_entry *found = NULL;

	for (unsigned int i = 0; i < ledger->count; i++) {
		const struct pil_stream_entry *e = &ledger->entry[i];

		if ((sid ^ e->desc->sid) & ~e->desc->mask)
			continue;
		if (!found || found->disposition == PIL_STREAM_ABORT)
			found = e;
	}
	return found;
}

int pil_smmuv2_fault(const struct pil_stream_ledger *ledger, uint32_t gfsr, uint32_t gfsynr1,
		     const struct pil_stream_entry **entry, struct pil_why *why)
{
	uint32_t sid = PIL_SMMUV2_SGFSYNR1_SID(gfsynr1);

	*entry = NULL;
	if (!gfsr)
		return 0;
	if (!(gfsr & (PIL_SMMUV2_SGFSR_USF | PIL_SMMUV2_SGFSR_SMCF | PIL_SMMUV2_SGFSR_ICF)))
		return pil_fail(why, PIL_R_SMMUV2_GLOBAL, gfsr, gfsynr1);
	*entry = owner_of(ledger, sid);
	if (gfsr & PIL_SMMUV2_SGFSR_SMCF)
		return pil_fail(why, PIL_R_SMMUV2_MULTIPLE, sid, gfsr);
	if (gfsr & PIL_SMMUV2_SGFSR_ICF)
		return pil_fail(why, PIL_R_SMMUV2_NOBODY, sid, gfsr);
	return pil_fail(why, PIL_R_SMMUV2_UNMATCHED, sid, gfsr);
}
