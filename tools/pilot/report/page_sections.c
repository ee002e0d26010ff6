/* SPDX-License-Identifier: BSD-2-Clause */
/* The sections of the page. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "draw/draw.h"
#include "draw/markup.h"
#include "report/page.h"
#include "report/timeline.h"

#define STEPS_MAX  500u
#define IMAGES_MAX 200u
#define LOG_SHOWN  (1u << 20) /* bytes of a log's end; more makes browsers slow, and is in the file */

static void nothing(struct buffer *b, const char *text)
{
	markup(b, "<p class=\"dim\">%s</p>\n", text);
}

static void step(struct buffer *b, const json_t *entry)
{
	bool ok = json_is_true(json_object_get(entry, "ok"));
	bool reached = strcmp(run_text(entry, "observed"), "not reached");
	const char *class = ok ? "ok" : reached ? "bad" : "off";
	double seconds = json_number_value(json_object_get(entry, "seconds"));

	markup(b, "<li><span class=\"mark %s\" title=\"%s\">%s</span>", class,
	       ok	 ? "observed"
	       : reached ? "failed"
			 : "not reached",
	       ok	 ? "&#10003;"
	       : reached ? "&#10007;"
			 : "&#8211;");
	page_element(b, "span", "name", run_text(entry, "name"));
	markup(b, "<span class=\"time\">%.2f s</span>", seconds >= 0 && seconds < 1e6 ? seconds : 0.0);
	page_element(b, "span", "observed", run_text(entry, "observed"));
	markup(b, "</li>\n");
}

void page_steps(struct buffer *b, const struct run *run)
{
	const json_t *steps = run_steps(run);
	size_t i = 0;

	page_section(b, "steps", "Steps");
	if (!json_array_size(steps))
		nothing(b, "result.json, which has them, is not there or has none.");
	markup(b, "<ol class=\"steps\">\n");
	for (i = 0; i < json_array_size(steps) && i < STEPS_MAX; i++)
		step(b, json_array_get(steps, i));
	markup(b, "</ol>\n");
	page_section_end(b);
}

/* a picture wider than the screen scrolls in its own box */
static void picture_begin(struct buffer *b)
{
	markup(b, "<div class=\"picture\" tabindex=\"0\">\n");
}

static void picture_end(struct buffer *b)
{
	markup(b, "</div>\n");
}

void page_timeline(struct buffer *b, const struct run *run)
{
	page_section(b, "timeline", "Timeline");
	if (run->has_trace && run->trace.count) {
		markup(b, "<p class=\"dim\">From the firmware's own trace: %zu events", run->trace.count);
		if (run->trace.lost)
			markup(b, ", %" PRIu64 " older ones were overwritten", run->trace.lost);
		markup(b, ". <code>pilot trace show</code> prints all of them.</p>\n");
		picture_begin(b);
		timeline_trace(b, &run->trace);
		picture_end(b);
	} else if (json_array_size(run_steps(run))) {
		nothing(b, "There is no trace (trace.bin): this shows how long each step was waited for.");
		picture_begin(b);
		timeline_steps(b, run_steps(run));
		picture_end(b);
	} else {
		nothing(b, "There is neither a trace nor a record of the steps.");
	}
	page_section_end(b);
}

/* words with `pieces of code` in them, as explain's tables have them */
static void code_text(struct buffer *b, const char *text)
{
	bool code = false;

	while (*text) {
		size_t length = strcspn(text, "`");

		buffer_put(b, code ? "<code>" : "", code ? 6 : 0);
		markup_bytes(b, text, length);
		buffer_put(b, code ? "</code>" : "", code ? 7 : 0);
		text += length;
		if (*text == '`') {
			code = !code;
			text++;
		}
	}
}

