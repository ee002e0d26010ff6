/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is who in a log, and what led to what: a fault of a processor's stream just before its crash is the likely cause of it. */
#include <string.h>

#include "explain/explain.h"

#define NEAR_LINES 120
#define NEAR_US	   10000000u /* a start takes seconds; a driver waits five for "ready" */
#define GUESS_US   1000000u  /* without any name in common */

static bool equal(const char *a, const char *b)
{
	return *a && !strcmp(a, b);
}

/* --- names --- */

static struct remote *remote_of_instance(struct explain *x, const char *instance)
{
	unsigned int i = 0;

	for (i = 0; i < x->remotes; i++)
		if (equal(x->remote[i].instance, instance))
			return &x->remote[i];
	if (x->remotes == EXPLAIN_REMOTES)
		return NULL;
	x->remote[x->remotes] = (struct remote){ 0 };
	snprintf(x->remote[x->remotes].instance, NAME_LENGTH, "%s", instance);
	return &x->remote[x->remotes++];
}

static bool is_instance(const char *device)
{
	return !strncmp(device, "remoteproc", 10) && device[10] >= '0' && device[10] <= '9';
}

static bool is_name_end(char c)
{
	return !c || strchr("-_.:@", c);
}

/* "adsp" is a part of "remoteproc-adsp", "3000000.adsp" or "adsp-dma" */
static bool names_processor(const char *device, const char *processor)
{
	size_t length = strlen(processor);
	const char *at = length ? strstr(device, processor) : NULL;

	return at && strcmp(device, processor) != 0 && (at == device || is_name_end(at[-1])) && is_name_end(at[length]);
}

static const struct remote *find_remote(const struct explain *x, const struct fault *f)
{
	unsigned int i = 0;

	for (i = 0; i < x->remotes; i++) {
		const struct remote *r = &x->remote[i];

		if (equal(r->instance, f->device) || equal(r->device, f->device) || equal(r->device, f->client) ||
		    names_processor(f->device, r->processor) || names_processor(f->client, r->processor))
			return r;
	}
	return NULL;
}

void relate_names(struct explain *x, struct fault *f)
{
	const struct remote *r = find_remote(x, f);

	if (r && !*f->processor)
		memcpy(f->processor, r->processor, sizeof(f->processor));
	if (x->board && !*f->processor)
		board_processor(x->board, f->device, f->processor);
	if (r && !*f->image && (f->entry->kind == KIND_START || f->entry->kind == KIND_LAST_WORDS))
		memcpy(f->image, r->file, sizeof(r->file));
}

static void recovered(struct explain *x, const struct message *m, const char *processor)
{
	unsigned int i = 0;

	for (i = 0; i < x->count; i++) {
		struct fault *f = &x->faults[i];
		enum kind kind = f->entry->kind;

		if (f->source != m->source || !equal(processor, f->processor) || f->recovered_line > f->last_line)
			continue;
		if (kind == KIND_CRASH || kind == KIND_LAST_WORDS || kind == KIND_START || kind == KIND_FOLLOW) {
			f->recovered_line = m->line;
			f->recovered = m->when;
		}
	}
}

void relate_context(struct explain *x, const struct message *m, const struct match *match)
{
	char device[NAME_LENGTH] = "";
	char name[NAME_LENGTH] = "";
	struct remote *r = NULL;

	span_copy(match->device, device, sizeof(device));
	span_copy(match->field[FIELD_NAME], name, sizeof(name));
	r = is_instance(device) ? remote_of_instance(x, device) : NULL;
	if (r && *name)
		memcpy(r->processor, name, sizeof(name));
	if (r && match_has(match, FIELD_FILE))
		span_copy(match->field[FIELD_FILE], r->file, sizeof(r->file));
	if (!strcmp(match->entry->id, "rproc-up"))
		recovered(x, m, r ? r->processor : name);
}

/* the driver's device has just spoken of what the instance says now */
static void learn_device(struct explain *x, const struct fault *instance, const struct fault *driver)
{
	struct remote *r = is_instance(instance->device) ? remote_of_instance(x, instance->device) : NULL;

	if (!r || *r->device || is_instance(driver->device))
		return;
	memcpy(r->device, driver->device, sizeof(r->device));
	if (!*r->processor)
		memcpy(r->processor, instance->processor, sizeof(r->processor));
}

/* --- causes --- */

