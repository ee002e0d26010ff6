/* SPDX-License-Identifier: BSD-2-Clause */
/* One row per version of the hash segment's header: what differs between them. Private to lib/image. */
#ifndef PILOT_LIB_MBN_FORMAT_H
#define PILOT_LIB_MBN_FORMAT_H

#include <pilot/cursor.h>
#include <pilot/mbn.h>

#define PIL_MBN_BLANK_WORDS 2u

/**
 * struct pil_mbn_format - a header version
 * @version:     its number
 * @header_size: bytes of the header
 * @blank:       by signer: header offsets, ascending, of the words that count as zero in what it signs (the sizes of
 *               the other authority's signature and certificates); 0: none. The other's metadata counts as zero too.
 * @read:        fills everything in @mbn but version, header_size and segment. @c stands at the segment's first byte
 *               and has at least @header_size bytes.
 */
struct pil_mbn_format {
	uint32_t version;
	size_t header_size;
	size_t blank[PIL_AUTHORITIES][PIL_MBN_BLANK_WORDS];
	int (*read)(struct pil_cursor *c, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why);
};

extern const struct pil_mbn_format pil_mbn_format_v3;
extern const struct pil_mbn_format pil_mbn_format_v5;
extern const struct pil_mbn_format pil_mbn_format_v6;
extern const struct pil_mbn_format pil_mbn_format_v7;
extern const struct pil_mbn_format pil_mbn_format_v8;

/*
 * The versions that this program reads, ascending, ended by NULL: mbn_formats.c lists all, mbn_formats_device.c those that
 * firmware takes. The build links one of them.
 */
extern const struct pil_mbn_format *const pil_mbn_formats[];

/** struct pil_mbn_sizes - bytes of every region, as a header says; 0: not there */
struct pil_mbn_sizes {
	uint32_t common;
	uint32_t metadata[PIL_AUTHORITIES];
	uint32_t hashes;
	uint32_t signature[PIL_AUTHORITIES];
	uint32_t certs[PIL_AUTHORITIES];
};

/** pil_mbn_all_zero_() - are all of @bytes zero? Return: true also when there are none */
bool pil_mbn_all_zero_(struct pil_bytes bytes);

/**
 * pil_mbn_check_metadata_() - signing metadata is absent or as long as it must be
 * @s:    sizes
 * @size: the only length
 * @why:  reason of a failure, or NULL
 * Return: 0 or -PIL_EFORMAT (MBN_METADATA_SIZE)
 */
int pil_mbn_check_metadata_(const struct pil_mbn_sizes *s, uint32_t size, struct pil_why *why);

/**
 * pil_mbn_cut_() - cut the regions, which follow the header in the order that all versions share
 * @c:      stands behind the header
 * @s:      sizes; nothing is assumed about them
 * @mbn:    segment in; hashes, signed_part, end and the signers' regions out
 * @common: result: the common metadata, or NULL
 * @why:    reason of a failure, or NULL
 * Return: 0 or -PIL_ETRUNC (MBN_REGIONS)
 */
int pil_mbn_cut_(struct pil_cursor *c, const struct pil_mbn_sizes *s, struct pil_mbn *mbn, struct pil_bytes *common,
		 struct pil_why *why);

/**
 * pil_mbn_table_() - the digest of a hash table by its length, where no field names it
 * @size:  bytes of the table
 * @phnum: entries that it must have
 * @longest: longest digest that the version has: PIL_SHA256 or PIL_SHA384
 * @mbn:   hash_alg and hash_count out
 * @why:   reason of a failure, or NULL
 * Return: 0 or -PIL_EFORMAT (MBN_HASH_SIZE)
 */
int pil_mbn_table_(uint32_t size, unsigned int phnum, enum pil_hash_alg longest, struct pil_mbn *mbn,
		   struct pil_why *why);

/**
 * pil_mbn_read_words_() - an array of words
 * @c:     cursor
 * @words: result
 * @count: how many
 */
void pil_mbn_read_words_(struct pil_cursor *c, uint32_t *words, unsigned int count);

/**
 * pil_mbn_start_v7_() - the words that the headers of versions 7 and 8 begin with
 * @c: stands at the header; behind the QTI's sizes afterwards
 * @s: sizes out, all but the OEM's signature and certificates
 */
void pil_mbn_start_v7_(struct pil_cursor *c, struct pil_mbn_sizes *s);

/**
 * pil_mbn_read_v7_() - everything behind the header of versions 7 and 8
 * @c:     stands behind the header
 * @s:     sizes
 * @majors: lowest and highest major version of signing metadata
 * @phnum: entries that the hash table must have
 * @mbn:   as struct pil_mbn_format.read
 * @why:   reason of a failure, or NULL
 * Return: as pil_mbn_parse()
 */
int pil_mbn_read_v7_(struct pil_cursor *c, const struct pil_mbn_sizes *s, const uint32_t majors[2],
		     unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why);

#endif
