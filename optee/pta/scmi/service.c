// SPDX-License-Identifier: BSD-2-Clause
/*
 * The door of the SCMI service, as Linux's driver for linaro,scmi-optee knows it (pta_scmi_client.h), in place of OP-TEE's own: that one
 * lets the server answer into memory of the caller's that may be too short for an answer, and has no power domains. Here messages and
 * answers are copied; the host sees nothing before it is complete.
 */
#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <kernel/pseudo_ta.h>
#include <pta_scmi_client.h>
#include <string.h>
#include <util.h>

#include "service.h"

/* header of a message: DEN 0056 section 4.1.2 */
#define MESSAGE_ID(header)  ((header) & GENMASK_32(7, 0))
#define MESSAGE_TYPE(header) (((header) & GENMASK_32(9, 8)) >> 8)
#define PROTOCOL_ID(header) (((header) & GENMASK_32(17, 10)) >> 10)

#define TYPE_COMMAND 0

#define MESSAGE_WORDS ((SCMI_HEADER_SIZE + SCMI_PAYLOAD_MAX) / sizeof(uint32_t))

static TEE_Result capabilities(uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_OUTPUT, TEE_PARAM_TYPE_NONE, TEE_PARAM_TYPE_NONE, TEE_PARAM_TYPE_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	params[0].value.a = PTA_SCMI_CAPS_MSG_HEADER;
	params[0].value.b = 0;

	return TEE_SUCCESS;
}

/* The host's channel is its own handle. */
static TEE_Result get_channel(uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INOUT, TEE_PARAM_TYPE_NONE, TEE_PARAM_TYPE_NONE, TEE_PARAM_TYPE_NONE) ||
	    params[0].value.b & ~PTA_SCMI_CAPS_MASK || params[0].value.a != SCMI_HOST_CHANNEL)
		return TEE_ERROR_BAD_PARAMETERS;

	return params[0].value.b & PTA_SCMI_CAPS_MSG_HEADER ? TEE_SUCCESS : TEE_ERROR_NOT_SUPPORTED;
}

/* @size: in: room at @out; out: length of the answer with its header. Both buffers are secure memory. */
static TEE_Result answer(uint32_t *in, size_t in_size, uint32_t *out, size_t *size)
{
	size_t words = 0;

	if (MESSAGE_TYPE(in[0]) != TYPE_COMMAND)
		return TEE_ERROR_BAD_PARAMETERS;
	if (PROTOCOL_ID(in[0]) != SCMI_PROTOCOL_ID_POWER_DOMAIN)
		return scmi_msg_threaded_entry(SCMI_HOST_CHANNEL, in, in_size, out, size);

	words = scmi_power_message(MESSAGE_ID(in[0]), &in[1], in_size / sizeof(in[0]) - 1, &out[1]);
	out[0] = in[0];
	*size = SCMI_HEADER_SIZE + words * sizeof(out[0]);

	return TEE_SUCCESS;
}

static TEE_Result process(uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	uint32_t in[MESSAGE_WORDS] = { }, out[MESSAGE_WORDS] = { };
	size_t in_size = params[1].memref.size, size = 0;
	TEE_Result result = TEE_SUCCESS;

	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_MEMREF_INPUT, TEE_PARAM_TYPE_MEMREF_OUTPUT,
				     TEE_PARAM_TYPE_NONE) ||
	    params[0].value.a != SCMI_HOST_CHANNEL || !params[1].memref.buffer || !params[2].memref.buffer ||
	    in_size < SCMI_HEADER_SIZE || in_size > sizeof(in) || in_size % sizeof(in[0]) ||
	    params[2].memref.size < SCMI_RESPONSE_MIN)
		return TEE_ERROR_BAD_PARAMETERS;

	memcpy(in, params[1].memref.buffer, in_size);
	size = MIN(params[2].memref.size, sizeof(out));
	result = answer(in, in_size, out, &size);
	if (result)
		return result;
	if (size > MIN(params[2].memref.size, sizeof(out)))
		return TEE_ERROR_GENERIC;
	memcpy(params[2].memref.buffer, out, size);
	params[2].memref.size = size;

	return TEE_SUCCESS;
}

static TEE_Result open_session(uint32_t types, TEE_Param params[TEE_NUM_PARAMS] __unused, void **context __unused)
{
	struct tee_ta_session *session = to_ta_session(ts_get_current_session());

	if (session->clnt_id.login != TEE_LOGIN_REE_KERNEL)
		return TEE_ERROR_ACCESS_DENIED;

	return types ? TEE_ERROR_BAD_PARAMETERS : TEE_SUCCESS;
}

static TEE_Result invoke(void *context __unused, uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
	switch (command) {
	case PTA_SCMI_CMD_CAPABILITIES:
		return capabilities(types, params);
	case PTA_SCMI_CMD_GET_CHANNEL_HANDLE:
		return get_channel(types, params);
	case PTA_SCMI_CMD_PROCESS_MSG_CHANNEL:
		return process(types, params);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

pseudo_ta_register(.uuid = PTA_SCMI_UUID, .name = "pilot.scmi",
		   .flags = PTA_DEFAULT_FLAGS | TA_FLAG_CONCURRENT | TA_FLAG_DEVICE_ENUM,
		   .open_session_entry_point = open_session, .invoke_command_entry_point = invoke);
