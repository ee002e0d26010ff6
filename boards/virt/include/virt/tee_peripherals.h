/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt in arrangement tee, as data. */
#ifndef VIRT_TEE_PERIPHERALS_H
#define VIRT_TEE_PERIPHERALS_H

#include <pilot/board.h>

/** virt_tee_peripherals - its two remote processors, in the order of their numbers; what memory each has is said by the PTA */
extern const struct pil_board_desc virt_tee_peripherals;

#endif
