/* SPDX-License-Identifier: BSD-2-Clause */
/* The TEE's entry points of the PAS TA; what they do is in lib/tee. */
#include "pilot_ta.h"

static struct pil_tee_pas door;

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
	door.pas = ta_service(&door.board);
	return door.pas ? pil_tee_pas_open(&door, ta_login(), &call) : TEE_ERROR_GENERIC;
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	struct pil_tee_call call = ta_take_call(command, types, params);
	TEE_Result result = pil_tee_pas_invoke(&door, &call);

	(void)context;
	ta_give_results(&call, params);
	return result;
}
