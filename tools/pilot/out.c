/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, colours, JSON. */
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

char *hex(char *out, const uint8_t *data, size_t size)
{
	size_t i = 0;

	for (i = 0; i < size; i++) {
		out[2 * i] = "0123456789abcdef"[data[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[data[i] & 15];
	}
	out[2 * size] = '\0';
	return out;
}

int json_finish(json_t *root, int status)
{
	int failed = root ? json_dumpf(root, stdout, JSON_INDENT(2)) : -1;

	json_decref(root);
	if (failed) {
		complain(NULL, "cannot write the JSON document");
		return STATUS_TROUBLE;
	}
	putchar('\n');
	return status;
}

json_t *json_u64(uint64_t value)
{
	return value <= INT64_MAX ? json_integer((json_int_t)value) : json_sprintf("%llu", (unsigned long long)value);
}

json_t *json_name(const char *path)
{
	json_t *string = json_string(path);
	char *copy = string ? NULL : strdup(path);
	char *c = copy;

	if (string)
		return string;
	for (; c && *c; c++)
		if (*c & 0x80)
			*c = '?';
	string = copy ? json_string(copy) : NULL;
	free(copy);
	return string;
}

json_t *json_hex64(uint64_t value)
{
	return json_sprintf("0x%llx", (unsigned long long)value);
}

json_t *json_bytes(const uint8_t *data, size_t size)
{
	char *digits = malloc(2 * size + 1);
	json_t *string = digits ? json_string(hex(digits, data, size)) : NULL;

	free(digits);
	return string;
}

json_t *json_range(struct pil_range range)
{
	return json_pack("{s:o, s:o}", "address", json_hex64(range.base), "size", json_u64(range.size));
}

json_t *json_why(const struct pil_why *why)
{
	char text[200] = "";

	pil_why_text(why, text, sizeof(text));
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "class", pil_error_name((int)pil_reason_class(why->reason)),
			 "reason", pil_reason_name(why->reason), "text", text, "a", json_u64(why->a), "b",
			 json_u64(why->b));
}
