/* SPDX-License-Identifier: BSD-2-Clause */
/* Flash for the rollback counters, with a power supply that ends after any step. */
#include <string.h>

#include "model.h"

#define ERASE_STEPS 4u

/* one step's worth of power; false: there is none */
static bool step(struct model_flash *flash)
{
	if (flash->limited && !flash->left)
		return false;
	flash->left -= flash->limited;
	flash->steps++;
	return true;
}

static int read(void *ctx, unsigned int sector, uint32_t offset, void *data, uint32_t size)
{
	struct model_flash *flash = ctx;

	if ((flash->limited && !flash->left) || offset > MODEL_SECTOR || size > MODEL_SECTOR - offset)
		return -1;
	memcpy(data, flash->bytes[sector] + offset, size);
	return 0;
}

/* programming clears bits: the power can go with half of a byte's bits cleared */
static int program(void *ctx, unsigned int sector, uint32_t offset, const void *data, uint32_t size)
{
	struct model_flash *flash = ctx;

	if (offset > MODEL_SECTOR || size > MODEL_SECTOR - offset)
		return -1;
	for (uint32_t i = 0; i < size; i++) {
		uint8_t *byte = &flash->bytes[sector][offset + i];
		const uint8_t value = ((const uint8_t *)data)[i];

		if (*byte != 0xff)
			flash->violation = "a byte was programmed that was not erased";
		if (!step(flash))
			return -1;
		*byte &= value | 0xf0;
		if (!step(flash))
			return -1;
		*byte &= value;
	}
	return 0;
}

static int erase(void *ctx, unsigned int sector)
{
	struct model_flash *flash = ctx;

	for (unsigned int i = 0; i < ERASE_STEPS; i++) {
		const size_t from = MODEL_SECTOR * i / ERASE_STEPS;

		if (!step(flash))
			return -1;
		memset(flash->bytes[sector] + from, 0xff, MODEL_SECTOR * (i + 1) / ERASE_STEPS - from);
	}
	return 0;
}

void model_flash_init(struct model_flash *flash)
{
	*flash = (struct model_flash){
		.store = {
			.ctx = flash,
			.sector_size = MODEL_SECTOR,
			.read = read,
			.program = program,
			.erase = erase,
		},
	};
	memset(flash->bytes, 0xff, sizeof(flash->bytes));
}

void model_flash_power(struct model_flash *flash, unsigned long steps)
{
	flash->limited = true;
	flash->left = steps;
}

void model_flash_restore(struct model_flash *flash)
{
	flash->limited = false;
	flash->left = 0;
}
