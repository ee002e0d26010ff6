/* SPDX-License-Identifier: BSD-2-Clause */
/* SMEM: what boot firmware leaves is what the host's driver looks for, and what the host then does to it harms nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <virt/platform.h>
#include <virt/smem.h>

#define PART	    0x4000u
#define PART_SIZE   0x180000u
#define PART_FREE   (PART + 12)
#define FIRST_ENTRY (PART + 32)
#define MINIDUMP    602u

static uint32_t get32(const uint8_t *smem, uint32_t at)
{
	uint32_t v = 0;

	memcpy(&v, smem + at, 4);
	return v;
}

static uint64_t get64(const uint8_t *smem, uint32_t at)
{
	return get32(smem, at) | (uint64_t)get32(smem, at + 4) << 32;
}

static void put32(uint8_t *smem, uint32_t at, uint32_t v)
{
	memcpy(smem + at, &v, 4);
}

static int new_smem(void **state)
{
	*state = aligned_alloc(4096, VIRT_SMEM_SIZE);
	if (!*state)
		return -1;
	memset(*state, 0xee, VIRT_SMEM_SIZE);
	virt_smem_init(*state);
	return 0;
}

static int free_smem(void **state)
{
	free(*state);
	return 0;
}

/* as the host allocates: at the end of the list */
static uint32_t host_adds_item(uint8_t *smem, uint32_t item, uint32_t size)
{
	uint32_t at = get32(smem, PART_FREE);

	put32(smem, PART + at, 0xa5a5 | item << 16);
	put32(smem, PART + at + 4, size);
	put32(smem, PART + at + 8, 0);
	put32(smem, PART_FREE, at + 16 + size);
	return PART + at + 16;
}

static void host_finds_a_global_partition(void **state)
{
	const uint8_t *smem = *state;
	uint32_t table = VIRT_SMEM_SIZE - 0x1000;

	assert_int_equal(get32(smem, 0xc0), 1);
	assert_int_equal(get32(smem, 0x40 + 7 * 4) >> 16, 12);
	assert_memory_equal(smem + table, "$TOC", 4);
	assert_int_equal(get32(smem, table + 32), PART);
	assert_int_equal(get32(smem, table + 36), PART_SIZE);
	assert_memory_equal(smem + PART, "$PRT", 4);
	assert_int_equal(get32(smem, PART + 8), PART_SIZE);
	assert_memory_equal(smem + table + 80, "SIII", 4);
	assert_true((get32(smem, table + 96) & 0xffff) > MINIDUMP);
}

static void assert_minidump(const uint8_t *smem, unsigned int number, const char *name, uint64_t base, uint64_t bytes)
{
	uint32_t toc = 0, size = 0, subsystem = 0;
	uint64_t region = 0;

	assert_true(virt_smem_find(smem, MINIDUMP, &toc, &size));
	assert_int_equal(get32(smem, toc), 1);
	subsystem = toc + 16 + 32 * number;
	assert_int_equal(get32(smem, subsystem), 1);
	assert_memory_equal(smem + subsystem + 4, "LBNE", 4);
	assert_memory_equal(smem + subsystem + 8, "ENOD", 4);
	assert_int_equal(get32(smem, subsystem + 16), 1);
	region = get64(smem, subsystem + 24) - VIRT_SMEM;
	assert_in_range(region, toc, toc + size - 40);
	assert_string_equal((const char *)smem + region, name);
	assert_memory_equal(smem + region + 20, "ILAV", 4);
	assert_int_equal(get64(smem, (uint32_t)region + 24), base);
	assert_int_equal(get64(smem, (uint32_t)region + 32), bytes);
}

