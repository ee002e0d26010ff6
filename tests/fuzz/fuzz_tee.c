/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hostile host at the doors of the TAs: any sequence of sessions, commands of any form, writes, crashes of cores and faults of the PTA, with
 * memory that changes whenever the PTA is called. Input: steps, each a letter and what it needs. After each step the promises are checked.
 * Signatures are real, so that nothing but the good images can ever run. FUZZ_PAS: the PAS door; otherwise the remoteproc door.
 */
#include <string.h>

#include <pilot/wire/tee_pas.h>

#include "fuzz.h"
#include "teescenario.h"

#define STEPS_MAX 48u
#define SESSIONS  4u
#define BUFFER	  0x4000u

#ifndef FUZZ_PAS
#define FUZZ_PAS 0
#endif

struct input {
	const uint8_t *data;
	size_t left;
};

/* what the host has: sessions, and memory that it changes under the secure world's eyes */
struct host {
	struct pil_tee_session session[SESSIONS];
	bool open[SESSIONS];
	uint8_t *buffer; /* of the present call */
	size_t size;
	size_t at;
	uint8_t flip;
};

static struct teescenario s;

static uint64_t take(struct input *in, unsigned int width)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < width && in->left; i++, in->left--)
		value |= (uint64_t)*in->data++ << (8 * i);
	return value;
}

static void do_mischief(struct model_pta *m, const struct pil_tee_call *call, void *arg)
{
	struct host *h = arg;

	(void)call;
	if (!h->flip)
		return;
	if (h->buffer && h->size)
		h->buffer[h->at % h->size] ^= h->flip;
	m->processor[0].host[h->at % MODEL_PTA_SIZE(0)] ^= h->flip;
}

static bool is_memory(uint32_t type)
{
	return type >= PIL_TEE_MEMREF_INPUT && type <= PIL_TEE_MEMREF_INOUT;
}

/* the door under test; memory of exactly the size that the call says, so that a step past its end is seen */
static uint32_t send(struct host *h, unsigned int slot, struct pil_tee_call *call)
{
	uint32_t result = PIL_TEE_GENERIC;

	if (FUZZ_PAS)
		result = pil_tee_pas_invoke(&s.pas_door, call);
	else if (h->open[slot])
		result = pil_tee_rproc_invoke(&s.door, &h->session[slot], call);
	FUZZ_CHECK(result == 0 || (result & 0xffff0000u) == 0xffff0000u);
	FUZZ_CHECK(!s.staged && !s.pas.board.window);
	return result;
}

static void send_with(struct host *h, unsigned int slot, uint32_t command, uint32_t id, uint32_t type, const void *from,
		      size_t size)
{
	struct pil_tee_call call = { .command = command, .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, type, 0, 0) };
	uint8_t *memory = malloc(size ? size : 1);

	FUZZ_CHECK(memory != NULL);
	if (from)
		memcpy(memory, from, size);
	else
		memset(memory, 0, size);
	h->buffer = memory;
	h->size = size;
	call.p[0].a = id;
	call.p[1] = (struct pil_tee_param){ .buffer = memory, .size = size };
	(void)send(h, slot, &call);
	h->buffer = NULL;
	free(memory);
}

/* any command with any types; values and sizes from the input */
static void raw_call(struct host *h, struct input *in)
{
	static const uint16_t numbers[] = { 1,	   2,	  3,	 4,	5,     6,     7,     8,
					    0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x107 };
	uint8_t which = (uint8_t)take(in, 1);
	struct pil_tee_call call = { .command = which < 0xf0 ? numbers[which & 15u] : (uint32_t)take(in, 4) };
	uint8_t *memory[PIL_TEE_PARAMS] = { NULL };

	call.types = (uint32_t)take(in, 2);
	for (unsigned int i = 0; i < PIL_TEE_PARAMS; i++) {
		uint32_t type = PIL_TEE_TYPE(call.types, i);

		call.p[i] = (struct pil_tee_param){ .a = (uint32_t)take(in, 1), .b = (uint32_t)take(in, 1) };
		if (!is_memory(type))
			continue;
		call.p[i].size = (size_t)take(in, 2) % BUFFER;
		memory[i] = take(in, 1) & 1 ? NULL : calloc(1, call.p[i].size ? call.p[i].size : 1);
		call.p[i].buffer = memory[i];
	}
	(void)send(h, which & (SESSIONS - 1u), &call);
	for (unsigned int i = 0; i < PIL_TEE_PARAMS; i++)
		free(memory[i]);
}

