/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of the trace, for a host to see: what is decided and when, never about what bytes or where the secure world keeps them. */
#include "internal.h"

void pil_trace_(struct pil_pas *pas, int index, enum pil_trace_event event, uint64_t a, uint64_t b)
{
	uint32_t id = index < 0 ? PIL_TRACE_NO_ID : pas->board->desc->peripherals[index].pas_id;

	if (pas->board->trace)
		pas->board->trace(pas->board, PIL_TRACE_OF(event, id), a, b);
}

uint64_t pil_trace_reason_(const struct pil_pas *pas, int index, int err)
{
	if (!err)
		return 0;
	if (index >= 0 && pas->p[index].why.reason != PIL_R_NONE)
		return pas->p[index].why.reason;
	return PIL_TRACE_CLASS + (0u - (unsigned int)err);
}

/* up to 16 characters of it, the first in the lowest byte of a */
void pil_trace_names_(struct pil_pas *pas)
{
	for (unsigned int i = 0; i < pas->board->desc->peripheral_count; i++) {
		const char *name = pas->board->desc->peripherals[i].name;
		uint64_t text[2] = { 0 };

		for (unsigned int c = 0; c < 16 && name[c]; c++)
			text[c / 8] |= (uint64_t)(uint8_t)name[c] << c % 8 * 8;
		pil_trace_(pas, (int)i, PIL_TRACE_NAME, text[0], text[1]);
	}
}

void pil_state_set_(struct pil_pas *pas, struct pil_peripheral *p, enum pil_state state)
{
	if (p->state != state)
		pil_trace_(pas, (int)(p - pas->p), PIL_TRACE_STATE, p->state, state);
	p->state = state;
}
