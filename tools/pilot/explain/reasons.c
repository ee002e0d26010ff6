/* SPDX-License-Identifier: BSD-2-Clause */
/* Why Pilot refuses: every reason of include/pilot/reasons.h with its sentence, its meaning and what to do. */
#include <ctype.h>
#include <string.h>

#include "explain/explain.h"

static const char *const names[PIL_R_COUNT] = {
#define X(name, class, text) [PIL_R_##name] = #name,
#include <pilot/reasons.h>
#undef X
};

static const char *const sentences[PIL_R_COUNT] = {
#define X(name, class, text) [PIL_R_##name] = text,
#include <pilot/reasons.h>
#undef X
};

/** struct row - an explanation, or the title of a section where @reason is PIL_R_NONE */
struct row {
	unsigned int reason;
	const char *text;
};

static const struct row rows[] = {
#define SECTION(title) { PIL_R_NONE, title },
#define X(name, text)  { PIL_R_##name, text },
#include "explain/reasons_image.def"
#include "explain/reasons_service.def"
#undef X
#undef SECTION
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

bool reason_help(unsigned int reason, struct reason_help *help)
{
	size_t i = 0;

	*help = (struct reason_help){ 0 };
	for (i = 0; i < ROWS && reason != PIL_R_NONE; i++) {
		if (rows[i].reason == PIL_R_NONE)
			help->section = rows[i].text;
		if (rows[i].reason == reason) {
			help->meaning = rows[i].text;
			return true;
		}
	}
	return false;
}

unsigned int reason_at(size_t index)
{
	size_t i = 0;

	for (i = 0; i < ROWS; i++)
		if (rows[i].reason != PIL_R_NONE && !index--)
			return rows[i].reason;
	return PIL_R_NONE;
}

const char *reason_name(unsigned int reason)
{
	return reason < PIL_R_COUNT ? names[reason] : NULL;
}

const char *reason_sentence(unsigned int reason)
{
	return reason < PIL_R_COUNT ? sentences[reason] : NULL;
}

unsigned int reason_by_name(const char *name, size_t length)
{
	unsigned int i = 0;

	for (i = 0; i < PIL_R_COUNT; i++)
		if (names[i] && strlen(names[i]) == length && !memcmp(names[i], name, length))
			return i;
	return PIL_R_NONE;
}

/* @text is @sentence with numbers in place of {a}, {ax}, {b}, {bx} */
static bool says(const char *sentence, const char *text, size_t length)
{
	while (*sentence) {
		size_t piece = strcspn(sentence, "{");
		uint64_t number = 0;
		size_t n = 0;

		if (piece > length || memcmp(sentence, text, piece))
			return false;
		sentence += piece;
		text += piece;
		length -= piece;
		if (!*sentence)
			break;
		n = match_number(text, length, 16, &number);
		if (!n)
			return false;
		sentence += strcspn(sentence, "}") + 1;
		text += n;
		length -= n;
	}
	return !length;
}

unsigned int reason_by_text(const char *text, size_t length)
{
	size_t at = 0;
	unsigned int i = 0;

	/* sentences begin where the text does, or behind a colon */
	for (at = 0; at < length; at++) {
		if (at && (at < 2 || text[at - 1] != ' ' || text[at - 2] != ':'))
			continue;
		for (i = 0; i < PIL_R_COUNT; i++)
			if (sentences[i] && says(sentences[i], text + at, length - at))
				return i;
	}
	return PIL_R_NONE;
}
