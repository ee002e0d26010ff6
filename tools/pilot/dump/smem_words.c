/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Crash reasons in SMEM, where a dump has it: items of a partition, as Linux's drivers/soc/qcom/smem.c reads them. A reason
 * is an item of its own for each subsystem; their numbers are those of the drivers in drivers/remoteproc.
 */
#include <string.h>

#include "bytes.h"
#include "dump/last_words.h"

#define PART_MAGIC   0x54525024u /* "$PRT" */
#define PART_HEADER  32u
#define PART_SIZE    8u	 /* offsets in the header */
#define PART_FREE    12u /* end of the items that grow from the front */
#define PART_STEP    4096u
#define ENTRY_CANARY 0xa5a5u
#define ENTRY_HEADER 16u
#define ITEMS	     1024u

static bool is_crash_reason(unsigned int item)
{
	static const unsigned int items[] = { 421, 422, 423, 424, 601, 626, 633, 640, 641, 682 };
	size_t i = 0;

	for (i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (items[i] == item)
			return true;
	return false;
}

/* items of the partition that begins at @part and has @size bytes */
static void read_items(struct last_words *words, const struct core_region *r, unsigned int region, size_t part,
		       size_t size)
{
	const uint8_t *data = r->data + part;
	uint32_t end = get_le32(data + PART_FREE);
	uint32_t at = PART_HEADER;
	unsigned int i = 0;

	if (end > size)
		end = (uint32_t)size;
	for (i = 0; i < ITEMS && at < end && end - at >= ENTRY_HEADER; i++) {
		uint32_t id = get_le32(data + at);
		uint32_t bytes = get_le32(data + at + 4);
		uint32_t lead = get_le32(data + at + 8) >> 16;
		uint32_t tail = get_le32(data + at + 8) & 0xffff;

		at += ENTRY_HEADER;
		if ((id & 0xffff) != ENTRY_CANARY || lead > end - at || bytes > end - at - lead || tail > bytes)
			return;
		at += lead;
		if (is_crash_reason(id >> 16) && bytes > tail && data[at])
			words_add(words, WORDS_SMEM, region, r->address + part + at, id >> 16, data + at, bytes - tail);
		at += bytes;
	}
}

void smem_find(struct last_words *words, const struct core *core, unsigned int region)
{
	const struct core_region *r = &core->region[region];
	size_t at = 0;

	for (at = 0; at + PART_HEADER <= r->present; at += PART_STEP) {
		size_t size = r->present - at;

		if (get_le32(r->data + at) != PART_MAGIC)
			continue;
		if (get_le32(r->data + at + PART_SIZE) < size)
			size = get_le32(r->data + at + PART_SIZE);
		if (size >= PART_HEADER)
			read_items(words, r, region, at, size);
	}
}
