/* SPDX-License-Identifier: BSD-2-Clause */
/* The core rings the host through its doorbell page (wire/doorbell.h), where it has no smp2p. */
#include <pilot/wire/doorbell.h>

#include "shim.h"

/* the host can write the page, too: what it spoils is the number that it compares with, and that is its own loss */
bool bell_ring(uint64_t channel)
{
	volatile uint32_t *from_core = (volatile uint32_t *)(uintptr_t)(shim_config.bell + PIL_DOORBELL_FROM_CORE);

	if (channel >= PIL_DOORBELL_CHANNELS)
		return false;
	from_core[channel]++;
	gic_ring(shim_config.smp2p_irq);
	return true;
}
