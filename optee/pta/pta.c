// SPDX-License-Identifier: BSD-2-Clause
/* The door: who may come in, and parameters that are what they should be. */
#include <kernel/delay.h>
#include <kernel/mutex.h>
#include <kernel/pseudo_ta.h>
#include <kernel/ts_manager.h>
#include <kernel/user_ta.h>
#include <malloc.h>
#include <string.h>
#include <trace.h>
#include <util.h>

#include <pilot/wire/monitor.h>

#include "pta.h"
#include "scmi/supply.h"

#define PILOT_PTA_UUID                                                                                                 \
	{                                                                                                              \
		0x2f1cb9ce, 0x6b34, 0x4d0e,                                                                            \
		{                                                                                                      \
			0x8d, 0x7f, 0x6a, 0x0d, 0x6e, 0x0f, 0x3a, 0x51                                                 \
		}                                                                                                      \
	}

#define NONE TEE_PARAM_TYPE_NONE
#define VIN  TEE_PARAM_TYPE_VALUE_INPUT
#define VOUT TEE_PARAM_TYPE_VALUE_OUTPUT
#define MIN_ TEE_PARAM_TYPE_MEMREF_INPUT
#define MOUT TEE_PARAM_TYPE_MEMREF_OUTPUT

#define MANAGERS (PTA_REMOTEPROC | PTA_PAS)
#define ALL	 (MANAGERS | PTA_EVENTS)

static struct mutex lock = MUTEX_INITIALIZER;

/** struct command - one of include/pilot/wire/tee_board.h: its parameters, who may give it, and what it does */
struct command {
	uint32_t types;
	uint32_t clients;
	TEE_Result (*run)(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS]);
};

static const struct {
	TEE_UUID uuid;
	enum pta_client client;
} clients[] = {
	{ { 0x80a4c275, 0x0a47, 0x4905, { 0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08 } }, PTA_REMOTEPROC },
	{ { 0xcff7d191, 0x7ca0, 0x4784, { 0xaf, 0x13, 0x48, 0x22, 0x3b, 0x9a, 0x4f, 0xbe } }, PTA_PAS },
	{ { 0x5c1f0c5e, 0x96f1, 0x4d5b, { 0x9d, 0x0b, 0x31, 0xf4, 0xa1, 0xc6, 0xa7, 0xde } }, PTA_EVENTS },
};

static uint64_t number(const TEE_Param *p)
{
	return reg_pair_to_64(p->value.b, p->value.a);
}

/* a result that goes out whole, or not at all */
static TEE_Result answer(TEE_Param *p, const void *data, size_t size)
{
	const size_t room = p->memref.size;

	p->memref.size = size;
	if (room < size || !p->memref.buffer)
		return TEE_ERROR_SHORT_BUFFER;
	memcpy(p->memref.buffer, data, size);
	return TEE_SUCCESS;
}

static TEE_Result run_info(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	struct pil_tee_board_info info = { 0 };
	const TEE_Result res = pta_info(p[0].value.a, &info);

	return res ? res : answer(&p[1], &info, sizeof(info));
}

static TEE_Result run_claim(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_claim(s, p[0].value.a);
}

static TEE_Result run_release(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	if (p[0].value.b > 1)
		return TEE_ERROR_BAD_PARAMETERS;
	return pta_release(s, p[0].value.a, p[0].value.b);
}

static TEE_Result run_write(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_write(s, p[0].value.a, number(&p[1]), p[2].memref.buffer, p[2].memref.size);
}

static TEE_Result run_zero(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_zero(s, p[0].value.a, number(&p[1]), number(&p[2]));
}

static TEE_Result run_read(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_read(s, p[0].value.a, p[0].value.b, number(&p[1]), p[2].memref.buffer, p[2].memref.size);
}

static TEE_Result run_start(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_start(s, p[0].value.a, number(&p[1]), p[2].value.a);
}

static TEE_Result run_stop(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_stop(s, p[0].value.a);
}

static TEE_Result run_state(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_state(p[0].value.a, &p[1].value.a, &p[1].value.b);
}

static TEE_Result run_power(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_power(s, p[0].value.a, p[1].value.a);
}

static TEE_Result run_keep(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return pta_keep(s, p[0].value.a, p[0].value.b);
}

static TEE_Result run_wait(struct pta_session *s, TEE_Param p[TEE_NUM_PARAMS])
{
	return events_wait(s, p[0].value.a, p[0].value.b, &p[1].value.a, &p[1].value.b);
}

