/* SPDX-License-Identifier: BSD-2-Clause */
/* What the numbers in a record mean, in words. All of them may be anybody's: what has no name is printed as the number that it is. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/error.h>
#include <pilot/state.h>
#include <pilot/wire/scm.h>
#include <pilot/wire/stub.h>
#include <pilot/wire/tee_board.h>
#include <pilot/wire/tee_pas.h>
#include <pilot/wire/tee_rproc.h>

#include "pilot.h"
#include "trace/trace.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#define INSTANT	   TRACE_INSTANT
#define BEGIN	   TRACE_BEGIN
#define END	   TRACE_END
#define CPU	   TRACE_CPU
#define CORE	   TRACE_CORE
#define PERIPHERAL TRACE_PERIPHERAL

#define KIND(number, name, phase, track, text) [number] = { #name, phase, track, text },

static const struct trace_kind kinds[] = { PIL_TRACE_EVENT_TABLE(KIND) };

/** struct word - a number and its name */
struct word {
	uint64_t number;
	const char *name;
};

static const struct word requests[] = {
	{ PIL_SCM_PAS_INIT_IMAGE, "INIT_IMAGE" },
	{ PIL_SCM_PAS_MEM_SETUP, "MEM_SETUP" },
	{ PIL_SCM_PAS_AUTH_AND_RESET, "AUTH_AND_RESET" },
	{ PIL_SCM_PAS_SHUTDOWN, "SHUTDOWN" },
	{ PIL_SCM_PAS_IS_SUPPORTED, "IS_SUPPORTED" },
	{ PIL_SCM_PAS_GET_RSCTABLE, "GET_RSCTABLE" },
	{ PIL_SCM_BOOT_SET_REMOTE_STATE, "SET_REMOTE_STATE" },
	{ PIL_SCM_MP_VIDEO_VAR, "MP_VIDEO_VAR" },
	{ PIL_SCM_MP_ASSIGN, "MP_ASSIGN" },
	{ PIL_SCM_MP_SHM_BRIDGE_ENABLE, "SHM_BRIDGE_ENABLE" },
	{ PIL_SCM_MP_SHM_BRIDGE_CREATE, "SHM_BRIDGE_CREATE" },
	{ PIL_SCM_MP_SHM_BRIDGE_DELETE, "SHM_BRIDGE_DELETE" },
	{ PIL_SCM_INFO_IS_CALL_AVAIL, "IS_CALL_AVAIL" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_LOAD, "LOAD_FW" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_START, "START_FW" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_STOP, "STOP_FW" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_GET_RSC_TABLE, "GET_RSC_TABLE" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_GET_COREDUMP, "GET_COREDUMP" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_RELEASE, "RELEASE_FW" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_PROCESSORS, "PROCESSORS" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_STATE, "STATE" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_REGIONS, "REGIONS" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_ATTACH, "ATTACH" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_DETACH, "DETACH" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_GRANT, "GRANT" },
	{ PIL_TRACE_TEE_RPROC + PIL_TEE_RPROC_RUN, "RUN" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_IS_SUPPORTED, "IS_SUPPORTED" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_CAPABILITIES, "CAPABILITIES" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_INIT_IMAGE, "INIT_IMAGE" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_MEM_SETUP, "MEM_SETUP" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_GET_RESOURCE_TABLE, "GET_RESOURCE_TABLE" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_AUTH_AND_RESET, "AUTH_AND_RESET" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_SET_REMOTE_STATE, "SET_REMOTE_STATE" },
	{ PIL_TRACE_TEE_PAS + PIL_TEE_PAS_SHUTDOWN, "SHUTDOWN" },
};

/* Arm DEN 0022, and what Linux asks of the same owner */
static const struct word psci[] = {
	{ 0x84000000, "PSCI_VERSION" },	  { 0x84000001, "CPU_SUSPEND" },      { 0xc4000001, "CPU_SUSPEND" },
	{ 0x84000002, "CPU_OFF" },	  { 0x84000003, "CPU_ON" },	      { 0xc4000003, "CPU_ON" },
	{ 0x84000004, "AFFINITY_INFO" },  { 0xc4000004, "AFFINITY_INFO" },    { 0x84000006, "MIGRATE_INFO_TYPE" },
	{ 0x84000008, "SYSTEM_OFF" },	  { 0x84000009, "SYSTEM_RESET" },     { 0x8400000a, "PSCI_FEATURES" },
	{ 0xc400000e, "SYSTEM_SUSPEND" }, { 0x8400000f, "SET_SUSPEND_MODE" }, { 0x84000050, "TRNG_VERSION" },
	{ 0xc4000012, "SYSTEM_RESET2" },
};

