/* SPDX-License-Identifier: BSD-2-Clause */
/* Reasons: from a number to its name and a sentence. */
#include <pilot/error.h>

#include "text.h"

struct reason_entry {
	const char *name;
	const char *text;
};

static const struct reason_entry reasons[PIL_R_COUNT] = {
	[PIL_R_NONE] = { "NONE", "no error" },
#define X(name, class, text) [PIL_R_##name] = { #name, text },
#include <pilot/reasons.h>
#undef X
};

static const char *const error_names[] = {
	[PIL_OK] = "ok",
	[PIL_ETRUNC] = "truncated",
	[PIL_EFORMAT] = "malformed",
	[PIL_EVERSION] = "unknown version",
	[PIL_EUNSUPPORTED] = "not supported",
	[PIL_EAUTH] = "not genuine",
	[PIL_EBINDING] = "not for this device",
	[PIL_ERANGE] = "out of range",
	[PIL_EARG] = "bad argument",
	[PIL_ESTATE] = "wrong state",
	[PIL_EBUSY] = "busy",
	[PIL_ENOMEM] = "out of memory",
	[PIL_EBOARD] = "board failure",
	[PIL_ENOENT] = "not found",
	[PIL_EBUFFER] = "buffer too small",
};

const char *pil_reason_name(enum pil_reason reason)
{
	return (unsigned int)reason < PIL_R_COUNT ? reasons[reason].name : "?";
}

const char *pil_error_name(int error)
{
	unsigned int class = error < 0 ? 0u - (unsigned int)error : (unsigned int)error;

	return class < sizeof(error_names) / sizeof(error_names[0]) ? error_names[class] : "?";
}

/* @s points behind '{'; writes the number and returns how many characters the placeholder has, 0 if it is none */
static size_t put_placeholder(struct pil_text *t, const char *s, const struct pil_why *why)
{
	uint64_t value = 0;

	if (s[0] != 'a' && s[0] != 'b')
		return 0;
	value = s[0] == 'a' ? why->a : why->b;
	if (s[1] == '}') {
		pil_text_dec(t, value);
		return 2;
	}
	if (s[1] == 'x' && s[2] == '}') {
		pil_text_hex(t, value);
		return 3;
	}
	return 0;
}

size_t pil_why_text(const struct pil_why *why, char *buf, size_t size)
{
	struct pil_text t = { .buf = buf, .size = size };
	const char *s = "unknown reason {a}";

	if (!size)
		return 0;
	if ((unsigned int)why->reason < PIL_R_COUNT)
		s = reasons[why->reason].text;
	while (*s) {
		size_t skip = *s == '{' ? put_placeholder(&t, s + 1, why) : 0;

		if (skip) {
			s += 1 + skip;
		} else {
			pil_text_char(&t, *s);
			s++;
		}
	}
	return pil_text_end(&t);
}
