/* SPDX-License-Identifier: BSD-2-Clause */
/* An image in both its forms, and the load plan of one that was accepted. */
#include <pilot/image.h>
#include <pilot/plan.h>

#include "fuzz.h"

/* placed segments lie in @where, in ascending order, and the entry point in one of them */
static void check_placed(const struct pil_plan *plan, struct pil_range where)
{
	const struct pil_range entry = { plan->entry, 1 };
	unsigned int inside = 0;
	unsigned int i = 0;

	for (i = 0; i < plan->count; i++) {
		const struct pil_range memory = { plan->seg[i].dest, plan->seg[i].memsz };

		FUZZ_CHECK(pil_range_contains(where, memory));
		FUZZ_CHECK(plan->seg[i].filesz <= plan->seg[i].memsz);
		FUZZ_CHECK(!i || plan->seg[i - 1].dest + plan->seg[i - 1].memsz <= plan->seg[i].dest);
		inside += pil_range_contains(memory, entry);
	}
	FUZZ_CHECK(!plan->entry_inside || inside == 1);
	FUZZ_CHECK(!plan->relocatable || plan->seg[0].dest == where.base);
}

static void check_plan(const struct pil_elf *elf)
{
	const struct pil_range places[] = {
		{ 0x80000000, 0x4000 },
		{ UINT64_C(0xfffffffff0000000), 0xfff0000 },
		{ 0, UINT64_MAX },
		{ 4096, UINT64_MAX },
	};
	struct pil_why why = { 0 };
	struct pil_plan plan = { 0 };
	int ret = pil_plan_measure(elf, &plan, &why);
	size_t i = 0;

	fuzz_check_result(ret, &why);
	for (i = 0; !ret && i < sizeof(places) / sizeof(places[0]); i++) {
		int placed = pil_plan_place(&plan, places[i], &why);

		fuzz_check_result(placed, &why);
		if (!placed)
			check_placed(&plan, places[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pil_bytes whole = { data, size };
	struct pil_image image = { 0 };
	struct pil_image inner = { 0 };
	struct pil_why why = { 0 };
	int ret = pil_image_from_file(data, size, &image, &why);

	fuzz_check_result(ret, &why);
	if (!ret) {
		fuzz_check_inside(image.mbn.segment, whole);
		check_plan(&image.elf);
	}
	ret = pil_image_wrapped(data, size, &image, &inner, &why);
	fuzz_check_result(ret, &why);
	if (!ret) {
		fuzz_check_inside(image.mbn.segment, whole);
		fuzz_check_inside(inner.mbn.segment, whole);
		FUZZ_CHECK(inner.first + inner.mbn.hash_count == inner.elf.phnum);
	}
	ret = pil_image_from_metadata(data, size, &image, &why);
	fuzz_check_result(ret, &why);
	if (!ret) {
		fuzz_check_inside(image.mbn.segment, whole);
		check_plan(&image.elf);
	}
	return 0;
}
