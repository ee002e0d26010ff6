/* SPDX-License-Identifier: BSD-2-Clause */
/* Where every segment goes. The rules are those of Linux's mdt_loader, which copies what this plan will expect. */
#include <pilot/plan.h>

#define PAGE_SIZE UINT64_C(4096)

bool pil_range_wraps(struct pil_range range)
{
	return range.size && range.base > UINT64_MAX - range.size;
}

bool pil_range_contains(struct pil_range outer, struct pil_range inner)
{
	if (!inner.size || pil_range_wraps(outer) || pil_range_wraps(inner))
		return false;
	return inner.base >= outer.base && inner.base + inner.size <= outer.base + outer.size;
}

bool pil_range_overlaps(struct pil_range a, struct pil_range b)
{
	if (pil_range_wraps(a) || pil_range_wraps(b))
		return true;
	if (!a.size || !b.size)
		return false;
	return a.base < b.base + b.size && b.base < a.base + a.size;
}

static bool is_loaded(const struct pil_phdr *phdr)
{
	return phdr->type == PIL_PT_LOAD && PIL_PF_TYPE(phdr->flags) != PIL_PF_TYPE_HASH && phdr->memsz;
}

static struct pil_range memory_of(const struct pil_placement *seg)
{
	return (struct pil_range){ .base = seg->dest, .size = seg->memsz };
}

/* The end of the last page must be an address too: @span is counted to there. */
static int check_segment(unsigned int index, const struct pil_phdr *phdr, struct pil_why *why)
{
	struct pil_range memory = { .base = phdr->paddr, .size = phdr->memsz };
	struct pil_range file = { .base = phdr->offset, .size = phdr->filesz };

	if (phdr->filesz > phdr->memsz)
		return pil_fail(why, PIL_R_ELF_FILESZ, index, phdr->memsz);
	if (pil_range_wraps(memory) || memory.base + memory.size > UINT64_MAX - (PAGE_SIZE - 1))
		return pil_fail(why, PIL_R_ELF_SEGMENT_WRAP, index, phdr->paddr);
	if (pil_range_wraps(file))
		return pil_fail(why, PIL_R_ELF_SEGMENT_WRAP, index, phdr->offset);
	return 0;
}

/* keeps @plan->seg in ascending order; real images do not list theirs so */
static int insert(struct pil_plan *plan, const struct pil_placement *seg, struct pil_why *why)
{
	unsigned int at = plan->count;
	unsigned int i = 0;

	if (plan->count == PIL_PLAN_MAX)
		return pil_fail(why, PIL_R_PLAN_TOO_MANY, PIL_PLAN_MAX, 0);
	for (i = 0; i < plan->count; i++) {
		if (pil_range_overlaps(memory_of(&plan->seg[i]), memory_of(seg)))
			return pil_fail(why, PIL_R_PLAN_OVERLAP, plan->seg[i].index, seg->index);
	}
	for (; at && plan->seg[at - 1].dest > seg->dest; at--)
		plan->seg[at] = plan->seg[at - 1];
	plan->seg[at] = *seg;
	plan->count++;
	return 0;
}

static int add_segment(struct pil_plan *plan, unsigned int index, const struct pil_phdr *phdr, struct pil_why *why)
{
	struct pil_placement seg = {
		.index = index,
		.dest = phdr->paddr,
		.filesz = phdr->filesz,
		.memsz = phdr->memsz,
		.offset = phdr->offset,
	};
	int ret = check_segment(index, phdr, why);

	if (ret)
		return ret;
	if (phdr->flags & PIL_PF_RELOCATABLE)
		plan->relocatable = true;
	return insert(plan, &seg, why);
}

static void find_entry(struct pil_plan *plan, uint64_t entry)
{
	struct pil_range byte = { .base = entry, .size = 1 };
	unsigned int i = 0;

	for (i = 0; i < plan->count; i++) {
		if (pil_range_contains(memory_of(&plan->seg[i]), byte)) {
			plan->entry_inside = true;
			plan->entry = entry;
		}
	}
}

static void finish(struct pil_plan *plan, uint64_t entry)
{
	const struct pil_placement *last = &plan->seg[plan->count - 1];
	uint64_t end = (last->dest + last->memsz + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);

	plan->lowest = plan->seg[0].dest;
	plan->base = plan->lowest;
	plan->span = end - plan->lowest;
	find_entry(plan, entry);
}

int pil_plan_measure(const struct pil_elf *elf, struct pil_plan *plan, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	int ret = 0;

	*plan = (struct pil_plan){ 0 };
	for (i = 0; !ret && i < elf->phnum; i++) {
		(void)pil_elf_phdr(elf, i, &phdr);
		if (is_loaded(&phdr))
			ret = add_segment(plan, i, &phdr, why);
	}
	if (!ret && !plan->count)
		ret = pil_fail(why, PIL_R_PLAN_EMPTY, elf->phnum, 0);
	if (ret)
		*plan = (struct pil_plan){ 0 };
	else
		finish(plan, elf->entry);
	return ret;
}

int pil_plan_place(struct pil_plan *plan, struct pil_range where, struct pil_why *why)
{
	uint64_t base = plan->relocatable ? where.base : plan->lowest;
	uint64_t shift = base - plan->base; /* modulo 2^64: moves down as well as up */
	struct pil_range memory = { 0 };
	unsigned int i = 0;

	for (i = 0; i < plan->count; i++) {
		memory = memory_of(&plan->seg[i]);
		memory.base += shift;
		if (!pil_range_contains(where, memory))
			return pil_fail(why, PIL_R_PLAN_OUTSIDE, plan->seg[i].index, memory.base + memory.size);
	}
	for (i = 0; i < plan->count; i++)
		plan->seg[i].dest += shift;
	if (plan->entry_inside)
		plan->entry += shift;
	plan->base = base;
	return 0;
}
