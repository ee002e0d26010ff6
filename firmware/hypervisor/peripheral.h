/* SPDX-License-Identifier: BSD-2-Clause */
/* What is under way for each peripheral: shared by those who carry requests out, and used under hyp_lock. */
#ifndef HYPERVISOR_PERIPHERAL_H
#define HYPERVISOR_PERIPHERAL_H

#include "hypervisor.h"

/**
 * enum hyp_step - which call to the secure world is under way
 *
 *   INIT_IMAGE      [STOP, if something is up] -> INIT
 *   AUTH_AND_RESET  TABLE (resource table, if it has streams) -> AUTH -> NARROW (the table again: a manifest may have left less)
 *   SHUTDOWN        STOP
 *   others          PLAIN
 */
enum hyp_step {
	HYP_IDLE = 0,
	HYP_PLAIN,
	HYP_INIT,
	HYP_TABLE,
	HYP_AUTH,
	HYP_NARROW,
	HYP_STOP,
};

/**
 * struct hyp_peripheral - what is under way for it
 * @step:    HYP_IDLE: nothing
 * @inside:  a CPU is carrying the step out; otherwise it was interrupted
 * @session: what an interrupted step goes on with
 * @call:    the host's call, its first arguments (before the host runs: the hypervisor's own)
 * @own:     the metadata of its INIT_IMAGE is in the buffer already; the host is not asked for it
 * @held:    its carve-out is out of the host's reach
 * @buffer_bridge, @carveout_bridge: handles; 0: none
 */
struct hyp_peripheral {
	enum hyp_step step;
	bool inside;
	uint64_t session;
	struct hyp_regs call;
	bool own;
	bool held;
	uint64_t buffer_bridge;
	uint64_t carveout_bridge;
};

extern struct hyp_peripheral hyp_peripherals[PIL_MAX_PERIPHERALS];

/* request.c */
unsigned int hyp_index(const struct hyp_peripheral *p);
const struct pil_peripheral_desc *hyp_desc(const struct hyp_peripheral *p);
uint32_t hyp_function(const struct hyp_regs *r);
void hyp_refuse(const struct hyp_peripheral *p, const char *what, struct hyp_regs *r, int64_t status);

/* hold.c: the carve-out is the host's, or the streams'. hyp_taken(): the peripheral that has the same one now, or NULL */
const struct hyp_peripheral *hyp_taken(const struct hyp_peripheral *p);
void hyp_hold(struct hyp_peripheral *p);
void hyp_give_back(struct hyp_peripheral *p);

/*
 * hold.c: bridges. Never interrupted: these calls name no peripheral. Return: a handle, or 0. A boot stage makes none, which is as good:
 * the secure world wants to see them only of who has enabled them
 */
uint64_t hyp_bridge(uint64_t base, uint64_t size);
void hyp_unbridge(const struct hyp_peripheral *p, uint64_t *handle);

/*
 * steps.c: make the call of a step ready (Return: false when the answer is in @r already), and take its answer (Return: the step that
 * follows; HYP_IDLE: @r is the host's answer)
 */
bool hyp_prepare(struct hyp_peripheral *p, struct hyp_regs *r);
enum hyp_step hyp_finish(struct hyp_peripheral *p, struct hyp_regs *r);

#endif
