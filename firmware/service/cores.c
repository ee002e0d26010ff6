/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting and stopping remote cores, in the parts that the monitor does them in. Between the parts interrupts are taken. */
#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>

#include "service.h"

#define STOP_LIMIT_US 10000000u /* an emulator on a busy machine may not run a CPU for seconds */

int64_t service_core_start(unsigned int core, const void *orders, uint64_t size)
{
	int64_t status = PIL_MON_EAGAIN;

	while (status == PIL_MON_EAGAIN)
		status = service_monitor(PIL_MON_CORE_START, core, (uint64_t)orders, size, NULL);
	return status;
}

int64_t service_core_stop(unsigned int core)
{
	uint64_t start = fw_time_us();
	bool late = false;
	int64_t status = PIL_MON_EAGAIN;

	/* the request may be suspended for longer than the limit: a core gets its last chance after that */
	while (status == PIL_MON_EAGAIN && !late) {
		late = fw_time_us() - start > STOP_LIMIT_US;
		status = service_monitor(PIL_MON_CORE_STOP, core, 0, 0, NULL);
		__asm__ volatile("yield");
	}
	return status;
}

int64_t service_core_power(unsigned int core, bool on)
{
	uint64_t start = fw_time_us();
	bool late = false;
	int64_t status = PIL_MON_EAGAIN;

	while (status == PIL_MON_EAGAIN && !late) {
		late = fw_time_us() - start > STOP_LIMIT_US;
		status = service_monitor(PIL_MON_CORE_POWER, core, on, 0, NULL);
		__asm__ volatile("yield");
	}
	if (status == PIL_MON_EAGAIN)
		service_monitor(PIL_MON_CORE_POWER, core, 1, 0, NULL);
	return status;
}

void service_hold_cores(void)
{
	for (unsigned int core = 0; core < PIL_MAX_CORES; core++)
		service_core_stop(core);
}