static void minidump_names_the_carve_outs(void **state)
{
	assert_minidump(*state, VIRT_ADSP_MINIDUMP, "adsp", VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
	assert_minidump(*state, VIRT_CDSP_MINIDUMP, "cdsp", VIRT_CDSP_MEM, VIRT_CDSP_SIZE);
}

/* one core's value is not another's */
static void cores_have_values_of_their_own(void **state)
{
	static const unsigned int in[VIRT_CORES] = { VIRT_ADSP_SMP2P_IN, VIRT_CDSP_SMP2P_IN, VIRT_VIDEO_SMP2P_IN };
	static const unsigned int crash[VIRT_CORES] = { VIRT_ADSP_CRASH_ITEM, VIRT_CDSP_CRASH_ITEM,
							VIRT_VIDEO_CRASH_ITEM };
	uint8_t *smem = *state;
	uint32_t at[VIRT_CORES] = { 0 }, size = 0, text = 0;

	for (unsigned int i = 0; i < VIRT_CORES; i++) {
		assert_true(virt_smem_find(smem, in[i], &at[i], &size));
		assert_true(virt_smem_find(smem, crash[i], &text, &size));
		assert_true(virt_smp2p_raise(smem, in[i], i));
	}
	for (unsigned int i = 0; i < VIRT_CORES; i++)
		assert_int_equal(get32(smem, at[i] + 36), 1u << i);
	assert_true(virt_smp2p_rest(smem, in[1]));
	assert_int_equal(get32(smem, at[0] + 36), 1);
	assert_int_equal(get32(smem, at[1] + 36), 0);
	assert_int_equal(get32(smem, at[2] + 36), 4);
}

static void smp2p_speaks_the_hosts_version(void **state)
{
	uint8_t *smem = *state;
	uint32_t in = 0, size = 0, out = 0;

	assert_true(virt_smem_find(smem, VIRT_ADSP_SMP2P_IN, &in, &size));
	assert_true(virt_smp2p_publish(smem, VIRT_ADSP_SMP2P_IN, VIRT_ADSP_SMP2P_OUT, VIRT_ADSP_SMP2P_PID));
	assert_int_equal(smem[in + 4], 1);
	out = host_adds_item(smem, VIRT_ADSP_SMP2P_OUT, 344);
	smem[out + 4] = 2;
	assert_true(virt_smp2p_publish(smem, VIRT_ADSP_SMP2P_IN, VIRT_ADSP_SMP2P_OUT, VIRT_ADSP_SMP2P_PID));
	assert_int_equal(smem[in + 4], 2);
	assert_memory_equal(smem + in, "$SMP", 4);
	assert_string_equal((const char *)smem + in + 20, "slave-kernel");
}

/* each ring is an edge, and leaves the other bits alone */
static void smp2p_ring_turns_its_bit(void **state)
{
	uint8_t *smem = *state;
	uint32_t offset = 0, size = 0;

	assert_true(virt_smem_find(smem, VIRT_VIDEO_SMP2P_IN, &offset, &size));
	assert_true(virt_smp2p_raise(smem, VIRT_VIDEO_SMP2P_IN, VIRT_SMP2P_READY));
	for (unsigned int i = 1; i <= 4; i++) {
		assert_true(virt_smp2p_turn(smem, VIRT_VIDEO_SMP2P_IN, VIRT_SMP2P_RING));
		assert_int_equal(get32(smem, offset + 36), (i & 1) << VIRT_SMP2P_RING | 1u << VIRT_SMP2P_READY);
	}
	assert_false(virt_smp2p_turn(smem, VIRT_VIDEO_SMP2P_OUT, VIRT_SMP2P_RING));
}

static void smp2p_bits_rise_and_rest(void **state)
{
	uint8_t *smem = *state;
	uint32_t in = 0, size = 0, out = 0;

	assert_true(virt_smem_find(smem, VIRT_ADSP_SMP2P_IN, &in, &size));
	assert_true(virt_smp2p_raise(smem, VIRT_ADSP_SMP2P_IN, VIRT_SMP2P_READY));
	assert_true(virt_smp2p_raise(smem, VIRT_ADSP_SMP2P_IN, VIRT_SMP2P_STOP_ACK));
	assert_int_equal(get32(smem, in + 36), 1u << VIRT_SMP2P_READY | 1u << VIRT_SMP2P_STOP_ACK);
	assert_true(virt_smp2p_rest(smem, VIRT_ADSP_SMP2P_IN));
	assert_int_equal(get32(smem, in + 36), 0);
	assert_int_equal(virt_smp2p_value(smem, VIRT_ADSP_SMP2P_OUT), 0);
	out = host_adds_item(smem, VIRT_ADSP_SMP2P_OUT, 344);
	put32(smem, out + 36, 5);
	assert_int_equal(virt_smp2p_value(smem, VIRT_ADSP_SMP2P_OUT), 5);
}

static void text_is_cut_and_ends(void **state)
{
	uint8_t *smem = *state;
	char text[400];
	uint32_t at = 0, size = 0;

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_true(virt_smem_find(smem, VIRT_ADSP_CRASH_ITEM, &at, &size));
	assert_true(virt_smem_text(smem, VIRT_ADSP_CRASH_ITEM, text));
	assert_int_equal(strlen((const char *)smem + at), size - 1);
	assert_true(virt_smem_text(smem, VIRT_ADSP_CRASH_ITEM, "short"));
	assert_string_equal((const char *)smem + at, "short");
	assert_false(virt_smem_text(smem, 700, "nobody's"));
}

/* each word of the list is the host's to change; every single one with every bad value must end in "not found" or in bounds */
static void host_spoils_any_word_of_the_list(void **state)
{
	static const uint32_t bad[] = { 0,	    1,		4,	   0xa5a5,	  0x7fffffff, 0x80000000,
					0xfffffff0, 0xffffffff, PART_SIZE, PART_SIZE + 1, 0xffff0000, 0xfff80000 };
	uint8_t *smem = *state;
	uint32_t end = PART + get32(smem, PART_FREE);

	for (uint32_t at = PART; at < end; at += 4) {
		uint32_t good = get32(smem, at);

		for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			uint32_t offset = 0, size = 0;

			put32(smem, at, bad[i]);
			for (unsigned int item = 420; item < 610; item++)
				if (virt_smem_find(smem, item, &offset, &size))
					assert_true(offset % 8 == 0 && offset < VIRT_SMEM_SIZE &&
						    size <= VIRT_SMEM_SIZE - offset);
			/* and what writes stays inside: the sanitizer watches */
			virt_smem_text(smem, VIRT_ADSP_CRASH_ITEM, "text");
			virt_smp2p_raise(smem, VIRT_ADSP_SMP2P_IN, VIRT_SMP2P_FATAL);
			put32(smem, at, good);
		}
	}
}

