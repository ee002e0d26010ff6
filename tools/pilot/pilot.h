/* SPDX-License-Identifier: BSD-2-Clause */
/* What the commands of the tool share: the command table, messages, colours, files, numbers from the command line. */
#ifndef PILOT_TOOL_H
#define PILOT_TOOL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <pilot/auth.h>
#include <pilot/error.h>
#include <pilot/plan.h>

/** enum status - exit statuses of every command, best first: the worst of several files wins */
enum status {
	STATUS_OK = 0,	    /* done; genuine */
	STATUS_REFUSED = 1, /* refused: not genuine, not for this device, not to be signed */
	STATUS_TROUBLE = 2, /* usage, not an image, a file that cannot be read or written */
};

/**
 * struct command - one command of the tool
 * @group:   first word, "image"
 * @name:    second word, "show"; "" where the first word is all of it, as in "pilot explain"
 * @summary: one line for the lists in --help
 * @usage:   what follows the two words in the synopsis
 * @help:    options, examples and exit statuses, whole lines
 * @run:     does it; argv[0] is "pilot GROUP NAME" or "pilot GROUP"; returns an enum status
 */
struct command {
	const char *group;
	const char *name;
	const char *summary;
	const char *usage;
	const char *help;
	int (*run)(const struct command *cmd, int argc, char **argv);
};

extern const struct command command_image_show;
extern const struct command command_image_verify;
extern const struct command command_image_sign;
extern const struct command command_image_split;
extern const struct command command_image_join;
extern const struct command command_image_plan;
extern const struct command command_image_diff;
extern const struct command command_image_metadata;
extern const struct command command_rsc_show;
extern const struct command command_rsc_build;
extern const struct command command_keys_new;
extern const struct command command_fuses_new;
extern const struct command command_fuses_show;
extern const struct command command_board_show;
extern const struct command command_board_check;
extern const struct command command_board_streams;
extern const struct command command_board_draw;
extern const struct command command_explain;
extern const struct command command_trace_show;
extern const struct command command_trace_export;
extern const struct command command_report;
extern const struct command command_dump_show;
extern const struct command command_completion_bash;
extern const struct command command_completion_zsh;

/* --- main.c --- */

/* entry @index of the command table, or NULL behind its end */
const struct command *command_at(size_t index);

/* print a command's complete help on stdout; returns STATUS_OK */
int command_help(const struct command *cmd);

