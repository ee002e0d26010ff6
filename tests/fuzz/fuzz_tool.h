/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What surrounds a reader of the tool, for its fuzz target: files are in memory, messages are formatted and counted.
 * Takes the place of tools/pilot/file.c and out.c, and of the parts of main.c and cleanup.c that commands call.
 */
#ifndef PILOT_TESTS_FUZZ_TOOL_H
#define PILOT_TESTS_FUZZ_TOOL_H

#include "../../tools/pilot/pilot.h"
#include "fuzz.h"

#define FUZZ_FILES   300u	/* more than the pieces of two images */
#define FUZZ_WRITTEN (1u << 20) /* the disk is full at this offset of a file */

/** struct fuzz_file - a file in memory: @data has exactly @size bytes, so that the sanitizer sees a read behind them */
struct fuzz_file {
	char *name;
	uint8_t *data;
	size_t size;
};

/** fuzz_file_put() - make a file of that name, or replace it; false when there are FUZZ_FILES */
bool fuzz_file_put(const char *name, const void *data, size_t size);

/** fuzz_file_get() - the file of that name, or NULL; fuzz_file_at() - file @index, NULL behind the last one */
const struct fuzz_file *fuzz_file_get(const char *name);
const struct fuzz_file *fuzz_file_at(unsigned int index);

/** fuzz_file_remove() - remove it, if it is there; fuzz_files_remove() - remove all */
void fuzz_file_remove(const char *name);
void fuzz_files_remove(void);

/** fuzz_complaints() - complaints since the last call */
unsigned int fuzz_complaints(void);

/** fuzz_run() - run a command with @argv, ended by NULL; checks that a status other than 0 comes with a complaint */
int fuzz_run(const struct command *command, char **argv);

/** fuzz_document - what json_finish() got last: text in JSON, or NULL; to be released with free() and set to NULL */
extern char *fuzz_document;

#endif
