/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef USER_TA_HEADER_DEFINES_H
#define USER_TA_HEADER_DEFINES_H

#include <pilot/wire/tee_uuid.h>

#define TA_UUID PIL_TEE_UUID_EVENTS

/* an instance for each session: a call that waits keeps nobody else waiting. Clients know it by its name, it is no device of its own */
#define TA_FLAGS 0

#define TA_STACK_SIZE (4 * 1024)
#define TA_DATA_SIZE  (4 * 1024)

#define TA_VERSION     "1.0"
#define TA_DESCRIPTION "Pilot: events of remote processors"

#endif
