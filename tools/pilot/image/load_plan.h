/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the segments of one ELF file would go in a given carve-out. The secure world stops at the first reason to
 * refuse; here all of them are listed, and the library's own verdict is asked for as well, so that none is missed.
 */
#ifndef PILOT_TOOL_LOAD_PLAN_H
#define PILOT_TOOL_LOAD_PLAN_H

#include <pilot/plan.h>

#include "pilot.h"

#define PLAN_PROBLEMS_MAX 64u

/** struct place - one loadable segment; @dest is its address in the carve-out */
struct place {
	unsigned int index;
	uint64_t dest;
	struct pil_phdr phdr;
};

/**
 * struct load_plan - one ELF file; load_plan_make() fills what follows @parts
 * @where:  memory that it gets
 * @elf:    its headers
 * @parts:  the bytes of its segments are in other files
 * @lowest, @end: addresses of the segments, before they are moved
 * @hidden: problems that are not listed
 */
struct load_plan {
	struct pil_range where;
	struct pil_elf elf;
	bool parts;
	bool relocatable;
	uint64_t lowest;
	uint64_t end;
	unsigned int places;
	struct place place[PIL_ELF_MAX_PHNUM];
	unsigned int problems;
	unsigned int hidden;
	struct pil_why problem[PLAN_PROBLEMS_MAX];
	struct pil_plan library;
	bool fits;
};

/* make the plan */
void load_plan_make(struct load_plan *p);

/* memory of one segment */
struct pil_range load_plan_memory(const struct place *place);

/* print it; @name is what the first line begins with */
void load_plan_print(const struct load_plan *p, const char *name);

/* the same as JSON: fits, relocatable, lowest, span, left, entry, segments, problems */
json_t *load_plan_json(const struct load_plan *p);

#endif
