/* SPDX-License-Identifier: BSD-2-Clause */
/* What may follow what: the one table of a peripheral's states (docs/DESIGN.md section 4). */
#include <stddef.h>

#include <pilot/state.h>

/* clang-format off */
/* a request that only asks or does not concern the image: allowed in every state, changes none */
#define STAYS_IN_EVERY_STATE(event)                               \
	{ PIL_OFF, event, PIL_OFF, PIL_ACT_NONE },                    \
	{ PIL_LOADED, event, PIL_LOADED, PIL_ACT_NONE },              \
	{ PIL_PLACED, event, PIL_PLACED, PIL_ACT_NONE },              \
	{ PIL_LOCKED, event, PIL_LOCKED, PIL_ACT_NONE },              \
	{ PIL_AUTHENTICATED, event, PIL_AUTHENTICATED, PIL_ACT_NONE }, \
	{ PIL_RUNNING, event, PIL_RUNNING, PIL_ACT_NONE },            \
	{ PIL_CRASHED, event, PIL_CRASHED, PIL_ACT_NONE },            \
	{ PIL_INHERITED, event, PIL_INHERITED, PIL_ACT_NONE },        \
	{ PIL_STOPPED, event, PIL_STOPPED, PIL_ACT_NONE },            \
	{ PIL_GRANTED, event, PIL_GRANTED, PIL_ACT_NONE }
/* clang-format on */

