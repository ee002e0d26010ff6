/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrangement tee on the host: the model PTA, the doors of the TAs on it as the TAs have them, and programs for its processors. */
#ifndef PILOT_TESTS_TEESCENARIO_H
#define PILOT_TESTS_TEESCENARIO_H

#include <pilot/tee.h>

#include "containergen.h"
#include "pta.h"
#include "scenario.h"

#define TEESCENARIO_PROGRAM 0x1000u /* bytes of a program's ELF file, at most */
#define TEESCENARIO_MAX	    0x4000u /* of a container */
#define TEESCENARIO_ENTRY   (MODEL_PTA_DA + 0x10u)
#define TEESCENARIO_CODE    0x180u /* bytes of its first segment; 0x200 in memory */
#define TEESCENARIO_DATA    0x80u  /* of its second, 0x1000 higher */

/**
 * struct teescenario_program - an ELF file; what a field says is written as it is
 * @base:  device address of its code
 * @entry: its entry point
 * @table_da: where its resource table goes; 0: it has none
 * @table: the table
 */
struct teescenario_program {
	uint32_t base;
	uint32_t entry;
	uint32_t table_da;
	struct pil_bytes table;
};

/** teescenario_program() - describe a good one: with a table in shared memory, or without. Return: it */
struct teescenario_program teescenario_program(bool table);

/** teescenario_elf() - write it. Return: its bytes, a multiple of 8, at most TEESCENARIO_PROGRAM */
size_t teescenario_elf(const struct teescenario_program *p, uint8_t *buf);

/** struct teescenario_container - a signed program */
struct teescenario_container {
	uint8_t bytes[TEESCENARIO_MAX];
	size_t size;
};

/** teescenario_sign() - put a program into a container as @g describes it (its images are set here); aborts when it cannot */
void teescenario_sign(struct teescenario_container *c, struct containergen *g, const struct teescenario_program *p);

/** teescenario_good() - a good container for @processor of version @version, made once for each */
const struct teescenario_container *teescenario_good(uint32_t processor, uint32_t version);

/**
 * struct teescenario_ta - one TA
 * @session: with the PTA
 * @board, @pas: what it has
 */
struct teescenario_ta {
	struct model_pta_session session;
	struct pil_tee_board board;
	struct pil_pas pas;
	uint8_t piece[256];
};

/**
 * struct teescenario - the machine
 * @m:      what is behind the PTA
 * @rproc, @pas: TAs; @door, @pas_door: their doors
 * @staged: containers for which memory is taken now; @no_memory: there is none from now on
 */
struct teescenario {
	struct model_pta *m;
	struct teescenario_ta rproc, pas;
	struct pil_tee_rproc door;
	struct pil_tee_pas pas_door;
	unsigned int staged;
	bool no_memory;
};

/** teescenario_new() - a machine with the containers' key and the images' roots in its fuses; no TA has started */
void teescenario_new(struct teescenario *s, bool loose);

/** teescenario_start() - both TAs start; aborts when they cannot */
void teescenario_start(struct teescenario *s);

/** teescenario_start_rproc() - the remoteproc TA starts: at first, or anew, as after its instance was gone */
void teescenario_start_rproc(struct teescenario *s);

/** teescenario_init() - both of them */
void teescenario_init(struct teescenario *s);

/** teescenario_done() - throw it away */
void teescenario_done(struct teescenario *s);

/** teescenario_open() - a kernel client's session for @processor; aborts when it is refused */
void teescenario_open(struct teescenario *s, struct pil_tee_session *session, uint32_t processor);

/** teescenario_call() - a command with a value a = @id and nothing else. Return: the result */
uint32_t teescenario_call(struct teescenario *s, const struct pil_tee_session *session, uint32_t command, uint32_t id);

/** teescenario_load() - LOAD_FW for the session's processor. Return: the result */
uint32_t teescenario_load(struct teescenario *s, const struct pil_tee_session *session,
			  const struct teescenario_container *c);

/** teescenario_state() - STATE as @session sees it; aborts on an error. Return: PIL_TEE_STATE_... */
uint32_t teescenario_state(struct teescenario *s, const struct pil_tee_session *session);

/** teescenario_runs() - is exactly the good program, and nothing else, in the processor's memory? */
bool teescenario_runs(const struct teescenario *s, unsigned int processor);

#endif
