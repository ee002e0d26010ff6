/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking a stage-1 table that somebody else wrote and may be changing (Arm ARM D8.2, D8.3; 4 KiB granule). */
#include <pilot/vmsa.h>

#define T0SZ_MIN 16u
#define T0SZ_MAX 39u /* 25 bits of input */

#define OUTPUT 0x0000fffffffff000ull /* 48 bits: no FEAT_LPA */

/* hierarchical permissions in a table descriptor (D8.4.1.3) */
#define PXN_TABLE   (1ull << 59)
#define XN_TABLE    (1ull << 60)
#define AP_TABLE_EL1 (1ull << 61)
#define AP_TABLE_RO (1ull << 62)

/* bits of input address below the field that indexes @level */
static unsigned int level_shift(unsigned int level)
{
	return 39 - 9 * level;
}

/* D8.2.3: the level that resolves the topmost bits; at most 9 bits per level above the 12 of the page */
static unsigned int start_level(unsigned int bits)
{
	return 4 - (bits - 12 + 8) / 9;
}

static void inherit(uint64_t table, struct pil_leaf *leaf)
{
	leaf->ro |= !!(table & AP_TABLE_RO);
	leaf->priv |= !!(table & AP_TABLE_EL1);
	leaf->xn |= !!(table & (PXN_TABLE | XN_TABLE));
}

static int finish(uint64_t desc, unsigned int level, uint64_t va, struct pil_leaf *leaf, struct pil_why *why)
{
	uint64_t size = 1ull << level_shift(level);

	/* level 0 has no blocks; a page without bit 1 is reserved; without access flag the SMMU would fault, too */
	if (level == 0 || (level == 3 && !(desc & PIL_VMSA_TABLE)) || !(desc & PIL_VMSA_AF))
		return pil_fail(why, PIL_R_MMU_TRANSLATION, va, level);
	leaf->pa = (desc & OUTPUT & ~(size - 1)) | (va & (size - 1));
	leaf->desc = desc;
	leaf->level = level;
	leaf->size = size;
	leaf->ro |= !!(desc & PIL_VMSA_AP_RO);
	leaf->priv |= !(desc & PIL_VMSA_AP_EL0);
	leaf->xn |= !!(desc & (PIL_VMSA_XN | PIL_VMSA_PXN));
	return 0;
}

int pil_vmsa_walk(const struct pil_phys *phys, uint64_t ttb, unsigned int t0sz, uint64_t va, struct pil_leaf *leaf,
		  struct pil_why *why)
{
	uint64_t table = ttb & 0x0000fffffffffff0ull;
	unsigned int bits = 64 - t0sz;

	*leaf = (struct pil_leaf){ 0 };
	if (t0sz < T0SZ_MIN || t0sz > T0SZ_MAX || va >> bits)
		return pil_fail(why, PIL_R_MMU_ADDRESS_SIZE, va, t0sz <= 64 ? bits : 0);
	/* the root may have fewer entries than a page: the bits above the region are zero, as just checked */
	for (unsigned int level = start_level(bits); level < 4; level++) {
		uint64_t pa = table + ((va >> level_shift(level)) & 511) * 8;
		uint64_t desc = 0;

		if (phys->read64(phys->ctx, pa, &desc) < 0)
			return pil_fail(why, PIL_R_MMU_READ, pa, level);
		if (!(desc & PIL_VMSA_VALID))
			return pil_fail(why, PIL_R_MMU_TRANSLATION, va, level);
		if (level == 3 || !(desc & PIL_VMSA_TABLE))
			return finish(desc, level, va, leaf, why);
		inherit(desc, leaf);
		table = desc & OUTPUT;
	}
	return pil_fail(why, PIL_R_MMU_TRANSLATION, va, 3);
}
