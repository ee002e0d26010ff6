/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded little-endian reader. Parsers read through a cursor and look at its failure once, after the last field:
 * a read past the end yields zero, moves nothing and makes every later read fail too.
 */
#ifndef PILOT_CURSOR_H
#define PILOT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>
#include <pilot/error.h>

/**
 * struct pil_cursor - a place in bytes that belong to somebody else
 * @data:   first byte
 * @size:   how many there are
 * @pos:    next byte to read; never more than @size
 * @failed: a read went past the end
 * @need:   where that read would have ended; meaningful only when @failed
 */
struct pil_cursor {
	const uint8_t *data;
	size_t size;
	size_t pos;
	bool failed;
	uint64_t need;
};

/**
 * pil_cursor_init() - begin at the first byte
 * @c:    cursor
 * @data: bytes; may be NULL when @size is 0
 * @size: how many
 */
void pil_cursor_init(struct pil_cursor *c, const void *data, size_t size);

/**
 * pil_cursor_u8() - read one byte
 * pil_cursor_u16() - read two bytes, little endian
 * pil_cursor_u32() - read four bytes, little endian
 * pil_cursor_u64() - read eight bytes, little endian
 * @c: cursor
 *
 * Return: the value; 0 when the cursor has failed
 */
uint8_t pil_cursor_u8(struct pil_cursor *c);
uint16_t pil_cursor_u16(struct pil_cursor *c);
uint32_t pil_cursor_u32(struct pil_cursor *c);
uint64_t pil_cursor_u64(struct pil_cursor *c);

/**
 * pil_cursor_bytes() - take @size bytes without copying them
 * @c:    cursor
 * @size: how many
 *
 * Return: the bytes; { NULL, 0 } when the cursor has failed
 */
struct pil_bytes pil_cursor_bytes(struct pil_cursor *c, uint64_t size);

/**
 * pil_cursor_skip() - pass over @size bytes
 * @c:    cursor
 * @size: how many
 */
void pil_cursor_skip(struct pil_cursor *c, uint64_t size);

/**
 * pil_cursor_left() - how many bytes follow
 * @c: cursor
 *
 * Return: bytes between the next byte and the end; 0 when the cursor has failed
 */
size_t pil_cursor_left(const struct pil_cursor *c);

/**
 * pil_cursor_failed() - has any read gone past the end?
 * @c: cursor
 *
 * Return: true when at least one read since pil_cursor_init() could not be satisfied
 */
bool pil_cursor_failed(const struct pil_cursor *c);

/**
 * pil_cursor_check() - pil_cursor_failed() as an error
 * @c:   cursor
 * @why: reason of a failure, or NULL
 *
 * Return: 0 or -PIL_ETRUNC (TRUNCATED)
 */
int pil_cursor_check(const struct pil_cursor *c, struct pil_why *why);

#endif
