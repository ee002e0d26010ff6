/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The adsp's DMA master. The remote program has its registers; its configuration space, and with it the bit that lets it have the
 * bus, is the firmware's: without that bit the bytes of a transfer go nowhere.
 */
#include <fw/sysreg.h>
#include <pilot/wire/smmuv3.h>
#include <virt/edu.h>
#include <virt/platform.h>

#include "master.h"
#include "service.h"

/* configuration space of a bridge (PCI-to-PCI Bridge 1.2, 3.2) */
#define PCI_BUSES     0x18u
#define PCI_WINDOW    0x20u
#define PCI_PREFETCH  0x24u
#define PCI_NO_WINDOW 0x0000fff0u /* ends before it starts */

#define UPDATE_US 1000u

#define BUS   ((uint32_t)VIRT_MASTER_BUS)
#define BUSES ((BUS + 1u) << 16 | (BUS + 1u) << 8 | BUS)
/* of 1 MiB, in units of 64 KiB, from bit 4 on; twice the same: the window ends in the megabyte in which it starts */
#define WINDOW ((uint32_t)VIRT_MASTER_REGS >> 16)

/* what PAS_MASTER_START and PAS_MASTER_STOP say */
#define GONE 1u
#define BUSY 2u

static bool is_there;

/* all of it, each time: the host can reach these registers, too, and what it left there must not count */
static void set_up(uint32_t mastering)
{
	fw_write32(VIRT_MASTER_PORT + PCI_BUSES, BUSES);
	fw_write32(VIRT_MASTER_PORT + PCI_WINDOW, WINDOW << 16 | WINDOW);
	fw_write32(VIRT_MASTER_PORT + PCI_PREFETCH, PCI_NO_WINDOW);
	fw_write32(VIRT_MASTER_PORT + VIRT_PCI_COMMAND, VIRT_PCI_MEMORY | mastering);
	fw_write32(VIRT_MASTER_CONFIG + VIRT_PCI_COMMAND, VIRT_PCI_MEMORY | mastering);
	fw_write32(VIRT_MASTER_CONFIG + VIRT_PCI_BAR0, VIRT_MASTER_REGS);
	fw_dsb();
}

static bool answers(void)
{
	return fw_read32(VIRT_MASTER_CONFIG + VIRT_PCI_ID) == VIRT_EDU_ID;
}

static bool is_busy(void)
{
	return fw_read32(VIRT_MASTER_REGS + VIRT_EDU_COMMAND) & VIRT_EDU_BUSY;
}

/* off the bus, and through with what it was at: a transfer that is only held up would go on when it may master again */
static uint32_t quiesce(void)
{
	uint64_t began = fw_time_us();

	set_up(0);
	if (!answers())
		return GONE;
	if (!is_busy())
		return 0;
	service_log("service: the DMA master of adsp was stopped in the middle of a transfer");
	while (is_busy())
		if (fw_time_us() - began > VIRT_EDU_US)
			return BUSY;
	return 0;
}

/*
 * SMMUv3 6.3.14: what a host that switches its SMMU off leaves under way must end there, not in memory. It is written once: the
 * register is the host's, and older QEMU has none
 */
static void let_smmu_abort_when_off(void)
{
	uint64_t began = fw_time_us();

	if (fw_read32(VIRT_SMMU + PIL_SMMU_GBPA) & PIL_SMMU_GBPA_ABORT)
		return;
	fw_write32(VIRT_SMMU + PIL_SMMU_GBPA, PIL_SMMU_GBPA_ABORT | PIL_SMMU_GBPA_UPDATE);
	while (fw_read32(VIRT_SMMU + PIL_SMMU_GBPA) & PIL_SMMU_GBPA_UPDATE)
		if (fw_time_us() - began > UPDATE_US)
			return;
}

void virt_master_find(void)
{
	set_up(0);
	is_there = answers();
	if (!is_there)
		service_log("service: this machine lacks the DMA master of adsp");
}

int virt_master_start(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why)
{
	uint32_t trouble = is_there ? quiesce() : 0;

	(void)b;
	if (trouble)
		return pil_fail(why, PIL_R_PAS_MASTER_START, stream->sid, trouble);
	if (!is_there)
		return 0;
	let_smmu_abort_when_off();
	set_up(VIRT_PCI_MASTER);
	return 0;
}

int virt_master_stop(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why)
{
	uint32_t trouble = is_there ? quiesce() : 0;

	(void)b;
	return trouble ? pil_fail(why, PIL_R_PAS_MASTER_STOP, stream->sid, trouble) : 0;
}
