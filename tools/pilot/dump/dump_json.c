/* SPDX-License-Identifier: BSD-2-Clause */
/* "pilot dump show --json"; docs/schema/dump-show.json has the keys. */
#include "dump/dump.h"
#include "image/image_info.h"

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *region_json(const struct dump *d, const struct core_region *r)
{
	struct dump_owner owner = dump_owner(d, r);

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "index", (int)r->index, "name",
			 *r->name ? json_string(r->name) : json_null(), "address", json_hex64(r->address), "size",
			 json_u64(r->size), "offset", json_u64(r->offset), "present", json_u64(r->present), "contents",
			 contents_name(r->contents), "not_zero", json_u64(r->used), "word",
			 r->contents == CONTENTS_PATTERN ? json_hex64(r->word) : json_null(), "reserved_memory",
			 text_or_null(owner.region), "path", text_or_null(owner.path), "peripheral",
			 text_or_null(owner.peripheral));
}

static json_t *words_json(const struct core *core, const struct last_words *words)
{
	json_t *list = json_array();
	unsigned int i = 0;

	for (i = 0; i < words->count; i++) {
		const struct words *w = &words->words[i];

		json_array_append_new(
			list, json_pack("{s:s, s:i, s:o, s:o, s:s}", "source", words_source_name(w->source), "region",
					(int)core->region[w->region].index, "address", json_hex64(w->address), "item",
					w->source == WORDS_SMEM ? json_u64(w->item) : json_null(), "text", w->text));
	}
	return list;
}

static json_t *registers_json(const struct last_words *words)
{
	json_t *x = NULL;
	unsigned int i = 0;

	if (words->cause != PIL_NOTE_FATAL)
		return json_null();
	x = json_array();
	for (i = 0; i < PIL_NOTE_X; i++)
		json_array_append_new(x, json_hex64(words->x[i]));
	return json_pack("{s:o, s:o, s:o}", "pc", json_hex64(words->pc), "sp", json_hex64(words->sp), "x", x);
}

static json_t *note_json(const struct last_words *words)
{
	json_t *lines = NULL;
	unsigned int i = 0;

	if (!words->has_note)
		return json_null();
	lines = json_array();
	for (i = 0; i < words->lines; i++)
		json_array_append_new(lines, json_string(words->line[i]));
	return json_pack("{s:o, s:b, s:o, s:o, s:o}", "address", json_hex64(words->note_address), "fatal",
			 words->cause == PIL_NOTE_FATAL, "said", json_u64(words->said), "lines", lines, "registers",
			 registers_json(words));
}

static json_t *log_json(const struct dump *d)
{
	json_t *lines = NULL;
	unsigned int i = 0;

	if (!d->has_log)
		return json_null();
	lines = json_array();
	for (i = 0; i < d->log.lines; i++)
		json_array_append_new(lines, json_string(d->log.line[i]));
	return lines;
}

static json_t *core_json(const struct core *core)
{
	static const char *const kinds[] = {
		[CORE_EMPTY] = "empty",
		[CORE_SEGMENTS] = "segments",
		[CORE_SECTIONS] = "sections",
	};

	return json_pack("{s:o, s:i, s:i, s:s?, s:o, s:s, s:i, s:o, s:o}", "file", json_name(core->file.path), "class",
			 core->is64 ? 64 : 32, "machine", (int)core->machine, "machine_name",
			 machine_name(core->machine), "entry", json_hex64(core->entry), "kind", kinds[core->kind],
			 "headers", (int)core->declared, "size", json_u64(core->file.size), "missing",
			 json_u64(core->missing));
}

json_t *dump_json(const struct dump *d)
{
	json_t *root = core_json(&d->core);
	json_t *regions = json_array();
	json_t *problems = json_array();
	json_t *notes = json_array();
	unsigned int i = 0;

	for (i = 0; i < d->core.count; i++)
		json_array_append_new(regions, region_json(d, &d->core.region[i]));
	for (i = 0; i < d->core.problems && i < CORE_PROBLEMS; i++)
		json_array_append_new(problems, json_string(d->core.problem[i]));
	for (i = 0; i < d->notes; i++)
		json_array_append_new(notes, json_pack("{s:s, s:s}", "id", d->note[i].id, "text", d->note[i].text));
	json_object_set_new(root, "regions", regions);
	json_object_set_new(root, "last_words", words_json(&d->core, &d->words));
	json_object_set_new(root, "more_words", json_u64(d->words.hidden));
	json_object_set_new(root, "note", note_json(&d->words));
	json_object_set_new(root, "secure_log", log_json(d));
	json_object_set_new(root, "problems", problems);
	json_object_set_new(root, "more_problems",
			    json_u64(d->core.problems > CORE_PROBLEMS ? d->core.problems - CORE_PROBLEMS : 0));
	json_object_set_new(root, "notes", notes);
	return root;
}
