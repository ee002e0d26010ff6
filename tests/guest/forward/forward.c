// SPDX-License-Identifier: BSD-2-Clause
/*
 * For tests: has the UUID of one of Pilot's TAs, and gives every command that it gets to Pilot's PTA as it is. So a test in Linux reaches the
 * PTA as a TA does that has been taken over.
 */
#include <tee_internal_api.h>

#define PTA_UUID                                                                                                       \
	{                                                                                                              \
		0x2f1cb9ce, 0x6b34, 0x4d0e,                                                                            \
		{                                                                                                      \
			0x8d, 0x7f, 0x6a, 0x0d, 0x6e, 0x0f, 0x3a, 0x51                                                 \
		}                                                                                                      \
	}

TEE_Result TA_CreateEntryPoint(void)
{
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param p[4], void **context)
{
	static const TEE_UUID pta = PTA_UUID;
	TEE_TASessionHandle session = TEE_HANDLE_NULL;
	uint32_t origin = 0;
	TEE_Result res = TEE_OpenTASession(&pta, TEE_TIMEOUT_INFINITE, types, p, &session, &origin);

	*context = session;
	return res;
}

void TA_CloseSessionEntryPoint(void *context)
{
	TEE_CloseTASession(context);
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t id, uint32_t types, TEE_Param p[4])
{
	uint32_t origin = 0;

	return TEE_InvokeTACommand(context, TEE_TIMEOUT_INFINITE, id, types, p, &origin);
}
