/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "pta.h"

#define IN   PIL_TEE_VALUE_INPUT
#define OUT  PIL_TEE_VALUE_OUTPUT
#define FROM PIL_TEE_MEMREF_INPUT
#define TO   PIL_TEE_MEMREF_OUTPUT
#define NONE PIL_TEE_NONE

static const struct pil_peripheral_desc peripherals[] = {
	{
		.name = "m33",
		.pas_id = 1,
		.core = 0,
		.carveout = { .base = 0x90000000, .size = MODEL_PTA_SIZE(MODEL_PTA_M33) },
		.sw_id = 1,
	},
	{
		.name = "m0",
		.pas_id = 18,
		.core = 1,
		.carveout = { .base = 0x90010000, .size = MODEL_PTA_SIZE(MODEL_PTA_M0) },
		.sw_id = 2,
	},
};

const struct pil_board_desc model_pta_desc = {
	.name = "model-pta",
	.peripherals = peripherals,
	.peripheral_count = MODEL_PTA_PROCESSORS,
	.core_count = MODEL_PTA_PROCESSORS,
};

struct model_pta *model_pta_new(const struct pil_device *device)
{
	struct model_pta *m = calloc(1, sizeof(*m));
	struct pil_fuses *f = m ? &m->fuses.block : NULL;

	if (!m)
		return NULL;
	for (unsigned int i = 0; i < MODEL_PTA_PROCESSORS; i++) {
		m->processor[i].ownership = PIL_TEE_MANAGED;
		m->processor[i].own = calloc(1, MODEL_PTA_SIZE(i));
		m->processor[i].host = calloc(1, MODEL_PTA_SIZE(i));
	}
	m->ipc = calloc(1, MODEL_PTA_IPC_SIZE);
	if (!m->ipc || !m->processor[0].own || !m->processor[0].host || !m->processor[1].own || !m->processor[1].host) {
		model_pta_free(m);
		return NULL;
	}
	*f = (struct pil_fuses){
		.magic = PIL_FUSES_MAGIC,
		.version = PIL_FUSES_VERSION,
		.size = sizeof(*f),
		.soc_version = device->soc_version,
		.jtag_id = device->jtag_id,
		.oem_id = device->oem_id,
		.model_id = device->model_id,
		.root_count = device->root_count,
		.serial = device->serial,
		.life_cycle = device->life_cycle == PIL_LIFE_UNKNOWN ? PIL_LIFE_SECURE : (uint32_t)device->life_cycle,
		.debug = device->debug,
		.root_active = device->root_active,
		.root_revoked = device->root_revoked,
	};
	memcpy(f->root_hash, device->root_hash, sizeof(f->root_hash));
	model_flash_init(&m->flash);
	m->counters.store = &m->flash.store;
	return m;
}

void model_pta_free(struct model_pta *m)
{
	if (!m)
		return;
	for (unsigned int i = 0; i < MODEL_PTA_PROCESSORS; i++) {
		free(m->processor[i].own);
		free(m->processor[i].host);
	}
	free(m->ipc);
	free(m->log);
	free(m);
}

void model_pta_key(struct model_pta *m, const uint8_t hash[PIL_FUSES_HASH], bool loose)
{
	m->fuses.keys = (struct pil_fuses_keys){
		.magic = PIL_FUSES_KEYS_MAGIC,
		.version = PIL_FUSES_KEYS_VERSION,
		.size = sizeof(m->fuses.keys),
		.policy = loose ? PIL_FUSES_KEYS_LOOSE : 0,
	};
	memcpy(m->fuses.keys.container_key, hash, PIL_FUSES_HASH);
}

bool model_pta_is_zero(const struct model_pta *m, unsigned int p)
{
	uint8_t any = 0;

	for (size_t i = 0; i < MODEL_PTA_SIZE(p); i++)
		any |= m->processor[p].own[i];
	return !any;
}

const char *model_pta_log(const struct model_pta *m)
{
	return m->log ? m->log : "";
}

/* no TA that is right asks for this */
static uint32_t refuse(struct model_pta *m, uint32_t status)
{
	m->refused++;
	return status;
}

static uint64_t number(const struct pil_tee_param *p)
{
	return (uint64_t)p->b << 32 | p->a;
}

static void add_region(struct pil_tee_board_info *info, const char *name, uint64_t pa, uint64_t da, uint64_t size,
		       uint32_t flags)
{
	struct pil_tee_region *r = &info->region[info->region_count++];

	*r = (struct pil_tee_region){ .pa = pa, .da = da, .size = size, .flags = flags };
	memcpy(r->name, name, strlen(name));
}

