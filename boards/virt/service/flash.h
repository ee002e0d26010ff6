/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRT_FLASH_H
#define VIRT_FLASH_H

#include <pilot/counters.h>

/*
 * The two sectors of secure flash 0 that hold rollback counters, which begin at @base, where the caller sees them; it lets nobody else near
 * the flash while one of the functions is at work.
 */
void virt_flash_store(struct pil_counter_store *store, void *base);

#endif
