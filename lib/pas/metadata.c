/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image's metadata. INIT_IMAGE carries no size, and the host can change its memory at any time: every byte is copied
 * once, as the bytes before it say how much there is, and only the copy is read.
 */
#include <string.h>

#include "internal.h"

#define FIRST_BYTES 64u /* always enough for pil_elf_headers_extent() */

/* make the copy @size bytes long, by the bytes that it lacks */
static int copy_up_to(struct pil_pas *pas, struct pil_peripheral *p, uint64_t address, uint64_t size)
{
	struct pil_look_ look = {
		.user = (unsigned int)(p - pas->p),
		.access = PIL_GRANT_READ,
		.unbridged = p->desc->metadata_unbridged ? &p->unbridged : NULL,
		.reason = PIL_R_PAS_METADATA_RANGE,
	};
	int err = 0;

	if (size > sizeof(p->metadata))
		return pil_fail(&p->why, PIL_R_PAS_METADATA_SIZE, size, sizeof(p->metadata));
	if (size <= p->metadata_size)
		return 0;
	if (address > UINT64_MAX - size)
		return pil_fail(&p->why, PIL_R_PAS_METADATA_RANGE, address, size);
	look.range = (struct pil_range){ .base = address + p->metadata_size, .size = size - p->metadata_size };
	err = pil_host_read_(pas, &look, p->metadata + p->metadata_size, &p->why);
	if (!err)
		p->metadata_size = (size_t)size;
	return err;
}

static int copy_headers(struct pil_pas *pas, struct pil_peripheral *p, uint64_t address, size_t *extent)
{
	int err = copy_up_to(pas, p, address, FIRST_BYTES);

	if (!err)
		err = pil_elf_headers_extent(p->metadata, p->metadata_size, extent, &p->why);
	if (!err)
		err = copy_up_to(pas, p, address, *extent);
	return err;
}

static int copy_hash_segment(struct pil_pas *pas, struct pil_peripheral *p, uint64_t address, size_t extent)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr hash = { 0 };
	unsigned int index = 0;
	int err = pil_elf_parse(p->metadata, extent, &elf, &p->why);

	if (!err)
		err = pil_image_find_hash(&elf, &index, &hash, &p->why);
	if (err)
		return err;
	if (hash.filesz > PIL_IMAGE_HASH_MAX)
		return pil_fail(&p->why, PIL_R_PAS_METADATA_SIZE, hash.filesz, PIL_IMAGE_HASH_MAX);
	return copy_up_to(pas, p, address, extent + hash.filesz);
}

int pil_metadata_read_(struct pil_pas *pas, struct pil_peripheral *p, uint64_t address)
{
	size_t extent = 0;
	int err = copy_headers(pas, p, address, &extent);

	if (!err)
		err = copy_hash_segment(pas, p, address, extent);
	if (!err)
		err = pil_image_from_metadata(p->metadata, p->metadata_size, &p->image, &p->why);
	if (!err)
		err = pil_plan_measure(&p->image.elf, &p->plan, &p->why);
	if (!err && pil_has_core_(p) && !p->plan.entry_inside)
		err = pil_fail(&p->why, PIL_R_PLAN_ENTRY, p->image.elf.entry, 0);
	/* without MEM_SETUP the program headers' own addresses count */
	if (!err && !p->plan.relocatable)
		err = pil_plan_place(&p->plan, p->desc->carveout, &p->why);
	return err;
}

void pil_metadata_forget_(struct pil_peripheral *p)
{
	pil_wipe_(p->metadata, sizeof(p->metadata));
	pil_wipe_(&p->image, sizeof(p->image));
	pil_wipe_(&p->plan, sizeof(p->plan));
	p->metadata_size = 0;
	p->placed = (struct pil_range){ 0 };
	p->version = 0;
	p->counted = false;
	p->unbridged = false;
	p->table = (struct pil_range){ 0 };
	p->table_da = 0;
	pil_wipe_(p->container, sizeof(p->container));
	p->placed_checks = 0;
	p->accepted = false;
	p->crashed = false;
}
