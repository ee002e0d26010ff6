/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manifests: an image's own word, signed with it, on what its streams shall reach. It can only take away from what the board
 * grants. A manifest travels in a loadable segment, because the stock loader brings no other to memory, that is marked "not
 * used" for everybody else; the secure world reads it there after its digest was checked, and wipes it.
 */
#ifndef PILOT_MANIFEST_H
#define PILOT_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include <pilot/elf.h>
#include <pilot/error.h>
#include <pilot/plan.h>
#include <pilot/wire/manifest.h>

#define PIL_MANIFEST_MAX 16u /* entries */
#define PIL_MANIFEST_SIZE_MAX                                                                                          \
	(sizeof(struct pil_manifest_header_wire) + PIL_MANIFEST_MAX * sizeof(struct pil_manifest_entry_wire))

/* p_flags: what may be done with a segment, in Qualcomm's use of them */
#define PIL_PF_ACCESS(flags)   (((flags) >> 21) & 7u)
#define PIL_PF_ACCESS_NOT_USED 3u
#define PIL_PF_MANIFEST	       (PIL_PF_ACCESS_NOT_USED << 21)

/**
 * struct pil_manifest_entry - a range that a stream may reach
 * @sid, @mask: the stream, exactly as the board describes it
 * @purpose: of the stream: PIL_RSC_PURPOSE_... of wire/rsc_table.h
 * @access:  PIL_MANIFEST_... bits, at least one
 * @range:   whole pages of physical memory
 */
struct pil_manifest_entry {
	uint32_t sid;
	uint32_t mask;
	uint32_t purpose;
	uint32_t access;
	struct pil_range range;
};

/** struct pil_manifest - a manifest that was read; with @count 0 no stream reaches more than the carve-out */
struct pil_manifest {
	unsigned int count;
	struct pil_manifest_entry entry[PIL_MANIFEST_MAX];
};

/**
 * pil_manifest_find() - which segment is the manifest?
 * @elf:   headers of an image
 * @index: result: its program header; 0: the image has none
 * @phdr:  result: that; all zero when there is none
 * @why:   reason of a failure, or NULL
 *
 * It is the loadable segment whose p_flags say "not used".
 *
 * Return: 0; -PIL_EFORMAT (MANIFEST_TWO; MANIFEST_LONG: it has more bytes than any manifest; MANIFEST_SHORT)
 */
int pil_manifest_find(const struct pil_elf *elf, unsigned int *index, struct pil_phdr *phdr, struct pil_why *why);

/**
 * pil_manifest_parse() - read a manifest
 * @data: all bytes that its segment has in the file
 * @size: how many
 * @manifest: result; all zero after a failure
 * @why:  reason of a failure, or NULL
 *
 * Return: 0; -PIL_EFORMAT (MANIFEST_SHORT, MANIFEST_MAGIC, MANIFEST_COUNT, MANIFEST_SIZE, MANIFEST_FIELD: a is the number of the
 * entry; MANIFEST_PAGES; MANIFEST_OVERLAP); -PIL_EVERSION (MANIFEST_VERSION)
 */
int pil_manifest_parse(const void *data, size_t size, struct pil_manifest *manifest, struct pil_why *why);

/**
 * pil_manifest_build() - write a manifest
 * @manifest: what it shall say
 * @buf:  where it goes
 * @size: bytes at @buf
 * @needed: result: its length, also after MANIFEST_BUFFER; 0 after any other failure
 * @why:  reason of a failure, or NULL
 *
 * What is written passes pil_manifest_parse(); nothing is written after a failure.
 *
 * Return: 0; -PIL_EBUFFER (MANIFEST_BUFFER); -PIL_EFORMAT as pil_manifest_parse()
 */
int pil_manifest_build(const struct pil_manifest *manifest, void *buf, size_t size, size_t *needed,
		       struct pil_why *why);

#endif
