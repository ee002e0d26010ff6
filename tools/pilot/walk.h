/* SPDX-License-Identifier: BSD-2-Clause */
/* From names on the command line to files: directories are walked. */
#ifndef PILOT_TOOL_WALK_H
#define PILOT_TOOL_WALK_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct paths - a list of files
 * @path:  their names, in fresh memory
 * @found: by file: it was found in a directory, not named
 * @count: how many
 * @room:  how many fit
 */
struct paths {
	char **path;
	bool *found;
	size_t count;
	size_t room;
};

/**
 * walk() - add @name, or when it is a directory the ELF files in it and below
 * @paths: list
 * @name:  file or directory
 *
 * In a directory, files that are not ELF and segments of split images (NAME.bNN) are passed over, symbolic links are not
 * followed, and names are sorted. A name that cannot be looked at is added as it is: who opens it will say why.
 *
 * Return: false after a complaint
 */
bool walk(struct paths *paths, const char *name);

/* release the list */
void paths_free(struct paths *paths);

#endif
