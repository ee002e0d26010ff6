/* SPDX-License-Identifier: BSD-2-Clause */
/* Fake physical memory for the walkers: a few pages at an address of the test's choice; everything else is unreadable. */
#ifndef TEST_IOMMU_PHYS_H
#define TEST_IOMMU_PHYS_H

#include <stdint.h>
#include <string.h>

#include <pilot/vmsa.h>

#define PHYS_BASE  0x40000000ull
#define PHYS_PAGES 16u

struct phys {
	uint64_t words[PHYS_PAGES * 512];
	unsigned int reads;
};

static int phys_read64(void *ctx, uint64_t pa, uint64_t *value)
{
	struct phys *p = ctx;

	p->reads++;
	if (pa < PHYS_BASE || pa - PHYS_BASE > sizeof(p->words) - 8 || pa % 8)
		return -1;
	*value = p->words[(pa - PHYS_BASE) / 8];
	return 0;
}

static inline struct pil_phys phys_of(struct phys *p)
{
	return (struct pil_phys){ .read64 = phys_read64, .ctx = p };
}

static inline uint64_t page_pa(unsigned int page)
{
	return PHYS_BASE + page * 0x1000ull;
}

static inline void poke(struct phys *p, uint64_t pa, uint64_t value)
{
	p->words[(pa - PHYS_BASE) / 8] = value;
}

#endif
