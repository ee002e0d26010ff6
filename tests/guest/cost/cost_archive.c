/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the archive of the cost program. argv: directory, and perhaps "quick": then no waits are measured. */
#include <stdio.h>
#include <string.h>

#include <virt/platform.h>

#include "archive.h"

#define LARGE_CODE (8u << 20)
#define LARGE_SPAN (LARGE_CODE + 0x3000u)
#define LINKED	   0x95c00000u /* where imagegen_init()'s image is linked */

static void add(struct signedgen *s, const char *name, uint64_t place, uint64_t span)
{
	struct archive_image image = archive_image_called(name, s);

	image.place = place;
	image.span = span;
	image.flags = ARCHIVE_FOR_TEST;
	archive_add_signed(s, image);
}

int main(int argc, char **argv)
{
	struct signedgen s = { 0 };

	if (argc != 2 && (argc != 3 || strcmp(argv[2], "quick"))) {
		fprintf(stderr, "usage: cost_archive DIRECTORY [quick]\n");
		return 2;
	}
	archive_begin(argv[1]);
	signedgen_init(&s, false);
	add(&s, "small", VIRT_ADSP_MEM, ARCHIVE_SPAN);
	if (argc == 3)
		add(&s, argv[2], VIRT_ADSP_MEM, ARCHIVE_SPAN);
	s.image.segment[0].filesz = s.image.segment[0].memsz = LARGE_CODE;
	s.image.segment[1].paddr = s.image.segment[1].vaddr = LINKED + LARGE_CODE;
	s.image.segment[2].paddr = s.image.segment[2].vaddr = LINKED + LARGE_CODE + 0x1000;
	add(&s, "large", VIRT_ADSP_MEM, LARGE_SPAN);
	imagegen_use_sw_id(VIRT_ZAP_SW_ID);
	signedgen_init(&s, false);
	add(&s, "no-core", VIRT_ZAP_MEM, ARCHIVE_SPAN);
	archive_end(argv[1]);
	return 0;
}
