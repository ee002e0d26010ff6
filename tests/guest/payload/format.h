/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive that the program at the host's place reads: a header, entries, then the bytes. Little endian; all positions
 * count from the start of the archive. Written by archive.c, placed in RAM at VIRT_INITRD by QEMU's loader.
 */
#ifndef PAYLOAD_FORMAT_H
#define PAYLOAD_FORMAT_H

#include <stdint.h>

#define ARCHIVE_MAGIC	 0x524f4f44u /* "DOOR" */
#define ARCHIVE_VERSION	 1u
#define ARCHIVE_NAME	 48u
#define ARCHIVE_METADATA 0x20000u /* bytes of the fresh buffer for metadata; what an entry leaves of it is zero */

#define ARCHIVE_FIXED	 1u /* not relocatable: no MEM_SETUP */
#define ARCHIVE_FOR_TEST 2u /* not on the list: a test takes it by its name */

struct archive_header {
	uint32_t magic;
	uint32_t version;
	uint32_t count;	     /* entries that follow */
	uint32_t entry_size; /* bytes of each */
};

/** struct archive_entry - one image */
struct archive_entry {
	char name[ARCHIVE_NAME]; /* NUL-terminated */
	uint64_t metadata;	 /* what INIT_IMAGE brings */
	uint64_t metadata_size;
	uint64_t memory; /* what the host copies to @place */
	uint64_t memory_size;
	uint64_t place; /* address for MEM_SETUP */
	uint64_t span;	/* bytes for MEM_SETUP */
	uint32_t flags;
	uint32_t reserved;
};

_Static_assert(sizeof(struct archive_header) == 16, "header as written");
_Static_assert(sizeof(struct archive_entry) == 104, "entry as written");

#endif
