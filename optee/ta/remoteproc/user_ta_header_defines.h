/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef USER_TA_HEADER_DEFINES_H
#define USER_TA_HEADER_DEFINES_H

#include <pilot/wire/tee_uuid.h>

#define TA_UUID PIL_TEE_UUID_RPROC

/* one instance that lasts: it knows what runs, whoever asks, and after the last client has gone */
#define TA_FLAGS (TA_FLAG_DEVICE_ENUM | TA_FLAG_SINGLE_INSTANCE | TA_FLAG_MULTI_SESSION | TA_FLAG_INSTANCE_KEEP_ALIVE)

#define TA_STACK_SIZE (32 * 1024)
#define TA_DATA_SIZE  (16 * 1024) /* heap: sessions */

#define TA_VERSION     "1.0"
#define TA_DESCRIPTION "Pilot: remote processors"

#endif
