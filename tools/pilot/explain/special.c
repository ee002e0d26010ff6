/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of several lines, and those whose row is found by a register, an event or a reason rather than by their text. */
/* memmem() */
#define _GNU_SOURCE
#include <ctype.h>
#include <string.h>

#include "explain/explain.h"

#define WORD_DIGITS   16
#define PENDING_LINES 64 /* other messages may come between the lines of one */

static bool is(const struct entry *entry, const char *id)
{
	return !strcmp(entry->id, id);
}

static void add_register(struct fault *f, const char *name, uint64_t value)
{
	struct decoded *d = &f->reg[f->registers];

	if (f->registers == FAULT_REGISTERS)
		return;
	snprintf(d->name, sizeof(d->name), "%s", name);
	d->value = value;
	d->bits = register_bits(name);
	f->registers++;
}

static bool note(struct explain *x, const struct message *m, struct fault *f)
{
	uint32_t index = 0;

	relate_names(x, f);
	index = collect_fault(x, m, f);
	if (index != NO_FAULT)
		relate_fault(x, m, index);
	return true;
}

/* the newest occurrence is a row @prefix... of the same device, a few lines ago */
static struct fault *continued(const struct explain *x, const struct message *m, const char *device, const char *prefix)
{
	struct fault *f = x->last.fault < x->count ? &x->faults[x->last.fault] : NULL;

	if (!f || f->source != m->source || strncmp(f->entry->id, prefix, strlen(prefix)) ||
	    strcmp(f->device, device) || m->line - x->last.line > PENDING_LINES)
		return NULL;
	return f;
}

/* --- SMMUv2 --- */

static void add_access(struct fault *f, uint64_t fsynr)
{
	add_register(f, "FSYNR0", fsynr);
	f->writes = fsynr >> 4 & 1;
	f->reads = !f->writes;
	snprintf(f->access, sizeof(f->access), "%s %s, %s", fsynr >> 5 & 1 ? "privileged" : "unprivileged",
		 fsynr >> 6 & 1 ? "instruction" : "data", fsynr >> 4 & 1 ? "write" : "read");
}

static bool context_fault(struct explain *x, const struct message *m, const struct match *match)
{
	struct fault f = { 0 };

	collect_fill(m, match, &f);
	f.entry = smmuv2_context_entry(match->number[FIELD_FSR]);
	add_register(&f, "FSR", match->number[FIELD_FSR]);
	if (match_has(match, FIELD_FSYNR))
		add_access(&f, match->number[FIELD_FSYNR]);
	/* of cbfrsynra, the lower half is the stream; the upper one says more about it */
	f.sid &= 0xffff;
	return note(x, m, &f);
}

/* "Unhandled arm-smmu context fault from a600000.dwc3!": registers come in the next lines */
static bool report_begins(struct explain *x, const struct message *m, const struct match *match)
{
	collect_fill(m, match, &x->report);
	x->report.entry = smmuv2_context_entry(0);
	return note(x, m, &x->report);
}

/* one of them: what is known of the report is counted anew */
static bool report_goes_on(struct explain *x, const struct message *m, const struct match *match)
{
	struct fault *f = &x->report;
	char device[NAME_LENGTH] = "";

	span_copy(match->device, device, sizeof(device));
	if (!f->entry || strcmp(device, f->device) || !continued(x, m, device, "smmuv2-"))
		return true;
	collect_retract(x);
	if (match_has(match, FIELD_ADDRESS)) {
		f->has_address = true;
		f->low = match->number[FIELD_ADDRESS];
		f->high = f->low;
	} else if (match_has(match, FIELD_FSR)) {
		f->entry = smmuv2_context_entry(match->number[FIELD_FSR]);
		add_register(f, "FSR", match->number[FIELD_FSR]);
	} else if (match_has(match, FIELD_FSYNR)) {
		add_access(f, match->number[FIELD_FSYNR]);
	} else {
		f->has_sid = true;
		f->sid = match->number[FIELD_SID];
	}
	return note(x, m, f);
}

/* the line with FSR again, which newer kernels print: worth something only where the first line was lost */
static bool context_again(struct explain *x, const struct message *m, const struct match *match)
{
	char device[NAME_LENGTH] = "";

	span_copy(match->device, device, sizeof(device));
	return continued(x, m, device, "smmuv2-") || context_fault(x, m, match);
}

