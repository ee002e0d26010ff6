/* SPDX-License-Identifier: BSD-2-Clause */
/* Resource table of Linux's remoteproc: build and check (include/pilot/wire/rsc_table.h). */
#include <stdbool.h>
#include <string.h>

#include <pilot/cursor.h>
#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#define ADDRESS_END (UINT64_C(1) << 32)

/* length of @name, or PIL_RSC_NAME_MAX + 1 if it is longer than that */
static size_t name_length(const char *name)
{
	size_t n = 0;

	while (name && n <= PIL_RSC_NAME_MAX && name[n])
		n++;
	return n;
}

static size_t stream_size(const struct pil_rsc_stream *s)
{
	return sizeof(struct pil_rsc_stream_wire) + s->count * sizeof(struct pil_rsc_range_wire);
}

size_t pil_rsc_size(const struct pil_rsc_contents *c)
{
	size_t size = sizeof(struct pil_rsc_header_wire);
	size_t i = 0;

	if (c->count > PIL_RSC_MAX || c->stream_count > PIL_RSC_MAX - c->count)
		return 0;
	size += (c->count + c->stream_count) * sizeof(uint32_t) + c->count * sizeof(struct pil_rsc_memory_wire);
	for (i = 0; i < c->stream_count; i++) {
		if (c->streams[i].count > PIL_RSC_RANGES)
			return 0;
		size += stream_size(&c->streams[i]);
	}
	return size;
}

/* @len fits by itself */
static bool fits_32bit(uint64_t base, uint64_t len)
{
	return base <= ADDRESS_END - len;
}

static int check_name(const char *name, size_t index, struct pil_why *why)
{
	return name_length(name) > PIL_RSC_NAME_MAX ? pil_fail(why, PIL_R_RSC_NAME, index, PIL_RSC_NAME_MAX) : 0;
}

static int check_entry(const struct pil_rsc_entry *e, size_t index, struct pil_why *why)
{
	if (!e->len)
		return pil_fail(why, PIL_R_RSC_EMPTY, index, 0);
	if (e->len > UINT32_MAX)
		return pil_fail(why, PIL_R_RSC_32BIT, index, e->len);
	if (!fits_32bit(e->da, e->len))
		return pil_fail(why, PIL_R_RSC_32BIT, index, e->da);
	if (!fits_32bit(e->pa, e->len))
		return pil_fail(why, PIL_R_RSC_32BIT, index, e->pa);
	return check_name(e->name, index, why);
}

static int check_stream(const struct pil_rsc_stream *s, size_t index, struct pil_why *why)
{
	size_t i = 0;

	if (s->purpose >= PIL_RSC_PURPOSES)
		return pil_fail(why, PIL_R_RSC_PURPOSE, index, s->purpose);
	if (s->count > PIL_RSC_RANGES)
		return pil_fail(why, PIL_R_RSC_STREAM_RANGES, index, s->count);
	for (i = 0; i < s->count; i++) {
		const struct pil_rsc_entry *r = &s->ranges[i];

		if (!r->len || r->da > UINT64_MAX - r->len || r->pa > UINT64_MAX - r->len)
			return pil_fail(why, PIL_R_RSC_STREAM_RANGE, index, i);
	}
	return check_name(s->name, index, why);
}

static int check_contents(const struct pil_rsc_contents *c, struct pil_why *why)
{
	size_t i = 0;
	int ret = 0;

	if (c->count > PIL_RSC_MAX || c->stream_count > PIL_RSC_MAX - c->count)
		return pil_fail(why, PIL_R_RSC_COUNT, c->count + c->stream_count, PIL_RSC_MAX);
	for (i = 0; !ret && i < c->count; i++)
		ret = check_entry(&c->entries[i], i, why);
	for (i = 0; !ret && i < c->stream_count; i++)
		ret = check_stream(&c->streams[i], c->count + i, why);
	return ret;
}

static uint8_t *put_u32(uint8_t *p, uint64_t value)
{
	unsigned int i = 0;

	for (i = 0; i < sizeof(uint32_t); i++)
		*p++ = (uint8_t)(value >> (8 * i));
	return p;
}

static uint8_t *put_u64(uint8_t *p, uint64_t value)
{
	return put_u32(put_u32(p, value), value >> 32);
}

