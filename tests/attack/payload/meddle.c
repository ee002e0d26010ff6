/* SPDX-License-Identifier: BSD-2-Clause */
/* Another CPU that changes memory while a call runs. */
#include <fw/sysreg.h>

#include "attack.h"

static void meddle(void *arg)
{
	struct meddle *m = arg;

	while (!m->stop) {
		(void)try_write(m->address, m->turns & 1 ? m->a : m->b);
		m->turns++;
		if (m->wait_us)
			wait_us(m->wait_us);
	}
	(void)try_write(m->address, m->a);
	fw_dsb();
}

bool meddle_begin(unsigned int cpu, struct meddle *m)
{
	m->turns = 0;
	m->stop = false;
	if (!cpu_run(cpu, meddle, m))
		return false;
	while (!m->turns)
		;
	return true;
}

bool meddle_end(unsigned int cpu, struct meddle *m)
{
	m->stop = true;
	fw_dsb();
	return cpu_join(cpu);
}
