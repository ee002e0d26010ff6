/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The load plan of every file whose headers can be read, placed into every range of memory: what is in the plan is in
 * that memory. Sums of addresses wrap on purpose where the code says so; that the result is right is claimed instead.
 */
#include <pilot/plan.h>

#include "proof.h"

#define SIZE 288u /* a 64-bit header and four program headers */

static void claim_placed(const struct pil_plan *plan, struct pil_range where)
{
	unsigned int i = nondet_uint();
	struct pil_range memory = { 0 };

	ASSUME(i < plan->count);
	memory = (struct pil_range){ plan->seg[i].dest, plan->seg[i].memsz };
	CLAIM(memory.size, "a segment has bytes");
	CLAIM(memory.base >= where.base, "a segment begins in its memory");
	CLAIM(memory.base - where.base <= where.size && memory.size <= where.size - (memory.base - where.base),
	      "a segment ends in its memory");
	CLAIM(plan->seg[i].filesz <= memory.size, "the file does not bring more than the memory holds");
	if (i)
		CLAIM(plan->seg[i - 1].dest < memory.base && plan->seg[i - 1].memsz <= memory.base - plan->seg[i - 1].dest,
		      "segments ascend and do not overlap");
	if (plan->entry_inside)
		CLAIM(plan->entry >= where.base && plan->entry - where.base < where.size, "the entry is in the memory");
}

int main(void)
{
	struct pil_elf elf = { 0 };
	struct pil_plan plan = { 0 };
	struct pil_why why = { 0 };
	struct pil_range where = { nondet_u64(), nondet_u64() };
	size_t size = any_size(SIZE);
	int ret = 0;

	ret = pil_elf_parse(any_bytes(size), size, &elf, &why);
	if (ret)
		return 0;
	ret = pil_plan_measure(&elf, &plan, &why);
	claim_result(ret, &why);
	CLAIM(!ret == !!plan.count, "a plan has segments, a failure leaves none behind");
	if (ret)
		return 0;
	ret = pil_plan_place(&plan, where, &why);
	claim_result(ret, &why);
	if (ret)
		return 0;
	claim_placed(&plan, where);
	REACHED("a plan in its memory");
	return 0;
}
