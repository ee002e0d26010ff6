/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences about faults, for people and for documents alike. */
#include <string.h>

#include "explain/explain.h"

bool fault_stands_alone(const struct explain *x, const struct fault *f)
{
	enum kind kind = f->entry->kind;

	(void)x;
	return f->count && kind != KIND_HARMLESS &&
	       (f->cause == NO_FAULT || (kind != KIND_FOLLOW && kind != KIND_CRASH));
}

unsigned int fault_paragraphs(const struct explain *x)
{
	unsigned int count = 0;
	unsigned int i = 0;

	for (i = 0; i < x->count; i++)
		count += fault_stands_alone(x, &x->faults[i]);
	return count;
}

void fault_headline(const struct fault *f, char *text, size_t size)
{
	bool owned = *f->client && strncmp(f->client, "nobody", 6) != 0;
	const char *who = *f->processor ? f->processor : owned ? f->client : f->device;

	if (f->entry->kind == KIND_REFUSAL && f->reason != PIL_R_NONE)
		snprintf(text, size, "%s%s%s refused: %s", who, *who ? ": " : "", *f->request ? f->request : "call",
			 reason_name(f->reason));
	else
		snprintf(text, size, "%s%s%s", who, *who ? ": " : "", f->entry->title);
}

static bool begins_with_one_of(const char *id, const char *const *list)
{
	for (; *list; list++)
		if (!strncmp(id, *list, strlen(*list)))
			return true;
	return false;
}

/* "0xffff0006 is TEE_BAD_PARAMETERS: ...", "-2 is EINVAL_ARG: ...": what a row's {code} is of is in the row's name */
static bool code_text(const struct fault *f, char *text, size_t size)
{
	static const char *const tee[] = { "tee-", "optee-", "rproc-tee-", NULL };
	static const char *const scm[] = { "hyp-boot-image", NULL };
	const char *result = begins_with_one_of(f->entry->id, tee) ? code_tee(f->code) : NULL;
	const char *status = begins_with_one_of(f->entry->id, scm) ? code_scm((int64_t)f->code) : NULL;

	if (!f->has_code || (!result && !status))
		return false;
	if (result)
		snprintf(text, size, "0x%llx is TEE_%s", (unsigned long long)f->code, result);
	else
		snprintf(text, size, "%lld is %s", (long long)f->code, status);
	return true;
}

/* drivers that hand on what qcom_scm returns */
static const char *firmware_text(const struct fault *f)
{
	static const char *const rows[] = { "scm-",	      "mdt-init",     "mdt-setup",
					    "iris-auth",      "iris-windows", "ipa-auth",
					    "rproc-shutdown", "rproc-assign", "rproc-table-get",
					    "fastrpc-ass",    "pil-client",   NULL };

	return f->has_error && begins_with_one_of(f->entry->id, rows) ? code_scm_errno(f->error) : NULL;
}

const char *fault_code_text(const struct fault *f, char *buffer, size_t size)
{
	const char *error = f->has_error ? code_errno(f->error) : NULL;
	const char *firmware = firmware_text(f);
	char code[160] = "";
	size_t n = 0;

	buffer[0] = '\0';
	if (error)
		n = (size_t)snprintf(buffer, size, "%lld is %s", (long long)f->error, error);
	if (firmware && n < size)
		n += (size_t)snprintf(buffer + n, size - n, "%s%s", n ? "; " : "", firmware);
	if (code_text(f, code, sizeof(code)) && n < size)
		snprintf(buffer + n, size - n, "%s%s", n ? "; " : "", code);
	return *buffer ? buffer : NULL;
}

void explain_summary(const struct explain *x, char *text, size_t size)
{
	unsigned int paragraphs = fault_paragraphs(x);
	uint64_t lines = 0;
	unsigned int i = 0;
	unsigned int harmless = 0;
	char more[80] = "";

	for (i = 0; i < x->sources; i++)
		lines += x->lines[i];
	for (i = 0; i < x->count; i++)
		harmless += x->faults[i].entry->kind == KIND_HARMLESS && x->faults[i].count;
	if (x->left_out)
		snprintf(more, sizeof(more), "; %llu further messages about other faults are left out",
			 (unsigned long long)x->left_out);
	if (paragraphs)
		snprintf(text, size, "%u %s explained, from %llu messages in %llu lines%s", paragraphs,
			 paragraphs == 1 ? "fault" : "faults", (unsigned long long)x->noted, (unsigned long long)lines,
			 more);
	else
		snprintf(text, size, "nothing to explain in %llu lines%s%s", (unsigned long long)lines,
			 harmless ? "; what looks bad is harmless" : "", more);
}