static TEE_Result run_counter_read(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	return flash_counter_read(p[0].value.a, &p[1].value.a);
}

static TEE_Result run_counter_advance(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	return flash_counter_advance(p[0].value.a, p[0].value.b);
}

static TEE_Result run_fuses(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	struct pil_fuses_all fuses = { 0 };
	const TEE_Result res = flash_fuses(&fuses);

	return res ? res : answer(&p[0], &fuses, sizeof(fuses));
}

/* nothing in a TA's line may forge a line of its own */
static TEE_Result run_log(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	char line[PIL_MON_LOG_MAX + 2] = "";
	const size_t size = MIN(p[0].memref.size, (size_t)PIL_MON_LOG_MAX);

	for (size_t i = 0; i < size; i++) {
		const char c = ((const char *)p[0].memref.buffer)[i];

		line[i] = c >= ' ' && c <= '~' ? c : '?';
	}
	line[size] = '\n';
	trace_ext_puts(line);
	return TEE_SUCCESS;
}

static TEE_Result run_time(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	const uint64_t ticks = delay_cnt_read(), rate = delay_cnt_freq();

	reg_pair_from_64(ticks / rate * 1000000 + ticks % rate * 1000000 / rate, &p[0].value.b, &p[0].value.a);
	return TEE_SUCCESS;
}

static TEE_Result run_trace(struct pta_session *s __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	trace_write(PIL_TRACE_SERVICE, p[0].value.a, number(&p[1]), number(&p[2]));
	return TEE_SUCCESS;
}

static const struct command commands[] = {
	[PIL_TEE_BOARD_INFO] = { TEE_PARAM_TYPES(VIN, MOUT, NONE, NONE), ALL, run_info },
	[PIL_TEE_BOARD_CLAIM] = { TEE_PARAM_TYPES(VIN, NONE, NONE, NONE), MANAGERS, run_claim },
	[PIL_TEE_BOARD_RELEASE] = { TEE_PARAM_TYPES(VIN, NONE, NONE, NONE), MANAGERS, run_release },
	[PIL_TEE_BOARD_WRITE] = { TEE_PARAM_TYPES(VIN, VIN, MIN_, NONE), MANAGERS, run_write },
	[PIL_TEE_BOARD_ZERO] = { TEE_PARAM_TYPES(VIN, VIN, VIN, NONE), MANAGERS, run_zero },
	[PIL_TEE_BOARD_READ] = { TEE_PARAM_TYPES(VIN, VIN, MOUT, NONE), MANAGERS, run_read },
	[PIL_TEE_BOARD_START] = { TEE_PARAM_TYPES(VIN, VIN, VIN, NONE), MANAGERS, run_start },
	[PIL_TEE_BOARD_STOP] = { TEE_PARAM_TYPES(VIN, NONE, NONE, NONE), MANAGERS, run_stop },
	[PIL_TEE_BOARD_STATE] = { TEE_PARAM_TYPES(VIN, VOUT, NONE, NONE), ALL, run_state },
	[PIL_TEE_BOARD_POWER] = { TEE_PARAM_TYPES(VIN, VIN, NONE, NONE), MANAGERS, run_power },
	[PIL_TEE_BOARD_WAIT] = { TEE_PARAM_TYPES(VIN, VOUT, NONE, NONE), PTA_EVENTS, run_wait },
	[PIL_TEE_BOARD_COUNTER_READ] = { TEE_PARAM_TYPES(VIN, VOUT, NONE, NONE), MANAGERS, run_counter_read },
	[PIL_TEE_BOARD_COUNTER_ADVANCE] = { TEE_PARAM_TYPES(VIN, NONE, NONE, NONE), MANAGERS, run_counter_advance },
	[PIL_TEE_BOARD_FUSES] = { TEE_PARAM_TYPES(MOUT, NONE, NONE, NONE), MANAGERS, run_fuses },
	[PIL_TEE_BOARD_LOG] = { TEE_PARAM_TYPES(MIN_, NONE, NONE, NONE), ALL, run_log },
	[PIL_TEE_BOARD_TIME] = { TEE_PARAM_TYPES(VOUT, NONE, NONE, NONE), ALL, run_time },
	[PIL_TEE_BOARD_TRACE] = { TEE_PARAM_TYPES(VIN, VIN, VIN, NONE), MANAGERS, run_trace },
	[PIL_TEE_BOARD_KEEP] = { TEE_PARAM_TYPES(VIN, NONE, NONE, NONE), MANAGERS, run_keep },
};