static bool global_registers(struct explain *x, const struct message *m, const struct match *match)
{
	struct fault f = { 0 };
	uint64_t gfsr = match->number[FIELD_FSR];

	collect_fill(m, match, &f);
	f.entry = smmuv2_global_entry(gfsr);
	if (continued(x, m, f.device, "smmuv2-")) {
		memcpy(f.sample, x->faults[x->last.fault].sample, sizeof(f.sample));
		collect_retract(x);
	}
	f.has_sid = true;
	f.sid = match->number[FIELD_GFSYNR1] & 0xffff;
	f.writes = match->number[FIELD_GFSYNR0] >> 1 & 1;
	f.reads = !f.writes;
	add_register(&f, "GFSR", gfsr);
	add_register(&f, "GFSYNR0", match->number[FIELD_GFSYNR0]);
	add_register(&f, "GFSYNR1", match->number[FIELD_GFSYNR1]);
	return note(x, m, &f);
}

/* --- SMMUv3 --- */

static void access_words(const struct smmuv3_event *e, char *text, size_t size)
{
	static const char *const classes[] = { "of the context descriptor", "of a translation table", "", "" };

	snprintf(text, size, "%s %s, %s, stage %d%s%s%s", e->privileged ? "privileged" : "unprivileged",
		 e->instruction ? "instruction" : "data", e->read ? "read" : "write", e->stage2 ? 2 : 1,
		 e->access_class < 2 && e->stage2 ? ", while reading " : "",
		 e->access_class < 2 && e->stage2 ? classes[e->access_class] + 3 : "", e->stall ? ", stalled" : "");
}

static void event_fault(const struct smmuv3_event *e, struct fault *f)
{
	f->entry = smmuv3_event_entry(e->id);
	f->has_sid = true;
	f->sid = e->sid;
	f->has_address = e->has_address || e->has_fetch;
	f->low = e->has_fetch && !e->has_address ? e->fetch : e->address;
	f->high = f->low;
	f->has_code = true;
	f->code = e->id;
	if (e->has_access) {
		f->reads = e->read;
		f->writes = !e->read;
		access_words(e, f->access, sizeof(f->access));
	}
	if (e->has_ssid)
		snprintf(f->detail, sizeof(f->detail), "substream 0x%x", e->ssid);
}

/* "event 0x10 received:": its words come in the next lines */
static bool event_begins(struct explain *x, const struct message *m, const struct match *match)
{
	x->pending = (struct pending){ .open = true, .line = m->line, .fault = NO_FAULT };
	span_copy(match->device, x->pending.device, sizeof(x->pending.device));
	return true;
}

static void event_complete(struct explain *x, const struct message *m)
{
	struct smmuv3_event e = { 0 };
	struct fault f = { .source = m->source, .cause = NO_FAULT };

	smmuv3_decode(x->pending.word, &e);
	event_fault(&e, &f);
	snprintf(f.driver, sizeof(f.driver), "arm-smmu-v3");
	memcpy(f.device, x->pending.device, sizeof(f.device));
	snprintf(f.sample, sizeof(f.sample), "event 0x%02x: 0x%016llx 0x%016llx 0x%016llx 0x%016llx", e.id,
		 (unsigned long long)x->pending.word[0], (unsigned long long)x->pending.word[1],
		 (unsigned long long)x->pending.word[2], (unsigned long long)x->pending.word[3]);
	note(x, m, &f);
	x->pending.open = false;
	x->pending.fault = x->last.fault;
}

/* "device: 0x0000810000000013" */
bool special_word(struct explain *x, const struct message *m)
{
	struct pending *p = &x->pending;
	size_t at = m->length - (WORD_DIGITS + 2);
	uint64_t word = 0;

	if (!p->open)
		return false;
	if (m->line - p->line > PENDING_LINES) {
		p->open = false;
		return false;
	}
	if (m->length < WORD_DIGITS + 2 || memcmp(m->text + at, "0x", 2) ||
	    match_number(m->text + at, WORD_DIGITS + 2, 16, &word) != WORD_DIGITS + 2)
		return false;
	/* of another SMMU, perhaps */
	if (at && *p->device && !memmem(m->text, at, p->device, strlen(p->device)))
		return false;
	p->word[p->words++] = word;
	if (p->words == 4)
		event_complete(x, m);
	return true;
}

static void decoded_event(const struct match *match, struct smmuv3_event *e)
{
	*e = (struct smmuv3_event){ .id = smmuv3_event_id(match->field[FIELD_TYPE].text,
							  match->field[FIELD_TYPE].length) };
	e->sid = (uint32_t)match->number[FIELD_SID];
	e->has_address = match_has(match, FIELD_ADDRESS);
	e->address = match->number[FIELD_ADDRESS];
	e->has_ssid = match->number[FIELD_SSID] != 0;
	e->ssid = (uint32_t)match->number[FIELD_SSID];
}

