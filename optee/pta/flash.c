// SPDX-License-Identifier: BSD-2-Clause
/* Secure flash 0: fuses, and the rollback counters, which are the same log as in the other arrangements (docs/SPEC.md section 5.3). */
#include <mm/core_memprot.h>
#include <mm/core_mmu.h>
#include <string.h>
#include <trace.h>

#include <fw/sysreg.h>
#include <pilot/counters.h>
#include <virt/platform.h>

#include "../../boards/virt/service/flash.h"
#include "pta.h"

#define SECTORS 2u
#define PAGE	0x1000u

register_phys_mem(MEM_AREA_IO_SEC, VIRT_TEE_FLASH_FUSES, PAGE);
register_phys_mem(MEM_AREA_IO_SEC, VIRT_TEE_FLASH_COUNTERS, SECTORS *VIRT_FLASH_SECTOR);

static struct pil_counters counters;
static struct pil_counter_store store;

TEE_Result flash_fuses(struct pil_fuses_all *fuses)
{
	const uint8_t *from = phys_to_virt(VIRT_TEE_FLASH_FUSES, MEM_AREA_IO_SEC, sizeof(*fuses));

	if (!from)
		return TEE_ERROR_GENERIC;
	for (size_t at = 0; at < sizeof(*fuses); at += sizeof(uint32_t)) {
		const uint32_t word = fw_read32((uint64_t)(uintptr_t)from + at);

		memcpy((uint8_t *)fuses + at, &word, sizeof(word));
	}
	return TEE_SUCCESS;
}

static TEE_Result failed(const struct pil_why *why)
{
	char sentence[128] = "";

	pil_why_text(why, sentence, sizeof(sentence));
	EMSG("rollback counters: %s", sentence);
	return TEE_ERROR_STORAGE_NOT_AVAILABLE;
}

static bool open_counters(struct pil_why *why)
{
	void *base = phys_to_virt(VIRT_TEE_FLASH_COUNTERS, MEM_AREA_IO_SEC, SECTORS * VIRT_FLASH_SECTOR);

	if (counters.open)
		return true;
	if (!base)
		return false;
	virt_flash_store(&store, base);
	return pil_counters_open(&counters, &store, why) == 0;
}

TEE_Result flash_counter_read(uint32_t sw_id, uint32_t *version)
{
	struct pil_why why = { 0 };

	if (!open_counters(&why) || pil_counters_read(&counters, sw_id, version, &why))
		return failed(&why);
	return TEE_SUCCESS;
}

TEE_Result flash_counter_advance(uint32_t sw_id, uint32_t version)
{
	struct pil_why why = { 0 };

	if (!open_counters(&why) || pil_counters_advance(&counters, sw_id, version, &why))
		return failed(&why);
	return TEE_SUCCESS;
}
