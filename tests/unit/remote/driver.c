/* SPDX-License-Identifier: BSD-2-Clause */
#include "driver.h"

#include <stdlib.h>
#include <string.h>

#define DESC_WRITE 2u

/* the device must never do that */
static void check(bool ok)
{
	if (!ok)
		abort();
}

void put16(struct driver *d, uint32_t offset, uint16_t value)
{
	memcpy(d->memory + offset, &value, sizeof(value));
}

void put32(struct driver *d, uint32_t offset, uint32_t value)
{
	memcpy(d->memory + offset, &value, sizeof(value));
}

uint16_t get16(const struct driver *d, uint32_t offset)
{
	uint16_t value = 0;

	memcpy(&value, d->memory + offset, sizeof(value));
	return value;
}

uint32_t get32(const struct driver *d, uint32_t offset)
{
	uint32_t value = 0;

	memcpy(&value, d->memory + offset, sizeof(value));
	return value;
}

bool driver_new(struct driver *d)
{
	static const struct rpmsg_service services[] = { { "first", 0x400 }, { "second", 0x401 } };
	struct rpmsg_setup setup = {
		.da = VIRT_TEE_DA_IPC,
		.size = DRIVER_SIZE,
		.vdev = offsetof(struct m33_table, vdev),
		.buffers = offsetof(struct m33_table, buffers),
		.services = services,
		.service_count = 2,
	};

	memset(d, 0, sizeof(*d));
	d->memory = aligned_alloc(4096, DRIVER_SIZE);
	setup.memory = d->memory;
	if (!d->memory)
		return false;
	memset(d->memory, 0xee, DRIVER_SIZE);
	driver_load(d);
	rpmsg_init(&d->device, &setup);
	return true;
}

void driver_free(struct driver *d)
{
	free(d->memory);
}

void driver_load(struct driver *d)
{
	memcpy(d->memory, &resource_table, sizeof(resource_table));
	d->num = resource_table.vring[0].num;
}

static void queue_start(struct driver *d, struct queue *q, unsigned int number)
{
	const uint32_t at = number ? VIRT_TEE_IPC_VRING1 : VIRT_TEE_IPC_VRING0;
	const uint32_t vring = (uint32_t)(offsetof(struct m33_table, vring) + number * sizeof(resource_table.vring[0]));
	const uint32_t align = resource_table.vring[0].align;

	*q = (struct queue){ .desc = at, .avail = at + d->num * 16 };
	q->used = (q->avail + 4 + d->num * 2 + 2 + align - 1) & ~(align - 1);
	q->buffers = VIRT_TEE_IPC_BUFFER + number * d->num * DRIVER_BUFFER;
	memset(d->memory + at, 0, q->used + 4 + d->num * 8 + 2 - at);
	put32(d, vring + (uint32_t)offsetof(struct pil_rsc_vring_wire, da), VIRT_TEE_DA_IPC + at);
	put32(d, vring + (uint32_t)offsetof(struct pil_rsc_vring_wire, num), d->num);
}

static void queue_add(struct driver *d, struct queue *q, uint32_t head, uint32_t size, uint16_t flags)
{
	const uint32_t desc = q->desc + head * 16;

	q->out[head] = true;
	put32(d, desc, DRIVER_PA + (q->buffers - VIRT_TEE_IPC_BUFFER) + head * DRIVER_BUFFER);
	put32(d, desc + 4, 0);
	put32(d, desc + 8, size);
	put16(d, desc + 12, flags);
	put16(d, q->avail + 4 + q->added % d->num * 2, (uint16_t)head);
	q->added++;
	put16(d, q->avail + 2, q->added);
}

/* the next used buffer; false: there is none */
static bool queue_take(struct driver *d, struct queue *q, uint32_t *head, uint32_t *size)
{
	const uint32_t entry = q->used + 4 + q->seen % d->num * 8;
	const uint16_t used = (uint16_t)(get16(d, q->used + 2) - q->seen);

	check(used <= (uint16_t)(q->added - q->seen) && get16(d, q->used) == 0);
	if (!used)
		return false;
	*head = get32(d, entry);
	*size = get32(d, entry + 4);
	check(*head < d->num && q->out[*head]);
	q->out[*head] = false;
	q->seen++;
	return true;
}

void driver_status(struct driver *d, uint8_t status)
{
	d->memory[offsetof(struct m33_table, vdev.status)] = status;
}

void driver_start(struct driver *d, uint32_t features, uint8_t status)
{
	put32(d, offsetof(struct m33_table, buffers.da), DRIVER_DA);
	put32(d, offsetof(struct m33_table, buffers.pa), DRIVER_PA);
	put32(d, offsetof(struct m33_table, buffers.len), DRIVER_SIZE - VIRT_TEE_IPC_BUFFER);
	queue_start(d, &d->in, 0);
	queue_start(d, &d->out, 1);
	for (uint32_t i = 0; i < d->num; i++)
		queue_add(d, &d->in, i, DRIVER_BUFFER, DESC_WRITE);
	put32(d, offsetof(struct m33_table, vdev.gfeatures), features);
	driver_status(d, status);
}

bool driver_send(struct driver *d, uint32_t source, uint32_t target, const void *data, uint16_t length)
{
	uint32_t head = 0;
	uint32_t at = 0;

	while (head < d->num && d->out.out[head])
		head++;
	if (head == d->num)
		return false;
	at = d->out.buffers + head * DRIVER_BUFFER;
	put32(d, at, source);
	put32(d, at + 4, target);
	put32(d, at + 8, 0);
	put16(d, at + 12, length);
	put16(d, at + 14, 0);
	if (length <= DRIVER_MOST)
		memcpy(d->memory + at + RPMSG_HEADER, data, length);
	queue_add(d, &d->out, head, RPMSG_HEADER + (length <= DRIVER_MOST ? length : DRIVER_MOST), 0);
	return true;
}

bool driver_take(struct driver *d, struct message *m, uint32_t *head)
{
	uint32_t size = 0;
	uint32_t at = 0;

	if (!queue_take(d, &d->in, head, &size))
		return false;
	at = d->in.buffers + *head * DRIVER_BUFFER;
	m->source = get32(d, at);
	m->target = get32(d, at + 4);
	m->length = get16(d, at + 12);
	check(get32(d, at + 8) == 0 && get16(d, at + 14) == 0);
	check(m->length <= DRIVER_MOST && size == RPMSG_HEADER + m->length);
	memcpy(m->data, d->memory + at + RPMSG_HEADER, m->length);
	return true;
}

void driver_give_back(struct driver *d, uint32_t head)
{
	queue_add(d, &d->in, head, DRIVER_BUFFER, DESC_WRITE);
}

bool driver_receive(struct driver *d, struct message *m)
{
	uint32_t head = 0;

	if (!driver_take(d, m, &head))
		return false;
	driver_give_back(d, head);
	return true;
}

unsigned int driver_collect(struct driver *d)
{
	unsigned int count = 0;
	uint32_t head = 0;
	uint32_t size = 0;

	while (queue_take(d, &d->out, &head, &size)) {
		check(size == 0);
		count++;
	}
	return count;
}
