/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Costs of the secure world as a host sees them. QEMU runs with -icount shift=0: the clock advances by one nanosecond for each
 * instruction of any CPU, so differences of time are numbers of instructions, the same in every run.
 */
#ifndef COST_H
#define COST_H

#include "payload.h"

#define LARGE	"large" /* 8 MiB of code */
#define SMALL	"small"
#define NO_CORE "no-core"
#define QUICK	"quick" /* when the archive has it, no waits are measured */

uint64_t cost_now(void); /* in ticks */
uint64_t cost_instructions(uint64_t ticks);
void cost_print(const char *kind, const char *what, uint64_t instructions);

/* hash.c: what the digest of a piece of memory costs without a secure world around it, with the library's code */
void cost_of_hash(uint64_t address, uint64_t size);
bool cost_kernels(void); /* do both ways to a digest lead to the same? */

/* tables.c: what the translation table of a carve-out takes, in blocks and page by page */
bool cost_tables(void);

/* waits.c: how long an interrupt of the host waits in each request */
bool cost_waits(void);

#endif
