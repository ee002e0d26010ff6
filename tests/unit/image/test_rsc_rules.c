/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of firmware: reading them entry by entry, and every rule. */
#include <stdlib.h>
#include <string.h>

#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#include "expect.h"
#include "imagegen.h"

/* a good table: carve-out, device memory, trace buffer in the carve-out, virtio device with 2 vrings and 5 bytes */
#define ENTRIES	 4u
#define CARVEOUT 32u
#define DEVMEM	 (CARVEOUT + 56u)
#define TRACE	 (DEVMEM + 56u)
#define VDEV	 (TRACE + 48u)
#define VRINGS	 (VDEV + 28u)
#define CONFIG	 (VRINGS + 2u * 20u)
#define SIZE	 (CONFIG + 5u)

static uint8_t buf[SIZE];
static struct pil_why why;

static void put_words(size_t at, size_t count, const uint32_t *words)
{
	size_t i = 0;

	for (i = 0; i < count; i++)
		imagegen_put(buf + at + 4 * i, 4, words[i]);
}

static void make(void)
{
	static const uint32_t header[] = { 1, ENTRIES, 0, 0, CARVEOUT, DEVMEM, TRACE, VDEV };
	static const uint32_t carveout[] = { 0, 0x10000000, PIL_RSC_ANY, 0x40000, 3, 0 };
	static const uint32_t devmem[] = { 1, 0x20000000, 0x30000000, 0x1000, 0x13, 0 };
	static const uint32_t trace[] = { 2, 0x10001000, 0x1000, 0 };
	static const uint32_t vdev[] = { 3, 7, 1, 0x5, 0, 5, 0x0200 };
	static const uint32_t vrings[] = { 0x10002000, 16, 8, 1, 0, 0x10003000, 4096, 256, 2, 0 };

	memset(buf, 0, sizeof(buf));
	put_words(0, 8, header);
	put_words(CARVEOUT, 6, carveout);
	memcpy(buf + CARVEOUT + 24, "code", 4);
	put_words(DEVMEM, 6, devmem);
	put_words(TRACE, 4, trace);
	memcpy(buf + TRACE + 16, "abcdefghijklmnopqrstuvwxyz01234", 31);
	put_words(VDEV, 7, vdev);
	put_words(VRINGS, 10, vrings);
	memcpy(buf + CONFIG, "\1\2\3\4\5", 5);
}

static void entries_are_read_as_they_are(void **state)
{
	struct pil_rsc_item item = { 0 };
	struct pil_rsc_vring v = { 0 };

	(void)state;
	make();
	assert_int_equal(pil_rsc_check_firmware(buf, SIZE, NULL), 0);
	assert_int_equal(pil_rsc_count(buf, SIZE), ENTRIES);
	assert_int_equal(pil_rsc_item(buf, SIZE, 1, &item), 0);
	assert_int_equal(item.type, PIL_RSC_DEVMEM);
	assert_int_equal(item.offset, DEVMEM);
	assert_int_equal(item.size, 56);
	assert_int_equal(item.da, 0x20000000);
	assert_int_equal(item.pa, 0x30000000);
	assert_int_equal(item.len, 0x1000);
	assert_int_equal(item.flags, 0x13);
	assert_int_equal(pil_rsc_item(buf, SIZE, 2, &item), 0);
	assert_int_equal(item.da, 0x10001000);
	assert_int_equal(item.len, 0x1000);
	assert_string_equal((const char *)item.name, "abcdefghijklmnopqrstuvwxyz01234");
	assert_int_equal(pil_rsc_item(buf, SIZE, 3, &item), 0);
	assert_int_equal(item.id, 7);
	assert_int_equal(item.notifyid, 1);
	assert_int_equal(item.dfeatures, 5);
	assert_int_equal(item.vrings, 2);
	assert_int_equal(item.size, SIZE - VDEV);
	assert_int_equal(item.config.size, 5);
	assert_memory_equal(item.config.data, "\1\2\3\4\5", 5);
	assert_int_equal(pil_rsc_vring(buf, SIZE, &item, 1, &v), 0);
	assert_int_equal(v.da, 0x10003000);
	assert_int_equal(v.notifyid, 2);
	assert_int_equal(v.bytes, 8192 + 6 + 256 * 8); /* 4096 + 518 bytes, rounded up to 4096 */
	assert_int_equal(pil_rsc_vring(buf, SIZE, &item, 2, &v), -PIL_EARG);
	assert_int_equal(pil_rsc_item(buf, SIZE, 4, &item), -PIL_EARG);
	assert_int_equal(pil_rsc_item(buf, SIZE - 1, 3, &item), -PIL_EARG);
	assert_int_equal(pil_rsc_count(buf, 15), 0);
}

