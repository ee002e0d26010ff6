/* SPDX-License-Identifier: BSD-2-Clause */
/* Building a stream table. Section numbers are those of Arm IHI 0070. */
#include <string.h>

#include <pilot/smmu.h>
#include <pilot/wire/smmuv3.h>

#define OUTPUT_48_BITS 5u /* CD.IPS: what the table builder expresses */

_Static_assert(sizeof(pil_smmu_l2) == PIL_SMMU_L2_COUNT * PIL_SMMU_STE_SIZE, "second level as 5.2 has it");

void pil_smmu_build(struct pil_smmu_builder *b, uint64_t *l1, pil_smmu_l2 *l2, uint64_t l2_pa, unsigned int count)
{
	*b = (struct pil_smmu_builder){ .l1 = l1, .l2 = l2, .l2_pa = l2_pa, .count = count };
	memset(l1, 0, PIL_SMMU_L1_COUNT * sizeof(*l1));
}

static int check_sid(uint32_t sid, struct pil_why *why)
{
	return sid >> PIL_SMMU_SID_BITS ? pil_fail(why, PIL_R_SMMU_SID_RANGE, sid, 1u << PIL_SMMU_SID_BITS) : 0;
}

static int take_l2(struct pil_smmu_builder *b, uint32_t sid, struct pil_why *why)
{
	pil_smmu_l2 *l2 = &b->l2[b->used];

	if (b->used >= b->count)
		return pil_fail(why, PIL_R_MMU_TABLE_FULL, b->used, 0);
	memset(l2, 0, sizeof(*l2));
	for (unsigned int i = 0; i < PIL_SMMU_L2_COUNT; i++)
		pil_smmu_ste_abort((*l2)[i]);
	/* 5.1: the span is one more than the bits that the second level resolves */
	__atomic_store_n(&b->l1[sid >> PIL_SMMU_SPLIT], (b->l2_pa + b->used * sizeof(*l2)) | (PIL_SMMU_SPLIT + 1),
			 __ATOMIC_RELEASE);
	b->used++;
	return 0;
}

int pil_smmu_entry(struct pil_smmu_builder *b, uint32_t sid, uint64_t **ste, struct pil_why *why)
{
	int err = check_sid(sid, why);
	uint64_t l1std = 0;

	*ste = NULL;
	if (!err && !b->l1[sid >> PIL_SMMU_SPLIT])
		err = take_l2(b, sid, why);
	if (err)
		return err;
	l1std = b->l1[sid >> PIL_SMMU_SPLIT];
	*ste = b->l2[((l1std & PIL_SMMU_L1STD_ADDR) - b->l2_pa) / sizeof(*b->l2)][sid & (PIL_SMMU_L2_COUNT - 1)];
	return 0;
}

int pil_smmu_share(struct pil_smmu_builder *b, uint32_t sid, uint32_t first, uint32_t end, struct pil_why *why)
{
	int err = check_sid(sid, why);

	if (!err && ((first | end) % PIL_SMMU_L2_COUNT || first > end || end > 1u << PIL_SMMU_SID_BITS))
		err = pil_fail(why, PIL_R_SMMU_SID_RANGE, first, end);
	if (!err && !b->l1[sid >> PIL_SMMU_SPLIT])
		err = pil_fail(why, PIL_R_SMMU_STE_INVALID, sid, 0);
	for (uint32_t i = first >> PIL_SMMU_SPLIT; !err && i < end >> PIL_SMMU_SPLIT; i++)
		__atomic_store_n(&b->l1[i], b->l1[sid >> PIL_SMMU_SPLIT], __ATOMIC_RELEASE);
	return err;
}

void pil_smmu_ste_abort(uint64_t *ste)
{
	__atomic_store_n(&ste[0], PIL_SMMU_STE0_VALID | PIL_SMMU_STE_CONFIG(PIL_SMMU_CONFIG_ABORT), __ATOMIC_RELEASE);
}

void pil_smmu_ste_prepare(uint64_t *ste)
{
	__atomic_store_n(&ste[1], PIL_SMMU_STE1_COHERENT, __ATOMIC_RELEASE);
	for (unsigned int i = 2; i < PIL_SMMU_STE_WORDS; i++)
		__atomic_store_n(&ste[i], 0, __ATOMIC_RELEASE);
}

void pil_smmu_ste_translate(uint64_t *ste, uint64_t cd_pa)
{
	__atomic_store_n(&ste[0],
			 (cd_pa & PIL_SMMU_STE0_S1CTX) | PIL_SMMU_STE_CONFIG(PIL_SMMU_CONFIG_S1) | PIL_SMMU_STE0_VALID,
			 __ATOMIC_RELEASE);
}

void pil_smmu_cd_build(uint64_t *cd, const struct pil_stream_table *table)
{
	memset(cd, 0, PIL_SMMU_CD_WORDS * sizeof(*cd));
	cd[1] = table->ttb & PIL_SMMU_CD1_TTB0;
	cd[3] = table->mair;
	cd[0] = (uint64_t)table->asid << 48 | PIL_SMMU_CD0_ASET | PIL_SMMU_CD0_A | PIL_SMMU_CD0_R | PIL_SMMU_CD0_AA64 |
		PIL_SMMU_CD0_IPS(OUTPUT_48_BITS) | PIL_SMMU_CD0_VALID | PIL_SMMU_CD0_EPD1 | PIL_SMMU_CD0_WALKS |
		table->t0sz;
}
