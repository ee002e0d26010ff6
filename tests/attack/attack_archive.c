/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the archive of the attacks. argv: directory, the program for a remote core as it lies in memory. */
#include <stdio.h>
#include <string.h>

#include <virt/platform.h>

#include "archive.h"
#include "malformed.h"

#define LARGE_CODE	  (8u << 20)
#define LARGE_SPAN	  (LARGE_CODE + 0x3000u)
#define LINKED		  0x95c00000u /* where imagegen_init()'s image is linked */
#define PROGRAM_MAX	  4096u
#define METADATA_ROLLBACK 29u		       /* word of the metadata (docs/SPEC.md section 3.2) */
#define RELOCATABLE	  UINT32_C(0x08000000) /* in p_flags */

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

/** struct program - a program of @size bytes at @code, signed for software @sw_id, in @version, placed at @place */
struct program {
	const char *name;
	const uint8_t *code;
	size_t size;
	uint32_t sw_id, version;
	uint64_t place;
};

static void add_program(const struct program *p)
{
	struct signedgen s = { 0 };
	struct archive_image image = { 0 };

	imagegen_use_sw_id(p->sw_id);
	signedgen_init(&s, false);
	s.image.segment[0].bytes = p->code;
	s.image.segment[0].filesz = s.image.segment[0].memsz = p->size;
	s.image.entry = s.image.segment[0].vaddr;
	s.image.metadata[PIL_OEM][METADATA_ROLLBACK] = p->version;
	image = archive_image_called(p->name, &s);
	image.place = p->place;
	image.flags = ARCHIVE_FOR_TEST;
	archive_add_signed(&s, image);
	imagegen_use_sw_id(VIRT_ADSP_SW_ID);
}

/* the program for each core; versions of it, and of one that never says that it is ready */
static void add_programs(const char *path)
{
	static const uint8_t silent[] = { 0x00, 0x00, 0x00, 0x14 }; /* a branch to itself */
	static uint8_t code[PROGRAM_MAX];
	size_t size = archive_read_program(path, code, sizeof(code));
	const struct program programs[] = {
		{ "program", code, size, VIRT_ADSP_SW_ID, 0, VIRT_ADSP_MEM },
		{ "program-lite", code, size, VIRT_ADSP_LITE_SW_ID, 0, VIRT_ADSP_MEM },
		{ "program-cdsp", code, size, VIRT_CDSP_SW_ID, 0, VIRT_CDSP_MEM },
		{ "program-video", code, size, VIRT_VIDEO_SW_ID, 0, VIRT_VIDEO_MEM },
		{ "cdsp-1", code, size, VIRT_CDSP_SW_ID, 1, VIRT_CDSP_MEM },
		{ "cdsp-2", code, size, VIRT_CDSP_SW_ID, 2, VIRT_CDSP_MEM },
		{ "cdsp-3", code, size, VIRT_CDSP_SW_ID, 3, VIRT_CDSP_MEM },
		{ "cdsp-4", code, size, VIRT_CDSP_SW_ID, 4, VIRT_CDSP_MEM },
		{ "cdsp-5", code, size, VIRT_CDSP_SW_ID, 5, VIRT_CDSP_MEM },
		{ "cdsp-6", code, size, VIRT_CDSP_SW_ID, 6, VIRT_CDSP_MEM },
		{ "cdsp-7", code, size, VIRT_CDSP_SW_ID, 7, VIRT_CDSP_MEM },
		{ "cdsp-8", code, size, VIRT_CDSP_SW_ID, 8, VIRT_CDSP_MEM },
		{ "cdsp-9-silent", silent, sizeof(silent), VIRT_CDSP_SW_ID, 9, VIRT_CDSP_MEM },
	};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		add_program(&programs[i]);
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
	add_programs(argv[2]);
	archive_add_kinds();
	add_malformed();
	add_misplaced();
	archive_end(argv[1]);
	return 0;
}
