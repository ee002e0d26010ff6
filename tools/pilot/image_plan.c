/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pilot image plan: where an image's segments would go in a given carve-out. The secure world stops at the first reason
 * to refuse; here all of them are listed, and the library's own verdict is asked for as well, so that none is missed.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/plan.h>

#include "pieces.h"
#include "pilot.h"

static const char help[] =
	"Says where the segments of FILE (an image, a .mdt or a plain ELF file) go when it is loaded\n"
	"into a carve-out: which bytes come from the file, which are zeroed, what lies between, what\n"
	"overlaps and what does not fit, by the names of the reasons that the secure world's log\n"
	"has. A relocatable image goes to the start of the carve-out, another one to its own\n"
	"addresses.\n"
	"\n"
	"options:\n"
	"      --carveout ADDR,SIZE  memory that the image gets, for example 0x95c00000,0x1e00000\n"
	"      --json                print a JSON document: file, fits, carveout, relocatable,\n"
	"                            lowest, span, left, entry, segments, problems\n"
	"  -h, --help                this text\n"
	"\n"
	"example:\n"
	"  pilot image plan adsp.mbn --carveout 0x95c00000,0x1e00000\n"
	"\n"
	"exit status: 0 it fits; 1 it does not; 2 usage, not an ELF file, or a file that cannot be\n"
	"read\n";

#define PROBLEMS_MAX 64u

/** struct place - one loadable segment; @dest is its address in the carve-out */
struct place {
	unsigned int index;
	uint64_t dest;
	struct pil_phdr phdr;
};

struct plan {
	const char *path;
	struct pil_range where;
	struct file file;
	struct pil_elf elf;
	bool relocatable;
	uint64_t lowest;
	uint64_t end; /* of the highest segment, before it is moved */
	unsigned int places;
	struct place place[PIL_ELF_MAX_PHNUM];
	unsigned int problems;
	unsigned int hidden; /* problems that are not listed */
	struct pil_why problem[PROBLEMS_MAX];
	struct pil_plan library;
	bool fits;
};

static void add_problem(struct plan *p, enum pil_reason reason, uint64_t a, uint64_t b)
{
	if (p->problems < PROBLEMS_MAX)
		p->problem[p->problems++] = (struct pil_why){ .reason = reason, .a = a, .b = b };
	else
		p->hidden++;
}

static struct pil_range memory_of(const struct place *place)
{
	return (struct pil_range){ .base = place->dest, .size = place->phdr.memsz };
}

/* what is wrong with one segment, wherever it goes */
static void check_segment(struct plan *p, unsigned int index, const struct pil_phdr *phdr)
{
	bool in_file = phdr->offset <= p->file.size && phdr->filesz <= p->file.size - phdr->offset;

	if (phdr->filesz > phdr->memsz)
		add_problem(p, PIL_R_ELF_FILESZ, index, phdr->memsz);
	if (pil_range_wraps((struct pil_range){ phdr->paddr, phdr->memsz }))
		add_problem(p, PIL_R_ELF_SEGMENT_WRAP, index, phdr->paddr);
	/* in a .mdt the bytes are in other files */
	if (phdr->filesz && !in_file && !piece_is_mdt(p->path))
		add_problem(p, PIL_R_ELF_SEGMENT_END, index, p->file.size);
}

/* in ascending order of addresses */
static void insert(struct plan *p, unsigned int index, const struct pil_phdr *phdr)
{
	unsigned int at = p->places++;

	for (; at && p->place[at - 1].dest > phdr->paddr; at--)
		p->place[at] = p->place[at - 1];
	p->place[at] = (struct place){ .index = index, .dest = phdr->paddr, .phdr = *phdr };
}

static void collect(struct plan *p)
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

static void move(struct plan *p)
{
	unsigned int i = 0;

	for (i = 0; i < p->places && p->relocatable; i++)
		p->place[i].dest = p->place[i].dest - p->lowest + p->where.base;
}

