/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing an image in pieces again. */
#include <stdlib.h>
#include <string.h>

#include "image/pieces_join.h"
#include "image/pieces_split.h"
#include "sign/sign.h"

static int split_signed(const char *input, const char *path, const char *output)
{
	struct split *s = calloc(1, sizeof(*s));
	int status = STATUS_TROUBLE;

	if (s)
		s->stem = strndup(output, strlen(output) - strlen(".mdt"));
	if (!s || !s->stem) {
		complain(NULL, "out of memory");
		free(s);
		return STATUS_TROUBLE;
	}
	s->input = input;
	s->force = true;
	if (file_open(&s->file, path))
		status = pieces_split(s);
	pieces_split_free(s);
	free(s);
	return status;
}

static int join_pieces(const char *input, struct output *out)
{
	struct join *j = calloc(1, sizeof(*j));
	int status = STATUS_OK;

	if (!j) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	j->input = input;
	status = pieces_join(j, out);
	pieces_join_free(j);
	free(j);
	return status;
}

/* The set becomes one file, which is signed, and that a set again: each step has rules of its own, which hold here, too. */
int sign_split(const struct signing *signing, const char *input, const char *output, struct sign_report *report)
{
	struct output joined = { .fd = -1 };
	struct output out = { .fd = -1 };
	int status = STATUS_TROUBLE;

	if (output_begin(&joined, output, 0644) && output_begin(&out, output, 0644))
		status = join_pieces(input, &joined);
	if (!status)
		status = sign_again_to(signing, input, joined.temp, &out, report);
	if (!status && piece_is_mdt(output))
		status = split_signed(input, out.temp, output);
	else if (!status && !output_commit(&out))
		status = STATUS_TROUBLE;
	output_abort(&joined);
	output_abort(&out);
	report->output = output;
	return status;
}
