/* SPDX-License-Identifier: BSD-2-Clause */
/* The archive in RAM. */
#include <string.h>

#include <virt/platform.h>

#include "payload.h"

#define ARCHIVE	 ((const uint8_t *)(uintptr_t)VIRT_INITRD)
#define METADATA UINT64_C(0x60000000) /* buffers: RAM that nobody uses */

const struct archive_header *archive_open(void)
{
	const struct archive_header *h = (const void *)ARCHIVE;

	if (h->magic != ARCHIVE_MAGIC || h->version != ARCHIVE_VERSION || h->entry_size != sizeof(struct archive_entry))
		return NULL;
	return h;
}

const struct archive_entry *archive_entry(unsigned int index)
{
	return (const struct archive_entry *)(const void *)(ARCHIVE + sizeof(struct archive_header)) + index;
}

const struct archive_entry *archive_find(const char *name)
{
	unsigned int i = 0;

	for (i = 0; i < archive_open()->count; i++)
		if (!strcmp(archive_entry(i)->name, name))
			return archive_entry(i);
	return NULL;
}

uint64_t archive_metadata_buffer(unsigned int buffer)
{
	return METADATA + (uint64_t)buffer * ARCHIVE_METADATA;
}

uint64_t archive_metadata(const struct archive_entry *e, unsigned int buffer)
{
	uint64_t address = archive_metadata_buffer(buffer);

	memset((void *)address, 0, ARCHIVE_METADATA);
	memcpy((void *)address, ARCHIVE + e->metadata, e->metadata_size);
	return address;
}

/* where the CPU has granule protection another CPU's AUTH may have the carve-out: then this host is too late, and goes on */
void archive_copy_memory(const struct archive_entry *e)
{
	(void)try_copy(e->place, (uint64_t)(ARCHIVE + e->memory), e->memory_size);
}

void archive_try_copy_memory(const struct archive_entry *e)
{
	uint64_t word = 0;

	if (!try_read(e->place, &word))
		return;
	fault_arm();
	archive_copy_memory(e);
	(void)fault_disarm();
}
