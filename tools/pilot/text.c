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

void text_wrap(const char *first, unsigned int indent, const char *text)
{
	unsigned int width = text_width();
	unsigned int column = (unsigned int)strlen(first);
	bool begun = false;

	printf("%s", first);
	while (*text) {
		size_t blanks = strspn(text, " \n");
		size_t length = strcspn(text + blanks, " \n");

		if (!length)
			break;
		if (begun && column + 1 + length > width) {
			printf("\n%*s", (int)indent, "");
			column = indent;
		} else if (begun) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)length, text + blanks);
		column += (unsigned int)length;
		begun = true;
		text += blanks + length;
	}
	putchar('\n');
}
