/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between Pilot's TAs, which decide, and its PTA, which alone touches memory and cores. Parameter 0 is a value whose a is the processor,
 * unless told otherwise; numbers of 64 bits are values with a: low, b: high word.
 */
#ifndef PILOT_WIRE_TEE_BOARD_H
#define PILOT_WIRE_TEE_BOARD_H

#include <stdint.h>

#include <pilot/wire/tee_rproc.h>

#define PIL_TEE_BOARD_INFO	      1	 /* p1: memory, out: struct pil_tee_board_info */
#define PIL_TEE_BOARD_CLAIM	      2	 /* from now on only this session changes the processor */
#define PIL_TEE_BOARD_RELEASE	      3	 /* held, scrubbed, given up. p0: b: 1: only given up, the core goes on */
#define PIL_TEE_BOARD_WRITE	      4	 /* p1: device address, p2: memory: into what will run */
#define PIL_TEE_BOARD_ZERO	      5	 /* p1: device address, p2: bytes */
#define PIL_TEE_BOARD_READ	      6	 /* p0: b: PIL_TEE_READ_..., p1: device address, or offset; p2: memory, out */
#define PIL_TEE_BOARD_START	      7	 /* p1: entry point, p2: a: PIL_TEE_START_... bits */
#define PIL_TEE_BOARD_STOP	      8	 /* by force: returns when the core executes nothing any more */
#define PIL_TEE_BOARD_STATE	      9	 /* out: p1: a: PIL_TEE_CORE_..., b: 1: it has called ready */
#define PIL_TEE_BOARD_POWER	      10 /* p1: a: 0 suspend, 1 resume */
#define PIL_TEE_BOARD_WAIT	      11 /* p0: b: ms, 0: none; out: p1 as PIL_TEE_EVENTS_WAIT; blocks */
#define PIL_TEE_BOARD_COUNTER_READ    12 /* p0: a: software id; out: p1: a: lowest version that may run */
#define PIL_TEE_BOARD_COUNTER_ADVANCE 13 /* p0: a: software id, b: version */
#define PIL_TEE_BOARD_FUSES	      14 /* p0: memory, out: struct pil_fuses_all */
#define PIL_TEE_BOARD_LOG	      15 /* p0: memory: one line without newline */
#define PIL_TEE_BOARD_TIME	      16 /* out: p0: microseconds */
#define PIL_TEE_BOARD_KEEP	      17 /* p0: b: 1: the TEE keeps clock and power of what runs on, 0: its driver does */
#define PIL_TEE_BOARD_TRACE	      18 /* p0: a: PIL_TRACE_OF() of wire/trace.h, p1, p2: a and b of the record */

#define PIL_TEE_READ_COPY 0 /* what runs, or will */
#define PIL_TEE_READ_HOST 1 /* the carve-out that the host writes: p1 is an offset in it */

#define PIL_TEE_START_HOST_MEMORY 0x1 /* from memory that is the host's: kernel-managed processors, and only these */

#define PIL_TEE_CORE_HELD    0
#define PIL_TEE_CORE_RUNNING 1
#define PIL_TEE_CORE_CRASHED 2

#define PIL_TEE_BOARD_REGIONS 8

/**
 * struct pil_tee_board_info - what the board says of a processor
 * @processor: as its clients see it; the state is the core's: off, running or crashed
 * @region_count, @region: its memory
 */
struct pil_tee_board_info {
	struct pil_tee_processor processor;
	uint32_t region_count, reserved;
	struct pil_tee_region region[PIL_TEE_BOARD_REGIONS];
};

_Static_assert(sizeof(struct pil_tee_processor) == 32, "no padding");
_Static_assert(sizeof(struct pil_tee_region) == 56, "no padding");
_Static_assert(sizeof(struct pil_tee_board_info) == 40 + 56 * PIL_TEE_BOARD_REGIONS, "no padding");

#endif
