/* SPDX-License-Identifier: BSD-2-Clause */
/* Goes through the messages of a line, and counts what is the same: a bounded number of distinct faults, whatever the log's size. */
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"

#define CANDIDATES   12 /* patterns whose anchors are in one message */
#define PREFIX_MOST  16 /* characters of a prefix such as "qcom_scm: " */
#define LONG_PATTERN 20 /* characters that nobody else writes by chance */

bool explain_begin(struct explain *x)
{
	x->scan = x->scan ? x->scan : scan_new();
	x->faults = calloc(EXPLAIN_FAULTS, sizeof(*x->faults));
	x->last.fault = NO_FAULT;
	x->pending.fault = NO_FAULT;
	return x->scan && x->faults;
}

void explain_end(struct explain *x)
{
	scan_free(x->scan);
	free(x->faults);
	x->scan = NULL;
	x->faults = NULL;
}

void span_copy(struct span span, char *text, size_t size)
{
	size_t length = span.length < size ? span.length : size - 1;

	if (length)
		memcpy(text, span.text, length);
	text[length] = '\0';
}

static void fill_numbers(const struct match *match, struct fault *f)
{
	f->has_sid = match_has(match, FIELD_SID);
	f->sid = match->number[FIELD_SID];
	f->has_error = match_has(match, FIELD_ERROR);
	f->error = (int64_t)match->number[FIELD_ERROR];
	f->has_code = match_has(match, FIELD_CODE);
	f->code = match->number[FIELD_CODE];
	f->has_address = match_has(match, FIELD_ADDRESS);
	f->low = match->number[FIELD_ADDRESS];
	f->high = f->low;
}

void collect_fill(const struct message *m, const struct match *match, struct fault *f)
{
	enum field detail = match_has(match, FIELD_REASON) ? FIELD_REASON
			    : match_has(match, FIELD_TYPE) ? FIELD_TYPE
							   : FIELD_WHAT;

	*f = (struct fault){ .entry = match->entry, .source = m->source, .cause = NO_FAULT };
	span_copy(match->driver, f->driver, sizeof(f->driver));
	span_copy(match->device, f->device, sizeof(f->device));
	span_copy(match->field[FIELD_NAME], f->processor, sizeof(f->processor));
	span_copy(match->field[FIELD_CLIENT], f->client, sizeof(f->client));
	span_copy(match->field[FIELD_FILE], f->file, sizeof(f->file));
	span_copy(match->field[FIELD_REQUEST], f->request, sizeof(f->request));
	span_copy(match->field[detail], f->detail, sizeof(f->detail));
	span_copy((struct span){ m->text, m->length }, f->sample, sizeof(f->sample));
	fill_numbers(match, f);
}

static bool same_fault(const struct fault *a, const struct fault *b)
{
	return a->entry == b->entry && a->source == b->source && a->has_sid == b->has_sid && a->sid == b->sid &&
	       a->has_error == b->has_error && a->error == b->error && a->has_code == b->has_code &&
	       a->code == b->code && a->reason == b->reason && !strcmp(a->device, b->device) &&
	       !strcmp(a->detail, b->detail) && !strcmp(a->file, b->file) && !strcmp(a->request, b->request) &&
	       (!*a->processor || !*b->processor || !strcmp(a->processor, b->processor)) &&
	       (!*a->client || !*b->client || !strcmp(a->client, b->client));
}

static uint32_t find_fault(const struct explain *x, const struct fault *f)
{
	unsigned int of_entry = 0;
	unsigned int i = 0;

	/* a storm is of the newest one again */
	if (x->last.fault < x->count && same_fault(&x->faults[x->last.fault], f))
		return x->last.fault;
	for (i = 0; i < x->count; i++) {
		if (same_fault(&x->faults[i], f))
			return i;
		of_entry += x->faults[i].entry == f->entry;
	}
	return x->count < EXPLAIN_FAULTS && of_entry < EXPLAIN_PER_ID ? x->count : NO_FAULT;
}

static void add_region(const struct explain *x, struct fault *f, uint64_t address)
{
	char name[NAME_LENGTH] = "";
	unsigned int i = 0;

	if (!x->board || !board_region(x->board, address, name, sizeof(name)))
		return;
	for (i = 0; i < f->regions; i++)
		if (!strcmp(f->region[i], name))
			return;
	if (f->regions < FAULT_REGIONS)
		memcpy(f->region[f->regions++], name, sizeof(name));
}

