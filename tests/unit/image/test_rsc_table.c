/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#include "expect.h"
#include "imagegen.h"

static const struct pil_rsc_entry two[] = {
	{ "sram", 0x14680000, 0x24680000, 0x1000, PIL_RSC_READ | PIL_RSC_WRITE },
	{ "abcdefghijklmnopqrstuvwxyz01234", 0xfffff000, 0, 0x1000, PIL_RSC_READ | PIL_RSC_MMIO },
};

static uint8_t buf[8192];
static struct pil_why why;

static uint64_t get32(size_t offset)
{
	return buf[offset] | (uint64_t)buf[offset + 1] << 8 | (uint64_t)buf[offset + 2] << 16 |
	       (uint64_t)buf[offset + 3] << 24;
}

static int build(const struct pil_rsc_entry *entries, size_t count, void *to, size_t size, size_t *needed,
		 struct pil_why *reason)
{
	const struct pil_rsc_contents c = { .entries = entries, .count = count };

	return pil_rsc_build(&c, to, size, needed, reason);
}

static size_t size_of(size_t count)
{
	const struct pil_rsc_contents c = { .count = count };

	return pil_rsc_size(&c);
}

static void built_table_has_the_bytes_that_linux_reads(void **state)
{
	size_t needed = 0;

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(build(two, 2, buf, sizeof(buf), &needed, NULL), 0);
	assert_int_equal(needed, 16 + 2 * 4 + 2 * 56);
	assert_int_equal(needed, size_of(2));
	assert_int_equal(get32(0), 1);
	assert_int_equal(get32(4), 2);
	assert_int_equal(get32(8), 0);
	assert_int_equal(get32(12), 0);
	assert_int_equal(get32(16), 24);
	assert_int_equal(get32(20), 80);
	assert_int_equal(get32(24), 1);
	assert_int_equal(get32(28), 0x14680000);
	assert_int_equal(get32(32), 0x24680000);
	assert_int_equal(get32(36), 0x1000);
	assert_int_equal(get32(40), 3);
	assert_int_equal(get32(44), 0);
	assert_string_equal((const char *)buf + 48, "sram");
	assert_int_equal(buf[48 + 31], 0);
	assert_int_equal(get32(84), 0xfffff000);
	assert_string_equal((const char *)buf + 104, two[1].name);
	assert_int_equal(buf[needed], 0xee);
	assert_int_equal(pil_rsc_check(buf, needed, NULL), 0);
}

static void no_entries_and_no_name_are_fine(void **state)
{
	const struct pil_rsc_entry nameless = { NULL, 1, 2, 3, 4 };
	size_t needed = 0;

	(void)state;
	assert_int_equal(build(NULL, 0, buf, 16, &needed, NULL), 0);
	assert_int_equal(needed, 16);
	assert_int_equal(pil_rsc_check(buf, 16, NULL), 0);
	assert_int_equal(build(&nameless, 1, buf, sizeof(buf), &needed, NULL), 0);
	assert_int_equal(buf[16 + 4 + 24], 0);
}

static void small_buffer_gets_the_size_needed_and_no_bytes(void **state)
{
	size_t needed = 0;

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	expect_why(build(two, 2, buf, 135, &needed, &why), &why, PIL_R_RSC_BUFFER, 135, 136);
	assert_int_equal(needed, 136);
	assert_int_equal(buf[0], 0xee);
	expect_reason(build(two, 2, NULL, 0, &needed, &why), &why, PIL_R_RSC_BUFFER);
	assert_int_equal(build(two, 2, buf, needed, &needed, NULL), 0);
}

static void entries_beyond_32_bit_are_refused(void **state)
{
	static const struct pil_rsc_entry bad[] = {
		{ "da", UINT64_C(0x100000000), 0, 1, 3 },  { "da end", 0xfffff000, 0, 0x1001, 3 },
		{ "pa", 0, UINT64_C(0x100000000), 1, 3 },  { "pa end", 0, 0xffffffff, 2, 3 },
		{ "len", 0, 0, UINT64_C(0x100000000), 3 }, { "len max", 1, 1, UINT64_MAX, 3 },
		{ "da max", UINT64_MAX, 1, 2, 3 },
	};
	const struct pil_rsc_entry longest = { "all but a byte", 1, 0, UINT32_MAX, 3 };
	size_t needed = 0;
	size_t i = 0;

	(void)state;
	assert_int_equal(build(&longest, 1, buf, sizeof(buf), &needed, NULL), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		expect_reason(build(&bad[i], 1, buf, sizeof(buf), &needed, &why), &why, PIL_R_RSC_32BIT);
		assert_int_equal(why.a, 0);
		assert_int_equal(needed, 0);
	}
}

