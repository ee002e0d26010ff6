/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PTA of arrangement tee and what it drives, in one process: two remote processors, their memory, fuses and rollback counters.
 * It obeys include/pilot/wire/tee_board.h to the letter and refuses what the real one refuses; what a TA should never even ask for is
 * counted. Several TAs call it, each with a session of its own.
 */
#ifndef PILOT_MODEL_PTA_H
#define PILOT_MODEL_PTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/counters.h>
#include <pilot/tee.h>
#include <pilot/wire/fuses.h>

#include "model.h"

#define MODEL_PTA_PROCESSORS 2u
#define MODEL_PTA_M33	     0u			  /* PAS id 1, software 1, with shared memory */
#define MODEL_PTA_M0	     1u			  /* PAS id 18, software 2, without */
#define MODEL_PTA_DA	     UINT64_C(0x10000000) /* what runs */
#define MODEL_PTA_DA_IPC     UINT64_C(0x20000000)
#define MODEL_PTA_DA_CTRL    UINT64_C(0x40000000)
#define MODEL_PTA_IPC	     UINT64_C(0xb8a00000)
#define MODEL_PTA_IPC_SIZE   0x10000u
#define MODEL_PTA_TABLE_SIZE 0x1000u					 /* of it, for the resource table */
#define MODEL_PTA_SIZE(p)    ((p) == MODEL_PTA_M33 ? 0x10000u : 0x4000u) /* of what runs, and of the carve-out */

/** enum model_pta_fault - what goes wrong */
enum model_pta_fault {
	MODEL_PTA_OK = 0,
	MODEL_PTA_WILL_NOT_STOP,
	MODEL_PTA_WILL_NOT_START,
};

/**
 * struct model_pta_processor - one remote processor
 * @ownership: PIL_TEE_DISABLED ...
 * @claim:   which TA has it; NULL: none
 * @state:   PIL_TEE_CORE_...
 * @ready, @suspended: what its program said, what it was told
 * @kept:    it runs without a driver of the host's
 * @entry, @flags: of the last start
 * @own:     memory that only it and the secure world reach
 * @host:    the carve-out, or memory that it runs from when the host manages it
 */
struct model_pta_processor {
	uint32_t ownership;
	const void *claim;
	uint32_t state;
	bool ready, suspended, kept;
	uint64_t entry;
	uint32_t flags;
	uint8_t *own;
	uint8_t *host;
};

struct model_pta;
typedef void (*model_pta_hook)(struct model_pta *m, const struct pil_tee_call *call, void *arg);

/**
 * struct model_pta - the machine
 * @processor: remote processors
 * @ipc:      memory that m33 and the host share
 * @fuses:    what FUSES gives
 * @flash, @counters: rollback counters
 * @fault:    what goes wrong from now on
 * @refused:  requests that the PTA refused because no TA should make them
 * @hook, @hook_arg: called first in each call; may act as the host does at that moment
 * @fail_at, @calls: the call that fails (from 1, 0: none), and calls that were made since it was set
 * @log, @log_size: lines so far
 * @traced, @records: event and id of the last record of the trace, and how many there were
 */
struct model_pta {
	struct model_pta_processor processor[MODEL_PTA_PROCESSORS];
	uint8_t *ipc;
	struct pil_fuses_all fuses;
	struct model_flash flash;
	struct pil_counters counters;
	enum model_pta_fault fault;
	unsigned int refused;
	model_pta_hook hook;
	void *hook_arg;
	unsigned int fail_at, calls;
	char *log;
	size_t log_size;
	uint64_t now;
	uint32_t traced;
	unsigned int records;
};

/** struct model_pta_session - a TA's session with it; @name: of the TA, for people */
struct model_pta_session {
	struct model_pta *m;
	const char *name;
};

/** model_pta_new() - build a machine: both processors TEE-managed and held, @device in its fuses, no key. Return: NULL without memory */
struct model_pta *model_pta_new(const struct pil_device *device);

/** model_pta_free() - throw it away; NULL is fine */
void model_pta_free(struct model_pta *m);

/** model_pta_key() - a key for containers: its hash, and whether containers without Pilot's TLVs may run */
void model_pta_key(struct model_pta *m, const uint8_t hash[PIL_FUSES_HASH], bool loose);

/** model_pta_invoke() - the PTA's entry point; @ctx is a struct model_pta_session */
uint32_t model_pta_invoke(void *ctx, struct pil_tee_call *call);

/** model_pta_is_zero() - is what only processor @p and the secure world reach all zero? */
bool model_pta_is_zero(const struct model_pta *m, unsigned int p);

/** model_pta_log() - all lines so far */
const char *model_pta_log(const struct model_pta *m);

/** model_pta_desc - the board as its TAs know it */
extern const struct pil_board_desc model_pta_desc;

#endif
