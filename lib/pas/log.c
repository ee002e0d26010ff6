/* SPDX-License-Identifier: BSD-2-Clause */
/* Log lines: every decision and every refusal is one whole line with its reason and values. */
#include "internal.h"

struct pil_text *pil_line_begin_(struct pil_line_ *line, const struct pil_peripheral *p, enum pil_event event,
				 const char *verb)
{
	struct pil_text *t = &line->text;

	*t = (struct pil_text){ .buf = line->buf, .size = sizeof(line->buf) };
	pil_text_string(t, p->desc->name);
	pil_text_string(t, ": ");
	pil_text_string(t, pil_event_name(event));
	pil_text_char(t, ' ');
	pil_text_string(t, verb);
	return t;
}

void pil_line_number_(struct pil_text *t, const char *before, uint64_t value, const char *after)
{
	pil_text_string(t, before);
	pil_text_dec(t, value);
	pil_text_string(t, after);
}

void pil_line_send_(struct pil_pas *pas, struct pil_line_ *line)
{
	pil_text_end(&line->text);
	pas->board->log(pas->board, line->buf);
}

struct pil_text *pil_line_host_(struct pil_line_ *line, const char *request, const char *verb)
{
	struct pil_text *t = &line->text;

	*t = (struct pil_text){ .buf = line->buf, .size = sizeof(line->buf) };
	pil_text_string(t, "host: ");
	pil_text_string(t, request);
	pil_text_char(t, ' ');
	pil_text_string(t, verb);
	return t;
}

void pil_line_range_(struct pil_text *t, struct pil_range r)
{
	pil_text_hex(t, r.base);
	pil_text_string(t, " (+");
	pil_text_hex(t, r.size);
	pil_text_string(t, ")");
}

static void send_reason(struct pil_pas *pas, struct pil_line_ *line, const struct pil_why *why)
{
	struct pil_text *t = &line->text;

	pil_text_string(t, pil_reason_name(why->reason));
	pil_text_string(t, ": ");
	t->len += pil_why_text(why, t->buf + t->len, t->size - t->len);
	pil_line_send_(pas, line);
}

void pil_log_refused_(struct pil_pas *pas, const struct pil_peripheral *p, enum pil_event event,
		      const struct pil_why *why)
{
	struct pil_line_ line = { 0 };

	pil_line_begin_(&line, p, event, "refused: ");
	send_reason(pas, &line, why);
}

void pil_log_host_refused_(struct pil_pas *pas, const char *request, const struct pil_why *why)
{
	struct pil_line_ line = { 0 };

	pil_line_host_(&line, request, "refused: ");
	send_reason(pas, &line, why);
}
