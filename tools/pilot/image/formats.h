/* SPDX-License-Identifier: BSD-2-Clause */
/* Image formats besides MBN, which is what a file is read as when none of these recognises it. */
#ifndef PILOT_TOOL_FORMATS_H
#define PILOT_TOOL_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "image/container.h"
#include "image/verify_report.h"

/**
 * struct format_report - where a format's checks write: nothing is printed before the file's turn has come
 * @out:    report for people, unless NULL
 * @json:   object that becomes the document for programs, unless NULL
 * @counts: what the file adds to the summary, but not its verdict
 * @why:    why its structure cannot be read; PIL_R_NONE when it can
 */
struct format_report {
	FILE *out;
	json_t *json;
	struct counts counts;
	struct pil_why why;
};

/**
 * struct image_format - a format that "pilot image show", "verify" and "plan" take, too
 * @name:      as --json prints it
 * @recognize: does a file begin as this format does?
 * @show:      print a file, or append its document to the array unless that is NULL; returns an enum status
 * @plan:     print where its segments go in @where; returns an enum status
 * @verify:    check a file; any thread may; VERDICT_UNREADABLE: errno is what file_error() explains
 */
struct image_format {
	const char *name;
	bool (*recognize)(const void *data, size_t size);
	int (*show)(const char *path, json_t *images);
	enum verdict (*verify)(const char *path, const struct container_questions *q, const struct pil_crypto *crypto,
			       struct format_report *to);
	int (*plan)(const char *path, struct pil_range where, bool json);
};

/* a file of a format that @command does not take: says so, and what does; an enum status */
int image_format_refuse(const struct image_format *format, const char *path, const char *command);

/* the format of a file by its first bytes; NULL: none of them, or the file cannot be read */
const struct image_format *image_format_of(const char *path);

#endif
