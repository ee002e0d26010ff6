/* SPDX-License-Identifier: BSD-2-Clause */
/* A manifest from its description. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "rsc/manifest.h"
#include "pilot.h"
#include "rsc/stream_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *const manifest_access_names[MANIFEST_ACCESSES] = { "read", "write" };

/** struct reader - a description being read; @index: of the entry */
struct reader {
	const char *path;
	size_t index;
};

static bool bad(const struct reader *r, const char *key, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool bad(const struct reader *r, const char *key, const char *format, ...)
{
	char text[160] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	complain(r->path, "entry %zu: %s: %s", r->index, key, text);
	return false;
}

/* a JSON integer, or a string as the command line takes numbers */
static bool read_number(const struct reader *r, const char *key, const json_t *value, uint64_t max, uint64_t *number)
{
	if (json_is_integer(value) && json_integer_value(value) >= 0 && (uint64_t)json_integer_value(value) <= max) {
		*number = (uint64_t)json_integer_value(value);
		return true;
	}
	if (json_is_string(value) && parse_number(json_string_value(value), max, number))
		return true;
	return bad(r, key, "a number up to 0x%" PRIx64 " is needed", max);
}

static bool read_word(const struct reader *r, const char *key, const json_t *value, uint32_t *word)
{
	uint64_t number = 0;
	bool ok = read_number(r, key, value, UINT32_MAX, &number);

	*word = (uint32_t)number;
	return ok;
}

static bool read_purpose(const struct reader *r, const json_t *value, uint32_t *purpose)
{
	for (*purpose = 0; json_is_string(value) && *purpose < STREAM_PURPOSES; (*purpose)++)
		if (!strcmp(json_string_value(value), stream_purpose_names[*purpose]))
			return true;
	return bad(r, "purpose", "firmware, dma-master or buffers is needed");
}

static bool read_access(const struct reader *r, const json_t *list, uint32_t *access)
{
	const json_t *value = NULL;
	size_t i = 0, bit = 0;

	json_array_foreach(list, i, value)
	{
		for (bit = 0; json_is_string(value) && bit < MANIFEST_ACCESSES; bit++)
			if (!strcmp(json_string_value(value), manifest_access_names[bit]))
				break;
		if (!json_is_string(value) || bit == MANIFEST_ACCESSES)
			return bad(r, "access", "a list of read and write is needed");
		*access |= 1u << bit;
	}
	return *access || bad(r, "access", "a list of read and write is needed");
}

static bool check_keys(const struct reader *r, json_t *object)
{
	static const char *const keys[] = { "sid", "mask", "purpose", "access", "base", "size" };
	const char *key = NULL;
	json_t *value = NULL;
	size_t i = 0;

	json_object_foreach(object, key, value)
	{
		for (i = 0; i < COUNT(keys) && strcmp(key, keys[i]); i++)
			;
		if (i == COUNT(keys))
			return bad(r, key, "there is no such key here");
	}
	return true;
}

/* mask and purpose may be left out: a single StreamID, the core's own */
static bool read_entry(const struct reader *r, json_t *object, struct pil_manifest_entry *e)
{
	const json_t *mask = json_object_get(object, "mask");
	const json_t *purpose = json_object_get(object, "purpose");

	if (!json_is_object(object))
		return bad(r, "it", "an object is needed");
	return check_keys(r, object) && read_word(r, "sid", json_object_get(object, "sid"), &e->sid) &&
	       (!mask || read_word(r, "mask", mask, &e->mask)) &&
	       (!purpose || read_purpose(r, purpose, &e->purpose)) &&
	       read_access(r, json_object_get(object, "access"), &e->access) &&
	       read_number(r, "base", json_object_get(object, "base"), UINT64_MAX, &e->range.base) &&
	       read_number(r, "size", json_object_get(object, "size"), UINT64_MAX, &e->range.size);
}

static int read_entries(struct reader *r, const json_t *entries, struct pil_manifest *m)
{
	json_t *entry = NULL;

	if (!json_is_array(entries)) {
		complain(r->path, "a list \"entries\" is needed");
		return STATUS_TROUBLE;
	}
	if (json_array_size(entries) > PIL_MANIFEST_MAX) {
		complain(r->path, "%zu entries; %u are the limit", json_array_size(entries), PIL_MANIFEST_MAX);
		return STATUS_REFUSED;
	}
	json_array_foreach(entries, r->index, entry)
	{
		if (!read_entry(r, entry, &m->entry[m->count]))
			return STATUS_TROUBLE;
		m->count++;
	}
	return STATUS_OK;
}

static json_t *load(const char *path)
{
	struct file file = { 0 };
	json_error_t error = { 0 };
	json_t *root = NULL;

	if (!file_open(&file, path))
		return NULL;
	root = json_loadb((const char *)file.data, file.size, JSON_REJECT_DUPLICATES, &error);
	file_close(&file);
	if (!root)
		complain(path, "line %d, column %d: no JSON: %s", error.line, error.column, error.text);
	return root;
}

int manifest_read(const char *path, uint8_t bytes[PIL_MANIFEST_SIZE_MAX], size_t *size)
{
	struct reader r = { .path = path };
	struct pil_manifest m = { 0 };
	struct pil_why why = { 0 };
	json_t *root = load(path);
	const json_t *entries = json_object_get(root, "entries");
	int status = STATUS_TROUBLE;

	if (!root)
		return STATUS_TROUBLE;
	if (!entries)
		entries = json_object_get(
			json_object_get(json_array_get(json_object_get(root, "images"), 0), "manifest"), "entries");
	status = read_entries(&r, entries, &m);
	json_decref(root);
	if (status)
		return status;
	if (!pil_manifest_build(&m, bytes, PIL_MANIFEST_SIZE_MAX, size, &why))
		return STATUS_OK;
	complain_why(path, &why);
	return STATUS_REFUSED;
}