static const struct pil_transition transitions[] = {
	/* hosts die and start anew, and a dtb companion is never shut down on error paths: INIT_IMAGE comes in any state */
	{ PIL_OFF, PIL_EV_INIT, PIL_LOADED, PIL_ACT_NONE },
	{ PIL_LOADED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_NONE },
	{ PIL_PLACED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_NONE },
	{ PIL_LOCKED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_CLEAN },
	{ PIL_AUTHENTICATED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_CLEAN },
	{ PIL_RUNNING, PIL_EV_INIT, PIL_LOADED, PIL_ACT_CLEAN },
	{ PIL_CRASHED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_CLEAN },
	{ PIL_INHERITED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_CLEAN },
	{ PIL_STOPPED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_CLEAN },
	{ PIL_GRANTED, PIL_EV_INIT, PIL_LOADED, PIL_ACT_CLEAN },

	{ PIL_LOADED, PIL_EV_MEM_SETUP, PIL_PLACED, PIL_ACT_NONE },
	{ PIL_PLACED, PIL_EV_MEM_SETUP, PIL_PLACED, PIL_ACT_NONE },

	/* from LOADED only an image that is not relocatable: see pil_state_step() */
	{ PIL_LOADED, PIL_EV_AUTH, PIL_LOCKED, PIL_ACT_NONE },
	{ PIL_PLACED, PIL_EV_AUTH, PIL_LOCKED, PIL_ACT_NONE },

	{ PIL_LOCKED, PIL_EV_GENUINE, PIL_RUNNING, PIL_ACT_NONE },
	{ PIL_LOCKED, PIL_EV_REFUSED, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_AUTHENTICATED, PIL_EV_REFUSED, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_RUNNING, PIL_EV_CRASH, PIL_CRASHED, PIL_ACT_NONE },
	{ PIL_INHERITED, PIL_EV_CRASH, PIL_CRASHED, PIL_ACT_NONE },

	{ PIL_OFF, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_NONE },
	{ PIL_LOADED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_PLACED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_LOCKED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_AUTHENTICATED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_RUNNING, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_CRASHED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_INHERITED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_STOPPED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_GRANTED, PIL_EV_SHUTDOWN, PIL_OFF, PIL_ACT_CLEAN },

	STAYS_IN_EVERY_STATE(PIL_EV_GET_RSC_TABLE),
	STAYS_IN_EVERY_STATE(PIL_EV_IS_SUPPORTED),
	STAYS_IN_EVERY_STATE(PIL_EV_CAPABILITIES),
	STAYS_IN_EVERY_STATE(PIL_EV_SET_REMOTE_STATE),

	/* the shape of remoteproc: one container brings everything, and what runs is neither replaced nor forgotten unasked */
	{ PIL_OFF, PIL_EV_LOAD, PIL_LOCKED, PIL_ACT_NONE },
	{ PIL_LOCKED, PIL_EV_LOAD, PIL_LOCKED, PIL_ACT_CLEAN },
	{ PIL_AUTHENTICATED, PIL_EV_LOAD, PIL_LOCKED, PIL_ACT_CLEAN },
	{ PIL_STOPPED, PIL_EV_LOAD, PIL_LOCKED, PIL_ACT_CLEAN },
	{ PIL_LOCKED, PIL_EV_PLACED, PIL_AUTHENTICATED, PIL_ACT_NONE },

	{ PIL_AUTHENTICATED, PIL_EV_START, PIL_RUNNING, PIL_ACT_NONE },
	{ PIL_RUNNING, PIL_EV_START, PIL_RUNNING, PIL_ACT_NONE },

	/* what stopped can still be dumped, which Linux does behind STOP_FW, until RELEASE_FW or the next LOAD_FW */
	{ PIL_OFF, PIL_EV_STOP, PIL_OFF, PIL_ACT_NONE },
	{ PIL_STOPPED, PIL_EV_STOP, PIL_STOPPED, PIL_ACT_NONE },
	{ PIL_RUNNING, PIL_EV_STOP, PIL_STOPPED, PIL_ACT_HOLD },
	{ PIL_CRASHED, PIL_EV_STOP, PIL_STOPPED, PIL_ACT_HOLD },
	{ PIL_INHERITED, PIL_EV_STOP, PIL_STOPPED, PIL_ACT_HOLD },

	{ PIL_AUTHENTICATED, PIL_EV_FIND_TABLE, PIL_AUTHENTICATED, PIL_ACT_NONE },
	{ PIL_RUNNING, PIL_EV_FIND_TABLE, PIL_RUNNING, PIL_ACT_NONE },
	{ PIL_CRASHED, PIL_EV_FIND_TABLE, PIL_CRASHED, PIL_ACT_NONE },
	{ PIL_INHERITED, PIL_EV_FIND_TABLE, PIL_INHERITED, PIL_ACT_NONE },

	{ PIL_CRASHED, PIL_EV_COREDUMP, PIL_CRASHED, PIL_ACT_NONE },
	{ PIL_STOPPED, PIL_EV_COREDUMP, PIL_STOPPED, PIL_ACT_NONE },

	{ PIL_OFF, PIL_EV_RELEASE, PIL_OFF, PIL_ACT_NONE },
	{ PIL_LOCKED, PIL_EV_RELEASE, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_AUTHENTICATED, PIL_EV_RELEASE, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_CRASHED, PIL_EV_RELEASE, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_STOPPED, PIL_EV_RELEASE, PIL_OFF, PIL_ACT_CLEAN },
	{ PIL_GRANTED, PIL_EV_RELEASE, PIL_OFF, PIL_ACT_CLEAN },

	/* a host that comes after another one takes up whatever that one left */
	{ PIL_LOCKED, PIL_EV_ATTACH, PIL_LOCKED, PIL_ACT_NONE },
	{ PIL_AUTHENTICATED, PIL_EV_ATTACH, PIL_AUTHENTICATED, PIL_ACT_NONE },
	{ PIL_RUNNING, PIL_EV_ATTACH, PIL_RUNNING, PIL_ACT_NONE },
	{ PIL_CRASHED, PIL_EV_ATTACH, PIL_CRASHED, PIL_ACT_NONE },
	{ PIL_INHERITED, PIL_EV_ATTACH, PIL_RUNNING, PIL_ACT_NONE },
	{ PIL_STOPPED, PIL_EV_ATTACH, PIL_STOPPED, PIL_ACT_NONE },
	{ PIL_GRANTED, PIL_EV_ATTACH, PIL_GRANTED, PIL_ACT_NONE },

	{ PIL_RUNNING, PIL_EV_DETACH, PIL_INHERITED, PIL_ACT_NONE },
	{ PIL_INHERITED, PIL_EV_DETACH, PIL_INHERITED, PIL_ACT_NONE },
	{ PIL_INHERITED, PIL_EV_GONE, PIL_OFF, PIL_ACT_CLEAN },

	/* a processor that the host manages */
	{ PIL_OFF, PIL_EV_GRANT, PIL_GRANTED, PIL_ACT_NONE },
	{ PIL_STOPPED, PIL_EV_GRANT, PIL_GRANTED, PIL_ACT_NONE },
	{ PIL_GRANTED, PIL_EV_GRANT, PIL_GRANTED, PIL_ACT_NONE },
	{ PIL_GRANTED, PIL_EV_RUN, PIL_RUNNING, PIL_ACT_NONE },
};