static void other_bad_entries_are_refused(void **state)
{
	static const struct pil_rsc_entry empty[] = { { "a", 0, 0, 1, 3 }, { "b", 0, 0, 0, 3 } };
	static const struct pil_rsc_entry name = { "abcdefghijklmnopqrstuvwxyz012345", 0, 0, 1, 3 };
	static struct pil_rsc_entry many[PIL_RSC_MAX + 1];
	size_t needed = 0;
	size_t i = 0;

	(void)state;
	expect_why(build(empty, 2, buf, sizeof(buf), &needed, &why), &why, PIL_R_RSC_EMPTY, 1, 0);
	expect_why(build(&name, 1, buf, sizeof(buf), &needed, &why), &why, PIL_R_RSC_NAME, 0, 31);
	for (i = 0; i < PIL_RSC_MAX + 1; i++)
		many[i] = two[0];
	expect_why(build(many, PIL_RSC_MAX + 1, buf, sizeof(buf), &needed, &why), &why, PIL_R_RSC_COUNT, 65,
		   64);
	assert_int_equal(size_of(PIL_RSC_MAX + 1), 0);
	assert_int_equal(build(many, PIL_RSC_MAX, buf, sizeof(buf), &needed, NULL), 0);
	assert_int_equal(pil_rsc_check(buf, needed, NULL), 0);
}

static void zeroed_header_of_linux_is_accepted(void **state)
{
	(void)state;
	memset(buf, 0, sizeof(buf));
	assert_int_equal(pil_rsc_check(buf, 16, NULL), 0);
	imagegen_put(buf + 4, 4, 1);
	expect_why(pil_rsc_check(buf, sizeof(buf), &why), &why, PIL_R_RSC_VERSION, 0, 1);
}

/* one entry of @type at offset 20 */
static size_t make_one(uint32_t type, size_t size)
{
	memset(buf, 0, sizeof(buf));
	imagegen_put(buf, 4, 1);
	imagegen_put(buf + 4, 4, 1);
	imagegen_put(buf + 16, 4, 20);
	imagegen_put(buf + 20, 4, type);
	return 20 + size;
}

static void every_type_is_measured(void **state)
{
	static const struct {
		uint32_t type;
		size_t size;
		size_t reserved; /* offset in the entry, 0: none */
	} cases[] = { { 0, 56, 20 }, { 1, 56, 20 }, { 2, 48, 12 },	 { 3, 28, 26 },
		      { 4, 4, 0 },   { 128, 4, 0 }, { 0xffffffff, 4, 0 } };
	size_t size = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size = make_one(cases[i].type, cases[i].size);
		assert_int_equal(pil_rsc_check(buf, size, NULL), 0);
		expect_why(pil_rsc_check(buf, size - 1, &why), &why, PIL_R_RSC_OFFSET, 0, size - 1);
		buf[20 + cases[i].reserved] |= 0x80;
		if (cases[i].reserved)
			expect_why(pil_rsc_check(buf, size, &why), &why, PIL_R_RSC_RESERVED, 0, 0x80);
	}
}

static void vdev_is_measured_with_its_rings_and_config(void **state)
{
	size_t size = make_one(3, 28 + 2 * 20 + 5);

	(void)state;
	imagegen_put(buf + 20 + 20, 4, 5);
	buf[20 + 25] = 2;
	assert_int_equal(pil_rsc_check(buf, size, NULL), 0);
	expect_reason(pil_rsc_check(buf, size - 1, &why), &why, PIL_R_RSC_OFFSET);
	imagegen_put(buf + 20 + 20, 4, UINT32_MAX);
	expect_reason(pil_rsc_check(buf, sizeof(buf), &why), &why, PIL_R_RSC_OFFSET);
}

