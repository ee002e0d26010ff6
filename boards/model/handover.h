/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An SMMUv3 that changes hands under a core and its DMA master that run, in a model: one host, one stream table that is right or wrong
 * in several ways, one shim that asks lib/iommu/handover.c. A state is small and whole: whoever tries all events in all
 * states that can be reached has tried all orders of events.
 */
#ifndef PILOT_MODEL_HANDOVER_H
#define PILOT_MODEL_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/handover.h>

/** enum model_page - what is accessed; device addresses are physical ones, as on virt */
enum model_page {
	MODEL_P_SHARED = 0, /* granted to both programs */
	MODEL_P_LITE,	    /* granted to lite alone */
	MODEL_P_FULL,	    /* granted to the full program alone */
	MODEL_P_REGISTERS,  /* of the DMA master: granted to both, but not to the master */
	MODEL_P_HOST,	    /* the host's: granted to nobody */
	MODEL_PAGES
};

/** enum model_entry - a stream's entry, and what its table maps */
enum model_entry {
	MODEL_E_INVALID = 0,
	MODEL_E_ABORT,
	MODEL_E_EMPTY,	/* a table with nothing in it */
	MODEL_E_PART,	/* the shared page */
	MODEL_E_ALL,	/* all that either program is granted */
	MODEL_E_ASTRAY, /* that, but lite's page leads to the host's; and the host's to itself */
	MODEL_ENTRIES
};

/** enum model_program - what runs on the core */
enum model_program { MODEL_NO_PROGRAM = 0, MODEL_LITE, MODEL_FULL };

/** enum model_transfer - what the DMA master is at */
enum model_transfer { MODEL_NO_TRANSFER = 0, MODEL_TO_OWN, MODEL_TO_HOST };

/** enum model_event - what can happen next */
enum model_event {
	/* the host, from any of its CPUs */
	MODEL_ANNOUNCE = 0, /* PSCI_VERSION: it is answered when the master rests */
	MODEL_OFF,
	MODEL_ON_SAME, /* with the table that was there */
	MODEL_ON_NEW,  /* with another table, in which no stream has an entry */
	MODEL_SET_CORE,
	MODEL_SET_MASTER = MODEL_SET_CORE + MODEL_ENTRIES,
	MODEL_SHUTDOWN = MODEL_SET_MASTER + MODEL_ENTRIES,
	MODEL_START_LITE,
	MODEL_START_FULL,
	/* the shim's interrupt */
	MODEL_TICK,
	/* the program, one for each page; and a transfer that it starts */
	MODEL_ACCESS,
	MODEL_TRANSFER_OWN = MODEL_ACCESS + MODEL_PAGES,
	MODEL_TRANSFER_HOST,
	/* the DMA master */
	MODEL_TRANSFER_ENDS,
	MODEL_EVENTS
};

/**
 * struct model_rules - what the shim asks; the members are the functions of pilot/handover.h, or wrong copies of them
 * @keeps_shadow, @keeps_registers, @forgets_transfer, @leaves_bus, @ignores_grants, @looks_away: what a wrong shim would do: forget nothing at a
 *        tick; leave the master's registers to the program while it rests; not begin anew what was cut off; leave the bus to the master of a core
 *        that crashed; map what is not granted; let a transfer end whatever becomes of the SMMU meanwhile
 */
struct model_rules {
	void (*announce)(struct pil_handover *h, const struct pil_smmu_regs *regs);
	void (*look)(struct pil_handover *h, const struct pil_smmu_regs *regs);
	enum pil_verdict (*access)(struct pil_handover *h, enum pil_reason reason);
	bool (*rests)(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool has_table);
	bool (*resumes)(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool mapped);
	bool (*settle)(struct pil_handover *h, bool mapped);
	bool keeps_shadow;
	bool keeps_registers;
	bool forgets_transfer;
	bool leaves_bus;
	bool ignores_grants;
	bool looks_away;
};

/** model_rules - those of pilot/handover.h, and a shim that does nothing wrong */
extern const struct model_rules model_rules;

/**
 * struct model_handover - a state
 * @on, @base:  the SMMU: enabled; which of two tables
 * @core, @master: enum model_entry of the two streams
 * @aborts:     with the SMMU off nothing passes (SMMU_GBPA.ABORT)
 * @program, @crashed: of the core
 * @announced:  the host waits for the answer to MODEL_ANNOUNCE
 * @ending:     the shim, in a tick, lets a transfer end
 * @waits:      page that the core waits for + 1
 * @starts:     transfer that it is about to start there
 * @shadow:     pages that the core reaches without asking, a bit for each
 * @bus:        the master may issue transactions
 * @transfer, @cut: what it is at; what the shim will have it begin anew
 * @h:          what the shim remembers
 * The rest is no part of the machine; it is for judging:
 * @reached:    the core has reached something since it started
 * @lost:       its streams have lost their owner, as far as could be known, and none that is complete was there at a tick since
 * @between:    a new owner has announced itself and nothing has changed in the SMMU's registers, as seen at ticks
 * @seen_on, @seen_base: registers when it did
 * @surprise:   the host has changed the SMMU since the last tick
 * @lately:     pages that the core's table mapped at any moment since the last tick
 * @refused:    a transfer within the grants was refused in this step, and so an event reported
 * @passed:     a transfer ended with the SMMU off in this step, unchecked
 * @vanished:   a transfer within the grants ended in this step, arrived nowhere, and will not be begun anew
 */
struct model_handover {
	bool on, base, aborts, crashed, announced, ending, bus;
	uint8_t core, master, program, waits, starts, shadow, transfer, cut;
	struct pil_handover h;
	bool reached, lost, between, seen_on, seen_base, surprise;
	uint8_t lately;
	bool refused, passed, vanished;
};

/** model_handover_init() - build the tables that entries lead to, once. Return: false when that fails */
bool model_handover_init(void);

/** model_handover_can() - can the event happen in this state? */
bool model_handover_can(const struct model_handover *s, enum model_event event);

/**
 * model_handover_step() - let it happen
 * Return: NULL, or what must never happen and did
 */
const char *model_handover_step(struct model_handover *s, enum model_event event, const struct model_rules *rules);

/** model_handover_key() - all of a state in one number: different states have different ones */
uint64_t model_handover_key(const struct model_handover *s);

/** model_event_name() - for people */
const char *model_event_name(enum model_event event);

#endif
