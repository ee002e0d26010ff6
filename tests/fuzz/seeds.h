/* SPDX-License-Identifier: BSD-2-Clause */
/* Inputs for fuzz targets to begin with: what the parts of the generator share. */
#ifndef PILOT_TESTS_FUZZ_SEEDS_H
#define PILOT_TESTS_FUZZ_SEEDS_H

#include <stddef.h>
#include <stdint.h>

#include "imagegen.h"

/** write_seed() - one more input. Return: 0, or -1 when @size is 0 or it cannot be written */
int write_seed(const uint8_t *data, size_t size);

/** describe_shape() - an image of header version @version in one of 32 shapes */
void describe_shape(struct imagegen *g, unsigned int shape, unsigned int version);

/**
 * struct seed_writer - who writes the inputs of a target
 * @name:  the target's
 * @write: writes all of them. Return: 0, or -1
 */
struct seed_writer {
	const char *name;
	int (*write)(void);
};

/** tool_seeds - for what reads files of the tool, and for the machine's description; ended by a NULL name */
extern const struct seed_writer tool_seeds[];

#endif