static void check_places(struct plan *p)
{
	unsigned int i = 0;
	unsigned int k = 0;

	for (i = 0; i < p->places; i++) {
		struct pil_range memory = memory_of(&p->place[i]);

		if (!pil_range_contains(p->where, memory))
			add_problem(p, PIL_R_PLAN_OUTSIDE, p->place[i].index, memory.base + memory.size);
		for (k = i + 1; k < p->places; k++)
			if (pil_range_overlaps(memory, memory_of(&p->place[k])))
				add_problem(p, PIL_R_PLAN_OVERLAP, p->place[i].index, p->place[k].index);
	}
}

static bool is_listed(const struct plan *p, enum pil_reason reason)
{
	unsigned int i = 0;

	for (i = 0; i < p->problems; i++)
		if (p->problem[i].reason == reason)
			return true;
	return false;
}

/* the verdict is the library's */
static void ask_library(struct plan *p)
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
static uint64_t left_over(const struct plan *p)
{
	return p->fits ? p->where.base + p->where.size - (p->library.base + (p->end - p->lowest)) : 0;
}

static void print_text(const struct plan *p)
{
	uint64_t before = p->where.base;
	char text[200] = "";
	unsigned int i = 0;

	printf("%s%s%s: %s%s%s in 0x%" PRIx64 ",0x%" PRIx64 "; %s, addresses from 0x%" PRIx64 ", 0x%" PRIx64 " bytes\n",
	       paint(PAINT_TITLE), p->path, paint(PAINT_OFF), paint(p->fits ? PAINT_GOOD : PAINT_BAD),
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

static json_t *places_json(const struct plan *p)
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

static int print_json(const struct plan *p, int status)
{
	json_t *problems = json_array();
	json_t *where = json_pack("{s:o, s:o}", "address", json_hex64(p->where.base), "size", json_u64(p->where.size));
	bool entry = p->fits && p->library.entry_inside;
	unsigned int i = 0;

	for (i = 0; i < p->problems; i++)
		json_array_append_new(problems, json_why(&p->problem[i]));
	return json_finish(json_pack("{s:o, s:b, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "file", json_name(p->path),
				     "fits", (int)p->fits, "carveout", where, "relocatable", (int)p->relocatable,
				     "lowest", json_hex64(p->lowest), "span", json_u64(p->end - p->lowest), "left",
				     json_u64(left_over(p)), "entry",
				     entry ? json_hex64(p->library.entry) : json_null(), "segments", places_json(p),
				     "problems", problems),
			   status);
}

static int plan_file(struct plan *p, bool json)
{
	struct pil_why why = { 0 };
	int status = STATUS_OK;

	if (!file_open(&p->file, p->path))
		return STATUS_TROUBLE;
	if (pil_elf_parse(p->file.data, p->file.size, &p->elf, &why)) {
		complain_why(p->path, &why);
		file_close(&p->file);
		return STATUS_TROUBLE;
	}
	collect(p);
	move(p);
	check_places(p);
	ask_library(p);
	status = p->fits ? STATUS_OK : STATUS_REFUSED;
	if (json)
		status = print_json(p, status);
	else
		print_text(p);
	file_close(&p->file);
	return status;
}

static bool take_carveout(struct plan *p)
{
	uint64_t list[2] = { 0 };

	if (parse_list(optarg, UINT64_MAX, list, 2) != 2 || !list[1])
		return false;
	p->where = (struct pil_range){ .base = list[0], .size = list[1] };
	return !pil_range_wraps(p->where);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "carveout", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static struct plan plan;
	bool json = false;
	int c = 0;

	while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		if (c == 'c' && !take_carveout(&plan))
			return command_usage_error(cmd, "--carveout takes ADDR,SIZE that do not wrap round, not '%s'",
						   optarg);
		if (c != 'c' && c != 'j')
			return command_usage_error(cmd, NULL);
		json |= c == 'j';
	}
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "FILE is missing" : "one FILE at a time");
	if (!plan.where.size)
		return command_usage_error(cmd, "--carveout ADDR,SIZE is missing");
	plan.path = argv[optind];
	return plan_file(&plan, json);
}

const struct command command_image_plan = {
	"image", "plan", "say where an image's segments go in memory", "FILE --carveout ADDR,SIZE [--json]", help, run,
};
