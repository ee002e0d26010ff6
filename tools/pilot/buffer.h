/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that grow at their end. */
#ifndef PILOT_TOOL_BUFFER_H
#define PILOT_TOOL_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct buffer - all zero to begin with
 * @data:   to be released with free(); moves when the buffer grows
 * @size:   how many
 * @room:   how many there is memory for
 * @failed: memory ran out once; nothing is added any more
 */
struct buffer {
	uint8_t *data;
	size_t size;
	size_t room;
	bool failed;
};

/* @size more bytes, all zero; where they are, or NULL when there is no memory or @size is 0 */
uint8_t *buffer_grow(struct buffer *b, size_t size);

/* add @size bytes of @data */
void buffer_put(struct buffer *b, const void *data, size_t size);

/* add a word, little endian */
void buffer_put_le32(struct buffer *b, uint32_t value);

#endif
