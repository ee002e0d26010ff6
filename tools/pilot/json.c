/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers, names and bytes in JSON documents. */
#include <stdlib.h>
#include <string.h>

#include "pilot.h"

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
