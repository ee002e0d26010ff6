/* SPDX-License-Identifier: BSD-2-Clause */
/* The core's DMA master leaves the bus while its stream has no owner. What it was at is begun anew when it has the bus again. */
#include <fw/sysreg.h>
#include <pilot/wire/smmuv3.h>
#include <virt/edu.h>
#include <virt/platform.h>

#include "shim.h"

static uint64_t cut_off; /* the command of a transfer that could not end; 0: none */

static uint64_t command(void)
{
	return fw_read64(VIRT_MASTER_REGS + VIRT_EDU_COMMAND);
}

static bool is_busy(void)
{
	return command() & VIRT_EDU_BUSY;
}

static bool is_there(void)
{
	return fw_read32(VIRT_MASTER_CONFIG + VIRT_PCI_ID) == VIRT_EDU_ID;
}

static void await_end(void)
{
	const uint64_t began = fw_time_us();

	while (is_busy() && fw_time_us() - began < VIRT_EDU_US)
		;
}

/* the host has other CPUs than the one that waits for us: one that switches the SMMU off meanwhile gets no gentleness */
static void await_end_while_guarded(void)
{
	const uint64_t began = fw_time_us();

	while (is_busy() && stage2_smmu().cr0 & PIL_SMMU_CR0_SMMUEN && fw_time_us() - began < VIRT_EDU_US)
		;
}

void master_hold(bool gently)
{
	if (!is_there())
		return;
	if (gently)
		await_end_while_guarded();
	/* before the bus is taken away: a transfer that ends in between is made twice, which does no harm, and is never lost */
	cut_off = is_busy() ? command() : 0;
	fw_write32(VIRT_MASTER_CONFIG + VIRT_PCI_COMMAND, VIRT_PCI_MEMORY);
	fw_dsb();
}

/* a transfer that was cut off runs to its end all the same, with nothing moved: only then it can begin anew */
void master_release(void)
{
	if (!is_there())
		return;
	await_end();
	fw_write32(VIRT_MASTER_CONFIG + VIRT_PCI_COMMAND, VIRT_PCI_MEMORY | VIRT_PCI_MASTER);
	fw_dsb();
	if (cut_off)
		fw_write64(VIRT_MASTER_REGS + VIRT_EDU_COMMAND, cut_off);
	cut_off = 0;
}
