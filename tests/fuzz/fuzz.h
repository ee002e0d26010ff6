/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fuzz target needs: its entry point, and a check that holds whatever the compiler's options. */
#ifndef PILOT_TESTS_FUZZ_H
#define PILOT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <pilot/crypto.h>
#include <pilot/error.h>

#define FUZZ_CHECK(condition)                                                                                          \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* a result is 0, or a failure whose reason is of its class and can be told */
static inline void fuzz_check_result(int ret, const struct pil_why *why)
{
	char text[256] = { 0 };

	if (!ret)
		return;
	FUZZ_CHECK(ret < 0);
	FUZZ_CHECK(why->reason > PIL_R_NONE && why->reason < PIL_R_COUNT);
	FUZZ_CHECK(ret == -(int)pil_reason_class(why->reason));
	FUZZ_CHECK(pil_why_text(why, text, sizeof(text)) > 0);
}

/* @piece lies in @whole, or is empty */
static inline void fuzz_check_inside(struct pil_bytes piece, struct pil_bytes whole)
{
	if (!piece.size)
		return;
	FUZZ_CHECK(piece.data >= whole.data);
	FUZZ_CHECK(piece.size <= whole.size);
	FUZZ_CHECK((size_t)(piece.data - whole.data) <= whole.size - piece.size);
}

#endif
