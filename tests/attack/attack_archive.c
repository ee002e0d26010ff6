/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the archive of the attacks. argv: directory, the program for a remote core as it lies in memory. */
#include <stdio.h>
#include <string.h>

#include <virt/platform.h>

#include "archive.h"
#include "malformed.h"

#define LARGE_CODE  (8u << 20)
#define LARGE_SPAN  (LARGE_CODE + 0x3000u)
#define LINKED	    0x95c00000u /* where imagegen_init()'s image is linked */
#define PROGRAM_MAX 4096u
#define RELOCATABLE UINT32_C(0x08000000) /* in p_flags */

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

static void add_program(const char *path)
{
	static uint8_t code[PROGRAM_MAX];
	struct signedgen s = { 0 };

	signedgen_init(&s, false);
	s.image.segment[0].bytes = code;
	s.image.segment[0].filesz = s.image.segment[0].memsz =
		archive_read_program(path, code, sizeof(code));
	s.image.entry = s.image.segment[0].vaddr;
	add(&s, "program", ARCHIVE_SPAN);
}

/* what the attacks of payload/images.c name */
static bool is_wanted(const char *name)
{
	static const char *const wanted[] = {
		"bound_to_other_soc",
		"bound_to_other_oem",
		"bound_to_other_model",
		"bound_to_other_serial",
		"bound_to_nothing",
		"other_software",
		"foreign_root",
		"no_signature",
		"signature_of_other",
		"table_changed",
		"headers_digest",
		"plan-overlap-by-one-byte",
		"plan-one-inside-another",
		"plan-same-address",
		"plan-covers-4-gib",
		"segment-address-wraps",
		"segment-memsz-wraps",
		"segment-filesz-over-memsz",
	};
	size_t i = 0;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!strcmp(name, wanted[i]))
			return true;
	return false;
}

/* their segments are those of the small image */
static void add_malformed(void)
{
	static uint8_t metadata[MALFORMED_MAX];
	const struct malformed *m = NULL;
	struct signedgen s = { 0 };
	size_t i = 0;

	signedgen_init(&s, false);
	for (i = 0; (m = malformed_get(i)); i++) {
		struct archive_image image = archive_image_called(m->name, &s);

		if (!is_wanted(m->name))
			continue;
		image.metadata = metadata;
		image.metadata_size = malformed_make(m, metadata, sizeof(metadata));
		image.memory = archive_memory;
		image.flags = ARCHIVE_FOR_TEST;
		archive_add(&image);
	}
}

/* a fixed address for everything instead of the relocatable ones */
static void add_fixed(const char *name, uint64_t base)
{
	struct signedgen s = { 0 };
	unsigned int i = 0;

	signedgen_init(&s, true);
	for (i = 0; i < s.image.count; i++) {
		s.image.segment[i].flags &= ~RELOCATABLE;
		s.image.segment[i].paddr += base - LINKED;
		s.image.segment[i].vaddr += base - LINKED;
	}
	s.image.entry += base - LINKED;
	add(&s, name, ARCHIVE_SPAN);
}

static void add_misplaced(void)
{
	struct signedgen s = { 0 };

	add_fixed("fixed-in-host-memory", VIRT_KERNEL);
	add_fixed("fixed-in-secure-memory", VIRT_SERVICE_RAM);
	signedgen_init(&s, false);
	s.image.entry = LINKED + ARCHIVE_SPAN;
	add(&s, "entry-behind-last-segment", ARCHIVE_SPAN);
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
	add_malformed();
	add_misplaced();
	archive_end(argv[1]);
	return 0;
}
