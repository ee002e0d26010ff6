/* SPDX-License-Identifier: BSD-2-Clause */
/* An image as a whole: its headers and where its hash segment is. */
#include "image_checks.h"

/*
 * Linux passes the first p_filesz bytes of program header 0 on as "the headers", whatever its p_offset says, and the
 * digest of that segment is the digest of the headers. Both are the same bytes only if this holds.
 */
int pil_image_check_phdr0_(const struct pil_elf *elf, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };

	(void)pil_elf_phdr(elf, 0, &phdr);
	if (phdr.type == PIL_PT_LOAD || pil_image_is_hash_(&phdr))
		return pil_fail(why, PIL_R_MBN_PHDR0_TYPE, phdr.type, phdr.flags);
	if (phdr.offset)
		return pil_fail(why, PIL_R_MBN_PHDR0_OFFSET, phdr.offset, 0);
	if (phdr.filesz != pil_elf_headers_end(elf))
		return pil_fail(why, PIL_R_MBN_PHDR0, phdr.filesz, pil_elf_headers_end(elf));
	return 0;
}

int pil_image_find_hash(const struct pil_elf *elf, unsigned int *index, struct pil_phdr *phdr, struct pil_why *why)
{
	struct pil_phdr candidate = { 0 };
	unsigned int i = 0;
	int ret = pil_image_check_phdr0_(elf, why);

	*index = 0;
	*phdr = (struct pil_phdr){ 0 };
	if (ret)
		return ret;
	for (i = 1; i < elf->phnum; i++) {
		(void)pil_elf_phdr(elf, i, &candidate);
		if (!pil_image_is_hash_(&candidate))
			continue;
		if (*index)
			return pil_fail(why, PIL_R_MBN_TWO_HASH_SEGMENTS, *index, i);
		*index = i;
		*phdr = candidate;
	}
	if (!*index)
		return pil_fail(why, PIL_R_MBN_NO_HASH_SEGMENT, elf->phnum, 0);
	if (phdr->filesz > PIL_IMAGE_HASH_MAX)
		return pil_fail(why, PIL_R_MBN_LONG, phdr->filesz, PIL_IMAGE_HASH_MAX);
	return 0;
}

/* @size bytes of segment @index at @offset must lie in @limit bytes */
static int check_extent(unsigned int index, uint64_t offset, uint64_t size, size_t limit, struct pil_why *why)
{
	if (size && offset > UINT64_MAX - size)
		return pil_fail(why, PIL_R_ELF_SEGMENT_WRAP, index, offset);
	if (size && offset + size > limit)
		return pil_fail(why, PIL_R_ELF_SEGMENT_END, index, limit);
	return 0;
}

int pil_image_check_segments_(const struct pil_elf *elf, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	int ret = 0;

	for (i = 0; !ret && i < elf->phnum; i++) {
		(void)pil_elf_phdr(elf, i, &phdr);
		ret = check_extent(i, phdr.offset, phdr.filesz, elf->size, why);
	}
	return ret;
}

static int read_file(const void *data, size_t size, struct pil_image *image, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	int ret = pil_elf_parse(data, size, &image->elf, why);

	if (!ret)
		ret = pil_image_find_hash(&image->elf, &image->hash_index, &phdr, why);
	if (!ret)
		ret = pil_image_check_segments_(&image->elf, why);
	if (ret)
		return ret;
	image->file = (struct pil_bytes){ .data = data, .size = size };
	return pil_mbn_parse(phdr.filesz ? image->file.data + phdr.offset : NULL, (size_t)phdr.filesz, image->elf.phnum,
			     &image->mbn, why);
}

static int read_metadata(const void *data, size_t size, struct pil_image *image, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	size_t start = 0;
	int ret = pil_elf_parse(data, size, &image->elf, why);

	if (!ret)
		ret = pil_image_find_hash(&image->elf, &image->hash_index, &phdr, why);
	if (ret)
		return ret;
	start = pil_elf_headers_end(&image->elf);
	ret = check_extent(image->hash_index, start, phdr.filesz, size, why);
	if (ret)
		return ret;
	return pil_mbn_parse((const uint8_t *)data + start, (size_t)phdr.filesz, image->elf.phnum, &image->mbn, why);
}

const uint8_t *pil_image_entry(const struct pil_image *image, unsigned int index)
{
	return index < image->first ? NULL : pil_mbn_entry(&image->mbn, index - image->first);
}

int pil_image_from_file(const void *data, size_t size, struct pil_image *image, struct pil_why *why)
{
	int ret = 0;

	*image = (struct pil_image){ 0 };
	ret = read_file(data, size, image, why);
	if (ret)
		*image = (struct pil_image){ 0 };
	return ret;
}

int pil_image_from_metadata(const void *data, size_t size, struct pil_image *image, struct pil_why *why)
{
	int ret = 0;

	*image = (struct pil_image){ 0 };
	ret = read_metadata(data, size, image, why);
	if (ret)
		*image = (struct pil_image){ 0 };
	return ret;
}
