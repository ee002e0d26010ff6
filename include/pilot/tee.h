/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The doors of a TEE: decode what a client of a TA sends, ask lib/pas, encode the answer; and the board as a TA sees it, through a
 * PTA (include/pilot/wire/tee_board.h). Everything but the TEE's own entry points is here, so that tests and fuzzers run what the
 * TAs run. docs/SPEC.md section 11.
 */
#ifndef PILOT_TEE_H
#define PILOT_TEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/pas.h>
#include <pilot/wire/tee.h>
#include <pilot/wire/tee_board.h>

#define PIL_TEE_TYPES(p0, p1, p2, p3) ((p0) | (p1) << 4 | (p2) << 8 | (p3) << 12)
#define PIL_TEE_TYPE(types, i)	      ((types) >> 4 * (i)&0xfu)

/**
 * struct pil_tee_param - one parameter
 * @a, @b:  of a value
 * @buffer, @size: of memory; @buffer may be NULL. Memory of the host's, which can change at any time. An output's @size becomes what was
 *          written, or what would be needed
 */
struct pil_tee_param {
	uint32_t a, b;
	void *buffer;
	size_t size;
};

/** struct pil_tee_call - a command with its parameters; @types as PIL_TEE_TYPES() makes it. Results are written into @p */
struct pil_tee_call {
	uint32_t command;
	uint32_t types;
	struct pil_tee_param p[PIL_TEE_PARAMS];
};

/**
 * pil_tee_status() - how a client sees an error
 * @error: 0 or a negative error class
 * @reason: the reason, for the few that have a number of their own
 * Return: PIL_TEE_SUCCESS or another result
 */
uint32_t pil_tee_status(int error, enum pil_reason reason);

/**
 * struct pil_tee_board - the board, behind a PTA
 * @board:   what libpilot sees
 * @invoke:  call the PTA; provided by the TA. Return: the PTA's result
 * @ctx:     for @invoke
 * @info:    what the PTA says of each processor
 * @region:  its memory
 * @claimed: the PTA has given this service the processor
 * @window:  memory of the call that is being carried out: the metadata, or a resource table. lib/pas knows it at PIL_TEE_WINDOW
 * @window_size: its bytes
 */
struct pil_tee_board {
	struct pil_board board;
	struct pil_far far;
	uint32_t (*invoke)(void *ctx, struct pil_tee_call *call);
	void *ctx;
	struct pil_tee_board_info info[PIL_MAX_CORES];
	struct pil_region region[PIL_MAX_CORES][PIL_MAX_REGIONS];
	bool claimed[PIL_MAX_CORES];
	void *window;
	size_t window_size;
};

/* no machine has memory there: the name by which the doors give lib/pas the memory of a call */
#define PIL_TEE_WINDOW (UINT64_C(1) << 60)

/**
 * pil_tee_board_init() - ask the PTA about all processors, and fill in the board's functions
 * @b:     @invoke and @ctx are set, the rest is zero
 * @desc:  the board's description; peripheral n is processor n of the PTA and has core n
 * @piece: memory of the TA through which an image passes in pieces
 * @piece_size: its bytes; more is faster
 * @why:   reason of a failure
 * Return: 0; -PIL_EARG (BOARD_CORE; TEE_INFO: the PTA says something else than @desc); -PIL_EBOARD (TEE_PTA)
 */
int pil_tee_board_init(struct pil_tee_board *b, const struct pil_board_desc *desc, void *piece, size_t piece_size,
		       struct pil_why *why);

/**
 * struct pil_tee_session - one client's session with the remoteproc door; memory is the caller's, for as long as it is open
 * @bound:     to a processor; otherwise it may only ask which there are
 * @processor: its number
 */
struct pil_tee_session {
	bool bound;
	uint32_t processor;
};

/**
 * struct pil_tee_rproc - the remoteproc door
 * @pas:  the service
 * @user: by processor: the session that uses it: alone may change it, until it lets it go or another one attaches; NULL: none does
 * @stage: memory of the TA for a container of @size bytes; provided by the TA. Return: NULL: there is none
 * @unstage: give it back
 * @ctx:  for them
 */
struct pil_tee_rproc {
	struct pil_pas *pas;
	const struct pil_tee_session *user[PIL_MAX_PERIPHERALS];
	void *(*stage)(void *ctx, size_t size);
	void (*unstage)(void *ctx, void *memory, size_t size);
	void *ctx;
};

/**
 * pil_tee_rproc_open() - a client opens a session
 * @r:       the door
 * @login:   who it is, by the TEE's word
 * @call:    types and parameters: a value, a: the processor's id; or nothing
 * @session: filled
 *
 * Return: PIL_TEE_SUCCESS; PIL_TEE_ACCESS_DENIED (TEE_LOGIN: not the host's kernel); PIL_TEE_BAD_PARAMETERS (TEE_TYPES);
 * PIL_TEE_ITEM_NOT_FOUND (TEE_PROCESSOR: no such processor); PIL_TEE_NOT_SUPPORTED (PAS_OWNERSHIP: it is not for hosts)
 */
uint32_t pil_tee_rproc_open(struct pil_tee_rproc *r, uint32_t login, const struct pil_tee_call *call,
			    struct pil_tee_session *session);

/**
 * pil_tee_rproc_close() - a session ends. What it used goes on running, for somebody who attaches; what was only loaded, granted, stopped
 * or crashed is cleaned up. Return: nothing
 */
void pil_tee_rproc_close(struct pil_tee_rproc *r, const struct pil_tee_session *session);

/**
 * pil_tee_rproc_invoke() - a command
 * @r:       the door
 * @session: whose
 * @call:    the command; results are written into its parameters
 * Return: a result of the TEE; the log has the reason
 */
uint32_t pil_tee_rproc_invoke(struct pil_tee_rproc *r, const struct pil_tee_session *session,
			      struct pil_tee_call *call);

/** struct pil_tee_pas - the PAS door: the service, and the board whose window shows it the memory of a call */
struct pil_tee_pas {
	struct pil_pas *pas;
	struct pil_tee_board *board;
};

/** pil_tee_pas_open() - a client opens a session. Return: PIL_TEE_SUCCESS, PIL_TEE_ACCESS_DENIED, PIL_TEE_BAD_PARAMETERS */
uint32_t pil_tee_pas_open(struct pil_tee_pas *t, uint32_t login, const struct pil_tee_call *call);

/** pil_tee_pas_invoke() - a command. Return: as pil_tee_rproc_invoke() */
uint32_t pil_tee_pas_invoke(struct pil_tee_pas *t, struct pil_tee_call *call);

/**
 * struct pil_tee_events - the events door, which knows nothing but the way to the PTA, and keeps nothing: each call may block
 * @invoke, @ctx: as in struct pil_tee_board
 */
struct pil_tee_events {
	uint32_t (*invoke)(void *ctx, struct pil_tee_call *call);
	void *ctx;
};

/** pil_tee_events_open() - a client opens a session. Return: PIL_TEE_SUCCESS, PIL_TEE_ACCESS_DENIED, PIL_TEE_BAD_PARAMETERS */
uint32_t pil_tee_events_open(uint32_t login, const struct pil_tee_call *call);

/** pil_tee_events_invoke() - a command; WAIT ends with an event or its time-out. Return: the PTA's result, or why there was no call */
uint32_t pil_tee_events_invoke(const struct pil_tee_events *e, struct pil_tee_call *call);

#endif
