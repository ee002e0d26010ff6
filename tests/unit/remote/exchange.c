/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver of the host's side: what both sides do when they keep to the rules. */
#include "expect.h"

#include <string.h>

#include "exchange.h"

struct driver d;

int new_driver(void **state)
{
	(void)state;
	return driver_new(&d) ? 0 : -1;
}

int free_driver(void **state)
{
	(void)state;
	driver_free(&d);
	return 0;
}

void expect_announced(const char *name, uint32_t address)
{
	struct message m = { 0 };
	uint32_t words[2] = { 0 };

	assert_true(driver_receive(&d, &m));
	assert_int_equal(m.source, address);
	assert_int_equal(m.target, RPMSG_NAME_SERVICE);
	assert_int_equal(m.length, RPMSG_ANNOUNCEMENT);
	assert_string_equal((char *)m.data, name);
	memcpy(words, m.data + RPMSG_NAME, sizeof(words));
	assert_int_equal(words[0], address);
	assert_int_equal(words[1], 0);
}

void expect_both_announced(void)
{
	struct message m = { 0 };

	expect_announced("first", 0x400);
	expect_announced("second", 0x401);
	assert_false(driver_receive(&d, &m));
}

/* a host with a name service that has heard of both */
void start(void)
{
	driver_start(&d, RPMSG_FEATURE_NAMES, OK);
	assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_TO_HOST);
	assert_int_equal(d.device.state, RPMSG_UP);
	expect_both_announced();
}

static void fill(uint8_t *data, uint16_t length, unsigned int seed)
{
	for (unsigned int i = 0; i < length; i++)
		data[i] = (uint8_t)(seed * 31 + i * 7 + 1);
}

void send(uint32_t target, uint16_t length, unsigned int seed)
{
	uint8_t data[DRIVER_MOST] = { 0 };

	fill(data, length, seed);
	assert_true(driver_send(&d, 0x500 + seed, target, data, length));
}

void expect_echo(uint32_t service, uint16_t length, unsigned int seed)
{
	uint8_t data[DRIVER_MOST] = { 0 };
	struct message m = { 0 };

	fill(data, length, seed);
	assert_true(driver_receive(&d, &m));
	assert_int_equal(m.source, service);
	assert_int_equal(m.target, 0x500 + seed);
	assert_int_equal(m.length, length);
	assert_memory_equal(m.data, data, length);
}

void expect_works(void)
{
	send(0x401, 12, 3);
	assert_int_equal(rpmsg_poll(&d.device), BOTH);
	expect_echo(0x401, 12, 3);
	assert_int_equal(driver_collect(&d), 1);
}