static const char *const state_names[PIL_STATES] = {
	[PIL_OFF] = "OFF",
	[PIL_LOADED] = "LOADED",
	[PIL_PLACED] = "PLACED",
	[PIL_LOCKED] = "LOCKED",
	[PIL_AUTHENTICATED] = "AUTHENTICATED",
	[PIL_RUNNING] = "RUNNING",
	[PIL_CRASHED] = "CRASHED",
	[PIL_INHERITED] = "INHERITED",
	[PIL_STOPPED] = "STOPPED",
	[PIL_GRANTED] = "GRANTED",
};

static const char *const event_names[PIL_EVENTS] = {
	[PIL_EV_INIT] = "INIT_IMAGE",
	[PIL_EV_MEM_SETUP] = "MEM_SETUP",
	[PIL_EV_AUTH] = "AUTH_AND_RESET",
	[PIL_EV_GENUINE] = "GENUINE",
	[PIL_EV_REFUSED] = "REFUSED",
	[PIL_EV_CRASH] = "CRASH",
	[PIL_EV_SHUTDOWN] = "SHUTDOWN",
	[PIL_EV_GET_RSC_TABLE] = "GET_RSCTABLE",
	[PIL_EV_IS_SUPPORTED] = "IS_SUPPORTED",
	[PIL_EV_CAPABILITIES] = "CAPABILITIES",
	[PIL_EV_SET_REMOTE_STATE] = "SET_REMOTE_STATE",
	[PIL_EV_LOAD] = "LOAD_FW",
	[PIL_EV_PLACED] = "PLACED",
	[PIL_EV_START] = "START_FW",
	[PIL_EV_STOP] = "STOP_FW",
	[PIL_EV_FIND_TABLE] = "GET_RSC_TABLE",
	[PIL_EV_COREDUMP] = "GET_COREDUMP",
	[PIL_EV_RELEASE] = "RELEASE_FW",
	[PIL_EV_ATTACH] = "ATTACH",
	[PIL_EV_DETACH] = "DETACH",
	[PIL_EV_GRANT] = "GRANT",
	[PIL_EV_RUN] = "RUN",
	[PIL_EV_GONE] = "GONE",
};

const struct pil_transition *pil_state_table(size_t *count)
{
	*count = sizeof(transitions) / sizeof(transitions[0]);
	return transitions;
}

bool pil_state_step(enum pil_state from, enum pil_event event, bool has_core, bool relocatable,
		    struct pil_transition *row)
{
	if (event == PIL_EV_AUTH && from == PIL_LOADED && relocatable)
		return false;
	if (event == PIL_EV_START && !has_core)
		return false;
	for (size_t i = 0; i < sizeof(transitions) / sizeof(transitions[0]); i++) {
		if (transitions[i].from != from || transitions[i].event != event)
			continue;
		*row = transitions[i];
		if (event == PIL_EV_GENUINE && !has_core)
			row->to = PIL_AUTHENTICATED;
		return true;
	}
	return false;
}

const char *pil_state_name(enum pil_state state)
{
	return (unsigned int)state < PIL_STATES ? state_names[state] : "?";
}

const char *pil_event_name(enum pil_event event)
{
	return (unsigned int)event < PIL_EVENTS ? event_names[event] : "?";
}
