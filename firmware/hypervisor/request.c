/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that name a peripheral. One call of the host may be several to the secure world, each of which may be interrupted: then the host
 * gets INTERRUPTED, takes its interrupt and goes on with the session, on whatever CPU that is. So each peripheral remembers at which
 * of its steps it is. What a step makes ready it makes ready under the lock; the call itself is made without it.
 *
 *   INIT_IMAGE      [STOP, if something is up] -> INIT
 *   AUTH_AND_RESET  TABLE (resource table, if it has streams) -> AUTH
 *   SHUTDOWN        STOP
 *   others          PLAIN
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/image.h>
#include <pilot/wire/rsc_table.h>
#include <pilot/wire/scm.h>

#include "hypervisor.h"
#include "platform.h"

enum step {
	IDLE = 0,
	PLAIN,
	INIT,
	TABLE,
	AUTH,
	STOP,
};

/**
 * struct peripheral - what is under way for it
 * @step:    IDLE: nothing
 * @inside:  a CPU is carrying the step out; otherwise it was interrupted
 * @session: what an interrupted step goes on with
 * @call:    the host's call, its first arguments
 * @held:    its carve-out is out of the host's reach
 * @buffer_bridge, @carveout_bridge: handles; 0: none
 */
struct peripheral {
	enum step step;
	bool inside;
	uint64_t session;
	struct hyp_regs call;
	bool held;
	uint64_t buffer_bridge;
	uint64_t carveout_bridge;
};

#define METADATA_LEAST 64u /* bytes that the secure world reads before it knows of more */

#define TABLE_AT   HYP_PAGE /* in a buffer; below it the arguments and the host's table */
#define OWN_AT	   256u
#define OWN_SIZE   sizeof(struct pil_rsc_header_wire)
#define TABLE_SIZE HYP_PAGE

/** struct buffer - what the secure world reads and writes for a peripheral: metadata, or the resource table */
struct buffer {
	uint8_t bytes[PIL_IMAGE_METADATA_MAX];
};

_Static_assert(sizeof(struct buffer) % HYP_PAGE == 0 && sizeof(struct buffer) >= TABLE_AT + TABLE_SIZE,
	       "bridges are whole pages");

static struct buffer buffers[PIL_MAX_PERIPHERALS] __attribute__((section(".shared"), aligned(4096)));
static struct peripheral peripherals[PIL_MAX_PERIPHERALS];
static uint8_t table[TABLE_SIZE]; /* a resource table, where nobody changes it */

static const struct pil_peripheral_desc *desc_of(const struct peripheral *p)
{
	return &plat_hyp.desc->peripherals[p - peripherals];
}

static struct buffer *buffer_of(const struct peripheral *p)
{
	return &buffers[p - peripherals];
}

static uint32_t function(const struct hyp_regs *r)
{
	return (uint32_t)r->x[0] & PIL_SCM_FUNC;
}

/* ends what was interrupted before it, as in the secure world */
static bool forces(const struct hyp_regs *r)
{
	return function(r) == PIL_SCM_PAS_INIT_IMAGE || function(r) == PIL_SCM_PAS_SHUTDOWN;
}

static void refuse(const struct peripheral *p, const char *what, struct hyp_regs *r, int64_t status)
{
	hyp_log("%s: %s", desc_of(p)->name, what);
	*r = (struct hyp_regs){ .x = { (uint64_t)status } };
}

/* Return: a handle, or 0. Never interrupted: these calls name no peripheral */
static uint64_t bridge(uint64_t base, uint64_t size)
{
	const uint64_t access = PIL_VM_READ | PIL_VM_WRITE;
	struct hyp_regs r = { .x = { PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_CREATE), PIL_SCM_ARGS_VALUES(4u),
				     base | access, base | access, size | PIL_SCM_BRIDGE_ONE_VM,
				     PIL_SCM_BRIDGE_HOST_VM } };

	hyp_smc(&r);
	return r.x[0] ? 0 : r.x[2];
}

static void unbridge(const struct peripheral *p, uint64_t *handle)
{
	struct hyp_regs r = { .x = { PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_DELETE), PIL_SCM_ARGS_VALUES(1u), *handle } };

	if (!*handle)
		return;
	hyp_smc(&r);
	if (r.x[0])
		hyp_log("%s: bridge %x stays: the secure world answered %x", desc_of(p)->name, *handle, r.x[0]);
	*handle = 0;
}

static bool bridge_buffer(struct peripheral *p)
{
	if (!p->buffer_bridge)
		p->buffer_bridge = bridge((uint64_t)buffer_of(p), sizeof(struct buffer));
	return p->buffer_bridge;
}

/* the peripheral that has the same carve-out now, or NULL */
static const struct peripheral *taken(const struct peripheral *p)
{
	for (unsigned int i = 0; i < plat_hyp.desc->peripheral_count; i++)
		if (&peripherals[i] != p && peripherals[i].held &&
		    pil_range_overlaps(plat_hyp.desc->peripherals[i].carveout, desc_of(p)->carveout))
			return &peripherals[i];
	return NULL;
}

