/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cursor as a parser may rely on it: what lib/image/cursor.c does by the proof of cursor.c, except that a field has any
 * value, whatever the bytes are, and another one each time it is read. A parser proven over this model is proven for
 * every content of its input; that its own reads are in bounds is claimed here.
 */
#include <pilot/cursor.h>

#include "proof.h"

void pil_cursor_init(struct pil_cursor *c, const void *data, size_t size)
{
	*c = (struct pil_cursor){ .data = data, .size = size };
}

/* where the next @size bytes are, or NULL */
static const uint8_t *take(struct pil_cursor *c, uint64_t size)
{
	const uint8_t *p = NULL;

	if (!c->failed && size > c->size - c->pos) {
		c->failed = true;
		c->need = nondet_u64();
	}
	if (c->failed || !size)
		return NULL;
	p = c->data + c->pos;
	c->pos += (size_t)size;
	return p;
}

static uint64_t take_any(struct pil_cursor *c, unsigned int size, uint64_t max)
{
	const uint8_t *p = take(c, size);
	uint64_t value = nondet_u64();

	if (!p)
		return 0;
	CLAIM(__CPROVER_r_ok(p, size), "a field lies in the input");
	ASSUME(value <= max);
	return value;
}

uint8_t pil_cursor_u8(struct pil_cursor *c)
{
	return (uint8_t)take_any(c, 1, UINT8_MAX);
}

uint16_t pil_cursor_u16(struct pil_cursor *c)
{
	return (uint16_t)take_any(c, 2, UINT16_MAX);
}

uint32_t pil_cursor_u32(struct pil_cursor *c)
{
	return (uint32_t)take_any(c, 4, UINT32_MAX);
}

uint64_t pil_cursor_u64(struct pil_cursor *c)
{
	return take_any(c, 8, UINT64_MAX);
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
	return c->failed ? pil_fail(why, PIL_R_TRUNCATED, c->size, c->need) : 0;
}
