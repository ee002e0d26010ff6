/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded little-endian reading. */
#include <pilot/cursor.h>

void pil_cursor_init(struct pil_cursor *c, const void *data, size_t size)
{
	*c = (struct pil_cursor){ .data = data, .size = size };
}

/* the next @size bytes, or NULL */
static const uint8_t *take(struct pil_cursor *c, uint64_t size)
{
	const uint8_t *p = NULL;

	if (c->failed)
		return NULL;
	if (size > c->size - c->pos) {
		c->failed = true;
		c->need = size > UINT64_MAX - c->pos ? UINT64_MAX : c->pos + size;
		return NULL;
	}
	if (!size)
		return NULL;
	p = c->data + c->pos;
	c->pos += (size_t)size;
	return p;
}

static uint64_t take_le(struct pil_cursor *c, unsigned int size)
{
	const uint8_t *p = take(c, size);
	uint64_t value = 0;

	if (!p)
		return 0;
	for (; size; size--)
		value = value << 8 | p[size - 1];
	return value;
}

uint8_t pil_cursor_u8(struct pil_cursor *c)
{
	return (uint8_t)take_le(c, 1);
}

uint16_t pil_cursor_u16(struct pil_cursor *c)
{
	return (uint16_t)take_le(c, 2);
}

uint32_t pil_cursor_u32(struct pil_cursor *c)
{
	return (uint32_t)take_le(c, 4);
}

uint64_t pil_cursor_u64(struct pil_cursor *c)
{
	return take_le(c, 8);
}

struct pil_bytes pil_cursor_bytes(struct pil_cursor *c, uint64_t size)
{
	struct pil_bytes bytes = { .data = take(c, size) };

	if (bytes.data)
		bytes.size = (size_t)size;
	return bytes;
}

void pil_cursor_skip(struct pil_cursor *c, uint64_t size)
{
	(void)take(c, size);
}

size_t pil_cursor_left(const struct pil_cursor *c)
{
	return c->failed ? 0 : c->size - c->pos;
}

bool pil_cursor_failed(const struct pil_cursor *c)
{
	return c->failed;
}

int pil_cursor_check(const struct pil_cursor *c, struct pil_why *why)
{
	if (!c->failed)
		return 0;
	return pil_fail(why, PIL_R_TRUNCATED, c->size, c->need);
}
