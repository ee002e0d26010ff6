/* SPDX-License-Identifier: BSD-2-Clause */
#include "entries.h"

/* every page but the root's is led to by one entry, so the level of an entry need not be known */
struct table_count table_count(const struct pil_vmsa *t)
{
	struct table_count count = { .pages = t->used, .tables = t->used - t->roots };
	uint64_t written = 0;

	for (unsigned int page = 0; page < t->used; page++)
		for (unsigned int i = 0; i < 512; i++)
			written += (t->pages[page][i] & PIL_VMSA_VALID) != 0;
	count.leaves = written - count.tables;
	return count;
}
