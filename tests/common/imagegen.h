/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes signed images for tests: ELF32 or ELF64 with a hash segment of any version and right digests. What a field of the
 * description says is written as it is, right or wrong; other fields of the output are spoiled through the hooks
 * or with imagegen_put() afterwards.
 */
#ifndef PILOT_TESTS_IMAGEGEN_H
#define PILOT_TESTS_IMAGEGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>
#include <pilot/mbn.h>

#define IMAGEGEN_SEGMENTS 96u /* besides program header 0 and the hash segment */
#define IMAGEGEN_PHDRS	  (IMAGEGEN_SEGMENTS + 2u)
#define IMAGEGEN_METADATA 56u /* words of the longest signing metadata: 30 in version 6, 56 in 7 and 8 */
#define IMAGEGEN_COMMON	  6u

/** struct imagegen_segment - one segment; its bytes in the file are @bytes, or with NULL a pattern, see imagegen_byte() */
struct imagegen_segment {
	uint32_t type;
	uint32_t flags;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	const uint8_t *bytes;
};

/**
 * struct imagegen_layout - where everything is
 * @ehdr_size, @phdr_size: 52 and 32, or 64 and 56
 * @headers:    bytes of ELF header and program headers
 * @phnum:      program headers
 * @hash_index: index of the hash segment's program header
 * @hash_size:  bytes of the hash segment
 * @file_size:  bytes of the whole file
 * @offset:     file offset of the bytes of each program header
 * @common, @metadata, @signature, @certs, @hashes: offsets in the hash segment
 */
struct imagegen_layout {
	size_t ehdr_size, phdr_size;
	size_t headers;
	unsigned int phnum;
	unsigned int hash_index;
	size_t hash_size;
	size_t file_size;
	size_t offset[IMAGEGEN_PHDRS];
	size_t common;
	size_t metadata[PIL_AUTHORITIES];
	size_t hashes;
	size_t signature[PIL_AUTHORITIES];
	size_t certs[PIL_AUTHORITIES];
};

/**
 * struct imagegen - description of an image; imagegen_init() fills in a good one
 * @crypto:    makes the digests
 * @is64:      ELFCLASS64
 * @machine:   e_machine
 * @entry:     e_entry
 * @hash_last: the hash segment's program header is the last one, not number 1
 * @align:     alignment of segments in the file, a power of two
 * @hash_alg:  digest of the hash table
 * @count:     segments
 * @segment:   besides program header 0 and the hash segment
 * @version:   of the hash segment's header; versions 3 and 5 have no metadata, 3 no QTI parts
 * @common:    words of the common metadata of versions 7 and 8
 * @has_metadata: by authority: write @metadata
 * @metadata:  words of struct pil_mbn_v6_metadata_wire, or of struct pil_mbn_v7_metadata_wire
 * @signature, @certs: by authority: copied as they are
 * @padding:   bytes of 0xff at the end of the hash segment
 * @spoil_headers: called before the digests are made, with the headers and their layout; or NULL
 * @spoil_hash: called when the hash segment is complete, with its bytes; or NULL
 * @arg:       for both
 */
struct imagegen {
	const struct pil_crypto *crypto;
	bool is64;
	uint16_t machine;
	uint64_t entry;
	bool hash_last;
	size_t align;
	enum pil_hash_alg hash_alg;
	unsigned int count;
	struct imagegen_segment segment[IMAGEGEN_SEGMENTS];
	unsigned int version;
	uint32_t common[IMAGEGEN_COMMON];
	bool has_metadata[PIL_AUTHORITIES];
	uint32_t metadata[PIL_AUTHORITIES][IMAGEGEN_METADATA];
	struct pil_bytes signature[PIL_AUTHORITIES];
	struct pil_bytes certs[PIL_AUTHORITIES];
	size_t padding;
	void (*spoil_headers)(uint8_t *headers, const struct imagegen_layout *layout, const void *arg);
	void (*spoil_hash)(uint8_t *segment, const struct imagegen_layout *layout, const void *arg);
	const void *arg;
};

/**
 * imagegen_init() - describe a good image: three relocatable segments (code, data with zero-fill, zero-fill only),
 * entry point in the first, SHA-384, OEM metadata for SoC 0x6019 and software id 1, no signature, no certificates yet
 * @g:      result
 * @crypto: makes the digests
 * @is64:   ELFCLASS64
 */
void imagegen_init(struct imagegen *g, const struct pil_crypto *crypto, bool is64);

/**
 * imagegen_use_sw_id() - the software id that imagegen_init() describes from now on, instead of 1
 * @id: of the peripheral that the images are for
 */
void imagegen_use_sw_id(uint32_t id);

/**
 * imagegen_version() - make it an image of another version, with good metadata for the same SoC and software
 * @g:       from imagegen_init()
 * @version: 3, 5, 6, 7 or 8; with 3 and 5 the table becomes SHA-256
 */
void imagegen_version(struct imagegen *g, unsigned int version);

/** imagegen_add() - append a segment of PT_LOAD, read, write and execute. Return: it, for changes */
struct imagegen_segment *imagegen_add(struct imagegen *g, uint64_t paddr, uint64_t filesz, uint64_t memsz);

/** imagegen_byte() - byte @at of the pattern of the segment with program header @index */
uint8_t imagegen_byte(unsigned int index, size_t at);

/** imagegen_file_byte() - byte @at of what the file has of segment @s with program header @index */
uint8_t imagegen_file_byte(const struct imagegen_segment *s, unsigned int index, size_t at);

/** imagegen_layout() - where everything will be */
void imagegen_layout(const struct imagegen *g, struct imagegen_layout *layout);

/**
 * imagegen_file() - write the whole file (.mbn)
 * @g:   description
 * @buf: where it goes
 * @max: bytes at @buf
 *
 * Return: its length; 0 when @max is too small or the digests cannot be made
 */
size_t imagegen_file(const struct imagegen *g, uint8_t *buf, size_t max);

/** imagegen_metadata() - write what INIT_IMAGE brings: headers, directly followed by the hash segment. As above. */
size_t imagegen_metadata(const struct imagegen *g, uint8_t *buf, size_t max);

/** imagegen_put() - write @width (1, 2, 4 or 8) bytes of @value, little endian */
void imagegen_put(uint8_t *at, unsigned int width, uint64_t value);

#endif
