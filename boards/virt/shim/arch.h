/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers, device accesses, barriers; and what differs between non-secure and secure EL2. */
#ifndef SHIM_ARCH_H
#define SHIM_ARCH_H

#include <stdbool.h>
#include <stdint.h>

/* 1: this shim runs at S-EL2. The code cannot ask: only the monitor, at EL3, knows the state */
#ifndef SHIM_SECURE
#define SHIM_SECURE 0
#endif

#define read_sysreg(reg)                                                                                               \
	({                                                                                                             \
		uint64_t v_;                                                                                           \
		__asm__ volatile("mrs %0, " #reg : "=r"(v_)::"memory");                                                \
		v_;                                                                                                    \
	})
#define write_sysreg(reg, value) __asm__ volatile("msr " #reg ", %0" ::"r"((uint64_t)(value)) : "memory")

/* names that the assembler does not know for every architecture level */
#define ICC_PMR_EL1	S3_0_C4_C6_0
#define ICC_IAR1_EL1	S3_0_C12_C12_0
#define ICC_EOIR1_EL1	S3_0_C12_C12_1
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7
#define ICC_SRE_EL2	S3_4_C12_C9_5
#define ICH_HCR_EL2	S3_4_C12_C11_0
#define VSTTBR_EL2	S3_4_C2_C6_0
#define VSTCR_EL2	S3_4_C2_C6_2

/* two steps, so that the names above are replaced first */
#define READ_SYSREG(reg)	 read_sysreg(reg)
#define WRITE_SYSREG(reg, value) write_sysreg(reg, value)

static inline void isb(void)
{
	__asm__ volatile("isb" ::: "memory");
}

static inline void dsb(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

static inline uint32_t mmio_read32(uint64_t pa)
{
	return *(volatile uint32_t *)(uintptr_t)pa;
}

static inline uint64_t mmio_read64(uint64_t pa)
{
	return *(volatile uint64_t *)(uintptr_t)pa;
}

static inline void mmio_write32(uint64_t pa, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)pa = value;
}

static inline void mmio_write64(uint64_t pa, uint64_t value)
{
	*(volatile uint64_t *)(uintptr_t)pa = value;
}

/* remove all that is cached of the remote's translations, both stages */
static inline void tlb_flush_remote(void)
{
	__asm__ volatile("dsb ishst\n\ttlbi vmalls12e1is\n\tdsb ish\n\tisb" ::: "memory");
}

/* physical address size as translation control registers take it; 48 bits at most, which is what our tables express */
static inline uint64_t shim_pa_size(void)
{
	uint64_t size = read_sysreg(id_aa64mmfr0_el1) & 0xf;

	return size > 5 ? 5 : size;
}

/* the remote's stage 2: 39 bits of input, root at level 1, 4 KiB, cacheable walks */
static inline void set_stage2(uint64_t root)
{
	write_sysreg(vtcr_el2, 1ull << 31 | shim_pa_size() << 16 | 3u << 12 | 1u << 10 | 1u << 8 | 1u << 6 | 25);
	write_sysreg(vttbr_el2, root | 1ull << 48);
	if (SHIM_SECURE) {
		/* VSTCR.SW and SA are 0: the walk and what it leads to are secure */
		WRITE_SYSREG(VSTCR_EL2, 1ull << 31 | 1u << 6 | 25);
		WRITE_SYSREG(VSTTBR_EL2, root);
	}
	isb();
}

#endif