static uint32_t tell_info(struct model_pta *m, unsigned int p, struct pil_tee_param *out)
{
	struct pil_tee_board_info info = { .processor = { .id = p, .ownership = m->processor[p].ownership } };
	bool kernel = info.processor.ownership == PIL_TEE_KERNEL;

	if (out->size < sizeof(info))
		return refuse(m, PIL_TEE_SHORT_BUFFER);
	memcpy(info.processor.name, peripherals[p].name, strlen(peripherals[p].name));
	add_region(&info, "memory", kernel ? peripherals[p].carveout.base : 0x0ea00000 + p * 0x480000u, MODEL_PTA_DA,
		   MODEL_PTA_SIZE(p), PIL_TEE_REGION_CODE | (kernel ? PIL_TEE_REGION_HOST : 0));
	if (p == MODEL_PTA_M33)
		add_region(&info, "ipc", MODEL_PTA_IPC, MODEL_PTA_DA_IPC, MODEL_PTA_IPC_SIZE,
			   PIL_TEE_REGION_HOST | PIL_TEE_REGION_SHARED);
	add_region(&info, "control", 0xb8900000 + p * 0x1000u, MODEL_PTA_DA_CTRL, 0x1000, PIL_TEE_REGION_HOST);
	memcpy(out->buffer, &info, sizeof(info));
	out->size = sizeof(info);
	return PIL_TEE_SUCCESS;
}

static uint32_t claim(struct model_pta *m, unsigned int p, const void *who)
{
	if (m->processor[p].ownership != PIL_TEE_MANAGED && m->processor[p].ownership != PIL_TEE_KERNEL)
		return refuse(m, PIL_TEE_ACCESS_DENIED);
	if (m->processor[p].claim && m->processor[p].claim != who)
		return PIL_TEE_BUSY;
	m->processor[p].claim = who;
	return PIL_TEE_SUCCESS;
}

static uint32_t release(struct model_pta *m, unsigned int p, bool only_claim)
{
	struct model_pta_processor *c = &m->processor[p];

	if (!only_claim) {
		c->state = PIL_TEE_CORE_HELD;
		c->ready = false;
		memset(c->own, 0, MODEL_PTA_SIZE(p));
		if (p == MODEL_PTA_M33)
			memset(m->ipc, 0, MODEL_PTA_TABLE_SIZE);
	}
	c->claim = NULL;
	return PIL_TEE_SUCCESS;
}

/* memory that a TA may change, or NULL */
static uint8_t *find(struct model_pta *m, unsigned int p, uint64_t da, uint64_t size)
{
	struct pil_range own = { .base = MODEL_PTA_DA, .size = MODEL_PTA_SIZE(p) };
	struct pil_range table = { .base = MODEL_PTA_DA_IPC, .size = MODEL_PTA_TABLE_SIZE };
	struct pil_range r = { .base = da, .size = size };

	if (pil_range_contains(own, r))
		return m->processor[p].own + (da - own.base);
	return p == MODEL_PTA_M33 && pil_range_contains(table, r) ? m->ipc + (da - table.base) : NULL;
}

static uint32_t write(struct model_pta *m, unsigned int p, const struct pil_tee_call *call)
{
	uint8_t *to = find(m, p, number(&call->p[1]), call->p[2].size);

	if (!to || m->processor[p].state != PIL_TEE_CORE_HELD)
		return refuse(m, PIL_TEE_ACCESS_DENIED);
	memcpy(to, call->p[2].buffer, call->p[2].size);
	return PIL_TEE_SUCCESS;
}

static uint32_t zero(struct model_pta *m, unsigned int p, const struct pil_tee_call *call)
{
	uint8_t *to = find(m, p, number(&call->p[1]), number(&call->p[2]));

	if (!to || m->processor[p].state != PIL_TEE_CORE_HELD)
		return refuse(m, PIL_TEE_ACCESS_DENIED);
	memset(to, 0, (size_t)number(&call->p[2]));
	return PIL_TEE_SUCCESS;
}

static uint32_t read(struct model_pta *m, unsigned int p, const struct pil_tee_call *call)
{
	uint64_t at = number(&call->p[1]);
	size_t size = call->p[2].size;
	const uint8_t *from = NULL;

	if (call->p[0].b == PIL_TEE_READ_COPY)
		from = find(m, p, at, size);
	else if (call->p[0].b == PIL_TEE_READ_HOST && at < MODEL_PTA_SIZE(p) && size <= MODEL_PTA_SIZE(p) - at)
		from = m->processor[p].host + at;
	if (!from)
		return refuse(m, PIL_TEE_ACCESS_DENIED);
	memcpy(call->p[2].buffer, from, size);
	return PIL_TEE_SUCCESS;
}

