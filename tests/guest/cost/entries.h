/* SPDX-License-Identifier: BSD-2-Clause */
/* What building a translation table took, seen in the table itself. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include <stdint.h>

#include <pilot/vmsa.h>

/**
 * struct table_count - of a table in which nothing was replaced, so that each entry was written once
 * @pages:  pages that it has taken, with the root's
 * @tables: entries that lead to a page of entries
 * @leaves: entries that lead to memory, of whatever size
 */
struct table_count {
	uint64_t pages;
	uint64_t tables;
	uint64_t leaves;
};

struct table_count table_count(const struct pil_vmsa *t);

#endif
