/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resource tables of a host, by themselves or in a section of an ELF file, and tables built from arbitrary entries, which
 * must pass the same check.
 */
#include <pilot/cursor.h>
#include <pilot/elf.h>
#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#include "fuzz.h"

static void check_built(const uint8_t *data, size_t size)
{
	static uint8_t table[8192];
	struct pil_rsc_entry entries[8] = { 0 };
	struct pil_rsc_stream stream = { .name = "fuzz", .ranges = entries };
	struct pil_rsc_contents contents = { .entries = entries, .streams = &stream, .stream_count = 1 };
	struct pil_cursor c = { 0 };
	struct pil_why why = { 0 };
	size_t needed = 0;
	size_t i = 0;
	int ret = 0;

	pil_cursor_init(&c, data, size);
	for (i = 0; i < 8; i++) {
		entries[i].name = "fuzz";
		entries[i].da = pil_cursor_u64(&c) >> 16; /* so that some fit */
		entries[i].pa = pil_cursor_u64(&c) >> 16;
		entries[i].len = pil_cursor_u64(&c) >> 16;
		entries[i].flags = pil_cursor_u32(&c);
		if (pil_cursor_failed(&c))
			break;
	}
	contents.count = i;
	stream.sid = pil_cursor_u32(&c);
	stream.purpose = pil_cursor_u32(&c) & 3;
	stream.count = i;
	ret = pil_rsc_build(&contents, table, sizeof(table), &needed, &why);
	fuzz_check_result(ret, &why);
	if (!ret)
		FUZZ_CHECK(needed == pil_rsc_size(&contents) && !pil_rsc_check(table, needed, NULL));
}

static void check_item(struct pil_bytes table, const struct pil_rsc_item *item, bool sound)
{
	struct pil_rsc_vring v = { 0 };
	struct pil_rsc_range r = { 0 };
	unsigned int i = 0;

	FUZZ_CHECK(item->offset <= table.size && item->size <= table.size - item->offset);
	if (item->name)
		fuzz_check_inside((struct pil_bytes){ item->name, PIL_RSC_NAME }, table);
	fuzz_check_inside(item->config, table);
	for (i = 0; !pil_rsc_vring(table.data, table.size, item, i, &v); i++)
		FUZZ_CHECK(!sound || v.bytes > 0);
	FUZZ_CHECK(i == item->vrings);
	for (i = 0; !pil_rsc_range(table.data, table.size, item, i, &r); i++)
		FUZZ_CHECK(!sound || (r.len && r.da + r.len > r.da && r.pa + r.len > r.pa));
	FUZZ_CHECK(i == item->ranges && (!i || item->stream));
	FUZZ_CHECK(!sound || item->vrings <= 2);
}

/* a sound table is a well-formed one, and of a well-formed one every entry can be read */
static void check_table(struct pil_bytes table)
{
	struct pil_rsc_item item = { 0 };
	struct pil_why why[2] = { 0 };
	int formed = pil_rsc_check(table.data, table.size, &why[0]);
	int sound = pil_rsc_check_firmware(table.data, table.size, &why[1]);
	unsigned int i = 0;

	fuzz_check_result(formed, &why[0]);
	fuzz_check_result(sound, &why[1]);
	FUZZ_CHECK(!formed || sound);
	for (i = 0; !pil_rsc_item(table.data, table.size, i, &item) && i < 2 * PIL_RSC_MAX; i++)
		check_item(table, &item, !sound);
	FUZZ_CHECK(formed || i == pil_rsc_count(table.data, table.size));
}

static void check_section(const uint8_t *data, size_t size)
{
	struct pil_section section = { 0 };
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };
	int ret = 0;

	if (pil_elf_parse(data, size, &elf, NULL))
		return;
	ret = pil_elf_find_section(&elf, PIL_RSC_SECTION, &section, &why);
	fuzz_check_result(ret, &why);
	if (ret || section.type == PIL_SHT_NOBITS)
		return;
	FUZZ_CHECK(section.offset <= size && section.size <= size - section.offset);
	check_table((struct pil_bytes){ data + section.offset, (size_t)section.size });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_table((struct pil_bytes){ data, size });
	check_section(data, size);
	check_built(data, size);
	return 0;
}