static const struct {
	const char *name;
	enum pil_reason expected;
	size_t offset;
	unsigned int width;
	uint64_t value;
	uint64_t a, b;
} cases[] = {
	{ "version 0", PIL_R_RSC_VERSION, 0, 8, 0, 0, 0 },
	{ "version 257", PIL_R_RSC_VERSION, 0, 4, 257, 257, 4 },
	{ "header reserved", PIL_R_RSC_HEADER_RESERVED, 8, 4, 1, 1, 0 },
	{ "65 entries", PIL_R_RSC_COUNT, 4, 4, 65, 65, 64 },
	{ "offset in the header", PIL_R_RSC_INSIDE, 16, 4, 28, 0, 28 },
	{ "offset at the end", PIL_R_RSC_OFFSET, 28, 4, SIZE, 3, SIZE },
	{ "offset wraps", PIL_R_RSC_OFFSET, 28, 4, UINT32_MAX, 3, SIZE },
	{ "reserved of a carve-out", PIL_R_RSC_RESERVED, CARVEOUT + 20, 4, 1, 0, 1 },
	{ "reserved of a trace buffer", PIL_R_RSC_RESERVED, TRACE + 12, 4, 1, 2, 1 },
	{ "reserved of a vdev", PIL_R_RSC_RESERVED, VDEV + 26, 2, 1, 3, 1 },
	{ "more vrings than bytes", PIL_R_RSC_OFFSET, VDEV + 25, 1, 255, 3, SIZE },
	{ "configuration of 4 GiB", PIL_R_RSC_OFFSET, VDEV + 20, 4, UINT32_MAX, 3, SIZE },
	{ "type 4", PIL_R_RSC_TYPE, DEVMEM, 4, 4, 1, 4 },
	{ "type 127", PIL_R_RSC_TYPE, DEVMEM, 4, 127, 1, 127 },
	{ "type 513", PIL_R_RSC_TYPE, DEVMEM, 4, 513, 1, 513 },
	{ "carve-out of 0 bytes", PIL_R_RSC_LENGTH, CARVEOUT + 12, 4, 0, 0, 0 },
	{ "trace buffer of 0 bytes", PIL_R_RSC_LENGTH, TRACE + 8, 4, 0, 2, 0 },
	{ "carve-out wraps", PIL_R_RSC_WRAP, CARVEOUT + 4, 4, 0xfffc0001, 0, 0xfffc0001 },
	{ "physical address wraps", PIL_R_RSC_WRAP, DEVMEM + 8, 4, 0xfffff001, 1, 0xfffff001 },
	{ "trace buffer wraps", PIL_R_RSC_WRAP, TRACE + 4, 4, 0xfffff001, 2, 0xfffff001 },
	{ "flag 64", PIL_R_RSC_FLAGS, DEVMEM + 16, 4, 0x43, 1, 0x43 },
	{ "name without end", PIL_R_RSC_NAME_FORM, TRACE + 16 + 31, 1, 'x', 2, 32 },
	{ "name with a line feed", PIL_R_RSC_NAME_FORM, CARVEOUT + 24 + 2, 1, '\n', 0, 2 },
	{ "name with a byte above ASCII", PIL_R_RSC_NAME_FORM, CARVEOUT + 24, 1, 0x80, 0, 0 },
	{ "two offsets to one entry", PIL_R_RSC_OVERLAP, 20, 4, CARVEOUT, 0, 1 },
	{ "carve-outs at one address", PIL_R_RSC_OVERLAP_DA, DEVMEM + 4, 4, 0x10000000, 0, 1 },
	{ "last byte of the other", PIL_R_RSC_OVERLAP_DA, DEVMEM + 4, 4, 0x1003ffff, 0, 1 },
	{ "last byte of this one", PIL_R_RSC_OVERLAP_DA, DEVMEM + 4, 4, 0x0ffff001, 0, 1 },
	{ "physical memory twice", PIL_R_RSC_OVERLAP_PA, CARVEOUT + 8, 4, 0x30000fff, 0, 1 },
	{ "status", PIL_R_RSC_STATUS, VDEV + 24, 1, 1, 3, 1 },
	{ "no buffers", PIL_R_RSC_VRING_NUM, VRINGS + 8, 4, 0, 3, 0 },
	{ "3 buffers", PIL_R_RSC_VRING_NUM, VRINGS + 8, 4, 3, 3, 3 },
	{ "65536 buffers", PIL_R_RSC_VRING_NUM, VRINGS + 8, 4, 65536, 3, 65536 },
	{ "alignment 0", PIL_R_RSC_VRING_ALIGN, VRINGS + 4, 4, 0, 3, 0 },
	{ "alignment 24", PIL_R_RSC_VRING_ALIGN, VRINGS + 20 + 4, 4, 24, 3, 24 },
	{ "vring wraps", PIL_R_RSC_WRAP, VRINGS, 4, 0xffffff80, 3, 0xffffff80 },
	{ "vrings overlap", PIL_R_RSC_VRING_OVERLAP, VRINGS, 4, 0x10003000, 3, 1 },
	{ "vrings overlap by their used ring", PIL_R_RSC_VRING_OVERLAP, VRINGS, 4, 0x10005000, 3, 1 },
};

