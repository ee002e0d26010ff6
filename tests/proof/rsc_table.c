/* SPDX-License-Identifier: BSD-2-Clause */
/* The check of a resource table that a host or a file brings. */
#include <pilot/rsc_table.h>

#include "proof.h"

#define SIZE 320u /* a header and four entries of any type, or 64 offsets that point at nearly nothing */

int main(void)
{
	struct pil_why why = { 0 };
	size_t size = any_size(SIZE);
	uint8_t *data = NULL;
	int ret = 0;

	data = any_bytes(size);
	ret = pil_rsc_check(data, size, &why);
	claim_result(ret, &why);
	if (!ret)
		REACHED("an accepted table");
	return 0;
}
