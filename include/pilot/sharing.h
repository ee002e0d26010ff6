/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of the host's memory the secure world may look at, and what of it the host has given away: SHM bridges, assignments,
 * and the looks of running calls (docs/SPEC.md section 7). Everything here is between the board's enter and leave.
 */
#ifndef PILOT_SHARING_H
#define PILOT_SHARING_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/board.h>

#define PIL_MAX_BRIDGES                                                                                                \
	64u /* the driver's pools, 256 KiB in all, and one for each start of a peripheral need far fewer */
#define PIL_MAX_ASSIGNED 32u

/**
 * struct pil_bridge - memory that the host shows the secure world
 * @range:  the memory
 * @serial: number of this bridge, which no other ever has; 0: the slot is free
 * @access: what the secure world may do there, PIL_GRANT_... bits
 */
struct pil_bridge {
	struct pil_range range;
	uint64_t serial;
	unsigned int access;
};

/**
 * struct pil_bridges - all of them
 * @enabled: the host has asked for bridges: what is in none is out of reach
 * @last:    the last serial given
 * @entry:   slots
 */
struct pil_bridges {
	bool enabled;
	uint64_t last;
	struct pil_bridge entry[PIL_MAX_BRIDGES];
};

/**
 * struct pil_assignment - memory that is not the host's alone
 * @range: the memory; size 0: the slot is free
 * @count: virtual machines that have it
 * @vm:    which, and what they may do
 */
struct pil_assignment {
	struct pil_range range;
	unsigned int count;
	struct pil_vm vm[PIL_MAX_VMS];
};

/* whose look it is: a peripheral's index, or this: a call without one, which is never interrupted and one at a time */
#define PIL_LOOK_NOBODYS PIL_MAX_PERIPHERALS

/**
 * struct pil_sharing - the host's memory
 * @bridges:  SHM bridges
 * @assigned: memory assignments
 * @look:     what running calls are reading or writing at this moment, by peripheral; size 0: nothing
 * @assigning: an assignment is under way
 */
struct pil_sharing {
	struct pil_bridges bridges;
	struct pil_assignment assigned[PIL_MAX_ASSIGNED];
	struct pil_range look[PIL_MAX_PERIPHERALS + 1];
	bool assigning;
};

#endif
