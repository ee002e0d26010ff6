/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMMUv3: the registers and table fields that a lookup needs (Arm IHI 0070, chapters 5 and 6). All tables are
 * little-endian 64-bit words.
 */
#ifndef PILOT_WIRE_SMMUV3_H
#define PILOT_WIRE_SMMUV3_H

/* register offsets from the base of page 0 (6.3) */
#define PIL_SMMU_CR0		 0x20 /* 32 bit */
#define PIL_SMMU_STRTAB_BASE	 0x80 /* 64 bit */
#define PIL_SMMU_STRTAB_BASE_CFG 0x88 /* 32 bit */

#define PIL_SMMU_CR0_SMMUEN	 (1u << 0)
#define PIL_SMMU_STRTAB_ADDR	 0x000fffffffffffc0ull
#define PIL_SMMU_CFG_LOG2SIZE(c) ((c)&0x3fu)
#define PIL_SMMU_CFG_SPLIT(c)	 (((c) >> 6) & 0x1fu)
#define PIL_SMMU_CFG_FMT(c)	 (((c) >> 16) & 0x3u)
#define PIL_SMMU_FMT_LINEAR	 0u
#define PIL_SMMU_FMT_2LEVEL	 1u
#define PIL_SMMU_LOG2SIZE_MAX	 32u /* StreamIDs have at most 32 bits */

/* first-level stream table descriptor (5.1): how many entries the second level has, and where */
#define PIL_SMMU_L1STD_SIZE	8u
#define PIL_SMMU_L1STD_SPAN(d)	((unsigned int)((d)&0x1fu)) /* 2^(span - 1) entries, 0: none */
#define PIL_SMMU_L1STD_SPAN_MAX 11u
#define PIL_SMMU_L1STD_ADDR	0x000fffffffffffc0ull

/* stream table entry (5.2) */
#define PIL_SMMU_STE_SIZE	 64u
#define PIL_SMMU_STE0_VALID	 (1ull << 0)
#define PIL_SMMU_STE0_CONFIG(w)	 ((unsigned int)((w) >> 1) & 0x7u)
#define PIL_SMMU_CONFIG_ABORT	 0u
#define PIL_SMMU_CONFIG_BYPASS	 4u
#define PIL_SMMU_CONFIG_S1	 5u /* stage 1 translates, stage 2 bypassed */
#define PIL_SMMU_CONFIG_S2	 6u
#define PIL_SMMU_CONFIG_NESTED	 7u
#define PIL_SMMU_STE0_S1CTX	 0x000fffffffffffc0ull
#define PIL_SMMU_STE0_S1CDMAX(w) ((unsigned int)((w) >> 59) & 0x1fu)

/* context descriptor (5.4) */
#define PIL_SMMU_CD_SIZE     64u
#define PIL_SMMU_CD0_T0SZ(w) ((unsigned int)((w)&0x3fu))
#define PIL_SMMU_CD0_TG0(w)  ((unsigned int)((w) >> 6) & 0x3u)
#define PIL_SMMU_CD0_TG0_4K  0u
#define PIL_SMMU_CD0_EPD0    (1ull << 14)
#define PIL_SMMU_CD0_ENDI    (1ull << 15) /* tables are big-endian */
#define PIL_SMMU_CD0_VALID   (1ull << 31)
#define PIL_SMMU_CD0_AA64    (1ull << 41)
#define PIL_SMMU_CD0_ASID(w) ((uint16_t)((w) >> 48))
#define PIL_SMMU_CD1_TTB0    0x000ffffffffffff0ull

#endif
