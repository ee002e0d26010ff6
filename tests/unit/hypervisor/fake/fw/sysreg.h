/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of the firmware's: a clock that the test winds. */
#ifndef FW_SYSREG_H
#define FW_SYSREG_H

#include <stdint.h>

uint64_t fw_time_us(void);

#endif
