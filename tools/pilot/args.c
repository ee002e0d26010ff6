/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers from the command line. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pilot.h"

bool parse_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end = NULL;

	/* strtoull() itself takes white space and signs */
	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && !*end && *value <= max;
}

unsigned int parse_list(const char *text, uint64_t max, uint64_t *list, unsigned int limit)
{
	unsigned int count = 0;
	char item[32] = "";

	for (;;) {
		size_t length = strcspn(text, ",");

		if (count == limit || length >= sizeof(item))
			return 0;
		memcpy(item, text, length);
		item[length] = '\0';
		if (!parse_number(item, max, &list[count]))
			return 0;
		count++;
		if (!text[length])
			return count;
		text += length + 1;
	}
}

static int digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return found ? (int)(found - digits) : -1;
}

bool parse_hex(const char *text, uint8_t *out, size_t size)
{
	size_t i = 0;

	if (strlen(text) != 2 * size)
		return false;
	for (i = 0; i < size; i++) {
		int high = digit(text[2 * i]);
		int low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
