/* SPDX-License-Identifier: BSD-2-Clause */
/* Putting the set that pieces.h describes together to one file. */
#ifndef PILOT_TOOL_PIECES_JOIN_H
#define PILOT_TOOL_PIECES_JOIN_H

#include "image/pieces.h"

/**
 * struct join - one set on its way
 * @input: its .mdt
 * @stem:  the same without ending, in fresh memory
 * @files: pieces that were read
 * @from:  the file that each span comes from
 * @end:   bytes of the whole file
 * @size:  the same as .rest says
 */
struct join {
	const char *input;
	char *stem;
	struct file mdt;
	struct pil_elf elf;
	unsigned int files;
	struct file file[PIL_ELF_MAX_PHNUM + 1];
	char *path[PIL_ELF_MAX_PHNUM + 1];
	unsigned int spans;
	struct span span[SPANS_MAX];
	const char *from[SPANS_MAX];
	uint64_t end;
	uint64_t size;
};

/* read the set and write the file to @out; returns an enum status, after a complaint unless it is STATUS_OK */
int pieces_join(struct join *j, struct output *out);

/* release everything in @j */
void pieces_join_free(struct join *j);

#endif
