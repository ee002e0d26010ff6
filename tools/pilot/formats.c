/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of formats that are recognised by their first bytes. */
#include "formats.h"

#define FIRST_BYTES 64u

static const struct image_format formats[] = {
	{ "optee-container", pil_container_recognize, container_show, container_verify },
};

const struct image_format *image_format_of(const char *path)
{
	uint8_t first[FIRST_BYTES] = { 0 };
	FILE *f = fopen(path, "rb");
	size_t size = 0;
	size_t i = 0;

	if (!f)
		return NULL;
	size = fread(first, 1, sizeof(first), f);
	(void)fclose(f);
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].recognize(first, size))
			return &formats[i];
	return NULL;
}