static uint8_t *put_name(uint8_t *p, const char *name)
{
	memset(p, 0, PIL_RSC_NAME);
	if (name)
		memcpy(p, name, name_length(name));
	return p + PIL_RSC_NAME;
}

static uint8_t *put_entry(uint8_t *p, const struct pil_rsc_entry *e)
{
	p = put_u32(p, PIL_RSC_DEVMEM);
	p = put_u32(p, e->da);
	p = put_u32(p, e->pa);
	p = put_u32(p, e->len);
	p = put_u32(p, e->flags);
	p = put_u32(p, 0);
	return put_name(p, e->name);
}

static uint8_t *put_stream(uint8_t *p, const struct pil_rsc_stream *s)
{
	size_t i = 0;

	p = put_u32(p, PIL_RSC_STREAM);
	p = put_u32(p, PIL_RSC_STREAM_MAGIC);
	p = put_u32(p, s->sid);
	p = put_u32(p, s->mask);
	p = put_u32(p, s->purpose);
	p = put_u32(p, s->count);
	p = put_u64(p, 0);
	p = put_name(p, s->name);
	for (i = 0; i < s->count; i++) {
		p = put_u64(p, s->ranges[i].da);
		p = put_u64(p, s->ranges[i].pa);
		p = put_u64(p, s->ranges[i].len);
		p = put_u32(p, s->ranges[i].flags);
		p = put_u32(p, 0);
	}
	return p;
}

static void write_table(const struct pil_rsc_contents *c, uint8_t *p)
{
	size_t count = c->count + c->stream_count;
	size_t offset = sizeof(struct pil_rsc_header_wire) + count * sizeof(uint32_t);
	size_t i = 0;

	p = put_u32(p, PIL_RSC_VERSION);
	p = put_u32(p, count);
	p = put_u64(p, 0);
	for (i = 0; i < count; i++) {
		p = put_u32(p, offset);
		offset += i < c->count ? sizeof(struct pil_rsc_memory_wire) : stream_size(&c->streams[i - c->count]);
	}
	for (i = 0; i < c->count; i++)
		p = put_entry(p, &c->entries[i]);
	for (i = 0; i < c->stream_count; i++)
		p = put_stream(p, &c->streams[i]);
}

int pil_rsc_build(const struct pil_rsc_contents *c, void *buf, size_t size, size_t *needed, struct pil_why *why)
{
	int ret = check_contents(c, why);

	*needed = 0;
	if (ret)
		return ret;
	*needed = pil_rsc_size(c);
	if (size < *needed)
		return pil_fail(why, PIL_R_RSC_BUFFER, size, *needed);
	write_table(c, buf);
	return 0;
}

static int check_reserved(unsigned int index, uint32_t reserved, struct pil_why *why)
{
	return reserved ? pil_fail(why, PIL_R_RSC_RESERVED, index, reserved) : 0;
}

/* The three below read an entry behind its type. A cursor that failed is found by check_table_entry(). */
static int check_memory(struct pil_cursor *c, unsigned int index, struct pil_why *why)
{
	uint32_t reserved = 0;

	pil_cursor_skip(c, 4 * sizeof(uint32_t)); /* da, pa, len, flags */
	reserved = pil_cursor_u32(c);
	pil_cursor_skip(c, PIL_RSC_NAME);
	return check_reserved(index, reserved, why);
}

static int check_trace(struct pil_cursor *c, unsigned int index, struct pil_why *why)
{
	uint32_t reserved = 0;

	pil_cursor_skip(c, 2 * sizeof(uint32_t)); /* da, len */
	reserved = pil_cursor_u32(c);
	pil_cursor_skip(c, PIL_RSC_NAME);
	return check_reserved(index, reserved, why);
}

static int check_vdev(struct pil_cursor *c, unsigned int index, struct pil_why *why)
{
	uint32_t config_len = 0;
	uint32_t reserved = 0;
	uint8_t vrings = 0;

	pil_cursor_skip(c, 4 * sizeof(uint32_t)); /* id, notifyid, dfeatures, gfeatures */
	config_len = pil_cursor_u32(c);
	pil_cursor_skip(c, sizeof(uint8_t)); /* status */
	vrings = pil_cursor_u8(c);
	reserved = pil_cursor_u16(c);
	pil_cursor_skip(c, (uint64_t)vrings * sizeof(struct pil_rsc_vring_wire) + config_len);
	return check_reserved(index, reserved, why);
}

