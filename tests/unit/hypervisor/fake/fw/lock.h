/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of the firmware's: one thread, in which a lock that is taken twice would never be had. */
#ifndef FW_LOCK_H
#define FW_LOCK_H

#include <assert.h>
#include <stdbool.h>

struct fw_lock {
	bool taken;
};

static inline void fw_lock(struct fw_lock *lock)
{
	assert(!lock->taken);
	lock->taken = true;
}

static inline void fw_unlock(struct fw_lock *lock)
{
	assert(lock->taken);
	lock->taken = false;
}

#endif
