/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of StreamIDs as an SMR names them. */
#ifndef PILOT_IOMMU_SMMUV2_H
#define PILOT_IOMMU_SMMUV2_H

#include <stdbool.h>
#include <stdint.h>

#define PIL_SMR_MASK_SHIFT 16

/** struct pil_ids - all StreamIDs that equal @id in the bits that @mask does not have */
struct pil_ids {
	uint32_t id;
	uint32_t mask;
};

static inline struct pil_ids pil_ids_of(uint32_t smr)
{
	return (struct pil_ids){ smr & 0x7fffu, smr >> PIL_SMR_MASK_SHIFT & 0x7fffu };
}

/* is there a StreamID in both? */
static inline bool pil_ids_meet(struct pil_ids a, struct pil_ids b)
{
	return ((a.id ^ b.id) & ~(a.mask | b.mask)) == 0;
}

/* is every StreamID of @b one of @a? */
static inline bool pil_ids_contain(struct pil_ids a, struct pil_ids b)
{
	return !(b.mask & ~a.mask) && pil_ids_meet(a, b);
}

#endif
