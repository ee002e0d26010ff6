/* SPDX-License-Identifier: BSD-2-Clause */
/* The SCM door: decode what stock qcom_scm sends (include/pilot/wire/scm.h), ask lib/pas, encode the answer. */
#ifndef PILOT_SCM_H
#define PILOT_SCM_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/pas.h>

/** struct pil_scm_call - registers of the call: x[0] is the function id */
struct pil_scm_call {
	uint64_t x[8];
};

/** struct pil_scm_answer - registers of the answer: x[0] status, sign-extended; x[1] to x[3] results */
struct pil_scm_answer {
	uint64_t x[4];
};

#define PIL_SCM_NO_PERIPHERAL (-1)

/**
 * pil_scm_peripheral() - whose gate a call must pass
 * @pas:  service
 * @call: the call
 * Return: index of the peripheral, or PIL_SCM_NO_PERIPHERAL: the call is short, touches no peripheral's state and needs no
 * gate (availability queries, unknown functions, unknown PAS ids, malformed argument descriptions)
 */
int pil_scm_peripheral(const struct pil_pas *pas, const struct pil_scm_call *call);

/**
 * pil_scm_forces() - may this call end a suspended request of its peripheral?
 * Return: true for SHUTDOWN, INIT_IMAGE, and GET_RSCTABLE, with which a host that has begun anew begins
 */
bool pil_scm_forces(const struct pil_scm_call *call);

/**
 * pil_scm_busy() - refuse a call whose gate is closed (include/pilot/gate.h), with a line in the log (PAS_BUSY)
 * @pas:   service
 * @call:  the call
 * @index: what pil_scm_peripheral() said of it
 * Return: the status for x0, PIL_SCM_EBUSY; x1 to x3 are 0
 */
int64_t pil_scm_busy(struct pil_pas *pas, const struct pil_scm_call *call, unsigned int index);

/**
 * pil_scm_handle() - carry a call out
 * @pas:  service
 * @call: the call; the caller is inside the gate that pil_scm_peripheral() named
 * @answer: what to put into x0 to x3
 * Return: nothing; every call has an answer
 */
void pil_scm_handle(struct pil_pas *pas, const struct pil_scm_call *call, struct pil_scm_answer *answer);

/**
 * pil_scm_status() - SCM status code for a result of libpilot
 * @error: 0 or a negative error class
 * Return: 0 or a negative number of wire/scm.h
 */
int64_t pil_scm_status(int error);

#endif
