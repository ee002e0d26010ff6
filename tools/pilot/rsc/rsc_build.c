/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot rsc build: a resource table from a description in JSON. */
#include <getopt.h> /* optind */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "bytes.h"
#include "pilot.h"
#include "rsc/rsc.h"

static const char help[] =
	"Makes a resource table from a description, and checks it as 'pilot rsc show' does. The\n"
	"description is a JSON document with a list \"entries\", as 'pilot rsc show --json' prints it\n"
	"(of that document the first table is taken). Types: carveout, devmem, trace, vdev. Numbers\n"
	"are JSON numbers or strings such as \"0x1000\"; an address may be \"any\". Unknown and missing\n"
	"keys are errors; flags, name, notifyid, gfeatures, config and pa of a vring may be left out.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE  where to\n"
	"      --json         print a JSON document: file, size, entries\n"
	"  -h, --help         this text\n"
	"\n"
	"examples:\n"
	"  pilot rsc build -o table.bin table.json\n"
	"  objcopy --update-section .resource_table=table.bin m4.elf\n"
	"table.json:\n"
	"  {\"entries\": [\n"
	"    {\"type\": \"carveout\", \"name\": \"code\", \"da\": \"0x10000000\", \"pa\": \"any\",\n"
	"     \"len\": \"0x40000\", \"flags\": [\"read\", \"write\"]},\n"
	"    {\"type\": \"vdev\", \"id\": 7, \"dfeatures\": \"0x1\", \"vrings\": [\n"
	"      {\"da\": \"any\", \"align\": 16, \"num\": 8}, {\"da\": \"any\", \"align\": 16, \"num\": 8}]}]}\n"
	"\n"
	"exit status: 0 written; 1 refused: not a table that a firmware should have; 2 usage, a\n"
	"description that cannot be understood, or a file that cannot be read or written\n";

/** enum kind - how a word of an entry is written in the description */
enum kind {
	NUMBER,
	ADDRESS, /* or "any" */
	FLAGS,
	NAME,
	ZERO,	/* not in the description */
	CONFIG, /* length of the configuration space, whose bytes come later */
	COUNTS, /* status, number of vrings, reserved */
};

struct field {
	const char *key;
	enum kind kind;
	bool optional;
};

static const struct field memory[] = {
	{ "da", ADDRESS, false }, { "pa", ADDRESS, false }, { "len", NUMBER, false },
	{ "flags", FLAGS, true }, { NULL, ZERO, true },	    { "name", NAME, true },
};
static const struct field trace[] = {
	{ "da", ADDRESS, false },
	{ "len", NUMBER, false },
	{ NULL, ZERO, true },
	{ "name", NAME, true },
};
static const struct field vdev[] = {
	{ "id", NUMBER, false },       { "notifyid", ADDRESS, true }, { "dfeatures", NUMBER, false },
	{ "gfeatures", NUMBER, true }, { "config", CONFIG, true },    { "status", COUNTS, true },
};
static const struct field vring[] = {
	{ "da", ADDRESS, false },      { "align", NUMBER, false }, { "num", NUMBER, false },
	{ "notifyid", ADDRESS, true }, { "pa", ADDRESS, true },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const struct field *field;
	size_t count;
} layouts[RSC_TYPES] = {
	[PIL_RSC_CARVEOUT] = { memory, COUNT(memory) },
	[PIL_RSC_DEVMEM] = { memory, COUNT(memory) },
	[PIL_RSC_TRACE] = { trace, COUNT(trace) },
	[PIL_RSC_VDEV] = { vdev, COUNT(vdev) },
};

/** struct builder - a description being read; @where: what a message names */
struct builder {
	const char *path;
	char where[64];
	struct buffer out;
};

