/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests, states, and what must hold. */
#include <string.h>

#include <pilot/rsc_table.h>

#include "host.h"

#define TABLE_IN  (MODEL_RAM_BASE + 0x40000u)
#define TABLE_OUT (MODEL_RAM_BASE + 0x50000u)
#define TABLE_MAX 0x1000u

static const char *const state_names[] = { "OFF", "LOADED", "PLACED", "LOCKED", "RUNNING", "CRASHED", "INHERITED" };
static const char *const request_names[] = {
	"INIT_IMAGE",
	"INIT_IMAGE from a carve-out",
	"INIT_IMAGE of no image",
	"MEM_SETUP",
	"MEM_SETUP outside",
	"AUTH_AND_RESET",
	"SHUTDOWN",
	"GET_RSCTABLE",
	"SET_REMOTE_STATE",
	"start of adsp-lite",
	"start of adsp-dtb",
	"start of cdsp",
	"SHUTDOWN of adsp-lite",
};

_Static_assert(sizeof(state_names) / sizeof(state_names[0]) == HOST_STATES, "a name for each");
_Static_assert(sizeof(request_names) / sizeof(request_names[0]) == HOST_REQUESTS, "a name for each");

const char *host_state_name(enum host_state state)
{
	return state_names[state];
}

const char *host_request_name(enum host_request request)
{
	return request_names[request];
}

/* a refusal whose cleaning fails: the first fault in it that leaves LOCKED */
static void reach_locked(struct scenario *s)
{
	static const uint8_t bad = 0xee;

	for (unsigned int n = 1; s->pas.p[MODEL_ADSP].state != PIL_LOCKED && n < 20; n++) {
		model_fail(s->m, 0);
		(void)scenario_load(s, MODEL_ADSP, scenario_good());
		(void)model_host_write(s->m, MODEL_ADSP_BASE, &bad, 1);
		model_fail(s->m, n);
		(void)pil_pas_auth_and_reset(&s->pas, MODEL_ADSP);
	}
	model_fail(s->m, 0);
}

void host_begin(struct scenario *s, enum host_state state, enum model_lock lock)
{
	if (state == HOST_INHERITED)
		scenario_init_core(s, lock);
	else
		scenario_init(s, lock);
	s->pas.crypto = &host_quick;
	scenario_put_metadata(s, scenario_good());
	switch (state) {
	case HOST_LOADED:
		(void)pil_pas_init_image(&s->pas, MODEL_ADSP, SCENARIO_METADATA);
		break;
	case HOST_PLACED:
		(void)scenario_load(s, MODEL_ADSP, scenario_good());
		break;
	case HOST_LOCKED:
		reach_locked(s);
		break;
	case HOST_RUNNING:
	case HOST_CRASHED:
		(void)scenario_start(s, MODEL_ADSP, scenario_good());
		if (state == HOST_CRASHED)
			model_core_crash(s->m, 0);
		break;
	default:
		break;
	}
}

unsigned int host_target(enum host_request request)
{
	switch (request) {
	case HOST_LITE:
	case HOST_LITE_OFF:
		return MODEL_ADSP_LITE;
	case HOST_COMPANION:
		return MODEL_ADSP_DTB;
	case HOST_OTHER:
		return MODEL_CDSP;
	default:
		return MODEL_ADSP;
	}
}

static int get_table(struct scenario *s)
{
	struct pil_range in = { .base = TABLE_IN, .size = 16 }, out = { .base = TABLE_OUT, .size = TABLE_MAX };
	static const uint8_t empty[16] = { 1 };
	size_t needed = 0;

	(void)model_host_write(s->m, in.base, empty, sizeof(empty));
	return pil_pas_get_rsc_table(&s->pas, MODEL_ADSP, in, out, &needed);
}

/* as scenario_start(), but a host whose carve-out is locked goes on all the same */
static int start(struct scenario *s, unsigned int index)
{
	int err = pil_pas_init_image(&s->pas, index, SCENARIO_METADATA);

	if (!err)
		err = pil_pas_mem_setup(&s->pas, index, scenario_where(s, index, scenario_good()));
	if (err)
		return err;
	(void)scenario_copy(s, index, scenario_good());
	return pil_pas_auth_and_reset(&s->pas, index);
}

static int mem_setup(struct scenario *s, uint64_t offset)
{
	struct pil_range where = scenario_where(s, MODEL_ADSP, scenario_good());

	where.base += offset;
	return pil_pas_mem_setup(&s->pas, MODEL_ADSP, where);
}

