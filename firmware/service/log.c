/* SPDX-License-Identifier: BSD-2-Clause */
/* A line goes to the monitor, which owns the console; so does a record of the trace, for which it keeps the rings. */
#include <string.h>

#include <pilot/wire/monitor.h>

#include "service.h"

void service_log(const char *text)
{
	size_t length = strlen(text);

	service_monitor(PIL_MON_LOG, (uint64_t)text, length < PIL_MON_LOG_MAX ? length : PIL_MON_LOG_MAX, 0, NULL);
}

void service_trace(uint32_t event, uint64_t a, uint64_t b)
{
	service_monitor(PIL_MON_TRACE, event, a, b, NULL);
}
