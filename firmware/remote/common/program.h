/* SPDX-License-Identifier: BSD-2-Clause */
/* What every program for a remote core has: calls to its shim, and its control page (wire/remote.h). */
#ifndef REMOTE_PROGRAM_H
#define REMOTE_PROGRAM_H

#include <stdint.h>

#include <pilot/wire/remote.h>

#define WATCHDOG_MS 500u

/* Make the shim's call @number with arguments @a and @b; its result. */
int64_t call(uint64_t number, uint64_t a, uint64_t b);

/* Put the line @s into the secure log. */
void say(const char *s);

/* Report a fatal error with a text; the shim lets nobody come back. */
void fail(void);

static inline void barrier(void)
{
	__asm__ volatile("dmb sy" ::: "memory");
}

/* The 64-bit word at @offset of the control page at @ctrl. */
static inline volatile uint64_t *ctrl_word(uint64_t ctrl, unsigned int offset)
{
	return (volatile uint64_t *)(uintptr_t)(ctrl + offset);
}

/* Make the control page at @ctrl one of a program that has not beaten yet, and has no request. */
void begin(uint64_t ctrl);

/* Show the heartbeat of that number, which is not 0, on the control page at @ctrl. */
void beat(uint64_t ctrl, uint64_t count);

/* The request on the control page at @ctrl, which is gone from there; 0: there is none. */
uint32_t take_request(uint64_t ctrl);

#endif
