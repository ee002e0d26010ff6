/* SPDX-License-Identifier: BSD-2-Clause */
/* Pointers that lead where no call may go: every argument that is an address, into everything that is not the host's memory. */
#include <string.h>

#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "attack.h"

#define PAGE	 SCRATCH
#define TABLE	 (SCRATCH + 0x1000)
#define OUT	 (SCRATCH + 0x2000)
#define OUT_SIZE UINT64_C(0x1000)
#define RAM_END	 (VIRT_RAM + UINT64_C(0x80000000))

#define FLASH1	   UINT64_C(0x04000000)
#define PCI_WINDOW UINT64_C(0x10000000)
#define FW_CFG	   UINT64_C(0x09020000)
#define RTC	   UINT64_C(0x09010000)

/** struct targets - addresses of one kind */
struct targets {
	const uint64_t *at;
	size_t count;
};

#define TARGETS(name, ...)                                                                                             \
	static const uint64_t name##_at[] = { __VA_ARGS__ };                                                           \
	static const struct targets name = { name##_at, sizeof(name##_at) / sizeof(name##_at[0]) };

TARGETS(secure_ram, VIRT_MONITOR_RAM, VIRT_MONITOR_RAM + VIRT_MONITOR_SIZE - 8u, VIRT_SERVICE_RAM,
	VIRT_SERVICE_RAM + VIRT_SERVICE_SIZE - 8u, VIRT_SRAM - 8u, VIRT_SRAM + 0x200000u, VIRT_SRAM + 0x280000u,
	VIRT_SRAM + 0x800000u, VIRT_SRAM + VIRT_SRAM_SIZE - 8u)
TARGETS(flash, 0, VIRT_FLASH_SERVICE, VIRT_FLASH_SHIM, VIRT_FLASH_FUSES, VIRT_FLASH_SIZE - 8u, VIRT_FLASH_SIZE,
	FLASH1 - 8u, FLASH1)
TARGETS(devices, VIRT_GICD, VIRT_GICR, VIRT_UART, VIRT_UART_SECURE, VIRT_SMMU, RTC, VIRT_GPIO_SECURE, FW_CFG,
	PCI_WINDOW)
TARGETS(reserved, VIRT_ADSP_MEM, VIRT_ADSP_MEM - 8u, VIRT_ADSP_MEM + VIRT_ADSP_SIZE / 2,
	VIRT_ADSP_MEM + VIRT_ADSP_SIZE - 8u, VIRT_SHIM, VIRT_SHIM - 8u, VIRT_SHIM + VIRT_SHIM_SIZE - 8u)
TARGETS(wrapping, UINT64_MAX - 7u, UINT64_MAX - 0xfff, UINT64_C(0) - 0x10000, UINT64_C(1) << 63,
	UINT64_C(0xffff000000000000) | VIRT_KERNEL, UINT64_C(0x8000000000000000) | VIRT_KERNEL,
	UINT64_C(0x0000000100000000) | VIRT_SERVICE_RAM)
TARGETS(nowhere, VIRT_RAM - 8u, RAM_END - 8u, RAM_END, RAM_END + 0x100000u, UINT64_C(1) << 39, UINT64_C(1) << 40,
	(UINT64_C(1) << 48) - 8u, UINT64_C(1) << 52)

/* Return: each of @where was refused with EADDR */
static bool all_refused(int64_t (*call)(uint64_t), const struct targets *where)
{
	bool good = true;
	size_t i = 0;

	for (i = 0; i < where->count; i++) {
		int64_t status = call(where->at[i]);

		if (same("status", status, PIL_SCM_EADDR))
			continue;
		good = false;
		print("# of address ");
		print_hex(where->at[i]);
		print("\n");
	}
	return good;
}

static int64_t get_table(uint64_t page, uint64_t in, uint64_t in_size, uint64_t out, uint64_t out_size)
{
	struct scm_call c = { 0 };

	table_page(PAGE, out, out_size);
	memset((void *)TABLE, 0, 0x1000);
	prepare_table(&c, page, in, in_size);
	return scm_complete(&c);
}

static int64_t page_at(uint64_t address)
{
	return get_table(address, TABLE, 16, OUT, OUT_SIZE);
}

static int64_t table_at(uint64_t address)
{
	return get_table(PAGE, address, 16, OUT, OUT_SIZE);
}

static int64_t answer_at(uint64_t address)
{
	return get_table(PAGE, TABLE, 16, address, OUT_SIZE);
}

static int64_t place_at(uint64_t address)
{
	return pas_mem_setup(address, archive_find(SMALL)->span);
}

static bool no_image_there(const struct targets *where)
{
	return same("INIT_IMAGE", pas_init_image(archive_metadata(archive_find(SMALL), 0)), 0) &&
	       all_refused(place_at, where);
}

#define FUNCTIONS(name)                                                                                                \
	static bool metadata_in_##name(void)                                                                           \
	{                                                                                                              \
		return all_refused(pas_init_image, &name);                                                             \
	}                                                                                                              \
	static bool arguments_in_##name(void)                                                                          \
	{                                                                                                              \
		return all_refused(page_at, &name);                                                                    \
	}                                                                                                              \
	static bool table_in_##name(void)                                                                              \
	{                                                                                                              \
		return all_refused(table_at, &name);                                                                   \
	}                                                                                                              \
	static bool answer_in_##name(void)                                                                             \
	{                                                                                                              \
		return all_refused(answer_at, &name);                                                                  \
	}

FUNCTIONS(secure_ram)
FUNCTIONS(flash)
FUNCTIONS(devices)
FUNCTIONS(reserved)
FUNCTIONS(wrapping)
FUNCTIONS(nowhere)

static bool image_in_secure_ram(void)
{
	return no_image_there(&secure_ram);
}

static bool image_in_flash_and_devices(void)
{
	return no_image_there(&flash) && no_image_there(&devices);
}

static bool image_at_the_end_of_everything(void)
{
	return no_image_there(&wrapping) && no_image_there(&nowhere);
}

/* nobody promises the secure world that a host aligns anything; what must be aligned is refused */
static bool unaligned(void)
{
	uint64_t at = archive_metadata(archive_find(SMALL), 0);

	memmove((void *)(at + 3), (void *)at, ARCHIVE_METADATA - 3);
	return same("metadata", pas_init_image(at + 3), 0) && same("argument page", page_at(PAGE + 1), PIL_SCM_EADDR) &&
	       same("table and answer", get_table(PAGE, TABLE + 1, 16, OUT + 3, OUT_SIZE), 0);
}

static bool same_place_for_all(void)
{
	struct scm_call c = { 0 };

	memset((void *)PAGE, 0, 0x1000);
	table_page(PAGE, PAGE, 0x1000);
	prepare_table(&c, PAGE, PAGE + 0x100, 16);
	return same("GET_RSCTABLE", scm_complete(&c), 0);
}

#define REFUSED(what) what " is refused with EADDR, and the secure world neither reads nor writes there"
#define ATTACKS(name)                                                                                                  \
	{ "metadata_in_" #name, REFUSED("metadata"), metadata_in_##name, 0 },                                          \
		{ "argument_page_in_" #name, REFUSED("the argument page"), arguments_in_##name, HOST_CALLS },          \
		{ "resource_table_in_" #name, REFUSED("the host's resource table"), table_in_##name, HOST_CALLS },     \
	{                                                                                                              \
		"answer_buffer_in_" #name, REFUSED("the buffer for the resource table"), answer_in_##name, HOST_CALLS  \
	}

const struct attack pointer_attacks[] = {
	ATTACKS(secure_ram),
	ATTACKS(flash),
	ATTACKS(devices),
	ATTACKS(reserved),
	ATTACKS(wrapping),
	ATTACKS(nowhere),
	{ "image_placed_in_secure_ram", "MEM_SETUP is refused: only its own carve-out holds an image",
	  image_in_secure_ram, 0 },
	{ "image_placed_in_flash_and_devices", "MEM_SETUP is refused: only its own carve-out holds an image",
	  image_in_flash_and_devices, 0 },
	{ "image_placed_where_nothing_is", "MEM_SETUP is refused, and no sum of address and size wraps",
	  image_at_the_end_of_everything, 0 },
	{ "unaligned_buffers", "metadata and tables are read at any address; a page of arguments must be aligned",
	  unaligned, HOST_CALLS },
	{ "one_page_for_arguments_table_and_answer", "the arguments are read before the answer overwrites them",
	  same_place_for_all, HOST_CALLS },
	{ NULL, NULL, NULL, 0 },
};
