/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the fields of a message by a pattern of the table: text that must be there, and {fields} between. */
#include <ctype.h>
#include <string.h>

#include "explain/explain.h"

#define TRIES_MOST 16 /* places where one pattern may begin: more are in no message, and a hostile line costs no more */

/** enum form - what a field can be */
enum form {
	FORM_WORD, /* no blanks */
	FORM_TEXT, /* to the text that follows in the pattern, or the end */
	FORM_HEX,
	FORM_DECIMAL, /* may be negative */
};

static const struct {
	const char *name;
	enum form form;
} forms[FIELDS] = {
	[FIELD_NAME] = { "name", FORM_WORD },	    [FIELD_WHAT] = { "what", FORM_WORD },
	[FIELD_CLIENT] = { "client", FORM_TEXT },   [FIELD_FILE] = { "file", FORM_WORD },
	[FIELD_TYPE] = { "type", FORM_TEXT },	    [FIELD_REASON] = { "reason", FORM_TEXT },
	[FIELD_REQUEST] = { "request", FORM_WORD }, [FIELD_SKIP] = { "skip", FORM_TEXT },
	[FIELD_ERROR] = { "error", FORM_DECIMAL },  [FIELD_COUNT] = { "count", FORM_DECIMAL },
	[FIELD_ADDRESS] = { "address", FORM_HEX },  [FIELD_SID] = { "sid", FORM_HEX },
	[FIELD_SSID] = { "ssid", FORM_HEX },	    [FIELD_FSR] = { "fsr", FORM_HEX },
	[FIELD_FSYNR] = { "fsynr", FORM_HEX },	    [FIELD_GFSYNR0] = { "gfsynr0", FORM_HEX },
	[FIELD_GFSYNR1] = { "gfsynr1", FORM_HEX },  [FIELD_GFSYNR2] = { "gfsynr2", FORM_HEX },
	[FIELD_EVENT] = { "event", FORM_HEX },	    [FIELD_IPA] = { "ipa", FORM_HEX },
	[FIELD_CODE] = { "code", FORM_HEX },
};

static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10 : 16;
}

size_t match_number(const char *text, size_t length, unsigned int base, uint64_t *value)
{
	size_t begin = 0;
	size_t i = 0;
	uint64_t v = 0;

	if (length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' && digit_value(text[2]) < 16) {
		base = 16;
		begin = 2;
	}
	for (i = begin; i < length && digit_value(text[i]) < base; i++) {
		unsigned int digit = digit_value(text[i]);

		if (v > (UINT64_MAX - digit) / base)
			return 0;
		v = v * base + digit;
	}
	*value = v;
	return i > begin ? i : 0;
}

static size_t take_decimal(const char *text, size_t length, uint64_t *value)
{
	bool negative = length && text[0] == '-';
	size_t n = match_number(text + negative, length - negative, 10, value);

	if (!n || *value > INT64_MAX)
		return 0;
	if (negative)
		*value = (uint64_t) - (int64_t)*value;
	return n + negative;
}

/* where @piece begins in the text; @length: nowhere */
static size_t find_text(const char *text, size_t length, const char *piece, size_t piece_length)
{
	const char *at = text;
	const char *end = text + length;

	while ((size_t)(end - at) >= piece_length) {
		at = memchr(at, piece[0], (size_t)(end - at) - piece_length + 1);
		if (!at)
			return length;
		if (!memcmp(at, piece, piece_length))
			return (size_t)(at - text);
		at++;
	}
	return length;
}

/* text up to @next, which is what follows in the pattern; 0: it does not fit */
static size_t take_text(const char *text, size_t length, enum form form, const char *next)
{
	size_t next_length = strcspn(next, "{");
	size_t n = length;

	if (next_length) {
		n = find_text(text, length, next, next_length);
		if (n == length)
			return 0;
	}
	/* a word at a pattern's end is at the message's end */
	return form == FORM_WORD && memchr(text, ' ', n) ? 0 : n;
}

static enum field field_named(const char *name, size_t length)
{
	unsigned int i = 0;

	for (i = 0; i < FIELDS; i++)
		if (strlen(forms[i].name) == length && !memcmp(forms[i].name, name, length))
			return (enum field)i;
	return FIELD_SKIP;
}

/* one field at @text; returns its length, 0 when it does not fit */
static size_t take_field(enum field field, const char *text, size_t length, const char *next, struct match *match)
{
	size_t n = 0;

	if (forms[field].form == FORM_HEX)
		n = match_number(text, length, 16, &match->number[field]);
	else if (forms[field].form == FORM_DECIMAL)
		n = take_decimal(text, length, &match->number[field]);
	else
		n = take_text(text, length, forms[field].form, next);
	match->field[field] = (struct span){ text, n };
	match->have |= n ? 1u << field : 0;
	return n;
}

/* the pattern from @text on, which is where it must begin */
static bool match_at(const char *pattern, const char *text, size_t length, struct match *match)
{
	while (*pattern) {
		size_t n = strcspn(pattern, "{");

		if (n > length || memcmp(pattern, text, n))
			return false;
		pattern += n;
		text += n;
		length -= n;
		if (*pattern) {
			size_t name = strcspn(pattern, "}") - 1;
			enum field field = field_named(pattern + 1, name);

			pattern += name + 2;
			n = take_field(field, text, length, pattern, match);
			if (!n)
				return false;
			text += n;
			length -= n;
		}
	}
	return true;
}

/* "driver device" of what precedes the pattern, "driver device: " or "driver device: something: " */
static void read_source(const char *text, size_t length, struct match *match)
{
	size_t colon = find_text(text, length, ": ", 2);
	size_t blank = 0;

	while (blank < colon && text[blank] != ' ')
		blank++;
	if (blank < colon) {
		match->driver = (struct span){ text, blank };
		match->device = (struct span){ text + blank + 1, colon - blank - 1 };
	} else {
		match->device = (struct span){ text, colon };
	}
}

/* the next place behind @at where a message can begin: behind "device: ", or where the pattern's first piece of text is */
static size_t next_start(const struct message *m, const char *pattern, size_t literal, size_t at)
{
	size_t rest = m->length - at;
	size_t found =
		literal ? find_text(m->text + at, rest, pattern, literal) : find_text(m->text + at, rest, ": ", 2);

	if (found == rest)
		return m->length;
	return at + found + (literal ? 0 : 2);
}

bool match_pattern(const char *pattern, const struct message *m, struct match *match)
{
	size_t literal = strcspn(pattern, "{");
	size_t at = literal ? next_start(m, pattern, literal, 0) : 0;
	unsigned int tries = 0;

	for (tries = 0; at < m->length && tries < TRIES_MOST; tries++) {
		/* not in the middle of a word */
		if (!at || m->text[at - 1] == ' ') {
			*match = (struct match){ 0 };
			if (match_at(pattern, m->text + at, m->length - at, match)) {
				read_source(m->text, at, match);
				return true;
			}
		}
		at = next_start(m, pattern, literal, literal ? at + 1 : at);
	}
	return false;
}