TEE_Result board_supply_changed(unsigned int core)
{
	TEE_Result res = TEE_SUCCESS;

	mutex_lock(&lock);
	res = pta_supply_changed(core);
	mutex_unlock(&lock);
	return res;
}

static TEE_Result open_session(uint32_t types, TEE_Param p[TEE_NUM_PARAMS] __unused, void **context)
{
	struct ts_session *caller = ts_get_calling_session();
	struct pta_session *s = NULL;
	TEE_Result res = TEE_SUCCESS;
	size_t i = 0;

	if (!caller || !is_user_ta_ctx(caller->ctx))
		return TEE_ERROR_ACCESS_DENIED;
	while (i < ARRAY_SIZE(clients) && memcmp(&caller->ctx->uuid, &clients[i].uuid, sizeof(TEE_UUID)))
		i++;
	if (i == ARRAY_SIZE(clients))
		return TEE_ERROR_ACCESS_DENIED;
	if (types != TEE_PARAM_TYPES(NONE, NONE, NONE, NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	s = calloc(1, sizeof(*s));
	if (!s)
		return TEE_ERROR_OUT_OF_MEMORY;
	s->client = clients[i].client;
	if (s->client == PTA_EVENTS)
		res = events_open(s);
	if (res)
		free(s);
	else
		*context = s;
	return res;
}

/* what a TA leaves behind, or one that is gone: the cores it has claimed stop, and nothing of what they ran is left */
static void close_session(void *context)
{
	struct pta_session *s = context;

	if (!s)
		return; /* OP-TEE closes what was not opened, too */
	mutex_lock(&lock);
	pta_release_all(s);
	mutex_unlock(&lock);
	events_close(s);
	free(s);
}

/* what changes a processor; the first parameter is its number */
static bool is_traced(uint32_t id)
{
	switch (id) {
	case PIL_TEE_BOARD_CLAIM:
	case PIL_TEE_BOARD_RELEASE:
	case PIL_TEE_BOARD_WRITE:
	case PIL_TEE_BOARD_ZERO:
	case PIL_TEE_BOARD_START:
	case PIL_TEE_BOARD_STOP:
	case PIL_TEE_BOARD_POWER:
	case PIL_TEE_BOARD_KEEP:
		return true;
	default:
		return false;
	}
}

static TEE_Result run(struct pta_session *s, uint32_t id, TEE_Param p[TEE_NUM_PARAMS])
{
	TEE_Result res = TEE_SUCCESS;

	events_drain_log();
	/* its session is its own, and it may take for ever */
	if (id == PIL_TEE_BOARD_WAIT)
		return commands[id].run(s, p);
	mutex_lock(&lock);
	if (is_traced(id))
		trace_command(PIL_TRACE_COMMAND, p[0].value.a, id, p[0].value.b);
	res = commands[id].run(s, p);
	if (is_traced(id))
		trace_command(PIL_TRACE_COMMAND_DONE, p[0].value.a, id, res);
	mutex_unlock(&lock);
	return res;
}

static TEE_Result invoke(void *context, uint32_t id, uint32_t types, TEE_Param p[TEE_NUM_PARAMS])
{
	TEE_Param bounced[TEE_NUM_PARAMS] = {};
	TEE_Param *used = NULL;
	struct pta_session *s = context;
	TEE_Result res = TEE_SUCCESS, copied = TEE_SUCCESS;

	if (id >= ARRAY_SIZE(commands) || !commands[id].run)
		return TEE_ERROR_NOT_IMPLEMENTED;
	if (!(commands[id].clients & s->client))
		return TEE_ERROR_ACCESS_DENIED;
	if (types != commands[id].types)
		return TEE_ERROR_BAD_PARAMETERS;
	res = to_bounce_params(types, p, bounced, &used);
	if (res)
		return res;
	res = run(s, id, used);
	copied = from_bounce_params(types, p, bounced, used);
	return res ? res : copied;
}

pseudo_ta_register(.uuid = PILOT_PTA_UUID, .name = "pilot.pta", .flags = PTA_DEFAULT_FLAGS | TA_FLAG_CONCURRENT,
		   .open_session_entry_point = open_session, .close_session_entry_point = close_session,
		   .invoke_command_entry_point = invoke);