/* on the heap and of exactly the right size, so that a read past the end is seen */
static int check_exact(size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	int ret = 0;

	assert_non_null(copy);
	memcpy(copy, buf, size);
	why = (struct pil_why){ 0 };
	ret = pil_rsc_check_firmware(copy, size, &why);
	free(copy);
	return ret;
}

static void malformed_tables_are_refused_for_their_own_reason(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int ret = 0;

		make();
		imagegen_put(buf + cases[i].offset, cases[i].width, cases[i].value);
		ret = check_exact(SIZE);
		if (why.reason != cases[i].expected || why.a != cases[i].a || why.b != cases[i].b ||
		    ret != -(int)pil_reason_class(cases[i].expected))
			fail_msg("%s: %s, %llu, %llu", cases[i].name, pil_reason_name(why.reason),
				 (unsigned long long)why.a, (unsigned long long)why.b);
	}
}

static void three_vrings_are_too_many(void **state)
{
	static uint8_t big[SIZE + 20];

	(void)state;
	make();
	memcpy(big, buf, SIZE);
	big[VDEV + 25] = 3;
	expect_why(pil_rsc_check_firmware(big, sizeof(big), &why), &why, PIL_R_RSC_VRINGS, 3, 3);
}

static void what_is_unusual_but_sound_is_accepted(void **state)
{
	static const struct {
		size_t offset;
		unsigned int width;
		uint64_t value;
	} good[] = {
		{ CARVEOUT + 4, 4, PIL_RSC_ANY }, /* the host chooses */
		{ CARVEOUT + 8, 4, 0 },		  /* as older firmware says so */
		{ CARVEOUT + 4, 4, 0xfffc0000 },  /* ends at 4 GiB */
		{ CARVEOUT + 8, 4, 0x30001000 },  /* begins where the other ends */
		{ DEVMEM + 4, 4, 0x10040000 },
		{ DEVMEM, 4, 128 }, /* a vendor's */
		{ DEVMEM, 4, 512 },
		{ CARVEOUT + 24, 1, 0 }, /* no name */
		{ VRINGS, 4, PIL_RSC_ANY },
		{ VRINGS, 4, 0 },
		{ VDEV + 25, 1, 0 }, /* no vrings: they are configuration space then */
	};
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		make();
		imagegen_put(buf + good[i].offset, good[i].width, good[i].value);
		if (check_exact(SIZE))
			fail_msg("case %zu: %s", i, pil_reason_name(why.reason));
	}
}

static void every_cut_is_refused(void **state)
{
	size_t i = 0;

	(void)state;
	make();
	for (i = 0; i < SIZE; i++)
		expect_reason(check_exact(i), &why, i < 16 ? PIL_R_RSC_SHORT : PIL_R_RSC_OFFSET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_read_as_they_are),
		cmocka_unit_test(malformed_tables_are_refused_for_their_own_reason),
		cmocka_unit_test(three_vrings_are_too_many),
		cmocka_unit_test(what_is_unusual_but_sound_is_accepted),
		cmocka_unit_test(every_cut_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
