/* SPDX-License-Identifier: BSD-2-Clause */
/* What the harnesses for CBMC share: bytes of any length and content, and claims about what a parser returned. */
#ifndef PILOT_TESTS_PROOF_H
#define PILOT_TESTS_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <pilot/crypto.h>
#include <pilot/cursor.h>
#include <pilot/error.h>

/* declared only: CBMC takes any value for what they return */
uint16_t nondet_u16(void);
uint64_t nondet_u64(void);
uint32_t nondet_u32(void);
unsigned int nondet_uint(void);

#define ASSUME(condition) __CPROVER_assume(condition)

/*
 * REACHED: "no input gets here". The runner defines PROOF_REACH for a run of its own, in which just that is claimed, and
 * must fail: a proof of code that no input reaches would prove nothing.
 */
#ifdef PROOF_REACH
#define CLAIM(condition, text) ((void)(condition))
#define REACHED(text)	       __CPROVER_assert(false, "reached: " text)
#else
#define CLAIM(condition, text) __CPROVER_assert(condition, text)
#define REACHED(text)	       ((void)0)
#endif

/* any length up to @max; bits that no such length has are 0 from the start, which the solver is grateful for */
static inline size_t any_size(uint64_t max)
{
	uint64_t mask = max;
	uint64_t size = nondet_u64();
	unsigned int shift = 0;

	for (shift = 1; shift < 64; shift *= 2)
		mask |= mask >> shift;
	size &= mask;
	ASSUME(size <= max);
	return size;
}

/* an object of exactly @size bytes, of any content: a read of one byte more is an error */
static inline uint8_t *any_bytes(size_t size)
{
	uint8_t *data = malloc(size);

	ASSUME(data);
	return data;
}

/* a piece of @whole, which has @max bytes at most, of any place and length; or none */
static inline struct pil_bytes any_piece(struct pil_bytes whole, uint64_t max)
{
	size_t from = any_size(max);
	size_t size = any_size(max);

	ASSUME(from <= whole.size && size <= whole.size - from);
	return size ? (struct pil_bytes){ whole.data + from, size } : (struct pil_bytes){ NULL, 0 };
}

/* any state of a cursor over its bytes, @max at most */
static inline void any_cursor(struct pil_cursor *c, uint64_t max)
{
	c->pos = any_size(max);
	c->failed = nondet_u16() & 1;
	c->need = nondet_u64();
	ASSUME(c->pos <= c->size);
}

/* what memcpy() asks for; the bytes written have any value */
static inline void any_copy(void *to, const void *from, size_t size)
{
	CLAIM(__CPROVER_r_ok(from, size) && __CPROVER_w_ok(to, size), "what is copied can be read and written");
	__CPROVER_havoc_slice(to, size);
}

/* a result is 0, or a failure whose reason is of its class */
static inline void claim_result(int ret, const struct pil_why *why)
{
	if (!ret)
		return;
	CLAIM(why->reason > PIL_R_NONE && why->reason < PIL_R_COUNT, "a failure has a reason");
	CLAIM(ret < 0 && ret == -(int)pil_reason_class(why->reason), "the result is the class of the reason");
}

/* @piece lies in @whole, or is empty */
static inline void claim_inside(struct pil_bytes piece, struct pil_bytes whole)
{
	if (!piece.size)
		return;
	CLAIM(__CPROVER_same_object(piece.data, whole.data), "a region points into the input");
	CLAIM(piece.data >= whole.data && piece.size <= whole.size, "a region begins in the input");
	CLAIM((size_t)(piece.data - whole.data) <= whole.size - piece.size, "a region ends in the input");
}

#endif
