/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Malformed images by name, each with the one reason for which it must be refused. Generated, never stored: what makes
 * them knows nothing of who checks them, so that a host test, or a program that packs them for a guest, can use them.
 *
 * A table belongs to one source file; another one joins by a line in malformed.c.
 */
#ifndef PILOT_TESTS_MALFORMED_H
#define PILOT_TESTS_MALFORMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

#define MALFORMED_MAX	(16u * 1024u) /* no input is longer */
#define MALFORMED_EDITS 4u

/** enum malformed_place - what the offset of an edit counts from */
enum malformed_place {
	AT_END = 0,	/* ends the list of edits */
	AT_EHDR,	/* the ELF header */
	AT_PHDR0,	/* program header 0 */
	AT_PHDR_HASH,	/* the hash segment's */
	AT_PHDR_A,	/* the first loadable segment's */
	AT_PHDR_B,	/* the second's */
	AT_PHDR_C,	/* the third's */
	AT_HASH,	/* the hash segment */
	AT_OEM,		/* OEM signing metadata */
	AT_QTI,		/* QTI signing metadata */
	AT_LENGTH,	/* no bytes: the input ends at the offset */
	AT_LENGTH_LESS, /* no bytes: the input is shorter by the offset */
	AT_HASH_ZERO,	/* no bytes: the whole hash segment becomes zero */
};

/** struct malformed_edit - @width bytes at @place plus @offset become @value */
struct malformed_edit {
	enum malformed_place place;
	size_t offset;
	unsigned int width;
	uint64_t value;
};

/** enum malformed_stage - what finds the fault */
enum malformed_stage {
	IN_IMAGE = 0, /* pil_image_from_metadata() */
	IN_PLAN,      /* pil_plan_measure() */
	IN_AUTH,      /* pil_auth_check() */
};

/**
 * struct malformed - one input
 * @name:     stable, for logs and file names
 * @expected: the reason
 * @stage:    what finds it
 * @needs_length: the fault is in the length; who passes bytes without a length (the SCM door) cannot show it
 * @make:     writes the input; NULL: the table's usual way, by @is64, @loads and @edit
 * @is64:     of class 64
 * @both:     signed by both authorities
 * @loads:    loadable segments, 0: three
 * @edit:     what is spoiled
 * @arg:      for @make
 */
struct malformed {
	const char *name;
	enum pil_reason expected;
	enum malformed_stage stage;
	bool needs_length;
	size_t (*make)(const struct malformed *m, uint8_t *buf, size_t max);
	bool is64;
	bool both;
	unsigned int loads;
	struct malformed_edit edit[MALFORMED_EDITS];
	uintptr_t arg;
};

/** struct malformed_table - inputs of one source file */
struct malformed_table {
	const struct malformed *inputs;
	size_t count;
};

extern const struct malformed_table malformed_elf;
extern const struct malformed_table malformed_mbn;

/**
 * malformed_get() - input number @index over all tables
 * Return: the input, or NULL behind the last
 */
const struct malformed *malformed_get(size_t index);

/**
 * malformed_make() - generate an input: metadata as INIT_IMAGE gets it
 * @m:   the input
 * @buf: where it goes
 * @max: bytes at @buf; MALFORMED_MAX are enough
 *
 * Return: its length; 0 when it does not fit or cannot be made
 */
size_t malformed_make(const struct malformed *m, uint8_t *buf, size_t max);

#endif
