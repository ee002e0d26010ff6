/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core file of a remote processor, as Linux's remoteproc makes it (drivers/remoteproc/remoteproc_coredump.c): ELF32 or ELF64 of type
 * ET_CORE with one PT_LOAD for each piece of memory, or without program headers and with one named section for each. Everything in
 * it is untrusted, and any part of it may be missing: what is there is read, what is wrong is listed.
 */
#ifndef PILOT_TOOL_DUMP_CORE_H
#define PILOT_TOOL_DUMP_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pilot.h"

#define CORE_REGIONS  1024u /* as many as are read; a minidump has some dozen */
#define CORE_NAME     64u
#define CORE_PROBLEMS 16u /* as many as are listed; the others are counted */

/** enum core_kind - which headers the pieces of memory are in */
enum core_kind {
	CORE_EMPTY = 0, /* neither: there is no memory in it */
	CORE_SEGMENTS,
	CORE_SECTIONS,
};

/** enum contents - what is in a piece of memory */
enum contents {
	CONTENTS_NONE = 0, /* nothing in the file */
	CONTENTS_ZERO,
	CONTENTS_ONES,	  /* what Linux writes for memory that it could not map */
	CONTENTS_PATTERN, /* one word, again and again */
	CONTENTS_DATA,
	CONTENTS_KINDS
};

/**
 * struct core_region - a piece of memory
 * @index:   of its header
 * @name:    of its section, printable; "" in a file with program headers
 * @address: of the processor or of the bus: whatever the kernel was told
 * @size:    bytes, as its header says
 * @offset:  in the file, as its header says
 * @data:    @present bytes of it are in the file
 * @contents: what these are; @used: how many of them are not zero; @word: of CONTENTS_PATTERN
 */
struct core_region {
	unsigned int index;
	char name[CORE_NAME];
	uint64_t address;
	uint64_t size;
	uint64_t offset;
	const uint8_t *data;
	size_t present;
	enum contents contents;
	uint64_t used;
	uint32_t word;
};

/**
 * struct core - a core file
 * @declared: headers that the file claims to have; @count of them are regions
 * @missing:  bytes that headers promise and that the file does not have
 * @problem:  @problems sentences about what is wrong, the first CORE_PROBLEMS of them
 */
struct core {
	struct file file;
	bool is64;
	unsigned int machine;
	uint64_t entry;
	enum core_kind kind;
	unsigned int declared;
	unsigned int count;
	struct core_region *region;
	uint64_t missing;
	unsigned int problems;
	char problem[CORE_PROBLEMS][160];
};

/** core_open() - read a file; false after a complaint, then there is nothing to close */
bool core_open(struct core *core, const char *path);

/** core_close() - release it */
void core_close(struct core *core);

/** contents_find() - look at the bytes of a region */
void contents_find(struct core_region *region);

/** contents_name() - one word for it, as in JSON documents */
const char *contents_name(enum contents contents);

#endif