int host_issue(struct scenario *s, enum host_request request)
{
	unsigned int index = host_target(request);

	switch (request) {
	case HOST_INIT:
		return pil_pas_init_image(&s->pas, index, SCENARIO_METADATA);
	case HOST_INIT_CARVEOUT:
		return pil_pas_init_image(&s->pas, index, MODEL_ADSP_BASE);
	case HOST_INIT_MALFORMED:
		return pil_pas_init_image(&s->pas, index, SCENARIO_METADATA + 1u);
	case HOST_MEM_SETUP:
		return mem_setup(s, 0);
	case HOST_MEM_SETUP_OUTSIDE:
		return mem_setup(s, MODEL_ADSP_SIZE);
	case HOST_AUTH:
		return pil_pas_auth_and_reset(&s->pas, index);
	case HOST_SHUTDOWN:
	case HOST_LITE_OFF:
		return pil_pas_shutdown(&s->pas, index);
	case HOST_TABLE:
		return get_table(s);
	case HOST_REMOTE_STATE:
		return pil_pas_set_remote_state(&s->pas, index, 1);
	default:
		return start(s, index);
	}
}

/* --- what must hold --- */

/* what the core runs, or will */
static const uint8_t *kept_bytes(struct scenario *s, unsigned int index)
{
	const uint8_t *copy = model_copy(s->m, index);

	return copy ? copy : model_memory(s->m, s->pas.p[index].desc->carveout);
}

static bool is_wiped(struct scenario *s, unsigned int index)
{
	return s->m->board.shelter ? model_copy_is_zero(s->m, index)
				   : model_is_zero(s->m, s->pas.p[index].desc->carveout);
}

/* is exactly the good image there, and nothing else? */
static bool holds_image(struct scenario *s, unsigned int index)
{
	static uint8_t expected[MODEL_ADSP_SIZE];
	const struct scenario_image *i = scenario_good();
	struct pil_range carveout = s->pas.p[index].desc->carveout;
	uint64_t offset = s->pas.p[index].placed.base - carveout.base;

	memset(expected, 0, sizeof(expected));
	for (unsigned int n = 0; n < i->plan.count; n++)
		memcpy(expected + offset + (i->plan.seg[n].dest - i->plan.lowest), i->file + i->plan.seg[n].offset,
		       (size_t)i->plan.seg[n].filesz);
	return !memcmp(expected, kept_bytes(s, index), (size_t)carveout.size);
}

static bool core_is_held(struct scenario *s, const struct pil_peripheral *p)
{
	return p->desc->core == PIL_NO_CORE || s->m->core[p->desc->core].state == PIL_CORE_HELD;
}

static const char *peripheral_broken(struct scenario *s, unsigned int index)
{
	const struct pil_peripheral *p = &s->pas.p[index];

	if (p->state == PIL_RUNNING || p->state == PIL_AUTHENTICATED || p->state == PIL_CRASHED) {
		if (!scenario_is_kept(s, index))
			return "what was verified is within the host's reach";
		/* a scrub that could not end leaves zeros, and a core that is held */
		if (!holds_image(s, index) && !(is_wiped(s, index) && core_is_held(s, p)))
			return "what runs is not what was verified";
	}
	if ((p->state == PIL_LOADED || p->state == PIL_PLACED) && s->m->locked[index].size)
		return "memory is locked before there is anything to verify";
	return p->state == PIL_OFF ? scenario_is_off(s, index) : NULL;
}

const char *host_broken(struct scenario *s)
{
	const char *broken = s->m->violation;

	for (unsigned int i = 0; !broken && i < HOST_PERIPHERALS; i++)
		broken = peripheral_broken(s, i);
	for (unsigned int core = 0; !broken && core < s->m->board.desc->core_count; core++)
		if (s->m->core[core].state != PIL_CORE_HELD && s->pas.cores.holder[core] < 0)
			broken = "a core runs that nobody has";
	return broken;
}

const char *host_rests(struct scenario *s)
{
	const char *broken = NULL;

	model_fail(s->m, 0);
	for (unsigned int i = 0; i < HOST_PERIPHERALS; i++)
		if (pil_pas_shutdown(&s->pas, i) && s->pas.p[i].desc->loader == PIL_LOADER_HOST)
			return "SHUTDOWN fails without a fault";
	for (unsigned int i = 0; !broken && i < HOST_PERIPHERALS; i++)
		broken = scenario_is_off(s, i);
	return broken;
}

const char *host_restores(struct scenario *s)
{
	const char *broken = host_rests(s);

	if (broken)
		return broken;
	scenario_put_metadata(s, scenario_good());
	if (start(s, MODEL_ADSP))
		return "the good image does not start afterwards";
	return host_broken(s);
}
