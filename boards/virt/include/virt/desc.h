/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt as data: its peripherals, their memory and streams. */
#ifndef VIRT_DESC_H
#define VIRT_DESC_H

#include <pilot/board.h>
#include <pilot/wire/shim.h>

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
 * @start:  what is to run; its peripheral's carve-out (its copy, if there is one) and the grants of its firmware streams
 *          become the shim's grants
 * @config: filled completely
 * @why:    reason of a failure, or NULL
 *
 * Return: 0; -PIL_EBOARD (PAS_CORE_START) when there is no such core (b = 1), the peripheral has no stream for its firmware
 * (b = 2) or more grants than the shim takes (b = 3)
 */
int virt_shim_config(unsigned int core, const struct pil_core_start *start, struct pil_shim_config *config,
		     struct pil_why *why);

#endif
