/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMMUv3: the registers and table fields that a lookup needs (Arm IHI 0070, chapters 5 and 6). All tables are
 * little-endian 64-bit words.
 */
#ifndef PILOT_WIRE_SMMUV3_H
#define PILOT_WIRE_SMMUV3_H

/* register offsets from the base of page 0 (6.3) */
#define PIL_SMMU_CR0		 0x20 /* 32 bit */
#define PIL_SMMU_CR0ACK		 0x24 /* 32 bit */
#define PIL_SMMU_CR1		 0x28 /* 32 bit */
#define PIL_SMMU_CR2		 0x2c /* 32 bit */
#define PIL_SMMU_GBPA		 0x44 /* 32 bit */
#define PIL_SMMU_STRTAB_BASE	 0x80 /* 64 bit */
#define PIL_SMMU_STRTAB_BASE_CFG 0x88 /* 32 bit */
#define PIL_SMMU_CMDQ_BASE	 0x90 /* 64 bit */
#define PIL_SMMU_CMDQ_PROD	 0x98 /* 32 bit */
#define PIL_SMMU_CMDQ_CONS	 0x9c /* 32 bit */
#define PIL_SMMU_EVENTQ_BASE	 0xa0 /* 64 bit */

/* and from that of page 1 */
#define PIL_SMMU_PAGE1	     0x10000
#define PIL_SMMU_EVENTQ_PROD 0xa8 /* 32 bit */
#define PIL_SMMU_EVENTQ_CONS 0xac /* 32 bit */

#define PIL_SMMU_CR0_SMMUEN	 (1u << 0)
#define PIL_SMMU_CR0_EVENTQEN	 (1u << 2)
#define PIL_SMMU_CR0_CMDQEN	 (1u << 3)
#define PIL_SMMU_CR1_COHERENT	 0xd75u	   /* tables and queues inner shareable, write-back, read and write allocate */
#define PIL_SMMU_CR2_PTM	 (1u << 2) /* TLB invalidations of the CPUs are not its own */
#define PIL_SMMU_CR2_RECINVSID	 (1u << 1) /* events for streams outside the table */
#define PIL_SMMU_GBPA_ABORT	 (1u << 20)
#define PIL_SMMU_GBPA_UPDATE	 (1u << 31)
#define PIL_SMMU_QUEUE_ALLOCATE	 (1ull << 62) /* of STRTAB_BASE and of the queues' bases */
#define PIL_SMMU_QUEUE_OVERFLOW	 (1u << 31)
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
#define PIL_SMMU_STE_CONFIG(c)	 ((uint64_t)(c) << 1)
#define PIL_SMMU_STE1_COHERENT	 0xd4ull /* context descriptors: inner shareable, write-back, read and write allocate */
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
#define PIL_SMMU_CD0_WALKS   (0x35ull << 8) /* the table of TTB0: inner shareable, write-back, read and write allocate */
#define PIL_SMMU_CD0_EPD1    (1ull << 30)   /* there is no TTB1 */
#define PIL_SMMU_CD0_IPS(s)  ((uint64_t)(s) << 32)
#define PIL_SMMU_CD0_R	     (1ull << 45) /* record faults */
#define PIL_SMMU_CD0_A	     (1ull << 46) /* and abort what faulted */
#define PIL_SMMU_CD0_ASET    (1ull << 47) /* CPUs' invalidations do not reach it */
#define PIL_SMMU_CD1_TTB0    0x000ffffffffffff0ull

/* commands, two words each (4.1): opcode in bits 7:0 of the first, StreamID in its upper half */
#define PIL_SMMU_CMD_WORDS	   2u
#define PIL_SMMU_CMD_CFGI_STE	   0x03u
#define PIL_SMMU_CMD_CFGI_ALL	   0x04u
#define PIL_SMMU_CMD_ALL_STREAMS   31u /* range in the second word of CFGI_ALL */
#define PIL_SMMU_CMD_TLBI_NSNH_ALL 0x30u
#define PIL_SMMU_CMD_SYNC	   0x46u
#define PIL_SMMU_CMD_LEAF	   1u /* second word of CFGI_STE: no first-level descriptor has changed */
#define PIL_SMMU_CMD_SID(sid)	   ((uint64_t)(sid) << 32)

/* event records, four words each (7.3) */
#define PIL_SMMU_EVENT_WORDS	4u
#define PIL_SMMU_EVENT0_TYPE(w) ((unsigned int)((w)&0xffu))
#define PIL_SMMU_EVENT0_SID(w)	((uint32_t)((w) >> 32))

#endif
