/* SPDX-License-Identifier: BSD-2-Clause */
/* The SMMU as a host programs it for adsp's stream, and the program that runs under it. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/vmsa.h>
#include <pilot/wire/smmuv3.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define STRTAB	    STREAM_PAGE /* linear: 64 bytes for each of 2^13 streams */
#define STRTAB_LOG2 13u
#define STRTAB_SIZE (UINT64_C(64) << STRTAB_LOG2)
#define CD	    (STREAM_PAGE + UINT64_C(0x100000))
#define TABLE	    (STREAM_PAGE + UINT64_C(0x110000))
#define TABLE_PAGES 64u

#define CD_T0SZ	 25u /* 39 bits: the table starts at level 1 */
#define CD_EPD1	 (1ull << 30)
#define CD_IPS44 (4ull << 32)
#define CD_NC	 0x44u /* memory attribute 0: normal, not cacheable */

/* no unprivileged access is a write-protected or non-executable one here: what the core may do, the secure world decides */
#define LEAF (PIL_VMSA_AP_EL0 | PIL_VMSA_SH_OUTER | PIL_VMSA_NG)

#define ORDER_US 5000000u

static struct pil_vmsa table;

bool stream_map(uint64_t from, uint64_t to, uint64_t size)
{
	return same("room in the stream's table", pil_vmsa_map(&table, from, to, size, LEAF, NULL), 0);
}

void stream_open(void)
{
	volatile uint64_t *ste = (volatile uint64_t *)(STRTAB + UINT64_C(64) * VIRT_ADSP_SID);
	volatile uint64_t *cd = (volatile uint64_t *)CD;

	memset((void *)STRTAB, 0, STRTAB_SIZE);
	memset((void *)CD, 0, PIL_SMMU_CD_SIZE);
	pil_vmsa_init(&table, (uint64_t(*)[512])TABLE, TABLE, TABLE_PAGES, 1);
	(void)stream_map(VIRT_ADSP_MEM, VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
	(void)stream_map(VIRT_SMEM, VIRT_SMEM, VIRT_SMEM_SIZE);
	(void)stream_map(VIRT_CTRL, VIRT_CTRL, VIRT_CTRL_SIZE);
	cd[1] = TABLE;
	cd[3] = CD_NC;
	cd[0] = CD_T0SZ | CD_EPD1 | PIL_SMMU_CD0_VALID | CD_IPS44 | PIL_SMMU_CD0_AA64;
	*(volatile uint64_t *)(STRTAB + UINT64_C(64) * STREAM_PCI) =
		(uint64_t)PIL_SMMU_CONFIG_BYPASS << 1 | PIL_SMMU_STE0_VALID;
	ste[1] = 0;
	ste[0] = CD | (uint64_t)PIL_SMMU_CONFIG_S1 << 1 | PIL_SMMU_STE0_VALID;
	fw_dsb();
	fw_write64(VIRT_SMMU + PIL_SMMU_STRTAB_BASE, STRTAB);
	fw_write32(VIRT_SMMU + PIL_SMMU_STRTAB_BASE_CFG, STRTAB_LOG2);
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, PIL_SMMU_CR0_SMMUEN);
	fw_dsb();
}

void stream_close(void)
{
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, 0);
	fw_dsb();
}

static volatile uint64_t *control(unsigned int offset)
{
	return (volatile uint64_t *)(VIRT_CTRL + (uint64_t)offset);
}

bool program_start(void)
{
	return place_image(PROGRAM) && same("AUTH_AND_RESET of the program", pas_auth(), 0) &&
	       same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true);
}

void program_tell(unsigned int order, uint64_t address)
{
	*control(PROGRAM_DONE) = 0; /* it does the same when it starts */
	*control(PROGRAM_ADDRESS) = address;
	fw_dsb();
	*control(PROGRAM_ORDER) = order;
	fw_dsb();
}

bool program_order(unsigned int order, uint64_t address, uint64_t *value)
{
	uint64_t start = time_us();

	if (value)
		*control(PROGRAM_VALUE) = *value;
	program_tell(order, address);
	while (!*control(PROGRAM_DONE))
		if (time_us() - start > ORDER_US)
			return false;
	if (value)
		*value = *control(PROGRAM_VALUE);
	return true;
}