static bool bad(const struct builder *b, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool bad(const struct builder *b, const char *key, const char *format, ...)
{
	char text[160] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	complain(b->path, "%s: %s%s%s", b->where, key ? key : "", key ? ": " : "", text);
	return false;
}

static bool read_number(const struct builder *b, const char *key, const json_t *value, bool any, uint32_t *number)
{
	uint64_t wide = 0;

	if (json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= UINT32_MAX) {
		*number = (uint32_t)json_integer_value(value);
		return true;
	}
	if (json_is_string(value) && any && !strcmp(json_string_value(value), RSC_ANY_WORD)) {
		*number = PIL_RSC_ANY;
		return true;
	}
	if (!json_is_string(value) || !parse_number(json_string_value(value), UINT32_MAX, &wide))
		return bad(b, key, "a number below 2^32%s is needed", any ? " or \"any\"" : "");
	*number = (uint32_t)wide;
	return true;
}

static bool read_flag(const struct builder *b, const json_t *value, uint32_t *flags)
{
	uint32_t number = 0;
	unsigned int i = 0;

	for (i = 0; json_is_string(value) && i < RSC_FLAGS; i++) {
		if (!strcmp(json_string_value(value), rsc_flag_names[i])) {
			*flags |= 1u << i;
			return true;
		}
	}
	if (!read_number(b, "flags: none of read, write, cache, noexec, mmio and priv", value, false, &number))
		return false;
	*flags |= number;
	return true;
}

static bool put_flags(struct builder *b, const json_t *list)
{
	uint32_t flags = 0;
	json_t *value = NULL;
	size_t i = 0;

	if (list && !json_is_array(list))
		return bad(b, "flags", "a list is needed");
	json_array_foreach(list, i, value) if (!read_flag(b, value, &flags)) return false;
	buffer_put_le32(&b->out, flags);
	return true;
}

static bool put_name(struct builder *b, const json_t *value)
{
	const char *name = value ? json_string_value(value) : "";
	size_t length = name ? strlen(name) : 0;

	if (!name || length > PIL_RSC_NAME_MAX)
		return bad(b, "name", "a string of up to %u characters is needed", PIL_RSC_NAME_MAX);
	buffer_put(&b->out, name, length);
	(void)buffer_grow(&b->out, PIL_RSC_NAME - length);
	return true;
}

static bool put_counts(struct builder *b, const json_t *entry)
{
	const json_t *vrings = json_object_get(entry, "vrings");
	const json_t *status = json_object_get(entry, "status");
	uint32_t number = 0;

	if (!json_is_array(vrings) || json_array_size(vrings) > UINT8_MAX)
		return bad(b, "vrings", "a list is needed");
	if (status && !read_number(b, "status", status, false, &number))
		return false;
	if (number > UINT8_MAX)
		return bad(b, "status", "a number below 256 is needed");
	buffer_put_le32(&b->out, number | (uint32_t)json_array_size(vrings) << 8);
	return true;
}

static bool put_field(struct builder *b, const struct field *field, const json_t *entry)
{
	const json_t *value = field->key ? json_object_get(entry, field->key) : NULL;
	uint32_t number = 0;

	if (!value && !field->optional)
		return bad(b, field->key, "is missing");
	switch (field->kind) {
	case FLAGS:
		return put_flags(b, value);
	case NAME:
		return put_name(b, value);
	case COUNTS:
		return put_counts(b, entry);
	case CONFIG:
		if (value && (!json_is_string(value) || strlen(json_string_value(value)) % 2))
			return bad(b, field->key, "an even number of hexadecimal digits is needed");
		buffer_put_le32(&b->out, value ? (uint32_t)(strlen(json_string_value(value)) / 2) : 0);
		return true;
	default:
		if (value && !read_number(b, field->key, value, field->kind == ADDRESS, &number))
			return false;
		buffer_put_le32(&b->out, number);
		return true;
	}
}

/* every key of @object is a field, or one of the two others */
static bool check_keys(const struct builder *b, json_t *object, const struct field *field, size_t count,
		       const char *other, const char *another)
{
	const char *key = NULL;
	json_t *value = NULL;

	json_object_foreach(object, key, value)
	{
		bool found = (other && !strcmp(key, other)) || (another && !strcmp(key, another));
		size_t i = 0;

		for (i = 0; !found && i < count; i++)
			found = field[i].key && !strcmp(key, field[i].key);
		if (!found)
			return bad(b, key, "there is no such key here");
	}
	return true;
}

static bool put_fields(struct builder *b, const struct field *field, size_t count, const json_t *object)
{
	size_t i = 0;

	for (i = 0; i < count; i++)
		if (!put_field(b, &field[i], object))
			return false;
	return true;
}

/* what follows the fixed part of a VDEV: rings, then configuration space */
static bool put_vdev_tail(struct builder *b, const json_t *entry)
{
	const char *config = json_string_value(json_object_get(entry, "config"));
	const json_t *vrings = json_object_get(entry, "vrings");
	size_t size = config ? strlen(config) / 2 : 0;
	uint8_t *at = NULL;
	json_t *value = NULL;
	size_t i = 0;

	json_array_foreach(vrings, i, value)
	{
		if (!json_is_object(value))
			return bad(b, "vrings", "a list of objects is needed");
		if (!check_keys(b, value, vring, COUNT(vring), NULL, NULL) ||
		    !put_fields(b, vring, COUNT(vring), value))
			return false;
	}
	at = buffer_grow(&b->out, size);
	if (at && !parse_hex(config, at, size))
		return bad(b, "config", "hexadecimal digits are needed");
	return true;
}

static bool put_entry(struct builder *b, size_t index, json_t *entry)
{
	const char *name = json_string_value(json_object_get(entry, "type"));
	uint32_t type = 0;

	snprintf(b->where, sizeof(b->where), "entry %zu", index);
	if (!name)
		return bad(b, "type", "one of carveout, devmem, trace and vdev is needed");
	while (type < RSC_TYPES && strcmp(name, rsc_type_names[type]))
		type++;
	if (type == RSC_TYPES)
		return bad(b, "type", "'%s' is none of carveout, devmem, trace and vdev", name);
	buffer_put_le32(&b->out, type);
	return check_keys(b, entry, layouts[type].field, layouts[type].count, "type",
			  type == PIL_RSC_VDEV ? "vrings" : NULL) &&
	       put_fields(b, layouts[type].field, layouts[type].count, entry) &&
	       (type != PIL_RSC_VDEV || put_vdev_tail(b, entry));
}

static bool put_table(struct builder *b, const json_t *entries)
{
	const size_t header = sizeof(struct pil_rsc_header_wire);
	size_t count = json_array_size(entries);
	json_t *entry = NULL;
	size_t i = 0;

	if (count > PIL_RSC_MAX)
		return bad(b, NULL, "%zu entries; %u are the limit", count, PIL_RSC_MAX);
	buffer_put_le32(&b->out, PIL_RSC_VERSION);
	buffer_put_le32(&b->out, (uint32_t)count);
	(void)buffer_grow(&b->out, 2 * sizeof(uint32_t) + count * sizeof(uint32_t));
	json_array_foreach(entries, i, entry)
	{
		/* entries begin at multiples of 4, whatever the configuration space before */
		(void)buffer_grow(&b->out, -b->out.size % sizeof(uint32_t));
		if (b->out.failed)
			break;
		put_le32(b->out.data + header + i * sizeof(uint32_t), (uint32_t)b->out.size);
		if (!put_entry(b, i, entry))
			return false;
	}
	return !b->out.failed || bad(b, NULL, "out of memory");
}

static bool read_description(struct builder *b, json_t **root)
{
	struct file file = { 0 };
	json_error_t error = { 0 };
	json_t *entries = NULL;
	bool ok = false;

	if (!file_open(&file, b->path))
		return false;
	*root = json_loadb((const char *)file.data, file.size, JSON_REJECT_DUPLICATES, &error);
	file_close(&file);
	if (!*root) {
		complain(b->path, "line %d, column %d: no JSON: %s", error.line, error.column, error.text);
		return false;
	}
	entries = json_object_get(*root, "entries");
	if (!entries)
		entries = json_object_get(json_array_get(json_object_get(*root, "tables"), 0), "entries");
	snprintf(b->where, sizeof(b->where), "description");
	ok = json_is_array(entries) || bad(b, "entries", "a list is needed");
	return ok && put_table(b, entries);
}

static int finish(struct builder *b, const char *output, bool json)
{
	struct pil_why why = { 0 };

	if (pil_rsc_check_firmware(b->out.data, b->out.size, &why)) {
		complain_why(b->path, &why);
		return STATUS_REFUSED;
	}
	if (!output_whole(output, 0666, b->out.data, b->out.size))
		return STATUS_TROUBLE;
	if (json)
		return json_finish(json_pack("{s:o, s:o, s:i}", "file", json_name(output), "size",
					     json_u64(b->out.size), "entries",
					     (int)pil_rsc_count(b->out.data, b->out.size)),
				   STATUS_OK);
	printf("%s: resource table of %zu bytes, %u entries\n", output, b->out.size,
	       pil_rsc_count(b->out.data, b->out.size));
	return STATUS_OK;
}

static int build(const char *input, const char *output, bool json)
{
	struct builder b = { .path = input };
	json_t *root = NULL;
	int status = read_description(&b, &root) ? finish(&b, output, json) : STATUS_TROUBLE;

	json_decref(root);
	free(b.out.data);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	const char *output = NULL;
	bool json = false;
	int status = STATUS_OK;

	if (!command_options(cmd, argc, argv, &output, &json, &status))
		return status;
	if (!output)
		return command_usage_error(cmd, "where to? -o is missing");
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s",
					   optind == argc ? "DESCRIPTION is missing" : "more than one DESCRIPTION");
	return build(argv[optind], output, json);
}

const struct command command_rsc_build = {
	"rsc", "build", "make a resource table from a description in JSON", "DESCRIPTION -o FILE [--json]", help, run,
};
