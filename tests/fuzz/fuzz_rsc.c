/* SPDX-License-Identifier: BSD-2-Clause */
/* Resource tables of a host, and tables built from arbitrary entries, which must pass the same check. */
#include <pilot/cursor.h>
#include <pilot/rsc_table.h>

#include "fuzz.h"

static void check_built(const uint8_t *data, size_t size)
{
	static uint8_t table[8192];
	struct pil_rsc_entry entries[8] = { 0 };
	struct pil_cursor c = { 0 };
	struct pil_why why = { 0 };
	size_t needed = 0;
	size_t i = 0;
	int ret = 0;

	pil_cursor_init(&c, data, size);
	for (i = 0; i < 8; i++) {
		entries[i].name = "fuzz";
		entries[i].da = pil_cursor_u64(&c) >> 16; /* so that some fit */
		entries[i].pa = pil_cursor_u64(&c) >> 16;
		entries[i].len = pil_cursor_u64(&c) >> 16;
		entries[i].flags = pil_cursor_u32(&c);
		if (pil_cursor_failed(&c))
			break;
	}
	ret = pil_rsc_build(entries, i, table, sizeof(table), &needed, &why);
	fuzz_check_result(ret, &why);
	if (!ret)
		FUZZ_CHECK(needed == pil_rsc_size(i) && !pil_rsc_check(table, needed, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pil_why why = { 0 };

	fuzz_check_result(pil_rsc_check(data, size, &why), &why);
	check_built(data, size);
	return 0;
}
