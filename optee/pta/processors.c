// SPDX-License-Identifier: BSD-2-Clause
/* The processors, who manages them, whose they are at the moment, and what is allowed then. */
#include <initcall.h>
#include <kernel/dt.h>
#include <string.h>
#include <string_ext.h>
#include <trace.h>

#include "pta.h"
#include "scmi/supply.h"
#include "tree.h"

/**
 * struct processor - what may change of one
 * @ownership: PIL_TEE_..., from the device tree
 * @claim:     the session that alone may change it, or NULL
 * @suspended: by its driver; it stands still without a clock, too
 */
struct processor {
	uint32_t ownership;
	const struct pta_session *claim;
	bool suspended;
};

static struct processor processors[VIRT_TEE_CORES];

static bool is_held(uint32_t id)
{
	const struct pil_stub_core *c = mailbox_core(id);

	return !c || !(mailbox_load(&c->boot) || mailbox_load(&c->state) & PIL_STUB_IS_ON);
}

static TEE_Result check_claim(const struct pta_session *s, uint32_t id)
{
	if (id >= VIRT_TEE_CORES)
		return TEE_ERROR_ITEM_NOT_FOUND;
	return processors[id].claim == s ? TEE_SUCCESS : TEE_ERROR_ACCESS_DENIED;
}

TEE_Result pta_state(uint32_t id, uint32_t *state, uint32_t *ready)
{
	const struct pil_stub_core *c = NULL;
	uint32_t now = 0;

	if (id >= VIRT_TEE_CORES)
		return TEE_ERROR_ITEM_NOT_FOUND;
	c = mailbox_core(id);
	now = c ? mailbox_load(&c->state) : 0;
	*state = PIL_TEE_CORE_RUNNING;
	if (is_held(id))
		*state = PIL_TEE_CORE_HELD;
	else if (now & PIL_STUB_IS_CRASHED)
		*state = PIL_TEE_CORE_CRASHED;
	/* one that has crashed since was ready all the same: its version counts */
	*ready = *state != PIL_TEE_CORE_HELD && now & PIL_STUB_IS_READY;
	return TEE_SUCCESS;
}

static void tell_region(uint32_t id, const struct virt_tee_memory *m, struct pil_tee_region *region)
{
	const bool from_host = m->flags & PIL_TEE_REGION_CODE && processors[id].ownership == PIL_TEE_KERNEL;

	*region = (struct pil_tee_region){
		.pa = from_host ? virt_tee_cores[id].host_pa : m->pa,
		.da = m->da,
		.size = m->size,
		.flags = m->flags | (from_host ? PIL_TEE_REGION_HOST : 0),
	};
	strlcpy(region->name, m->name, sizeof(region->name));
}

TEE_Result pta_info(uint32_t id, struct pil_tee_board_info *info)
{
	static const uint32_t states[] = {
		[PIL_TEE_CORE_HELD] = PIL_TEE_STATE_OFF,
		[PIL_TEE_CORE_RUNNING] = PIL_TEE_STATE_RUNNING,
		[PIL_TEE_CORE_CRASHED] = PIL_TEE_STATE_CRASHED,
	};
	const struct virt_tee_core *c = NULL;
	uint32_t state = 0, ready = 0;
	TEE_Result res = pta_state(id, &state, &ready);

	if (res)
		return res;
	c = &virt_tee_cores[id];
	*info = (struct pil_tee_board_info){
		.processor.id = id,
		.processor.ownership = processors[id].ownership,
		.processor.state = states[state],
		.processor.flags = ready ? PIL_TEE_STATE_IS_READY : 0,
		.region_count = c->count,
	};
	strlcpy(info->processor.name, c->name, sizeof(info->processor.name));
	for (unsigned int i = 0; i < c->count; i++)
		tell_region(id, &c->memory[i], &info->region[i]);
	return TEE_SUCCESS;
}

/* what another session left is gone before this one sees anything, and so is what was there before the first one */
TEE_Result pta_claim(const struct pta_session *s, uint32_t id)
{
	if (id >= VIRT_TEE_CORES)
		return TEE_ERROR_ITEM_NOT_FOUND;
	if (processors[id].claim)
		return processors[id].claim == s ? TEE_SUCCESS : TEE_ERROR_BUSY;
	if (processors[id].ownership != PIL_TEE_MANAGED && processors[id].ownership != PIL_TEE_KERNEL)
		return TEE_ERROR_ACCESS_DENIED;
	if (is_held(id))
		memory_scrub(id);
	processors[id].claim = s;
	return TEE_SUCCESS;
}