static const struct word accesses[] = { { 0, "read" }, { 1, "write" }, { 2, "execution" } };

static const struct word orders[] = {
	{ PIL_STUB_START, "START" },
	{ PIL_STUB_STOP, "STOP" },
	{ PIL_STUB_SUSPEND, "SUSPEND" },
	{ PIL_STUB_RESUME, "RESUME" },
};

static const struct word commands[] = {
	{ PIL_TEE_BOARD_CLAIM, "CLAIM" }, { PIL_TEE_BOARD_RELEASE, "RELEASE" }, { PIL_TEE_BOARD_WRITE, "WRITE" },
	{ PIL_TEE_BOARD_ZERO, "ZERO" },	  { PIL_TEE_BOARD_START, "START" },	{ PIL_TEE_BOARD_STOP, "STOP" },
	{ PIL_TEE_BOARD_POWER, "POWER" }, { PIL_TEE_BOARD_KEEP, "KEEP" },
};

static const struct word crashes[] = { { 0, "a fault" }, { 1, "its watchdog" } };

static const char *const writers[PIL_TRACE_WRITERS] = {
	[PIL_TRACE_MONITOR] = "monitor", [PIL_TRACE_SERVICE] = "service", [PIL_TRACE_HYPERVISOR] = "hypervisor",
	[PIL_TRACE_SHIM] = "shim",	 [PIL_TRACE_STUB] = "stub",	  [PIL_TRACE_PTA] = "pta",
};

/* PAS ids of drivers/remoteproc/qcom_q6v5_pas.c and of Pilot's board */
static const struct word peripherals[] = {
	{ 1, "adsp" },	{ 4, "mpss" },	 { 9, "video" },      { 12, "slpi" },	  { 13, "gpu-zap" },
	{ 18, "cdsp" }, { 30, "cdsp1" }, { 31, "adsp-lite" }, { 36, "adsp-dtb" }, { 37, "cdsp-dtb" },
};

/** struct text - words under construction */
struct text {
	char *to;
	size_t length;
};

static void __attribute__((format(printf, 2, 3))) put(struct text *t, const char *format, ...)
{
	va_list args;
	int wrote = 0;

	va_start(args, format);
	wrote = vsnprintf(t->to + t->length, TRACE_TEXT - t->length, format, args);
	va_end(args);
	if (wrote > 0)
		t->length += (size_t)wrote;
	if (t->length > TRACE_TEXT - 1)
		t->length = TRACE_TEXT - 1;
}

static void put_word(struct text *t, const struct word *list, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].number == number) {
			put(t, "%s", list[i].name);
			return;
		}
	put(t, "0x%" PRIx64, number);
}

static void put_smc(struct text *t, uint64_t id)
{
	if (id == PIL_SCM_INTERRUPTED)
		put(t, "goes on");
	else
		put_word(t, requests, COUNT(requests), id & PIL_SCM_FUNC);
}

static void put_reason(struct text *t, uint64_t reason)
{
	if (!reason)
		put(t, "accepted");
	else if (reason < PIL_TRACE_CLASS)
		put(t, "refused: %s", pil_reason_name((enum pil_reason)reason));
	else if (reason - PIL_TRACE_CLASS <= INT16_MAX)
		put(t, "refused: %s", pil_error_name(-(int)(reason - PIL_TRACE_CLASS)));
	else
		put(t, "refused: 0x%" PRIx64, reason);
}

static void put_name(struct text *t, uint64_t a, uint64_t b)
{
	for (unsigned int i = 0; i < TRACE_NAME - 1; i++) {
		char c = (char)((i < 8 ? a : b) >> i % 8 * 8 & 0xff);

		if (!c)
			return;
		put(t, "%c", c > ' ' && c <= '~' ? c : '?');
	}
}

