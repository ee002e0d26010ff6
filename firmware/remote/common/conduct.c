/* SPDX-License-Identifier: BSD-2-Clause */
#include "conduct.h"

#include <stddef.h>

#include "program.h"

static void __attribute__((noinline)) run_at(uint64_t address)
{
	void (*code)(void) = NULL;

	__asm__ volatile("mov %0, %1" : "=r"(code) : "r"(address));
	code();
}

static void read_unmapped(void)
{
	say("reads an address that is not mapped");
	(void)*(volatile uint32_t *)(uintptr_t)PIL_CTRL_UNMAPPED;
	say("the read worked");
}

static void write_unmapped(void)
{
	say("writes to an address that is not mapped");
	*(volatile uint32_t *)(uintptr_t)PIL_CTRL_UNMAPPED = 0;
	say("the write worked");
}

static void run_unmapped(void)
{
	say("jumps to an address that is not mapped");
	run_at(PIL_CTRL_UNMAPPED);
	say("the jump worked");
}

/* a 'ret' in the control page: with execution allowed there, the host could run what was never signed */
static void run_shared(uint64_t ctrl)
{
	say("jumps to memory that the host can write");
	*ctrl_word(ctrl, PIL_CTRL_COUNT) = 0xd65f03c0;
	run_at(ctrl + PIL_CTRL_COUNT);
	say("the jump worked");
}

static void hang(struct conduct *c)
{
	say("hangs");
	c->hung = true;
}

static void ignore_stop(struct conduct *c)
{
	say("will ignore the request to stop");
	c->ignore_stop = true;
}

bool misbehave(struct conduct *c, uint64_t ctrl, uint32_t request)
{
	switch (request) {
	case PIL_CTRL_READ_UNMAPPED:
		read_unmapped();
		return true;
	case PIL_CTRL_HANG:
		hang(c);
		return true;
	case PIL_CTRL_FATAL:
		fail();
		return true;
	case PIL_CTRL_RUN_SHARED:
		run_shared(ctrl);
		return true;
	case PIL_CTRL_IGNORE_STOP:
		ignore_stop(c);
		return true;
	case PIL_CTRL_WRITE_UNMAPPED:
		write_unmapped();
		return true;
	case PIL_CTRL_RUN_UNMAPPED:
		run_unmapped();
		return true;
	default:
		return false;
	}
}