static bool near(const struct occurrence *o, const struct message *m, uint64_t us)
{
	if (m->line - o->line > NEAR_LINES)
		return false;
	if (!o->when.clock || !m->when.clock)
		return true;
	return m->when.us >= o->when.us && m->when.us - o->when.us <= us;
}

/* the device "3000000.remoteproc" is the node "remoteproc@3000000" */
static bool is_node_of(const char *node, const char *device)
{
	const char *at = strchr(node, '@');
	size_t name = at ? (size_t)(at - node) : 0;
	size_t unit = at ? strlen(at + 1) : 0;

	return name && unit && strlen(device) == name + unit + 1 && !memcmp(device, at + 1, unit) &&
	       device[unit] == '.' && !memcmp(device + unit + 1, node, name);
}

static bool same_device(const char *a, const char *b)
{
	return equal(a, b) || is_node_of(a, b) || is_node_of(b, a);
}

static bool same_processor(const struct fault *a, const struct fault *b)
{
	return equal(a->processor, b->processor) || equal(a->device, b->device) || same_device(a->client, b->device) ||
	       same_device(a->device, b->client) || names_processor(a->client, b->processor) ||
	       names_processor(a->device, b->processor) || names_processor(b->device, a->processor);
}

static void add_link(uint32_t *list, unsigned int *count, uint32_t index)
{
	unsigned int i = 0;

	for (i = 0; i < *count; i++)
		if (list[i] == index)
			return;
	if (*count < FAULT_LINKS)
		list[(*count)++] = index;
}

static void connect(struct explain *x, uint32_t cause, uint32_t effect, bool guessed)
{
	uint32_t root = cause;
	struct fault *f = &x->faults[effect];

	/* of what follows something that follows, the first is the cause */
	while (x->faults[root].entry->kind == KIND_FOLLOW && x->faults[root].cause != NO_FAULT)
		root = x->faults[root].cause;
	if (root == effect)
		return;
	if (f->cause == NO_FAULT) {
		f->cause = root;
		f->guessed = guessed;
	}
	add_link(x->faults[root].leads_to, &x->faults[root].leads, effect);
}

static bool may_cause(enum kind cause, enum kind effect)
{
	switch (effect) {
	case KIND_LAST_WORDS:
		return cause == KIND_SMMU;
	case KIND_CRASH:
		return cause == KIND_SMMU || cause == KIND_LAST_WORDS;
	case KIND_FOLLOW:
		return cause == KIND_START || cause == KIND_FOLLOW || cause == KIND_FAULT || cause == KIND_LAST_WORDS;
	default:
		return false;
	}
}

/* an instance's line right behind its driver's line speaks of the same thing, and so does the service's behind the shim's */
static bool speaks_of_last(const struct fault *f)
{
	return is_instance(f->device) || !strcmp(f->entry->id, "pilot-crash-seen");
}

/* what the secure world says itself needs no guess */
static bool has_reason(const struct fault *f)
{
	return f->entry->kind == KIND_LAST_WORDS && f->reason != PIL_R_NONE;
}

/* the newest of those that could have led to @index, last words before anything else; returns it, NO_FAULT for none or a guess */
static uint32_t find_cause(struct explain *x, const struct message *m, uint32_t index)
{
	struct fault *f = &x->faults[index];
	unsigned int i = 0;

	if (has_reason(f))
		return NO_FAULT;
	for (i = x->recents; i-- > 0;) {
		const struct occurrence *o = &x->recent[i];
		const struct fault *cause = &x->faults[o->fault];
		bool named = same_processor(cause, f);
		bool next = speaks_of_last(f) && m->line - o->line <= 4 && cause->entry->kind != KIND_SMMU;

		if (o->fault == index || cause->source != f->source || !may_cause(cause->entry->kind, f->entry->kind))
			continue;
		if ((named || next) && near(o, m, NEAR_US)) {
			learn_device(x, f, cause);
			if (!*x->faults[o->fault].processor)
				memcpy(x->faults[o->fault].processor, f->processor, sizeof(f->processor));
			connect(x, o->fault, index, false);
			return o->fault;
		}
	}
	for (i = x->recents; i-- > 0;) {
		const struct fault *cause = &x->faults[x->recent[i].fault];

		if (cause->entry->kind == KIND_SMMU && may_cause(KIND_SMMU, f->entry->kind) && !*cause->client &&
		    cause->source == f->source && near(&x->recent[i], m, GUESS_US)) {
			connect(x, x->recent[i].fault, index, true);
			return NO_FAULT;
		}
	}
	return NO_FAULT;
}

