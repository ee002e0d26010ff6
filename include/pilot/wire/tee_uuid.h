/* SPDX-License-Identifier: BSD-2-Clause */
/* By what names the services of arrangement tee are known, as initialisers of GlobalPlatform's TEE_UUID. docs/SPEC.md section 11. */
#ifndef PILOT_WIRE_TEE_UUID_H
#define PILOT_WIRE_TEE_UUID_H

/* 80a4c275-0a47-4905-8285-1486a9771a08: OP-TEE's own remoteproc TA has it too, and Pilot's takes its place */
#define PIL_TEE_UUID_RPROC                                                                                             \
	{                                                                                                              \
		0x80a4c275, 0x0a47, 0x4905,                                                                            \
		{                                                                                                      \
			0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08                                                 \
		}                                                                                                      \
	}

/* cff7d191-7ca0-4784-af13-48223b9a4fbe: what Linux's qcom_pas_tee looks for */
#define PIL_TEE_UUID_PAS                                                                                               \
	{                                                                                                              \
		0xcff7d191, 0x7ca0, 0x4784,                                                                            \
		{                                                                                                      \
			0xaf, 0x13, 0x48, 0x22, 0x3b, 0x9a, 0x4f, 0xbe                                                 \
		}                                                                                                      \
	}

/* 5c1f0c5e-96f1-4d5b-9d0b-31f4a1c6a7de */
#define PIL_TEE_UUID_EVENTS                                                                                            \
	{                                                                                                              \
		0x5c1f0c5e, 0x96f1, 0x4d5b,                                                                            \
		{                                                                                                      \
			0x9d, 0x0b, 0x31, 0xf4, 0xa1, 0xc6, 0xa7, 0xde                                                 \
		}                                                                                                      \
	}

/* 2f1cb9ce-6b34-4d0e-8d7f-6a0d6e0f3a51: the PTA */
#define PIL_TEE_UUID_BOARD                                                                                             \
	{                                                                                                              \
		0x2f1cb9ce, 0x6b34, 0x4d0e,                                                                            \
		{                                                                                                      \
			0x8d, 0x7f, 0x6a, 0x0d, 0x6e, 0x0f, 0x3a, 0x51                                                 \
		}                                                                                                      \
	}

#endif
