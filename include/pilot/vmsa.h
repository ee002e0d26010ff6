/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMSAv8-64 translation tables with 4 KiB granule: build and walk, stage 1 and stage 2 (Arm ARM, D8).
 * The monitor, the service and the shim build their own tables with it; the shim walks the host's.
 */
#ifndef PILOT_VMSA_H
#define PILOT_VMSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

/* descriptor bits, leaf entries (Arm ARM D8.3) */
#define PIL_VMSA_VALID	   (1ull << 0)
#define PIL_VMSA_TABLE	   (1ull << 1)		/* table at levels 0 to 2, page at level 3 */
#define PIL_VMSA_ATTR(i)   ((uint64_t)(i) << 2) /* stage 1: index into MAIR */
#define PIL_VMSA_S2ATTR(a) ((uint64_t)(a) << 2) /* stage 2: memory type itself */
#define PIL_VMSA_NS	   (1ull << 5)		/* stage 1, Secure state: output is Non-secure */
#define PIL_VMSA_AP_EL0	   (1ull << 6)
#define PIL_VMSA_AP_RO	   (1ull << 7)
#define PIL_VMSA_S2_READ   (1ull << 6)
#define PIL_VMSA_S2_WRITE  (1ull << 7)
#define PIL_VMSA_SH_OUTER  (2ull << 8)
#define PIL_VMSA_SH_INNER  (3ull << 8)
#define PIL_VMSA_AF	   (1ull << 10)
#define PIL_VMSA_NG	   (1ull << 11)
#define PIL_VMSA_NSE	   (1ull << 11) /* EL3 of a CPU with RME, NS clear: output is Root, not Secure */
#define PIL_VMSA_PXN	   (1ull << 53)
#define PIL_VMSA_XN	   (1ull << 54) /* EL1&0: UXN; one-EL regimes and stage 2: XN */

/**
 * struct pil_vmsa - a table under construction
 * @pages:     memory for table pages, 4 KiB aligned, identity mapped or seen at @pages_pa by the hardware
 * @pages_pa:  physical address of @pages
 * @count:     how many pages there are
 * @used:      how many are taken; page 0 is the root
 * @start_level: level of the root: 0 or 1
 * @roots:     pages of the root; more than one only in stage 2, where they are concatenated (Arm ARM D8.2.2)
 */
struct pil_vmsa {
	uint64_t (*pages)[512];
	uint64_t pages_pa;
	unsigned int count;
	unsigned int used;
	unsigned int start_level;
	unsigned int roots;
};

/**
 * pil_vmsa_init() - start an empty table
 * @t: filled; the root page is zeroed
 * @pages: see struct pil_vmsa
 * @pages_pa: see struct pil_vmsa
 * @count: at least 1
 * @start_level: 0 or 1
 * Return: nothing
 */
void pil_vmsa_init(struct pil_vmsa *t, uint64_t (*pages)[512], uint64_t pages_pa, unsigned int count,
		   unsigned int start_level);

/**
 * pil_vmsa_init_wide() - start an empty stage-2 table whose root is several pages at level 1
 * @t: filled; the root pages are zeroed
 * @pages: see struct pil_vmsa; the hardware wants @pages_pa to be a multiple of @roots pages
 * @pages_pa: see struct pil_vmsa
 * @count: at least @roots
 * @roots: 1, 2, 4, 8 or 16: input addresses have 39 to 43 bits
 * Return: nothing
 */
void pil_vmsa_init_wide(struct pil_vmsa *t, uint64_t (*pages)[512], uint64_t pages_pa, unsigned int count,
			unsigned int roots);

/**
 * pil_vmsa_map() - map a range, with the largest blocks that alignment allows
 * @t:     table
 * @va:    input address, multiple of 4 KiB
 * @pa:    output address, multiple of 4 KiB
 * @size:  bytes, multiple of 4 KiB, not 0
 * @attrs: lower and upper attributes of the leaf entries without VALID and TABLE (AF is added)
 * @why:   reason of a failure, or NULL
 *
 * What was mapped there before is replaced when the new leaf has the same size or covers it; a block in the way of smaller
 * pages is split. TLB maintenance is the caller's business.
 *
 * Return: 0; -PIL_EARG (MMU_ALIGN); -PIL_ERANGE (MMU_ADDRESS_SIZE); -PIL_ENOMEM (MMU_TABLE_FULL), then part of the
 * range may be mapped
 */
int pil_vmsa_map(struct pil_vmsa *t, uint64_t va, uint64_t pa, uint64_t size, uint64_t attrs, struct pil_why *why);

/**
 * pil_vmsa_unmap() - make a range lead nowhere
 * @t:    table
 * @va:   input address, multiple of 4 KiB
 * @size: bytes, multiple of 4 KiB, not 0
 * @why:  reason of a failure, or NULL
 *
 * A block that reaches out of the range is split. What is not mapped stays so. Table pages are not taken back: where a range
 * comes and goes in the same pieces, it needs no more of them after the first time. TLB maintenance is the caller's business.
 *
 * Return: 0; -PIL_EARG (MMU_ALIGN); -PIL_ERANGE (MMU_ADDRESS_SIZE); -PIL_ENOMEM (MMU_TABLE_FULL), then part of the
 * range may be unmapped
 */
int pil_vmsa_unmap(struct pil_vmsa *t, uint64_t va, uint64_t size, struct pil_why *why);

/**
 * struct pil_phys - how a walker reads physical memory that is not its own
 * @read64: reads the aligned 64-bit word at @pa; returns 0, or negative when the address must not be read
 * @ctx:    for @read64
 */
struct pil_phys {
	int (*read64)(void *ctx, uint64_t pa, uint64_t *value);
	void *ctx;
};

/**
 * struct pil_leaf - where an address leads
 * @pa:    output address of @va itself
 * @desc:  leaf descriptor
 * @level: 1 (1 GiB), 2 (2 MiB) or 3 (4 KiB)
 * @size:  bytes that the leaf covers
 * @ro:    stage 1: not writable, by leaf or by a table above it (APTable)
 * @priv:  stage 1: not for unprivileged accesses, by leaf (AP) or by a table above it (APTable)
 * @xn:    stage 1: not executable, by leaf or by a table above it (UXN or PXN, XNTable or PXNTable)
 */
struct pil_leaf {
	uint64_t pa;
	uint64_t desc;
	unsigned int level;
	uint64_t size;
	bool ro;
	bool priv;
	bool xn;
};

/**
 * pil_vmsa_walk() - walk a stage-1 table with 4 KiB granule, as a translation unit does
 * @phys:  how to read it
 * @ttb:   its root
 * @t0sz:  size of the input region: 64 - @t0sz bits; 16 to 39
 * @va:    address to look up
 * @leaf:  result
 * @why:   reason of a failure, or NULL
 *
 * Return: 0; -PIL_ERANGE (MMU_ADDRESS_SIZE, MMU_TRANSLATION: not mapped, or a descriptor without access flag or of a
 * reserved form); -PIL_EBOARD (MMU_READ)
 */
int pil_vmsa_walk(const struct pil_phys *phys, uint64_t ttb, unsigned int t0sz, uint64_t va, struct pil_leaf *leaf,
		  struct pil_why *why);

#endif
