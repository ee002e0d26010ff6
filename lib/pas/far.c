/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that the secure world reaches only through its board. What comes from the host passes through one piece of memory that
 * the host cannot write: what was digested is what was written, whatever the host does meanwhile.
 */
#include "internal.h"

bool pil_far_private_(const struct pil_region *region)
{
	return !(region->flags & (PIL_REGION_HOST | PIL_REGION_SHARED));
}

const struct pil_region *pil_far_find_(const struct pil_pas *pas, unsigned int index, struct pil_range r)
{
	unsigned int count = 0;
	const struct pil_region *region = pas->board->far->regions(pas->board, index, &count);

	for (unsigned int i = 0; i < count; i++) {
		struct pil_range seen = { .base = region[i].da, .size = region[i].range.size };

		if (pil_range_contains(seen, r))
			return &region[i];
	}
	return NULL;
}

const struct pil_region *pil_far_home_(const struct pil_pas *pas, unsigned int index)
{
	unsigned int count = 0;
	const struct pil_region *region = pas->board->far->regions(pas->board, index, &count);

	for (unsigned int i = 0; i < count; i++)
		if (pil_far_private_(&region[i]) && region[i].range.size >= pas->p[index].desc->carveout.size)
			return &region[i];
	return NULL;
}

int pil_far_zero_(struct pil_pas *pas, unsigned int index, uint64_t da, uint64_t size, struct pil_why *why)
{
	return size ? pas->board->far->zero(pas->board, index, da, size, why) : 0;
}

int pil_far_scrub_(struct pil_pas *pas, unsigned int index, uint64_t *scrubbed, struct pil_why *why)
{
	unsigned int count = 0;
	const struct pil_region *region = pas->board->far->regions(pas->board, index, &count);
	int err = 0;

	for (unsigned int i = 0; !err && i < count; i++) {
		if (!pil_far_private_(&region[i]))
			continue;
		err = pil_far_zero_(pas, index, region[i].da, region[i].range.size, why);
		*scrubbed += err ? 0 : region[i].range.size;
	}
	return err;
}

/* piece by piece: fetched once, digested, and written as it was digested */
static int move(struct pil_pas *pas, unsigned int index, uint64_t offset, uint64_t da, uint64_t size,
		struct pil_hash *hash)
{
	const struct pil_far *far = pas->board->far;
	struct pil_why *why = &pas->p[index].why;
	int err = 0;

	for (uint64_t done = 0; !err && done < size;) {
		size_t now = size - done < far->piece_size ? (size_t)(size - done) : far->piece_size;

		err = far->fetch(pas->board, index, offset + done, far->piece, now, why);
		if (!err)
			err = pas->crypto->hash_update(hash, far->piece, now, why);
		if (!err)
			err = far->write(pas->board, index, da + done, far->piece, now, why);
		done += now;
	}
	return err;
}

int pil_far_segment_(struct pil_pas *pas, unsigned int index, const struct pil_placement *seg, uint64_t offset,
		     uint64_t da)
{
	struct pil_peripheral *p = &pas->p[index];
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	struct pil_hash hash = { 0 };
	int err = pas->crypto->hash_init(&hash, p->image.mbn.hash_alg, &p->why);

	if (err)
		return err;
	err = move(pas, index, offset, da, seg->filesz, &hash);
	if (err)
		(void)pas->crypto->hash_final(&hash, NULL, NULL);
	else
		err = pas->crypto->hash_final(&hash, digest, &p->why);
	if (err)
		return err;
	return pil_auth_segment_digest(&p->image, seg->index, (size_t)seg->filesz, digest, &p->why);
}
