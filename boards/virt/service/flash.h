/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRT_FLASH_H
#define VIRT_FLASH_H

#include <pilot/counters.h>

/* the two sectors of secure flash 0 that hold rollback counters; the caller lets nobody else near the flash meanwhile */
extern const struct pil_counter_store virt_flash;

#endif
