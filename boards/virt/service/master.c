/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's PCI device "edu" (docs/specs/edu.rst) behind a port on a bus of the firmware's own. The remote program has its registers; its
 * configuration space, and with it the bit that lets it master the bus, is the firmware's. A transfer takes the device 100 ms, and
 * only at its end the bytes move: without that bit they go nowhere.
 */
#include <fw/sysreg.h>
#include <virt/platform.h>

#include "master.h"
#include "service.h"

/* configuration space of a function (PCI Local Bus 3.0, 6.2), and of a bridge (PCI-to-PCI Bridge 1.2, 3.2) */
#define PCI_ID	      0x00u
#define PCI_COMMAND   0x04u
#define PCI_MEMORY    0x2u
#define PCI_MASTER    0x4u
#define PCI_BAR0      0x10u
#define PCI_BUSES     0x18u
#define PCI_WINDOW    0x20u
#define PCI_PREFETCH  0x24u
#define PCI_NO_WINDOW 0x0000fff0u /* ends before it starts */

#define EDU_ID	    0x11e81234u
#define EDU_COMMAND 0x98u
#define EDU_BUSY    1u
#define EDU_US	    5000000u /* fifty times as long as a transfer takes */

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
	fw_write32(VIRT_MASTER_PORT + PCI_COMMAND, PCI_MEMORY | mastering);
	fw_write32(VIRT_MASTER_CONFIG + PCI_COMMAND, PCI_MEMORY | mastering);
	fw_write32(VIRT_MASTER_CONFIG + PCI_BAR0, VIRT_MASTER_REGS);
	fw_dsb();
}

static bool answers(void)
{
	return fw_read32(VIRT_MASTER_CONFIG + PCI_ID) == EDU_ID;
}

static bool is_busy(void)
{
	return fw_read32(VIRT_MASTER_REGS + EDU_COMMAND) & EDU_BUSY;
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
		if (fw_time_us() - began > EDU_US)
			return BUSY;
	return 0;
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
	if (is_there)
		set_up(PCI_MASTER);
	return 0;
}

int virt_master_stop(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why)
{
	uint32_t trouble = is_there ? quiesce() : 0;

	(void)b;
	return trouble ? pil_fail(why, PIL_R_PAS_MASTER_STOP, stream->sid, trouble) : 0;
}
