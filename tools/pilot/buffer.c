/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "bytes.h"

/* twice as much each time, so that many small pieces are not copied over and over; false: there is not so much */
static bool make_room(struct buffer *b, size_t size)
{
	size_t wanted = size > SIZE_MAX - b->size ? 0 : b->size + size;
	size_t twice = b->room > SIZE_MAX / 2 ? SIZE_MAX : 2 * b->room;
	uint8_t *data = NULL;

	if (wanted && wanted <= b->room)
		return true;
	twice = twice > wanted ? twice : wanted;
	data = wanted ? realloc(b->data, twice) : NULL;
	if (!data)
		return false;
	b->data = data;
	b->room = twice;
	return true;
}

uint8_t *buffer_grow(struct buffer *b, size_t size)
{
	uint8_t *data = NULL;

	if (b->failed || !size)
		return NULL;
	if (!make_room(b, size)) {
		b->failed = true;
		return NULL;
	}
	data = b->data + b->size;
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
