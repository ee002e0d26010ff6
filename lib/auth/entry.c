/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries of the hash table in all the shapes that real files have (docs/SPEC.md section 3.3). */
#include "auth.h"

#define PT_LOPROC 0x70000000u

struct table {
	const struct pil_image *image;
	const struct pil_bytes *segments;
	const struct pil_crypto *crypto;
	struct pil_why *why;
};

static bool matches(const struct table *t, unsigned int index, const uint8_t *digest)
{
	const uint8_t *entry = pil_image_entry(t->image, index);

	return entry && pil_equal_consttime(digest, entry, pil_hash_size(t->image->mbn.hash_alg));
}

/* the file bytes of all loadable segments, one after another */
static int hash_whole(const struct table *t, uint8_t *digest)
{
	struct pil_hash hash = { 0 };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	int ret = t->crypto->hash_init(&hash, t->image->mbn.hash_alg, t->why);

	if (ret)
		return ret;
	for (i = t->image->first; !ret && i < t->image->elf.phnum; i++) {
		(void)pil_elf_phdr(&t->image->elf, i, &phdr);
		if (phdr.type == PIL_PT_LOAD && t->segments[i].size)
			ret = t->crypto->hash_update(&hash, t->segments[i].data, t->segments[i].size, t->why);
	}
	if (ret) {
		(void)t->crypto->hash_final(&hash, NULL, NULL);
		return ret;
	}
	return t->crypto->hash_final(&hash, digest, t->why);
}

static int check_empty(const struct table *t, unsigned int index, const struct pil_phdr *phdr, enum pil_entry *entry)
{
	static const uint8_t nothing[1] = { 0 };
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	int ret = 0;

	if (!pil_auth_zero_entry_(t->image, index, NULL)) {
		*entry = PIL_ENTRY_EMPTY;
		return 0;
	}
	ret = pil_hash_once(t->crypto, t->image->mbn.hash_alg, nothing, 0, digest, t->why);
	if (!ret && matches(t, index, digest)) {
		*entry = PIL_ENTRY_OF_NOTHING;
		return 0;
	}
	if (!ret && phdr->type == PT_LOPROC)
		ret = hash_whole(t, digest);
	if (ret)
		return ret;
	if (phdr->type != PT_LOPROC || !matches(t, index, digest))
		return pil_fail(t->why, PIL_R_HASH_NOT_ZERO, index, 0);
	*entry = PIL_ENTRY_WHOLE_IMAGE;
	return 0;
}

int pil_auth_entry(const struct pil_image *image, const struct pil_bytes *segments, unsigned int index,
		   const struct pil_crypto *crypto, enum pil_entry *entry, struct pil_why *why)
{
	const struct table t = { image, segments, crypto, why };
	struct pil_phdr phdr = { 0 };
	bool hash = false;
	int ret = 0;

	*entry = PIL_ENTRY_UNKNOWN;
	if (pil_elf_phdr(&image->elf, index, &phdr) || !pil_image_entry(image, index))
		return pil_fail(why, PIL_R_PLAN_HASHED_GAP, index, image->mbn.hash_count);
	hash = PIL_PF_TYPE(phdr.flags) == PIL_PF_TYPE_HASH;
	if (!hash && !phdr.filesz)
		return check_empty(&t, index, &phdr, entry);
	ret = pil_auth_segment(image, index, segments[index].data, segments[index].size, crypto, why);
	if (!ret)
		*entry = hash ? PIL_ENTRY_HASH : PIL_ENTRY_DIGEST;
	return ret;
}
