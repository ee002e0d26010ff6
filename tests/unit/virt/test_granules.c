/* SPDX-License-Identifier: BSD-2-Clause */
/* The board's list of protected memory: what its table says of every place that matters, and that no carve-out was forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <virt/desc.h>
#include <virt/platform.h>

#include "granules.h"

struct board_table {
	uint64_t l0[PIL_GPT_L0_WORDS];
	uint64_t l1[MON_GRANULE_TABLES][PIL_GPT_L1_WORDS];
	struct pil_gpt gpt;
};

static struct board_table table;

/* as the monitor does it, with as many tables as it has */
static int build(void **state)
{
	(void)state;
	pil_gpt_init(&table.gpt, table.l0, table.l1, 0x10000, MON_GRANULE_TABLES);
	for (unsigned int i = 0; i < VIRT_GRANULES; i++)
		if (pil_gpt_set(&table.gpt, virt_granules[i].base, virt_granules[i].size, virt_granules[i].gpi, NULL))
			return -1;
	return 0;
}

static void assert_all(uint64_t base, uint64_t size, enum pil_gpi gpi)
{
	for (uint64_t at = base & ~(PIL_GPT_GRANULE - 1); at < base + size; at += PIL_GPT_GRANULE)
		if (pil_gpt_get(&table.gpt, at) != gpi)
			fail_msg("0x%lx: %x instead of %x", (unsigned long)at, pil_gpt_get(&table.gpt, at), gpi);
}

static void what_is_the_monitors_is_root(void **state)
{
	(void)state;
	assert_all(VIRT_FLASH, VIRT_FLASH_SIZE, PIL_GPI_ROOT);
	assert_all(VIRT_MONITOR_RAM, VIRT_MONITOR_SIZE, PIL_GPI_ROOT);
	assert_all(VIRT_SHIM_MASTER, VIRT_FLASH_SHIM_SIZE, PIL_GPI_ROOT);
	assert_all(VIRT_UART_SECURE, 1, PIL_GPI_ROOT);
	assert_all(VIRT_GPIO_SECURE, 1, PIL_GPI_ROOT);
}

static void what_the_service_and_the_cores_have_is_secure(void **state)
{
	(void)state;
	assert_all(VIRT_SERVICE_RAM, VIRT_SERVICE_SIZE, PIL_GPI_SECURE);
	assert_all(VIRT_SHIM_SECURE, (uint64_t)VIRT_CORES * VIRT_SHIM_STRIDE, PIL_GPI_SECURE);
	assert_all(VIRT_COPIES, VIRT_COPIES_SIZE, PIL_GPI_SECURE);
	assert_all(VIRT_FLASH_COUNTERS, 2u * VIRT_FLASH_SECTOR, PIL_GPI_SECURE);
}

static void no_part_of_secure_ram_and_flash_is_forgotten(void **state)
{
	(void)state;
	for (uint64_t at = VIRT_SRAM; at < VIRT_SRAM + VIRT_SRAM_SIZE; at += PIL_GPT_GRANULE)
		assert_true(pil_gpt_get(&table.gpt, at) != PIL_GPI_ANYBODY);
	for (uint64_t at = VIRT_FLASH; at < VIRT_FLASH + VIRT_FLASH_FILE; at += PIL_GPT_GRANULE)
		assert_true(pil_gpt_get(&table.gpt, at) != PIL_GPI_ANYBODY);
}

/* the host's devices and RAM, and all that it shares with remote cores */
static void what_is_the_hosts_is_everybodys(void **state)
{
	(void)state;
	assert_all(VIRT_FLASH + VIRT_FLASH_FILE, VIRT_GICD - VIRT_FLASH_FILE, PIL_GPI_ANYBODY);
	assert_all(VIRT_GICD, VIRT_UART_SECURE - VIRT_GICD, PIL_GPI_ANYBODY);
	assert_all(VIRT_SMMU, 0x20000, PIL_GPI_ANYBODY);
	assert_all(VIRT_SRAM + VIRT_SRAM_SIZE, PIL_GPT_ADDRESSES - VIRT_SRAM - VIRT_SRAM_SIZE, PIL_GPI_ANYBODY);
}

static const struct plat_granules *carveout(struct pil_range r)
{
	for (unsigned int i = 0; i < VIRT_GRANULES; i++)
		if (virt_granules[i].locks && virt_granules[i].base == r.base && virt_granules[i].size == r.size)
			return &virt_granules[i];
	return NULL;
}

static void every_carve_out_can_be_locked_and_nothing_else(void **state)
{
	unsigned int lockable = 0, used = 0;

	(void)state;
	for (unsigned int i = 0; i < VIRT_GRANULES; i++)
		lockable += virt_granules[i].locks;
	for (unsigned int i = 0; i < virt_desc.peripheral_count; i++) {
		const struct pil_range r = virt_desc.peripherals[i].carveout;
		bool again = false;

		assert_non_null(carveout(r));
		assert_int_equal(carveout(r)->gpi, PIL_GPI_ANYBODY);
		for (unsigned int j = 0; j < i; j++)
			again = again || virt_desc.peripherals[j].carveout.base == r.base;
		used += !again;
	}
	assert_int_equal(lockable, used);
}

static void locking_one_leaves_the_others_open(void **state)
{
	(void)state;
	assert_int_equal(pil_gpt_set(&table.gpt, VIRT_CDSP_MEM, VIRT_CDSP_SIZE, PIL_GPI_SECURE, NULL), 0);
	assert_all(VIRT_CDSP_MEM, VIRT_CDSP_SIZE, PIL_GPI_SECURE);
	assert_all(VIRT_ADSP_MEM, VIRT_CDSP_MEM - VIRT_ADSP_MEM, PIL_GPI_ANYBODY);
	assert_all(VIRT_CDSP_MEM + VIRT_CDSP_SIZE, VIRT_SHIM - VIRT_CDSP_MEM - VIRT_CDSP_SIZE, PIL_GPI_ANYBODY);
}

static void ranges_do_not_overlap(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < VIRT_GRANULES; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_true(virt_granules[i].base >= virt_granules[j].base + virt_granules[j].size ||
				    virt_granules[j].base >= virt_granules[i].base + virt_granules[i].size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_the_monitors_is_root, build),
		cmocka_unit_test_setup(what_the_service_and_the_cores_have_is_secure, build),
		cmocka_unit_test_setup(no_part_of_secure_ram_and_flash_is_forgotten, build),
		cmocka_unit_test_setup(what_is_the_hosts_is_everybodys, build),
		cmocka_unit_test_setup(every_carve_out_can_be_locked_and_nothing_else, build),
		cmocka_unit_test_setup(locking_one_leaves_the_others_open, build),
		cmocka_unit_test_setup(ranges_do_not_overlap, build),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
