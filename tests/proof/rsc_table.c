/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The check of a resource table that a host or a file brings. By induction over its entries: the loop's copy makes one
 * turn, for any entry and with the cursor anywhere in the table.
 */
#include "proof.h"

#define SIZE 4294967296 /* 4 GiB */

/* the state before any turn but the first */
static void any_entry(struct pil_cursor *c, unsigned int *index)
{
	CLAIM(c->pos <= c->size, "the cursor stands in the table");
	any_cursor(c, SIZE);
	*index = nondet_uint();
}

static void next_entry(const struct pil_cursor *c, int ret)
{
	CLAIM(c->pos <= c->size, "the cursor stays in the table");
	ASSUME(ret);
}

#include "lib/image/rsc_table.c"

int main(void)
{
	struct pil_why why = { 0 };
	size_t size = any_size(SIZE);
	uint8_t *data = NULL;
	int ret = 0;

	data = any_bytes(size);
	ret = pil_rsc_check(data, size, &why);
	claim_result(ret, &why);
	if (ret)
		return 0;
	CLAIM(size >= sizeof(struct pil_rsc_header_wire), "a table has a header");
	REACHED("an accepted table");
	return 0;
}
