/* SPDX-License-Identifier: BSD-2-Clause */
/* Reasons: from a number to its name and a sentence. */
#include <stddef.h>

#include <pilot/error.h>

#include "text.h"

/* firmware that sees no container needs no room for what it would say of one */
#ifdef PIL_WHY_WITHOUT_CONTAINERS
#define PIL_REASONS_WITHOUT_CONTAINERS
#endif

/*
 * Names and sentences, one behind the other, and where each begins: in firmware a pointer would take four times as much as a distance,
 * for hundreds of them
 */
static const struct {
	char name_NONE[sizeof("NONE")];
	char text_NONE[sizeof("no error")];
#define X(name, class, text)                                                                                           \
	char name_##name[sizeof(#name)];                                                                               \
	char text_##name[sizeof(text)];
#include <pilot/reasons.h>
#undef X
} strings = {
	"NONE",
	"no error",
#define X(name, class, text) #name, text,
#include <pilot/reasons.h>
#undef X
};

#define AT(member) ((uint16_t)offsetof(__typeof__(strings), member))

static const struct {
	uint16_t name;
	uint16_t text;
} reasons[PIL_R_COUNT] = {
	[PIL_R_NONE] = { AT(name_NONE), AT(text_NONE) },
#define X(name, class, text) [PIL_R_##name] = { AT(name_##name), AT(text_##name) },
#include <pilot/reasons.h>
#undef X
};

_Static_assert(sizeof(strings) <= UINT16_MAX, "distances fit");

static const char *string_at(uint16_t distance)
{
	return (const char *)&strings + distance;
}

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
	return (unsigned int)reason < PIL_R_COUNT ? string_at(reasons[reason].name) : "?";
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
		s = string_at(reasons[why->reason].text);
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
