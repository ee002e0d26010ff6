/* SPDX-License-Identifier: BSD-2-Clause */
/* Which peripheral has which core. */
#include <pilot/ledger.h>

#define HELD (-1)

void pil_cores_init(struct pil_core_ledger *ledger)
{
	for (unsigned int i = 0; i < PIL_MAX_CORES; i++)
		ledger->holder[i] = HELD;
}

int pil_core_take(struct pil_core_ledger *ledger, unsigned int core, unsigned int peripheral, struct pil_why *why)
{
	if (core >= PIL_MAX_CORES)
		return pil_fail(why, PIL_R_BOARD_CORE, peripheral, core);
	if (ledger->holder[core] != HELD && ledger->holder[core] != (int)peripheral)
		return pil_fail(why, PIL_R_PAS_CORE_TAKEN, core, (unsigned int)ledger->holder[core]);
	ledger->holder[core] = (int)peripheral;
	return 0;
}

void pil_core_give(struct pil_core_ledger *ledger, unsigned int core, unsigned int peripheral)
{
	if (core < PIL_MAX_CORES && ledger->holder[core] == (int)peripheral)
		ledger->holder[core] = HELD;
}
