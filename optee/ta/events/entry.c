/* SPDX-License-Identifier: BSD-2-Clause */
/* The TEE's entry points of the events TA. Its one command blocks in the PTA, with nothing held here that another session could want. */
#include "pilot_ta.h"

TEE_Result TA_CreateEntryPoint(void)
{
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
	ta_pta_close();
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[TEE_NUM_PARAMS], void **context)
{
	struct pil_tee_call call = ta_take_call(0, types, params);

	(void)context;
	return pil_tee_events_open(ta_login(), &call);
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	static const struct pil_tee_events door = { .invoke = ta_pta };
	struct pil_tee_call call = ta_take_call(command, types, params);
	TEE_Result result = pil_tee_events_invoke(&door, &call);

	(void)context;
	ta_give_results(&call, params);
	return result;
}
