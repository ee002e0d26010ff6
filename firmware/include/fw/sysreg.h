/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers, barriers and device access for all firmware images. Names as in the Arm ARM. */
#ifndef FW_SYSREG_H
#define FW_SYSREG_H

#include <stdint.h>

/* two steps, so that the names below are replaced by their encodings before they become text */
#define fw_read_(reg)                                                                                                  \
	({                                                                                                             \
		uint64_t value_;                                                                                       \
		__asm__ volatile("mrs %0, " #reg : "=r"(value_));                                                      \
		value_;                                                                                                \
	})
#define fw_write_(reg, value) __asm__ volatile("msr " #reg ", %0" ::"r"((uint64_t)(value)) : "memory")
#define fw_read(reg)	      fw_read_(reg)
#define fw_write(reg, value)  fw_write_(reg, value)

/* GICv3 CPU interface and registers that this assembler may not know by name */
#define ICC_PMR_EL1	 S3_0_C4_C6_0
#define ICC_IAR0_EL1	 S3_0_C12_C8_0
#define ICC_EOIR0_EL1	 S3_0_C12_C8_1
#define ICC_SGI0R_EL1	 S3_0_C12_C11_7
#define ICC_IGRPEN0_EL1	 S3_0_C12_C12_6
#define ICC_IAR1_EL1	 S3_0_C12_C12_0
#define ICC_EOIR1_EL1	 S3_0_C12_C12_1
#define ICC_IGRPEN1_EL1	 S3_0_C12_C12_7
#define ICC_IGRPEN1_EL3	 S3_6_C12_C12_7
#define ICC_SRE_EL2	 S3_4_C12_C9_5
#define ICC_SRE_EL3	 S3_6_C12_C12_5
#define ICH_HCR_EL2	 S3_4_C12_C11_0
#define VSTTBR_EL2	 S3_4_C2_C6_0
#define VSTCR_EL2	 S3_4_C2_C6_2
#define ZCR_EL1		 S3_0_C1_C2_0
#define ZCR_EL3		 S3_6_C1_C2_0
#define SVCR		 S3_3_C4_C2_2
#define SMCR_EL1	 S3_0_C1_C2_6
#define SMCR_EL3	 S3_6_C1_C2_6
#define ID_AA64MMFR3_EL1 S3_0_C0_C7_3
#define SCTLR2_EL1	 S3_0_C1_C0_3
#define TCR2_EL1	 S3_0_C2_C0_3
#define GPTBR_EL3	 S3_6_C2_C1_4
#define GPCCR_EL3	 S3_6_C2_C1_6
#define MFAR_EL3	 S3_6_C6_C0_5

static inline void fw_isb(void)
{
	__asm__ volatile("isb" ::: "memory");
}

static inline void fw_dsb(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

static inline void fw_wfi(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/* device registers: single instructions without write-back, of which a hypervisor is told enough to carry them out */
static inline uint32_t fw_read32(uint64_t address)
{
	uint32_t value = 0;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void fw_write32(uint64_t address, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" ::"rZ"(value), "r"(address) : "memory");
}

static inline uint64_t fw_read64(uint64_t address)
{
	uint64_t value = 0;

	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void fw_write64(uint64_t address, uint64_t value)
{
	__asm__ volatile("str %x0, [%1]" ::"rZ"(value), "r"(address) : "memory");
}

static inline uint64_t fw_time_us(void)
{
	uint64_t ticks = fw_read(cntpct_el0), rate = fw_read(cntfrq_el0);

	/* seconds and rest apart: ticks * 10^6 would overflow after hours */
	return ticks / rate * 1000000 + ticks % rate * 1000000 / rate;
}

/* index of the CPU: clusters do not matter on boards with up to 16 CPUs in Aff0 */
static inline unsigned int fw_cpu(void)
{
	return (unsigned int)fw_read(mpidr_el1) & 0xff;
}

#endif
