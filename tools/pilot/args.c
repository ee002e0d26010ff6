/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that most commands have, and numbers from the command line. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
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

bool command_options(const struct command *cmd, int argc, char **argv, const char **output, bool *json, int *status)
{
	static const struct option table[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c = 0;

	while ((c = getopt_long(argc, argv, output ? "o:h" : "h", output ? table : table + 1, NULL)) != -1) {
		if (c == 'h' || (c != 'j' && (c != 'o' || !output))) {
			*status = c == 'h' ? command_help(cmd) : command_usage_error(cmd, NULL);
			return false;
		}
		if (c == 'j')
			*json = true;
		else
			*output = optarg;
	}
	return true;
}

int command_each(const struct command *cmd, int argc, char **argv, const char *key,
		 int (*show)(const char *path, json_t *list))
{
	json_t *list = NULL;
	bool json = false;
	int status = STATUS_OK;

	if (!command_options(cmd, argc, argv, NULL, &json, &status))
		return status;
	if (optind == argc)
		return command_usage_error(cmd, "FILE is missing");
	list = json ? json_array() : NULL;
	for (; optind < argc; optind++) {
		int one = show(argv[optind], list);

		status = one > status ? one : status;
	}
	return json ? json_finish(json_pack("{s:o}", key, list), status) : status;
}
