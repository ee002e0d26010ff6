/* SPDX-License-Identifier: BSD-2-Clause */
/* Every check on a container by name, for "pilot image verify"; after a refusal the others are made, too. */
#include <string.h>

#include "container.h"

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

static const char *verdict(const struct made *m)
{
	if (!m->good)
		return "refused";
	return trusted(m) ? "genuine" : "consistent";
}

static void print_check(const struct made *m, int check)
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
	printf("  %-9s  %s%s%s", pil_container_check_name((enum pil_container_check)check), paint(colour),
	       outcome(m, check), paint(PAINT_OFF));
	if (m->failed[check]) {
		pil_why_text(&m->why[check], text, sizeof(text));
		printf(": %s", text);
	} else if (bit(m->result.missing, check)) {
		printf(": warning: %s", meaning[check]);
	} else if (check == PIL_CONTAINER_SIGNATURE && bit(m->result.done, check)) {
		printf(": %s", container_scheme(&m->c, &m->result.key, text));
	}
	putchar('\n');
}

static void print_text(const struct made *m)
{
	char digits[2 * PIL_KEY_HASH_SIZE + 1] = "";
	enum paint colour = !m->good ? PAINT_BAD : trusted(m) ? PAINT_GOOD : PAINT_WARN;
	int i = 0;

	printf("%s%s%s: %s%s%s\n", paint(PAINT_TITLE), m->path, paint(PAINT_OFF), paint(colour), verdict(m),
	       paint(PAINT_OFF));
	for (i = 0; i < PIL_CONTAINER_CHECKS; i++)
		print_check(m, i);
	if (m->result.key.key)
		printf("  key hash   %s\n", hex(digits, m->result.key_hash, PIL_KEY_HASH_SIZE));
	if (!trusted(m) && !m->failed[PIL_CONTAINER_KEY])
		printf("  %sthe key is the container's own: whoever made it can have signed this. Give --key or "
		       "--key-hash.%s\n",
		       paint(PAINT_WARN), paint(PAINT_OFF));
}

static json_t *to_json(const struct made *m)
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
	return json_pack("{s:o, s:s, s:s, s:b, s:o, s:o}", "file", json_name(m->path), "kind", "optee-container",
			 "verdict", verdict(m), "key_checked", (int)trusted(m), "key_hash",
			 m->result.key.key ? json_bytes(m->result.key_hash, PIL_KEY_HASH_SIZE) : json_null(), "checks",
			 checks);
}

static int refuse(const char *path, const struct pil_why *why, json_t *images)
{
	if (images)
		json_array_append_new(images,
				      json_pack("{s:o, s:s, s:s, s:o}", "file", json_name(path), "kind",
						"optee-container", "verdict", "refused", "error", json_why(why)));
	else
		printf("%s%s%s: %srefused%s\n", paint(PAINT_TITLE), path, paint(PAINT_OFF), paint(PAINT_BAD),
		       paint(PAINT_OFF));
	complain_why(path, why);
	return STATUS_REFUSED;
}

int container_verify(const char *path, const struct container_questions *q, const struct pil_crypto *crypto,
		     json_t *images)
{
	struct made m = { .path = path };
	struct pil_why why = { 0 };
	struct file file = { 0 };
	int status = STATUS_OK;

	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	m.policy = (struct pil_container_policy){
		.key = { q->key, q->key_size },
		.key_hash = q->use_key_hash ? q->key_hash : NULL,
		.strict = q->strict,
		.check_processor = q->processor,
		.processor = q->processor_id,
		.check_version = q->version,
		.least_version = q->least_version,
	};
	if (pil_container_parse(file.data, file.size, &m.c, &why)) {
		status = refuse(path, &why, images);
	} else {
		make_checks(&m, crypto);
		if (images)
			json_array_append_new(images, to_json(&m));
		else
			print_text(&m);
		status = m.good ? STATUS_OK : STATUS_REFUSED;
	}
	file_close(&file);
	return status;
}
