/* SPDX-License-Identifier: BSD-2-Clause */
/* Paragraphs that fit the terminal. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pilot.h"

#define WIDTH_LEAST   40
#define WIDTH_MOST    120 /* longer lines are hard to read */
#define WIDTH_UNKNOWN 100 /* a file, a pipe */

unsigned int text_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { 0 };
	uint64_t width = 0;

	if (!columns || !parse_number(columns, UINT16_MAX, &width) || !width) {
		if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
			return WIDTH_UNKNOWN;
		width = size.ws_col;
	}
	return width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : (unsigned int)width;
}

void text_wrap_at(FILE *to, unsigned int column, unsigned int indent, const char *text, size_t size)
{
	const char *end = text + size;
	unsigned int width = text_width();
	bool begun = false;

	while (text < end) {
		size_t length = 0;

		for (; text < end && (*text == ' ' || *text == '\n'); text++)
			;
		for (; text + length < end && text[length] != ' ' && text[length] != '\n'; length++)
			;
		if (!length)
			break;
		if (begun && column + 1 + length > width) {
			fprintf(to, "\n%*s", (int)indent, "");
			column = indent;
		} else if (begun) {
			fputc(' ', to);
			column++;
		}
		fprintf(to, "%.*s", (int)length, text);
		column += (unsigned int)length;
		begun = true;
		text += length;
	}
	fputc('\n', to);
}

void text_wrap(const char *first, unsigned int indent, const char *text)
{
	printf("%s", first);
	text_wrap_at(stdout, (unsigned int)strlen(first), indent, text, strlen(text));
}
