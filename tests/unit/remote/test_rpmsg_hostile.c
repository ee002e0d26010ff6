/* SPDX-License-Identifier: BSD-2-Clause */
/* RPMsg of the remote core's program against hosts that break the rules. */
#include "expect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "exchange.h"

#define ANY 0xffffffffu

#define FIELD(member) ((uint32_t)offsetof(struct m33_table, member))

/* --- hosts that break the rules --- */

struct change {
	uint32_t offset;
	uint32_t value;
};

static void tables_of_nonsense_are_not_believed(void **state)
{
	static const struct change changes[] = {
		{ FIELD(vring[0].da), ANY },
		{ FIELD(vring[1].da), ANY },
		{ FIELD(vring[0].da), 0 },
		{ FIELD(vring[0].da), VIRT_TEE_DA_IPC - 0x1000 },
		{ FIELD(vring[0].da), VIRT_TEE_DA_IPC + VIRT_TEE_IPC_VRING0 + 4 },
		{ FIELD(vring[0].da), VIRT_TEE_DA_IPC + DRIVER_SIZE - 0x1000 },
		{ FIELD(vring[0].da), VIRT_TEE_DA_IPC + DRIVER_SIZE },
		{ FIELD(vring[1].da), 0xfffff000 },
		{ FIELD(vring[1].da), VIRT_TEE_DA_MEM },
		{ FIELD(vring[0].num), 0 },
		{ FIELD(vring[0].num), 48 },
		{ FIELD(vring[0].num), 2048 },
		{ FIELD(vring[1].num), 0x80000000 },
		{ FIELD(vring[0].align), 0 },
		{ FIELD(vring[0].align), 8 },
		{ FIELD(vring[0].align), 0x3000 },
		{ FIELD(vring[1].align), 0x80000000 },
		{ FIELD(buffers.da), 0 },
		{ FIELD(buffers.da), VIRT_TEE_DA_IPC - 1 },
		{ FIELD(buffers.da), ANY },
		{ FIELD(buffers.len), DRIVER_SIZE - VIRT_TEE_IPC_BUFFER + 1 },
		{ FIELD(buffers.len), ANY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		memset(d.memory + VIRT_TEE_IPC_VRING0, 0, DRIVER_SIZE - VIRT_TEE_IPC_VRING0);
		driver_start(&d, RPMSG_FEATURE_NAMES, OK);
		put32(&d, changes[i].offset, changes[i].value);
		assert_int_equal(rpmsg_poll(&d.device), 0);
		assert_int_equal(d.device.state, RPMSG_DOWN);
		driver_load(&d);
	}
	start();
	expect_works();
}

static void expect_broken(void)
{
	const uint16_t in = get16(&d, d.in.used + 2), out = get16(&d, d.out.used + 2);

	rpmsg_poll(&d.device);
	assert_int_equal(d.device.state, RPMSG_BROKEN);
	assert_int_equal(get16(&d, d.in.used + 2), in);
	assert_int_equal(get16(&d, d.out.used + 2), out);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	assert_int_equal(d.device.state, RPMSG_BROKEN);
	driver_status(&d, 0);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	start();
	expect_works();
}

static void an_index_runs_ahead(void **state)
{
	static const uint16_t ahead[] = { 33, 0x7fff, 0x8000, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof(ahead) / sizeof(ahead[0]); i++) {
		start();
		put16(&d, d.out.avail + 2, (uint16_t)(d.out.added + ahead[i]));
		expect_broken();
		start();
		send(0x401, 3, 1);
		put16(&d, d.in.avail + 2, (uint16_t)(d.in.seen + ahead[i]));
		expect_broken();
	}
}

static void a_head_is_none(void **state)
{
	static const uint16_t heads[] = { 32, 0x8000, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		start();
		send(0x401, 3, 1);
		put16(&d, d.out.avail + 4, heads[i]);
		expect_broken();
		start();
		send(0x401, 3, 1);
		put16(&d, d.in.avail + 4 + d.in.seen % d.num * 2, heads[i]);
		expect_broken();
	}
}

static void descriptors_are_not_one_buffer_of_the_right_kind(void **state)
{
	static const uint16_t flags[] = { 1, 2, 3, 4, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		start();
		send(0x401, 3, 1);
		put16(&d, d.out.desc + 12, flags[i]);
		expect_broken();
		start();
		send(0x401, 3, 1);
		put16(&d, d.in.desc + d.in.seen % d.num * 16 + 12, flags[i] ^ 2);
		expect_broken();
	}
}

static void buffers_are_elsewhere(void **state)
{
	static const struct {
		uint64_t address;
		uint32_t size;
	} places[] = {
		{ 0, 512 },
		{ DRIVER_PA - 4, 512 },
		{ DRIVER_PA + 2, 64 },
		{ DRIVER_DA, 512 },
		{ VIRT_TEE_IPC, 512 },
		{ VIRT_TEE_M33_MEM, 512 },
		{ VIRT_TEE_DA_MEM, 512 },
		{ VIRT_TEE_IPC + DRIVER_SIZE - 508, 512 },
		{ VIRT_TEE_IPC + DRIVER_SIZE, 16 },
		{ DRIVER_PA, 15 },
		{ DRIVER_PA, 0 },
		{ DRIVER_PA, 0xffffffff },
		{ DRIVER_PA | 1ull << 32, 512 },
		{ UINT64_MAX - 256, 512 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		for (unsigned int in = 0; in < 2; in++) {
			uint32_t desc = 0;

			start();
			send(0x401, 3, 1);
			desc = in ? d.in.desc + d.in.seen % d.num * 16 : d.out.desc;
			put32(&d, desc, (uint32_t)places[i].address);
			put32(&d, desc + 4, (uint32_t)(places[i].address >> 32));
			put32(&d, desc + 8, places[i].size);
			expect_broken();
		}
	}
}

static void a_receive_buffer_is_too_small(void **state)
{
	(void)state;
	start();
	send(0x401, 100, 1);
	put32(&d, d.in.desc + d.in.seen % d.num * 16 + 8, 115);
	expect_broken();
	driver_start(&d, RPMSG_FEATURE_NAMES, OK);
	put32(&d, d.in.desc + 8, 55);
	expect_broken();
}

/* any words of table and rings, from another thread, while the core looks */
static void *write_all_the_time(void *arg)
{
	static const uint32_t places[] = { 0, VIRT_TEE_IPC_VRING0, VIRT_TEE_IPC_VRING1, VIRT_TEE_IPC_BUFFER };
	const atomic_bool *stop = arg;
	uint32_t x = 1;

	while (!atomic_load(stop)) {
		volatile uint32_t *word = NULL;

		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		word = (volatile uint32_t *)(void *)(d.memory + places[x & 3] + (x >> 2 & 0x1ff) * 4);
		*word = x & 0x10000 ? *word ^ 1u << (x >> 27) : x;
		if (x >> 24 == 0x5a)
			driver_start(&d, RPMSG_FEATURE_NAMES, OK);
	}
	return NULL;
}

static void a_host_writes_while_the_core_looks(void **state)
{
	atomic_bool stop = false;
	pthread_t host;

	(void)state;
	driver_start(&d, RPMSG_FEATURE_NAMES, OK);
	assert_int_equal(pthread_create(&host, NULL, write_all_the_time, &stop), 0);
	for (unsigned int i = 0; i < 300000; i++)
		assert_int_equal(rpmsg_poll(&d.device) & ~(BOTH | RPMSG_MORE), 0);
	atomic_store(&stop, true);
	assert_int_equal(pthread_join(host, NULL), 0);
	driver_status(&d, 0);
	rpmsg_poll(&d.device);
	driver_load(&d);
	start();
	expect_works();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tables_of_nonsense_are_not_believed, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(an_index_runs_ahead, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(a_head_is_none, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(descriptors_are_not_one_buffer_of_the_right_kind, new_driver,
						free_driver),
		cmocka_unit_test_setup_teardown(buffers_are_elsewhere, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(a_receive_buffer_is_too_small, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(a_host_writes_while_the_core_looks, new_driver, free_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
