/* SPDX-License-Identifier: BSD-2-Clause */
/* Who owns what: cores, memory, streams (docs/DESIGN.md section 5). */
#ifndef PILOT_LEDGER_H
#define PILOT_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/board.h>
#include <pilot/error.h>
#include <pilot/manifest.h>

#define PIL_OWNER_HOST	 (-1)
#define PIL_OWNER_SECURE (-2) /* being checked or scrubbed; otherwise a peripheral's index, from 0 */

/**
 * struct pil_core_ledger - cores
 * @holder: peripheral that has the core, -1 when it is held
 */
struct pil_core_ledger {
	int holder[PIL_MAX_CORES];
};

/**
 * struct pil_memory_entry - one range that is not the host's
 * @range: the memory; size 0: the entry is unused
 * @owner: PIL_OWNER_SECURE or a peripheral's index
 * @enforced: the board's firewall backs it, or is being told to; false on a board that cannot lock, where the entry is only a
 *          record
 */
struct pil_memory_entry {
	struct pil_range range;
	int owner;
	bool enforced;
};

/** struct pil_memory_ledger - memory, one entry for each peripheral; what is not listed is the host's */
struct pil_memory_ledger {
	struct pil_memory_entry entry[PIL_MAX_PERIPHERALS];
};

#define PIL_MAX_STREAMS 32u

/** struct pil_stream_ledger - streams */
struct pil_stream_ledger {
	unsigned int count;
	struct pil_stream_entry entry[PIL_MAX_STREAMS];
};

/**
 * pil_memory_assign() - the one function that changes who owns memory: board's firewall and ledger together
 * @ledger: memory ledger
 * @board:  board; its lock or unlock is called when it has them
 * @peripheral: whose carve-out it is
 * @range:  a whole carve-out or a page-aligned part of it
 * @to:     PIL_OWNER_HOST, PIL_OWNER_SECURE or the peripheral's index
 * @why:    reason of a failure
 *
 * Refused: a range that wraps, is not page aligned, is not inside the carve-out, overlaps what somebody else owns, or differs
 * from the one that the peripheral already has. Memory goes from host to secure (the board locks it), from secure to the
 * peripheral and back, and from secure to host (the board unlocks it: only after scrubbing); other ways are refused.
 *
 * Return: 0, also when @to owns it already; -PIL_ERANGE (PAS_MEM_RANGE, PAS_MEM_ALIGN, PAS_LEDGER); -PIL_EBOARD
 * (PAS_LOCK, PAS_UNLOCK): the owner is unchanged
 */
int pil_memory_assign(struct pil_memory_ledger *ledger, struct pil_board *board, unsigned int peripheral,
		      struct pil_range range, int to, struct pil_why *why);

/**
 * pil_memory_owner() - who owns a byte
 * Return: PIL_OWNER_HOST, PIL_OWNER_SECURE or a peripheral's index
 */
int pil_memory_owner(const struct pil_memory_ledger *ledger, uint64_t address);

/** pil_cores_init() - all cores are held. Return: nothing */
void pil_cores_init(struct pil_core_ledger *ledger);

/**
 * pil_core_take() - a peripheral takes a core; the caller is between the board's enter and leave
 * @ledger: core ledger
 * @core:   index of the core
 * @peripheral: index of the peripheral
 * @why:    reason of a failure
 * Return: 0, also when it has it already; -PIL_ESTATE (PAS_CORE_TAKEN); -PIL_EARG (BOARD_CORE)
 */
int pil_core_take(struct pil_core_ledger *ledger, unsigned int core, unsigned int peripheral, struct pil_why *why);

/** pil_core_give() - a peripheral gives its core back, as above; no effect when it does not have it. Return: nothing */
void pil_core_give(struct pil_core_ledger *ledger, unsigned int core, unsigned int peripheral);

/**
 * pil_streams_init() - list all streams of a board, all of them aborting, with the board's grants
 * Return: 0 or -PIL_EARG (BOARD_STREAMS)
 */
int pil_streams_init(struct pil_stream_ledger *ledger, const struct pil_board_desc *desc, struct pil_why *why);

/** pil_streams_set() - set the disposition of all streams of a peripheral. Return: nothing */
void pil_streams_set(struct pil_stream_ledger *ledger, unsigned int peripheral, enum pil_disposition disposition);

/**
 * pil_streams_of() - the streams of a peripheral
 * @ledger: stream ledger
 * @peripheral: its index
 * @count:  result: how many
 * Return: the first of them; they follow each other, in the order of the board's description
 */
const struct pil_stream_entry *pil_streams_of(const struct pil_stream_ledger *ledger, unsigned int peripheral,
					      unsigned int *count);

/**
 * pil_streams_narrow() - from now on let the streams of a peripheral reach only what a manifest lists
 * @ledger: stream ledger
 * @peripheral: its index
 * @manifest: what was asked for; a stream that it does not list reaches the carve-out alone
 * @grants: PIL_MANIFEST_MAX grants that are the ledger's until pil_streams_restore()
 * @why:    reason of a failure; its a is the number of the manifest's entry
 *
 * Every entry must lie within a single grant that the board gives the same stream. Nothing changes on failure.
 *
 * Return: 0; -PIL_EAUTH (MANIFEST_STREAM, MANIFEST_PURPOSE, MANIFEST_RANGE, MANIFEST_ACCESS)
 */
int pil_streams_narrow(struct pil_stream_ledger *ledger, unsigned int peripheral, const struct pil_manifest *manifest,
		       struct pil_grant *grants, struct pil_why *why);

/** pil_streams_restore() - let the streams of a peripheral have the board's grants again. Return: nothing */
void pil_streams_restore(struct pil_stream_ledger *ledger, unsigned int peripheral);

/**
 * pil_stream_allows() - may a stream reach @range with @access?
 * The carve-out always; otherwise one grant must contain all of the range and all of the access bits.
 * @carveout: of the peripheral
 * @stream: its entry in the ledger
 * @range: physical range
 * @access: PIL_GRANT_... bits
 * Return: whether it may
 */
bool pil_stream_allows(struct pil_range carveout, const struct pil_stream_entry *stream, struct pil_range range,
		       unsigned int access);

#endif
