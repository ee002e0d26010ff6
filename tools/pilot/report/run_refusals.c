/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the secure log says was refused:
 *
 *	[    6.706317] adsp: AUTH_AND_RESET refused: HASH_SEGMENT: segment 2: digest of 2064 bytes differs from its hash table entry
 *	[    5.261337] shim: core 0: read of 0x50000000 at pc 0xb00005d4: address 0x50000000 is not mapped (level 1)
 *
 * Under OP-TEE lines begin with its own prefix, "D/TA:  ". The same refusal many times is one entry with a count.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"
#include "report/run.h"

#define LINE_MAX_BYTES	 1024u /* longer ones are nobody's */
#define REFUSALS_MAX	 200u  /* different ones */
#define REASON_NAME_SIZE 48u

/** struct refusal - one line, cut into strings: all pointers are into it */
struct refusal {
	const char *who;
	const char *request;
	const char *reason;
	const char *text;
	double seconds;
	bool timed;
};

/* "[    6.706317] ", where there is one; what follows it */
static char *skip_stamp(char *line, struct refusal *r)
{
	char *end = strchr(line, ']');

	if (line[0] != '[' || !end)
		return line;
	r->seconds = strtod(line + 1, NULL);
	r->timed = r->seconds >= 0 && r->seconds < 1e9;
	return end + 1 + strspn(end + 1, " ");
}

/* "E/TC:?? 0 ", "D/TA:  ": OP-TEE's, where there is one */
static char *skip_prefix(char *text)
{
	if (!isupper((unsigned char)text[0]) || text[1] != '/' || strlen(text) < 5 || text[4] != ':')
		return text;
	text += 5;
	text += strspn(text, " ?");
	text += strspn(text, "0123456789");
	return text + strspn(text, " ");
}

/* a reason's name, all capitals, digits and _, before ": " */
static bool is_reason(const char *text, size_t length)
{
	size_t i = 0;

	for (i = 0; i < length; i++)
		if (!isupper((unsigned char)text[i]) && !isdigit((unsigned char)text[i]) && text[i] != '_')
			return false;
	return length > 2 && length < REASON_NAME_SIZE;
}

/* "WHO: REQUEST refused: REASON: text" */
static bool split_request(char *text, struct refusal *r)
{
	char *refused = strstr(text, " refused: ");
	char *rest = NULL;
	char *colon = NULL;

	if (!refused)
		return false;
	*refused = '\0';
	rest = refused + strlen(" refused: ");
	colon = strstr(text, ": ");
	r->who = colon ? text : "";
	r->request = colon ? colon + 2 : text;
	if (colon)
		*colon = '\0';
	colon = strstr(rest, ": ");
	r->reason = "";
	r->text = rest;
	if (colon && is_reason(rest, (size_t)(colon - rest))) {
		*colon = '\0';
		r->reason = rest;
		r->text = colon + 2;
	}
	return true;
}

/* "shim: core 0: read of ...: address ...": an access that the IOMMU's tables do not allow */
static bool split_access(char *text, struct refusal *r)
{
	char *rest = strstr(text, "core ");
	char *colon = rest ? strstr(rest, ": ") : NULL;

	if (strncmp(text, "shim: core ", 11) || !colon || !strstr(colon, ": address 0x"))
		return false;
	*colon = '\0';
	r->who = rest;
	r->request = "access";
	r->reason = "";
	r->text = colon + 2;
	return true;
}

static bool read_line(char *line, struct refusal *r)
{
	char *text = skip_prefix(skip_stamp(line, r));

	return split_request(text, r) || split_access(text, r);
}

static bool same(const json_t *entry, const struct refusal *r)
{
	return !strcmp(run_text(entry, "who"), r->who) && !strcmp(run_text(entry, "request"), r->request) &&
	       !strcmp(run_text(entry, "reason"), r->reason) && !strcmp(run_text(entry, "text"), r->text);
}

/* as "pilot explain" has it */
static json_t *meaning(const char *reason)
{
	struct reason_help help = { 0 };

	if (!reason_help(reason_by_name(reason, strlen(reason)), &help))
		return json_null();
	return json_string(help.meaning);
}

static void add(json_t *list, const struct refusal *r)
{
	size_t i = 0;

	for (i = 0; i < json_array_size(list); i++) {
		json_t *entry = json_array_get(list, i);

		if (same(entry, r)) {
			json_t *count = json_object_get(entry, "count");

			json_integer_set(count, json_integer_value(count) + 1);
			return;
		}
	}
	if (json_array_size(list) < REFUSALS_MAX)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:i, s:o}", "who", r->who, "request",
						      r->request, "reason", r->reason, "text", r->text, "seconds",
						      r->timed ? json_real(r->seconds) : json_null(), "count", 1,
						      "meaning", meaning(r->reason)));
}

/* a copy that ends in NUL, printable */
static void take_line(json_t *list, const uint8_t *data, size_t size)
{
	char line[LINE_MAX_BYTES + 1] = "";
	struct refusal r = { 0 };
	size_t i = 0;

	if (size > LINE_MAX_BYTES)
		return;
	for (i = 0; i < size; i++)
		line[i] = (char)(data[i] >= 0x20 && data[i] < 0x7f  ? data[i]
				 : data[i] == '\r' && i + 1 == size ? 0
								    : '?');
	if (read_line(line, &r))
		add(list, &r);
}

json_t *run_refusals(const struct run *run)
{
	const struct file *log = &run->log[RUN_LOG_SECURE];
	json_t *list = json_array();
	size_t at = 0;

	while (at < log->size) {
		const uint8_t *end = memchr(log->data + at, '\n', log->size - at);
		size_t length = end ? (size_t)(end - log->data) - at : log->size - at;

		take_line(list, log->data + at, length);
		at += length + 1;
	}
	return list;
}
