/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secure flash 0 of QEMU's virt: two 16-bit chips side by side with the Intel command set (JEDEC JEP137B, CFI vendor 1), each
 * command given to both at once. While a command is under way every read of the flash, by anybody, gives the status.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <virt/platform.h>

#include "flash.h"

#define BOTH(command)	((uint32_t)(command) << 16 | (command))
#define CMD_READ_ARRAY	BOTH(0xffu)
#define CMD_CLEAR	BOTH(0x50u)
#define CMD_PROGRAM	BOTH(0x40u)
#define CMD_ERASE	BOTH(0x20u)
#define CMD_CONFIRM	BOTH(0xd0u)
#define STATUS_READY	BOTH(0x80u)
#define STATUS_ERRORS	BOTH(0x3au) /* erase, program, voltage, protection */
#define LIMIT_US	2000000u    /* far more than an erase takes */
#define WORD		4u

static uint64_t address_of(const void *ctx, unsigned int sector, uint32_t offset)
{
	return (uint64_t)(uintptr_t)ctx + (uint64_t)sector * VIRT_FLASH_SECTOR + offset;
}

/* wait for the end of a command; the flash reads as memory again afterwards */
static int finish(uint64_t address)
{
	uint64_t start = fw_time_us();
	uint32_t status = 0;

	do {
		status = fw_read32(address);
	} while ((status & STATUS_READY) != STATUS_READY && fw_time_us() - start < LIMIT_US);
	fw_write32(address, CMD_CLEAR);
	fw_write32(address, CMD_READ_ARRAY);
	fw_dsb();
	return (status & STATUS_READY) != STATUS_READY || status & STATUS_ERRORS ? -1 : 0;
}

static int flash_read(void *ctx, unsigned int sector, uint32_t offset, void *data, uint32_t size)
{
	uint32_t at = 0;

	for (at = 0; at < size; at += WORD) {
		const uint32_t word = fw_read32(address_of(ctx, sector, offset + at));

		memcpy((uint8_t *)data + at, &word, sizeof(word));
	}
	return 0;
}

static int flash_program(void *ctx, unsigned int sector, uint32_t offset, const void *data, uint32_t size)
{
	uint32_t at = 0;
	int err = 0;

	for (at = 0; !err && at < size; at += WORD) {
		const uint64_t address = address_of(ctx, sector, offset + at);
		uint32_t word = 0;

		memcpy(&word, (const uint8_t *)data + at, sizeof(word));
		fw_write32(address, CMD_PROGRAM);
		fw_write32(address, word);
		err = finish(address);
	}
	return err;
}

static int flash_erase(void *ctx, unsigned int sector)
{
	const uint64_t address = address_of(ctx, sector, 0);

	fw_write32(address, CMD_ERASE);
	fw_write32(address, CMD_CONFIRM);
	return finish(address);
}

void virt_flash_store(struct pil_counter_store *store, void *base)
{
	*store = (struct pil_counter_store){
		.ctx = base,
		.sector_size = VIRT_FLASH_SECTOR,
		.read = flash_read,
		.program = flash_program,
		.erase = flash_erase,
	};
}
