/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manifests of an image, and what a board makes of one: its streams may reach what the board grants them or less, never more,
 * and after the image they have what they had.
 */
#include <string.h>

#include <pilot/ledger.h>
#include <pilot/manifest.h>

#include "fuzz.h"

/* low numbers, which a fuzzer finds */
static const struct pil_grant core_grants[] = {
	{ "memory", 0x80000000, { 0, 0x10000 }, PIL_GRANT_READ | PIL_GRANT_WRITE, false },
	{ "registers", 0x20000, { 0x20000, 0x1000 }, PIL_GRANT_READ, true },
};
static const struct pil_grant master_grants[] = { { "buffer", 0, { 0x8000, 0x4000 }, PIL_GRANT_WRITE, false } };
static const struct pil_stream_desc streams[] = {
	{ "core", 1, 0, PIL_STREAM_FIRMWARE, core_grants, 2 },
	{ "master", 2, 1, PIL_STREAM_DMA_MASTER, master_grants, 1 },
};
static const struct pil_peripheral_desc peripherals[] = {
	{ .name = "one", .streams = streams, .stream_count = 2 },
	{ .name = "other", .streams = streams, .stream_count = 1 },
};
static const struct pil_board_desc board = { .peripherals = peripherals, .peripheral_count = 2 };

static bool board_grants(const struct pil_stream_entry *s, const struct pil_grant *g)
{
	for (unsigned int i = 0; i < s->desc->grant_count; i++) {
		const struct pil_grant *b = &s->desc->grants[i];

		if (pil_range_contains(b->range, g->range) && !(g->access & ~b->access) && g->device == b->device &&
		    g->da - b->da == g->range.base - b->range.base)
			return true;
	}
	return false;
}

static void check_narrowed(const struct pil_manifest *m)
{
	struct pil_grant grants[PIL_MANIFEST_MAX] = { 0 };
	struct pil_stream_ledger before = { 0 }, ledger = { 0 };
	struct pil_why why = { 0 };
	unsigned int left = 0;
	int ret = 0;

	FUZZ_CHECK(!pil_streams_init(&ledger, &board, NULL));
	before = ledger;
	ret = pil_streams_narrow(&ledger, 0, m, grants, &why);
	fuzz_check_result(ret, &why);
	FUZZ_CHECK(!ret || !memcmp(&before, &ledger, sizeof(ledger)));
	for (unsigned int i = 0; !ret && i < 2; i++) {
		left += ledger.entry[i].grant_count;
		for (unsigned int k = 0; k < ledger.entry[i].grant_count; k++)
			FUZZ_CHECK(board_grants(&ledger.entry[i], &ledger.entry[i].grants[k]));
	}
	FUZZ_CHECK(ret || left == m->count);
	FUZZ_CHECK(!memcmp(&before.entry[2], &ledger.entry[2], sizeof(before.entry[2])));
	pil_streams_restore(&ledger, 0);
	FUZZ_CHECK(!memcmp(&before, &ledger, sizeof(ledger)));
}

static void check_bytes(const uint8_t *data, size_t size)
{
	static const struct pil_manifest zero;
	uint8_t again[PIL_MANIFEST_SIZE_MAX] = { 0 };
	struct pil_manifest m = { 0 };
	struct pil_why why = { 0 };
	size_t needed = 0;
	int ret = pil_manifest_parse(data, size, &m, &why);

	fuzz_check_result(ret, &why);
	if (ret) {
		FUZZ_CHECK(!memcmp(&m, &zero, sizeof(m)));
		return;
	}
	FUZZ_CHECK(m.count <= PIL_MANIFEST_MAX);
	FUZZ_CHECK(!pil_manifest_build(&m, again, sizeof(again), &needed, NULL));
	FUZZ_CHECK(needed == size && !memcmp(again, data, size));
	check_narrowed(&m);
}

/* the bytes as headers of an image */
static void check_headers(const uint8_t *data, size_t size)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	struct pil_why why = { 0 };
	unsigned int index = 0;
	int ret = 0;

	if (pil_elf_parse(data, size, &elf, NULL))
		return;
	ret = pil_manifest_find(&elf, &index, &phdr, &why);
	fuzz_check_result(ret, &why);
	if (!ret && index)
		FUZZ_CHECK(index < elf.phnum && phdr.filesz <= PIL_MANIFEST_SIZE_MAX && phdr.type == PIL_PT_LOAD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_bytes(data, size);
	check_headers(data, size);
	return 0;
}
