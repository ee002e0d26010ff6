/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs of the host that call the service at once, one step at a time: threads of which exactly one has the turn. It may pass at each call
 * of a function of the board, by a plan that can be repeated.
 */
#ifndef ATTACK_MODEL_SCHEDULE_H
#define ATTACK_MODEL_SCHEDULE_H

#include "host.h"

#define SCHEDULE_CPUS	  3u
#define SCHEDULE_SWITCHES 2u
#define SCHEDULE_NEVER	  UINT32_MAX

/**
 * struct schedule - a plan, and what came of it
 * @switch_at: steps at which the turn passes to the next CPU
 * @seed:      if not 0, the turn passes by chance instead
 * @suspends:  whoever loses the turn inside a gate is suspended there, and may lose its place; else it goes on as another CPU does
 * @meddles:   the host tries to change a byte of every carve-out at each step
 * @steps:     result: how many there were
 * @busy, @taken_over: result: requests that found their gate closed; that ended a suspended one
 */
struct schedule {
	uint32_t switch_at[SCHEDULE_SWITCHES];
	uint64_t seed;
	bool suspends;
	bool meddles;
	uint32_t steps;
	unsigned int busy, taken_over;
};

/** struct schedule_cpu - one CPU, and its requests in their order */
struct schedule_cpu {
	const enum host_request *requests;
	unsigned int count;
};

/** schedule_run() - run @count CPUs to their end. Return: NULL, or what was broken at a step */
const char *schedule_run(struct schedule *plan, struct scenario *s, const struct schedule_cpu *cpus,
			 unsigned int count);

#endif
