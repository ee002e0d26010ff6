/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile host on the model: its requests, the states it can bring a peripheral to, and what must hold whatever it does. */
#ifndef ATTACK_MODEL_HOST_H
#define ATTACK_MODEL_HOST_H

#include "scenario.h"

#define HOST_PERIPHERALS MODEL_COUNT

/** enum host_state - what adsp was brought to */
enum host_state {
	HOST_OFF = 0,
	HOST_LOADED,
	HOST_PLACED,
	HOST_LOCKED, /* refused, and then it could not be cleaned up */
	HOST_RUNNING,
	HOST_CRASHED,
	HOST_INHERITED,
	HOST_STATES
};

/** enum host_request - one request, or the few that a driver makes in a row */
enum host_request {
	HOST_INIT = 0,
	HOST_INIT_CARVEOUT,  /* metadata in the peripheral's own carve-out */
	HOST_INIT_MALFORMED, /* no ELF file */
	HOST_MEM_SETUP,
	HOST_MEM_SETUP_OUTSIDE,
	HOST_AUTH,
	HOST_SHUTDOWN,
	HOST_TABLE,
	HOST_REMOTE_STATE,
	HOST_LITE,	/* start the peripheral that has adsp's core and carve-out */
	HOST_COMPANION, /* start the one without a core */
	HOST_OTHER,	/* start the one with another core */
	HOST_LITE_OFF,
	HOST_REQUESTS
};

/** host_quick() - a verification that was asked for before gets the answer that it got then: nothing else is quicker */
extern const struct pil_crypto host_quick;

/** host_begin() - a machine that protects memory by @lock, with adsp in @state; scenario_done() ends it */
void host_begin(struct scenario *s, enum host_state state, enum model_lock lock);

/** host_state_name(), host_request_name() - for messages */
const char *host_state_name(enum host_state state);
const char *host_request_name(enum host_request request);

/** host_target() - the peripheral whose gate a request passes */
unsigned int host_target(enum host_request request);

/** host_issue() - carry a request out. Return: 0 or the first negative error class */
int host_issue(struct scenario *s, enum host_request request);

/**
 * host_broken() - what must never be, after any request
 * Return: NULL; or a sentence: what runs is not what was verified, or not protected, or the ledgers contradict the machine
 */
const char *host_broken(struct scenario *s);

/** host_rests() - without faults all can be put to rest. Return: NULL, or what is not so */
const char *host_rests(struct scenario *s);

/** host_restores() - that, and then the good image starts. Return: NULL, or what is not so */
const char *host_restores(struct scenario *s);

#endif
