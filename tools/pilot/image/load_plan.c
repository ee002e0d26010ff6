/* SPDX-License-Identifier: BSD-2-Clause */
/* The plan of one ELF file: made, and printed. */
#include <inttypes.h>

#include "image/load_plan.h"

static void add_problem(struct load_plan *p, enum pil_reason reason, uint64_t a, uint64_t b)
{
	if (p->problems < PLAN_PROBLEMS_MAX)
		p->problem[p->problems++] = (struct pil_why){ .reason = reason, .a = a, .b = b };
	else
		p->hidden++;
}

struct pil_range load_plan_memory(const struct place *place)
{
	return (struct pil_range){ .base = place->dest, .size = place->phdr.memsz };
}

/* what is wrong with one segment, wherever it goes */
static void check_segment(struct load_plan *p, unsigned int index, const struct pil_phdr *phdr)
{
	bool in_file = phdr->offset <= p->elf.size && phdr->filesz <= p->elf.size - phdr->offset;

	if (phdr->filesz > phdr->memsz)
		add_problem(p, PIL_R_ELF_FILESZ, index, phdr->memsz);
	if (pil_range_wraps((struct pil_range){ phdr->paddr, phdr->memsz }))
		add_problem(p, PIL_R_ELF_SEGMENT_WRAP, index, phdr->paddr);
	if (phdr->filesz && !in_file && !p->parts)
		add_problem(p, PIL_R_ELF_SEGMENT_END, index, p->elf.size);
}

/* in ascending order of addresses */
static void insert(struct load_plan *p, unsigned int index, const struct pil_phdr *phdr)
{
	unsigned int at = p->places++;

	for (; at && p->place[at - 1].dest > phdr->paddr; at--)
		p->place[at] = p->place[at - 1];
	p->place[at] = (struct place){ .index = index, .dest = phdr->paddr, .phdr = *phdr };
}

static void collect(struct load_plan *p)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < p->elf.phnum; i++) {
		pil_elf_phdr(&p->elf, i, &phdr);
		if (phdr.type != PIL_PT_LOAD || PIL_PF_TYPE(phdr.flags) == PIL_PF_TYPE_HASH || !phdr.memsz)
			continue;
		check_segment(p, i, &phdr);
		insert(p, i, &phdr);
		p->relocatable |= (phdr.flags & PIL_PF_RELOCATABLE) != 0;
		if (!pil_range_wraps((struct pil_range){ phdr.paddr, phdr.memsz }) && phdr.paddr + phdr.memsz > p->end)
			p->end = phdr.paddr + phdr.memsz;
	}
	if (p->places)
		p->lowest = p->place[0].dest;
}

static void move(struct load_plan *p)
{
	unsigned int i = 0;

	for (i = 0; i < p->places && p->relocatable; i++)
		p->place[i].dest = p->place[i].dest - p->lowest + p->where.base;
}

static void check_places(struct load_plan *p)
{
	unsigned int i = 0;
	unsigned int k = 0;

	for (i = 0; i < p->places; i++) {
		struct pil_range memory = load_plan_memory(&p->place[i]);

		if (!pil_range_contains(p->where, memory))
			add_problem(p, PIL_R_PLAN_OUTSIDE, p->place[i].index, memory.base + memory.size);
		for (k = i + 1; k < p->places; k++)
			if (pil_range_overlaps(memory, load_plan_memory(&p->place[k])))
				add_problem(p, PIL_R_PLAN_OVERLAP, p->place[i].index, p->place[k].index);
	}
}

static bool is_listed(const struct load_plan *p, enum pil_reason reason)
{
	unsigned int i = 0;

	for (i = 0; i < p->problems; i++)
		if (p->problem[i].reason == reason)
			return true;
	return false;
}

/* the verdict is the library's */
static void ask_library(struct load_plan *p)
{
	struct pil_why why = { 0 };

	p->fits = !pil_plan_measure(&p->elf, &p->library, &why) && !pil_plan_place(&p->library, p->where, &why);
	if (!p->fits && !is_listed(p, why.reason))
		add_problem(p, why.reason, why.a, why.b);
	p->fits = p->fits && !p->problems;
}