/* names of images, each once, as many as there is room for */
static void add_image(struct fault *f, const char *image)
{
	size_t used = strlen(f->image);

	if (*image && !strstr(f->image, image) && used + strlen(image) + 3 < sizeof(f->image))
		snprintf(f->image + used, sizeof(f->image) - used, "%s%s", used ? ", " : "", image);
}

/* what an occurrence adds to what is known already */
static void merge(const struct explain *x, struct fault *f, const struct fault *new)
{
	if (new->has_address) {
		f->low = f->has_address && f->low < new->low ? f->low : new->low;
		f->high = f->has_address && f->high > new->high ? f->high : new->high;
		f->has_address = true;
		add_region(x, f, new->low);
	}
	f->reads = f->reads || new->reads;
	f->writes = f->writes || new->writes;
	if (!*f->processor)
		memcpy(f->processor, new->processor, sizeof(f->processor));
	if (!*f->client)
		memcpy(f->client, new->client, sizeof(f->client));
	add_image(f, new->image);
}

static void find_owner(const struct explain *x, struct fault *f)
{
	char name[NAME_LENGTH] = "";
	char owner[NAME_LENGTH] = "";

	if (!x->board || !f->has_sid || !board_owner(x->board, f->device, f->sid, name, owner))
		return;
	if (!*f->client)
		memcpy(f->client, owner, sizeof(owner));
	if (!*f->processor)
		memcpy(f->processor, name, sizeof(name));
}

uint32_t collect_fault(struct explain *x, const struct message *m, const struct fault *new)
{
	uint32_t index = find_fault(x, new);
	struct fault *f = NULL;

	if (index == NO_FAULT) {
		x->left_out++;
		return NO_FAULT;
	}
	f = &x->faults[index];
	if (index == x->count) {
		*f = *new;
		f->first = m->when;
		f->first_line = m->line;
		f->has_address = false;
		find_owner(x, f);
		x->count++;
	}
	merge(x, f, new);
	f->count++;
	f->last = m->when;
	f->last_line = m->line;
	x->noted++;
	x->last = (struct occurrence){ index, m->line, m->when };
	return index;
}

void collect_retract(struct explain *x)
{
	struct fault *f = &x->faults[x->last.fault];

	f->count--;
	x->noted--;
	if (!f->count && x->last.fault + 1 == x->count) {
		x->count--;
		while (x->recents && x->recent[x->recents - 1].fault >= x->count)
			x->recents--;
	}
	x->last.fault = NO_FAULT;
}

static void take(struct explain *x, const struct message *m, const struct match *match)
{
	struct fault f = { 0 };
	uint32_t index = 0;

	if (special_match(x, m, match))
		return;
	if (match->entry->kind == KIND_CONTEXT) {
		relate_context(x, m, match);
		return;
	}
	if (match->entry->kind == KIND_CONTINUATION)
		return;
	collect_fill(m, match, &f);
	relate_names(x, &f);
	index = collect_fault(x, m, &f);
	if (index != NO_FAULT)
		relate_fault(x, m, index);
}

/*
 * The kernel says "driver device: " before most messages. Where it is missing, only a pattern that is unlike anything else counts:
 * a long one, or one with a prefix of its own.
 */
static bool is_credible(const char *pattern, const struct match *match)
{
	size_t text = 0;
	size_t i = 0;
	bool inside = false;

	if (match->driver.length && match->device.length)
		return true;
	for (i = 0; pattern[i]; i++) {
		inside = pattern[i] == '{' || (inside && pattern[i] != '}');
		text += !inside && pattern[i] != '}';
		if (!inside && i < PREFIX_MOST && pattern[i] == ':')
			return true;
	}
	return text >= LONG_PATTERN;
}

static void look_at(struct explain *x, const struct message *m)
{
	unsigned int found[CANDIDATES] = { 0 };
	unsigned int count = 0;
	unsigned int i = 0;

	if (special_word(x, m))
		return;
	count = scan_find(x->scan, m->text, m->length, found, CANDIDATES);
	for (i = 0; i < count; i++) {
		const struct pattern *p = scan_pattern(x->scan, found[i]);
		struct match match = { 0 };

		if (match_pattern(p->text, m, &match) && is_credible(p->text, &match)) {
			match.entry = p->entry;
			take(x, m, &match);
			return;
		}
	}
}

void explain_line(struct explain *x, unsigned int source, char *line, size_t length)
{
	unsigned int found = 0;
	struct message m = { .line = x->lines[source], .source = source };
	size_t at = 0;

	/* most lines have nothing in them */
	if (!x->pending.open && !scan_find(x->scan, line, length, &found, 1))
		return;
	length = line_clean(line, length);
	while (line_next(line, length, &at, &m))
		look_at(x, &m);
}
