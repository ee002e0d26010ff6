/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash table against headers and segments (docs/SPEC.md section 3.3). */
#include "auth.h"

static bool all_zero(const uint8_t *data, size_t size)
{
	uint8_t any = 0;

	while (size--)
		any |= *data++;
	return !any;
}

/* the hash segment cannot contain its own digest, and nothing has no digest */
static bool has_no_digest(const struct pil_phdr *phdr)
{
	return PIL_PF_TYPE(phdr->flags) == PIL_PF_TYPE_HASH || phdr->filesz == 0;
}

static int check_zero(const struct pil_image *image, unsigned int index, struct pil_why *why)
{
	const uint8_t *entry = pil_mbn_entry(&image->mbn, index);

	if (!entry)
		return pil_fail(why, PIL_R_PLAN_HASHED_GAP, index, image->mbn.hash_count);
	if (!all_zero(entry, pil_hash_size(image->mbn.hash_alg)))
		return pil_fail(why, PIL_R_HASH_NOT_ZERO, index, 0);
	return 0;
}

/* compares @size bytes with entry @index; @mismatch is the reason when they differ */
static int compare(const struct pil_image *image, unsigned int index, struct pil_bytes data,
		   const struct pil_crypto *crypto, enum pil_reason mismatch, struct pil_why *why)
{
	const uint8_t *entry = pil_mbn_entry(&image->mbn, index);
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	int ret = 0;

	if (!entry)
		return pil_fail(why, PIL_R_PLAN_HASHED_GAP, index, image->mbn.hash_count);
	ret = pil_hash_once(crypto, image->mbn.hash_alg, data.data, data.size, digest, why);
	if (ret)
		return ret;
	if (!pil_equal_consttime(digest, entry, pil_hash_size(image->mbn.hash_alg)))
		return pil_fail(why, mismatch, index, data.size);
	return 0;
}

int pil_auth_headers(const struct pil_image *image, const struct pil_crypto *crypto, struct pil_why *why)
{
	struct pil_bytes headers = { image->elf.data, pil_elf_headers_end(&image->elf) };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	int ret = 0;

	if (image->mbn.hash_alg != PIL_SHA384)
		return pil_fail(why, PIL_R_HASH_ALGORITHM, pil_hash_size(image->mbn.hash_alg),
				pil_hash_size(PIL_SHA384));
	for (i = 0; !ret && i < image->elf.phnum; i++) {
		ret = pil_elf_phdr(&image->elf, i, &phdr);
		if (!ret && has_no_digest(&phdr))
			ret = check_zero(image, i, why);
	}
	return ret ? ret : compare(image, 0, headers, crypto, PIL_R_HASH_HEADERS, why);
}

int pil_auth_segment(const struct pil_image *image, unsigned int index, const void *data, size_t size,
		     const struct pil_crypto *crypto, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };

	if (pil_elf_phdr(&image->elf, index, &phdr))
		return pil_fail(why, PIL_R_PLAN_HASHED_GAP, index, image->elf.phnum);
	if (has_no_digest(&phdr))
		return check_zero(image, index, why);
	if (size != phdr.filesz)
		return pil_fail(why, PIL_R_HASH_SEGMENT, index, size);
	return compare(image, index, (struct pil_bytes){ data, size }, crypto, PIL_R_HASH_SEGMENT, why);
}