static void print_place(const struct place *place, uint64_t before)
{
	const struct pil_phdr *phdr = &place->phdr;
	uint64_t zeroed = phdr->memsz > phdr->filesz ? phdr->memsz - phdr->filesz : 0;

	if (place->dest > before)
		printf("       0x%08" PRIx64 "  %10" PRIu64 "  %snot touched%s\n", before, place->dest - before,
		       paint(PAINT_DIM), paint(PAINT_OFF));
	if (phdr->filesz)
		printf("  %3u  0x%08" PRIx64 "  %10" PRIu64 "  from file offset 0x%" PRIx64 "\n", place->index,
		       place->dest, phdr->filesz, phdr->offset);
	if (zeroed)
		printf("  %3u  0x%08" PRIx64 "  %10" PRIu64 "  zeroed\n", place->index, place->dest + phdr->filesz,
		       zeroed);
}

/* bytes of the carve-out behind the image */
static uint64_t left_over(const struct load_plan *p)
{
	return p->fits ? p->where.base + p->where.size - (p->library.base + (p->end - p->lowest)) : 0;
}

void load_plan_make(struct load_plan *p)
{
	collect(p);
	move(p);
	check_places(p);
	ask_library(p);
}

void load_plan_print(const struct load_plan *p, const char *name)
{
	uint64_t before = p->where.base;
	char text[200] = "";
	unsigned int i = 0;

	printf("%s%s%s: %s%s%s in 0x%" PRIx64 ",0x%" PRIx64 "; %s, addresses from 0x%" PRIx64 ", 0x%" PRIx64 " bytes\n",
	       paint(PAINT_TITLE), name, paint(PAINT_OFF), paint(p->fits ? PAINT_GOOD : PAINT_BAD),
	       p->fits ? "fits" : "does not fit", paint(PAINT_OFF), p->where.base, p->where.size,
	       p->relocatable ? "relocatable" : "not relocatable", p->lowest, p->end - p->lowest);
	printf("  %sseg  address          bytes%s\n", paint(PAINT_DIM), paint(PAINT_OFF));
	for (i = 0; i < p->places; i++) {
		print_place(&p->place[i], before);
		if (p->place[i].dest + p->place[i].phdr.memsz > before)
			before = p->place[i].dest + p->place[i].phdr.memsz;
	}
	if (left_over(p))
		printf("       0x%08" PRIx64 "  %10" PRIu64 "  %snot touched, to the end of the carve-out%s\n", before,
		       left_over(p), paint(PAINT_DIM), paint(PAINT_OFF));
	if (p->fits && p->library.entry_inside)
		printf("  entry 0x%" PRIx64 "\n", p->library.entry);
	if (p->fits && !p->library.entry_inside)
		printf("  %swarning: entry point 0x%" PRIx64 " lies in no loaded segment: no core can start there%s\n",
		       paint(PAINT_WARN), p->elf.entry, paint(PAINT_OFF));
	for (i = 0; i < p->problems; i++) {
		pil_why_text(&p->problem[i], text, sizeof(text));
		printf("  %s%s%s: %s\n", paint(PAINT_BAD), pil_reason_name(p->problem[i].reason), paint(PAINT_OFF),
		       text);
	}
	if (p->hidden)
		printf("  and %u more\n", p->hidden);
}

static json_t *places_json(const struct load_plan *p)
{
	json_t *list = json_array();
	unsigned int i = 0;

	for (i = 0; i < p->places; i++) {
		const struct pil_phdr *phdr = &p->place[i].phdr;
		uint64_t zeroed = phdr->memsz > phdr->filesz ? phdr->memsz - phdr->filesz : 0;

		json_array_append_new(list,
				      json_pack("{s:i, s:o, s:o, s:o, s:o}", "index", (int)p->place[i].index, "address",
						json_hex64(p->place[i].dest), "offset", json_u64(phdr->offset),
						"from_file", json_u64(phdr->filesz), "zeroed", json_u64(zeroed)));
	}
	return list;
}

json_t *load_plan_json(const struct load_plan *p)
{
	json_t *problems = json_array();
	bool entry = p->fits && p->library.entry_inside;
	unsigned int i = 0;

	for (i = 0; i < p->problems; i++)
		json_array_append_new(problems, json_why(&p->problem[i]));
	return json_pack("{s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "fits", (int)p->fits, "relocatable",
			 (int)p->relocatable, "lowest", json_hex64(p->lowest), "span", json_u64(p->end - p->lowest),
			 "left", json_u64(left_over(p)), "entry", entry ? json_hex64(p->library.entry) : json_null(),
			 "segments", places_json(p), "problems", problems);
}
