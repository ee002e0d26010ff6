/* SPDX-License-Identifier: BSD-2-Clause */
/* The board as data. */
#ifndef TEMPLATE_DESC_H
#define TEMPLATE_DESC_H

#include <pilot/board.h>

/** template_desc - the board */
extern const struct pil_board_desc template_desc;

/**
 * template_board() - the functions, before and after the machine was looked at
 * @device_fuses: what the monitor read of the fuses, PIL_FUSES_SIZE bytes that stay where they are
 *
 * Return: the board, never NULL
 */
struct pil_board *template_board(const void *device_fuses);

/** template_enter(), template_leave() - see struct pil_board; apart from the rest because they mask interrupts */
void template_enter(struct pil_board *b);
void template_leave(struct pil_board *b);

/** template_log(), template_time_us() - likewise: they need the firmware around them */
void template_log(struct pil_board *b, const char *line);
uint64_t template_time_us(struct pil_board *b);

#endif
