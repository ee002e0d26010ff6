/* SPDX-License-Identifier: BSD-2-Clause */
/* What every program of a core with a doorbell page (wire/doorbell.h) does: it beats, obeys, stops and lets go. */
#ifndef REMOTE_LIFE_H
#define REMOTE_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/wire/doorbell.h>

#include "conduct.h"

/** struct life - only @stopped is for others to read: the host has asked for it, and nothing of the host's may be touched any more */
struct life {
	uint64_t ctrl;
	const volatile uint32_t *rung; /* the host's counters */
	uint32_t seen[PIL_DOORBELL_CHANNELS];
	uint64_t beats;
	struct conduct conduct;
	bool stopped;
};

/* Begin with the control page at @ctrl and the doorbell page at @doorbell: what was rung before, an earlier program was meant. */
void life_begin(struct life *l, uint64_t ctrl, uint64_t doorbell);

/* Sleep until the host rings or a tick is over, or, when @busy, not at all; for ever, once the program has stopped or hangs. */
void life_wait(const struct life *l, bool busy);

/* One beat, one request, and the host's request to stop. */
void life_turn(struct life *l);

/* Has the host rung on @channel since the last time this was asked? */
bool life_rung(struct life *l, unsigned int channel);

#endif
