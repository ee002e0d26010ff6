/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two files of the program that writes the archive share. */
#ifndef DOOR_ARCHIVE_H
#define DOOR_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

#include "format.h"

#define ARCHIVE_MAX (24u << 20)

/** enum door_call - the call that must refuse an image; CALL_NONE: it is genuine */
enum door_call { CALL_NONE = 0, CALL_INIT, CALL_MEM_SETUP, CALL_AUTH };

/**
 * struct door_image - an image before it is in the archive
 * @name:   stable
 * @call, @reason: which call refuses it, and why
 * @metadata, @memory: bytes
 * @place, @span: for MEM_SETUP
 * @flags:  of struct door_entry
 */
struct door_image {
	const char *name;
	enum door_call call;
	enum pil_reason reason;
	const uint8_t *metadata, *memory;
	size_t metadata_size, memory_size;
	uint64_t place, span;
	uint32_t flags;
};

/** archive_add() - append an image and what must become of it; ends the program when it cannot */
void archive_add(const struct door_image *image);

/** extra_images() - genuine images, and those that only complete requests can show to be bad */
void extra_images(void);

#endif
