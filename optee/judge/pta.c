/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters from one form into the other, and the session with the PTA. */
#include <pilot/wire/tee_uuid.h>

#include "pilot_ta.h"

_Static_assert(TEE_NUM_PARAMS == PIL_TEE_PARAMS && TEE_LOGIN_REE_KERNEL == PIL_TEE_LOGIN_KERNEL,
	       "Pilot's numbers are the TEE's");
_Static_assert(TEE_PARAM_TYPE_VALUE_INOUT == PIL_TEE_VALUE_INOUT &&
		       TEE_PARAM_TYPE_MEMREF_INPUT == PIL_TEE_MEMREF_INPUT &&
		       TEE_PARAM_TYPE_MEMREF_INOUT == PIL_TEE_MEMREF_INOUT,
	       "types too");
_Static_assert(TEE_ERROR_ACCESS_DENIED == PIL_TEE_ACCESS_DENIED && TEE_ERROR_BAD_STATE == PIL_TEE_BAD_STATE &&
		       TEE_ERROR_BUSY == PIL_TEE_BUSY && TEE_ERROR_SHORT_BUFFER == PIL_TEE_SHORT_BUFFER &&
		       TEE_ERROR_SIGNATURE_INVALID == PIL_TEE_SIGNATURE_INVALID,
	       "results too");

static TEE_TASessionHandle session;

TEE_Result ta_pta_open(void)
{
	static const TEE_UUID uuid = PIL_TEE_UUID_BOARD;
	uint32_t origin = 0;

	if (session)
		return TEE_SUCCESS;
	return TEE_OpenTASession(&uuid, TEE_TIMEOUT_INFINITE, 0, NULL, &session, &origin);
}

void ta_pta_close(void)
{
	TEE_CloseTASession(session);
	session = TEE_HANDLE_NULL;
}

static bool is_value(uint32_t type)
{
	return type >= TEE_PARAM_TYPE_VALUE_INPUT && type <= TEE_PARAM_TYPE_VALUE_INOUT;
}

struct pil_tee_call ta_take_call(uint32_t command, uint32_t types, const TEE_Param params[TEE_NUM_PARAMS])
{
	struct pil_tee_call call = { .command = command, .types = types };

	for (unsigned int i = 0; i < TEE_NUM_PARAMS; i++) {
		uint32_t type = TEE_PARAM_TYPE_GET(types, i);

		if (is_value(type))
			call.p[i] = (struct pil_tee_param){ .a = params[i].value.a, .b = params[i].value.b };
		else if (type != TEE_PARAM_TYPE_NONE)
			call.p[i] = (struct pil_tee_param){ .buffer = params[i].memref.buffer,
							    .size = params[i].memref.size };
	}
	return call;
}

void ta_give_results(const struct pil_tee_call *call, TEE_Param params[TEE_NUM_PARAMS])
{
	for (unsigned int i = 0; i < TEE_NUM_PARAMS; i++) {
		switch (TEE_PARAM_TYPE_GET(call->types, i)) {
		case TEE_PARAM_TYPE_VALUE_OUTPUT:
		case TEE_PARAM_TYPE_VALUE_INOUT:
			params[i].value.a = call->p[i].a;
			params[i].value.b = call->p[i].b;
			break;
		case TEE_PARAM_TYPE_MEMREF_OUTPUT:
		case TEE_PARAM_TYPE_MEMREF_INOUT:
			params[i].memref.size = call->p[i].size;
			break;
		default:
			break;
		}
	}
}

uint32_t ta_pta(void *ctx, struct pil_tee_call *call)
{
	TEE_Param params[TEE_NUM_PARAMS] = { 0 };
	TEE_Result result = ta_pta_open();
	uint32_t origin = 0;

	(void)ctx;
	if (result)
		return result;
	for (unsigned int i = 0; i < TEE_NUM_PARAMS; i++) {
		uint32_t type = TEE_PARAM_TYPE_GET(call->types, i);

		if (is_value(type)) {
			params[i].value.a = call->p[i].a;
			params[i].value.b = call->p[i].b;
		} else if (type != TEE_PARAM_TYPE_NONE) {
			params[i].memref.buffer = call->p[i].buffer;
			params[i].memref.size = call->p[i].size;
		}
	}
	result = TEE_InvokeTACommand(session, TEE_TIMEOUT_INFINITE, call->command, call->types, params, &origin);
	for (unsigned int i = 0; i < TEE_NUM_PARAMS; i++) {
		if (is_value(TEE_PARAM_TYPE_GET(call->types, i))) {
			call->p[i].a = params[i].value.a;
			call->p[i].b = params[i].value.b;
		} else if (TEE_PARAM_TYPE_GET(call->types, i) != TEE_PARAM_TYPE_NONE) {
			call->p[i].size = params[i].memref.size;
		}
	}
	return result;
}

uint32_t ta_login(void)
{
	TEE_Identity identity = { 0 };

	if (TEE_GetPropertyAsIdentity(TEE_PROPSET_CURRENT_CLIENT, "gpd.client.identity", &identity))
		return TEE_LOGIN_PUBLIC;
	return identity.login;
}
