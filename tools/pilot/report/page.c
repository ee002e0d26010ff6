/* SPDX-License-Identifier: BSD-2-Clause */
/* Frame of the page: head, title, what there is to know of the run, and the sections in their order. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "draw/draw.h"
#include "draw/markup.h"
#include "report/page.h"
#include "report/timeline.h"

void page_element(struct buffer *b, const char *tag, const char *class, const char *text)
{
	if (!*text)
		return;
	markup(b, "<%s class=\"%s\">", tag, class);
	markup_text(b, text);
	markup(b, "</%s>", tag);
}

void page_section(struct buffer *b, const char *id, const char *title)
{
	markup(b, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

void page_section_end(struct buffer *b)
{
	markup(b, "</section>\n");
}

/*
 * Nothing from anywhere may be loaded or run, whatever got into a log: the policy forbids it, and the page does without. The style is the
 * page's own.
 */
static void head(struct buffer *b, const struct run *run)
{
	markup(b,
	       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
	       "base-uri 'none'; form-action 'none'\">\n"
	       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	       "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"pilot " PILOT_VERSION
	       "\">\n"
	       "<title>Pilot: ");
	markup_text(b, run->directory);
	markup(b, "</title>\n<style>\n");
	page_style(b);
	draw_style(b);
	timeline_style(b);
	markup(b, "</style>\n</head>\n<body>\n");
}

static void fact(struct buffer *b, const char *name, const char *value)
{
	if (!*value)
		return;
	markup(b, "<div><dt>%s</dt><dd>", name);
	markup_text(b, value);
	markup(b, "</dd></div>\n");
}

static void fact_number(struct buffer *b, const struct run *run, const char *name, const char *key)
{
	const json_t *value = json_object_get(run->result, key);
	char text[32] = "";

	if (json_is_integer(value))
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	fact(b, name, text);
}

static void facts(struct buffer *b, const struct run *run)
{
	const json_t *memory = json_object_get(run->result, "memory");
	char size[SIZE_TEXT] = "";

	markup(b, "<dl class=\"facts\">\n");
	fact(b, "Arrangement", run_text(run->result, "arrangement"));
	fact(b, "Linux", run_text(run->result, "kernel"));
	fact_number(b, run, "CPUs of Linux", "smp");
	fact_number(b, run, "Remote cores", "remote_cores");
	if (json_is_integer(memory) && json_integer_value(memory) > 0)
		fact(b, "Memory", size_text(size, (uint64_t)json_integer_value(memory)));
	fact(b, "QEMU", run_text(run->result, "qemu"));
	fact(b, "CPU", run_text(run->result, "cpu"));
	markup(b, "</dl>\n");
}

static void verdict(struct buffer *b, const struct run *run)
{
	size_t steps = json_array_size(run_steps(run));
	size_t passed = run_passed(run);

	if (!steps)
		markup(b, "<p class=\"verdict off\">No record of the steps</p>\n");
	else
		markup(b, "<p class=\"verdict %s\">%zu of %zu steps observed</p>\n", passed == steps ? "ok" : "bad",
		       passed, steps);
}

static void missing(struct buffer *b, const struct run *run)
{
	size_t i = 0;

	if (!json_array_size(run->missing))
		return;
	markup(b, "<aside class=\"missing\"><strong>This page is not complete.</strong><ul>\n");
	for (i = 0; i < json_array_size(run->missing); i++) {
		const json_t *entry = json_array_get(run->missing, i);

		markup(b, "<li>");
		page_element(b, "code", "", run_text(entry, "file"));
		markup(b, ": ");
		markup_text(b, run_text(entry, "why"));
		markup(b, "</li>\n");
	}
	markup(b, "</ul></aside>\n");
}

static void links(struct buffer *b)
{
	static const char *const names[][2] = {
		{ "steps", "Steps" },	{ "timeline", "Timeline" }, { "refusals", "Refusals" },
		{ "faults", "Faults" }, { "firmware", "Firmware" }, { "board", "Board" },
		{ "logs", "Logs" },
	};
	size_t i = 0;

	markup(b, "<nav>");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		markup(b, "<a href=\"#%s\">%s</a> ", names[i][0], names[i][1]);
	markup(b, "</nav>\n");
}

void page_make(struct buffer *b, const struct run *run)
{
	const char *board = run->has_board ? run->model.board : "";

	head(b, run);
	markup(b, "<header>\n<h1>");
	markup_text(b, *board ? board : "A run of Pilot");
	markup(b, "</h1>\n<p class=\"where\">");
	markup_text(b, run->directory);
	markup(b, "</p>\n");
	verdict(b, run);
	facts(b, run);
	missing(b, run);
	links(b);
	markup(b, "</header>\n<main>\n");
	page_steps(b, run);
	page_timeline(b, run);
	page_refusals(b, run);
	page_explained(b, run);
	page_images(b, run);
	page_board(b, run);
	page_logs(b, run);
	markup(b, "</main>\n</body>\n</html>\n");
}
