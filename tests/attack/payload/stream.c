/* SPDX-License-Identifier: BSD-2-Clause */
/* The SMMU as a host programs it for the streams of all cores, and the programs that run under it. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/vmsa.h>
#include <pilot/wire/smmuv3.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define STRTAB	    STREAM_PAGE /* linear: 64 bytes for each of 2^14 streams */
#define STRTAB_LOG2 14u
#define STRTAB_SIZE (UINT64_C(64) << STRTAB_LOG2)
#define CD	    (STREAM_PAGE + UINT64_C(0x100000)) /* a page for each core */
#define TABLE	    (STREAM_PAGE + UINT64_C(0x110000))
#define TABLE_PAGES 64u

#define CD_T0SZ	 25u /* 39 bits: the table starts at level 1 */
#define CD_EPD1	 (1ull << 30)
#define CD_IPS44 (4ull << 32)
#define CD_NC	 0x44u /* memory attribute 0: normal, not cacheable */

/* no unprivileged access is a write-protected or non-executable one here: what the core may do, the secure world decides */
#define LEAF (PIL_VMSA_AP_EL0 | PIL_VMSA_SH_OUTER | PIL_VMSA_NG)

#define ORDER_US 15000000u

#define GICD_ISPENDR 0x0200u
#define GICD_ICPENDR 0x0280u

_Static_assert(VIRT_SPI_CDSP_SMP2P == VIRT_SPI_ADSP_SMP2P + VIRT_CORE_CDSP &&
		       VIRT_SPI_VIDEO_SMP2P == VIRT_SPI_ADSP_SMP2P + VIRT_CORE_VIDEO,
	       "interrupts in the order of the cores");

const struct remote remote_adsp = {
	.kind = { PROGRAM, VIRT_ADSP_PAS_ID },
	.core = VIRT_CORE_ADSP,
	.sid = VIRT_ADSP_SID,
	.mem = VIRT_ADSP_MEM,
	.size = VIRT_ADSP_SIZE,
};
const struct remote remote_lite = {
	.kind = { "program-lite", VIRT_ADSP_LITE_PAS_ID },
	.core = VIRT_CORE_ADSP,
	.sid = VIRT_ADSP_SID,
	.mem = VIRT_ADSP_MEM,
	.size = VIRT_ADSP_SIZE,
};
const struct remote remote_cdsp = {
	.kind = { "program-cdsp", VIRT_CDSP_PAS_ID },
	.core = VIRT_CORE_CDSP,
	.sid = VIRT_CDSP_SID,
	.mem = VIRT_CDSP_MEM,
	.size = VIRT_CDSP_SIZE,
};
const struct remote remote_video = {
	.kind = { "program-video", VIRT_VIDEO_PAS_ID },
	.core = VIRT_CORE_VIDEO,
	.sid = VIRT_VIDEO_SID,
	.mem = VIRT_VIDEO_MEM,
	.size = VIRT_VIDEO_SIZE,
};

static struct pil_vmsa tables[VIRT_CORES];

volatile uint64_t *remote_control(const struct remote *r, unsigned int offset)
{
	return (volatile uint64_t *)(VIRT_CTRL + r->core * (uint64_t)VIRT_CTRL_SIZE + offset);
}

uint64_t remote_context(const struct remote *r)
{
	return CD + r->core * UINT64_C(0x1000);
}

volatile uint64_t *remote_stream(const struct remote *r)
{
	return (volatile uint64_t *)(STRTAB + UINT64_C(64) * r->sid);
}

bool remote_map(const struct remote *r, uint64_t from, uint64_t to, uint64_t size)
{
	return same("room in the stream's table", pil_vmsa_map(&tables[r->core], from, to, size, LEAF, NULL), 0);
}

bool stream_map(uint64_t from, uint64_t to, uint64_t size)
{
	return remote_map(&remote_adsp, from, to, size);
}

