/* SPDX-License-Identifier: BSD-2-Clause */
#include "rpmsg.h"

#include <stddef.h>

#include <pilot/wire/rsc_table.h>

/* virtio 1.2 sections 2.1, 2.7.5, 2.7.6 */
#define STATUS_DRIVER_OK 0x04u
#define STATUS_FAILED	 0x80u
#define DESC_SIZE	 16u
#define DESC_LENGTH	 8u
#define DESC_FLAGS	 12u
#define DESC_WRITE	 2u
#define AVAIL_NO_RING	 1u
#define RING_INDEX	 2u /* in both rings: flags, index, entries */
#define RING_ENTRIES	 4u
#define NUM_MAX		 1024u
#define ALIGN_MIN	 16u

#define ANY 0xffffffffu /* Linux: FW_RSC_ADDR_ANY */

/* in a message */
#define MSG_SOURCE 0u
#define MSG_TARGET 4u
#define MSG_UNUSED 8u
#define MSG_LENGTH 12u
#define MSG_FLAGS  14u

/** struct buffer - one that the host has put into a ring; @offset and @size were checked */
struct buffer {
	uint32_t offset;
	uint32_t size;
	uint32_t head;
};

enum found {
	FOUND_NONE,
	FOUND_ONE,
	FOUND_NONSENSE,
};