/* say what is wrong with the command line, and how it should look; returns STATUS_TROUBLE */
int command_usage_error(const struct command *cmd, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- out.c --- */

/** enum paint - colours by meaning; they appear only on a terminal, and never with NO_COLOR set */
enum paint {
	PAINT_OFF,
	PAINT_GOOD,
	PAINT_BAD,
	PAINT_WARN,
	PAINT_DIM,
	PAINT_TITLE,
};

/* escape sequence that switches to @paint, "" where stdout takes no colours */
const char *paint(enum paint paint);

/* message on stderr: "pilot: WHAT: ..."; @what may be NULL */
void complain(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* as complain(), with the sentence of @why */
void complain_why(const char *what, const struct pil_why *why);

/* print @root (and release it) on stdout; returns @status, or STATUS_TROUBLE when memory ran out while it was built */
int json_finish(json_t *root, int status);

/* --- text.c --- */

/* columns of what stdout writes to: $COLUMNS, the terminal's, or 100 for a file; 40 to 120 */
unsigned int text_width(void);

/**
 * text_wrap() - print a paragraph on stdout, broken at blanks to text_width()
 * @first:  begins the first line: blanks, a bullet, a label
 * @indent: blanks before each further line
 * @text:   words; line ends count as blanks
 */
void text_wrap(const char *first, unsigned int indent, const char *text);

/* the same on @to, for @size bytes of @text; the first line has been begun and is in @column */
void text_wrap_at(FILE *to, unsigned int column, unsigned int indent, const char *text, size_t size);

/* --- help.c --- */

/**
 * help_text() - print a help text on @to, laid out for text_width()
 * @help: whole lines: paragraphs, headings that end in ":", options and terms (up to six blanks, the option, two
 *        blanks, what it means, further lines indented by more than six), and anything else, such as examples, which
 *        stays as it is
 */
void help_text(FILE *to, const char *help);

/* print "usage: NAME USAGE"; a word "pilot" in @usage begins another form of the command */
void help_usage(FILE *to, const char *name, const char *usage);

/* --- json.c --- */

/* write @size bytes as hexadecimal digits and a NUL: 2 * @size + 1 characters at @out; returns @out */
char *hex(char *out, const uint8_t *data, size_t size);

/* number that JSON readers take without loss: integer up to 2^63-1, decimal string above */
json_t *json_u64(uint64_t value);

/* a file's name; bytes that are not UTF-8 become '?' */
json_t *json_name(const char *path);

/* address, flags or id: "0x..." */
json_t *json_hex64(uint64_t value);

/* memory: {"address":..., "size":...} */
json_t *json_range(struct pil_range range);

/* digest or other bytes: hexadecimal digits */
json_t *json_bytes(const uint8_t *data, size_t size);

/* {"class":..., "reason":..., "text":..., "a":..., "b":...} */
json_t *json_why(const struct pil_why *why);

/* --- args.c --- */

/**
 * command_options() - read the options that most commands have: --output where @output is not NULL, --json, --help
 * @status: what the command ends with when it does not go on: after --help, or after a complaint
 * Return: true when it goes on; then optind is the first argument that is no option
 */
bool command_options(const struct command *cmd, int argc, char **argv, const char **output, bool *json, int *status);

/**
 * command_each() - a command that takes --json and --help, and prints something about each FILE
 * @key:  of the list in the JSON document
 * @show: prints one file, or appends its document to @list unless that is NULL; returns an enum status
 * Return: the worst status
 */
int command_each(const struct command *cmd, int argc, char **argv, const char *key,
		 int (*show)(const char *path, json_t *list));

/* read an unsigned number (decimal, 0x..., 0...) of at most @max; false when @text is anything else */
bool parse_number(const char *text, uint64_t max, uint64_t *value);

/* read numbers separated by commas, at most @limit of them, into @list; returns how many, 0 on error */
unsigned int parse_list(const char *text, uint64_t max, uint64_t *list, unsigned int limit);

/* read exactly 2 * @size hexadecimal digits */
bool parse_hex(const char *text, uint8_t *out, size_t size);

/* --- file.c --- */

/** struct file - a file mapped for reading */
struct file {
	const char *path;
	const uint8_t *data;
	size_t size;
};

/* map the regular file @path; complains and returns false when it cannot be done */
bool file_open(struct file *file, const char *path);

/* the same without complaint: then errno says why, 0 for something that is no regular file */
bool file_map(struct file *file, const char *path);

/* why file_map() failed, from errno */
const char *file_error(int error);

/* undo file_open(); a struct file that is all zero is fine */
void file_close(struct file *file);

/**
 * struct output - a file that appears under its name only when it is complete
 * @path:  its name
 * @temp:  name of the temporary file in the same directory
 * @fd:    open for writing, -1 when there is nothing to finish
 */
struct output {
	const char *path;
	char *temp;
	int fd;
};

/* start a file with permissions @mode; complains and returns false when it cannot be done */
bool output_begin(struct output *out, const char *path, unsigned int mode);

/* write all of @data at @offset; gaps read as zero; complains and returns false */
bool output_write(struct output *out, uint64_t offset, const void *data, size_t size);

/* sync, close and rename; complains, removes the temporary file and returns false when any of it fails */
bool output_commit(struct output *out);

/* the two halves of output_commit(), for files that belong together: first finish all, then rename all */
bool output_finish(struct output *out);
bool output_rename(struct output *out);

/* remove what was begun and not committed */
void output_abort(struct output *out);

/* the four of them for bytes in memory */
bool output_whole(const char *path, unsigned int mode, const void *data, size_t size);

/* --- cleanup.c --- */

/* remove the file @path, which must stay where it is in memory, when a signal ends the command; false: no room */
bool cleanup_add(char *path);

/* keep it after all; @path is the pointer that cleanup_add() was given */
void cleanup_forget(const char *path);

/* let signals wait, and let them come again */
void cleanup_hold(sigset_t *before);
void cleanup_release(const sigset_t *before);

/* --- fuses.c --- */

/* print what the fuses of the device in file @path say; returns an enum status */
int fuses_report(const char *path, const struct pil_device *device, bool json);

#endif