static void refusal(struct buffer *b, const json_t *entry)
{
	const json_t *seconds = json_object_get(entry, "seconds");
	json_int_t count = json_integer_value(json_object_get(entry, "count"));
	const char *reason = run_text(entry, "reason");

	markup(b, "<div class=\"refusal\">\n<p class=\"head\">");
	page_element(b, "span", "badge bad mono", *reason ? reason : run_text(entry, "request"));
	markup(b, "<span>");
	page_element(b, "strong", "", run_text(entry, "who"));
	if (*reason) {
		markup(b, " ");
		markup_text(b, run_text(entry, "request"));
	}
	markup(b, "</span><span class=\"dim\">");
	if (json_is_real(seconds))
		markup(b, "at %.3f s", json_real_value(seconds));
	if (count > 1)
		markup(b, "%s%" JSON_INTEGER_FORMAT " times", json_is_real(seconds) ? ", " : "", count);
	markup(b, "</span></p>\n");
	page_element(b, "p", "what", run_text(entry, "text"));
	if (*run_text(entry, "meaning")) {
		markup(b, "<p class=\"means\">");
		code_text(b, run_text(entry, "meaning"));
		markup(b, "</p>\n");
	}
	markup(b, "</div>\n");
}

void page_refusals(struct buffer *b, const struct run *run)
{
	size_t i = 0;

	page_section(b, "refusals", "Refusals");
	if (!run->log[RUN_LOG_SECURE].data)
		nothing(b, "secure.log, which has them, is not there.");
	else if (!json_array_size(run->refusals))
		nothing(b, "Nothing was refused.");
	for (i = 0; i < json_array_size(run->refusals); i++)
		refusal(b, json_array_get(run->refusals, i));
	page_section_end(b);
}

static void list_of(struct buffer *b, const char *title, const json_t *texts)
{
	size_t i = 0;

	if (!json_array_size(texts))
		return;
	markup(b, "<p>%s</p>\n<ol>\n", title);
	for (i = 0; i < json_array_size(texts); i++) {
		const char *text = json_string_value(json_array_get(texts, i));

		markup(b, "<li>");
		code_text(b, text ? text : "");
		markup(b, "</li>\n");
	}
	markup(b, "</ol>\n");
}

static void fault(struct buffer *b, const json_t *entry)
{
	json_int_t count = json_integer_value(json_object_get(entry, "count"));

	markup(b, "<div class=\"refusal\">\n<p class=\"head\">");
	page_element(b, "strong", "", run_text(entry, "processor"));
	page_element(b, "span", "", run_text(entry, "title"));
	if (count > 1)
		markup(b, "<span class=\"dim\">%" JSON_INTEGER_FORMAT " times</span>", count);
	markup(b, "</p>\n");
	page_element(b, "p", "what mono", run_text(entry, "message"));
	markup(b, "<div class=\"means\"><p>");
	code_text(b, run_text(entry, "meaning"));
	markup(b, "</p>\n");
	list_of(b, "Likely causes, the likeliest first:", json_object_get(entry, "causes"));
	list_of(b, "What to try:", json_object_get(entry, "try"));
	markup(b, "</div>\n</div>\n");
}

void page_explained(struct buffer *b, const struct run *run)
{
	size_t i = 0;

	page_section(b, "faults", "Faults in Linux's log");
	if (!run->log[RUN_LOG_LINUX].data)
		nothing(b, "linux.log, which has them, is not there.");
	else if (!json_array_size(run->explained))
		nothing(b, "Linux reports none of remote processors.");
	else
		nothing(b, "Some are what the run is to show. <code>pilot explain</code> says more of each.");
	for (i = 0; i < json_array_size(run->explained); i++)
		fault(b, json_array_get(run->explained, i));
	page_section_end(b);
}

static const char *verdict_class(const char *verdict)
{
	if (!strcmp(verdict, "genuine"))
		return "ok";
	return !strcmp(verdict, "not an image") || !strcmp(verdict, "consistent") ? "off" : "bad";
}

static void row(struct buffer *b, const char *name, const char *value)
{
	if (!*value)
		return;
	markup(b, "<dt>%s</dt><dd>", name);
	markup_text(b, value);
	markup(b, "</dd>");
}

/* a hash is known by its beginning */
static void row_hash(struct buffer *b, const char *name, const char *hash)
{
	if (!*hash)
		return;
	markup(b, "<dt>%s</dt><dd class=\"mono\" title=\"", name);
	markup_text(b, hash);
	markup(b, "\">");
	markup_bytes(b, hash, strnlen(hash, 16));
	markup(b, "</dd>");
}

