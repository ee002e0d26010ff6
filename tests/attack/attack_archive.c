/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the archive of the attacks. argv: directory, the program for a remote core as it lies in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virt/platform.h>

#include "archive.h"

#define LARGE_CODE  (8u << 20)
#define LARGE_SPAN  (LARGE_CODE + 0x3000u)
#define LINKED	    0x95c00000u /* where imagegen_init()'s image is linked */
#define PROGRAM_MAX 4096u

static void add(struct signedgen *s, const char *name, uint64_t span)
{
	struct archive_image image = archive_image_called(name, s);

	image.span = span;
	image.flags = ARCHIVE_FOR_TEST;
	archive_add_signed(s, image);
}

static void add_small(void)
{
	struct signedgen s = { 0 };

	signedgen_init(&s, false);
	add(&s, "small", ARCHIVE_SPAN);
	signedgen_init(&s, true);
	add(&s, "other", ARCHIVE_SPAN);
}

static void add_large(void)
{
	struct signedgen s = { 0 };

	signedgen_init(&s, false);
	s.image.segment[0].filesz = s.image.segment[0].memsz = LARGE_CODE;
	s.image.segment[1].paddr = s.image.segment[1].vaddr = LINKED + LARGE_CODE;
	s.image.segment[2].paddr = s.image.segment[2].vaddr = LINKED + LARGE_CODE + 0x1000;
	add(&s, "large", LARGE_SPAN);
}

static size_t read_program(const char *path, uint8_t *bytes)
{
	FILE *f = fopen(path, "rb");
	size_t size = f ? fread(bytes, 1, PROGRAM_MAX, f) : 0;

	if (!size || !feof(f)) {
		fprintf(stderr, "attack_archive: %s: cannot be read, is empty, or has %u bytes or more\n", path,
			PROGRAM_MAX);
		exit(1);
	}
	fclose(f);
	return size;
}

static void add_program(const char *path)
{
	static uint8_t code[PROGRAM_MAX];
	struct signedgen s = { 0 };

	signedgen_init(&s, false);
	s.image.segment[0].bytes = code;
	s.image.segment[0].filesz = s.image.segment[0].memsz = read_program(path, code);
	s.image.entry = s.image.segment[0].vaddr;
	add(&s, "program", ARCHIVE_SPAN);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: attack_archive DIRECTORY PROGRAM\n");
		return 2;
	}
	archive_begin(argv[1]);
	add_small();
	add_large();
	add_program(argv[2]);
	archive_end(argv[1]);
	return 0;
}