static void devices(const struct peripheral *p, int (*change)(struct pil_range r, struct pil_why *why))
{
	unsigned int count = 0;
	const struct pil_range *r = hyp_streams_devices((unsigned int)(p - peripherals), &count);

	for (unsigned int i = 0; desc_of(p)->stream_count && i < count; i++)
		if (change(r[i], NULL))
			hyp_stop("a device does not fit the host's tables");
}

/* first out of the host's reach, then into that of the streams: nothing is ever in both */
static void hold(struct peripheral *p)
{
	unsigned int index = (unsigned int)(p - peripherals);
	const struct pil_peripheral_desc *d = desc_of(p);

	if (hyp_stage2_take(d->carveout, NULL))
		hyp_stop("a carve-out does not fit the host's tables");
	devices(p, hyp_stage2_take);
	hyp_streams_on(index);
	p->held = true;
	hyp_log("%s: carve-out %x is out of the host's reach; %u ranges mapped for %u stream(s)", d->name,
		d->carveout.base, (uint64_t)(d->stream_count ? hyp_streams_ranges(index) : 0),
		(uint64_t)d->stream_count);
}

static void give_back(struct peripheral *p)
{
	if (!p->held)
		return;
	hyp_streams_off((unsigned int)(p - peripherals), true);
	unbridge(p, &p->carveout_bridge);
	devices(p, hyp_stage2_give);
	if (hyp_stage2_give(desc_of(p)->carveout, NULL))
		hyp_stop("a carve-out does not fit the host's tables");
	p->held = false;
	hyp_log("%s: streams abort, carve-out is the host's again", desc_of(p)->name);
}

/* as much of the host's memory as metadata may have: INIT_IMAGE does not say how much that is */
static uint64_t metadata_size(uint64_t address)
{
	uint64_t size = 0;

	for (uint64_t step = sizeof(struct buffer); step; step /= 2)
		while (size + step <= sizeof(struct buffer) && hyp_host_owns(address, size + step))
			size += step;
	return size;
}

static bool prepare_init(struct peripheral *p, struct hyp_regs *r)
{
	struct buffer *b = buffer_of(p);
	uint64_t size = metadata_size(p->call.x[3]);

	if (size < METADATA_LEAST) {
		refuse(p, "INIT_IMAGE refused: metadata is not in the host's memory", r, PIL_SCM_EADDR);
		return false;
	}
	memcpy(b->bytes, (const void *)p->call.x[3], size);
	memset(b->bytes + size, 0, sizeof(b->bytes) - size);
	if (!bridge_buffer(p)) {
		refuse(p, "INIT_IMAGE refused: no bridge for metadata", r, PIL_SCM_ENOMEM);
		return false;
	}
	*r = p->call;
	r->x[3] = (uint64_t)b;
	return true;
}

/* the host's own table is one without entries: it counts for nothing anyway */
static bool prepare_table(struct peripheral *p, struct hyp_regs *r)
{
	struct buffer *b = buffer_of(p);
	uint64_t out = (uint64_t)b + TABLE_AT;
	const uint64_t page[PIL_SCM_INDIRECT_WORDS] = { out, TABLE_SIZE };

	memset(b, 0, TABLE_AT + TABLE_SIZE);
	memcpy(b->bytes, page, sizeof(page));
	if (!bridge_buffer(p)) {
		refuse(p, "AUTH_AND_RESET refused: no bridge for the resource table", r, PIL_SCM_ENOMEM);
		return false;
	}
	*r = (struct hyp_regs){ .x = { PIL_SCM_STD64(PIL_SCM_PAS_GET_RSCTABLE),
				       PIL_SCM_ARGS(5u, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RW, PIL_SCM_VAL),
				       desc_of(p)->pas_id, (uint64_t)b + OWN_AT, OWN_SIZE, (uint64_t)b } };
	return true;
}

static bool prepare_auth(struct peripheral *p, struct hyp_regs *r)
{
	const struct pil_range *carveout = &desc_of(p)->carveout;

	p->carveout_bridge = bridge(carveout->base, carveout->size);
	if (!p->carveout_bridge) {
		refuse(p, "AUTH_AND_RESET refused: no bridge for the carve-out", r, PIL_SCM_ENOMEM);
		return false;
	}
	hold(p);
	*r = p->call;
	return true;
}

/* DMA masters first: what one of them still writes must be there before the secure world clears the carve-out, or never */
static bool prepare_stop(struct peripheral *p, struct hyp_regs *r)
{
	if (p->held)
		hyp_streams_off((unsigned int)(p - peripherals), false);
	*r = (struct hyp_regs){ .x = { PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u),
				       desc_of(p)->pas_id } };
	return true;
}

/* Return: false when the answer is in @r already */
static bool prepare(struct peripheral *p, struct hyp_regs *r)
{
	switch (p->step) {
	case INIT:
		return prepare_init(p, r);
	case TABLE:
		return prepare_table(p, r);
	case AUTH:
		return prepare_auth(p, r);
	case STOP:
		return prepare_stop(p, r);
	default:
		*r = p->call;
		return true;
	}
}

