/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strings that look like last words. A firmware has thousands of strings, and nothing says which of them it has said; those
 * with a word of misfortune in them, in memory that it can write above all, are worth a look.
 */
#include <ctype.h>
#include <string.h>

#include "dump/last_words.h"

#define STRING_LEAST 12u
#define STRINGS_MAX  12u /* of one file */

static bool has_word(const uint8_t *text, size_t size, const char *word)
{
	size_t length = strlen(word);
	size_t i = 0;
	size_t k = 0;

	for (i = 0; i + length <= size; i++) {
		for (k = 0; k < length && tolower(text[i + k]) == word[k]; k++)
			;
		if (k == length)
			return true;
	}
	return false;
}

/* a template of printf() has not been said, in that form */
static bool looks_like_last_words(const uint8_t *text, size_t size)
{
	static const char *const misfortune[] = { "fatal", "assert",	 "panic",   "exception",
						  "crash", "watchdog",	 "abort",   "stack overflow",
						  "err_",  "page fault", "tlb miss" };
	size_t i = 0;

	if (memchr(text, '%', size))
		return false;
	for (i = 0; i < sizeof(misfortune) / sizeof(misfortune[0]); i++)
		if (has_word(text, size, misfortune[i]))
			return true;
	return false;
}

static bool is_text(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

void strings_find(struct last_words *words, const struct core *core, unsigned int region)
{
	const struct core_region *r = &core->region[region];
	size_t begin = 0;
	size_t at = 0;

	for (at = 0; at <= r->present; at++) {
		if (at < r->present && is_text(r->data[at]))
			continue;
		if (at - begin >= STRING_LEAST && looks_like_last_words(r->data + begin, at - begin)) {
			if (words->count < STRINGS_MAX)
				words_add(words, WORDS_STRING, region, r->address + begin, 0, r->data + begin,
					  at - begin);
			else
				words->hidden++;
		}
		begin = at + 1;
	}
}