static void row_number(struct buffer *b, const char *name, const json_t *value)
{
	if (json_is_integer(value))
		markup(b, "<dt>%s</dt><dd>%" JSON_INTEGER_FORMAT "</dd>", name, json_integer_value(value));
}

static void image(struct buffer *b, const json_t *entry)
{
	const char *verdict = run_text(entry, "verdict");

	markup(b, "<div class=\"card\">\n<h3>");
	page_element(b, "span", "mono", run_text(entry, "name"));
	markup(b, "<span class=\"badge %s\">", verdict_class(verdict));
	markup_text(b, verdict);
	markup(b, "</span></h3>\n");
	page_element(b, "p", strcmp(verdict_class(verdict), "bad") ? "dim" : "bad",
		     run_text(json_object_get(entry, "error"), "text"));
	markup(b, "<dl>");
	row(b, "for", run_text(entry, "peripheral"));
	row(b, "format", run_text(entry, "format"));
	row(b, "signed by", run_text(entry, "signer"));
	row(b, "root", run_text(entry, "root"));
	row_hash(b, "root hash", run_text(entry, "root_hash"));
	row_hash(b, "key hash", run_text(entry, "key_hash"));
	row(b, "signature", run_text(entry, "scheme"));
	row(b, "software id", run_text(entry, "software"));
	row_number(b, "processor", json_object_get(entry, "processor"));
	row_number(b, "version", json_object_get(entry, "image_version"));
	markup(b, "</dl>\n</div>\n");
}

void page_images(struct buffer *b, const struct run *run)
{
	size_t i = 0;

	page_section(b, "firmware", "Firmware");
	if (json_array_size(run->images))
		nothing(b,
			"Every image that the run was given, checked by the fuses of its machine. An image may be genuine and still be "
			"refused where it does not belong: see the refusals.");
	else
		nothing(b, "The run left no list of its images.");
	markup(b, "<div class=\"cards\">\n");
	for (i = 0; i < json_array_size(run->images) && i < IMAGES_MAX; i++)
		image(b, json_array_get(run->images, i));
	markup(b, "</div>\n");
	page_section_end(b);
}

void page_board(struct buffer *b, const struct run *run)
{
	page_section(b, "board", "Board");
	if (run->has_board) {
		picture_begin(b);
		draw_legend_svg(b, &run->plan);
		picture_end(b);
		picture_begin(b);
		draw_addresses_svg(b, &run->plan);
		picture_end(b);
		picture_begin(b);
		draw_streams_svg(b, &run->plan);
		picture_end(b);
	} else {
		nothing(b, "host.dtb, from which this is drawn, is not there or cannot be read.");
	}
	page_section_end(b);
}

static size_t lines_of(const struct file *log)
{
	size_t lines = 0;
	size_t i = 0;

	for (i = 0; i < log->size; i++)
		lines += log->data[i] == '\n';
	return lines;
}

/* without the carriage returns that a serial line has */
static void log_text(struct buffer *b, const char *text, size_t size)
{
	while (size) {
		const char *found = memchr(text, '\r', size);
		size_t length = found ? (size_t)(found - text) : size;

		markup_bytes(b, text, length);
		length += found ? 1 : 0;
		text += length;
		size -= length;
	}
}

static void log_of(struct buffer *b, const struct file *log, const char *name)
{
	size_t shown = log->size > LOG_SHOWN ? LOG_SHOWN : log->size;

	markup(b, "<details><summary>%s, %zu lines</summary>\n<pre tabindex=\"0\">", name, lines_of(log));
	if (shown < log->size)
		markup(b, "(the first %zu bytes are left out)\n", log->size - shown);
	log_text(b, (const char *)log->data + log->size - shown, shown);
	markup(b, "</pre></details>\n");
}

void page_logs(struct buffer *b, const struct run *run)
{
	int i = 0;

	page_section(b, "logs", "Logs");
	for (i = 0; i < RUN_LOGS; i++)
		if (run->log[i].data)
			log_of(b, &run->log[i], run_log_name((enum run_log)i));
	if (!run->log[RUN_LOG_SECURE].data && !run->log[RUN_LOG_LINUX].data)
		nothing(b, "The run left no logs.");
	page_section_end(b);
}
