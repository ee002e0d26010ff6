/* SPDX-License-Identifier: BSD-2-Clause */
/* The DMA master of the adsp: on and off by what only the firmware has of it, its place on the PCI bus. */
#ifndef VIRT_MASTER_H
#define VIRT_MASTER_H

#include <pilot/board.h>

/** virt_master_find() - is it there? Before the host runs. Return: nothing; a machine without it has nothing to stop */
void virt_master_find(void);

/** virt_master_start(), virt_master_stop() - of struct pil_board */
int virt_master_start(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why);
int virt_master_stop(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why);

#endif
