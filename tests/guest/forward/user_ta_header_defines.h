/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef USER_TA_HEADER_DEFINES_H
#define USER_TA_HEADER_DEFINES_H

#if defined(FORWARD_80a4c275)
#define TA_UUID                                                                                                        \
	{                                                                                                              \
		0x80a4c275, 0x0a47, 0x4905,                                                                            \
		{                                                                                                      \
			0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08                                                 \
		}                                                                                                      \
	}
#elif defined(FORWARD_cff7d191)
#define TA_UUID                                                                                                        \
	{                                                                                                              \
		0xcff7d191, 0x7ca0, 0x4784,                                                                            \
		{                                                                                                      \
			0xaf, 0x13, 0x48, 0x22, 0x3b, 0x9a, 0x4f, 0xbe                                                 \
		}                                                                                                      \
	}
#elif defined(FORWARD_5c1f0c5e)
#define TA_UUID                                                                                                        \
	{                                                                                                              \
		0x5c1f0c5e, 0x96f1, 0x4d5b,                                                                            \
		{                                                                                                      \
			0x9d, 0x0b, 0x31, 0xf4, 0xa1, 0xc6, 0xa7, 0xde                                                 \
		}                                                                                                      \
	}
#elif defined(FORWARD_0b5ce6a4) /* nobody whom the PTA knows */
#define TA_UUID                                                                                                        \
	{                                                                                                              \
		0x0b5ce6a4, 0x0f3e, 0x4d06,                                                                            \
		{                                                                                                      \
			0xa3, 0x5c, 0x54, 0x4d, 0x0e, 0x6f, 0x7b, 0x21                                                 \
		}                                                                                                      \
	}
#endif

/* an instance for each session: one that waits holds nobody up */
#define TA_FLAGS      0
#define TA_STACK_SIZE (4 * 1024)
#define TA_DATA_SIZE  (16 * 1024)

#endif
