/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of "pilot dump show" give each other. */
#ifndef PILOT_TOOL_DUMP_H
#define PILOT_TOOL_DUMP_H

#include "board/model.h"
#include "dump/core.h"
#include "dump/last_words.h"

#define DUMP_NOTES    8u
#define DUMP_OVERLAYS 8u

/** struct dump_note - something that a reader of this dump should know; @id does not change; @text: a paragraph */
struct dump_note {
	const char *id;
	const char *text;
};

/** struct dump_owner - what the board says about an address; all NULL: nothing. @peripheral: short name */
struct dump_owner {
	const char *region;
	const char *path;
	const char *peripheral;
};

/**
 * struct dump - everything that is printed
 * @words: last words; @log: where @has_log
 * @tree, @model: of the board, where @has_board
 * @note: @notes of them
 */
struct dump {
	struct core core;
	struct last_words words;
	bool has_log;
	struct secure_log log;
	bool has_board;
	struct tree tree;
	struct board_model model;
	unsigned int notes;
	struct dump_note note[DUMP_NOTES];
};

/** dump_board_open() - read the board's device tree; false after a complaint */
bool dump_board_open(struct dump *d, const char *path, const char *const *overlays, unsigned int count);

/** dump_board_close() - release it */
void dump_board_close(struct dump *d);

/** dump_owner() - what the board says about a region's first address */
struct dump_owner dump_owner(const struct dump *d, const struct core_region *region);

/** dump_notes_find() - what a reader of this dump should know */
void dump_notes_find(struct dump *d);

/** dump_print() - all of it for people */
void dump_print(const struct dump *d);

/** dump_json() - all of it as a document */
json_t *dump_json(const struct dump *d);

#endif
