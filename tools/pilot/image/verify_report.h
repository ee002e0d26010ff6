/* SPDX-License-Identifier: BSD-2-Clause */
/* What "pilot image verify" found, for people and for programs. */
#ifndef PILOT_TOOL_VERIFY_REPORT_H
#define PILOT_TOOL_VERIFY_REPORT_H

#include <stdio.h>

#include "image/verify.h"

/** enum verdict - on one file; the words are those of docs/man/pilot-image.1 */
enum verdict {
	VERDICT_UNREADABLE,
	VERDICT_NO_IMAGE,
	VERDICT_PLACEHOLDER, /* its hash segment is all zero */
	VERDICT_UNSIGNED,    /* digests fit, but nobody signed them */
	VERDICT_REFUSED,
	VERDICT_CONSISTENT,  /* nothing is wrong, but no root was given */
	VERDICT_GENUINE,
	VERDICTS
};

/** struct counts - what a summary counts over all files */
struct counts {
	unsigned int verdict[VERDICTS];
	unsigned int tables, good_tables;
	unsigned int signatures, good_signatures;
	unsigned int chains, good_chains;
};

/* word for a verdict */
const char *verdict_name(enum verdict verdict);

/* exit status of a verdict */
int verdict_status(enum verdict verdict);

/* verdict on an image whose answers are known */
enum verdict verdict_of(const struct questions *q, const struct answers *answers, bool good);

/* add what is known of one image to @counts, but not its verdict */
void counts_add(struct counts *counts, const struct image_info *info, const struct answers *answers);

/* first line of a text: @path and @verdict */
void report_title(FILE *out, const char *path, enum verdict verdict);

/* all answers as text; @answers may be NULL: then only the verdict */
void report_text(FILE *out, const struct questions *q, const struct image_info *info, enum verdict verdict,
		 const struct answers *answers);

/* the same as JSON; with @answers NULL and @why not, the reason */
json_t *report_json(const struct questions *q, const struct image_info *info, enum verdict verdict,
		    const struct answers *answers, const struct pil_why *why);

#endif