static void open_session(struct host *h, unsigned int slot, struct input *in)
{
	struct pil_tee_call call = { .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0) };
	uint8_t how = (uint8_t)take(in, 1);

	if (h->open[slot])
		return;
	call.p[0].a = how & 3u;
	if (how & 0x10)
		call.types = 0;
	h->open[slot] = pil_tee_rproc_open(&s.door, how & 0x20 ? how : PIL_TEE_LOGIN_KERNEL, &call,
					   &h->session[slot]) == PIL_TEE_SUCCESS;
	FUZZ_CHECK(!h->open[slot] || !(how & 0x20));
}

static void close_session(struct host *h, unsigned int slot)
{
	if (h->open[slot])
		pil_tee_rproc_close(&s.door, &h->session[slot]);
	h->open[slot] = false;
}

/* a good container, and perhaps a byte of it that is not */
static void load(struct host *h, unsigned int slot, struct input *in, bool spoil)
{
	static struct teescenario_container c;
	uint32_t id = h->session[slot].processor;

	c = *teescenario_good(id < MODEL_PTA_PROCESSORS ? id : 0, 3 + (uint32_t)(take(in, 1) & 1u));
	if (spoil) {
		c.bytes[take(in, 2) % c.size] ^= (uint8_t)take(in, 1);
		c.size -= (size_t)take(in, 1) % 16u;
	}
	send_with(h, slot, PIL_TEE_RPROC_LOAD, id, PIL_TEE_MEMREF_INPUT, c.bytes, c.size);
}

static void plain(struct host *h, unsigned int slot, uint32_t command, uint32_t id, uint32_t b)
{
	struct pil_tee_call call = {
		.command = command,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0),
		.p[0] = { .a = id, .b = b },
	};

	(void)send(h, slot, &call);
}

static void rproc_step(struct host *h, char what, unsigned int slot, struct input *in)
{
	static const char letters[] = "STRADG";
	static const uint32_t numbers[] = { PIL_TEE_RPROC_START,  PIL_TEE_RPROC_STOP,	PIL_TEE_RPROC_RELEASE,
					    PIL_TEE_RPROC_ATTACH, PIL_TEE_RPROC_DETACH, PIL_TEE_RPROC_GRANT };
	const char *at = what ? strchr(letters, what) : NULL;
	uint32_t id = h->session[slot].processor;

	if (at)
		plain(h, slot, numbers[at - letters], id, 0);
	else if (what == 'O')
		open_session(h, slot, in);
	else if (what == 'C')
		close_session(h, slot);
	else if (what == 'L' || what == 'l')
		load(h, slot, in, what == 'l');
	else if (what == 'd')
		send_with(h, slot, PIL_TEE_RPROC_GET_COREDUMP, id, PIL_TEE_MEMREF_OUTPUT, NULL,
			  (size_t)take(in, 1) << 10);
	else if (what == 'g')
		send_with(h, slot, PIL_TEE_RPROC_REGIONS, id, PIL_TEE_MEMREF_OUTPUT, NULL, (size_t)take(in, 1));
}

static void pas_place(struct host *h, uint32_t command, uint32_t types, uint64_t address, uint32_t size)
{
	struct pil_tee_call call = {
		.command = command,
		.types = types,
		.p[0] = { .a = 1, .b = size },
		.p[1] = { .a = (uint32_t)address, .b = (uint32_t)(address >> 32) },
	};

	(void)send(h, 0, &call);
}

static void pas_step(struct host *h, char what, struct input *in)
{
	const struct scenario_image *good = scenario_good();
	uint64_t base = model_pta_desc.peripherals[0].carveout.base;
	size_t less = what == 'i' ? (size_t)take(in, 2) % good->metadata_size : 0;

	switch (what) {
	case 'I':
	case 'i':
		send_with(h, 0, PIL_TEE_PAS_INIT_IMAGE, 1, PIL_TEE_MEMREF_INPUT, good->metadata,
			  good->metadata_size - less);
		break;
	case 'P':
		pas_place(h, PIL_TEE_PAS_MEM_SETUP, PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, 0, 0), base,
			  (uint32_t)good->plan.span);
		break;
	case 'p':
		pas_place(h, PIL_TEE_PAS_MEM_SETUP, PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, 0, 0),
			  base + take(in, 3), (uint32_t)take(in, 3));
		break;
	case 'M':
		for (unsigned int i = 0; i < good->plan.count; i++)
			memcpy(s.m->processor[0].host + (good->plan.seg[i].dest - good->plan.lowest),
			       good->file + good->plan.seg[i].offset, (size_t)good->plan.seg[i].filesz);
		break;
	case 'A':
		pas_place(h, PIL_TEE_PAS_AUTH_AND_RESET,
			  PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0),
			  take(in, 1) & 1 ? base : 0, 0);
		break;
	case 'S':
		plain(h, 0, PIL_TEE_PAS_SHUTDOWN, 1, 0);
		break;
	case 'w':
		plain(h, 0, PIL_TEE_PAS_SET_REMOTE_STATE, 1, (uint32_t)take(in, 1));
		break;
	case 't':
		send_with(h, 0, PIL_TEE_PAS_GET_RESOURCE_TABLE, 1, PIL_TEE_MEMREF_INOUT, NULL, (size_t)take(in, 2));
		break;
	default:
		break;
	}
}