/* host and core may be in different shareability domains */
static void barrier(void)
{
#ifdef __aarch64__
	__asm__ volatile("dmb sy" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

static uintptr_t at(const struct rpmsg *r, uint32_t offset)
{
	return (uintptr_t)r->setup.memory + offset;
}

static volatile uint8_t *byte(const struct rpmsg *r, uint32_t offset)
{
	return (volatile uint8_t *)at(r, offset);
}

static volatile uint16_t *half(const struct rpmsg *r, uint32_t offset)
{
	return (volatile uint16_t *)at(r, offset);
}

static volatile uint32_t *word(const struct rpmsg *r, uint32_t offset)
{
	return (volatile uint32_t *)at(r, offset);
}

/* --- setting up --- */

/* the device address @da as an offset, when all of @size is shared memory */
static bool shared(const struct rpmsg *r, uint64_t da, uint64_t size, uint32_t *offset)
{
	if (da < r->setup.da || da - r->setup.da > r->setup.size || size > r->setup.size - (da - r->setup.da))
		return false;
	*offset = (uint32_t)(da - r->setup.da);
	return true;
}

static bool is_power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

static uint32_t table_word(const struct rpmsg *r, uint32_t entry, size_t field)
{
	return *word(r, entry + (uint32_t)field);
}

static uint32_t vring_word(const struct rpmsg *r, unsigned int number, size_t field)
{
	const size_t vring = sizeof(struct pil_rsc_vdev_wire) + number * sizeof(struct pil_rsc_vring_wire);

	return table_word(r, r->setup.vdev, vring + field);
}

static uint32_t ring_da(const struct rpmsg *r, unsigned int number)
{
	return vring_word(r, number, offsetof(struct pil_rsc_vring_wire, da));
}

/* the layout of a split virtqueue in memory that the driver aligns, virtio 1.2 section 2.7.2 */
static bool ring_find(const struct rpmsg *r, unsigned int number, struct rpmsg_ring *ring)
{
	const uint32_t da = ring_da(r, number);
	const uint32_t align = vring_word(r, number, offsetof(struct pil_rsc_vring_wire, align));
	const uint32_t num = vring_word(r, number, offsetof(struct pil_rsc_vring_wire, num));
	uint32_t avail = 0;
	uint32_t used = 0;

	if (!is_power_of_two(num) || num > NUM_MAX || !is_power_of_two(align) || align < ALIGN_MIN || da & (align - 1))
		return false;
	avail = num * DESC_SIZE;
	used = (avail + RING_ENTRIES + num * 2 + 2 + align - 1) & ~(align - 1);
	*ring = (struct rpmsg_ring){ .da = da, .num = num };
	if (!shared(r, da, (uint64_t)used + RING_ENTRIES + num * 8ull + 2, &ring->desc))
		return false;
	ring->avail = ring->desc + avail;
	ring->used = ring->desc + used;
	return true;
}

/* rings that were used before are not the ones that a host sets up for us */
static bool ring_is_fresh(const struct rpmsg *r, const struct rpmsg_ring *ring)
{
	return *half(r, ring->used + RING_INDEX) == 0;
}

/*
 * Linux's descriptors have physical addresses; where the buffers are by these, and as device addresses, it writes into the table's entry
 * for them. As long as it does not, one is the other.
 */
static bool buffers_find(struct rpmsg *r)
{
	const uint32_t da = table_word(r, r->setup.buffers, offsetof(struct pil_rsc_memory_wire, da));
	const uint32_t pa = table_word(r, r->setup.buffers, offsetof(struct pil_rsc_memory_wire, pa));
	const uint32_t len = table_word(r, r->setup.buffers, offsetof(struct pil_rsc_memory_wire, len));

	if (pa == ANY || !pa) {
		r->pa = r->setup.da;
		r->pa_offset = 0;
		r->pa_size = r->setup.size;
		return true;
	}
	r->pa = pa;
	r->pa_size = len;
	return shared(r, da, len, &r->pa_offset);
}

static bool host_is_there(const struct rpmsg *r)
{
	uint8_t status = *byte(r, r->setup.vdev + (uint32_t)offsetof(struct pil_rsc_vdev_wire, status));

	barrier();
	return (status & (STATUS_DRIVER_OK | STATUS_FAILED)) == STATUS_DRIVER_OK;
}

/* a host that is not through yet is looked at again; so is one whose rings are not in shared memory */
static void come_up(struct rpmsg *r)
{
	const uint32_t features = table_word(r, r->setup.vdev, offsetof(struct pil_rsc_vdev_wire, gfeatures));

	if (!ring_find(r, 0, &r->to_host) || !ring_find(r, 1, &r->from_host) || !buffers_find(r) ||
	    !ring_is_fresh(r, &r->to_host) || !ring_is_fresh(r, &r->from_host))
		return;
	r->announced = features & RPMSG_FEATURE_NAMES ? 0 : r->setup.service_count;
	r->state = RPMSG_UP;
}

/*
 * The used ring's index is ours to write: with another value, or elsewhere, the rings are new. A host that died has not reset the device,
 * and its successor may have done so since the last look.
 */
static bool ring_is_ours(const struct rpmsg *r, const struct rpmsg_ring *ring, unsigned int number)
{
	return ring_da(r, number) == ring->da && *half(r, ring->used + RING_INDEX) == ring->taken;
}

static void look_at_host(struct rpmsg *r)
{
	if (!host_is_there(r)) {
		r->state = RPMSG_DOWN;
		return;
	}
	if (r->state != RPMSG_DOWN && (!ring_is_ours(r, &r->to_host, 0) || !ring_is_ours(r, &r->from_host, 1)))
		r->state = RPMSG_DOWN;
	if (r->state == RPMSG_DOWN)
		come_up(r);
}

/* --- the rings --- */

/* where a buffer is that a descriptor names by the host's address */
static bool buffer_find(const struct rpmsg *r, uint64_t address, struct buffer *b)
{
	if (address < r->pa || address - r->pa > r->pa_size || b->size > r->pa_size - (address - r->pa))
		return false;
	b->offset = r->pa_offset + (uint32_t)(address - r->pa);
	return !(b->offset & 3) && b->size >= RPMSG_HEADER;
}

/* one descriptor for a buffer, and only of the kind that the ring is for: RPMsg has no other */
static bool desc_read(const struct rpmsg *r, const struct rpmsg_ring *ring, uint16_t flags, struct buffer *b)
{
	const uint32_t desc = ring->desc + b->head * DESC_SIZE;
	const uint64_t address = *word(r, desc) | (uint64_t)*word(r, desc + 4) << 32;

	b->size = *word(r, desc + DESC_LENGTH);
	return *half(r, desc + DESC_FLAGS) == flags && buffer_find(r, address, b);
}

/* the next buffer of a ring; it stays there until buffer_return() */
static enum found buffer_next(const struct rpmsg *r, const struct rpmsg_ring *ring, uint16_t flags, struct buffer *b)
{
	const uint16_t waiting = (uint16_t)(*half(r, ring->avail + RING_INDEX) - ring->taken);

	if (!waiting)
		return FOUND_NONE;
	if (waiting > ring->num)
		return FOUND_NONSENSE;
	/* what is in the ring was written before its index */
	barrier();
	b->head = *half(r, ring->avail + RING_ENTRIES + (ring->taken & (ring->num - 1)) * 2);
	return b->head < ring->num && desc_read(r, ring, flags, b) ? FOUND_ONE : FOUND_NONSENSE;
}

static void buffer_return(const struct rpmsg *r, struct rpmsg_ring *ring, const struct buffer *b, uint32_t written)
{
	const uint32_t entry = ring->used + RING_ENTRIES + (ring->taken & (ring->num - 1)) * 8;

	*word(r, entry) = b->head;
	*word(r, entry + 4) = written;
	/* the entry, and what is in the buffer, before the index */
	barrier();
	ring->taken++;
	*half(r, ring->used + RING_INDEX) = ring->taken;
}

/* does the host want to hear that a ring has used buffers since its index was @before? */
static bool ring_wanted(const struct rpmsg *r, const struct rpmsg_ring *ring, uint16_t before)
{
	if (ring->taken == before)
		return false;
	/* the index before the flags: who reads the index after clearing the flag sees it, or is rung */
	barrier();
	return !(*half(r, ring->avail) & AVAIL_NO_RING);
}

/* --- messages --- */

static void header_write(const struct rpmsg *r, uint32_t to, uint32_t source, uint32_t target, uint16_t length)
{
	*word(r, to + MSG_SOURCE) = source;
	*word(r, to + MSG_TARGET) = target;
	*word(r, to + MSG_UNUSED) = 0;
	*half(r, to + MSG_LENGTH) = length;
	*half(r, to + MSG_FLAGS) = 0;
}

static void announcement_write(const struct rpmsg *r, uint32_t to, const struct rpmsg_service *s)
{
	const char *c = s->name;

	for (uint32_t i = 0; i < RPMSG_NAME; i++)
		*byte(r, to + i) = (uint8_t)(*c && i < RPMSG_NAME - 1 ? *c++ : 0);
	*word(r, to + RPMSG_NAME) = s->address;
	*word(r, to + RPMSG_NAME + 4) = 0; /* it is there */
}

/* the next service that the host does not know; a host without room for it is asked again */
static enum found announce(struct rpmsg *r)
{
	const struct rpmsg_service *s = &r->setup.services[r->announced];
	struct buffer b = { 0 };
	enum found found = buffer_next(r, &r->to_host, DESC_WRITE, &b);

	if (found != FOUND_ONE)
		return found;
	if (b.size < RPMSG_HEADER + RPMSG_ANNOUNCEMENT)
		return FOUND_NONSENSE;
	announcement_write(r, b.offset + RPMSG_HEADER, s);
	header_write(r, b.offset, s->address, RPMSG_NAME_SERVICE, RPMSG_ANNOUNCEMENT);
	buffer_return(r, &r->to_host, &b, RPMSG_HEADER + RPMSG_ANNOUNCEMENT);
	r->announced++;
	return FOUND_ONE;
}

static bool is_service(const struct rpmsg *r, uint32_t address)
{
	for (unsigned int i = 0; i < r->setup.service_count; i++)
		if (r->setup.services[i].address == address)
			return true;
	return false;
}

/* both are aligned to words */
static void copy(const struct rpmsg *r, uint32_t to, uint32_t from, uint32_t size)
{
	uint32_t i = 0;

	for (; i + 4 <= size; i += 4)
		*word(r, to + i) = *word(r, from + i);
	for (; i < size; i++)
		*byte(r, to + i) = *byte(r, from + i);
}

static void drop(struct rpmsg *r, const struct buffer *b)
{
	buffer_return(r, &r->from_host, b, 0);
	r->dropped++;
}

/* the host's next message; without a buffer for the answer it waits in its ring */
static enum found echo(struct rpmsg *r)
{
	struct buffer in = { 0 };
	struct buffer out = { 0 };
	enum found found = buffer_next(r, &r->from_host, 0, &in);
	uint32_t source = 0;
	uint32_t target = 0;
	uint16_t length = 0;

	if (found != FOUND_ONE)
		return found;
	source = *word(r, in.offset + MSG_SOURCE);
	target = *word(r, in.offset + MSG_TARGET);
	length = *half(r, in.offset + MSG_LENGTH);
	if (length > in.size - RPMSG_HEADER || !is_service(r, target)) {
		drop(r, &in);
		return FOUND_ONE;
	}
	found = buffer_next(r, &r->to_host, DESC_WRITE, &out);
	if (found != FOUND_ONE)
		return found;
	/* a host's buffers are all of one size */
	if (length > out.size - RPMSG_HEADER)
		return FOUND_NONSENSE;
	copy(r, out.offset + RPMSG_HEADER, in.offset + RPMSG_HEADER, length);
	header_write(r, out.offset, target, source, length);
	buffer_return(r, &r->to_host, &out, RPMSG_HEADER + length);
	buffer_return(r, &r->from_host, &in, 0);
	r->echoed++;
	return FOUND_ONE;
}

static enum found serve(struct rpmsg *r)
{
	enum found found = FOUND_ONE;

	while (found == FOUND_ONE && r->announced < r->setup.service_count)
		found = announce(r);
	for (unsigned int i = 0; found == FOUND_ONE && i < RPMSG_BATCH; i++)
		found = echo(r);
	return found;
}

unsigned int rpmsg_poll(struct rpmsg *r)
{
	enum found found = FOUND_NONE;
	uint16_t to_host = 0;
	uint16_t from_host = 0;

	look_at_host(r);
	if (r->state != RPMSG_UP)
		return 0;
	to_host = r->to_host.taken;
	from_host = r->from_host.taken;
	found = serve(r);
	if (found == FOUND_NONSENSE)
		r->state = RPMSG_BROKEN;
	return (ring_wanted(r, &r->to_host, to_host) ? RPMSG_RING_TO_HOST : 0) |
	       (ring_wanted(r, &r->from_host, from_host) ? RPMSG_RING_FROM_HOST : 0) |
	       (found == FOUND_ONE ? RPMSG_MORE : 0);
}

void rpmsg_init(struct rpmsg *r, const struct rpmsg_setup *setup)
{
	*r = (struct rpmsg){ .setup = *setup, .state = RPMSG_DOWN };
}

void rpmsg_reset(struct rpmsg *r)
{
	r->state = RPMSG_DOWN;
}
