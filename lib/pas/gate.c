/* SPDX-License-Identifier: BSD-2-Clause */
/* A gate per peripheral: one atomic word, no locks (include/pilot/gate.h). */
#include <pilot/gate.h>

#define GATE_STATE		 3u /* bits 1:0; what is above is the number of the last suspension */
#define GATE_FREE		 0u
#define GATE_INSIDE		 1u
#define GATE_SUSPENDED		 2u
#define GATE_NUMBER(word)	 ((word) >> 2)
#define GATE_WORD(number, state) ((number) << 2 | (state))

static bool replace(struct pil_gate *gate, uint32_t old, uint32_t new)
{
	return atomic_compare_exchange_strong_explicit(&gate->word, &old, new, memory_order_acq_rel,
						       memory_order_acquire);
}

int pil_gate_enter(struct pil_gate *gate, bool force)
{
	uint32_t word = atomic_load_explicit(&gate->word, memory_order_acquire);
	uint32_t inside = GATE_WORD(GATE_NUMBER(word), GATE_INSIDE);

	if ((word & GATE_STATE) == GATE_FREE && replace(gate, word, inside))
		return 0;
	if ((word & GATE_STATE) == GATE_SUSPENDED && force && replace(gate, word, inside))
		return PIL_GATE_TOOK_OVER;
	return -PIL_EBUSY;
}

void pil_gate_leave(struct pil_gate *gate)
{
	uint32_t word = atomic_load_explicit(&gate->word, memory_order_relaxed);

	atomic_store_explicit(&gate->word, GATE_WORD(GATE_NUMBER(word), GATE_FREE), memory_order_release);
}

uint32_t pil_gate_suspend(struct pil_gate *gate)
{
	uint32_t word = atomic_load_explicit(&gate->word, memory_order_relaxed);
	uint32_t number = GATE_NUMBER(GATE_WORD(GATE_NUMBER(word) + 1, 0u));

	atomic_store_explicit(&gate->word, GATE_WORD(number, GATE_SUSPENDED), memory_order_release);
	return number;
}

int pil_gate_resume(struct pil_gate *gate, uint32_t session)
{
	uint32_t word = GATE_WORD(session, GATE_SUSPENDED);

	if (GATE_NUMBER(word) != session || !replace(gate, word, GATE_WORD(session, GATE_INSIDE)))
		return -PIL_ENOENT;
	return 0;
}
