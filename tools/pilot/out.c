/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, colours, documents. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pilot.h"

static bool colours(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	/* https://no-color.org: set and not empty, whatever it says */
	if (no_color && *no_color)
		return false;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

const char *paint(enum paint paint)
{
	static const char *const codes[] = {
		[PAINT_OFF] = "\033[0m",   [PAINT_GOOD] = "\033[32m", [PAINT_BAD] = "\033[1;31m",
		[PAINT_WARN] = "\033[33m", [PAINT_DIM] = "\033[2m",   [PAINT_TITLE] = "\033[1m",
	};

	return colours() ? codes[paint] : "";
}

void complain(const char *what, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "pilot: ");
	if (what)
		fprintf(stderr, "%s: ", what);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void complain_why(const char *what, const struct pil_why *why)
{
	char text[200] = "";

	pil_why_text(why, text, sizeof(text));
	complain(what, "%s", text);
}

int json_finish(json_t *root, int status)
{
	int failed = -1;
	int error = 0;

	errno = 0;
	if (root)
		failed = json_dumpf(root, stdout, JSON_INDENT(2));
	error = errno;
	json_decref(root);
	if (failed) {
		complain(NULL, "cannot write the JSON document: %s", error ? strerror(error) : "out of memory");
		return STATUS_TROUBLE;
	}
	putchar('\n');
	return status;
}
