// SPDX-License-Identifier: BSD-2-Clause
/*
 * What OP-TEE's SCMI server asks the platform: one agent, the host's kernel, on channel 0; clock and reset line N are those of core N.
 * The server has compared channels and ids with the counts reported here before it calls.
 */
#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <util.h>

#include "service.h"
#include "supply.h"

static struct scmi_msg_channel host_channel = {
	.threaded = true,
};

static const uint8_t protocols[] = {
	SCMI_PROTOCOL_ID_CLOCK,
	SCMI_PROTOCOL_ID_RESET_DOMAIN,
	SCMI_PROTOCOL_ID_POWER_DOMAIN,
	0,
};

struct scmi_msg_channel *plat_scmi_get_channel(unsigned int channel_id)
{
	return channel_id == SCMI_HOST_CHANNEL ? &host_channel : NULL;
}

size_t plat_scmi_protocol_count(void)
{
	return ARRAY_SIZE(protocols) - 1;
}

const uint8_t *plat_scmi_protocol_list(unsigned int channel_id __unused)
{
	return protocols;
}

const char *plat_scmi_vendor_name(void)
{
	return "pilot";
}

const char *plat_scmi_sub_vendor_name(void)
{
	return "virt";
}

size_t plat_scmi_clock_count(unsigned int channel_id __unused)
{
	return SUPPLY_CORES;
}

const char *plat_scmi_clock_get_name(unsigned int channel_id __unused, unsigned int scmi_id)
{
	return supply_name(scmi_id, SUPPLY_CLOCK);
}

int32_t plat_scmi_clock_rates_array(unsigned int channel_id __unused, unsigned int scmi_id, size_t start_index,
				    unsigned long *rates, size_t *nb_elts)
{
	if (rates && !start_index && *nb_elts)
		rates[0] = supply_clock_rate(scmi_id);
	else if (rates)
		return SCMI_OUT_OF_RANGE;
	*nb_elts = 1;

	return SCMI_SUCCESS;
}

unsigned long plat_scmi_clock_get_rate(unsigned int channel_id __unused, unsigned int scmi_id)
{
	return supply_clock_rate(scmi_id);
}

int32_t plat_scmi_clock_set_rate(unsigned int channel_id __unused, unsigned int scmi_id, unsigned long rate)
{
	return rate == supply_clock_rate(scmi_id) ? SCMI_SUCCESS : SCMI_OUT_OF_RANGE;
}

int32_t plat_scmi_clock_get_state(unsigned int channel_id __unused, unsigned int scmi_id)
{
	return supply_is_on(scmi_id, SUPPLY_CLOCK);
}

int32_t plat_scmi_clock_set_state(unsigned int channel_id __unused, unsigned int scmi_id, bool enable_not_disable)
{
	return supply_request(scmi_id, SUPPLY_CLOCK, enable_not_disable);
}

size_t plat_scmi_rd_count(unsigned int channel_id __unused)
{
	return SUPPLY_CORES;
}

const char *plat_scmi_rd_get_name(unsigned int channel_id __unused, unsigned int scmi_id)
{
	return supply_name(scmi_id, SUPPLY_RESET);
}

/* Reset state 0 is the whole core with loss of its context: the only one there is. */
int32_t plat_scmi_rd_autonomous(unsigned int channel_id __unused, unsigned int scmi_id, unsigned int state)
{
	int32_t status = SCMI_SUCCESS;

	if (state)
		return SCMI_NOT_SUPPORTED;
	status = supply_request(scmi_id, SUPPLY_RESET, false);

	return status ? status : supply_request(scmi_id, SUPPLY_RESET, true);
}

int32_t plat_scmi_rd_set_state(unsigned int channel_id __unused, unsigned int scmi_id, bool assert_not_deassert)
{
	return supply_request(scmi_id, SUPPLY_RESET, !assert_not_deassert);
}