static void open_remote(const struct remote *r)
{
	uint64_t at = TABLE + r->core * (UINT64_C(4096) * TABLE_PAGES);
	uint64_t control = VIRT_CTRL + r->core * (uint64_t)VIRT_CTRL_SIZE;
	volatile uint64_t *cd = (volatile uint64_t *)remote_context(r);

	memset((void *)remote_context(r), 0, PIL_SMMU_CD_SIZE);
	pil_vmsa_init(&tables[r->core], (uint64_t(*)[512])at, at, TABLE_PAGES, 1);
	(void)remote_map(r, r->mem, r->mem, r->size);
	(void)remote_map(r, VIRT_SMEM, VIRT_SMEM, VIRT_SMEM_SIZE);
	(void)remote_map(r, control, control, VIRT_CTRL_SIZE);
	cd[1] = at;
	cd[3] = CD_NC;
	cd[0] = CD_T0SZ | CD_EPD1 | PIL_SMMU_CD0_VALID | CD_IPS44 | PIL_SMMU_CD0_AA64;
	remote_stream(r)[1] = 0;
	remote_stream(r)[0] = remote_context(r) | (uint64_t)PIL_SMMU_CONFIG_S1 << 1 | PIL_SMMU_STE0_VALID;
}

/* a hypervisor's host has no SMMU: what streams lead to is the hypervisor's to say */
void stream_open(void)
{
	if (is_guest())
		return;
	memset((void *)STRTAB, 0, STRTAB_SIZE);
	open_remote(&remote_adsp);
	open_remote(&remote_cdsp);
	open_remote(&remote_video);
	*(volatile uint64_t *)(STRTAB + UINT64_C(64) * STREAM_PCI) =
		(uint64_t)PIL_SMMU_CONFIG_BYPASS << 1 | PIL_SMMU_STE0_VALID;
	fw_dsb();
	fw_write64(VIRT_SMMU + PIL_SMMU_STRTAB_BASE, STRTAB);
	fw_write32(VIRT_SMMU + PIL_SMMU_STRTAB_BASE_CFG, STRTAB_LOG2);
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, PIL_SMMU_CR0_SMMUEN);
	fw_dsb();
}

void stream_close(void)
{
	if (is_guest())
		return;
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, 0);
	fw_dsb();
}

bool remote_start(const struct remote *r)
{
	return same("the program loads", kind_load(&r->kind, r->kind.image, 0), 0) &&
	       same("AUTH_AND_RESET of the program", kind_auth(&r->kind), 0) &&
	       same("the program obeys", remote_order(r, PROGRAM_SAY, 0, NULL), true);
}

/* a core tells the host of a crash by the interrupt of its smp2p value, as it does of "ready" */
static uint32_t crash_interrupt(const struct remote *r)
{
	return 32u + VIRT_SPI_ADSP_SMP2P + r->core;
}

void remote_listen(const struct remote *r)
{
	uint32_t id = crash_interrupt(r);

	fw_write32(VIRT_GICD + GICD_ICPENDR + id / 32 * 4, 1u << id % 32);
}

void remote_wait_crash(const struct remote *r)
{
	uint32_t id = crash_interrupt(r);
	uint64_t start = time_us();

	while (!(fw_read32(VIRT_GICD + GICD_ISPENDR + id / 32 * 4) & 1u << id % 32) && time_us() - start < ORDER_US)
		;
}

void remote_tell(const struct remote *r, unsigned int order, uint64_t address)
{
	remote_listen(r);
	*remote_control(r, PROGRAM_DONE) = 0; /* it does the same when it starts */
	*remote_control(r, PROGRAM_ADDRESS) = address;
	fw_dsb();
	*remote_control(r, PROGRAM_ORDER) = order;
	fw_dsb();
}

bool remote_order(const struct remote *r, unsigned int order, uint64_t address, uint64_t *value)
{
	uint64_t start = time_us();

	if (value)
		*remote_control(r, PROGRAM_VALUE) = *value;
	remote_tell(r, order, address);
	while (!*remote_control(r, PROGRAM_DONE))
		if (time_us() - start > ORDER_US)
			return false;
	if (value)
		*value = *remote_control(r, PROGRAM_VALUE);
	return true;
}

bool program_start(void)
{
	return remote_start(&remote_adsp);
}

void program_tell(unsigned int order, uint64_t address)
{
	remote_tell(&remote_adsp, order, address);
}

bool program_order(unsigned int order, uint64_t address, uint64_t *value)
{
	return remote_order(&remote_adsp, order, address, value);
}
