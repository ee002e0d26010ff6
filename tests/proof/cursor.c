/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cursor, which all parsers read through: every operation, from every state in which the position is not past the
 * end. cursor_model.c is what this proof allows others to rely on.
 */
#include <pilot/cursor.h>

#include "proof.h"

#define SIZE 32u

/* the state that every operation finds, and leaves behind */
static bool sane(const struct pil_cursor *c)
{
	return c->pos <= c->size;
}

/* one operation; returns how many bytes it asks for */
static uint64_t operate(struct pil_cursor *c)
{
	struct pil_bytes bytes = { 0 };
	uint64_t size = nondet_u64();

	switch (nondet_uint() % 6) {
	case 0:
		(void)pil_cursor_u8(c);
		return 1;
	case 1:
		(void)pil_cursor_u16(c);
		return 2;
	case 2:
		(void)pil_cursor_u32(c);
		return 4;
	case 3:
		(void)pil_cursor_u64(c);
		return 8;
	case 4:
		bytes = pil_cursor_bytes(c, size);
		claim_inside(bytes, (struct pil_bytes){ c->data, c->size });
		CLAIM(!bytes.data == !bytes.size, "bytes are there or they are not");
		CLAIM(!bytes.data || bytes.data + bytes.size == c->data + c->pos, "the cursor stands behind them");
		return size;
	default:
		pil_cursor_skip(c, size);
		return size;
	}
}

int main(void)
{
	struct pil_cursor c = { 0 };
	struct pil_cursor before = { 0 };
	struct pil_why why = { 0 };
	size_t size = any_size(SIZE);
	uint64_t asked = 0;

	pil_cursor_init(&c, any_bytes(size), size);
	CLAIM(!c.pos && !c.failed && sane(&c), "a new cursor stands at the first byte");
	c.pos = any_size(SIZE);
	c.failed = nondet_uint() & 1;
	c.need = nondet_u64();
	ASSUME(sane(&c));

	before = c;
	asked = operate(&c);
	CLAIM(sane(&c) && c.data == before.data && c.size == before.size, "the cursor stays in the input");
	CLAIM(c.failed == (before.failed || asked > before.size - before.pos), "it fails past the end, and for good");
	CLAIM(c.pos == (c.failed ? before.pos : before.pos + asked), "it moves by what was read, or not at all");
	CLAIM(pil_cursor_left(&c) == (c.failed ? 0 : c.size - c.pos), "what is left");
	CLAIM(!pil_cursor_check(&c, &why) == !pil_cursor_failed(&c), "a failure is reported");
	if (!c.failed)
		REACHED("a read that succeeds");
	return 0;
}
