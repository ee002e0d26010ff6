/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The remoteproc door. A session is bound to one processor, and one session at a time uses a processor: others may look. A session
 * whose host died is never in the way for good: whoever attaches takes its processor over.
 */
#include <string.h>

#include "../pas/internal.h"

#include "internal.h"

#define TYPES_MEMORY	 PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_MEMORY_OUT PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_OUTPUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_VALUE	 PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_VALUE_OUT	 PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_TABLE	 PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, PIL_TEE_VALUE_OUTPUT, PIL_TEE_NONE)
#define TYPES_LIST	 PIL_TEE_TYPES(PIL_TEE_MEMREF_OUTPUT, PIL_TEE_NONE, PIL_TEE_NONE, PIL_TEE_NONE)

/** struct request - a command of a session that may make it */
struct request {
	struct pil_tee_rproc *r;
	const struct pil_tee_session *session;
	unsigned int index;
	struct pil_tee_call *call;
};

/* errors of lib/pas are logged there; @why is for those found here */
typedef int (*handler)(const struct request *q, struct pil_why *why);

static int load(const struct request *q, struct pil_why *why)
{
	const struct pil_tee_param *p = &q->call->p[1];
	void *copy = p->size ? q->r->stage(q->r->ctx, p->size) : NULL;
	int err = 0;

	if (!p->size)
		return pil_fail(why, PIL_R_CONTAINER_SHORT, 0, 1);
	if (!copy)
		return pil_fail(why, PIL_R_TEE_STAGE, p->size, 0);
	pil_copy_in_(copy, p->buffer, p->size);
	err = pil_pas_load(q->r->pas, q->index, copy, p->size);
	q->r->unstage(q->r->ctx, copy, p->size);
	return err;
}

static int start(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_start(q->r->pas, q->index);
}

static int stop(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_stop(q->r->pas, q->index);
}

static int release(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_release(q->r->pas, q->index);
}

static int attach(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_attach(q->r->pas, q->index);
}

static int detach(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_detach(q->r->pas, q->index);
}

static int grant(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_grant(q->r->pas, q->index);
}

static int run(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_run(q->r->pas, q->index, pil_tee_u64_(&q->call->p[1]));
}

static int find_table(const struct request *q, struct pil_why *why)
{
	struct pil_range table = { 0 };
	int err = pil_pas_find_table(q->r->pas, q->index, &table);

	(void)why;
	pil_tee_put_u64_(&q->call->p[1], table.base);
	pil_tee_put_u64_(&q->call->p[2], table.size);
	return err;
}

static int coredump(const struct request *q, struct pil_why *why)
{
	struct pil_tee_param *p = &q->call->p[1];
	size_t needed = 0;
	int err = pil_pas_coredump(q->r->pas, q->index, p->buffer, p->size, &needed);

	(void)why;
	p->size = needed;
	return err;
}

/* as @session sees it: what another session, perhaps of a host that died, runs is there to be attached to */
static uint32_t state_of(struct pil_tee_rproc *r, const struct pil_tee_session *session, unsigned int index,
			 uint32_t *flags)
{
	bool ready = false;
	enum pil_state state = pil_pas_look(r->pas, index, &ready);

	*flags = ready ? PIL_TEE_STATE_IS_READY : 0;
	switch (state) {
	case PIL_AUTHENTICATED:
	case PIL_GRANTED:
		return PIL_TEE_STATE_LOADED;
	case PIL_RUNNING:
		return session == r->user[index] ? PIL_TEE_STATE_RUNNING : PIL_TEE_STATE_INHERITED;
	case PIL_INHERITED:
		return PIL_TEE_STATE_INHERITED;
	case PIL_LOCKED: /* could not be cleaned up: has to be released, as after a crash */
	case PIL_CRASHED:
		return PIL_TEE_STATE_CRASHED;
	default:
		return PIL_TEE_STATE_OFF;
	}
}

static int tell_state(const struct request *q, struct pil_why *why)
{
	struct pil_tee_param *p = &q->call->p[1];

	(void)why;
	p->a = state_of(q->r, q->session, q->index, &p->b);
	return 0;
}

static void copy_name(char *to, size_t size, const char *from)
{
	for (size_t i = 0; i + 1 < size && from[i]; i++)
		to[i] = from[i];
}

/* to an address of the client's choice, which need not be aligned. Return: 0, or there is no room for all of @count */
static int room_for(struct pil_tee_param *p, size_t count, size_t each, struct pil_why *why)
{
	size_t had = p->size;

	p->size = count * each;
	return had < p->size ? pil_fail(why, PIL_R_TEE_BUFFER, had, p->size) : 0;
}

