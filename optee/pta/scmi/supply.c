// SPDX-License-Identifier: BSD-2-Clause
#include <arm.h>
#include <assert.h>
#include <drivers/scmi.h>
#include <kernel/mutex.h>
#include <trace.h>
#include <util.h>

#include "supply.h"

struct supply {
	const char *name[SUPPLY_KINDS];
	bool wanted[SUPPLY_KINDS]; /* by the host */
	enum supply_user user;
};

/* The boot firmware leaves everything on: a host without a driver for SCMI has it so, one with a driver switches off what it has no use for. */
static struct supply supplies[SUPPLY_CORES] = {
	{
		.name = { "m33-power", "m33-reset", "m33-clock" },
		.wanted = { true, true, true },
	},
	{
		.name = { "m0-power", "m0-reset", "m0-clock" },
		.wanted = { true, true, true },
	},
};

static const char *const lacks[SUPPLY_KINDS] = {
	[SUPPLY_POWER] = "its power domain is off",
	[SUPPLY_RESET] = "its reset is asserted",
	[SUPPLY_CLOCK] = "its clock is off",
};

static struct mutex supply_lock = MUTEX_INITIALIZER;

static struct supply *supply_of(unsigned int core)
{
	assert(core < SUPPLY_CORES);

	return &supplies[core];
}

static bool is_on(const struct supply *supply, enum supply_kind kind)
{
	return supply->wanted[kind] || supply->user == SUPPLY_TEE_KEEPS;
}

static const char *first_lack(const struct supply *supply)
{
	unsigned int kind = 0;

	for (kind = 0; kind < SUPPLY_KINDS; kind++)
		if (!is_on(supply, kind))
			return lacks[kind];

	return NULL;
}

const char *supply_use(unsigned int core, enum supply_user user)
{
	struct supply *supply = supply_of(core);
	enum supply_user before = SUPPLY_UNUSED;
	const char *lack = NULL;

	mutex_lock(&supply_lock);
	before = supply->user;
	supply->user = user;
	if (user == SUPPLY_HOST_RUNS || user == SUPPLY_TEE_RUNS)
		lack = first_lack(supply);
	if (lack)
		supply->user = before;
	mutex_unlock(&supply_lock);

	return lack;
}

enum supply_user supply_user(unsigned int core)
{
	enum supply_user user = SUPPLY_UNUSED;

	mutex_lock(&supply_lock);
	user = supply_of(core)->user;
	mutex_unlock(&supply_lock);

	return user;
}

const char *supply_name(unsigned int core, enum supply_kind kind)
{
	return supply_of(core)->name[kind];
}

bool supply_is_on(unsigned int core, enum supply_kind kind)
{
	bool on = false;

	mutex_lock(&supply_lock);
	on = is_on(supply_of(core), kind);
	mutex_unlock(&supply_lock);

	return on;
}

/* Power and reset end a program, and a program of the TEE's is the TEE's to end. A clock can be stopped: it comes back. */
static bool denied(const struct supply *supply, enum supply_kind kind, bool on)
{
	return !on && kind != SUPPLY_CLOCK && supply->user == SUPPLY_TEE_RUNS;
}

int32_t supply_request(unsigned int core, enum supply_kind kind, bool on)
{
	struct supply *supply = supply_of(core);
	bool refused = false, kept = false;

	mutex_lock(&supply_lock);
	refused = denied(supply, kind, on);
	kept = !on && supply->wanted[kind] && supply->user == SUPPLY_TEE_KEEPS;
	if (!refused)
		supply->wanted[kind] = on;
	mutex_unlock(&supply_lock);

	if (kept)
		IMSG("scmi: %s stays for the TEE: the host does not want it any more", supply->name[kind]);

	if (refused) {
		IMSG("scmi: %s stays: the TEE's program runs on this core", supply->name[kind]);
		return SCMI_DENIED;
	}
	/* Not under the lock: the cores' own lock is taken before this one. */
	if (board_supply_changed(core)) {
		EMSG("scmi: %s: the core did not follow", supply->name[kind]);
		return SCMI_HARDWARE_ERROR;
	}
	return SCMI_SUCCESS;
}

/* The cores of this machine have one rate that they can see: that of their counter. */
unsigned long supply_clock_rate(unsigned int core __unused)
{
	return read_cntfrq();
}
