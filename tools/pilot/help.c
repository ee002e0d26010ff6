/* SPDX-License-Identifier: BSD-2-Clause */
/* Help texts, which are written with line ends of their own, laid out anew for the width at hand. */
#include <string.h>

#include "pilot.h"

#define TEXT_LEAST  28 /* columns; an explanation that would have fewer begins on a line of its own */
#define TEXT_NEXT   8  /* where it begins then */
#define TERM_INDENT 6  /* terms and options begin with up to so many blanks; what has more goes on with a text */

/**
 * struct part - lines that belong together: a paragraph, or a term and its explanation
 * @term:   as it is, from the line's begin; NULL in a paragraph
 * @length: of the term
 * @indent: of the explanation as it was written
 * @text:   words, with blanks and line ends between them; NULL: none so far
 * @end:    behind them
 */
struct part {
	const char *term;
	size_t length;
	size_t indent;
	const char *text;
	const char *end;
};

static void finish(FILE *to, struct part *p)
{
	unsigned int column = (unsigned int)p->indent;

	if (p->term && p->text) {
		bool beside = p->length + 2 <= p->indent && text_width() >= p->indent + TEXT_LEAST;

		column = text_width() >= p->indent + TEXT_LEAST ? column : TEXT_NEXT;
		fprintf(to, "%.*s%s%*s", (int)p->length, p->term, beside ? "" : "\n",
			(int)(beside ? column - p->length : column), "");
	} else if (p->term) {
		fprintf(to, "%.*s\n", (int)p->length, p->term);
	}
	if (p->text)
		text_wrap_at(to, column, column, p->text, (size_t)(p->end - p->text));
	*p = (struct part){ 0 };
}

/* bytes of the term that a line begins with; @text: where its explanation begins, or the line's end */
static size_t term_length(const char *line, size_t length, size_t *text)
{
	size_t i = strspn(line, " ");

	for (; i + 2 < length; i++) {
		if (line[i] == ' ' && line[i + 1] == ' ') {
			*text = i + strspn(line + i, " ");
			return i;
		}
	}
	*text = length;
	return length;
}

static void begin_term(struct part *p, const char *line, size_t length)
{
	size_t at = 0;

	p->term = line;
	p->length = term_length(line, length, &at);
	if (at < length) {
		p->indent = at;
		p->text = line + at;
		p->end = line + length;
	}
}

static void go_on(struct part *p, const char *line, size_t length)
{
	if (!p->text) {
		p->text = line;
		p->indent = p->term ? strspn(line, " ") : 0;
	}
	p->end = line + length;
}

static bool is_term(const char *line, size_t length, size_t blanks)
{
	size_t text = 0;

	if (!blanks || blanks > TERM_INDENT)
		return false;
	return line[blanks] == '-' || term_length(line, length, &text) < length;
}

/* a line before indented ones, which it announces */
static bool is_heading(const char *line, size_t length)
{
	return length && line[length - 1] == ':' && line[length] == '\n' && line[length + 1] == ' ';
}

static void take_line(FILE *to, struct part *p, const char *line, size_t length)
{
	size_t blanks = strspn(line, " ");
	bool paragraph = p->text && !p->term;

	if (is_term(line, length, blanks)) {
		finish(to, p);
		begin_term(p, line, length);
	} else if (length && ((blanks > TERM_INDENT && p->term) || (!blanks && paragraph))) {
		go_on(p, line, length);
	} else if (length && !blanks && !is_heading(line, length)) {
		finish(to, p);
		go_on(p, line, length);
	} else {
		/* empty lines, headings, examples */
		finish(to, p);
		fprintf(to, "%.*s\n", (int)length, line);
	}
}

void help_text(FILE *to, const char *help)
{
	struct part part = { 0 };

	while (*help) {
		size_t length = strcspn(help, "\n");

		take_line(to, &part, help, length);
		help += length + (help[length] == '\n');
	}
	finish(to, &part);
}

/* bytes of a word of a synopsis: what is in brackets stays together */
static size_t word_length(const char *at)
{
	unsigned int depth = 0;
	size_t i = 0;

	for (; at[i] && at[i] != '\n' && (depth || at[i] != ' '); i++) {
		depth += at[i] == '[';
		depth -= at[i] == ']' && depth;
	}
	return i;
}

void help_usage(FILE *to, const char *name, const char *usage)
{
	unsigned int width = text_width();
	unsigned int column = (unsigned int)fprintf(to, "usage: %s", name);

	while (*usage) {
		size_t length = 0;
		bool form = false;

		usage += strspn(usage, " \n");
		length = word_length(usage);
		/* a second form of the command */
		form = length == 5 && !strncmp(usage, "pilot", 5);
		if (form || column + 1 + length > width)
			column = (unsigned int)fprintf(to, "\n%*s", form ? 6 : 10, "") - 1;
		column += (unsigned int)fprintf(to, " %.*s", (int)length, usage);
		usage += length;
	}
	fputc('\n', to);
}
