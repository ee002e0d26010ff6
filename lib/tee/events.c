/* SPDX-License-Identifier: BSD-2-Clause */
/* The events door: one command that blocks in the PTA, for a TA of which every session has an instance of its own. */
#include "internal.h"

#define TYPES_WAIT PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, PIL_TEE_NONE, PIL_TEE_NONE)

uint32_t pil_tee_events_open(uint32_t login, const struct pil_tee_call *call)
{
	struct pil_why why = { 0 };

	if (pil_tee_check_login_(login, &why))
		return PIL_TEE_ACCESS_DENIED;
	return call->types == TYPES_NONE ? PIL_TEE_SUCCESS : PIL_TEE_BAD_PARAMETERS;
}

uint32_t pil_tee_events_invoke(const struct pil_tee_events *e, struct pil_tee_call *call)
{
	struct pil_tee_call pta = {
		.command = PIL_TEE_BOARD_WAIT,
		.types = TYPES_WAIT,
		.p[0] = { .a = call->p[0].a, .b = call->p[0].b },
	};
	uint32_t status = PIL_TEE_SUCCESS;

	if (call->command != PIL_TEE_EVENTS_WAIT || call->types != TYPES_WAIT)
		return PIL_TEE_BAD_PARAMETERS;
	status = e->invoke(e->ctx, &pta);
	call->p[1].a = status ? PIL_TEE_EVENT_NONE : pta.p[1].a;
	call->p[1].b = status ? 0 : pta.p[1].b;
	return status;
}
