/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Granule protection tables (Arm ARM D9, FEAT_RME): which physical address spaces may reach a granule of memory. For 4 GiB of
 * physical addresses, in granules of 64 KiB, with an entry of level 0 for each GiB. What no entry is made for, anybody may reach.
 */
#ifndef PILOT_GPT_H
#define PILOT_GPT_H

#include <stdint.h>

#include <pilot/error.h>

#define PIL_GPT_GRANULE	  UINT64_C(0x10000)
#define PIL_GPT_REGION	  UINT64_C(0x40000000) /* what an entry of level 0 covers */
#define PIL_GPT_L0_WORDS  4u
#define PIL_GPT_L1_WORDS  1024u /* 16 granules each */
#define PIL_GPT_L0_ALIGN  4096u
#define PIL_GPT_L1_ALIGN  8192u
#define PIL_GPT_ADDRESSES (PIL_GPT_L0_WORDS * PIL_GPT_REGION)

/** enum pil_gpi - who may reach a granule (Arm ARM D9.5) */
enum pil_gpi {
	PIL_GPI_NOBODY = 0x0,
	PIL_GPI_SECURE = 0x8,
	PIL_GPI_NONSECURE = 0x9,
	PIL_GPI_ROOT = 0xa,
	PIL_GPI_ANYBODY = 0xf,
};

/**
 * struct pil_gpt - a table
 * @l0:    PIL_GPT_L0_WORDS words, aligned to PIL_GPT_L0_ALIGN
 * @l1:    tables of level 1, aligned to PIL_GPT_L1_ALIGN; taken as regions need them
 * @l1_pa: physical address of @l1
 * @count: tables in @l1
 * @used:  taken ones
 */
struct pil_gpt {
	uint64_t *l0;
	uint64_t (*l1)[PIL_GPT_L1_WORDS];
	uint64_t l1_pa;
	unsigned int count;
	unsigned int used;
};

/**
 * pil_gpt_init() - a table by which anybody may reach everything
 * @t: filled
 * @l0, @l1, @l1_pa, @count: see struct pil_gpt
 * Return: nothing
 */
void pil_gpt_init(struct pil_gpt *t, uint64_t *l0, uint64_t (*l1)[PIL_GPT_L1_WORDS], uint64_t l1_pa,
		  unsigned int count);

/**
 * pil_gpt_set() - say who may reach a range
 * @t:    table; may be in use: each entry changes at once, a walker sees its old or its new value
 * @base: multiple of PIL_GPT_GRANULE
 * @size: bytes, multiple of PIL_GPT_GRANULE, not 0; all below PIL_GPT_ADDRESSES
 * @gpi:  who
 * @why:  reason of a failure, or NULL
 *
 * What CPUs have cached of the table is the caller's business. Two calls at once are not allowed.
 *
 * Return: 0; -PIL_EARG (MMU_ALIGN); -PIL_ERANGE (MMU_ADDRESS_SIZE); -PIL_ENOMEM (MMU_TABLE_FULL). After the last, and only then,
 * a part of the range may have been set.
 */
int pil_gpt_set(struct pil_gpt *t, uint64_t base, uint64_t size, enum pil_gpi gpi, struct pil_why *why);

/**
 * pil_gpt_get() - who may reach an address
 * @t: table
 * @address: any
 * Return: as the hardware finds it; PIL_GPI_NONSECURE from PIL_GPT_ADDRESSES on, which no table covers
 */
enum pil_gpi pil_gpt_get(const struct pil_gpt *t, uint64_t address);

#endif
