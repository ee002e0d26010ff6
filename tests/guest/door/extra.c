/* SPDX-License-Identifier: BSD-2-Clause */
/* Genuine images, and images whose fault shows only in the place, the memory or the addresses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/image.h>
#include <virt/platform.h>

#include "door_archive.h"

#define LINKED	   0x95c00000u /* where imagegen_init()'s image is linked */
#define SPAN	   0x4000u
#define LARGE_CODE (8u << 20)

static struct archive_image refused(const char *name, const struct signedgen *s, enum archive_call call,
				    enum pil_reason reason)
{
	struct archive_image image = archive_image_called(name, s);

	image.call = call;
	image.reason = reason;
	return image;
}

/* a fixed address for everything instead of the relocatable ones */
static void fix_at(struct signedgen *s, uint64_t base)
{
	unsigned int i = 0;

	for (i = 0; i < s->image.count; i++) {
		s->image.segment[i].flags &= ~UINT32_C(0x08000000);
		s->image.segment[i].paddr += base - LINKED;
		s->image.segment[i].vaddr += base - LINKED;
	}
	s->image.entry += base - LINKED;
}

static void add_genuine(void)
{
	struct signedgen s = { 0 };
	struct archive_image image = { 0 };

	signedgen_init(&s, false);
	archive_add_signed(&s, archive_image_called("genuine-elf32", &s));
	image = archive_image_called("small", &s);
	image.flags = ARCHIVE_FOR_TEST;
	archive_add_signed(&s, image);
	signedgen_init(&s, true);
	archive_add_signed(&s, archive_image_called("genuine-elf64", &s));
	image = archive_image_called("genuine-at-end-of-carveout", &s);
	image.place = VIRT_ADSP_MEM + VIRT_ADSP_SIZE - SPAN;
	archive_add_signed(&s, image);
	fix_at(&s, VIRT_ADSP_MEM);
	image = archive_image_called("genuine-at-fixed-address", &s);
	image.flags = ARCHIVE_FIXED;
	archive_add_signed(&s, image);
}

static void add_large(void)
{
	struct signedgen s = { 0 };
	struct archive_image image = { 0 };

	signedgen_init(&s, false);
	s.image.segment[0].filesz = s.image.segment[0].memsz = LARGE_CODE;
	s.image.segment[1].paddr = s.image.segment[1].vaddr = LINKED + LARGE_CODE;
	s.image.segment[2].paddr = s.image.segment[2].vaddr = LINKED + LARGE_CODE + 0x1000;
	image = archive_image_called("large", &s);
	image.span = LARGE_CODE + 0x3000;
	image.flags = ARCHIVE_FOR_TEST;
	archive_add_signed(&s, image);
}

/* one bit of what the host copies: @at counts from the start of the image */
static void add_flipped(const char *name, size_t at)
{
	struct signedgen s = { 0 };
	struct archive_image image = { 0 };

	signedgen_init(&s, false);
	image = refused(name, &s, CALL_AUTH, PIL_R_HASH_SEGMENT);
	archive_memory[at] ^= 1;
	archive_add_signed(&s, image);
}

static void add_forged(void)
{
	struct signedgen s = { 0 };
	struct archive_image image = { 0 };

	add_flipped("segment-first-bit-flipped", 0);
	add_flipped("segment-last-bit-flipped", 0x17f);
	add_flipped("second-segment-bit-flipped", 0x1000);
	signedgen_init(&s, false);
	image = refused("segments-never-copied", &s, CALL_AUTH, PIL_R_HASH_SEGMENT);
	image.memory_size = 0;
	archive_add_signed(&s, image);
	image = refused("segments-one-byte-late", &s, CALL_AUTH, PIL_R_HASH_SEGMENT);
	memmove(archive_memory + 1, archive_memory, image.memory_size);
	archive_add_signed(&s, image);
}

static void add_misplaced(void)
{
	static const struct {
		const char *name;
		enum pil_reason reason;
		uint64_t place, span;
	} places[] = {
		{ "place-below-carveout", PIL_R_PAS_MEM_RANGE, VIRT_ADSP_MEM - 0x1000u, SPAN },
		{ "place-ends-behind-carveout", PIL_R_PAS_MEM_RANGE, VIRT_ADSP_MEM + 0x1000u, VIRT_ADSP_SIZE },
		{ "place-in-host-memory", PIL_R_PAS_MEM_RANGE, VIRT_KERNEL, SPAN },
		{ "place-in-secure-memory", PIL_R_PAS_MEM_RANGE, VIRT_SERVICE_RAM, SPAN },
		{ "place-wraps", PIL_R_PAS_MEM_RANGE, VIRT_ADSP_MEM, UINT64_MAX },
		{ "place-without-a-byte", PIL_R_PAS_MEM_RANGE, VIRT_ADSP_MEM, 0 },
		{ "place-unaligned", PIL_R_PAS_MEM_ALIGN, VIRT_ADSP_MEM + 8u, SPAN },
		{ "place-too-small", PIL_R_PLAN_MEM_SETUP, VIRT_ADSP_MEM, SPAN - 1u },
	};
	struct signedgen s = { 0 };
	size_t i = 0;

	signedgen_init(&s, false);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct archive_image image = refused(places[i].name, &s, CALL_MEM_SETUP, places[i].reason);

		image.place = places[i].place;
		image.span = places[i].span;
		archive_add_signed(&s, image);
	}
}

/* addresses in the program headers that no memory of the peripheral has */
static void add_foreign_addresses(void)
{
	struct signedgen s = { 0 };

	signedgen_init(&s, false);
	s.image.entry = LINKED + SPAN;
	archive_add_signed(&s, refused("entry-behind-last-segment", &s, CALL_INIT, PIL_R_PLAN_ENTRY));
	s.image.entry = 0;
	archive_add_signed(&s, refused("entry-zero", &s, CALL_INIT, PIL_R_PLAN_ENTRY));
	signedgen_init(&s, true);
	fix_at(&s, VIRT_KERNEL);
	archive_add_signed(&s, refused("fixed-in-host-memory", &s, CALL_INIT, PIL_R_PLAN_OUTSIDE));
	signedgen_init(&s, true);
	fix_at(&s, VIRT_SERVICE_RAM);
	archive_add_signed(&s, refused("fixed-in-secure-memory", &s, CALL_INIT, PIL_R_PLAN_OUTSIDE));
	signedgen_init(&s, true);
	fix_at(&s, VIRT_ADSP_MEM + VIRT_ADSP_SIZE - 0x3fff);
	archive_add_signed(&s, refused("fixed-one-byte-behind-carveout", &s, CALL_INIT, PIL_R_PLAN_OUTSIDE));
}

void extra_images(void)
{
	add_genuine();
	add_forged();
	add_misplaced();
	add_foreign_addresses();
	add_large();
	archive_add_kinds();
}
