/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: findings for people, and the same for programs. */
#include <string.h>

#include "board/check.h"

#define INDENT 4u

static const char *colour(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return paint(PAINT_BAD);
	case SEVERITY_WARNING:
		return paint(PAINT_WARN);
	default:
		return paint(PAINT_DIM);
	}
}

static void print_rule(const struct rule *r)
{
	printf("%s%s%s %s[%s]%s\n", colour(r->severity), severity_name(r->severity), paint(PAINT_OFF),
	       paint(PAINT_TITLE), r->id, paint(PAINT_OFF));
	text_wrap("  ", 2, r->title);
}

/* why it matters and what to change come once for each rule, behind all that breaks it */
static unsigned int print_group(struct check *c, unsigned int from)
{
	const enum rule_number number = c->findings[from].rule;
	const struct rule *r = rule_at(number);
	unsigned int i = 0;

	print_rule(r);
	for (i = from; i < c->count && c->findings[i].rule == number; i++) {
		printf("  %s\n", c->findings[i].path);
		text_wrap("    ", INDENT, c->findings[i].text);
	}
	printf("%s", paint(PAINT_DIM));
	text_wrap("  why: ", 7, r->why);
	text_wrap("  fix: ", 7, r->fix);
	printf("%s\n", paint(PAINT_OFF));
	return i;
}

void check_print(struct check *c, const char *why)
{
	const unsigned int errors = check_count(c, SEVERITY_ERROR), warnings = check_count(c, SEVERITY_WARNING);
	const unsigned int notes = check_count(c, SEVERITY_NOTE);
	const bool clean = !errors && !warnings;
	unsigned int i = 0;

	printf("%s%s%s%s%s\n", paint(PAINT_TITLE), c->tree->name, paint(PAINT_OFF), *c->model->board ? ": " : "",
	       c->model->board);
	text_wrap("", 0, check_format(c, "arrangement %s: %s", arrangement_name(c->arrangement), why));
	putchar('\n');
	while (i < c->count)
		i = print_group(c, i);
	if (check_full(c))
		printf("There is more, which is not listed.\n\n");
	printf("%s%u error%s, %u warning%s, %u note%s%s\n",
	       paint(clean    ? PAINT_GOOD
		     : errors ? PAINT_BAD
			      : PAINT_WARN),
	       errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s", notes, notes == 1 ? "" : "s",
	       paint(PAINT_OFF));
}

static json_t *arrangements_json(const struct rule *r)
{
	static const enum arrangement all[] = { ARRANGEMENT_OWNER, ARRANGEMENT_GUEST, ARRANGEMENT_TEE };
	json_t *list = json_array();
	unsigned int i = 0;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (r->arrangements & all[i])
			json_array_append_new(list, json_string(arrangement_name(all[i])));
	return list;
}

static json_t *finding_json(const struct finding *f)
{
	const struct rule *r = rule_at(f->rule);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "rule", r->id, "severity",
			 severity_name(r->severity), "node", f->path, "value", f->value, "text", f->text, "title",
			 r->title, "why", r->why, "fix", r->fix);
}

json_t *check_json(const struct check *c, const char *why)
{
	json_t *list = json_array();
	unsigned int i = 0;

	for (i = 0; i < c->count; i++)
		json_array_append_new(list, finding_json(&c->findings[i]));
	return json_pack("{s:o, s:s, s:s, s:s, s:i, s:i, s:i, s:o}", "file", json_name(c->tree->name), "board",
			 c->model->board, "arrangement", arrangement_name(c->arrangement), "because", why, "errors",
			 (int)check_count(c, SEVERITY_ERROR), "warnings", (int)check_count(c, SEVERITY_WARNING),
			 "notes", (int)check_count(c, SEVERITY_NOTE), "findings", list);
}

void check_print_rules(void)
{
	unsigned int i = 0;

	for (i = 0; i < RULES; i++) {
		print_rule(rule_at(i));
		text_wrap("  why: ", 7, rule_at(i)->why);
		text_wrap("  fix: ", 7, rule_at(i)->fix);
		putchar('\n');
	}
}

json_t *check_rules_json(void)
{
	json_t *list = json_array();
	unsigned int i = 0;

	for (i = 0; i < RULES; i++) {
		const struct rule *r = rule_at(i);

		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:b, s:s, s:s, s:s}", "id", r->id, "severity",
						      severity_name(r->severity), "arrangements", arrangements_json(r),
						      "firmware", r->firmware, "title", r->title, "why", r->why, "fix",
						      r->fix));
	}
	return json_pack("{s:o}", "rules", list);
}
