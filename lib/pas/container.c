/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A container for a remote processor: is it genuine, is it for this one, where does it go? All of that is decided from one copy of it
 * that nobody else can change, and before anything is touched.
 */
#include <string.h>

#include <pilot/rsc_table.h>

#include "internal.h"

#define BIT(check) (1u << (unsigned int)(check))
#define ALL_CHECKS (BIT(PIL_CONTAINER_CHECKS) - 1u)
/* of a container without Pilot's TLVs there is no answer to these, and the fuses may do without */
#define LOOSE_CHECKS (BIT(PIL_CONTAINER_PROCESSOR) | BIT(PIL_CONTAINER_ROLLBACK) | BIT(PIL_CONTAINER_WHOLE))

_Static_assert(PIL_KEY_HASH_SIZE == PIL_ROOT_HASH_SIZE, "the fuses hold what a key's hash has");
_Static_assert(PIL_PAS_CONTAINER_ID == 32, "it is a SHA-256");

static int take_id(struct pil_pas *pas, struct pil_load_ *load, struct pil_why *why)
{
	struct pil_hash hash = { 0 };
	int err = pas->crypto->hash_init(&hash, PIL_SHA256, why);

	if (err)
		return err;
	err = pas->crypto->hash_update(&hash, load->c.signed_part.data, load->c.signed_part.size, why);
	if (!err)
		err = pas->crypto->hash_update(&hash, load->c.signature.data, load->c.signature.size, why);
	if (!err)
		return pas->crypto->hash_final(&hash, load->id, why);
	(void)pas->crypto->hash_final(&hash, NULL, NULL);
	return err;
}

int pil_load_read_(struct pil_pas *pas, unsigned int index, struct pil_load_ *load)
{
	struct pil_why *why = &pas->p[index].why;
	int err = pil_container_parse(load->bytes.data, load->bytes.size, &load->c, why);

	return err ? err : take_id(pas, load, why);
}

static int make_checks(struct pil_pas *pas, unsigned int index, struct pil_load_ *load)
{
	const struct pil_container *c = &load->c;
	const struct pil_container_policy policy = {
		.key_hash = pas->device.key_hash,
		.strict = !pas->device.loose_containers,
		.check_processor = c->has_processor,
		.processor = index,
		/* what says no version cannot be newer than anything */
		.check_version = c->has_version || load->least_version,
		.least_version = load->least_version,
	};
	int err = 0;

	for (unsigned int check = 0; !err && check < PIL_CONTAINER_CHECKS; check++) {
		/* the digest of the whole image has just been found right: its segments are parts of it */
		if (check == PIL_CONTAINER_SEGMENTS && load->result.done & BIT(PIL_CONTAINER_WHOLE)) {
			load->result.done |= BIT(check);
			continue;
		}
		err = pil_container_check(c, (enum pil_container_check)check, &policy, pas->crypto, &load->result,
					  &pas->p[index].why);
	}
	return err;
}

static uint32_t least_checks(const struct pil_pas *pas)
{
	return pas->device.loose_containers ? ALL_CHECKS & ~LOOSE_CHECKS : ALL_CHECKS;
}

/* volatile: each look is one of its own, so that no single skipped instruction lets a container pass */
static int decide(const struct pil_pas *pas, const volatile uint32_t *checks, struct pil_why *why)
{
	const volatile struct pil_why *seen = why;
	uint32_t least = least_checks(pas);

	if ((*checks & least) == least && seen->reason == PIL_R_NONE && (*checks & least) == least)
		return 0;
	if (seen->reason != PIL_R_NONE)
		return -(int)pil_reason_class(seen->reason);
	return pil_fail(why, PIL_R_PAS_INCOMPLETE, *checks, 0);
}

int pil_load_complete_(const struct pil_pas *pas, struct pil_peripheral *p)
{
	return decide(pas, &p->placed_checks, &p->why);
}

static struct pil_range memory_of(const struct pil_placement *seg)
{
	return (struct pil_range){ .base = seg->dest, .size = seg->memsz };
}

