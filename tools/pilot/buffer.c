/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "bytes.h"

uint8_t *buffer_grow(struct buffer *b, size_t size)
{
	uint8_t *data = NULL;

	if (b->failed || !size)
		return NULL;
	data = size > SIZE_MAX - b->size ? NULL : realloc(b->data, b->size + size);
	if (!data) {
		b->failed = true;
		return NULL;
	}
	b->data = data;
	data += b->size;
	b->size += size;
	memset(data, 0, size);
	return data;
}

void buffer_put(struct buffer *b, const void *data, size_t size)
{
	uint8_t *at = buffer_grow(b, size);

	if (at)
		memcpy(at, data, size);
}

void buffer_put_le32(struct buffer *b, uint32_t value)
{
	uint8_t *at = buffer_grow(b, sizeof(value));

	if (at)
		put_le32(at, value);
}