static void step(struct host *h, struct input *in)
{
	char what = (char)take(in, 1);
	unsigned int slot = (unsigned int)take(in, 1) % SESSIONS;
	struct model_pta_processor *c = &s.m->processor[FUZZ_PAS ? 0 : slot % MODEL_PTA_PROCESSORS];

	switch (what) {
	case 'r':
		raw_call(h, in);
		break;
	case 'K':
		if (c->state == PIL_TEE_CORE_RUNNING)
			c->state = PIL_TEE_CORE_CRASHED;
		break;
	case 'Y':
		c->ready = c->state == PIL_TEE_CORE_RUNNING;
		break;
	case 'F':
		s.m->calls = 0;
		s.m->fail_at = (unsigned int)take(in, 1) % 24u;
		break;
	case 'H':
		h->at = (size_t)take(in, 2);
		h->flip = (uint8_t)take(in, 1);
		break;
	case 'X':
		s.m->fault = (enum model_pta_fault)(take(in, 1) % 3u);
		break;
	default:
		if (FUZZ_PAS)
			pas_step(h, what, in);
		else
			rproc_step(h, what, slot, in);
		break;
	}
}

/* is exactly the image of the PAS shape there, wherever in the carve-out it was placed, and nothing else? */
static bool image_runs(void)
{
	static uint8_t expected[MODEL_PTA_SIZE(0)];
	const struct scenario_image *good = scenario_good();
	uint64_t start = s.pas.pas.p[0].placed.base - model_pta_desc.peripherals[0].carveout.base;

	memset(expected, 0, sizeof(expected));
	for (unsigned int i = 0; i < good->plan.count; i++) {
		uint64_t at = start + (good->plan.seg[i].dest - good->plan.lowest);

		FUZZ_CHECK(at <= sizeof(expected) && good->plan.seg[i].filesz <= sizeof(expected) - at);
		memcpy(expected + at, good->file + good->plan.seg[i].offset, (size_t)good->plan.seg[i].filesz);
	}
	return !memcmp(expected, s.m->processor[0].own, sizeof(expected));
}

static void check_promises(const struct host *h)
{
	const struct pil_pas *pas = FUZZ_PAS ? &s.pas.pas : &s.rproc.pas;

	FUZZ_CHECK(!s.m->refused);
	for (unsigned int i = 0; i < MODEL_PTA_PROCESSORS; i++) {
		const struct model_pta_processor *c = &s.m->processor[i];

		if (c->state == PIL_TEE_CORE_RUNNING)
			FUZZ_CHECK(FUZZ_PAS ? image_runs() : teescenario_runs(&s, i));
		if (pas->p[i].state == PIL_OFF && !c->claim)
			FUZZ_CHECK(model_pta_is_zero(s.m, i) && c->state == PIL_TEE_CORE_HELD);
		for (unsigned int n = 0; n < SESSIONS; n++)
			FUZZ_CHECK(s.door.user[i] != &h->session[n] ||
				   (h->open[n] && h->session[n].bound && h->session[n].processor == i));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	struct host h = { .flip = 0 };

	teescenario_init(&s);
	s.m->hook = do_mischief;
	s.m->hook_arg = &h;
	for (unsigned int n = 0; in.left && n < STEPS_MAX; n++) {
		step(&h, &in);
		check_promises(&h);
	}
	/* whatever happened: without faults everything can be put to rest */
	s.m->fail_at = 0;
	s.m->fault = MODEL_PTA_OK;
	h.flip = 0;
	for (unsigned int i = 0; i < MODEL_PTA_PROCESSORS; i++) {
		FUZZ_CHECK(!FUZZ_PAS || !pil_pas_shutdown(&s.pas.pas, i));
		FUZZ_CHECK(FUZZ_PAS || !pil_pas_stop(&s.rproc.pas, i) || s.rproc.pas.p[i].state != PIL_RUNNING);
		FUZZ_CHECK(FUZZ_PAS || !pil_pas_release(&s.rproc.pas, i));
		FUZZ_CHECK(!s.m->processor[i].claim && model_pta_is_zero(s.m, i));
	}
	teescenario_done(&s);
	return 0;
}
