/* SPDX-License-Identifier: BSD-2-Clause */
/* SMMUv2: the global registers and fields that stream matching needs (Arm IHI 0062, chapters 9 and 10). All have 32 bits. */
#ifndef PILOT_WIRE_SMMUV2_H
#define PILOT_WIRE_SMMUV2_H

/* offsets from the base of global register space 0 */
#define PIL_SMMUV2_SCR0	    0x000
#define PIL_SMMUV2_SGFSR    0x048
#define PIL_SMMUV2_SGFSYNR1 0x054
#define PIL_SMMUV2_SMR(n)   (0x800u + 4u * (n))
#define PIL_SMMUV2_S2CR(n)  (0xc00u + 4u * (n))
#define PIL_SMMUV2_GROUPS   128u /* stream mapping register groups, at most */
#define PIL_SMMUV2_BANKS    128u /* translation context banks, at most */

#define PIL_SMMUV2_SCR0_CLIENTPD   (1u << 0)  /* no transaction is looked at: all pass untranslated; set at reset */
#define PIL_SMMUV2_SCR0_GFRE	   (1u << 1)  /* global faults abort what caused them */
#define PIL_SMMUV2_SCR0_GFIE	   (1u << 2)  /* and raise an interrupt */
#define PIL_SMMUV2_SCR0_EXIDENABLE (1u << 3)  /* StreamIDs have 16 bits, and an SMR no valid bit */
#define PIL_SMMUV2_SCR0_USFCFG	   (1u << 10) /* a stream that matches nothing faults; else it passes untranslated */
#define PIL_SMMUV2_SCR0_SMCFCFG                                                                                        \
	(1u << 21) /* a stream that matches twice faults; else what becomes of it is unpredictable */

#define PIL_SMMUV2_SMR_VALID (1u << 31)
#define PIL_SMMUV2_ID_BITS   0x7fffu

/* SMMU_S2CRn.TYPE */
enum pil_smmuv2_type {
	PIL_SMMUV2_TRANSLATE = 0,
	PIL_SMMUV2_BYPASS = 1,
	PIL_SMMUV2_FAULT = 2,
};

#define PIL_SMMUV2_S2CR_BANK(r)	   ((r)&0xffu)
#define PIL_SMMUV2_S2CR_TYPE(r)	   (((r) >> 16) & 0x3u)
#define PIL_SMMUV2_S2CR_TYPE_OF(t) ((uint32_t)(t) << 16)

/* global fault status: which kind; and the StreamID in syndrome register 1 */
#define PIL_SMMUV2_SGFSR_ICF	   (1u << 0) /* the group says fault */
#define PIL_SMMUV2_SGFSR_USF	   (1u << 1) /* no group matches */
#define PIL_SMMUV2_SGFSR_SMCF	   (1u << 2) /* several do */
#define PIL_SMMUV2_SGFSYNR1_SID(r) ((r)&0xffffu)

#endif
