/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resource table that GET_RSCTABLE answers with: which memory Linux maps for a peripheral before it loads anything.
 * Only DEVMEM entries are built: for a CARVEOUT entry Linux would allocate memory of its own and map that.
 */
#ifndef PILOT_RSC_TABLE_H
#define PILOT_RSC_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

#define PIL_RSC_MAX	 64u /* entries of a table, built or checked */
#define PIL_RSC_NAME_MAX 31u /* characters of a name */

/* flags of an entry, as iommu_map() of Linux takes them */
#define PIL_RSC_READ   (1u << 0)
#define PIL_RSC_WRITE  (1u << 1)
#define PIL_RSC_CACHE  (1u << 2)
#define PIL_RSC_NOEXEC (1u << 3)
#define PIL_RSC_MMIO   (1u << 4)
#define PIL_RSC_PRIV   (1u << 5)

/**
 * struct pil_rsc_entry - memory that a peripheral needs mapped
 * @name:  for people, NUL-terminated, at most PIL_RSC_NAME_MAX characters; NULL: none
 * @da:    address that the peripheral uses
 * @pa:    physical address
 * @len:   bytes
 * @flags: PIL_RSC_READ and so on
 *
 * The table has 32 bits for each number; [@da, @da + @len) and [@pa, @pa + @len) must end at 2^32 or below.
 */
struct pil_rsc_entry {
	const char *name;
	uint64_t da;
	uint64_t pa;
	uint64_t len;
	uint32_t flags;
};

/**
 * pil_rsc_size() - length of a table
 * @count: entries
 *
 * Return: bytes; 0 when @count is more than PIL_RSC_MAX
 */
size_t pil_rsc_size(size_t count);

/**
 * pil_rsc_build() - write a table of DEVMEM entries
 * @entries: what it lists; may be NULL when @count is 0
 * @count:   how many, up to PIL_RSC_MAX
 * @buf:     where it goes; may be NULL when @size is 0
 * @size:    bytes at @buf
 * @needed:  result: length of the table, also after RSC_BUFFER; 0 after any other failure
 * @why:     reason of a failure, or NULL
 *
 * Nothing is written after a failure.
 *
 * Return: 0; -PIL_EFORMAT (RSC_COUNT); -PIL_EARG (RSC_EMPTY, RSC_NAME); -PIL_ERANGE (RSC_32BIT); -PIL_EBUFFER
 * (RSC_BUFFER)
 */
int pil_rsc_build(const struct pil_rsc_entry *entries, size_t count, void *buf, size_t size, size_t *needed,
		  struct pil_why *why);

/**
 * pil_rsc_check() - is this a well-formed table?
 * @table: its bytes
 * @size:  how many; more than the table is fine
 * @why:   reason of a failure, or NULL
 *
 * Version 1, or the header of zeros that Linux sends when the firmware file has no table. Entries of types 0 to 3 must
 * lie in @size with all their fields and have reserved fields of zero. Of other types (vendor's, or ones that Linux
 * skips) only the type must be there.
 *
 * Return: 0; -PIL_ETRUNC (RSC_SHORT, RSC_OFFSET); -PIL_EVERSION (RSC_VERSION); -PIL_EFORMAT (RSC_COUNT, RSC_INSIDE,
 * RSC_RESERVED, RSC_HEADER_RESERVED)
 */
int pil_rsc_check(const void *table, size_t size, struct pil_why *why);

#endif
