/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that name a peripheral. One call of the host may be several to the secure world, each of which may be interrupted: then the host
 * gets INTERRUPTED, takes its interrupt and goes on with the session, on whatever CPU that is. So each peripheral remembers at which
 * of its steps it is. What a step makes ready it makes ready under the lock; the call itself is made without it.
 */
#include <pilot/wire/scm.h>

#include "peripheral.h"
#include "platform.h"

struct hyp_peripheral hyp_peripherals[PIL_MAX_PERIPHERALS];

unsigned int hyp_index(const struct hyp_peripheral *p)
{
	return (unsigned int)(p - hyp_peripherals);
}

const struct pil_peripheral_desc *hyp_desc(const struct hyp_peripheral *p)
{
	return &plat_hyp.desc->peripherals[hyp_index(p)];
}

uint32_t hyp_function(const struct hyp_regs *r)
{
	return (uint32_t)r->x[0] & PIL_SCM_FUNC;
}

/* ends what was interrupted before it, as in the secure world */
static bool forces(const struct hyp_regs *r)
{
	return hyp_function(r) == PIL_SCM_PAS_INIT_IMAGE || hyp_function(r) == PIL_SCM_PAS_SHUTDOWN;
}

void hyp_refuse(const struct hyp_peripheral *p, const char *what, struct hyp_regs *r, int64_t status)
{
	hyp_log("%s: %s", hyp_desc(p)->name, what);
	*r = (struct hyp_regs){ .x = { (uint64_t)status } };
}

/* under the lock: the peripheral is nobody's any more */
static void leave(struct hyp_peripheral *p)
{
	hyp_unbridge(p, &p->buffer_bridge);
	p->step = HYP_IDLE;
	p->inside = false;
	p->own = false;
}

/* this CPU is inside; @r: the secure world's answer to the step. Carries on until the host has to be asked or told */
static void carry_on(struct hyp_peripheral *p, struct hyp_regs *r)
{
	for (;;) {
		fw_lock(&hyp_lock);
		if (r->x[0] == PIL_SCM_INTERRUPTED) {
			p->session = r->x[6];
			p->inside = false;
			break;
		}
		p->step = hyp_finish(p, r);
		if (p->step == HYP_IDLE || !hyp_prepare(p, r)) {
			leave(p);
			break;
		}
		fw_unlock(&hyp_lock);
		hyp_smc(r);
	}
	fw_unlock(&hyp_lock);
}

static enum hyp_step first_step(const struct hyp_peripheral *p)
{
	switch (hyp_function(&p->call)) {
	case PIL_SCM_PAS_INIT_IMAGE:
		return p->held ? HYP_STOP : HYP_INIT;
	case PIL_SCM_PAS_AUTH_AND_RESET:
		if (p->held)
			return HYP_PLAIN; /* refused there, and changes nothing here */
		return hyp_desc(p)->stream_count ? HYP_TABLE : HYP_AUTH;
	case PIL_SCM_PAS_SHUTDOWN:
		return HYP_STOP;
	default:
		return HYP_PLAIN;
	}
}

/* Return: false when the answer is in @r already */
static bool begin(struct hyp_peripheral *p, struct hyp_regs *r)
{
	const struct hyp_peripheral *other = NULL;

	if (p->inside || (p->step != HYP_IDLE && !forces(r))) {
		*r = (struct hyp_regs){ .x = { (uint64_t)(int64_t)PIL_SCM_EBUSY } };
		return false;
	}
	other = hyp_function(r) == PIL_SCM_PAS_AUTH_AND_RESET && !p->held ? hyp_taken(p) : NULL;
	if (other) {
		bool core = hyp_desc(p)->core != PIL_NO_CORE && hyp_desc(p)->core == hyp_desc(other)->core;

		hyp_refuse(p, "AUTH_AND_RESET refused: another peripheral has its carve-out", r,
			   core ? PIL_SCM_EINVAL : PIL_SCM_EADDR);
		return false;
	}
	p->call = *r;
	p->step = first_step(p);
	p->inside = true;
	if (hyp_prepare(p, r))
		return true;
	leave(p);
	return false;
}

void hyp_request(unsigned int index, struct hyp_regs *r)
{
	struct hyp_peripheral *p = &hyp_peripherals[index];
	bool go = false;

	fw_lock(&hyp_lock);
	go = begin(p, r);
	fw_unlock(&hyp_lock);
	if (!go)
		return;
	hyp_smc(r);
	carry_on(p, r);
}

static struct hyp_peripheral *find_session(uint64_t session)
{
	for (unsigned int i = 0; i < plat_hyp.desc->peripheral_count; i++)
		if (hyp_peripherals[i].step != HYP_IDLE && !hyp_peripherals[i].inside &&
		    hyp_peripherals[i].session == session)
			return &hyp_peripherals[i];
	return NULL;
}

/* Return: false: there is no such session, or another CPU is going on with it */
bool hyp_resume(struct hyp_regs *r)
{
	struct hyp_peripheral *p = NULL;

	fw_lock(&hyp_lock);
	p = find_session(r->x[6]);
	if (p)
		p->inside = true;
	fw_unlock(&hyp_lock);
	if (!p)
		return false;
	*r = (struct hyp_regs){ .x = { [0] = PIL_SCM_INTERRUPTED, [6] = r->x[6] } };
	hyp_smc(r);
	carry_on(p, r);
	return true;
}

/* from now on the secure world looks at nothing but what the hypervisor bridges */
void hyp_request_init(void)
{
	struct hyp_regs r = { .x = { PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_ENABLE), PIL_SCM_ARGS_VALUES(0u) } };

	hyp_smc(&r);
	if (r.x[0] || r.x[1])
		hyp_stop("the secure world has no bridges");
}
