/* SPDX-License-Identifier: BSD-2-Clause */
/* What the harnesses for CBMC share: bytes of any length and content, and claims about what a parser returned. */
#ifndef PILOT_TESTS_PROOF_H
#define PILOT_TESTS_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <pilot/crypto.h>
#include <pilot/error.h>

/* declared only: CBMC takes any value for what they return */
uint16_t nondet_u16(void);
uint64_t nondet_u64(void);
uint32_t nondet_u32(void);
unsigned int nondet_uint(void);

#define ASSUME(condition)      __CPROVER_assume(condition)
#define CLAIM(condition, text) __CPROVER_assert(condition, text)

/*
 * "No input gets here". The runner defines PROOF_REACH for a run of its own, in which the claim must fail: a proof of
 * code that no input reaches would prove nothing.
 */
#ifdef PROOF_REACH
#define REACHED(text) __CPROVER_assert(false, "reached: " text)
#else
#define REACHED(text) ((void)0)
#endif

/* any length up to @max; only 16 of its bits are open, which the solver is grateful for */
static inline size_t any_size(uint16_t max)
{
	uint16_t size = nondet_u16();

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
