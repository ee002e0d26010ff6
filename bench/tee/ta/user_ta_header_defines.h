/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef USER_TA_HEADER_DEFINES_H
#define USER_TA_HEADER_DEFINES_H

#define TA_UUID                                                                              \
	{                                                                                    \
		0x7d1c8d0a, 0x3f2b, 0x4f6e, { 0x9b, 0x55, 0x6a, 0x2e, 0x0b, 0x9c, 0x4d, 0x17 } \
	}

/* as upstream has it, but for the room: containers of Pilot's have more statements */
#define TA_FLAGS      (TA_FLAG_DEVICE_ENUM | TA_FLAG_SINGLE_INSTANCE | TA_FLAG_INSTANCE_KEEP_ALIVE)
#define TA_STACK_SIZE (16 * 1024)
#define TA_DATA_SIZE  (16 * 1024)

#define TA_VERSION     "1.0"
#define TA_DESCRIPTION "remoteproc of OP-TEE, for comparison"

#endif
