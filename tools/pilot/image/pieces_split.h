/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking an image apart into the set that pieces.h describes. */
#ifndef PILOT_TOOL_PIECES_SPLIT_H
#define PILOT_TOOL_PIECES_SPLIT_H

#include "image/pieces.h"

#define SPLIT_OUTPUTS_MAX (PIL_ELF_MAX_PHNUM + 2u)

/**
 * struct split - one image on its way
 * @input:   its name, for complaints
 * @file:    the image, mapped
 * @stem:    directory and name of the set, in fresh memory
 * @force:   a set of this name is replaced
 * @outputs, @path, @size: files that were written
 */
struct split {
	const char *input;
	struct file file;
	char *stem;
	bool force;
	struct pil_elf elf;
	unsigned int spans;
	struct span span[SPANS_MAX];
	unsigned int outputs;
	struct output output[SPLIT_OUTPUTS_MAX];
	char *path[SPLIT_OUTPUTS_MAX];
	uint64_t size[SPLIT_OUTPUTS_MAX];
};

/* write the set, all of it or nothing; returns an enum status, after a complaint unless it is STATUS_OK */
int pieces_split(struct split *s);

/* release everything in @s */
void pieces_split_free(struct split *s);

#endif
