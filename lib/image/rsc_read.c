/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries of a resource table, one by one (include/pilot/wire/rsc_table.h). */
#include <stdbool.h>

#include <pilot/cursor.h>
#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#define HEADER sizeof(struct pil_rsc_header_wire)

/* virtio 1.0 section 2.4, split virtqueue: descriptors and available ring, aligned, then the used ring */
#define DESC_SIZE 16u
#define WORD_SIZE 2u
#define USED_SIZE 8u

static struct pil_cursor cursor_at(const void *table, size_t size, uint64_t offset)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, table, size);
	pil_cursor_skip(&c, offset);
	return c;
}

unsigned int pil_rsc_count(const void *table, size_t size)
{
	struct pil_cursor c = cursor_at(table, size, offsetof(struct pil_rsc_header_wire, num));
	uint32_t count = pil_cursor_u32(&c);

	return size < HEADER ? 0 : count;
}

static void read_memory(struct pil_cursor *c, struct pil_rsc_item *item)
{
	item->da = pil_cursor_u32(c);
	item->pa = pil_cursor_u32(c);
	item->len = pil_cursor_u32(c);
	item->flags = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* reserved */
	item->name = pil_cursor_bytes(c, PIL_RSC_NAME).data;
}

static void read_trace(struct pil_cursor *c, struct pil_rsc_item *item)
{
	item->da = pil_cursor_u32(c);
	item->len = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint32_t)); /* reserved */
	item->name = pil_cursor_bytes(c, PIL_RSC_NAME).data;
}

static void read_vdev(struct pil_cursor *c, struct pil_rsc_item *item)
{
	uint32_t config_len = 0;

	item->id = pil_cursor_u32(c);
	item->notifyid = pil_cursor_u32(c);
	item->dfeatures = pil_cursor_u32(c);
	item->gfeatures = pil_cursor_u32(c);
	config_len = pil_cursor_u32(c);
	item->status = pil_cursor_u8(c);
	item->vrings = pil_cursor_u8(c);
	pil_cursor_skip(c, sizeof(uint16_t)); /* reserved */
	pil_cursor_skip(c, (uint64_t)item->vrings * sizeof(struct pil_rsc_vring_wire));
	item->config = pil_cursor_bytes(c, config_len);
}

/* what has not the magic number is another vendor's: its layout is not known */
static void read_stream(struct pil_cursor *c, struct pil_rsc_item *item)
{
	struct pil_cursor ahead = *c;

	item->stream = pil_cursor_u32(&ahead) == PIL_RSC_STREAM_MAGIC && !pil_cursor_failed(&ahead);
	if (!item->stream)
		return;
	*c = ahead;
	item->sid = pil_cursor_u32(c);
	item->mask = pil_cursor_u32(c);
	item->purpose = pil_cursor_u32(c);
	item->ranges = pil_cursor_u32(c);
	pil_cursor_skip(c, 2 * sizeof(uint32_t)); /* reserved */
	item->name = pil_cursor_bytes(c, PIL_RSC_NAME).data;
	pil_cursor_skip(c, (uint64_t)item->ranges * sizeof(struct pil_rsc_range_wire));
}

int pil_rsc_item(const void *table, size_t size, unsigned int index, struct pil_rsc_item *item)
{
	struct pil_cursor c = cursor_at(table, size, HEADER + (uint64_t)index * sizeof(uint32_t));
	uint32_t offset = pil_cursor_u32(&c);

	*item = (struct pil_rsc_item){ 0 };
	if (index >= pil_rsc_count(table, size) || pil_cursor_failed(&c))
		return -PIL_EARG;
	c = cursor_at(table, size, offset);
	item->offset = offset;
	item->type = pil_cursor_u32(&c);
	if (item->type == PIL_RSC_CARVEOUT || item->type == PIL_RSC_DEVMEM)
		read_memory(&c, item);
	else if (item->type == PIL_RSC_TRACE)
		read_trace(&c, item);
	else if (item->type == PIL_RSC_VDEV)
		read_vdev(&c, item);
	else if (item->type == PIL_RSC_STREAM)
		read_stream(&c, item);
	item->size = c.pos - item->offset;
	if (!pil_cursor_failed(&c))
		return 0;
	*item = (struct pil_rsc_item){ 0 };
	return -PIL_EARG;
}

static bool power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

static uint64_t vring_bytes(const struct pil_rsc_vring *v)
{
	uint64_t first = (uint64_t)v->num * DESC_SIZE + (3 + (uint64_t)v->num) * WORD_SIZE;

	if (!power_of_two(v->align) || !power_of_two(v->num))
		return 0;
	first = (first + v->align - 1) & ~((uint64_t)v->align - 1);
	return first + 3 * WORD_SIZE + (uint64_t)v->num * USED_SIZE;
}

int pil_rsc_vring(const void *table, size_t size, const struct pil_rsc_item *item, unsigned int index,
		  struct pil_rsc_vring *vring)
{
	struct pil_cursor c = cursor_at(table, size,
					item->offset + sizeof(struct pil_rsc_vdev_wire) +
						(uint64_t)index * sizeof(struct pil_rsc_vring_wire));

	*vring = (struct pil_rsc_vring){ 0 };
	if (item->type != PIL_RSC_VDEV || index >= item->vrings)
		return -PIL_EARG;
	vring->da = pil_cursor_u32(&c);
	vring->align = pil_cursor_u32(&c);
	vring->num = pil_cursor_u32(&c);
	vring->notifyid = pil_cursor_u32(&c);
	vring->pa = pil_cursor_u32(&c);
	vring->bytes = vring_bytes(vring);
	if (!pil_cursor_failed(&c))
		return 0;
	*vring = (struct pil_rsc_vring){ 0 };
	return -PIL_EARG;
}

int pil_rsc_range(const void *table, size_t size, const struct pil_rsc_item *item, unsigned int index,
		  struct pil_rsc_range *range)
{
	struct pil_cursor c = cursor_at(table, size,
					item->offset + sizeof(struct pil_rsc_stream_wire) +
						(uint64_t)index * sizeof(struct pil_rsc_range_wire));

	*range = (struct pil_rsc_range){ 0 };
	if (!item->stream || index >= item->ranges)
		return -PIL_EARG;
	range->da = pil_cursor_u64(&c);
	range->pa = pil_cursor_u64(&c);
	range->len = pil_cursor_u64(&c);
	range->flags = pil_cursor_u32(&c);
	if (!pil_cursor_failed(&c))
		return 0;
	*range = (struct pil_rsc_range){ 0 };
	return -PIL_EARG;
}