static void malformed_tables_are_refused(void **state)
{
	static const struct {
		size_t offset;
		uint64_t value;
		enum pil_reason reason;
		uint64_t a, b;
	} cases[] = {
		{ 0, 2, PIL_R_RSC_VERSION, 2, 1 },
		{ 4, 65, PIL_R_RSC_COUNT, 65, 64 },
		{ 4, UINT32_MAX, PIL_R_RSC_COUNT, UINT32_MAX, 64 },
		{ 8, 1, PIL_R_RSC_HEADER_RESERVED, 1, 0 },
		{ 12, 2, PIL_R_RSC_HEADER_RESERVED, 0, 2 },
		{ 16, 0, PIL_R_RSC_INSIDE, 0, 0 },
		{ 16, 19, PIL_R_RSC_INSIDE, 0, 19 },
		{ 16, 21, PIL_R_RSC_OFFSET, 0, 76 },
		{ 16, UINT32_MAX, PIL_R_RSC_OFFSET, 0, 76 },
	};
	size_t size = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size = make_one(1, 56);
		imagegen_put(buf + cases[i].offset, 4, cases[i].value);
		expect_why(pil_rsc_check(buf, size, &why), &why, cases[i].reason, cases[i].a, cases[i].b);
	}
}

static void short_tables_are_refused(void **state)
{
	size_t size = make_one(1, 56);
	size_t i = 0;

	(void)state;
	for (i = 0; i < size; i++)
		expect_reason(pil_rsc_check(buf, i, &why), &why, i < 16 ? PIL_R_RSC_SHORT : PIL_R_RSC_OFFSET);
	expect_why(pil_rsc_check(NULL, 0, &why), &why, PIL_R_RSC_SHORT, 0, 16);
	assert_int_equal(pil_rsc_check(buf, size, NULL), 0);
}

static const struct pil_rsc_stream pair[] = {
	{ "core", 0x1234, 0, PIL_RSC_PURPOSE_FIRMWARE, two, 2 },
	{ "dma", 0x1240, 0xf, PIL_RSC_PURPOSE_DMA_MASTER, NULL, 0 },
};

/* one DEVMEM entry and both streams */
static size_t make_streams(void)
{
	const struct pil_rsc_contents c = { .entries = two, .count = 1, .streams = pair, .stream_count = 2 };
	size_t needed = 0;

	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(pil_rsc_build(&c, buf, sizeof(buf), &needed, NULL), 0);
	assert_int_equal(needed, pil_rsc_size(&c));
	return needed;
}

static void streams_come_behind_and_are_read_again(void **state)
{
	const size_t size = make_streams();
	struct pil_rsc_range range = { 0 };
	struct pil_rsc_item item = { 0 };

	(void)state;
	assert_int_equal(size, 16 + 3 * 4 + 56 + 64 + 2 * 32 + 64);
	assert_int_equal(get32(4), 3);
	assert_int_equal(get32(16), 28);
	assert_int_equal(get32(20), 84);
	assert_int_equal(get32(24), 212);
	assert_int_equal(get32(84), 336);
	assert_memory_equal(buf + 88, "STRM", 4);
	assert_int_equal(pil_rsc_check_firmware(buf, size, &why), 0);
	assert_int_equal(pil_rsc_item(buf, size, 1, &item), 0);
	assert_true(item.stream && item.size == 128 && item.sid == 0x1234 && item.ranges == 2);
	assert_string_equal((const char *)item.name, "core");
	assert_int_equal(pil_rsc_range(buf, size, &item, 1, &range), 0);
	assert_true(range.da == two[1].da && range.pa == two[1].pa && range.len == two[1].len &&
		    range.flags == two[1].flags);
	assert_int_equal(pil_rsc_range(buf, size, &item, 2, &range), -PIL_EARG);
	assert_int_equal(pil_rsc_item(buf, size, 2, &item), 0);
	assert_true(item.stream && item.size == 64 && item.mask == 0xf && item.purpose == 1 && !item.ranges);
	assert_int_equal(pil_rsc_item(buf, size, 0, &item), 0);
	assert_int_equal(pil_rsc_range(buf, size, &item, 0, &range), -PIL_EARG);
}

