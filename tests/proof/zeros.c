/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Is all of this zero?": the one loop over a hash segment that does not read through the cursor. By induction: the
 * loop's copy makes one turn, from any state in which the bytes before it are zero.
 */
#include "proof.h"

#define SIZE 4294967296 /* 4 GiB */

static struct pil_bytes whole;
static size_t at; /* any byte: what holds for it holds for each */

/* what is left is the end of the whole, and what is not left is zero */
static void claim_state(struct pil_bytes left)
{
	CLAIM(left.size <= whole.size && left.data == whole.data + (whole.size - left.size), "the end is left");
	CLAIM(at >= whole.size - left.size || !whole.data[at], "what was passed is zero");
}

static void any_zeros(struct pil_bytes *left)
{
	size_t passed = any_size(SIZE);

	claim_state(*left);
	ASSUME(passed <= whole.size && (at >= passed || !whole.data[at]));
	*left = (struct pil_bytes){ whole.data + passed, whole.size - passed };
}

static void next_zeros(struct pil_bytes left)
{
	claim_state(left);
	ASSUME(false);
}

#include "lib/image/mbn.c"

int main(void)
{
	size_t size = any_size(SIZE);

	at = any_size(SIZE);
	whole = (struct pil_bytes){ any_bytes(size), size };
	if (!pil_mbn_all_zero_(whole))
		return 0;
	CLAIM(at >= size || !whole.data[at], "every byte is zero");
	REACHED("bytes that are all zero");
	return 0;
}