static int list_regions(const struct request *q, struct pil_why *why)
{
	unsigned int count = 0;
	const struct pil_far *far = q->r->pas->board->far;
	const struct pil_region *region = far->regions(q->r->pas->board, q->index, &count);
	struct pil_tee_param *p = &q->call->p[1];
	int err = room_for(p, count, sizeof(struct pil_tee_region), why);

	for (unsigned int i = 0; !err && i < count; i++) {
		struct pil_tee_region entry = {
			.pa = region[i].range.base,
			.da = region[i].da,
			.size = region[i].range.size,
			.flags = region[i].flags,
		};

		copy_name(entry.name, sizeof(entry.name), region[i].name);
		memcpy((uint8_t *)p->buffer + i * sizeof(entry), &entry, sizeof(entry));
	}
	return err;
}

static int list_processors(const struct request *q, struct pil_why *why)
{
	const struct pil_board_desc *desc = q->r->pas->board->desc;
	struct pil_tee_param *p = &q->call->p[0];
	int err = room_for(p, desc->peripheral_count, sizeof(struct pil_tee_processor), why);

	for (unsigned int i = 0; !err && i < desc->peripheral_count; i++) {
		static const uint32_t ownership[] = {
			[PIL_OWNED_TEE] = PIL_TEE_MANAGED,
			[PIL_OWNED_KERNEL] = PIL_TEE_KERNEL,
			[PIL_OWNED_SECURE_ONLY] = PIL_TEE_SECURE_ONLY,
			[PIL_OWNED_NOBODY] = PIL_TEE_DISABLED,
		};
		struct pil_tee_processor entry = { .id = i };

		entry.ownership = ownership[pil_pas_ownership(q->r->pas, i)];
		if (entry.ownership == PIL_TEE_MANAGED || entry.ownership == PIL_TEE_KERNEL)
			entry.state = state_of(q->r, q->session, i, &entry.flags);
		copy_name(entry.name, sizeof(entry.name), desc->peripherals[i].name);
		memcpy((uint8_t *)p->buffer + i * sizeof(entry), &entry, sizeof(entry));
	}
	return err;
}

/**
 * struct command - what is called
 * @types:   of its parameters, exactly
 * @changes: only the session that uses the processor may do it, or any when none does
 * @takes:   the session uses the processor from now on, even if another one did
 * @any:     names no processor: any session may do it
 */
static const struct command {
	uint32_t id;
	uint32_t types;
	bool changes, takes, any;
	const char *name;
	handler handle;
} commands[] = {
	{ PIL_TEE_RPROC_LOAD, TYPES_MEMORY, .changes = true, .name = "LOAD_FW", .handle = load },
	{ PIL_TEE_RPROC_START, TYPES_ID, .changes = true, .name = "START_FW", .handle = start },
	{ PIL_TEE_RPROC_STOP, TYPES_ID, .changes = true, .name = "STOP_FW", .handle = stop },
	{ PIL_TEE_RPROC_GET_RSC_TABLE, TYPES_TABLE, .name = "GET_RSC_TABLE", .handle = find_table },
	{ PIL_TEE_RPROC_GET_COREDUMP, TYPES_MEMORY_OUT, .changes = true, .name = "GET_COREDUMP", .handle = coredump },
	{ PIL_TEE_RPROC_RELEASE, TYPES_ID, .changes = true, .name = "RELEASE_FW", .handle = release },
	{ PIL_TEE_RPROC_PROCESSORS, TYPES_LIST, .any = true, .name = "PROCESSORS", .handle = list_processors },
	{ PIL_TEE_RPROC_STATE, TYPES_VALUE_OUT, .name = "STATE", .handle = tell_state },
	{ PIL_TEE_RPROC_REGIONS, TYPES_MEMORY_OUT, .name = "REGIONS", .handle = list_regions },
	{ PIL_TEE_RPROC_ATTACH, TYPES_ID, .takes = true, .name = "ATTACH", .handle = attach },
	{ PIL_TEE_RPROC_DETACH, TYPES_ID, .changes = true, .name = "DETACH", .handle = detach },
	{ PIL_TEE_RPROC_GRANT, TYPES_ID, .changes = true, .name = "GRANT", .handle = grant },
	{ PIL_TEE_RPROC_RUN, TYPES_VALUE, .changes = true, .name = "RUN", .handle = run },
};

static const struct command *find(uint32_t id)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].id == id)
			return &commands[i];
	return NULL;
}

