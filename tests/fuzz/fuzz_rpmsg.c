/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The RPMsg device of a remote core's program: the input is what its host does, one step after another, in memory that ends where it
 * ends. A step is a byte that says which, and where, and then what it needs.
 */
#include <string.h>

#include "../unit/remote/driver.h"
#include "fuzz.h"

#define DRIVER_OK 7u

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t next(struct input *in, unsigned int bytes)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < bytes && in->size; i++, in->data++, in->size--)
		value |= (uint32_t)*in->data << 8 * i;
	return value;
}

/* up to 8 bytes behind the table's beginning, that of a ring or of the buffers */
static void write_anything(struct driver *d, struct input *in, unsigned int where)
{
	static const uint32_t places[] = { 0, VIRT_TEE_IPC_VRING0, VIRT_TEE_IPC_VRING1, VIRT_TEE_IPC_BUFFER };
	uint32_t offset = places[where] + next(in, 2) % 0x2000;
	uint32_t length = 1 + next(in, 1) % 8;

	while (length--)
		d->memory[offset++] = (uint8_t)next(in, 1);
}

static void send(struct driver *d, struct input *in)
{
	static const uint8_t data[DRIVER_MOST];
	uint16_t length = (uint16_t)next(in, 2);

	(void)driver_send(d, next(in, 2), 0x400 + next(in, 1) % 3, data, length);
}

static void look(struct driver *d)
{
	const uint64_t before = d->device.echoed + d->device.dropped;
	const unsigned int wanted = rpmsg_poll(&d->device);

	FUZZ_CHECK(!(wanted & ~(RPMSG_RING_TO_HOST | RPMSG_RING_FROM_HOST | RPMSG_MORE)));
	FUZZ_CHECK(d->device.echoed + d->device.dropped - before <= RPMSG_BATCH);
	FUZZ_CHECK(d->device.state == RPMSG_UP || !(wanted & RPMSG_MORE));
	FUZZ_CHECK(d->device.announced <= d->device.setup.service_count);
}

static void step(struct driver *d, struct input *in)
{
	const uint32_t what = next(in, 1);

	switch (what & 7) {
	case 0:
	case 1:
		write_anything(d, in, what >> 3 & 3);
		return;
	case 2:
		send(d, in);
		return;
	case 3:
		driver_start(d, what >> 3 & 1, DRIVER_OK);
		return;
	case 4:
		driver_status(d, (uint8_t)next(in, 1));
		return;
	case 5:
		rpmsg_reset(&d->device);
		return;
	default:
		look(d);
	}
}

/* whatever it did: once it sets the rings up properly, it is served */
static void come_back(struct driver *d)
{
	driver_status(d, 0);
	FUZZ_CHECK(rpmsg_poll(&d->device) == 0 && d->device.state == RPMSG_DOWN);
	driver_load(d);
	driver_start(d, RPMSG_FEATURE_NAMES, DRIVER_OK);
	FUZZ_CHECK(rpmsg_poll(&d->device) == RPMSG_RING_TO_HOST && d->device.state == RPMSG_UP);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct driver d = { 0 };

	FUZZ_CHECK(driver_new(&d));
	driver_start(&d, RPMSG_FEATURE_NAMES, DRIVER_OK);
	while (in.size)
		step(&d, &in);
	come_back(&d);
	driver_free(&d);
	return 0;
}
