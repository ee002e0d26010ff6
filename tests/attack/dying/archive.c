/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the archive of the host that dies: the program, signed in many rollback versions. argv: directory, the program. */
#include <stddef.h>
#include <stdio.h>

#include <pilot/wire/mbn.h>

#include "archive.h"
#include "orders.h"

#define PROGRAM_MAX 4096u

static void add(const uint8_t *code, size_t size, uint32_t version)
{
	static char name[ARCHIVE_NAME];
	struct signedgen s = { 0 };
	struct archive_image image = { 0 };

	signedgen_init(&s, false);
	s.image.segment[0].bytes = code;
	s.image.segment[0].filesz = s.image.segment[0].memsz = size;
	s.image.entry = s.image.segment[0].vaddr;
	s.image.metadata[PIL_OEM][offsetof(struct pil_mbn_v6_metadata_wire, anti_rollback) / 4] = version;
	snprintf(name, sizeof(name), "%u", version);
	image = archive_image_called(name, &s);
	image.span = ARCHIVE_SPAN;
	image.flags = ARCHIVE_FOR_TEST;
	archive_add_signed(&s, image);
}

int main(int argc, char **argv)
{
	static uint8_t code[PROGRAM_MAX];
	size_t size = 0;
	uint32_t version = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: dying_archive DIRECTORY PROGRAM\n");
		return 2;
	}
	size = archive_read_program(argv[2], code, sizeof(code));
	archive_begin(argv[1]);
	for (version = 0; version < DYING_IMAGES; version++)
		add(code, size, version);
	archive_end(argv[1]);
	return 0;
}
