/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One CPU's EL2 set-up: what the host at EL1 may do without asking. Almost everything: the hypervisor wants SMCs and what stage 2
 * stops, and no more. Interrupts go to EL1, timers and GIC CPU interface are the host's.
 */
#include <fw/sysreg.h>

#include "hypervisor.h"

/* HCR_EL2 */
#define HCR_VM	   (1ull << 0)
#define HCR_SWIO   (1ull << 1)
#define HCR_TSC	   (1ull << 19)
#define HCR_RW	   (1ull << 31)
#define HCR_APK	   (1ull << 40)
#define HCR_API	   (1ull << 41)
#define HCR_ENSCXT (1ull << 53)
#define HCR_ATA	   (1ull << 56)

/* HCRX_EL2: EnAS0, EnALS, EnASR, MSCEn, TCR2En, SCTLR2En, D128En, EnIDCP128, GCSEn, EnFPM */
#define HCRX_OPEN (7ull | 1ull << 11 | 1ull << 14 | 1ull << 15 | 1ull << 17 | 1ull << 21 | 1ull << 22 | 1ull << 23)

/* fine-grained traps: bits whose names begin with n trap when they are 0 */
#define HFGRTR_OPEN  (~0ull << 50)
#define HFGITR_OPEN  (0x1full << 55)
#define HDFGRTR_OPEN (0xfull << 59)

#define CPTR_RES1	0x33ffull
#define CPTR_TZ		(1ull << 8)
#define CPTR_TSM	(1ull << 12)
#define CNTHCTL_EL1	3u /* counter and physical timer */
#define SCTLR_EL1_RESET 0x30d00800u

#define VTCR_RES1   (1ull << 31)
#define VTCR_WALKS  (3u << 12 | 1u << 10 | 1u << 8) /* inner shareable, write-back */
#define VTCR_LEVEL1 (1u << 6)
#define VTCR_T0SZ   24u /* 40 bits: with two concatenated roots from level 1 */
#define VMID	    (1ull << 48)

/* MDCR_EL2: the host's counters, all of them, stand still while the hypervisor runs; where there is no such control, RES0 */
#define MDCR_HPMD (1ull << 17)
#define MDCR_HCCD (1ull << 23)

#define HFGRTR_EL2   S3_4_C1_C1_4
#define HFGWTR_EL2   S3_4_C1_C1_5
#define HFGITR_EL2   S3_4_C1_C1_6
#define HDFGRTR_EL2  S3_4_C3_C1_4
#define HDFGWTR_EL2  S3_4_C3_C1_5
#define HFGRTR2_EL2  S3_4_C3_C1_2
#define HFGWTR2_EL2  S3_4_C3_C1_3
#define HDFGRTR2_EL2 S3_4_C3_C1_0
#define HDFGWTR2_EL2 S3_4_C3_C1_1
#define HFGITR2_EL2  S3_4_C3_C1_7
#define HCRX_EL2     S3_4_C1_C2_2
#define ZCR_EL2	     S3_4_C1_C2_0
#define SMCR_EL2     S3_4_C1_C2_6

static unsigned int field(uint64_t id, unsigned int shift)
{
	return id >> shift & 0xf;
}

static void open_fine_grained(void)
{
	unsigned int fgt = field(fw_read(id_aa64mmfr0_el1), 56);

	if (fgt) {
		fw_write(HFGRTR_EL2, HFGRTR_OPEN);
		fw_write(HFGWTR_EL2, HFGRTR_OPEN);
		fw_write(HFGITR_EL2, HFGITR_OPEN);
		fw_write(HDFGRTR_EL2, HDFGRTR_OPEN);
		fw_write(HDFGWTR_EL2, HDFGRTR_OPEN);
	}
	if (fgt >= 2) {
		fw_write(HFGRTR2_EL2, ~0ull);
		fw_write(HFGWTR2_EL2, ~0ull);
		fw_write(HDFGRTR2_EL2, ~0ull);
		fw_write(HDFGWTR2_EL2, ~0ull);
		fw_write(HFGITR2_EL2, ~0ull);
	}
	if (field(fw_read(id_aa64mmfr1_el1), 40))
		fw_write(HCRX_EL2, HCRX_OPEN);
}

static void open_vector_units(void)
{
	unsigned int sve = field(fw_read(id_aa64pfr0_el1), 32), sme = field(fw_read(id_aa64pfr1_el1), 24);

	fw_write(cptr_el2, CPTR_RES1 & ~((sve ? CPTR_TZ : 0) | (sme ? CPTR_TSM : 0)));
	fw_isb();
	if (sve)
		fw_write(ZCR_EL2, 0xf);
	if (sme)
		fw_write(SMCR_EL2, 0x8000000f);
}

static uint64_t hcr(void)
{
	uint64_t value = HCR_RW | HCR_TSC | HCR_SWIO | HCR_VM, isar1 = fw_read(id_aa64isar1_el1);
	uint64_t isar2 = fw_read(S3_0_C0_C6_2); /* ID_AA64ISAR2_EL1 */

	/* pointer authentication by any algorithm: APA, API, APA3 */
	if (field(isar1, 4) || field(isar1, 8) || field(isar2, 12))
		value |= HCR_APK | HCR_API;
	if (field(fw_read(id_aa64pfr0_el1), 56) >= 2)
		value |= HCR_ENSCXT;
	if (field(fw_read(id_aa64pfr1_el1), 8) >= 2)
		value |= HCR_ATA;
	return value;
}

static void init_stage2(void)
{
	uint64_t pa_size = fw_read(id_aa64mmfr0_el1) & 0xf;

	fw_write(vtcr_el2, VTCR_RES1 | (pa_size > 5 ? 5 : pa_size) << 16 | VTCR_WALKS | VTCR_LEVEL1 | VTCR_T0SZ);
	fw_write(vttbr_el2, hyp_stage2_root() | VMID);
	fw_isb();
	__asm__ volatile("tlbi vmalls12e1\n\tdsb nsh\n\tisb" ::: "memory");
}

void hyp_cpu_init(void)
{
	unsigned int pmu = field(fw_read(id_aa64dfr0_el1), 8);

	init_stage2();
	fw_write(ICC_SRE_EL2, 0xf);
	fw_isb();
	fw_write(ICH_HCR_EL2, 0);
	fw_write(cnthctl_el2, CNTHCTL_EL1);
	fw_write(cntvoff_el2, 0);
	fw_write(hstr_el2, 0);
	fw_write(mdcr_el2, MDCR_HPMD | MDCR_HCCD | (pmu && pmu != 0xf ? fw_read(pmcr_el0) >> 11 & 0x1f : 0));
	fw_write(vpidr_el2, fw_read(midr_el1));
	fw_write(vmpidr_el2, fw_read(mpidr_el1));
	open_vector_units();
	open_fine_grained();
	fw_write(sctlr_el1, SCTLR_EL1_RESET);
	fw_write(hcr_el2, hcr());
	fw_isb();
}

void hyp_cpu_start(uint64_t entry, uint64_t x0)
{
	hyp_mmu_enable();
	hyp_cpu_init();
	hyp_enter(entry, x0);
}

/* nothing that the host could do now would be confined any more */
void hyp_stop(const char *why)
{
	hyp_log("cannot go on: %s; CPU %u stops", why, (uint64_t)fw_cpu());
	for (;;)
		fw_wfi();
}
