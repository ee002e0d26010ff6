/* SPDX-License-Identifier: BSD-2-Clause */
/* Every check on a container by name, for "pilot image verify"; after a refusal the others are made, too. */
#include <errno.h>
#include <string.h>

#include "image/formats.h"

/** struct made - one file and what became of the checks */
struct made {
	const char *path;
	struct pil_container c;
	struct pil_container_policy policy;
	struct pil_container_result result;
	struct pil_why why[PIL_CONTAINER_CHECKS];
	bool failed[PIL_CONTAINER_CHECKS];
	bool good;
};

static void make_checks(struct made *m, const struct pil_crypto *crypto)
{
	int i = 0;

	m->good = true;
	for (i = 0; i < PIL_CONTAINER_CHECKS; i++) {
		/* without a key that could be read there is no signature to check */
		if (i == PIL_CONTAINER_SIGNATURE && !m->result.key.key)
			continue;
		m->failed[i] = pil_container_check(&m->c, (enum pil_container_check)i, &m->policy, crypto, &m->result,
						   &m->why[i]) != 0;
		m->good = m->good && !m->failed[i];
	}
}

static bool bit(uint32_t bits, int check)
{
	return bits >> (unsigned int)check & 1u;
}

static const char *outcome(const struct made *m, int check)
{
	if (m->failed[check])
		return "failed";
	if (bit(m->result.done, check))
		return "ok";
	if (bit(m->result.missing, check))
		return "missing";
	return check == PIL_CONTAINER_SIGNATURE ? "not reached" : "not asked";
}

static bool trusted(const struct made *m)
{
	return bit(m->result.done, PIL_CONTAINER_KEY);
}

static enum verdict verdict_on(const struct made *m)
{
	if (!m->good)
		return VERDICT_REFUSED;
	return trusted(m) ? VERDICT_GENUINE : VERDICT_CONSISTENT;
}

/* its hash table, and one signature; there are no certificates */
static void count(const struct made *m, struct counts *counts)
{
	counts->tables++;
	counts->good_tables +=
		bit(m->result.done, PIL_CONTAINER_HEADERS) && bit(m->result.done, PIL_CONTAINER_SEGMENTS);
	counts->signatures++;
	counts->good_signatures += bit(m->result.done, PIL_CONTAINER_SIGNATURE);
}

static void print_check(FILE *out, const struct made *m, int check)
{
	static const char *const meaning[PIL_CONTAINER_CHECKS] = {
		[PIL_CONTAINER_PROCESSOR] = "it does not say which processor may run it",
		[PIL_CONTAINER_ROLLBACK] = "it does not say its version: an older one can take its place",
		[PIL_CONTAINER_WHOLE] = "entry point, section headers and resource table are not signed",
	};
	char text[200] = "";
	enum paint colour = PAINT_DIM;

	if (m->failed[check])
		colour = PAINT_BAD;
	else if (bit(m->result.done, check))
		colour = PAINT_GOOD;
	else if (bit(m->result.missing, check))
		colour = PAINT_WARN;
	fprintf(out, "  %-9s  %s%s%s", pil_container_check_name((enum pil_container_check)check), paint(colour),
		outcome(m, check), paint(PAINT_OFF));
	if (m->failed[check]) {
		pil_why_text(&m->why[check], text, sizeof(text));
		fprintf(out, ": %s", text);
	} else if (bit(m->result.missing, check)) {
		fprintf(out, ": warning: %s", meaning[check]);
	} else if (check == PIL_CONTAINER_SIGNATURE && bit(m->result.done, check)) {
		fprintf(out, ": %s", container_scheme(&m->c, &m->result.key, text));
	}
	fputc('\n', out);
}

static void print_text(FILE *out, const struct made *m)
{
	char digits[2 * PIL_KEY_HASH_SIZE + 1] = "";
	int i = 0;

	report_title(out, m->path, verdict_on(m));
	for (i = 0; i < PIL_CONTAINER_CHECKS; i++)
		print_check(out, m, i);
	if (m->result.key.key)
		fprintf(out, "  key hash   %s\n", hex(digits, m->result.key_hash, PIL_KEY_HASH_SIZE));
	if (!trusted(m) && !m->failed[PIL_CONTAINER_KEY])
		fprintf(out,
			"  %sthe key is the container's own: whoever made it can have signed this. Give --key or "
			"--key-hash.%s\n",
			paint(PAINT_WARN), paint(PAINT_OFF));
}

static json_t *checks_json(const struct made *m)
{
	json_t *checks = json_array();
	int i = 0;

	for (i = 0; i < PIL_CONTAINER_CHECKS; i++) {
		json_t *check = json_pack("{s:s, s:s}", "name", pil_container_check_name((enum pil_container_check)i),
					  "result", outcome(m, i));

		if (m->failed[i])
			json_object_set_new(check, "error", json_why(&m->why[i]));
		json_array_append_new(checks, check);
	}
	return checks;
}

static void add_answers(json_t *json, const struct made *m)
{
	json_object_set_new(json, "key_checked", json_boolean(trusted(m)));
	json_object_set_new(json, "key_hash",
			    m->result.key.key ? json_bytes(m->result.key_hash, PIL_KEY_HASH_SIZE) : json_null());
	json_object_set_new(json, "checks", checks_json(m));
}

static void report(const struct made *m, enum verdict verdict, struct format_report *to)
{
	const bool read = verdict != VERDICT_UNREADABLE && !to->why.reason;

	if (to->json) {
		json_object_set_new(to->json, "file", json_name(m->path));
		json_object_set_new(to->json, "kind", json_string("optee-container"));
		json_object_set_new(to->json, "verdict", json_string(verdict_name(verdict)));
		if (read)
			add_answers(to->json, m);
		else if (to->why.reason)
			json_object_set_new(to->json, "error", json_why(&to->why));
	}
	if (to->out && read)
		print_text(to->out, m);
	else if (to->out && to->why.reason)
		report_title(to->out, m->path, verdict);
}

enum verdict container_verify(const char *path, const struct container_questions *q, const struct pil_crypto *crypto,
			      struct format_report *to)
{
	struct made m = { .path = path };
	enum verdict verdict = VERDICT_REFUSED;
	struct file file = { 0 };
	int error = 0;

	if (!file_map(&file, path)) {
		error = errno;
		report(&m, VERDICT_UNREADABLE, to);
		errno = error;
		return VERDICT_UNREADABLE;
	}
	m.policy = (struct pil_container_policy){
		.key = { q->key, q->key_size },
		.key_hash = q->use_key_hash ? q->key_hash : NULL,
		.strict = q->strict,
		.check_processor = q->processor,
		.processor = q->processor_id,
		.check_version = q->version,
		.least_version = q->least_version,
	};
	if (!pil_container_parse(file.data, file.size, &m.c, &to->why)) {
		make_checks(&m, crypto);
		count(&m, &to->counts);
		verdict = verdict_on(&m);
	}
	report(&m, verdict, to);
	file_close(&file);
	return verdict;
}
