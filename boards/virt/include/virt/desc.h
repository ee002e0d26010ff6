/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt as data: its peripherals, their memory and streams. */
#ifndef VIRT_DESC_H
#define VIRT_DESC_H

#include <pilot/board.h>
#include <pilot/wire/shim.h>
#include <virt/platform.h>

/**
 * struct virt_wiring - how a core and the host reach each other
 * @doorbell:     interrupt (GIC INTID) by which the host rings the core
 * @smp2p_irq, @watchdog_irq: interrupts by which the core rings the host
 * @crash_item:   SMEM item for the crash reason
 * @smp2p_in, @smp2p_out: SMEM items of the core's smp2p value, and of the host's for it
 * @smp2p_pid:    the core's processor number in smp2p
 */
struct virt_wiring {
	uint32_t doorbell;
	uint32_t smp2p_irq;
	uint32_t watchdog_irq;
	uint32_t crash_item;
	uint32_t smp2p_in;
	uint32_t smp2p_out;
	uint32_t smp2p_pid;
};

/** virt_wiring - the wiring of each core */
extern const struct virt_wiring virt_wiring[VIRT_CORES];

/** virt_desc - the board */
extern const struct pil_board_desc virt_desc;

/**
 * virt_copy_of() - where in secure RAM the copy of a carve-out is
 * @carveout: of a peripheral
 *
 * Return: physical address of as many bytes; 0 when there is no place for it
 */
uint64_t virt_copy_of(struct pil_range carveout);

/**
 * virt_shim_config() - the orders for the shim of a core that is about to start
 * @core:   core index
 * @start:  what is to run; its peripheral's carve-out (its copy, if there is one) and the present grants of its firmware
 *          stream become the shim's grants, those of its streams for buffers the grants of windows
 * @config: filled completely
 * @why:    reason of a failure, or NULL
 *
 * Return: 0; -PIL_EBOARD (PAS_CORE_START) when there is no such core (b = 1), the peripheral has no stream for its firmware
 * (b = 2) more grants than the shim takes (b = 3), or more
 * streams for buffers than it has windows (b = 4)
 */
int virt_shim_config(unsigned int core, const struct pil_core_start *start, struct pil_shim_config *config,
		     struct pil_why *why);

#endif
