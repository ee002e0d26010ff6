/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot explain --list: all that is known, of which docs/TROUBLESHOOTING.md is made. */
#include "explain/explain.h"
#include "pilot.h"

static const char *const kinds[] = {
	[KIND_FAULT] = "fault",	      [KIND_SMMU] = "smmu",	    [KIND_LAST_WORDS] = "last-words",
	[KIND_CRASH] = "crash",	      [KIND_START] = "start",	    [KIND_FOLLOW] = "follows",
	[KIND_REFUSAL] = "refusal",   [KIND_HARMLESS] = "harmless", [KIND_CONTEXT] = "context",
	[KIND_CONTINUATION] = "more",
};

void explain_list(void)
{
	const struct group *group = NULL;
	size_t g = 0;
	size_t e = 0;

	for (g = 0; (group = fault_group(g)); g++) {
		printf("%s%s%s%s\n", g ? "\n" : "", paint(PAINT_TITLE), group->title, paint(PAINT_OFF));
		for (e = 0; e < group->count; e++)
			printf("  %-24s %s\n", group->entries[e].id, group->entries[e].title);
	}
}

static json_t *texts(const char *const *list, unsigned int limit)
{
	json_t *array = json_array();
	unsigned int i = 0;

	for (i = 0; i < limit && list[i]; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

static json_t *entry_json(const struct entry *e)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", e->id, "kind", kinds[e->kind], "title", e->title,
			 "meaning", e->meaning, "patterns", texts(e->pattern, EXPLAIN_PATTERNS), "causes",
			 texts(e->cause, EXPLAIN_CAUSES), "try", texts(e->remedy, EXPLAIN_REMEDIES));
}

static json_t *reasons_json(void)
{
	json_t *array = json_array();
	unsigned int reason = 0;
	size_t i = 0;

	for (i = 0; (reason = reason_at(i)) != PIL_R_NONE; i++) {
		struct reason_help help = { 0 };

		reason_help(reason, &help);
		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "name", reason_name(reason), "section",
						       help.section, "sentence", reason_sentence(reason), "meaning",
						       help.meaning));
	}
	return array;
}

json_t *explain_list_json(void)
{
	const struct group *group = NULL;
	json_t *groups = json_array();
	size_t g = 0;
	size_t e = 0;

	for (g = 0; (group = fault_group(g)); g++) {
		json_t *entries = json_array();

		for (e = 0; e < group->count; e++)
			json_array_append_new(entries, entry_json(&group->entries[e]));
		json_array_append_new(groups, json_pack("{s:s, s:s, s:o}", "name", group->name, "title", group->title,
							"entries", entries));
	}
	return json_pack("{s:o, s:o}", "groups", groups, "reasons", reasons_json());
}
