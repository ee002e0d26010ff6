/* SPDX-License-Identifier: BSD-2-Clause */
/* The TEE's entry points of the remoteproc TA; what they do is in lib/tee. */
#include <pta_system.h>
#include <tee_internal_api_extensions.h>

#include "pilot_ta.h"

static struct pil_tee_rproc door;
static TEE_TASessionHandle memory_session; /* with the PTA that maps memory */

static TEE_Result system_call(uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	static const TEE_UUID uuid = PTA_SYSTEM_UUID;
	TEE_Result result = TEE_SUCCESS;
	uint32_t origin = 0;

	if (!memory_session)
		result = TEE_OpenTASession(&uuid, TEE_TIMEOUT_INFINITE, 0, NULL, &memory_session, &origin);
	if (result)
		return result;
	return TEE_InvokeTACommand(memory_session, TEE_TIMEOUT_INFINITE, command, types, params, &origin);
}

/* a container is as large as a processor's memory: it is there only while it is judged and placed */
static void *stage(void *ctx, size_t size)
{
	TEE_Param params[TEE_NUM_PARAMS] = { 0 };
	uint32_t types = TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_VALUE_INOUT,
					 TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_NONE);

	(void)ctx;
	if (size > UINT32_MAX)
		return NULL;
	params[0].value.a = (uint32_t)size;
	if (system_call(PTA_SYSTEM_MAP_ZI, types, params))
		return NULL;
	return (void *)(uintptr_t)((uint64_t)params[1].value.a << 32 | params[1].value.b);
}

static void unstage(void *ctx, void *memory, size_t size)
{
	TEE_Param params[TEE_NUM_PARAMS] = { 0 };
	uint32_t types = TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_NONE,
					 TEE_PARAM_TYPE_NONE);
	uint64_t address = (uintptr_t)memory;

	(void)ctx;
	params[0].value.a = (uint32_t)((size + 0xfff) & ~(size_t)0xfff);
	params[1].value.a = (uint32_t)(address >> 32);
	params[1].value.b = (uint32_t)address;
	if (system_call(PTA_SYSTEM_UNMAP, types, params))
		EMSG("staging memory could not be given back");
}

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
	struct pil_tee_board *board = NULL;
	struct pil_tee_session *session = NULL;
	TEE_Result result = TEE_ERROR_OUT_OF_MEMORY;

	door.pas = ta_service(&board);
	if (!door.pas)
		return TEE_ERROR_GENERIC;
	door.stage = stage;
	door.unstage = unstage;
	session = TEE_Malloc(sizeof(*session), TEE_MALLOC_FILL_ZERO);
	if (session)
		result = pil_tee_rproc_open(&door, ta_login(), &call, session);
	if (result)
		TEE_Free(session);
	else
		*context = session;
	return result;
}

void TA_CloseSessionEntryPoint(void *context)
{
	pil_tee_rproc_close(&door, context);
	TEE_Free(context);
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	struct pil_tee_call call = ta_take_call(command, types, params);
	TEE_Result result = pil_tee_rproc_invoke(&door, context, &call);

	ta_give_results(&call, params);
	return result;
}
