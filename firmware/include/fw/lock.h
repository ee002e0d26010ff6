/* SPDX-License-Identifier: BSD-2-Clause */
/* A spin lock. Interrupts must be masked by the caller: a holder that is suspended would stop everybody. */
#ifndef FW_LOCK_H
#define FW_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>

struct fw_lock {
	_Atomic unsigned int taken;
};

static inline bool fw_trylock(struct fw_lock *lock)
{
	return !atomic_exchange_explicit(&lock->taken, 1, memory_order_acquire);
}

static inline void fw_lock(struct fw_lock *lock)
{
	while (!fw_trylock(lock))
		__asm__ volatile("yield");
}

static inline void fw_unlock(struct fw_lock *lock)
{
	atomic_store_explicit(&lock->taken, 0, memory_order_release);
}

#endif
