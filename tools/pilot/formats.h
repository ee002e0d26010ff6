/* SPDX-License-Identifier: BSD-2-Clause */
/* Image formats besides MBN, which is what a file is read as when none of these recognises it. */
#ifndef PILOT_TOOL_FORMATS_H
#define PILOT_TOOL_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "container.h"
#include "pilot.h"

/**
 * struct image_format - a format that "pilot image show" and "pilot image verify" take, too
 * @name:      as --json prints it
 * @recognize: does a file begin as this format does?
 * @show:      print a file, or append its document to the array unless that is NULL; returns an enum status
 * @verify:    check a file, the same way
 */
struct image_format {
	const char *name;
	bool (*recognize)(const void *data, size_t size);
	int (*show)(const char *path, json_t *images);
	int (*verify)(const char *path, const struct container_questions *q, const struct pil_crypto *crypto,
		      json_t *images);
};

/* the format of a file by its first bytes; NULL: none of them, or the file cannot be read */
const struct image_format *image_format_of(const char *path);

#endif
