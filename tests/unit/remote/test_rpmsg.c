/* SPDX-License-Identifier: BSD-2-Clause */
/* RPMsg of the remote core's program against a host that keeps to the rules. */
#include "expect.h"

#include <string.h>

#include <pilot/rsc_table.h>

#include "exchange.h"

#define ANY 0xffffffffu

#define FIELD(member) ((uint32_t)offsetof(struct m33_table, member))

/* --- a host that keeps to the rules --- */

static void table_is_one_that_firmware_should_have(void **state)
{
	struct pil_rsc_item item = { 0 };
	struct pil_why why = { 0 };

	(void)state;
	assert_int_equal(pil_rsc_check_firmware(&resource_table, sizeof(resource_table), &why), 0);
	assert_int_equal(pil_rsc_count(&resource_table, sizeof(resource_table)), 2);
	assert_int_equal(pil_rsc_item(&resource_table, sizeof(resource_table), 1, &item), 0);
	assert_int_equal(item.type, PIL_RSC_VDEV);
	assert_int_equal(item.vrings, 2);
}

static void services_are_announced(void **state)
{
	(void)state;
	start();
	assert_int_equal(rpmsg_poll(&d.device), 0);
}

static void without_a_name_service_nothing_is_announced(void **state)
{
	struct message m = { 0 };

	(void)state;
	driver_start(&d, 0, OK);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	assert_false(driver_receive(&d, &m));
	expect_works();
}

static void nothing_happens_before_the_driver_is_ready(void **state)
{
	static const uint8_t early[] = { 0, 1, 3, 0x0b, 0x83, 0x87 };

	(void)state;
	for (size_t i = 0; i < sizeof(early); i++) {
		driver_start(&d, RPMSG_FEATURE_NAMES, early[i]);
		assert_int_equal(rpmsg_poll(&d.device), 0);
		assert_int_equal(d.device.state, RPMSG_DOWN);
		assert_int_equal(get16(&d, d.in.used + 2), 0);
	}
	driver_status(&d, OK);
	assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_TO_HOST);
	expect_both_announced();
}

static void every_size_comes_back(void **state)
{
	(void)state;
	start();
	for (uint16_t length = 0; length <= DRIVER_MOST; length++) {
		send(0x400, length, length);
		assert_int_equal(rpmsg_poll(&d.device), BOTH);
		expect_echo(0x400, length, length);
		assert_int_equal(driver_collect(&d), 1);
	}
	assert_int_equal(d.device.echoed, DRIVER_MOST + 1);
	assert_int_equal(d.device.dropped, 0);
}

static void indexes_wrap(void **state)
{
	(void)state;
	start();
	for (unsigned int i = 0; i < 70000; i++) {
		send(0x401, (uint16_t)(i % 40), i);
		assert_int_equal(rpmsg_poll(&d.device), BOTH);
		expect_echo(0x401, (uint16_t)(i % 40), i);
		assert_int_equal(driver_collect(&d), 1);
	}
}

static void messages_wait_for_room(void **state)
{
	uint32_t heads[DRIVER_NUM] = { 0 };
	struct message m = { 0 };
	unsigned int i = 0;

	(void)state;
	start();
	for (i = 0; i < d.num; i++)
		send(0x401, 5, i);
	assert_int_equal(rpmsg_poll(&d.device), BOTH);
	for (i = 0; i < d.num; i++)
		assert_true(driver_take(&d, &m, &heads[i]));
	assert_int_equal(driver_collect(&d), d.num);
	/* no buffer is left: what comes now stays */
	send(0x401, 9, 77);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	assert_int_equal(driver_collect(&d), 0);
	driver_give_back(&d, heads[0]);
	assert_int_equal(rpmsg_poll(&d.device), BOTH);
	expect_echo(0x401, 9, 77);
	assert_int_equal(driver_collect(&d), 1);
}

static void announcements_wait_for_room(void **state)
{
	(void)state;
	driver_start(&d, RPMSG_FEATURE_NAMES, OK);
	put16(&d, d.in.avail + 2, 1);
	assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_TO_HOST);
	expect_announced("first", 0x400);
	put16(&d, d.in.avail + 2, d.in.added);
	send(0x400, 3, 1);
	assert_int_equal(rpmsg_poll(&d.device), BOTH);
	expect_announced("second", 0x401);
	expect_echo(0x400, 3, 1);
}

static void the_host_is_not_rung_when_it_asks_for_that(void **state)
{
	(void)state;
	start();
	put16(&d, d.in.avail, 1);
	send(0x401, 3, 1);
	assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_FROM_HOST);
	put16(&d, d.in.avail, 0);
	put16(&d, d.out.avail, 1);
	send(0x401, 3, 2);
	assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_TO_HOST);
}

static void one_look_is_bounded(void **state)
{
	unsigned int i = 0;

	(void)state;
	d.num = DRIVER_NUM;
	start();
	for (i = 0; i < d.num; i++)
		send(0x401, 3, i);
	assert_int_equal(rpmsg_poll(&d.device), BOTH | RPMSG_MORE);
	assert_int_equal(driver_collect(&d), RPMSG_BATCH);
	assert_int_equal(rpmsg_poll(&d.device), BOTH | RPMSG_MORE);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	for (i = 0; i < d.num; i++)
		expect_echo(0x401, 3, i);
}