static uint32_t start(struct model_pta *m, unsigned int p, const struct pil_tee_call *call)
{
	struct model_pta_processor *c = &m->processor[p];
	uint64_t entry = number(&call->p[1]);
	bool host = call->p[2].a & PIL_TEE_START_HOST_MEMORY;

	if (c->state != PIL_TEE_CORE_HELD || host != (c->ownership == PIL_TEE_KERNEL) ||
	    entry - MODEL_PTA_DA >= MODEL_PTA_SIZE(p))
		return refuse(m, PIL_TEE_ACCESS_DENIED);
	if (m->fault == MODEL_PTA_WILL_NOT_START)
		return PIL_TEE_GENERIC;
	c->state = PIL_TEE_CORE_RUNNING;
	c->ready = false;
	c->entry = entry;
	c->flags = call->p[2].a;
	return PIL_TEE_SUCCESS;
}

static uint32_t stop(struct model_pta *m, unsigned int p)
{
	if (m->fault == MODEL_PTA_WILL_NOT_STOP)
		return PIL_TEE_GENERIC;
	m->processor[p].state = PIL_TEE_CORE_HELD;
	m->processor[p].ready = false;
	return PIL_TEE_SUCCESS;
}

static uint32_t add_line(struct model_pta *m, const struct pil_tee_param *p)
{
	char *text = realloc(m->log, m->log_size + p->size + 2);

	if (!text)
		abort();
	memcpy(text + m->log_size, p->buffer, p->size);
	m->log = text;
	m->log_size += p->size;
	m->log[m->log_size++] = '\n';
	m->log[m->log_size] = '\0';
	return PIL_TEE_SUCCESS;
}

static uint32_t counter(struct model_pta *m, struct pil_tee_call *call)
{
	struct pil_why why = { 0 };
	int err = 0;

	if (call->command == PIL_TEE_BOARD_COUNTER_READ)
		err = pil_counters_read(&m->counters, call->p[0].a, &call->p[1].a, &why);
	else
		err = pil_counters_advance(&m->counters, call->p[0].a, call->p[0].b, &why);
	return err ? PIL_TEE_GENERIC : PIL_TEE_SUCCESS;
}

static uint32_t machine_call(struct model_pta *m, struct pil_tee_call *call)
{
	switch (call->command) {
	case PIL_TEE_BOARD_COUNTER_READ:
	case PIL_TEE_BOARD_COUNTER_ADVANCE:
		return counter(m, call);
	case PIL_TEE_BOARD_FUSES:
		if (call->p[0].size > sizeof(m->fuses))
			call->p[0].size = sizeof(m->fuses);
		memcpy(call->p[0].buffer, &m->fuses, call->p[0].size);
		return PIL_TEE_SUCCESS;
	case PIL_TEE_BOARD_LOG:
		return add_line(m, &call->p[0]);
	case PIL_TEE_BOARD_TRACE:
		m->traced = call->p[0].a;
		m->records++;
		return PIL_TEE_SUCCESS;
	default:
		m->now += 100;
		call->p[0].a = (uint32_t)m->now;
		call->p[0].b = 0;
		return PIL_TEE_SUCCESS;
	}
}

static uint32_t processor_call(struct model_pta *m, const void *who, struct pil_tee_call *call)
{
	unsigned int p = call->p[0].a;
	struct model_pta_processor *c = &m->processor[p];

	if (call->command == PIL_TEE_BOARD_INFO)
		return tell_info(m, p, &call->p[1]);
	if (call->command == PIL_TEE_BOARD_CLAIM)
		return claim(m, p, who);
	if (call->command == PIL_TEE_BOARD_STATE) {
		call->p[1].a = c->state;
		call->p[1].b = c->ready;
		return PIL_TEE_SUCCESS;
	}
	if (call->command ==
	    PIL_TEE_BOARD_WAIT) { /* nothing happens while a model waits: it tells what is, or that the time is over */
		call->p[1].a = c->state == PIL_TEE_CORE_CRASHED ? PIL_TEE_EVENT_CRASHED : PIL_TEE_EVENT_NONE;
		call->p[1].b = c->state == PIL_TEE_CORE_CRASHED;
		return PIL_TEE_SUCCESS;
	}
	if (c->claim != who)
		return refuse(m, PIL_TEE_ACCESS_DENIED);
	switch (call->command) {
	case PIL_TEE_BOARD_RELEASE:
		return release(m, p, call->p[0].b & 1);
	case PIL_TEE_BOARD_WRITE:
		return write(m, p, call);
	case PIL_TEE_BOARD_ZERO:
		return zero(m, p, call);
	case PIL_TEE_BOARD_READ:
		return read(m, p, call);
	case PIL_TEE_BOARD_START:
		return start(m, p, call);
	case PIL_TEE_BOARD_STOP:
		return stop(m, p);
	case PIL_TEE_BOARD_POWER:
		c->suspended = !call->p[1].a;
		return PIL_TEE_SUCCESS;
	case PIL_TEE_BOARD_KEEP:
		c->kept = call->p[0].b & 1;
		return PIL_TEE_SUCCESS;
	default:
		return refuse(m, PIL_TEE_NOT_SUPPORTED);
	}
}

