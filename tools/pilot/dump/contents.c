/* SPDX-License-Identifier: BSD-2-Clause */
/* Is there anything in a piece of memory? */
#include <string.h>

#include "bytes.h"
#include "dump/core.h"

const char *contents_name(enum contents contents)
{
	static const char *const names[CONTENTS_KINDS] = {
		[CONTENTS_NONE] = "missing",	[CONTENTS_ZERO] = "zero", [CONTENTS_ONES] = "ones",
		[CONTENTS_PATTERN] = "pattern", [CONTENTS_DATA] = "data",
	};

	return names[contents];
}

void contents_find(struct core_region *region)
{
	const uint8_t *data = region->data;
	size_t size = region->present;
	size_t i = 0;

	if (!size)
		return;
	for (i = 0; i < size; i++)
		region->used += data[i] != 0;
	region->contents = CONTENTS_DATA;
	if (!region->used) {
		region->contents = CONTENTS_ZERO;
	} else if (size >= 8 && !memcmp(data, data + 4, size - 4)) {
		region->word = get_le32(data);
		region->contents = region->word == UINT32_MAX ? CONTENTS_ONES : CONTENTS_PATTERN;
	}
}
