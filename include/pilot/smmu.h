/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading an SMMUv3's stream table: who translates a stream, and with which table (Arm IHI 0070, chapter 5). */
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

#endif