static enum step finish_table(struct peripheral *p, struct hyp_regs *r)
{
	struct pil_why why = { 0 };
	uint64_t size = r->x[3];
	int err = 0;

	if (r->x[0]) {
		*r = (struct hyp_regs){ .x = { r->x[0] } };
		return IDLE;
	}
	if (size > sizeof(table)) {
		refuse(p, "AUTH_AND_RESET refused: the resource table is too long", r, PIL_SCM_ERROR);
		return IDLE;
	}
	memcpy(table, buffer_of(p)->bytes + TABLE_AT, size);
	err = hyp_streams_build((unsigned int)(p - peripherals), table, size, &why);
	if (!err)
		return AUTH;
	hyp_log("%s: resource table: %s: %x, %x", desc_of(p)->name, pil_reason_name(why.reason), why.a, why.b);
	refuse(p, "AUTH_AND_RESET refused: its resource table cannot be mapped", r, PIL_SCM_ERROR);
	return IDLE;
}

/*
 * Refused: all is as before. But where the board could not do what was asked, nobody knows whether the core is held: then the
 * carve-out stays where it is, until SHUTDOWN.
 */
static void finish_auth(struct peripheral *p, const struct hyp_regs *r)
{
	if (r->x[0] && (int64_t)r->x[0] != PIL_SCM_ERROR)
		give_back(p);
}

/* Return: the step that follows; IDLE: @r is the host's answer */
static enum step finish(struct peripheral *p, struct hyp_regs *r)
{
	switch (p->step) {
	case TABLE:
		return finish_table(p, r);
	case AUTH:
		finish_auth(p, r);
		return IDLE;
	case STOP:
		if (!r->x[0])
			give_back(p);
		return !r->x[0] && function(&p->call) == PIL_SCM_PAS_INIT_IMAGE ? INIT : IDLE;
	default:
		return IDLE;
	}
}

/* under the lock: the peripheral is nobody's any more */
static void leave(struct peripheral *p)
{
	unbridge(p, &p->buffer_bridge);
	p->step = IDLE;
	p->inside = false;
}

/* this CPU is inside; @r: the secure world's answer to the step. Carries on until the host has to be asked or told */
static void carry_on(struct peripheral *p, struct hyp_regs *r)
{
	for (;;) {
		fw_lock(&hyp_lock);
		if (r->x[0] == PIL_SCM_INTERRUPTED) {
			p->session = r->x[6];
			p->inside = false;
			break;
		}
		p->step = finish(p, r);
		if (p->step == IDLE || !prepare(p, r)) {
			leave(p);
			break;
		}
		fw_unlock(&hyp_lock);
		hyp_smc(r);
	}
	fw_unlock(&hyp_lock);
}

static enum step first_step(const struct peripheral *p)
{
	switch (function(&p->call)) {
	case PIL_SCM_PAS_INIT_IMAGE:
		return p->held ? STOP : INIT;
	case PIL_SCM_PAS_AUTH_AND_RESET:
		if (p->held)
			return PLAIN; /* refused there, and changes nothing here */
		return desc_of(p)->stream_count ? TABLE : AUTH;
	case PIL_SCM_PAS_SHUTDOWN:
		return STOP;
	default:
		return PLAIN;
	}
}

/* Return: false when the answer is in @r already */
static bool begin(struct peripheral *p, struct hyp_regs *r)
{
	const struct peripheral *other = NULL;

	if (p->inside || (p->step != IDLE && !forces(r))) {
		*r = (struct hyp_regs){ .x = { (uint64_t)(int64_t)PIL_SCM_EBUSY } };
		return false;
	}
	other = function(r) == PIL_SCM_PAS_AUTH_AND_RESET && !p->held ? taken(p) : NULL;
	if (other) {
		bool core = desc_of(p)->core != PIL_NO_CORE && desc_of(p)->core == desc_of(other)->core;

		refuse(p, "AUTH_AND_RESET refused: another peripheral has its carve-out", r,
		       core ? PIL_SCM_EINVAL : PIL_SCM_EADDR);
		return false;
	}
	p->call = *r;
	p->step = first_step(p);
	p->inside = true;
	if (prepare(p, r))
		return true;
	leave(p);
	return false;
}

void hyp_request(unsigned int index, struct hyp_regs *r)
{
	struct peripheral *p = &peripherals[index];
	bool go = false;

	fw_lock(&hyp_lock);
	go = begin(p, r);
	fw_unlock(&hyp_lock);
	if (!go)
		return;
	hyp_smc(r);
	carry_on(p, r);
}

static struct peripheral *find_session(uint64_t session)
{
	for (unsigned int i = 0; i < plat_hyp.desc->peripheral_count; i++)
		if (peripherals[i].step != IDLE && !peripherals[i].inside && peripherals[i].session == session)
			return &peripherals[i];
	return NULL;
}

/* Return: false: there is no such session, or another CPU is going on with it */
bool hyp_resume(struct hyp_regs *r)
{
	struct peripheral *p = NULL;

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
