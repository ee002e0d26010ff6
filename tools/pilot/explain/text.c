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
	const char *who = *f->processor ? f->processor : *f->client ? f->client : f->device;

	if (f->entry->kind == KIND_REFUSAL && f->reason != PIL_R_NONE)
		snprintf(text, size, "%s%s%s refused: %s", who, *who ? ": " : "", *f->request ? f->request : "call",
			 reason_name(f->reason));
	else
		snprintf(text, size, "%s%s%s", who, *who ? ": " : "", f->entry->title);
}

/* entries whose {code} is a TEE's result, and whose {error} is what firmware answered rather than Linux's number */
static bool is_tee(const struct fault *f)
{
	return !strncmp(f->entry->id, "tee-", 4) || !strncmp(f->entry->id, "optee-", 6) ||
	       !strncmp(f->entry->id, "rproc-tee-", 10);
}

const char *fault_code_text(const struct fault *f, char *buffer, size_t size)
{
	const char *errno_text = f->has_error ? code_errno(f->error) : NULL;
	const char *tee = f->has_code && is_tee(f) ? code_tee(f->code) : NULL;
	int n = 0;

	buffer[0] = '\0';
	if (errno_text)
		n = snprintf(buffer, size, "%lld is %s", (long long)f->error, errno_text);
	if (n < 0 || (size_t)n >= size)
		n = 0;
	if (tee)
		snprintf(buffer + n, size - (size_t)n, "%s0x%llx is TEE_%s", n ? "; " : "", (unsigned long long)f->code,
			 tee);
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
