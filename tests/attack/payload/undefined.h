/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers that may not be there, or must not be. */
#ifndef ATTACK_UNDEFINED_H
#define ATTACK_UNDEFINED_H

#include <fw/sysreg.h>

#include "attack.h"

/* a write that need not be possible */
#define SET(reg, value)                                                                                                \
	do {                                                                                                           \
		fault_arm();                                                                                           \
		fw_write(reg, value);                                                                                  \
		(void)fault_disarm();                                                                                  \
	} while (0)

/* neither read nor written; clears the caller's @good otherwise */
#define UNDEFINED(reg)                                                                                                 \
	do {                                                                                                           \
		uint64_t seen_ = 0;                                                                                    \
		fault_arm();                                                                                           \
		seen_ = fw_read(reg);                                                                                  \
		(void)seen_;                                                                                           \
		good = same("read of " #reg " is refused", fault_disarm() != 0, true) && good;                         \
		fault_arm();                                                                                           \
		fw_write(reg, 0);                                                                                      \
		good = same("write to " #reg " is refused", fault_disarm() != 0, true) && good;                        \
	} while (0)

#endif