static void malformed_streams_are_refused(void **state)
{
	static const struct {
		size_t offset;
		uint64_t value;
		enum pil_reason form, sound;
		uint64_t b;
	} cases[] = {
		{ 84 + 16, 3, PIL_R_NONE, PIL_R_RSC_PURPOSE, 3 },
		{ 84 + 20, 65, PIL_R_RSC_STREAM_RANGES, PIL_R_RSC_STREAM_RANGES, 65 },
		{ 84 + 20, 64, PIL_R_RSC_OFFSET, PIL_R_RSC_OFFSET, 276 },
		{ 84 + 24, 1, PIL_R_RSC_RESERVED, PIL_R_RSC_RESERVED, 1 },
		{ 84 + 28, 2, PIL_R_RSC_RESERVED, PIL_R_RSC_RESERVED, 2 },
		{ 148 + 28, 4, PIL_R_RSC_RESERVED, PIL_R_RSC_RESERVED, 4 },
		{ 148 + 24, 0x40, PIL_R_NONE, PIL_R_RSC_STREAM_RANGE, 0 },
		{ 148 + 16, 0, PIL_R_NONE, PIL_R_RSC_STREAM_RANGE, 0 },
		{ 180 + 4, 0xffffffff, PIL_R_NONE, PIL_R_RSC_STREAM_RANGE, 1 },
		{ 180 + 12, 0xffffffff, PIL_R_NONE, PIL_R_NONE, 0 },
		{ 180, 0x14680000, PIL_R_NONE, PIL_R_RSC_STREAM_OVERLAP, 1 },
		{ 84 + 32, 0x01010101, PIL_R_NONE, PIL_R_RSC_NAME_FORM, 0 },
		/* another vendor's entry of the same type is his business */
		{ 84 + 4, 0, PIL_R_NONE, PIL_R_NONE, 0 },
	};
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const size_t size = make_streams();

		imagegen_put(buf + cases[i].offset, 4, cases[i].value);
		if (cases[i].form)
			expect_why(pil_rsc_check(buf, size, &why), &why, cases[i].form, 1, cases[i].b);
		else
			assert_int_equal(pil_rsc_check(buf, size, &why), 0);
		if (cases[i].sound)
			expect_why(pil_rsc_check_firmware(buf, size, &why), &why, cases[i].sound, 1, cases[i].b);
		else
			assert_int_equal(pil_rsc_check_firmware(buf, size, &why), 0);
	}
}

static void streams_that_no_table_can_have_are_not_built(void **state)
{
	static const struct pil_rsc_entry wraps = { "w", UINT64_MAX - 1, 0, 2, 1 }, empty = { "e", 0, 0, 0, 1 };
	static const struct pil_rsc_stream bad[] = {
		{ "purpose", 1, 0, 2, NULL, 0 },
		{ "many", 1, 0, 0, two, PIL_RSC_RANGES + 1 },
		{ "wraps", 1, 0, 0, &wraps, 1 },
		{ "empty", 1, 0, 0, &empty, 1 },
		{ "abcdefghijklmnopqrstuvwxyz012345", 1, 0, 0, NULL, 0 },
	};
	static const enum pil_reason reasons[] = { PIL_R_RSC_PURPOSE, PIL_R_RSC_STREAM_RANGES, PIL_R_RSC_STREAM_RANGE,
						   PIL_R_RSC_STREAM_RANGE, PIL_R_RSC_NAME };
	struct pil_rsc_contents c = { .entries = two, .count = 2, .stream_count = 1 };
	size_t needed = 1;
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c.streams = &bad[i];
		expect_reason(pil_rsc_build(&c, buf, sizeof(buf), &needed, &why), &why, reasons[i]);
		assert_int_equal(why.a, 2);
		assert_int_equal(needed, 0);
	}
	c.streams = pair;
	c.stream_count = PIL_RSC_MAX - 1;
	expect_why(pil_rsc_build(&c, buf, sizeof(buf), &needed, &why), &why, PIL_R_RSC_COUNT, 65, 64);
	assert_int_equal(pil_rsc_size(&c), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_table_has_the_bytes_that_linux_reads),
		cmocka_unit_test(no_entries_and_no_name_are_fine),
		cmocka_unit_test(small_buffer_gets_the_size_needed_and_no_bytes),
		cmocka_unit_test(entries_beyond_32_bit_are_refused),
		cmocka_unit_test(other_bad_entries_are_refused),
		cmocka_unit_test(zeroed_header_of_linux_is_accepted),
		cmocka_unit_test(every_type_is_measured),
		cmocka_unit_test(vdev_is_measured_with_its_rings_and_config),
		cmocka_unit_test(malformed_tables_are_refused),
		cmocka_unit_test(short_tables_are_refused),
		cmocka_unit_test(streams_come_behind_and_are_read_again),
		cmocka_unit_test(malformed_streams_are_refused),
		cmocka_unit_test(streams_that_no_table_can_have_are_not_built),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