/* one more image's segments, in ascending order among the others' */
static int insert(struct pil_plan *plan, const struct pil_placement *seg, struct pil_why *why)
{
	unsigned int at = plan->count;

	if (plan->count == PIL_PLAN_MAX)
		return pil_fail(why, PIL_R_PLAN_TOO_MANY, PIL_PLAN_MAX, 0);
	for (unsigned int i = 0; i < plan->count; i++)
		if (pil_range_overlaps(memory_of(&plan->seg[i]), memory_of(seg)))
			return pil_fail(why, PIL_R_PLAN_OVERLAP, plan->seg[i].index, seg->index);
	for (; at && plan->seg[at - 1].dest > seg->dest; at--)
		plan->seg[at] = plan->seg[at - 1];
	plan->seg[at] = *seg;
	plan->count++;
	return 0;
}

/* the first image is the one that is entered */
static int add_image(struct pil_load_ *load, unsigned int number, struct pil_why *why)
{
	uint64_t start = (uint64_t)(load->c.image[number].data - load->bytes.data);
	struct pil_plan one = { 0 };
	int err = pil_plan_measure(&load->c.elf[number], &one, why);

	if (err)
		return err;
	if (!number && !one.entry_inside)
		return pil_fail(why, PIL_R_PLAN_ENTRY, load->c.elf[number].entry, 0);
	for (unsigned int i = 0; !err && i < one.count; i++) {
		one.seg[i].offset += start;
		err = insert(&load->plan, &one.seg[i], why);
	}
	if (!number) {
		load->plan.entry = one.entry;
		load->plan.entry_inside = true;
	}
	return err;
}

static int make_plan(struct pil_load_ *load, struct pil_why *why)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < load->c.images; i++)
		err = add_image(load, i, why);
	if (err)
		return err;
	load->plan.lowest = load->plan.seg[0].dest;
	load->plan.base = load->plan.lowest;
	return 0;
}

/* where the section's bytes will lie, by the segment that brings them: the address in the section header is for debuggers */
static int place_table(struct pil_load_ *load, uint64_t offset, uint64_t size, struct pil_why *why)
{
	struct pil_range bytes = { .base = offset, .size = size };

	for (unsigned int i = 0; i < load->plan.count; i++) {
		const struct pil_placement *seg = &load->plan.seg[i];
		struct pil_range file = { .base = seg->offset, .size = seg->filesz };

		if (!pil_range_contains(file, bytes))
			continue;
		load->table_da = seg->dest + (offset - seg->offset);
		load->table.size = size;
		return 0;
	}
	return pil_fail(why, PIL_R_PAS_TABLE_PLACE, size, offset);
}

static int find_table(struct pil_load_ *load, unsigned int number, struct pil_why *why)
{
	struct pil_bytes image = load->c.image[number];
	struct pil_section section = { 0 };
	struct pil_why none = { 0 };
	int err = pil_elf_find_section(&load->c.elf[number], PIL_RSC_SECTION, &section, &none);

	if (err == -PIL_ENOENT)
		return 0;
	if (err)
		return pil_fail(why, none.reason, none.a, none.b);
	if (section.type == PIL_SHT_NOBITS)
		return pil_fail(why, PIL_R_PAS_TABLE_PLACE, section.size, section.offset);
	if (load->table.size)
		return pil_fail(why, PIL_R_PAS_TABLE_TWO, number - 1, number);
	err = pil_rsc_check_firmware(image.data + section.offset, (size_t)section.size, why);
	if (err)
		return err;
	return place_table(load, (uint64_t)(image.data - load->bytes.data) + section.offset, section.size, why);
}

static int find_tables(struct pil_pas *pas, unsigned int index, struct pil_load_ *load)
{
	struct pil_range seen = { 0 };
	struct pil_why *why = &pas->p[index].why;
	const struct pil_region *region = NULL;
	int err = 0;

	for (unsigned int i = 0; !err && i < load->c.images; i++)
		err = find_table(load, i, why);
	if (err || !load->table.size)
		return err;
	seen = (struct pil_range){ .base = load->table_da, .size = load->table.size };
	region = pil_far_find_(pas, index, seen);
	if (!region || pil_far_private_(region))
		return pil_fail(why, PIL_R_PAS_TABLE_HIDDEN, seen.base, seen.size);
	load->table.base = region->range.base + (seen.base - region->da);
	return 0;
}

