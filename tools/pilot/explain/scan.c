/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds which of the table's patterns can be in a line, at one step for each byte whatever the table's size: the automaton of Aho and
 * Corasick (Efficient string matching, CACM 18(6), 1975) over one piece of text of each pattern, with all transitions worked out.
 */
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"

#define ANCHOR_MOST 20 /* longer ones make the automaton larger and are not rarer */
#define STATES_MOST UINT16_MAX

/**
 * struct scan - the automaton
 * @next:     where a state goes with a byte; state 0 is the beginning
 * @output:   first pattern that ends in a state, as an index plus 1
 * @also:     for each pattern, the next one with the same anchor, as an index plus 1
 * @fall:     longest other state that is an end of this one
 * @shorter:  nearest state on the way down the falls that has an output
 */
struct scan {
	struct pattern *pattern;
	unsigned int patterns;
	uint16_t (*next)[256];
	uint16_t *output;
	uint16_t *fall;
	uint16_t *shorter;
	uint16_t *also;
	unsigned int states;
};

void scan_free(struct scan *scan)
{
	if (!scan)
		return;
	free(scan->pattern);
	free(scan->next);
	free(scan->output);
	free(scan->fall);
	free(scan->shorter);
	free(scan->also);
	free(scan);
}

const struct pattern *scan_pattern(const struct scan *scan, unsigned int index)
{
	return &scan->pattern[index];
}

/* the longest piece of text between two fields */
static void find_anchor(struct pattern *p)
{
	const char *at = p->text;

	while (*at) {
		size_t length = strcspn(at, "{");

		if (length > p->anchor_length) {
			p->anchor = at;
			p->anchor_length = length;
		}
		at += length;
		at += strcspn(at, "}");
		at += *at == '}';
	}
	if (p->anchor_length > ANCHOR_MOST)
		p->anchor_length = ANCHOR_MOST;
}

/* call @take for each pattern of the table; returns how many */
static unsigned int each_pattern(struct pattern *list)
{
	const struct group *group = NULL;
	unsigned int count = 0;
	size_t g = 0;
	size_t e = 0;
	unsigned int p = 0;

	for (g = 0; (group = fault_group(g)); g++)
		for (e = 0; e < group->count; e++)
			for (p = 0; p < EXPLAIN_PATTERNS && group->entries[e].pattern[p]; p++, count++)
				if (list) {
					list[count] = (struct pattern){ .entry = &group->entries[e],
									.text = group->entries[e].pattern[p] };
					find_anchor(&list[count]);
				}
	return count;
}

static void add_anchor(struct scan *scan, unsigned int index)
{
	const struct pattern *p = &scan->pattern[index];
	uint16_t state = 0;
	uint16_t *slot = NULL;
	size_t i = 0;

	for (i = 0; i < p->anchor_length; i++) {
		slot = &scan->next[state][(unsigned char)p->anchor[i]];
		if (!*slot)
			*slot = (uint16_t)scan->states++;
		state = *slot;
	}
	slot = &scan->output[state];
	while (*slot)
		slot = &scan->also[*slot - 1];
	*slot = (uint16_t)(index + 1);
}

/* one state whose fall is known already: work out its missing transitions, and its children's falls */
static void complete_state(struct scan *scan, uint16_t state, uint16_t *queue, unsigned int *tail)
{
	unsigned int byte = 0;

	for (byte = 0; byte < 256; byte++) {
		uint16_t *slot = &scan->next[state][byte];
		uint16_t fallen = state ? scan->next[scan->fall[state]][byte] : 0;

		if (!*slot) {
			*slot = fallen;
			continue;
		}
		scan->fall[*slot] = fallen;
		scan->shorter[*slot] = scan->output[fallen] ? fallen : scan->shorter[fallen];
		queue[(*tail)++] = *slot;
	}
}

static bool complete(struct scan *scan)
{
	uint16_t *queue = calloc(scan->states, sizeof(*queue));
	unsigned int head = 0;
	unsigned int tail = 1;

	if (!queue)
		return false;
	while (head < tail)
		complete_state(scan, queue[head++], queue, &tail);
	free(queue);
	return true;
}

static size_t states_needed(const struct scan *scan)
{
	size_t needed = 1;
	unsigned int i = 0;

	for (i = 0; i < scan->patterns; i++)
		needed += scan->pattern[i].anchor_length;
	return needed;
}

struct scan *scan_new(void)
{
	struct scan *scan = calloc(1, sizeof(*scan));
	unsigned int i = 0;
	size_t states = 0;

	if (!scan)
		return NULL;
	scan->patterns = each_pattern(NULL);
	scan->pattern = calloc(scan->patterns, sizeof(*scan->pattern));
	scan->also = calloc(scan->patterns, sizeof(*scan->also));
	if (scan->pattern)
		each_pattern(scan->pattern);
	states = scan->pattern ? states_needed(scan) : 0;
	scan->next = states && states < STATES_MOST ? calloc(states, sizeof(*scan->next)) : NULL;
	scan->output = calloc(states + 1, sizeof(*scan->output));
	scan->fall = calloc(states + 1, sizeof(*scan->fall));
	scan->shorter = calloc(states + 1, sizeof(*scan->shorter));
	scan->states = 1;
	if (!scan->next || !scan->also || !scan->output || !scan->fall || !scan->shorter) {
		scan_free(scan);
		return NULL;
	}
	for (i = 0; i < scan->patterns; i++)
		add_anchor(scan, i);
	if (!complete(scan)) {
		scan_free(scan);
		return NULL;
	}
	return scan;
}

/* keep @found sorted and without doubles; one that does not fit is left out */
static unsigned int add_found(unsigned int *found, unsigned int count, unsigned int limit, unsigned int index)
{
	unsigned int i = count;

	while (i && found[i - 1] > index)
		i--;
	if ((i && found[i - 1] == index) || count == limit)
		return count;
	memmove(found + i + 1, found + i, (count - i) * sizeof(*found));
	found[i] = index;
	return count + 1;
}

unsigned int scan_find(const struct scan *scan, const char *text, size_t length, unsigned int *found,
		       unsigned int limit)
{
	unsigned int count = 0;
	uint16_t state = 0;
	size_t i = 0;

	for (i = 0; i < length; i++) {
		uint16_t hit = 0;
		uint16_t p = 0;

		state = scan->next[state][(unsigned char)text[i]];
		for (hit = scan->output[state] ? state : scan->shorter[state]; hit; hit = scan->shorter[hit])
			for (p = scan->output[hit]; p; p = scan->also[p - 1])
				count = add_found(found, count, limit, p - 1u);
	}
	return count;
}