static void remember(struct explain *x, const struct message *m, uint32_t index)
{
	struct occurrence o = { index, m->line, m->when };

	if (x->recents && x->recent[x->recents - 1].fault == index) {
		x->recent[x->recents - 1] = o;
		return;
	}
	if (x->recents == EXPLAIN_RECENT)
		memmove(x->recent, x->recent + 1, sizeof(x->recent) - sizeof(x->recent[0]));
	else
		x->recents++;
	x->recent[x->recents - 1] = o;
}

void relate_fault(struct explain *x, const struct message *m, uint32_t index)
{
	struct fault *f = &x->faults[index];
	uint32_t words = NO_FAULT;
	struct remote *r = is_instance(f->device) && *f->processor ? remote_of_instance(x, f->device) : NULL;

	if (r && !*r->processor)
		memcpy(r->processor, f->processor, sizeof(r->processor));
	if (f->entry->kind == KIND_HARMLESS)
		return;
	words = find_cause(x, m, index);
	/* the crash has named the processor whose last words they were */
	if (f->entry->kind == KIND_CRASH && words != NO_FAULT && x->faults[words].cause == NO_FAULT)
		find_cause(x, m, words);
	/* two things may be known of a crash: its last words, and the fault before them */
	remember(x, m, index);
}

/* --- Linux's messages, and the secure world's --- */

/* request that the secure world refused when Linux says so */
static const struct {
	const char *id;
	const char *request;
} requests[] = {
	{ "rproc-auth", "AUTH_AND_RESET" }, { "mdt-init", "INIT_IMAGE" },	   { "mdt-setup", "MEM_SETUP" },
	{ "zap-auth", "AUTH_AND_RESET" },   { "iris-auth", "AUTH_AND_RESET" },	   { "pil-client", "AUTH_AND_RESET" },
	{ "ipa-auth", "AUTH_AND_RESET" },   { "rproc-table-get", "GET_RSCTABLE" }, { "rproc-shutdown", "SHUTDOWN" },
};

static const char *request_of(const struct fault *f)
{
	size_t i = 0;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (!strcmp(f->entry->id, requests[i].id))
			return requests[i].request;
	return NULL;
}

/* "core 0: read of ... at pc 0x...:" in both, from the same place */
static bool same_place(const char *a, const char *b)
{
	const char *core = strstr(b, "core ");
	const char *pc = strstr(a, " at pc ");
	const char *other = strstr(b, " at pc ");

	return !strncmp(a, "core ", 5) && core && !strncmp(a, core, strcspn(a, ":") + 1) && pc && other &&
	       !strncmp(pc, other, strcspn(pc, ":") + 1);
}

static bool explains(const struct fault *linux_says, const struct fault *secure)
{
	const char *request = request_of(linux_says);

	/* a TEE's commands: LOAD there, LOAD_FW here */
	if (!strcmp(linux_says->entry->id, "rproc-tee-command") && !strcmp(secure->entry->id, "pilot-refused"))
		return *linux_says->request && same_processor(linux_says, secure) &&
		       !strncmp(secure->request, linux_says->request, strlen(linux_says->request));
	if (request && !strcmp(secure->entry->id, "pilot-refused"))
		return !strcmp(request, secure->request) && same_processor(linux_says, secure);
	/* a program's last words reach both logs */
	if (linux_says->entry->kind != KIND_LAST_WORDS || strncmp(secure->entry->id, "shim-", 5) ||
	    !*linux_says->detail)
		return false;
	return strstr(secure->sample, linux_says->detail) ||
	       (secure->reason != PIL_R_NONE && secure->reason == linux_says->reason &&
		secure->entry->kind == KIND_LAST_WORDS && same_place(linux_says->detail, secure->sample));
}

void relate_end(struct explain *x)
{
	unsigned int i = 0;
	unsigned int j = 0;

	for (i = 0; i < x->count; i++) {
		relate_names(x, &x->faults[i]);
		for (j = 0; j < x->count; j++)
			if (i != j && explains(&x->faults[i], &x->faults[j]))
				add_link(x->faults[i].why, &x->faults[i].whys, j);
	}
}
