/* SPDX-License-Identifier: BSD-2-Clause */
/* A signed image inside another image. */
#include "image_checks.h"

#define TABLES 2u

/* program headers of the two hash segments, and of the header segment before the second one */
struct places {
	unsigned int hash[TABLES];
	unsigned int headers;
};

static int find(const struct pil_elf *elf, struct places *p, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	unsigned int found = 0;
	unsigned int i = 0;

	for (i = 1; i < elf->phnum; i++) {
		(void)pil_elf_phdr(elf, i, &phdr);
		if (pil_image_is_hash_(&phdr) && found == TABLES)
			return pil_fail(why, PIL_R_MBN_NOT_WRAPPED, found + 1, p->headers);
		if (pil_image_is_hash_(&phdr))
			p->hash[found++] = i;
		else if (PIL_PF_TYPE(phdr.flags) == PIL_PF_TYPE_PHDR && found < TABLES)
			p->headers = i;
	}
	if (found != TABLES || p->headers < p->hash[0])
		return pil_fail(why, PIL_R_MBN_NOT_WRAPPED, found, p->headers);
	return 0;
}

static int read_table(struct pil_bytes file, const struct pil_elf *elf, unsigned int hash, unsigned int first,
		      struct pil_image *image, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };

	(void)pil_elf_phdr(elf, hash, &phdr);
	if (phdr.filesz > PIL_IMAGE_HASH_MAX)
		return pil_fail(why, PIL_R_MBN_LONG, phdr.filesz, PIL_IMAGE_HASH_MAX);
	*image = (struct pil_image){ .elf = *elf, .hash_index = hash, .first = first, .file = file };
	return pil_mbn_parse(phdr.filesz ? file.data + phdr.offset : NULL, (size_t)phdr.filesz, elf->phnum - first,
			     &image->mbn, why);
}

int pil_image_wrapped(const void *data, size_t size, struct pil_image *outer, struct pil_image *inner,
		      struct pil_why *why)
{
	struct pil_bytes file = { .data = data, .size = size };
	struct pil_elf elf = { 0 };
	struct places p = { 0 };
	int ret = pil_elf_parse(data, size, &elf, why);

	*outer = *inner = (struct pil_image){ 0 };
	if (!ret)
		ret = pil_image_check_phdr0_(&elf, why);
	if (!ret)
		ret = find(&elf, &p, why);
	if (!ret)
		ret = pil_image_check_segments_(&elf, why);
	if (!ret)
		ret = read_table(file, &elf, p.hash[0], 0, outer, why);
	if (!ret)
		ret = read_table(file, &elf, p.hash[1], p.headers, inner, why);
	if (ret)
		*outer = *inner = (struct pil_image){ 0 };
	return ret;
}
