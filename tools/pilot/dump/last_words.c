/* SPDX-License-Identifier: BSD-2-Clause */
/* Last words: the note of Pilot's own programs, and whatever else can be found. */
#include <string.h>

#include <pilot/cursor.h>

#include "bytes.h"
#include "dump/last_words.h"

const char *words_source_name(enum words_source source)
{
	static const char *const names[WORDS_SOURCES] = {
		[WORDS_NOTE] = "note",
		[WORDS_SMEM] = "smem",
		[WORDS_STRING] = "string",
	};

	return names[source];
}

/* up to a NUL; bytes from outside do not reach the terminal as they are */
static void printable(char *to, size_t room, const uint8_t *from, size_t size)
{
	size_t i = 0;

	for (i = 0; i < size && i + 1 < room && from[i]; i++)
		to[i] = from[i] >= 0x20 && from[i] < 0x7f ? (char)from[i] : '?';
	to[i] = '\0';
}

void words_add(struct last_words *words, enum words_source source, unsigned int region, uint64_t address,
	       unsigned int item, const uint8_t *text, size_t size)
{
	struct words *w = &words->words[words->count];

	if (words->count == WORDS_MAX) {
		words->hidden++;
		return;
	}
	*w = (struct words){ .source = source, .region = region, .address = address, .item = item };
	printable(w->text, sizeof(w->text), text, size);
	words->count++;
}

static void read_lines(struct last_words *words, const uint8_t *lines)
{
	unsigned int count = words->said < PIL_NOTE_LINES ? words->said : PIL_NOTE_LINES;
	unsigned int i = 0;

	for (i = 0; i < count; i++)
		printable(words->line[i], sizeof(words->line[i]),
			  lines + (words->said - count + i) % PIL_NOTE_LINES * PIL_NOTE_LINE, PIL_NOTE_LINE);
	words->lines = count;
}

/* false: it only begins like one */
static bool read_note(struct last_words *words, const struct core_region *r, unsigned int region, size_t at)
{
	struct pil_cursor c = { 0 };
	struct pil_bytes text = { 0 };
	struct pil_bytes lines = { 0 };
	unsigned int i = 0;

	pil_cursor_init(&c, r->data + at, r->present - at);
	pil_cursor_skip(&c, 8);
	if (pil_cursor_u32(&c) != sizeof(struct pil_note_wire))
		return false;
	words->cause = pil_cursor_u32(&c);
	for (i = 0; i < PIL_NOTE_X; i++)
		words->x[i] = pil_cursor_u64(&c);
	words->sp = pil_cursor_u64(&c);
	words->pc = pil_cursor_u64(&c);
	words->said = pil_cursor_u32(&c);
	pil_cursor_skip(&c, 4);
	text = pil_cursor_bytes(&c, PIL_REMOTE_TEXT);
	lines = pil_cursor_bytes(&c, PIL_NOTE_LINES * PIL_NOTE_LINE);
	if (pil_cursor_failed(&c))
		return false;
	words->has_note = true;
	words->note_address = r->address + at;
	if (words->cause == PIL_NOTE_FATAL)
		words_add(words, WORDS_NOTE, region, words->note_address + offsetof(struct pil_note_wire, text), 0,
			  text.data, text.size);
	read_lines(words, lines.data);
	return true;
}

static void find_note(struct last_words *words, const struct core *core, unsigned int region)
{
	const struct core_region *r = &core->region[region];
	size_t at = 0;

	for (at = 0; !words->has_note && at + 8 <= r->present; at += 8)
		if (get_le64(r->data + at) == PIL_NOTE_MAGIC_VALUE && read_note(words, r, region, at))
			return;
}

void last_words_find(struct last_words *words, const struct core *core)
{
	unsigned int i = 0;

	*words = (struct last_words){ 0 };
	for (i = 0; i < core->count; i++)
		if (core->region[i].contents == CONTENTS_DATA)
			find_note(words, core, i);
	for (i = 0; i < core->count; i++)
		if (core->region[i].contents == CONTENTS_DATA)
			smem_find(words, core, i);
	/* who left a note has said it all: the program's other strings are noise */
	for (i = 0; i < core->count && !words->has_note; i++)
		if (core->region[i].contents == CONTENTS_DATA)
			strings_find(words, core, i);
}
