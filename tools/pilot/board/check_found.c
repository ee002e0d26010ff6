/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: asks the themes in turn, and keeps what they find. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "board/check.h"

#define FINDINGS_MAX 4096u

const char *severity_name(enum severity severity)
{
	static const char *const names[SEVERITIES] = { "error", "warning", "note" };

	return names[severity];
}

const char *arrangement_name(enum arrangement arrangement)
{
	switch (arrangement) {
	case ARRANGEMENT_OWNER:
		return "owner";
	case ARRANGEMENT_GUEST:
		return "guest";
	default:
		return "tee";
	}
}

static const char *keep(struct check *c, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static const char *keep(struct check *c, const char *format, va_list args)
{
	va_list again;
	char *text = NULL;
	int size = 0;

	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (size < 0)
		return "";
	text = pool_alloc(&c->pool, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, args);
	return text;
}

const char *check_format(struct check *c, const char *format, ...)
{
	const char *text = NULL;
	va_list args;

	va_start(args, format);
	text = keep(c, format, args);
	va_end(args);
	return text;
}

static bool is_noted(const struct check *c, enum rule_number rule, const char *path, const char *text)
{
	unsigned int i = 0;

	for (i = 0; i < c->count; i++) {
		const struct finding *f = &c->findings[i];

		if (f->rule == rule && !strcmp(f->path, path) && !strcmp(f->text, text))
			return true;
	}
	return false;
}

static bool applies(const struct check *c, enum rule_number rule)
{
	const struct rule *r = rule_at(rule);

	return r->arrangements & c->arrangement && (!r->firmware || c->firmware);
}

void check_found(struct check *c, enum rule_number rule, const char *path, const char *value, const char *format, ...)
{
	const char *text = NULL;
	va_list args;

	if (!applies(c, rule) || check_full(c))
		return;
	va_start(args, format);
	text = keep(c, format, args);
	va_end(args);
	if (is_noted(c, rule, path, text))
		return;
	c->findings = pool_grow(&c->pool, c->findings, c->count, sizeof(*c->findings));
	c->findings[c->count++] = (struct finding){ rule, path, value, text };
}

bool check_full(const struct check *c)
{
	return c->count == FINDINGS_MAX;
}

unsigned int check_count(const struct check *c, enum severity severity)
{
	unsigned int count = 0;
	unsigned int i = 0;

	for (i = 0; i < c->count; i++)
		count += rule_at(c->findings[i].rule)->severity == severity;
	return count;
}

/* by severity, then by rule, then in the order of the tree, which is that in which they were found */
static void sort(struct check *c)
{
	struct finding *sorted = pool_alloc(&c->pool, (c->count + 1) * sizeof(*sorted));
	unsigned int severity = 0, rule = 0, i = 0, n = 0;

	for (severity = 0; severity < SEVERITIES; severity++)
		for (rule = 0; rule < RULES; rule++)
			for (i = 0; rule_at(rule)->severity == severity && i < c->count; i++)
				if (c->findings[i].rule == rule)
					sorted[n++] = c->findings[i];
	c->findings = sorted;
}

/* nodes come behind those that they are within */
static void prepare(struct check *c)
{
	const struct board_model *m = c->model;
	unsigned int i = 0;
	int node = 0;

	c->reserved = tree_find(c->tree, "/reserved-memory");
	c->peripheral_at = pool_alloc(&c->pool, ((size_t)c->tree->count + 1) * sizeof(*c->peripheral_at));
	for (node = 0; node < c->tree->count; node++)
		c->peripheral_at[node] = MODEL_NONE;
	for (i = 0; i < m->peripheral_count; i++)
		c->peripheral_at[m->peripherals[i].node] = (int)i;
	for (node = 1; node < c->tree->count; node++)
		if (c->peripheral_at[node] == MODEL_NONE)
			c->peripheral_at[node] = c->peripheral_at[c->tree->nodes[node].parent];
}

void check_board(struct check *c)
{
	prepare(c);
	rules_memory(c);
	rules_streams(c);
	rules_arrangement(c);
	rules_driver(c);
	rules_clash(c);
	rules_tee(c);
	rules_firmware(c);
	sort(c);
}

void check_free(struct check *c)
{
	pool_free(&c->pool);
	c->findings = NULL;
	c->count = 0;
}