static TEE_Result hold(uint32_t id)
{
	const TEE_Result res = is_held(id) ? TEE_SUCCESS : mailbox_order(id, PIL_STUB_STOP);

	if (!res) {
		processors[id].suspended = false;
		supply_use(id, SUPPLY_UNUSED);
	}
	return res;
}

static bool is_running(uint32_t id)
{
	uint32_t state = 0, ready = 0;

	return !pta_state(id, &state, &ready) && state == PIL_TEE_CORE_RUNNING;
}

/* a core stands still while its driver wants it to, and while it has no clock */
static TEE_Result stand_still(uint32_t id)
{
	const bool still = processors[id].suspended || !supply_is_on(id, SUPPLY_CLOCK);

	if (!is_running(id) || still == !!(mailbox_load(&mailbox_core(id)->state) & PIL_STUB_IS_ASLEEP))
		return TEE_SUCCESS;
	return mailbox_order(id, still ? PIL_STUB_SUSPEND : PIL_STUB_RESUME);
}

TEE_Result pta_supply_changed(uint32_t id)
{
	/* what the stub started by itself has no driver */
	if (!is_held(id) && supply_user(id) == SUPPLY_UNUSED)
		supply_use(id, SUPPLY_TEE_KEEPS);
	if (!is_held(id) && !(supply_is_on(id, SUPPLY_POWER) && supply_is_on(id, SUPPLY_RESET)))
		return hold(id);
	return stand_still(id);
}

TEE_Result pta_keep(const struct pta_session *s, uint32_t id, uint32_t keep)
{
	const TEE_Result res = check_claim(s, id);
	const char *lack = NULL;

	if (res)
		return res;
	if (keep > 1)
		return TEE_ERROR_BAD_PARAMETERS;
	if (!is_held(id))
		lack = supply_use(id, keep ? SUPPLY_TEE_KEEPS : SUPPLY_TEE_RUNS);
	if (lack)
		IMSG("%s is still kept running by the TEE: for the host %s", virt_tee_cores[id].name, lack);
	return stand_still(id);
}

/* a core that cannot be held keeps its memory, and its claim: nobody else gets either */
TEE_Result pta_release(const struct pta_session *s, uint32_t id, bool leave_running)
{
	TEE_Result res = check_claim(s, id);

	if (!res && leave_running && !is_held(id)) {
		res = pta_keep(s, id, 1);
	} else if (!res) {
		res = hold(id);
		if (!res)
			memory_scrub(id);
	}
	if (!res)
		processors[id].claim = NULL;
	return res;
}

void pta_release_all(const struct pta_session *s)
{
	for (uint32_t id = 0; id < VIRT_TEE_CORES; id++) {
		if (processors[id].claim != s)
			continue;
		if (pta_release(s, id, false)) {
			/* the session is gone: no other may ever look like it */
			static const struct pta_session nobody;

			EMSG("%s cannot be held: nobody gets it any more", virt_tee_cores[id].name);
			processors[id].claim = &nobody;
		}
	}
}

static TEE_Result check_start(uint32_t id, uint32_t flags)
{
	const bool from_host = flags & PIL_TEE_START_HOST_MEMORY;

	if (flags & ~PIL_TEE_START_HOST_MEMORY)
		return TEE_ERROR_BAD_PARAMETERS;
	if (from_host != (processors[id].ownership == PIL_TEE_KERNEL))
		return TEE_ERROR_ACCESS_DENIED;
	return is_held(id) ? TEE_SUCCESS : TEE_ERROR_BAD_STATE;
}

/* a client of the PAS kind has no driver that knows of clocks, resets and power domains */
static TEE_Result supply(const struct pta_session *s, uint32_t id, uint32_t flags)
{
	const enum supply_user own = s->client == PTA_PAS ? SUPPLY_TEE_KEEPS : SUPPLY_TEE_RUNS;
	const char *lack = supply_use(id, flags & PIL_TEE_START_HOST_MEMORY ? SUPPLY_HOST_RUNS : own);

	if (!lack)
		return TEE_SUCCESS;
	EMSG("%s cannot start: %s", virt_tee_cores[id].name, lack);
	return TEE_ERROR_BAD_STATE;
}

