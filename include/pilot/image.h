/* SPDX-License-Identifier: BSD-2-Clause */
/* One signed image, whatever its form: a whole file, or the metadata that INIT_IMAGE brings. */
#ifndef PILOT_IMAGE_H
#define PILOT_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include <pilot/elf.h>
#include <pilot/error.h>
#include <pilot/mbn.h>

#define PIL_IMAGE_HASH_MAX     (64u * 1024u) /* longest hash segment accepted; the largest real one has under 24 KiB */
#define PIL_IMAGE_METADATA_MAX (PIL_IMAGE_HASH_MAX + 8u * 1024u)

/**
 * struct pil_image - an image that was read
 * @elf:        its headers
 * @mbn:        its hash segment
 * @hash_index: index of the hash segment's program header
 * @first:      program header that entry 0 of the hash table is for: 0, but see pil_image_wrapped()
 * @file:       the whole file, or empty when only the metadata is known
 */
struct pil_image {
	struct pil_elf elf;
	struct pil_mbn mbn;
	unsigned int hash_index;
	unsigned int first;
	struct pil_bytes file;
};

/**
 * pil_image_from_file() - read a combined image (.mbn, .elf)
 * @data:  the file
 * @size:  its length
 * @image: result; points into @data
 * @why:   reason of a failure, or NULL
 *
 * Every segment with bytes in the file must lie inside it (a p_offset past the end is fine when p_filesz is 0).
 *
 * Return: 0, or the errors of pil_elf_parse(), pil_image_find_hash() and pil_mbn_parse(), or -PIL_ETRUNC
 * (ELF_SEGMENT_END), -PIL_EFORMAT (ELF_SEGMENT_WRAP). After a failure @image is all zero.
 */
int pil_image_from_file(const void *data, size_t size, struct pil_image *image, struct pil_why *why);

/**
 * pil_image_from_metadata() - read what INIT_IMAGE brings
 * @data:  ELF header and program headers (p_filesz of program header 0), directly followed by the hash segment
 * @size:  its length; more than needed is fine
 * @image: result; points into @data
 * @why:   reason of a failure, or NULL
 *
 * Return: as pil_image_from_file()
 */
int pil_image_from_metadata(const void *data, size_t size, struct pil_image *image, struct pil_why *why);

/**
 * pil_image_wrapped() - read a signed image that was wrapped into another image
 * @data:  the file
 * @size:  its length
 * @outer: result: the wrapper; its hash table has an entry for every program header
 * @inner: result: what is wrapped; the first program header that its hash table covers is @inner->first
 * @why:   reason of a failure, or NULL
 *
 * Such a file has two program headers of type hash, and two of type "headers": the second one, program header
 * @inner->first, holds the ELF header of the image that was wrapped. No device that libpilot knows takes them, so that
 * pil_image_from_file() does not read them.
 *
 * Return: 0; -PIL_EFORMAT (MBN_NOT_WRAPPED: no second hash segment behind a second header segment); errors of
 * pil_image_from_file() except MBN_TWO_HASH_SEGMENTS. After a failure both are all zero.
 */
int pil_image_wrapped(const void *data, size_t size, struct pil_image *outer, struct pil_image *inner,
		      struct pil_why *why);

/**
 * pil_image_entry() - entry of the hash table for program header @index of the file
 * @image: the image
 * @index: any number
 * Return: pil_hash_size(@image->mbn.hash_alg) bytes, or NULL when the table has none for it
 */
const uint8_t *pil_image_entry(const struct pil_image *image, unsigned int index);

/**
 * pil_image_find_hash() - find the hash segment's program header
 * @elf:   headers
 * @index: result: its index, at least 1
 * @phdr:  result: the program header
 * @why:   reason of a failure, or NULL
 *
 * Program header 0 must be neither loadable nor of type hash (MBN_PHDR0_TYPE), begin at 0 (MBN_PHDR0_OFFSET) and carry
 * exactly ELF header and program headers (MBN_PHDR0), as in all real files and as mdt_loader passes them on. The hash
 * segment may have up to PIL_IMAGE_HASH_MAX bytes (MBN_LONG); whether they are all there is not looked at.
 *
 * Return: 0 or -PIL_EFORMAT (MBN_NO_HASH_SEGMENT, MBN_TWO_HASH_SEGMENTS, MBN_PHDR0, MBN_PHDR0_TYPE, MBN_PHDR0_OFFSET,
 * MBN_LONG)
 */
int pil_image_find_hash(const struct pil_elf *elf, unsigned int *index, struct pil_phdr *phdr, struct pil_why *why);

#endif
