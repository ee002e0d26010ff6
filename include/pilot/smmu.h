/* SPDX-License-Identifier: BSD-2-Clause */
/* An SMMUv3's stream table, read and built: who translates a stream, and with which table (Arm IHI 0070, chapter 5). */
#ifndef PILOT_SMMU_H
#define PILOT_SMMU_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/error.h>
#include <pilot/vmsa.h>

/**
 * struct pil_smmu_regs - the registers that a lookup needs, read by the caller
 * @cr0:        SMMU_CR0
 * @strtab_base: SMMU_STRTAB_BASE
 * @strtab_cfg: SMMU_STRTAB_BASE_CFG
 */
struct pil_smmu_regs {
	uint32_t cr0;
	uint64_t strtab_base;
	uint32_t strtab_cfg;
};

/**
 * struct pil_stream_table - the stage-1 table of a stream
 * @ttb:  root
 * @t0sz: size of its input region
 * @mair: memory attributes
 * @asid: address space id
 */
struct pil_stream_table {
	uint64_t ttb;
	unsigned int t0sz;
	uint64_t mair;
	uint16_t asid;
};

/**
 * pil_smmu_stream() - look a stream up
 * @phys: how to read the tables
 * @regs: registers
 * @sid:  StreamID
 * @out:  its stage-1 table
 * @why:  reason of a failure, or NULL
 *
 * Linear and two-level stream tables; stage-1 translation with one context descriptor (S1CDMax 0), AArch64, 4 KiB
 * granule, TTBR0. Anything else is refused by name: bypass and abort are no table.
 *
 * Return: 0; -PIL_ESTATE (SMMU_DISABLED); -PIL_ERANGE (SMMU_SID_RANGE, SMMU_STE_INVALID, SMMU_CD_INVALID);
 * -PIL_EUNSUPPORTED (SMMU_STE_CONFIG); -PIL_EBOARD (MMU_READ)
 */
int pil_smmu_stream(const struct pil_phys *phys, const struct pil_smmu_regs *regs, uint32_t sid,
		    struct pil_stream_table *out, struct pil_why *why);

#define PIL_SMMU_SPLIT	   8u /* StreamID bits that the second level resolves */
#define PIL_SMMU_SID_BITS  16u
#define PIL_SMMU_L1_COUNT  (1u << (PIL_SMMU_SID_BITS - PIL_SMMU_SPLIT))
#define PIL_SMMU_L2_COUNT  (1u << PIL_SMMU_SPLIT)
#define PIL_SMMU_STE_WORDS 8u
#define PIL_SMMU_CD_WORDS  8u
#define PIL_SMMU_BUILT_CFG (1u << 16 | PIL_SMMU_SPLIT << 6 | PIL_SMMU_SID_BITS) /* for STRTAB_BASE_CFG */

/** pil_smmu_l2 - a second-level table: entries of PIL_SMMU_STE_WORDS words */
typedef uint64_t pil_smmu_l2[PIL_SMMU_L2_COUNT][PIL_SMMU_STE_WORDS];

/**
 * struct pil_smmu_builder - a two-level stream table under construction, for StreamIDs of 16 bits
 * @l1:    first level, PIL_SMMU_L1_COUNT words; its physical address must be a multiple of 2 KiB
 * @l2:    second-level tables; their physical addresses must be multiples of 16 KiB
 * @l2_pa: physical address of @l2
 * @count: how many there are
 * @used:  how many are taken
 */
struct pil_smmu_builder {
	uint64_t *l1;
	pil_smmu_l2 *l2;
	uint64_t l2_pa;
	unsigned int count;
	unsigned int used;
};

/**
 * pil_smmu_build() - start a stream table that has no streams
 * @b: filled; @l1 is zeroed: the SMMU reports transactions of a stream without second level
 * @l1, @l2, @l2_pa, @count: see struct pil_smmu_builder
 * Return: nothing
 */
void pil_smmu_build(struct pil_smmu_builder *b, uint64_t *l1, pil_smmu_l2 *l2, uint64_t l2_pa, unsigned int count);

/**
 * pil_smmu_entry() - the entry of a stream
 * @b:   table
 * @sid: StreamID
 * @ste: result: PIL_SMMU_STE_WORDS words; NULL on failure
 * @why: reason of a failure, or NULL
 *
 * Where @sid has no second level yet, one is taken, and all its entries abort.
 *
 * Return: 0; -PIL_ERANGE (SMMU_SID_RANGE); -PIL_ENOMEM (MMU_TABLE_FULL)
 */
int pil_smmu_entry(struct pil_smmu_builder *b, uint32_t sid, uint64_t **ste, struct pil_why *why);

/**
 * pil_smmu_share() - let streams that are all treated alike have one second level
 * @b:     table
 * @sid:   a StreamID whose second level it is
 * @first, @end: StreamIDs, multiples of PIL_SMMU_L2_COUNT; what they had before is not used any more
 * @why:   reason of a failure, or NULL
 * Return: 0; -PIL_ERANGE (SMMU_SID_RANGE; SMMU_STE_INVALID: @sid has no second level)
 */
int pil_smmu_share(struct pil_smmu_builder *b, uint32_t sid, uint32_t first, uint32_t end, struct pil_why *why);

/**
 * pil_smmu_ste_abort() - end all transactions of a stream, silently, from the next CFGI_STE on
 * @ste: entry, may be in use
 * Return: nothing
 */
void pil_smmu_ste_abort(uint64_t *ste);

/**
 * pil_smmu_ste_prepare() - first half of a translating entry: everything that an aborting one ignores
 * @ste: entry that aborts, and that the SMMU has seen abort
 *
 * CFGI_STE and SYNC belong between the halves: the SMMU may read the words one by one.
 *
 * Return: nothing
 */
void pil_smmu_ste_prepare(uint64_t *ste);

/**
 * pil_smmu_ste_translate() - second half: from the next CFGI_STE on stage 1 translates
 * @ste: entry after pil_smmu_ste_prepare()
 * @cd_pa: physical address of its context descriptor, a multiple of 64
 * Return: nothing
 */
void pil_smmu_ste_translate(uint64_t *ste, uint64_t cd_pa);

/**
 * pil_smmu_cd_build() - the context descriptor of a table
 * @cd:    PIL_SMMU_CD_WORDS words that no entry leads to
 * @table: table with 4 KiB granule; walks are coherent, faults abort and are reported
 * Return: nothing
 */
void pil_smmu_cd_build(uint64_t *cd, const struct pil_stream_table *table);

#endif