TEE_Result pta_start(const struct pta_session *s, uint32_t id, uint64_t entry, uint32_t flags)
{
	struct pil_shim_config config = { 0 };
	struct pil_stub_core *c = NULL;
	TEE_Result res = check_claim(s, id);

	if (!res)
		res = check_start(id, flags);
	if (res)
		return res;
	if (virt_tee_shim_config(id, entry, flags & PIL_TEE_START_HOST_MEMORY, &config))
		return TEE_ERROR_BAD_PARAMETERS;
	res = supply(s, id, flags);
	if (res)
		return res;
	c = mailbox_core(id);
	if (c)
		c->config = config;
	res = mailbox_order(id, PIL_STUB_START); /* without a stub it says so */
	if (res)
		supply_use(id, SUPPLY_UNUSED);
	return res;
}

TEE_Result pta_stop(const struct pta_session *s, uint32_t id)
{
	const TEE_Result res = check_claim(s, id);

	return res ? res : hold(id);
}

TEE_Result pta_power(const struct pta_session *s, uint32_t id, uint32_t resume)
{
	const TEE_Result res = check_claim(s, id);

	if (res)
		return res;
	if (resume > 1)
		return TEE_ERROR_BAD_PARAMETERS;
	if (!is_running(id) || processors[id].suspended != resume)
		return TEE_ERROR_BAD_STATE;
	processors[id].suspended = !resume;
	return stand_still(id);
}

static TEE_Result check_change(const struct pta_session *s, uint32_t id)
{
	const TEE_Result res = check_claim(s, id);

	if (res)
		return res;
	if (processors[id].ownership != PIL_TEE_MANAGED)
		return TEE_ERROR_ACCESS_DENIED;
	return is_held(id) ? TEE_SUCCESS : TEE_ERROR_BAD_STATE;
}

TEE_Result pta_write(const struct pta_session *s, uint32_t id, uint64_t da, const void *data, size_t size)
{
	TEE_Result res = check_change(s, id);
	void *at = NULL;

	if (res || !size)
		return res;
	at = memory_at(id, da, size);
	if (!at)
		return TEE_ERROR_ACCESS_DENIED;
	memcpy(at, data, size);
	memory_written(at, size);
	return TEE_SUCCESS;
}

TEE_Result pta_zero(const struct pta_session *s, uint32_t id, uint64_t da, uint64_t size)
{
	TEE_Result res = check_change(s, id);
	void *at = NULL;

	if (res || !size)
		return res;
	at = memory_at(id, da, size);
	if (!at)
		return TEE_ERROR_ACCESS_DENIED;
	memset(at, 0, size);
	memory_written(at, size);
	return TEE_SUCCESS;
}

TEE_Result pta_read(const struct pta_session *s, uint32_t id, uint32_t what, uint64_t at, void *data, size_t size)
{
	const TEE_Result res = check_claim(s, id);
	const bool own = what == PIL_TEE_READ_COPY && res == TEE_SUCCESS && processors[id].ownership != PIL_TEE_KERNEL;
	void *from = NULL;

	if (res || !size)
		return res;
	if (what != PIL_TEE_READ_COPY && what != PIL_TEE_READ_HOST)
		return TEE_ERROR_BAD_PARAMETERS;
	/* what a kernel-managed processor runs is the host's */
	if (!own && what == PIL_TEE_READ_COPY) {
		const uint64_t da = virt_tee_cores[id].memory[0].da;

		if (at < da)
			return TEE_ERROR_ACCESS_DENIED;
		at -= da;
	}
	from = own ? memory_at(id, at, size) : memory_host(id, at, size);
	if (!from)
		return TEE_ERROR_ACCESS_DENIED;
	/* the core and the host may have written past the caches */
	memory_written(from, size);
	memcpy(data, from, size);
	return TEE_SUCCESS;
}

static TEE_Result learn_ownership(void)
{
	static const char *const names[] = {
		[PIL_TEE_DISABLED] = "disabled",
		[PIL_TEE_MANAGED] = "managed by the TEE",
		[PIL_TEE_KERNEL] = "managed by the kernel",
		[PIL_TEE_SECURE_ONLY] = "for the secure world only",
	};

	for (uint32_t id = 0; id < VIRT_TEE_CORES; id++) {
		processors[id].ownership = tree_ownership(get_external_dt(), id, virt_tee_cores[id].name);
		IMSG("%s is %s", virt_tee_cores[id].name, names[processors[id].ownership]);
	}
	return TEE_SUCCESS;
}
driver_init(learn_ownership);
