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
	PIL_AUTHENTICATED, /* genuine, no core to start */
	PIL_RUNNING,
	PIL_CRASHED,   /* the board saw the core stop by itself */
	PIL_INHERITED, /* running when the host came */
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
	PIL_EVENTS
};

/** enum pil_action - what has to be done before the new state is entered */
enum pil_action {
	PIL_ACT_NONE = 0,
	PIL_ACT_CLEAN = 1, /* complete shutdown first: hold, scrub, unlock, forget */
};

/**
 * struct pil_transition - one row of the table
 * @from, @event: when
 * @to:     state that follows; RUNNING stands for RUNNING or AUTHENTICATED by whether there is a core
 * @action: what to do first
 */
struct pil_transition {
	enum pil_state from;
	enum pil_event event;
	enum pil_state to;
	enum pil_action action;
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