/* what runs is out of the host's reach; only the segment with the resource table is for both */
static int check_places(struct pil_pas *pas, unsigned int index, const struct pil_load_ *load)
{
	struct pil_range table = { .base = load->table_da, .size = load->table.size };
	struct pil_range entry = { .base = load->plan.entry, .size = 1 };
	struct pil_why *why = &pas->p[index].why;
	const struct pil_region *region = NULL;

	for (unsigned int i = 0; i < load->plan.count; i++) {
		const struct pil_placement *seg = &load->plan.seg[i];

		region = pil_far_find_(pas, index, memory_of(seg));
		if (!region)
			return pil_fail(why, PIL_R_PAS_REGION, seg->index, seg->dest);
		if (pil_far_private_(region))
			continue;
		if (!(region->flags & PIL_REGION_SHARED) || !pil_range_contains(memory_of(seg), table))
			return pil_fail(why, PIL_R_PAS_REGION_SHARED, seg->index, seg->dest);
	}
	region = pil_far_find_(pas, index, entry);
	if (!region || !pil_far_private_(region) || !(region->flags & PIL_REGION_CODE))
		return pil_fail(why, PIL_R_PLAN_ENTRY, entry.base, 0);
	return 0;
}

int pil_load_judge_(struct pil_pas *pas, unsigned int index, struct pil_load_ *load)
{
	struct pil_peripheral *p = &pas->p[index];
	int err = 0;

	if (!pas->device.has_key)
		return pil_fail(&p->why, PIL_R_PAS_KEY_NONE, 0, 0);
	if (pas->board->counter_read)
		err = pas->board->counter_read(pas->board, p->desc->sw_id, &load->least_version, &p->why);
	if (!err)
		err = make_checks(pas, index, load);
	if (!err)
		err = make_plan(load, &p->why);
	if (!err)
		err = find_tables(pas, index, load);
	if (!err)
		err = check_places(pas, index, load);
	return err ? err : decide(pas, &load->result.done, &p->why);
}

static int write_segment(struct pil_pas *pas, unsigned int index, const struct pil_load_ *load,
			 const struct pil_placement *seg)
{
	const uint8_t *bytes = load->bytes.data + seg->offset;

	if (!seg->filesz)
		return 0;
	return pas->board->far->write(pas->board, index, seg->dest, bytes, (size_t)seg->filesz, &pas->p[index].why);
}

/* every byte of a private region: what no segment brings is zero */
static int fill_region(struct pil_pas *pas, unsigned int index, const struct pil_load_ *load,
		       const struct pil_region *region)
{
	struct pil_range seen = { .base = region->da, .size = region->range.size };
	struct pil_why *why = &pas->p[index].why;
	uint64_t done = seen.base;
	int err = 0;

	for (unsigned int i = 0; !err && i < load->plan.count; i++) {
		const struct pil_placement *seg = &load->plan.seg[i];

		if (!pil_range_contains(seen, memory_of(seg)))
			continue;
		err = pil_far_zero_(pas, index, done, seg->dest - done, why);
		if (!err)
			err = write_segment(pas, index, load, seg);
		done = seg->dest + seg->filesz;
	}
	return err ? err : pil_far_zero_(pas, index, done, seen.base + seen.size - done, why);
}

static int fill_shared(struct pil_pas *pas, unsigned int index, const struct pil_load_ *load,
		       const struct pil_region *region)
{
	struct pil_range seen = { .base = region->da, .size = region->range.size };
	int err = 0;

	for (unsigned int i = 0; !err && i < load->plan.count; i++) {
		const struct pil_placement *seg = &load->plan.seg[i];

		if (!pil_range_contains(seen, memory_of(seg)))
			continue;
		err = write_segment(pas, index, load, seg);
		if (!err)
			err = pil_far_zero_(pas, index, seg->dest + seg->filesz, seg->memsz - seg->filesz,
					    &pas->p[index].why);
	}
	return err;
}

int pil_load_place_(struct pil_pas *pas, unsigned int index, const struct pil_load_ *load)
{
	unsigned int count = 0;
	const struct pil_region *region = pas->board->far->regions(pas->board, index, &count);
	int err = 0;

	for (unsigned int i = 0; !err && i < count; i++) {
		if (pil_far_private_(&region[i]))
			err = fill_region(pas, index, load, &region[i]);
		else if (region[i].flags & PIL_REGION_SHARED)
			err = fill_shared(pas, index, load, &region[i]);
	}
	return err;
}
