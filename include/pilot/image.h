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
 * @file:       the whole file, or empty when only the metadata is known
 */
struct pil_image {
	struct pil_elf elf;
	struct pil_mbn mbn;
	unsigned int hash_index;
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
