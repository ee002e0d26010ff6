/* SPDX-License-Identifier: BSD-2-Clause */
/* Reasons and their classes. Apart from why.c, so that a program that shows no reasons carries none of their sentences. */
#include <pilot/error.h>

static const uint8_t classes[PIL_R_COUNT] = {
	[PIL_R_NONE] = PIL_OK,
#define X(name, class, text) [PIL_R_##name] = class,
#include <pilot/reasons.h>
#undef X
};

int pil_fail(struct pil_why *why, enum pil_reason reason, uint64_t a, uint64_t b)
{
	/* a failure is one, whatever became of its reason on the way (an instruction that the processor skipped) */
	if (reason == PIL_R_NONE)
		reason = PIL_R_CRYPTO_INTERNAL;
	if (why)
		*why = (struct pil_why){ .reason = reason, .a = a, .b = b };
	return -(int)pil_reason_class(reason);
}

enum pil_error pil_reason_class(enum pil_reason reason)
{
	return (unsigned int)reason < PIL_R_COUNT ? (enum pil_error)classes[reason] : PIL_EFORMAT;
}
