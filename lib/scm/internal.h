/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of lib/scm share. Internals end in _. */
#ifndef PILOT_LIB_SCM_INTERNAL_H
#define PILOT_LIB_SCM_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/scm.h>
#include <pilot/wire/scm.h>

/**
 * struct pil_scm_args_ - a decoded call
 * @index: peripheral, or negative when the call names none
 * @value: arguments; those that the call does not have are 0
 */
struct pil_scm_args_ {
	int index;
	uint64_t value[PIL_SCM_MAX_ARGS];
};

/**
 * struct pil_scm_function_ - one row of the table of functions
 * @func:    service and command
 * @fast:    may come as a fast call, too
 * @bits32:  may come in the 32-bit convention, too
 * @arginfo: argument description, exactly
 * @names:   argument 0 is a PAS id
 * @remote:  argument 1 is a remote processor in SET_REMOTE_STATE's numbering
 * @gated:   changes or looks at the peripheral's state: the gate must be passed
 * @forces:  may end a suspended request of its peripheral
 * @name:    for the log
 * @offered: does this board have it? NULL: every board has
 * @handle:  carries it out. Return: 0 or a negative error class; results go to @answer
 */
struct pil_scm_function_ {
	uint32_t func;
	bool fast;
	bool bits32;
	uint32_t arginfo;
	bool names;
	bool remote;
	bool gated;
	bool forces;
	const char *name;
	bool (*offered)(const struct pil_pas *pas);
	int (*handle)(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
};

/**
 * pil_scm_lookup_() - the row of a function id, whatever its arguments
 * @id: x0
 * Return: the row, or NULL: not offered, or not in this form
 */
const struct pil_scm_function_ *pil_scm_lookup_(uint64_t id);

/**
 * pil_scm_offers_() - is a function offered to 64-bit callers in some form?
 * @pas:  service
 * @func: service and command
 */
bool pil_scm_offers_(const struct pil_pas *pas, uint32_t func);

/** pil_scm_log_refused_() - log "scm: <name> refused: <reason>: <sentence>" from @why */
void pil_scm_log_refused_(struct pil_pas *pas, const char *name, const struct pil_why *why);

/** handlers, by function; arguments as in wire/scm.h */
int pil_scm_init_image_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_mem_setup_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_auth_and_reset_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_shutdown_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_is_supported_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_get_rsc_table_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_set_remote_state_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_video_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_assign_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_bridge_enable_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_bridge_create_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_bridge_delete_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);
int pil_scm_is_call_available_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer);

#endif
