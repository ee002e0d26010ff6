/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PAS door: the requests of the SCM door, as commands of a TA. One session serves all peripherals, and a host that starts anew
 * begins with INIT_IMAGE, which is allowed in every state: so nobody has to use a peripheral first.
 */
#include <pilot/wire/tee_pas.h>

#include "../pas/internal.h"

#include "internal.h"

#define TYPES_CAPS   PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_MEMORY PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_PLACE  PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_TABLE  PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INOUT, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_AUTH   PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, PIL_TEE_NONE)

#define HOST_TABLE_MAX 2048u /* of pil_pas_get_rsc_table() */

/** struct request - a command about a peripheral that there is */
struct request {
	struct pil_tee_pas *t;
	unsigned int index;
	struct pil_tee_call *call;
};

static int is_supported(const struct request *q, struct pil_why *why)
{
	struct pil_pas *pas = q->t->pas;

	if (pil_pas_is_supported(pas, q->call->p[0].a))
		return 0;
	return pil_fail(why, PIL_R_TEE_OWNERSHIP, q->index, pil_pas_ownership(pas, q->index));
}

static int capabilities(const struct request *q, struct pil_why *why)
{
	(void)why;
	q->call->p[1].a = pil_pas_capabilities(q->t->pas, q->index);
	q->call->p[1].b = 0;
	return 0;
}

/* lib/pas reads memory of the host by addresses: while it does, this call's memory has one */
static void open_window(struct pil_tee_board *b, void *bytes, size_t size)
{
	b->window = bytes;
	b->window_size = size;
}

static int init_image(const struct request *q, struct pil_why *why)
{
	const struct pil_tee_param *p = &q->call->p[1];
	int err = 0;

	(void)why;
	open_window(q->t->board, p->buffer, p->size);
	err = pil_pas_init_image(q->t->pas, q->index, PIL_TEE_WINDOW);
	open_window(q->t->board, NULL, 0);
	return err;
}

static int mem_setup(const struct request *q, struct pil_why *why)
{
	struct pil_range where = { .base = pil_tee_u64_(&q->call->p[1]), .size = q->call->p[0].b };

	(void)why;
	return pil_pas_mem_setup(q->t->pas, q->index, where);
}

static int ask_table(const struct request *q, void *bytes, size_t in, size_t out)
{
	size_t needed = 0;
	int err = 0;

	open_window(q->t->board, bytes, in > out ? in : out);
	err = pil_pas_get_rsc_table(q->t->pas, q->index, (struct pil_range){ .base = PIL_TEE_WINDOW, .size = in },
				    (struct pil_range){ .base = PIL_TEE_WINDOW, .size = out }, &needed);
	open_window(q->t->board, NULL, 0);
	q->call->p[1].size = needed;
	return err;
}

/* the driver asks twice: without memory how much it needs, and then with as much */
static int get_resource_table(const struct request *q, struct pil_why *why)
{
	uint64_t empty[2] = { 0 };
	const struct pil_tee_param *p = &q->call->p[1];
	size_t size = p->size;
	int err = 0;

	(void)why;
	if (p->buffer)
		return ask_table(q, p->buffer, size < HOST_TABLE_MAX ? size : HOST_TABLE_MAX, size);
	err = ask_table(q, empty, sizeof(empty), 0);
	return err == -PIL_EBUFFER ? 0 : err;
}

static int auth_and_reset(const struct request *q, struct pil_why *why)
{
	uint64_t address = pil_tee_u64_(&q->call->p[1]);
	uint64_t placed = q->t->pas->p[q->index].placed.base;

	/* the driver may leave it out; what it says must not be something else than it said before */
	if (address && placed && address != placed)
		return pil_fail(why, PIL_R_TEE_PLACE, address, placed);
	return pil_pas_auth_and_reset(q->t->pas, q->index);
}

static int set_remote_state(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_set_remote_state(q->t->pas, q->index, q->call->p[0].b);
}

static int shut_down(const struct request *q, struct pil_why *why)
{
	(void)why;
	return pil_pas_shutdown(q->t->pas, q->index);
}

/** struct command - what is called; @empty: its memory may have bytes but no address */
static const struct command {
	uint32_t id;
	uint32_t types;
	bool empty;
	const char *name;
	int (*handle)(const struct request *q, struct pil_why *why);
} commands[] = {
	{ PIL_TEE_PAS_IS_SUPPORTED, TYPES_ID, false, "IS_SUPPORTED", is_supported },
	{ PIL_TEE_PAS_CAPABILITIES, TYPES_CAPS, false, "CAPABILITIES", capabilities },
	{ PIL_TEE_PAS_INIT_IMAGE, TYPES_MEMORY, false, "INIT_IMAGE", init_image },
	{ PIL_TEE_PAS_MEM_SETUP, TYPES_PLACE, false, "MEM_SETUP", mem_setup },
	{ PIL_TEE_PAS_GET_RESOURCE_TABLE, TYPES_TABLE, true, "GET_RSCTABLE", get_resource_table },
	{ PIL_TEE_PAS_AUTH_AND_RESET, TYPES_AUTH, true, "AUTH_AND_RESET", auth_and_reset },
	{ PIL_TEE_PAS_SET_REMOTE_STATE, TYPES_ID, false, "SET_REMOTE_STATE", set_remote_state },
	{ PIL_TEE_PAS_SHUTDOWN, TYPES_ID, false, "SHUTDOWN", shut_down },
};

static const struct command *find(uint32_t id)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].id == id)
			return &commands[i];
	return NULL;
}

uint32_t pil_tee_pas_invoke(struct pil_tee_pas *t, struct pil_tee_call *call)
{
	const struct command *c = find(call->command);
	struct request q = { .t = t, .call = call };
	struct pil_why why = { 0 };
	int index = 0, err = 0;

	if (!c) {
		(void)pil_fail(&why, PIL_R_TEE_COMMAND, call->command, 0);
		return pil_tee_refuse_(t->pas, "call", &why);
	}
	if (call->types != c->types || (!c->empty && !pil_tee_memory_(call))) {
		(void)pil_fail(&why, PIL_R_TEE_TYPES, call->types, c->types);
		return pil_tee_refuse_(t->pas, c->name, &why);
	}
	index = pil_pas_find(t->pas, call->p[0].a);
	if (index < 0) {
		(void)pil_fail(&why, PIL_R_PAS_UNKNOWN, call->p[0].a, 0);
		return pil_tee_refuse_(t->pas, c->name, &why);
	}
	q.index = (unsigned int)index;
	t->pas->p[index].why = (struct pil_why){ 0 };
	pil_trace_(t->pas, index, PIL_TRACE_REQUEST, PIL_TRACE_TEE_PAS + call->command, 0);
	err = c->handle(&q, &why);
	pil_trace_(t->pas, index, PIL_TRACE_ANSWER, PIL_TRACE_TEE_PAS + call->command,
		   pil_trace_reason_(t->pas, index, err));
	return why.reason != PIL_R_NONE ? pil_tee_refuse_(t->pas, c->name, &why)
					: pil_tee_status(err, t->pas->p[index].why.reason);
}

uint32_t pil_tee_pas_open(struct pil_tee_pas *t, uint32_t login, const struct pil_tee_call *call)
{
	struct pil_why why = { 0 };
	int err = pil_tee_check_login_(login, &why);

	if (!err && call->types != TYPES_NONE)
		err = pil_fail(&why, PIL_R_TEE_TYPES, call->types, TYPES_NONE);
	return err ? pil_tee_refuse_(t->pas, "OPEN_SESSION", &why) : PIL_TEE_SUCCESS;
}