static void messages_for_nobody_are_dropped(void **state)
{
	static const uint32_t nobody[] = { 0, 0x35, 0x3ff, 0x402, ANY };
	struct message m = { 0 };

	(void)state;
	start();
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
		send(nobody[i], 7, 1);
	assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_FROM_HOST);
	assert_int_equal(driver_collect(&d), 5);
	assert_false(driver_receive(&d, &m));
	assert_int_equal(d.device.dropped, 5);
	expect_works();
}

static void messages_longer_than_their_buffer_are_dropped(void **state)
{
	uint8_t data[DRIVER_MOST] = { 0 };
	struct message m = { 0 };

	(void)state;
	start();
	assert_true(driver_send(&d, 1, 0x401, data, DRIVER_MOST + 1));
	assert_true(driver_send(&d, 1, 0x401, data, 0xffff));
	assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_FROM_HOST);
	assert_int_equal(driver_collect(&d), 2);
	assert_false(driver_receive(&d, &m));
	expect_works();
}

/* --- hosts that come and go --- */

static void a_host_that_comes_back_hears_of_the_services_again(void **state)
{
	(void)state;
	start();
	expect_works();
	driver_status(&d, 0);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	assert_int_equal(d.device.state, RPMSG_DOWN);
	start();
	expect_works();
}

static void a_host_that_detaches_finds_the_device_again(void **state)
{
	(void)state;
	start();
	expect_works();
	/* Linux stops the device, puts the table back, and tells the core; the rings stay as they are */
	driver_load(&d);
	rpmsg_reset(&d.device);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	start();
	expect_works();
}

static void old_rings_are_left_alone(void **state)
{
	(void)state;
	start();
	expect_works();
	rpmsg_reset(&d.device);
	send(0x401, 3, 1);
	assert_int_equal(rpmsg_poll(&d.device), 0);
	assert_int_equal(d.device.state, RPMSG_DOWN);
	assert_int_equal(driver_collect(&d), 0);
}

/* its successor resets the device and sets it up again before the core looks */
static void a_host_that_dies_has_a_successor(void **state)
{
	(void)state;
	start();
	expect_works();
	start();
	expect_works();
}

static void rings_move_without_a_reset(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		const uint32_t da = i ? FIELD(vring[1].da) : FIELD(vring[0].da);
		const uint32_t moved = i ? VIRT_TEE_IPC_VRING0 : VIRT_TEE_IPC_VRING1;

		driver_start(&d, 0, OK);
		assert_int_equal(rpmsg_poll(&d.device), 0);
		assert_int_equal(d.device.state, RPMSG_UP);
		put32(&d, da, VIRT_TEE_DA_IPC + moved);
		assert_int_equal(rpmsg_poll(&d.device), 0);
		assert_int_equal(i ? d.device.from_host.desc : d.device.to_host.desc, moved);
	}
}

static void rings_that_were_used_are_not_a_beginning(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		driver_start(&d, RPMSG_FEATURE_NAMES, OK);
		put16(&d, (i ? d.out.used : d.in.used) + 2, 1);
		assert_int_equal(rpmsg_poll(&d.device), 0);
		assert_int_equal(d.device.state, RPMSG_DOWN);
		put16(&d, (i ? d.out.used : d.in.used) + 2, 0);
		assert_int_equal(rpmsg_poll(&d.device), RPMSG_RING_TO_HOST);
		expect_both_announced();
		/* and when the host writes there later, they are new ones */
		put16(&d, (i ? d.out.used : d.in.used) + 2, 9);
		assert_int_equal(rpmsg_poll(&d.device), 0);
		assert_int_equal(d.device.state, RPMSG_DOWN);
	}
}

static void without_physical_addresses_buffers_have_device_addresses(void **state)
{
	static const uint32_t none[] = { 0, ANY };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		driver_start(&d, 0, OK);
		put32(&d, FIELD(buffers.pa), none[i]);
		for (uint32_t j = 0; j < d.num; j++)
			put32(&d, d.in.desc + j * 16, VIRT_TEE_DA_IPC + d.in.buffers + j * DRIVER_BUFFER);
		send(0x401, 6, 1);
		put32(&d, d.out.desc, VIRT_TEE_DA_IPC + d.out.buffers);
		assert_int_equal(rpmsg_poll(&d.device), BOTH);
		expect_echo(0x401, 6, 1);
		driver_status(&d, 0);
		rpmsg_poll(&d.device);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(table_is_one_that_firmware_should_have, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(services_are_announced, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(without_a_name_service_nothing_is_announced, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(nothing_happens_before_the_driver_is_ready, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(every_size_comes_back, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(indexes_wrap, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(messages_wait_for_room, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(announcements_wait_for_room, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(the_host_is_not_rung_when_it_asks_for_that, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(one_look_is_bounded, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(messages_for_nobody_are_dropped, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(messages_longer_than_their_buffer_are_dropped, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(a_host_that_comes_back_hears_of_the_services_again, new_driver,
						free_driver),
		cmocka_unit_test_setup_teardown(a_host_that_detaches_finds_the_device_again, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(old_rings_are_left_alone, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(a_host_that_dies_has_a_successor, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(rings_move_without_a_reset, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(rings_that_were_used_are_not_a_beginning, new_driver, free_driver),
		cmocka_unit_test_setup_teardown(without_physical_addresses_buffers_have_device_addresses, new_driver,
						free_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
