/* SPDX-License-Identifier: BSD-2-Clause */
/* The states of a peripheral and the one table of transitions (docs/DESIGN.md section 4, docs/SPEC.md section 2). */
#ifndef PILOT_STATE_H
#define PILOT_STATE_H

#include <stdbool.h>
#include <stddef.h>

/** enum pil_state - where a peripheral stands */
enum pil_state {
	PIL_OFF = 0,
	PIL_LOADED,	   /* metadata copied and read */
	PIL_PLACED,	   /* and memory given */
	PIL_LOCKED,	   /* AUTH under way: memory locked, being checked */
	PIL_AUTHENTICATED, /* genuine; its core, if it has one, is not started yet */
	PIL_RUNNING,
	PIL_CRASHED,   /* the board saw the core stop by itself */
	PIL_INHERITED, /* running when the host came, or let go by it */
	PIL_STOPPED,   /* held again after it ran; what ran is still there */
	PIL_GRANTED,   /* held; the host fills its memory itself: a processor that the host manages */
	PIL_STATES
};

/** enum pil_event - what can happen to it */
enum pil_event {
	PIL_EV_INIT = 0, /* INIT_IMAGE */
	PIL_EV_MEM_SETUP,
	PIL_EV_AUTH,	/* AUTH_AND_RESET begins */
	PIL_EV_GENUINE, /* everything verified, core released or none there */
	PIL_EV_REFUSED, /* verification or start failed */
	PIL_EV_CRASH,	/* the board reports the core stopped */
	PIL_EV_SHUTDOWN,
	PIL_EV_GET_RSC_TABLE,
	PIL_EV_IS_SUPPORTED,
	PIL_EV_CAPABILITIES,
	PIL_EV_SET_REMOTE_STATE,
	PIL_EV_LOAD,	   /* LOAD_FW begins */
	PIL_EV_PLACED,	   /* its container is verified and in its place */
	PIL_EV_START,	   /* START_FW */
	PIL_EV_STOP,	   /* STOP_FW */
	PIL_EV_FIND_TABLE, /* GET_RSC_TABLE */
	PIL_EV_COREDUMP,   /* GET_COREDUMP */
	PIL_EV_RELEASE,	   /* RELEASE_FW */
	PIL_EV_ATTACH,
	PIL_EV_DETACH,
	PIL_EV_GRANT,
	PIL_EV_RUN,
	PIL_EV_GONE, /* the board reports that somebody else holds the core */
	PIL_EVENTS
};

/** enum pil_action - what has to be done before the new state is entered */
enum pil_action {
	PIL_ACT_NONE = 0,
	PIL_ACT_CLEAN = 1, /* complete shutdown first: hold, scrub, unlock, forget */
	PIL_ACT_HOLD = 2,  /* hold the core and let its streams abort; what ran stays where it is */
};

/**
 * struct pil_transition - one row of the table
 * @from, @event: when
 * @to:     state that follows; RUNNING stands for RUNNING or AUTHENTICATED by whether there is a core
 * @action: what to do first
 */
struct pil_transition {
	enum pil_state from : 8;
	enum pil_event event : 8;
	enum pil_state to : 8;
	enum pil_action action : 8;
};

/**
 * pil_state_step() - look up what @event does in state @from
 * @from:  state
 * @event: event
 * @has_core: the peripheral has a core
 * @relocatable: its image is relocatable (decides whether LOADED may go straight to LOCKED)
 * @row:   result
 * Return: true when the event is allowed there
 */
bool pil_state_step(enum pil_state from, enum pil_event event, bool has_core, bool relocatable,
		    struct pil_transition *row);

/**
 * pil_state_table() - the whole table, for whoever prints it
 * @count: result: its rows
 * Return: the rows; RUNNING after GENUINE stands for RUNNING or AUTHENTICATED
 */
const struct pil_transition *pil_state_table(size_t *count);

/** pil_state_name() - "RUNNING"; "?" for no state. pil_event_name() - "INIT_IMAGE"; "?" for no event */
const char *pil_state_name(enum pil_state state);
const char *pil_event_name(enum pil_event event);

#endif
