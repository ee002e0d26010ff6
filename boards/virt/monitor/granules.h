/* SPDX-License-Identifier: BSD-2-Clause */
/* The board's memory as granule protection sees it. */
#ifndef VIRT_MONITOR_GRANULES_H
#define VIRT_MONITOR_GRANULES_H

#include <platform.h>

#define VIRT_GRANULES 15u

/** virt_granules - memory that is not simply everybody's */
extern const struct plat_granules virt_granules[VIRT_GRANULES];

#endif
