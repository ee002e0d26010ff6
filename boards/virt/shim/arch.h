/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs between non-secure and secure EL2, and the remote's stage 2. */
#ifndef SHIM_ARCH_H
#define SHIM_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#include <fw/sysreg.h>

/* this shim runs at S-EL2. It cannot ask the CPU: only the monitor, at EL3, knows the state, and says so when it starts us */
extern bool shim_secure;

/* remove all that is cached of the remote's translations, both stages */
static inline void tlb_flush_remote(void)
{
	__asm__ volatile("dsb ishst\n\ttlbi vmalls12e1is\n\tdsb ish\n\tisb" ::: "memory");
}

/* physical address size as translation control registers take it; 48 bits at most, which is what our tables express */
static inline uint64_t shim_pa_size(void)
{
	uint64_t size = fw_read(id_aa64mmfr0_el1) & 0xf;

	return size > 5 ? 5 : size;
}

/* the remote's stage 2: 39 bits of input, root at level 1, 4 KiB, cacheable walks. @host_only: what it leads to is Non-secure, always */
static inline void set_stage2(uint64_t root, bool host_only)
{
	fw_write(vtcr_el2, 1ull << 31 | shim_pa_size() << 16 | 3u << 12 | 1u << 10 | 1u << 8 | 1u << 6 | 25);
	fw_write(vttbr_el2, root | 1ull << 48);
	if (shim_secure) {
		/* VSTCR.SW and SA are 0: the walk and what it leads to are secure; SA is bit 30 (Arm ARM D24.2.179) */
		fw_write(VSTCR_EL2, 1ull << 31 | (uint64_t)host_only << 30 | 1u << 6 | 25);
		fw_write(VSTTBR_EL2, root);
	}
	fw_isb();
}

#endif
