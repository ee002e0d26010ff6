/* SPDX-License-Identifier: BSD-2-Clause */
/* The load plan: where every segment of an image goes, and what is zeroed, before a single byte is moved. */
#ifndef PILOT_PLAN_H
#define PILOT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/elf.h>
#include <pilot/error.h>

#define PIL_PLAN_MAX 64u /* loadable segments; the most of any real file is 50 */

/** struct pil_range - physical memory: @base, @size bytes */
struct pil_range {
	uint64_t base;
	uint64_t size;
};

/**
 * struct pil_placement - one loadable segment
 * @index:  program header index, which is its hash table index too
 * @dest:   physical address
 * @filesz: bytes that come from the file
 * @memsz:  bytes in memory; the rest is zero
 * @offset: where its bytes are in the file
 */
struct pil_placement {
	unsigned int index;
	uint64_t dest;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t offset;
};

/**
 * struct pil_plan - all of them, in ascending order of @dest
 * @relocatable:  any loadable segment is marked relocatable: the image goes to the start of its memory
 * @lowest:       lowest p_paddr of a loadable segment
 * @base:         where the byte of address @lowest goes: @lowest itself until pil_plan_place() moves it
 * @span:         bytes from there to the page-aligned end of the highest, what MEM_SETUP is called with
 * @entry_inside: the entry point is an address of a loaded segment (by p_paddr). Several real images have theirs
 *                elsewhere, so that is no error here; but no core can be started on such an image (PLAN_ENTRY).
 * @entry:        physical address of the entry point, moved like the segments; 0 when not @entry_inside
 * @count:        segments
 * @seg:          the segments
 */
struct pil_plan {
	bool relocatable;
	uint64_t lowest;
	uint64_t base;
	uint64_t span;
	bool entry_inside;
	uint64_t entry;
	unsigned int count;
	struct pil_placement seg[PIL_PLAN_MAX];
};

/**
 * pil_plan_measure() - what an image needs, before its place is known
 * @elf:  headers
 * @plan: result; addresses as in the file
 * @why:  reason of a failure, or NULL
 *
 * A segment is loaded when it is PT_LOAD, not of type hash, and p_memsz is not 0 (as Linux's mdt_loader has it).
 * Overlapping segments are refused here: the secure world cannot vouch for bytes that two entries claim.
 * After a failure @plan is all zero.
 *
 * Return: 0; -PIL_EFORMAT (PLAN_EMPTY, PLAN_TOO_MANY, PLAN_OVERLAP, ELF_FILESZ, ELF_SEGMENT_WRAP)
 */
int pil_plan_measure(const struct pil_elf *elf, struct pil_plan *plan, struct pil_why *why);

/**
 * pil_plan_place() - decide the addresses
 * @plan:  from pil_plan_measure(); changed only on success
 * @where: the memory that the image gets. Relocatable: it goes to its start. Otherwise p_paddr counts.
 * @why:   reason of a failure, or NULL
 *
 * May be called again with another place.
 *
 * Return: 0 or -PIL_ERANGE (PLAN_OUTSIDE)
 */
int pil_plan_place(struct pil_plan *plan, struct pil_range where, struct pil_why *why);

/**
 * pil_range_wraps() - does the range end at or past the end of the address space, 2^64?
 * Return: true if so; such a range is never to be trusted
 */
bool pil_range_wraps(struct pil_range range);

/**
 * pil_range_contains() - does @outer contain all of @inner?
 * Return: false also when either wraps round or @inner is empty
 */
bool pil_range_contains(struct pil_range outer, struct pil_range inner);

/**
 * pil_range_overlaps() - have the two a byte in common?
 * Return: true also when either wraps round (a range that cannot be trusted overlaps everything)
 */
bool pil_range_overlaps(struct pil_range a, struct pil_range b);

#endif
