/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A gate per peripheral: at most one request is inside; it may be suspended and resumed by its session number, from any CPU. One atomic
 * word, no locks: state in bits 1:0, generation above.
 */
#ifndef PILOT_GATE_H
#define PILOT_GATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <pilot/error.h>

/** struct pil_gate - zero is a free gate */
struct pil_gate {
	_Atomic uint32_t word;
};

#define PIL_GATE_TOOK_OVER 1

/**
 * pil_gate_enter() - begin a request
 * @gate:  gate
 * @force: the request (SHUTDOWN, INIT_IMAGE, GET_RSCTABLE) may end a suspended one
 *
 * Return: 0 inside; PIL_GATE_TOOK_OVER inside, and a suspended request has lost its place: its stack and pool must be
 * thrown away and pil_pas_abandon() be called; -PIL_EBUSY somebody is inside
 */
int pil_gate_enter(struct pil_gate *gate, bool force);

/** pil_gate_leave() - end the request that is inside. Return: nothing */
void pil_gate_leave(struct pil_gate *gate);

/**
 * pil_gate_suspend() - suspend the request that is inside
 * Return: its session: a number that no earlier suspension of this gate had (until 2^30 of them)
 */
uint32_t pil_gate_suspend(struct pil_gate *gate);

/**
 * pil_gate_resume() - go on with a suspended request
 * @session: from pil_gate_suspend()
 * Return: 0 inside again; -PIL_ENOENT nothing is suspended under that number
 */
int pil_gate_resume(struct pil_gate *gate, uint32_t session);

#endif
