/* SPDX-License-Identifier: BSD-2-Clause */
/* A line goes to the monitor, which owns the console. */
#include <string.h>

#include <pilot/wire/monitor.h>

#include "service.h"

void service_log(const char *text)
{
	size_t length = strlen(text);

	service_monitor(PIL_MON_LOG, (uint64_t)text, length < PIL_MON_LOG_MAX ? length : PIL_MON_LOG_MAX, 0, NULL);
}
