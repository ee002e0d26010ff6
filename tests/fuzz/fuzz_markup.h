/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds of any picture or page that the tool makes: tags are closed in their order, and nothing from outside became one. */
#ifndef PILOT_TESTS_FUZZ_MARKUP_H
#define PILOT_TESTS_FUZZ_MARKUP_H

#include <stdlib.h>
#include <string.h>

#include "../../tools/pilot/buffer.h"
#include "fuzz.h"

#define FUZZ_TAGS 64u

struct fuzz_tag {
	const char *name;
	size_t length;
};

/* has HTML an end for it? "meta", "!DOCTYPE", "?xml" have none */
static inline bool fuzz_tag_ends(const struct fuzz_tag *t)
{
	return *t->name != '!' && *t->name != '?' && !(t->length == 4 && !memcmp(t->name, "meta", 4));
}

/* behind a tag that begins at @at; values are in double quotes and have no < */
static inline size_t fuzz_tag_end(const char *text, size_t size, size_t at)
{
	bool quoted = false;

	for (at++; at < size && (quoted || text[at] != '>'); at++) {
		quoted ^= text[at] == '"';
		FUZZ_CHECK(text[at] != '<');
	}
	FUZZ_CHECK(at < size);
	return at + 1;
}

static inline void fuzz_check_markup(struct buffer *b)
{
	const char *text = (const char *)b->data;
	struct fuzz_tag open[FUZZ_TAGS] = { 0 };
	unsigned int depth = 0;
	size_t at = 0;

	FUZZ_CHECK(!b->failed && b->size);
	while (at < b->size) {
		struct fuzz_tag tag = { text + at + 1, 0 };
		bool closes = false;
		size_t end = 0;

		FUZZ_CHECK((unsigned char)text[at] >= 0x20 || text[at] == '\n' || text[at] == '\t');
		if (text[at] != '<') {
			at++;
			continue;
		}
		closes = text[at + 1] == '/';
		tag.name += closes;
		tag.length = strcspn(tag.name, " />\n");
		end = fuzz_tag_end(text, b->size, at);
		if (closes) {
			FUZZ_CHECK(depth && open[depth - 1].length == tag.length);
			FUZZ_CHECK(!memcmp(open[depth - 1].name, tag.name, tag.length));
			depth--;
		} else if (text[end - 2] != '/' && fuzz_tag_ends(&tag)) {
			FUZZ_CHECK(depth < FUZZ_TAGS);
			open[depth++] = tag;
		}
		at = end;
	}
	FUZZ_CHECK(!depth);
	free(b->data);
	*b = (struct buffer){ 0 };
}

#endif
