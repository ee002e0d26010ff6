/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rollback counters: the lowest version of each software id that may still run, kept in two flash sectors as an
 * append-only log (docs/SPEC.md section 5.3). A power cut between or inside any two steps loses nothing that was
 * acknowledged and makes nothing believed that was not written whole.
 */
#ifndef PILOT_COUNTERS_H
#define PILOT_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

#define PIL_COUNTERS_MAX    32u /* different software ids */
#define PIL_COUNTERS_RECORD 16u /* bytes of a header and of a record */

/* shortest sector: a header, all ids, and one place for something new */
#define PIL_COUNTERS_SECTOR_MIN (PIL_COUNTERS_RECORD * (PIL_COUNTERS_MAX + 2u))

/**
 * struct pil_counter_store - two sectors of flash, numbers 0 and 1; an erased byte is 0xff
 * @ctx:     the board's own
 * @sector_size: bytes of each; a multiple of PIL_COUNTERS_RECORD, at least PIL_COUNTERS_SECTOR_MIN
 * @read:    copy bytes out of a sector
 * @program: write bytes over erased ones, lowest address first; it is done when this returns
 * @erase:   make all of a sector 0xff
 *
 * The functions return 0, or another number when it did not work. Offsets and sizes are multiples of 4, inside the sector.
 */
struct pil_counter_store {
	void *ctx;
	uint32_t sector_size;
	int (*read)(void *ctx, unsigned int sector, uint32_t offset, void *data, uint32_t size);
	int (*program)(void *ctx, unsigned int sector, uint32_t offset, const void *data, uint32_t size);
	int (*erase)(void *ctx, unsigned int sector);
};

/** struct pil_counter - one software id's */
struct pil_counter {
	uint32_t sw_id;
	uint32_t version;
};

/**
 * struct pil_counters - what the log says; memory is the caller's
 * @store:      where it is
 * @open:       the other members are valid
 * @sector:     the one in use
 * @generation: its number; each switch of sectors adds one
 * @next:       offset of the first free place in it
 * @count:      ids
 * @entry:      their counters
 */
struct pil_counters {
	const struct pil_counter_store *store;
	bool open;
	unsigned int sector;
	uint32_t generation;
	uint32_t next;
	unsigned int count;
	struct pil_counter entry[PIL_COUNTERS_MAX];
};

/**
 * pil_counters_open() - read the log. Writes nothing: on flash that has never been written pil_counters_advance() begins one
 * @c:     result
 * @store: the sectors; kept
 * @why:   reason of a failure, or NULL
 *
 * Flash without a valid header is new only when nothing behind the places for the headers has ever been written:
 * otherwise a damaged log would start again at zero.
 *
 * Return: 0; -PIL_EBOARD (COUNTERS_FLASH, COUNTERS_LOST); -PIL_EARG (COUNTERS_SECTOR); -PIL_ENOMEM (COUNTERS_FULL)
 */
int pil_counters_open(struct pil_counters *c, const struct pil_counter_store *store, struct pil_why *why);

/**
 * pil_counters_read() - the lowest version that may run
 * @c:       from pil_counters_open()
 * @sw_id:   software id
 * @version: result; 0 for an id that was never advanced
 * @why:     reason of a failure, or NULL
 *
 * Return: 0; errors of pil_counters_open(), which is done again when an earlier write did not work
 */
int pil_counters_read(struct pil_counters *c, uint32_t sw_id, uint32_t *version, struct pil_why *why);

/**
 * pil_counters_advance() - raise a counter
 * @c:       from pil_counters_open()
 * @sw_id:   software id
 * @version: what the counter is to be at least; a lower number than it has changes nothing
 * @why:     reason of a failure, or NULL
 *
 * When it returns 0 the new value is in flash and was read back from there.
 *
 * Return: as pil_counters_read(); also -PIL_ENOMEM (COUNTERS_FULL) for a new id when PIL_COUNTERS_MAX have one
 */
int pil_counters_advance(struct pil_counters *c, uint32_t sw_id, uint32_t version, struct pil_why *why);

#endif
