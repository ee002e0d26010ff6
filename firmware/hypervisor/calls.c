/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's SMCs (SMC Calling Convention, Arm DEN 0028). What is not on the list is not forwarded: nobody here knows which of its
 * arguments are pointers. Pointers to the host's memory are in INIT_IMAGE alone; request.c checks them.
 */
#include <pilot/wire/scm.h>

#include "hypervisor.h"
#include "platform.h"

#define OWNER(id)     ((id) >> 24 & 0x3f)
#define OWNER_ARCH    0u
#define OWNER_SIP     2u
#define OWNER_STD     4u
#define NOT_SUPPORTED UINT64_MAX

#define INIT_ARGS PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u)

/**
 * struct call - a function that the host may call
 * @arginfo: as it must describe its arguments
 * @peripheral: it changes the state of the peripheral that it names, and may be interrupted
 * @remote: it names the video core, by a number of its own in argument 1
 */
struct call {
	uint32_t id;
	uint32_t arginfo;
	bool peripheral;
	bool remote;
};

static const struct call calls[] = {
	{ PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE), INIT_ARGS, true, false },
	{ PIL_SCM_STD64(PIL_SCM_PAS_MEM_SETUP), PIL_SCM_ARGS_VALUES(3u), true, false },
	{ PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET), PIL_SCM_ARGS_VALUES(1u), true, false },
	{ PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u), true, false },
	{ PIL_SCM_STD64(PIL_SCM_BOOT_SET_REMOTE_STATE), PIL_SCM_ARGS_VALUES(2u), true, true },
	{ PIL_SCM_STD64(PIL_SCM_PAS_IS_SUPPORTED), PIL_SCM_ARGS_VALUES(1u), false, false },
	{ PIL_SCM_STD64(PIL_SCM_MP_VIDEO_VAR), PIL_SCM_ARGS_VALUES(4u), false, false },
	{ PIL_SCM_STD64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u), false, false },
	{ PIL_SCM_FAST64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u), false, false },
	{ PIL_SCM_STD32(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u), false, false },
	{ PIL_SCM_FAST32(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u), false, false },
};

/* the secure world has them, but they are the hypervisor's */
static const uint32_t mine[] = {
	PIL_SCM_PAS_GET_RSCTABLE,     PIL_SCM_MP_ASSIGN, PIL_SCM_MP_SHM_BRIDGE_ENABLE, PIL_SCM_MP_SHM_BRIDGE_DELETE,
	PIL_SCM_MP_SHM_BRIDGE_CREATE,
};

static bool is_mine(uint64_t id)
{
	for (unsigned int i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
		if (mine[i] == (id & PIL_SCM_FUNC))
			return true;
	return false;
}

static const struct call *find_call(uint32_t id)
{
	for (unsigned int i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].id == (id & ~PIL_SCM_SVE_HINT))
			return &calls[i];
	return NULL;
}

static int find_peripheral(const struct call *c, const struct hyp_regs *r)
{
	const struct pil_board_desc *desc = plat_hyp.desc;
	uint64_t pas_id = c->remote ? PIL_SCM_VIDEO_PAS_ID : r->x[2];

	if (c->remote && r->x[3] != PIL_SCM_REMOTE_VIDEO)
		return -1;
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		if (desc->peripherals[i].pas_id == pas_id)
			return (int)i;
	return -1;
}

static void answer(struct hyp_regs *r, int64_t status)
{
	r->x[0] = (uint64_t)status;
	r->x[1] = 0;
	r->x[2] = 0;
	r->x[3] = 0;
}

static bool asks_for_mine(const struct call *c, const struct hyp_regs *r)
{
	return (c->id & PIL_SCM_FUNC) == PIL_SCM_INFO_IS_CALL_AVAIL && is_mine(r->x[2]);
}

/* @r: function, description and the arguments that it describes; all else is 0 */
static void carry_out(const struct call *c, struct hyp_regs *r)
{
	int index = c->peripheral ? find_peripheral(c, r) : -1;

	if (asks_for_mine(c, r))
		answer(r, PIL_SCM_OK);
	else if (c->peripheral && index < 0)
		answer(r, PIL_SCM_EINVAL);
	else if (c->peripheral)
		hyp_request((unsigned int)index, r);
	else
		hyp_smc(r);
}

static void scm(struct hyp_regs *r)
{
	const struct call *c = find_call((uint32_t)r->x[0]);
	struct hyp_regs call = { 0 };

	if (!c) {
		answer(r, is_mine(r->x[0]) ? PIL_SCM_ENOTSUPP : PIL_SCM_ERROR);
		return;
	}
	if (r->x[1] != c->arginfo) {
		answer(r, PIL_SCM_EINVAL);
		return;
	}
	for (unsigned int i = 0; i < 2 + PIL_SCM_ARGS_COUNT(c->arginfo); i++)
		call.x[i] = r->x[i];
	carry_out(c, &call);
	*r = call;
}

/* x0 to x3 carry the answer, x6 the session of an interrupted call; everything else stays as it was */
static void reply(struct hyp_frame *f, const struct hyp_regs *r)
{
	for (unsigned int i = 0; i < 4; i++)
		f->x[i] = r->x[i];
	if (r->x[0] == PIL_SCM_INTERRUPTED)
		f->x[6] = r->x[6];
}

static void secure_call(uint32_t id, struct hyp_regs *r)
{
	const bool fast = id & PIL_SCM_FAST; /* a driver that probes: nothing to see */

	if (!fast)
		hyp_trace(PIL_TRACE_TRAP, PIL_TRACE_NO_ID, id, r->x[2]);
	if (id != PIL_SCM_INTERRUPTED)
		scm(r);
	else if (!hyp_resume(r))
		answer(r, PIL_SCM_EINVAL);
	if (!fast)
		hyp_trace(PIL_TRACE_TRAPPED, PIL_TRACE_NO_ID, r->x[0], 0);
}

void hyp_call(struct hyp_frame *f)
{
	uint32_t id = (uint32_t)f->x[0];
	struct hyp_regs r = { 0 };

	for (unsigned int i = 0; i < 8; i++)
		r.x[i] = f->x[i];
	if (OWNER(id) == OWNER_STD) {
		hyp_psci(f);
		return;
	}
	if (id == PIL_SCM_INTERRUPTED || OWNER(id) == OWNER_SIP) {
		secure_call(id, &r);
	} else if (OWNER(id) == OWNER_ARCH) {
		r = (struct hyp_regs){ .x = { f->x[0], f->x[1] } };
		hyp_smc(&r);
		f->x[0] = r.x[0];
		return;
	} else {
		f->x[0] = NOT_SUPPORTED;
		return;
	}
	reply(f, &r);
}