/* another vendor's entry of the same type does not have the magic number; it may be shorter, too */
static int check_stream_entry(struct pil_cursor *c, unsigned int index, struct pil_why *why)
{
	struct pil_cursor ahead = *c;
	uint32_t reserved = 0;
	uint32_t count = 0;
	uint32_t i = 0;

	if (pil_cursor_u32(&ahead) != PIL_RSC_STREAM_MAGIC || pil_cursor_failed(&ahead))
		return 0;
	pil_cursor_skip(c, 4 * sizeof(uint32_t)); /* magic, sid, mask, purpose */
	count = pil_cursor_u32(c);
	reserved = pil_cursor_u32(c);
	reserved |= pil_cursor_u32(c);
	pil_cursor_skip(c, PIL_RSC_NAME);
	if (pil_cursor_failed(c))
		return 0;
	if (count > PIL_RSC_RANGES)
		return pil_fail(why, PIL_R_RSC_STREAM_RANGES, index, count);
	for (i = 0; i < count; i++) {
		pil_cursor_skip(c, offsetof(struct pil_rsc_range_wire, reserved));
		reserved |= pil_cursor_u32(c);
	}
	return check_reserved(index, reserved, why);
}

static int check_table_entry(const void *table, size_t size, unsigned int index, uint32_t offset, struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	int ret = 0;

	pil_cursor_init(&c, table, size);
	pil_cursor_skip(&c, offset);
	switch (pil_cursor_u32(&c)) {
	case PIL_RSC_CARVEOUT:
	case PIL_RSC_DEVMEM:
		ret = check_memory(&c, index, why);
		break;
	case PIL_RSC_TRACE:
		ret = check_trace(&c, index, why);
		break;
	case PIL_RSC_VDEV:
		ret = check_vdev(&c, index, why);
		break;
	case PIL_RSC_STREAM:
		ret = check_stream_entry(&c, index, why);
		break;
	default:
		break;
	}
	if (pil_cursor_failed(&c))
		return pil_fail(why, PIL_R_RSC_OFFSET, index, size);
	return ret;
}

static int check_entries(const void *table, size_t size, uint32_t num, struct pil_why *why)
{
	const uint32_t first = (uint32_t)sizeof(struct pil_rsc_header_wire) + num * (uint32_t)sizeof(uint32_t);
	struct pil_cursor c = { 0 };
	uint32_t offset = 0;
	unsigned int i = 0;
	int ret = 0;

	pil_cursor_init(&c, table, size);
	pil_cursor_skip(&c, sizeof(struct pil_rsc_header_wire));
	for (i = 0; !ret && i < num; i++) {
		offset = pil_cursor_u32(&c);
		if (pil_cursor_failed(&c))
			return pil_fail(why, PIL_R_RSC_OFFSET, i, size);
		if (offset < first)
			return pil_fail(why, PIL_R_RSC_INSIDE, i, offset);
		ret = check_table_entry(table, size, i, offset, why);
	}
	return ret;
}

int pil_rsc_check(const void *table, size_t size, struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	uint32_t version = 0;
	uint32_t num = 0;
	uint32_t reserved[2] = { 0 };

	if (size < sizeof(struct pil_rsc_header_wire))
		return pil_fail(why, PIL_R_RSC_SHORT, size, sizeof(struct pil_rsc_header_wire));
	pil_cursor_init(&c, table, size);
	version = pil_cursor_u32(&c);
	num = pil_cursor_u32(&c);
	reserved[0] = pil_cursor_u32(&c);
	reserved[1] = pil_cursor_u32(&c);
	/* Linux sends a header of zeros when the firmware file has no table */
	if (version != PIL_RSC_VERSION && (version || num))
		return pil_fail(why, PIL_R_RSC_VERSION, version, num);
	if (reserved[0] || reserved[1])
		return pil_fail(why, PIL_R_RSC_HEADER_RESERVED, reserved[0], reserved[1]);
	if (num > PIL_RSC_MAX)
		return pil_fail(why, PIL_R_RSC_COUNT, num, PIL_RSC_MAX);
	return check_entries(table, size, num, why);
}
