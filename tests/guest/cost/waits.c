/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interrupt of the host becomes pending at a chosen moment of a request; how long is it until the host has the CPU back? The
 * timer is set anew each time, so that it strikes every PERIOD instructions: a stretch without a wait longer than that
 * is hit at least once.
 */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "cost.h"

/* in instructions */
#define PERIOD 3000u
#define STEP   250u /* between the first strikes of two runs */
#define RUNS   (PERIOD / STEP)

static uint64_t longest;

static uint64_t strike_in(uint64_t instructions)
{
	uint64_t due = cost_now() + instructions * (fw_read(cntfrq_el0) / 1000000u) / 1000u;

	fw_write(cnthp_cval_el2, due);
	fw_write(cnthp_ctl_el2, 1);
	fw_isb();
	return due;
}

static void issue(struct scm_call *c, uint64_t x0, uint64_t x6, uint64_t first)
{
	uint64_t due = strike_in(first), now = 0;

	c->out = c->in;
	c->out.x[0] = x0;
	c->out.x[6] = x6;
	smc_call(&c->out);
	now = cost_now();
	if (now > due && now - due > longest)
		longest = now - due;
}

/* Return: the status of the whole request */
static int64_t run(struct scm_call *c, uint64_t first)
{
	issue(c, c->in.x[0], 0, first);
	while (c->out.x[0] == PIL_SCM_INTERRUPTED) {
		uint64_t session = c->out.x[6];

		timer_take();
		c->interruptions++;
		issue(c, PIL_SCM_INTERRUPTED, session, PERIOD);
	}
	timer_take();
	return (int64_t)c->out.x[0];
}

static void report(const char *what)
{
	cost_print("wait", what, cost_instructions(longest));
	longest = 0;
}

static void prepare(struct scm_call c[4], const struct archive_entry *e)
{
	prepare_init_image(&c[0], archive_metadata(e, 0));
	prepare_mem_setup(&c[1], e->place, e->span);
	prepare_auth(&c[2]);
	prepare_shutdown(&c[3]);
}

/* every request of an image's life, struck at every phase */
static bool image(const char *name, const char *const what[4], unsigned int runs)
{
	const struct archive_entry *e = archive_find(name);

	for (unsigned int r = 0; r < 4; r++) {
		for (unsigned int i = 0; i < runs; i++) {
			struct scm_call c[4] = { 0 };

			prepare(c, e);
			for (unsigned int k = 0; k < 4; k++) {
				if (k == 2)
					archive_copy_memory(e);
				if (!same(what[k], k == r ? run(&c[k], i * STEP) : scm_complete(&c[k]), 0))
					return false;
			}
		}
		report(what[r]);
	}
	return true;
}

bool cost_waits(void)
{
	static const char *const small[4] = { "init-small", "mem-setup-small", "auth-small", "shutdown-small" };
	static const char *const large[4] = { "init-large", "mem-setup-large", "auth-large", "shutdown-large" };

	return image(SMALL, small, RUNS) && image(LARGE, large, 1);
}