static int check(const struct command *c, const struct request *q, struct pil_why *why)
{
	uint32_t id = q->call->p[0].a;
	const struct pil_tee_session *s = q->session;

	if (q->call->types != c->types || !pil_tee_memory_(q->call))
		return pil_fail(why, PIL_R_TEE_TYPES, q->call->types, c->types);
	if (c->any)
		return 0;
	if (!s->bound)
		return pil_fail(why, PIL_R_TEE_UNBOUND, id, 0);
	if (id != s->processor)
		return pil_fail(why, PIL_R_TEE_SESSION, s->processor, id);
	if (c->changes && q->r->user[q->index] && q->r->user[q->index] != s)
		return pil_fail(why, PIL_R_TEE_USED, id, 0);
	return 0;
}

/* who uses the processor now? Nobody what is off, or stopped, or runs without a host */
static void settle(const struct command *c, const struct request *q, int err)
{
	enum pil_state state = q->r->pas->p[q->index].state;

	if (state == PIL_OFF || state == PIL_STOPPED || state == PIL_INHERITED)
		q->r->user[q->index] = NULL;
	else if (!err && (c->changes || c->takes))
		q->r->user[q->index] = q->session;
}

static void trace_request(const struct request *q)
{
	pil_trace_(q->r->pas, q->session->bound ? (int)q->index : -1, PIL_TRACE_REQUEST,
		   PIL_TRACE_TEE_RPROC + q->call->command, 0);
}

static void trace_answer(const struct request *q, int err)
{
	const int index = q->session->bound ? (int)q->index : -1;

	pil_trace_(q->r->pas, index, PIL_TRACE_ANSWER, PIL_TRACE_TEE_RPROC + q->call->command,
		   pil_trace_reason_(q->r->pas, index, err));
}

uint32_t pil_tee_rproc_invoke(struct pil_tee_rproc *r, const struct pil_tee_session *session, struct pil_tee_call *call)
{
	const struct command *c = find(call->command);
	struct request q = { .r = r, .session = session, .index = session->processor, .call = call };
	struct pil_why why = { 0 };
	int err = 0;

	if (!c) {
		(void)pil_fail(&why, PIL_R_TEE_COMMAND, call->command, 0);
		return pil_tee_refuse_(r->pas, "call", &why);
	}
	if (check(c, &q, &why))
		return pil_tee_refuse_(r->pas, c->name, &why);
	if (session->bound)
		r->pas->p[q.index].why = (struct pil_why){ 0 };
	trace_request(&q);
	err = c->handle(&q, &why);
	if (session->bound)
		settle(c, &q, err);
	trace_answer(&q, err);
	if (why.reason != PIL_R_NONE)
		return pil_tee_refuse_(r->pas, c->name, &why);
	return pil_tee_status(err, session->bound ? r->pas->p[q.index].why.reason : PIL_R_NONE);
}

static int open_session(struct pil_tee_rproc *r, uint32_t login, const struct pil_tee_call *call,
			struct pil_tee_session *session, struct pil_why *why)
{
	uint32_t id = call->p[0].a;
	enum pil_ownership owner = PIL_OWNED_NOBODY;
	int err = pil_tee_check_login_(login, why);

	if (err || call->types == TYPES_NONE)
		return err;
	if (call->types != TYPES_ID)
		return pil_fail(why, PIL_R_TEE_TYPES, call->types, TYPES_ID);
	if (id >= r->pas->board->desc->peripheral_count)
		return pil_fail(why, PIL_R_TEE_PROCESSOR, id, r->pas->board->desc->peripheral_count);
	owner = pil_pas_ownership(r->pas, id);
	if (owner != PIL_OWNED_TEE && owner != PIL_OWNED_KERNEL)
		return pil_fail(why, PIL_R_TEE_OWNERSHIP, id, owner);
	*session = (struct pil_tee_session){ .bound = true, .processor = id };
	return 0;
}

uint32_t pil_tee_rproc_open(struct pil_tee_rproc *r, uint32_t login, const struct pil_tee_call *call,
			    struct pil_tee_session *session)
{
	struct pil_why why = { 0 };

	*session = (struct pil_tee_session){ .bound = false };
	if (open_session(r, login, call, session, &why))
		return pil_tee_refuse_(r->pas, "OPEN_SESSION", &why);
	return PIL_TEE_SUCCESS;
}

void pil_tee_rproc_close(struct pil_tee_rproc *r, const struct pil_tee_session *session)
{
	bool ready = false;

	if (!session->bound || (r->user[session->processor] && r->user[session->processor] != session))
		return;
	/* nobody uses what is stopped, but its memory is not free before it is scrubbed; what runs without a host goes on */
	if (!r->user[session->processor] && r->pas->p[session->processor].state != PIL_STOPPED)
		return;
	r->user[session->processor] = NULL;
	if (pil_pas_look(r->pas, session->processor, &ready) == PIL_RUNNING)
		(void)pil_pas_detach(r->pas, session->processor);
	else
		(void)pil_pas_release(r->pas, session->processor);
}
