/* SPDX-License-Identifier: BSD-2-Clause */
/* From a StreamID to the stage-1 table that translates it. Section numbers are those of Arm IHI 0070. */
#include <pilot/smmu.h>
#include <pilot/wire/smmuv3.h>

static int read_word(const struct pil_phys *phys, uint64_t pa, uint64_t *value, struct pil_why *why)
{
	if (phys->read64(phys->ctx, pa, value) < 0)
		return pil_fail(why, PIL_R_MMU_READ, pa, 0);
	return 0;
}

/* 3.3.2: the first level is indexed by the upper bits, its descriptor says how many of the lower ones are in use */
static int find_ste_2level(const struct pil_phys *phys, uint64_t base, unsigned int split, uint32_t sid, uint64_t *ste,
			   struct pil_why *why)
{
	uint32_t low = sid & ((1u << split) - 1);
	unsigned int span = 0;
	uint64_t l1std = 0;
	int err = read_word(phys, base + (uint64_t)(sid >> split) * PIL_SMMU_L1STD_SIZE, &l1std, why);

	if (err)
		return err;
	span = PIL_SMMU_L1STD_SPAN(l1std);
	if (!span || span > PIL_SMMU_L1STD_SPAN_MAX)
		return pil_fail(why, PIL_R_SMMU_STE_INVALID, sid, 0);
	if (low >= 1u << (span - 1))
		return pil_fail(why, PIL_R_SMMU_SID_RANGE, sid, 1u << (span - 1));
	*ste = (l1std & PIL_SMMU_L1STD_ADDR) + (uint64_t)low * PIL_SMMU_STE_SIZE;
	return 0;
}

static int find_ste(const struct pil_phys *phys, const struct pil_smmu_regs *regs, uint32_t sid, uint64_t *ste,
		    struct pil_why *why)
{
	uint64_t base = regs->strtab_base & PIL_SMMU_STRTAB_ADDR;
	unsigned int log2size = PIL_SMMU_CFG_LOG2SIZE(regs->strtab_cfg);
	unsigned int split = PIL_SMMU_CFG_SPLIT(regs->strtab_cfg);
	unsigned int fmt = PIL_SMMU_CFG_FMT(regs->strtab_cfg);

	if (log2size < PIL_SMMU_LOG2SIZE_MAX && (uint64_t)sid >> log2size)
		return pil_fail(why, PIL_R_SMMU_SID_RANGE, sid, 1ull << log2size);
	if (fmt == PIL_SMMU_FMT_LINEAR) {
		*ste = base + (uint64_t)sid * PIL_SMMU_STE_SIZE;
		return 0;
	}
	/* 6.3.24: 6, 8 and 10 are the splits; the format 2 is reserved */
	if (fmt != PIL_SMMU_FMT_2LEVEL || (split != 6 && split != 8 && split != 10))
		return pil_fail(why, PIL_R_SMMU_STE_INVALID, sid, 0);
	return find_ste_2level(phys, base, split, sid, ste, why);
}

static int check_ste(uint64_t word0, uint32_t sid, struct pil_why *why)
{
	if (!(word0 & PIL_SMMU_STE0_VALID))
		return pil_fail(why, PIL_R_SMMU_STE_INVALID, sid, 0);
	if (PIL_SMMU_STE0_CONFIG(word0) != PIL_SMMU_CONFIG_S1)
		return pil_fail(why, PIL_R_SMMU_STE_CONFIG, sid, PIL_SMMU_STE0_CONFIG(word0));
	return 0;
}

/* 5.4: what makes a descriptor one that our walker reads as the SMMU would */
static bool cd_is_usable(uint64_t word0)
{
	unsigned int t0sz = PIL_SMMU_CD0_T0SZ(word0);

	if (!(word0 & PIL_SMMU_CD0_VALID) || !(word0 & PIL_SMMU_CD0_AA64))
		return false;
	if (word0 & (PIL_SMMU_CD0_EPD0 | PIL_SMMU_CD0_ENDI))
		return false;
	return PIL_SMMU_CD0_TG0(word0) == PIL_SMMU_CD0_TG0_4K && t0sz >= 16 && t0sz <= 39;
}

static int read_cd(const struct pil_phys *phys, uint64_t cd, uint32_t sid, struct pil_stream_table *out,
		   struct pil_why *why)
{
	uint64_t word0 = 0, word1 = 0, word3 = 0;
	int err = read_word(phys, cd, &word0, why);

	if (err)
		return err;
	if (!cd_is_usable(word0))
		return pil_fail(why, PIL_R_SMMU_CD_INVALID, sid, cd);
	err = read_word(phys, cd + 8, &word1, why);
	if (!err)
		err = read_word(phys, cd + 24, &word3, why);
	if (err)
		return err;
	out->ttb = word1 & PIL_SMMU_CD1_TTB0;
	out->t0sz = PIL_SMMU_CD0_T0SZ(word0);
	out->mair = word3;
	out->asid = PIL_SMMU_CD0_ASID(word0);
	return 0;
}

int pil_smmu_stream(const struct pil_phys *phys, const struct pil_smmu_regs *regs, uint32_t sid,
		    struct pil_stream_table *out, struct pil_why *why)
{
	uint64_t ste = 0, word0 = 0, cd = 0;
	int err = 0;

	*out = (struct pil_stream_table){ 0 };
	if (!(regs->cr0 & PIL_SMMU_CR0_SMMUEN))
		return pil_fail(why, PIL_R_SMMU_DISABLED, regs->cr0, 0);
	err = find_ste(phys, regs, sid, &ste, why);
	if (!err)
		err = read_word(phys, ste, &word0, why);
	if (!err)
		err = check_ste(word0, sid, why);
	if (err)
		return err;
	cd = word0 & PIL_SMMU_STE0_S1CTX;
	/* with substreams the pointer leads to a table of descriptors, or to tables of those */
	if (PIL_SMMU_STE0_S1CDMAX(word0))
		return pil_fail(why, PIL_R_SMMU_CD_INVALID, sid, cd);
	return read_cd(phys, cd, sid, out, why);
}