static void items_too_small_are_none(void **state)
{
	uint8_t *smem = *state;

	host_adds_item(smem, VIRT_ADSP_SMP2P_OUT, 32);
	assert_int_equal(virt_smp2p_value(smem, VIRT_ADSP_SMP2P_OUT), 0);
	host_adds_item(smem, 800, 0);
	assert_false(virt_smem_text(smem, 800, "text"));
}

/* headers only, as many as fit: the search ends */
static void a_list_of_nothing_ends(void **state)
{
	uint8_t *smem = *state;
	uint32_t offset = 0, size = 0;

	for (uint32_t at = 32; at < PART_SIZE; at += 16) {
		put32(smem, PART + at, 0xa5a5);
		put32(smem, PART + at + 4, 0);
		put32(smem, PART + at + 8, 0);
	}
	put32(smem, PART_FREE, PART_SIZE);
	assert_false(virt_smem_find(smem, 423, &offset, &size));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(host_finds_a_global_partition, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(minidump_names_the_carve_outs, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(cores_have_values_of_their_own, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(smp2p_speaks_the_hosts_version, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(smp2p_bits_rise_and_rest, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(smp2p_ring_turns_its_bit, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(text_is_cut_and_ends, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(host_spoils_any_word_of_the_list, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(items_too_small_are_none, new_smem, free_smem),
		cmocka_unit_test_setup_teardown(a_list_of_nothing_ends, new_smem, free_smem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
