/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the archive of the SCM door's test: every malformed image of tests/common that does not live from its length, and more. */
#include <stdio.h>

#include <virt/platform.h>

#include "door_archive.h"
#include "malformed.h"

static void add_malformed(void)
{
	static uint8_t metadata[MALFORMED_MAX];
	const struct malformed *m = NULL;
	size_t i = 0;

	for (i = 0; (m = malformed_get(i)); i++) {
		struct archive_image image = {
			.name = m->name,
			.call = m->stage == IN_AUTH ? CALL_AUTH : CALL_INIT,
			.reason = m->expected,
			.metadata = metadata,
			.place = VIRT_ADSP_MEM,
			.span = ARCHIVE_SPAN,
		};

		if (m->needs_length)
			continue; /* INIT_IMAGE brings no length: behind the bytes there are always more */
		image.metadata_size = malformed_make(m, metadata, sizeof(metadata));
		archive_add(&image);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: door_archive DIRECTORY\n");
		return 2;
	}
	archive_begin(argv[1]);
	add_malformed();
	extra_images();
	archive_end(argv[1]);
	return 0;
}
