// SPDX-License-Identifier: BSD-2-Clause
/*
 * The power domain management protocol, version 2.0 (Arm DEN 0056 section 4.3), which OP-TEE's server does not have: domain N is that of
 * core N.
 */
#include <drivers/scmi.h>
#include <string.h>
#include <util.h>

#include "service.h"
#include "supply.h"

#define PROTOCOL_VERSION 0x20000

/* messages */
#define POWER_VERSION		 0x0
#define POWER_ATTRIBUTES	 0x1
#define POWER_MESSAGE_ATTRIBUTES 0x2
#define POWER_DOMAIN_ATTRIBUTES	 0x3
#define POWER_STATE_SET		 0x4
#define POWER_STATE_GET		 0x5

#define ATTRIBUTE_SYNCHRONOUS BIT32(29) /* its state can be set by a message that returns when it is */
#define STATE_SET_ASYNC	      BIT32(0)

/* power states: all context lost, or on */
#define STATE_OFF BIT32(30)
#define STATE_ON  0

#define NAME_WORDS 4 /* 16 bytes */

/* A message gets its parameters, checked for number, and room behind the status; returns the status. */
typedef int32_t (*handler)(const uint32_t *in, uint32_t *out);

static int32_t version(const uint32_t *in __unused, uint32_t *out)
{
	out[0] = PROTOCOL_VERSION;

	return SCMI_SUCCESS;
}

/* Number of domains, and address and size of statistics: none. */
static int32_t attributes(const uint32_t *in __unused, uint32_t *out)
{
	out[0] = SUPPLY_CORES;
	memset(&out[1], 0, 3 * sizeof(out[1]));

	return SCMI_SUCCESS;
}

static int32_t message_attributes(const uint32_t *in, uint32_t *out)
{
	out[0] = 0;

	return in[0] <= POWER_STATE_GET ? SCMI_SUCCESS : SCMI_NOT_FOUND;
}

static int32_t domain_attributes(const uint32_t *in, uint32_t *out)
{
	const char *name = NULL;

	if (in[0] >= SUPPLY_CORES)
		return SCMI_NOT_FOUND;
	name = supply_name(in[0], SUPPLY_POWER);
	out[0] = ATTRIBUTE_SYNCHRONOUS;
	memset(&out[1], 0, NAME_WORDS * sizeof(out[1]));
	memcpy(&out[1], name, strnlen(name, NAME_WORDS * sizeof(out[1]) - 1));

	return SCMI_SUCCESS;
}

static int32_t state_set(const uint32_t *in, uint32_t *out __unused)
{
	if (in[1] >= SUPPLY_CORES)
		return SCMI_NOT_FOUND;
	if (in[0] & STATE_SET_ASYNC)
		return SCMI_NOT_SUPPORTED;
	if (in[0] || (in[2] != STATE_ON && in[2] != STATE_OFF))
		return SCMI_INVALID_PARAMETERS;

	return supply_request(in[1], SUPPLY_POWER, in[2] == STATE_ON);
}

static int32_t state_get(const uint32_t *in, uint32_t *out)
{
	if (in[0] >= SUPPLY_CORES)
		return SCMI_NOT_FOUND;
	out[0] = supply_is_on(in[0], SUPPLY_POWER) ? STATE_ON : STATE_OFF;

	return SCMI_SUCCESS;
}

static const struct {
	handler call;
	size_t in_words, out_words; /* parameters, and return values behind the status */
} messages[] = {
	[POWER_VERSION] = { version, 0, 1 },
	[POWER_ATTRIBUTES] = { attributes, 0, 4 },
	[POWER_MESSAGE_ATTRIBUTES] = { message_attributes, 1, 1 },
	[POWER_DOMAIN_ATTRIBUTES] = { domain_attributes, 1, 1 + NAME_WORDS },
	[POWER_STATE_SET] = { state_set, 3, 0 },
	[POWER_STATE_GET] = { state_get, 1, 1 },
};

size_t scmi_power_message(uint32_t message, const uint32_t *in, size_t in_words, uint32_t *out)
{
	int32_t status = SCMI_SUCCESS;

	if (message >= ARRAY_SIZE(messages))
		status = SCMI_NOT_SUPPORTED;
	else if (in_words != messages[message].in_words)
		status = SCMI_PROTOCOL_ERROR;
	else
		status = messages[message].call(in, &out[1]);
	out[0] = (uint32_t)status;

	return 1 + (status ? 0 : messages[message].out_words);
}
