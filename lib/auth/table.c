/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash table against headers and segments (docs/SPEC.md section 3.3). */
#include "auth.h"

#define SHORTEST_DIGEST 32u /* SHA-256 */

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

int pil_auth_zero_entry_(const struct pil_image *image, unsigned int index, struct pil_why *why)
{
	const uint8_t *entry = pil_image_entry(image, index);

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
	const uint8_t *entry = pil_image_entry(image, index);
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	int ret = 0;

	if (!entry)
		return pil_fail(why, PIL_R_PLAN_HASHED_GAP, index, image->mbn.hash_count);
	ret = pil_hash_once(crypto, image->mbn.hash_alg, data.data, data.size, digest, why);
	/* who comes here by a skipped branch has no error to return, and must not return success */
	if (ret)
		return ret < 0 ? ret : pil_fail(why, mismatch, index, data.size);
	if (!pil_equal_consttime(digest, entry, pil_hash_size(image->mbn.hash_alg)))
		return pil_fail(why, mismatch, index, data.size);
	/* once more, as much as any digest has: no single fault of the processor, and no length of 0, may make them equal */
	if (!pil_equal_consttime(entry, digest, SHORTEST_DIGEST))
		return pil_fail(why, mismatch, index, data.size);
	return 0;
}

/* must the entry be zero? Where the rules leave room, entries of segments without bytes are somebody else's business */
static bool must_be_zero(const struct pil_auth_rules *rules, const struct pil_phdr *phdr)
{
	return has_no_digest(phdr) && !(rules->empty_entries && PIL_PF_TYPE(phdr->flags) != PIL_PF_TYPE_HASH);
}

/* the headers that entry @image->first is the digest of: the file's own, or those of the image that was wrapped */
static struct pil_bytes headers_of(const struct pil_image *image)
{
	struct pil_phdr phdr = { 0 };

	if (!image->first)
		return (struct pil_bytes){ image->elf.data, pil_elf_headers_end(&image->elf) };
	(void)pil_elf_phdr(&image->elf, image->first, &phdr);
	return (struct pil_bytes){ image->file.data + (size_t)phdr.offset, (size_t)phdr.filesz };
}

int pil_auth_headers(const struct pil_auth_run *run)
{
	const struct pil_image *image = run->image;
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	int ret = 0;

	if (image->mbn.hash_alg < run->rules->least_digest)
		return pil_fail(run->why, PIL_R_HASH_ALGORITHM, pil_hash_size(image->mbn.hash_alg),
				pil_hash_size(run->rules->least_digest));
	for (i = image->first; !ret && i < image->elf.phnum; i++) {
		ret = pil_elf_phdr(&image->elf, i, &phdr);
		if (!ret && must_be_zero(run->rules, &phdr))
			ret = pil_auth_zero_entry_(image, i, run->why);
	}
	return ret ? ret : compare(image, image->first, headers_of(image), run->crypto, PIL_R_HASH_HEADERS, run->why);
}

int pil_auth_segment(const struct pil_image *image, unsigned int index, const void *data, size_t size,
		     const struct pil_crypto *crypto, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };

	if (pil_elf_phdr(&image->elf, index, &phdr))
		return pil_fail(why, PIL_R_PLAN_HASHED_GAP, index, image->elf.phnum);
	if (has_no_digest(&phdr))
		return pil_auth_zero_entry_(image, index, why);
	if (size != phdr.filesz)
		return pil_fail(why, PIL_R_HASH_SEGMENT, index, size);
	return compare(image, index, (struct pil_bytes){ data, size }, crypto, PIL_R_HASH_SEGMENT, why);
}

int pil_auth_segment_digest(const struct pil_image *image, unsigned int index, size_t size,
			    const uint8_t digest[PIL_DIGEST_MAX], struct pil_why *why)
{
	const uint8_t *entry = pil_image_entry(image, index);
	struct pil_phdr phdr = { 0 };

	if (!entry || pil_elf_phdr(&image->elf, index, &phdr))
		return pil_fail(why, PIL_R_PLAN_HASHED_GAP, index, image->mbn.hash_count);
	if (has_no_digest(&phdr))
		return pil_auth_zero_entry_(image, index, why);
	if (size != phdr.filesz || !pil_equal_consttime(digest, entry, pil_hash_size(image->mbn.hash_alg)))
		return pil_fail(why, PIL_R_HASH_SEGMENT, index, size);
	/* as above: not by one fault, and not by a length of 0 */
	if (!pil_equal_consttime(entry, digest, SHORTEST_DIGEST))
		return pil_fail(why, PIL_R_HASH_SEGMENT, index, size);
	return 0;
}
