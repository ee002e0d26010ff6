/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a remote processor said before it stopped, as far as its memory tells: the note that Pilot's own programs leave
 * (include/pilot/wire/remote.h), the crash reason in SMEM, and otherwise strings that look like last words.
 */
#ifndef PILOT_TOOL_DUMP_LAST_WORDS_H
#define PILOT_TOOL_DUMP_LAST_WORDS_H

#include "dump/core.h"

#include <pilot/wire/remote.h>

#define WORDS_MAX  32u
#define WORDS_TEXT 200u
#define LINES_MAX  64u

/** enum words_source - how much a text can be believed to be the reason */
enum words_source {
	WORDS_NOTE = 0, /* the program's own note */
	WORDS_SMEM,	/* the item in which a subsystem leaves its crash reason */
	WORDS_STRING,	/* a string that looks like one; it may be part of the program, never said */
	WORDS_SOURCES
};

/** struct words - a text; @region: index into the core's regions; @address: of its first character; @item: in SMEM */
struct words {
	enum words_source source;
	unsigned int region;
	uint64_t address;
	unsigned int item;
	char text[WORDS_TEXT];
};

/**
 * struct last_words - what was found
 * @words:  @count of them, most telling first; @hidden: how many more strings there are
 * @note:   of the program, where @has_note; @note_address: where
 * @line:   @lines of the note's log, oldest first
 */
struct last_words {
	unsigned int count;
	unsigned int hidden;
	struct words words[WORDS_MAX];
	bool has_note;
	uint64_t note_address;
	uint32_t cause;
	uint64_t x[PIL_NOTE_X];
	uint64_t sp;
	uint64_t pc;
	unsigned int said;
	unsigned int lines;
	char line[PIL_NOTE_LINES][PIL_NOTE_LINE + 1];
};

/** last_words_find() - look in all regions */
void last_words_find(struct last_words *words, const struct core *core);

/** words_add() - one more, of @size bytes of @text up to a NUL; what is not printable becomes '?' */
void words_add(struct last_words *words, enum words_source source, unsigned int region, uint64_t address,
	       unsigned int item, const uint8_t *text, size_t size);

/** words_source_name() - one word for it, as in JSON documents */
const char *words_source_name(enum words_source source);

/** smem_find() - crash reasons in a region that is SMEM, or has it */
void smem_find(struct last_words *words, const struct core *core, unsigned int region);

/** strings_find() - strings that look like last words */
void strings_find(struct last_words *words, const struct core *core, unsigned int region);

/**
 * struct secure_log - lines of Pilot's secure log that tell of the end of a processor
 * @line: @lines of them, printable, the newest last; @hidden: how many came before them
 */
struct secure_log {
	unsigned int lines;
	unsigned int hidden;
	char line[LINES_MAX][WORDS_TEXT];
};

/** secure_log_read() - read a log; false after a complaint */
bool secure_log_read(struct secure_log *log, const char *path);

#endif
