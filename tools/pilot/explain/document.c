/* SPDX-License-Identifier: BSD-2-Clause */
/* The answer as a JSON document: docs/schema/explain.json describes it. */
#include <string.h>

#include "explain/explain.h"
#include "pilot.h"

static json_t *text_or_null(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *texts(const char *const *list, unsigned int limit)
{
	json_t *array = json_array();
	unsigned int i = 0;

	for (i = 0; i < limit && list[i]; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

static json_t *numbers(const uint32_t *list, unsigned int count)
{
	json_t *array = json_array();
	unsigned int i = 0;

	for (i = 0; i < count; i++)
		json_array_append_new(array, json_integer(list[i]));
	return array;
}

static json_t *place(const struct when *when, uint64_t line)
{
	return json_pack("{s:o, s:o}", "time", text_or_null(when->text), "line", json_u64(line));
}

static json_t *registers_json(const struct fault *f)
{
	json_t *array = json_array();
	unsigned int i = 0;

	for (i = 0; i < f->registers; i++) {
		json_t *bits = json_array();
		const struct bit *bit = NULL;
		char text[200] = "";

		for (bit = f->reg[i].bits; bit && bit->mask; bit++)
			if (bit_text(bit, f->reg[i].value, text, sizeof(text)))
				json_array_append_new(bits, json_pack("{s:s, s:o, s:s}", "name", bit->name, "value",
								      json_u64(bit_value(bit->mask, f->reg[i].value)),
								      "text", text));
		json_array_append_new(array, json_pack("{s:s, s:o, s:o}", "name", f->reg[i].name, "value",
						       json_hex64(f->reg[i].value), "bits", bits));
	}
	return array;
}

static json_t *stream_json(const struct fault *f)
{
	const char *access = f->reads && f->writes ? "both" : f->reads ? "read" : f->writes ? "write" : "";

	if (!f->has_sid)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}", "sid", json_hex64(f->sid), "owner", text_or_null(f->client), "access",
			 text_or_null(access), "access_text", text_or_null(f->access));
}

static json_t *address_json(const struct fault *f)
{
	json_t *regions = NULL;
	unsigned int i = 0;

	if (!f->has_address)
		return json_null();
	regions = json_array();
	for (i = 0; i < f->regions; i++)
		json_array_append_new(regions, json_string(f->region[i]));
	return json_pack("{s:o, s:o, s:o}", "low", json_hex64(f->low), "high", json_hex64(f->high), "regions", regions);
}

static json_t *error_json(const struct fault *f)
{
	char text[320] = "";

	if (!f->has_error && !f->has_code)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "number", f->has_error ? json_integer(f->error) : json_null(), "code",
			 f->has_code ? json_hex64(f->code) : json_null(), "text",
			 fault_code_text(f, text, sizeof(text)) ? json_string(text) : json_null());
}

static json_t *reason_json(const struct fault *f)
{
	struct reason_help help = { 0 };

	if (!reason_help(f->reason, &help))
		return json_null();
	return json_pack("{s:s, s:s, s:s}", "name", reason_name(f->reason), "sentence", reason_sentence(f->reason),
			 "meaning", help.meaning);
}

/* "fault", "follows", "harmless": which of them get a paragraph, and why others do not */
static const char *role(const struct explain *x, const struct fault *f)
{
	return f->entry->kind == KIND_HARMLESS ? "harmless" : fault_stands_alone(x, f) ? "fault" : "follows";
}

static json_t *fault_json(const struct explain *x, const struct fault *f)
{
	json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", f->entry->id, "role", role(x, f), "title",
			      f->entry->title, "meaning", f->entry->meaning, "log", x->source_name[f->source],
			      "message", f->sample);

	json_object_set_new(j, "count", json_u64(f->count));
	json_object_set_new(j, "first", place(&f->first, f->first_line));
	json_object_set_new(j, "last", place(&f->last, f->last_line));
	json_object_set_new(j, "processor", text_or_null(f->processor));
	json_object_set_new(j, "driver", text_or_null(f->driver));
	json_object_set_new(j, "device", text_or_null(f->device));
	json_object_set_new(j, "file", text_or_null(f->file));
	json_object_set_new(j, "images", text_or_null(f->image));
	json_object_set_new(j, "detail", text_or_null(f->detail));
	json_object_set_new(j, "stream", stream_json(f));
	json_object_set_new(j, "addresses", address_json(f));
	json_object_set_new(j, "registers", registers_json(f));
	json_object_set_new(j, "error", error_json(f));
	json_object_set_new(j, "reason", reason_json(f));
	json_object_set_new(j, "causes", texts(f->entry->cause, EXPLAIN_CAUSES));
	json_object_set_new(j, "try", texts(f->entry->remedy, EXPLAIN_REMEDIES));
	json_object_set_new(j, "after", f->cause == NO_FAULT ? json_null() : json_integer(f->cause));
	json_object_set_new(j, "after_guessed", json_boolean(f->guessed));
	json_object_set_new(j, "led_to", numbers(f->leads_to, f->leads));
	json_object_set_new(j, "secure_world", numbers(f->why, f->whys));
	json_object_set_new(j, "recovered",
			    f->recovered_line > f->last_line ? place(&f->recovered, f->recovered_line) : json_null());
	return j;
}

json_t *explain_json(const struct explain *x)
{
	json_t *faults = json_array();
	json_t *logs = json_array();
	char text[240] = "";
	unsigned int i = 0;

	for (i = 0; i < x->sources; i++)
		json_array_append_new(logs, json_pack("{s:o, s:o}", "name", json_name(x->source_name[i]), "lines",
						      json_u64(x->lines[i])));
	for (i = 0; i < x->count; i++)
		json_array_append_new(faults, fault_json(x, &x->faults[i]));
	explain_summary(x, text, sizeof(text));
	return json_pack("{s:o, s:o, s:o, s:o, s:s}", "logs", logs, "faults", faults, "explained",
			 json_integer(fault_paragraphs(x)), "left_out", json_u64(x->left_out), "summary", text);
}