/* types of every command, in their order from 1 */
static const uint32_t types[] = {
	[PIL_TEE_BOARD_INFO] = PIL_TEE_TYPES(IN, TO, NONE, NONE),
	[PIL_TEE_BOARD_CLAIM] = PIL_TEE_TYPES(IN, NONE, NONE, NONE),
	[PIL_TEE_BOARD_RELEASE] = PIL_TEE_TYPES(IN, NONE, NONE, NONE),
	[PIL_TEE_BOARD_WRITE] = PIL_TEE_TYPES(IN, IN, FROM, NONE),
	[PIL_TEE_BOARD_ZERO] = PIL_TEE_TYPES(IN, IN, IN, NONE),
	[PIL_TEE_BOARD_READ] = PIL_TEE_TYPES(IN, IN, TO, NONE),
	[PIL_TEE_BOARD_START] = PIL_TEE_TYPES(IN, IN, IN, NONE),
	[PIL_TEE_BOARD_STOP] = PIL_TEE_TYPES(IN, NONE, NONE, NONE),
	[PIL_TEE_BOARD_STATE] = PIL_TEE_TYPES(IN, OUT, NONE, NONE),
	[PIL_TEE_BOARD_POWER] = PIL_TEE_TYPES(IN, IN, NONE, NONE),
	[PIL_TEE_BOARD_WAIT] = PIL_TEE_TYPES(IN, OUT, NONE, NONE),
	[PIL_TEE_BOARD_COUNTER_READ] = PIL_TEE_TYPES(IN, OUT, NONE, NONE),
	[PIL_TEE_BOARD_COUNTER_ADVANCE] = PIL_TEE_TYPES(IN, NONE, NONE, NONE),
	[PIL_TEE_BOARD_FUSES] = PIL_TEE_TYPES(TO, NONE, NONE, NONE),
	[PIL_TEE_BOARD_LOG] = PIL_TEE_TYPES(FROM, NONE, NONE, NONE),
	[PIL_TEE_BOARD_TIME] = PIL_TEE_TYPES(OUT, NONE, NONE, NONE),
	[PIL_TEE_BOARD_KEEP] = PIL_TEE_TYPES(IN, NONE, NONE, NONE),
	[PIL_TEE_BOARD_TRACE] = PIL_TEE_TYPES(IN, IN, IN, NONE),
};

static bool names_processor(uint32_t command)
{
	return command <= PIL_TEE_BOARD_WAIT || command == PIL_TEE_BOARD_KEEP;
}

static bool can_fail(uint32_t command)
{
	return command != PIL_TEE_BOARD_LOG && command != PIL_TEE_BOARD_TIME && command != PIL_TEE_BOARD_TRACE;
}

uint32_t model_pta_invoke(void *ctx, struct pil_tee_call *call)
{
	const struct model_pta_session *s = ctx;
	struct model_pta *m = s->m;

	if (m->hook)
		m->hook(m, call, m->hook_arg);
	if (call->command >= sizeof(types) / sizeof(types[0]) || !types[call->command] ||
	    call->types != types[call->command])
		return refuse(m, PIL_TEE_BAD_PARAMETERS);
	if (can_fail(call->command) && ++m->calls == m->fail_at)
		return PIL_TEE_GENERIC;
	if (!names_processor(call->command))
		return machine_call(m, call);
	if (call->p[0].a >= MODEL_PTA_PROCESSORS)
		return PIL_TEE_ITEM_NOT_FOUND;
	return processor_call(m, s, call);
}
