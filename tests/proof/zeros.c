/* SPDX-License-Identifier: BSD-2-Clause */
/* "Is all of this zero?": the one loop over a hash segment that does not read through the cursor. */
#include "mbn_format.h"
#include "proof.h"

#define SIZE 64u

int main(void)
{
	size_t size = any_size(SIZE);
	size_t at = any_size(SIZE);
	uint8_t *data = any_bytes(size);

	if (!pil_mbn_all_zero_((struct pil_bytes){ data, size }))
		return 0;
	if (at < size)
		CLAIM(!data[at], "every byte is zero");
	REACHED("bytes that are all zero");
	return 0;
}