/* "event: F_TRANSLATION client: ...": the same again in words, and with a client's name; or all that there is */
static bool event_decoded(struct explain *x, const struct message *m, const struct match *match)
{
	struct smmuv3_event e = { 0 };
	struct fault f = { 0 };
	struct fault *raw = x->pending.fault < x->count ? &x->faults[x->pending.fault] : NULL;

	decoded_event(match, &e);
	collect_fill(m, match, &f);
	event_fault(&e, &f);
	if (!strncmp(f.client, "(unassigned sid)", 16))
		f.client[0] = '\0';
	if (raw && m->line - x->pending.line <= PENDING_LINES && raw->sid == f.sid && raw->entry == f.entry &&
	    !strcmp(raw->device, f.device)) {
		memcpy(raw->sample, f.sample, sizeof(raw->sample));
		if (*f.client)
			memcpy(raw->client, f.client, sizeof(raw->client));
		relate_fault(x, m, x->pending.fault);
		x->pending.fault = NO_FAULT;
		return true;
	}
	/* words and sentence count once */
	x->pending.fault = NO_FAULT;
	return note(x, m, &f);
}

/* "unpriv data write s1 ...": what kind of access the event before was */
static bool event_access(struct explain *x, const struct message *m, const struct match *match)
{
	char device[NAME_LENGTH] = "";
	struct smmuv3_event e = { .access_class = 2 };
	struct fault *f = NULL;

	span_copy(match->device, device, sizeof(device));
	f = continued(x, m, device, "smmuv3-");
	if (!f || *f->access)
		return true;
	e.privileged = !memmem(m->text, m->length, " unpriv ", 8);
	e.instruction = memmem(m->text, m->length, " inst ", 6) != NULL;
	e.read = memmem(m->text, m->length, " read ", 6) != NULL;
	e.stage2 = memmem(m->text, m->length, " s2 ", 4) != NULL;
	f->reads = e.read;
	f->writes = !e.read;
	access_words(&e, f->access, sizeof(f->access));
	return true;
}

static bool global_error(struct explain *x, const struct message *m, const struct match *match)
{
	struct fault f = { 0 };

	collect_fill(m, match, &f);
	add_register(&f, "GERROR", f.code);
	return note(x, m, &f);
}

/* --- Pilot --- */

/* "adsp: AUTH_AND_RESET refused: BIND_SOC: sentence", and sentences without a reason's name before them */
static bool refusal(struct explain *x, const struct message *m, const struct match *match)
{
	struct span reason = match->field[FIELD_REASON];
	size_t name = 0;
	struct fault f = { 0 };

	collect_fill(m, match, &f);
	while (name < reason.length && (isupper((unsigned char)reason.text[name]) || reason.text[name] == '_' ||
					isdigit((unsigned char)reason.text[name])))
		name++;
	f.reason = reason_by_name(reason.text, name);
	if (f.reason == PIL_R_NONE)
		f.reason = reason_by_text(reason.text, reason.length);
	if (f.reason == PIL_R_SCM_UNKNOWN)
		f.entry = fault_entry("pilot-scm-unknown");
	/* a refusal's numbers differ from time to time; a storm of them is one */
	f.has_code = false;
	if (f.reason != PIL_R_NONE)
		snprintf(f.detail, sizeof(f.detail), "%s", reason_name(f.reason));
	return note(x, m, &f);
}

/* a remote's text is the shim's sentence, where Pilot runs it */
static bool last_words(struct explain *x, const struct message *m, const struct match *match)
{
	struct fault f = { 0 };

	collect_fill(m, match, &f);
	f.reason = reason_by_text(match->field[FIELD_REASON].text, match->field[FIELD_REASON].length);
	return note(x, m, &f);
}

bool special_match(struct explain *x, const struct message *m, const struct match *match)
{
	static const struct {
		const char *id;
		bool (*take)(struct explain *x, const struct message *m, const struct match *match);
	} takes[] = {
		{ "smmuv2-context", context_fault },
		{ "smmuv2-context-again", context_again },
		{ "smmuv2-registers", global_registers },
		{ "smmuv2-report", report_begins },
		{ "smmuv2-report-more", report_goes_on },
		{ "smmuv3-event", event_begins },
		{ "smmuv3-decoded", event_decoded },
		{ "smmuv3-access", event_access },
		{ "smmuv3-gerror", global_error },
		{ "pilot-refused", refusal },
		{ "pilot-refused-call", refusal },
		{ "pilot-cannot-start", refusal },
		{ "rproc-fatal", last_words },
		{ "pil-client-crash", last_words },
		{ "shim-fault", refusal },
		{ "shim-master", refusal },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(takes) / sizeof(takes[0]); i++)
		if (is(match->entry, takes[i].id))
			return takes[i].take(x, m, match);
	return false;
}
