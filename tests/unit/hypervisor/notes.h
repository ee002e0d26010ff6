/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fakes of the secure world, stage 2 and the SMMU under the hypervisor's calls. They take notes, a letter each:
 *
 *   I M A S G  INIT_IMAGE, MEM_SETUP, AUTH_AND_RESET, SHUTDOWN, GET_RSCTABLE       V  any other call
 *   b d        a bridge is created, deleted                                        n  the streams' tables are written
 *   t g        the carve-out is taken from the host, given back
 *   + -        the core's stream is on (or, if it was, led elsewhere), off         * x  those of DMA masters are on, off
 */
#ifndef TEST_HYPERVISOR_NOTES_H
#define TEST_HYPERVISOR_NOTES_H

#include <stdint.h>

#include <pilot/image.h>

#include "hypervisor.h"

#define TABLE_SIZE 136u /* of the resource table that the secure world answers with */

struct fake {
	char notes[128];
	unsigned int interrupts; /* of each call that can be interrupted */
	unsigned int left;
	uint64_t session;
	struct hyp_regs suspended;
	int64_t status[128]; /* of a call, by its letter */
	unsigned int calls;
	struct hyp_regs last;
	int builds_that_fail; /* the n-th of them, counted from 1 */
	unsigned int held;
	bool stage; /* the hypervisor is a boot stage */
	void (*during)(void); /* another CPU, while a call is inside */
};

extern struct fake fake;
extern uint8_t host[2 * PIL_IMAGE_METADATA_MAX]; /* all the memory that the host has */

#endif
