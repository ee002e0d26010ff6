/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a log of any size in pieces. What cannot be a line of text is one all the same: it only matters what is found in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"
#include "pilot.h"

#define BUFFER_SIZE (256 * 1024)

/* lines of @length bytes at @data; what follows the last line end is left for the next time. Returns how many were used */
static size_t lines(struct explain *x, unsigned int source, char *data, size_t length, bool last)
{
	size_t at = 0;

	while (at < length) {
		char *end = memchr(data + at, '\n', length - at);
		size_t n = end ? (size_t)(end - (data + at)) : length - at;

		if (!end && !last && n < EXPLAIN_LINE)
			break;
		x->lines[source] += end || last;
		while (n) {
			size_t piece = n < EXPLAIN_LINE ? n : EXPLAIN_LINE;

			explain_line(x, source, data + at, piece);
			at += piece;
			n -= piece;
		}
		at += end != NULL;
	}
	return at;
}

bool source_read(struct explain *x, unsigned int source, FILE *in)
{
	char *data = malloc(BUFFER_SIZE);
	size_t have = 0;
	size_t used = 0;
	size_t got = 0;

	if (!data) {
		complain(x->source_name[source], "no memory to read it");
		return false;
	}
	while ((got = fread(data + have, 1, BUFFER_SIZE - have, in)) > 0) {
		have += got;
		used = lines(x, source, data, have, false);
		memmove(data, data + used, have - used);
		have -= used;
	}
	lines(x, source, data, have, true);
	free(data);
	if (ferror(in)) {
		complain(x->source_name[source], "cannot be read: %s", strerror(errno));
		return false;
	}
	return true;
}
