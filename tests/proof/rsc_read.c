/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries and vrings of a resource table, whether it was checked before or not: any entry, and any vring of it. */
#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#include "proof.h"

#define SIZE 65536

int main(void)
{
	struct pil_rsc_item item = { 0 };
	struct pil_rsc_vring vring = { 0 };
	size_t size = any_size(SIZE);
	struct pil_bytes table = { any_bytes(size), size };

	(void)pil_rsc_count(table.data, size);
	if (pil_rsc_item(table.data, size, nondet_uint(), &item)) {
		CLAIM(!item.size && !item.name && !item.config.size && !item.vrings, "a failure leaves nothing behind");
		return 0;
	}
	CLAIM(item.size && item.offset <= size && item.size <= size - item.offset, "an entry is in the table");
	claim_inside((struct pil_bytes){ item.name, item.name ? PIL_RSC_NAME : 0 }, table);
	claim_inside(item.config, table);
	if (pil_rsc_vring(table.data, size, &item, nondet_uint(), &vring))
		CLAIM(!vring.num && !vring.bytes, "a failure leaves nothing behind");
	else
		REACHED("a vring");
	return 0;
}
