/* SPDX-License-Identifier: BSD-2-Clause */
/* For programs that write an archive. They end when something cannot be made or written. */
#ifndef PAYLOAD_ARCHIVE_H
#define PAYLOAD_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

#include "format.h"
#include "signedgen.h"

#define ARCHIVE_MAX    (24u << 20)
#define ARCHIVE_MEMORY ((8u << 20) + 0x10000u) /* the longest image */
#define ARCHIVE_SPAN   0x4000u		       /* bytes of imagegen_init()'s image in memory */

/** enum archive_call - the call that must refuse an image; CALL_NONE: it is genuine */
enum archive_call { CALL_NONE = 0, CALL_INIT, CALL_MEM_SETUP, CALL_AUTH };

/**
 * struct archive_image - an image before it is in the archive
 * @name:   stable
 * @call, @reason: which call refuses it, and why
 * @metadata, @memory: bytes
 * @place, @span: for MEM_SETUP
 * @flags:  of struct archive_entry
 */
struct archive_image {
	const char *name;
	enum archive_call call;
	enum pil_reason reason;
	const uint8_t *metadata, *memory;
	size_t metadata_size, memory_size;
	uint64_t place, span;
	uint32_t flags;
};

/** archive_fuses() - a fuse block of the device that the images are for */
struct pil_fuses;
void archive_fuses(struct pil_fuses *fuses);

/** archive_read_program() - what the file at @path has, which is less than @max bytes. Return: how many */
size_t archive_read_program(const char *path, uint8_t *bytes, size_t max);

/** archive_begin(), archive_end() - create the files in @directory; write what was added */
void archive_begin(const char *directory);
void archive_end(const char *directory);

/** archive_add() - append an image and what must become of it */
void archive_add(const struct archive_image *image);

/** archive_memory - bytes as the host copies them: archive_image_called() fills, archive_add_signed() takes them */
extern uint8_t archive_memory[ARCHIVE_MEMORY];

/** archive_image_called() - a genuine image at the start of the carve-out */
struct archive_image archive_image_called(const char *name, const struct signedgen *s);

/** archive_add_signed() - sign the metadata that @s describes, append @image with it */
void archive_add_signed(struct signedgen *s, struct archive_image image);

/** archive_add_kinds() - a small genuine image for each peripheral, in its own carve-out: those that kinds.c names */
void archive_add_kinds(void);

#endif