static bool is(const char *word, size_t length, const char *wanted)
{
	return strlen(wanted) == length && !memcmp(word, wanted, length);
}

/* @how: what stands behind the colon, if there is one */
static void put_value(struct text *t, const struct trace_event *e, uint64_t value, const char *how, size_t length)
{
	if (!length)
		put(t, "%" PRIu64, value);
	else if (is(how, length, "x"))
		put(t, "0x%" PRIx64, value);
	else if (is(how, length, "d"))
		put(t, "%" PRId64, (int64_t)value);
	else if (is(how, length, "smc"))
		put_smc(t, value);
	else if (is(how, length, "psci"))
		put_word(t, psci, COUNT(psci), value);
	else if (is(how, length, "request"))
		put_word(t, requests, COUNT(requests), value);
	else if (is(how, length, "reason"))
		put_reason(t, value);
	else if (is(how, length, "state"))
		put(t, "%s", pil_state_name(value < PIL_STATES ? (enum pil_state)value : PIL_STATES));
	else if (is(how, length, "access"))
		put_word(t, accesses, COUNT(accesses), value);
	else if (is(how, length, "order"))
		put_word(t, orders, COUNT(orders), value);
	else if (is(how, length, "command"))
		put_word(t, commands, COUNT(commands), value);
	else if (is(how, length, "crash"))
		put_word(t, crashes, COUNT(crashes), value);
	else if (is(how, length, "name"))
		put_name(t, e->a, e->b);
}

const struct trace_kind *trace_kind(uint16_t event)
{
	static const struct trace_kind unknown = { "UNKNOWN", TRACE_INSTANT, TRACE_CPU, NULL };

	return event < COUNT(kinds) && kinds[event].name ? &kinds[event] : &unknown;
}

const char *trace_writer_name(unsigned int writer)
{
	return writer < PIL_TRACE_WRITERS ? writers[writer] : "?";
}

const char *trace_text(const struct trace_event *e, char text[TRACE_TEXT])
{
	const char *from = trace_kind(e->event)->text;
	struct text t = { .to = text };

	text[0] = '\0';
	if (!from)
		put(&t, "event 0x%x (0x%" PRIx64 ", 0x%" PRIx64 ")", e->event, e->a, e->b);
	while (from && *from) {
		const char *end = *from == '{' ? strchr(from, '}') : NULL;

		if (!end) {
			put(&t, "%c", *from++);
			continue;
		}
		/* "{a}" or "{a:how}" */
		put_value(&t, e, from[1] == 'a' ? e->a : e->b, from + 3, from[2] == ':' ? (size_t)(end - from - 3) : 0);
		from = end + 1;
	}
	return text;
}

enum trace_track trace_track(const struct trace_event *e, uint32_t *number)
{
	enum trace_track track = trace_kind(e->event)->track;
	bool from_core = e->writer == PIL_TRACE_SHIM || e->writer == PIL_TRACE_STUB;

	*number = e->core;
	if (track == TRACE_PERIPHERAL && e->id != PIL_TRACE_NO_ID) {
		*number = e->id;
		return track;
	}
	if (from_core)
		return TRACE_CORE;
	if (track == TRACE_CORE && e->a <= UINT8_MAX) {
		*number = (uint32_t)e->a;
		return track;
	}
	return TRACE_CPU;
}

const char *trace_peripheral(const struct trace *trace, uint32_t id)
{
	for (unsigned int i = 0; i < trace->name_count; i++)
		if (trace->names[i].id == id && trace->names[i].text[0])
			return trace->names[i].text;
	for (size_t i = 0; i < COUNT(peripherals); i++)
		if (peripherals[i].number == id)
			return peripherals[i].name;
	return NULL;
}

const char *trace_track_name(const struct trace *trace, enum trace_track track, uint32_t number, char name[TRACE_TEXT])
{
	const char *known = track == TRACE_PERIPHERAL ? trace_peripheral(trace, number) : NULL;

	if (known)
		snprintf(name, TRACE_TEXT, "%s", known);
	else
		snprintf(name, TRACE_TEXT, "%s %" PRIu32,
			 track == TRACE_CPU    ? "CPU"
			 : track == TRACE_CORE ? "core"
					       : "PAS",
			 number);
	return name;
}
