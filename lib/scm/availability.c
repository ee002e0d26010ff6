/* SPDX-License-Identifier: BSD-2-Clause */
/* IS_CALL_AVAIL: the convention probe, and what the driver asks before it uses a function that is optional. */
#include "internal.h"

int pil_scm_is_call_available_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	uint64_t id = args->value[0];

	/* the driver names a function by owner, service and command; whoever sets the other bits means the same one */
	if (id > UINT32_MAX || (id & (PIL_SCM_OWNER | PIL_SCM_RESERVED)) != PIL_SCM_OWNER_SIP)
		return 0;
	answer->x[1] = pil_scm_offers_(pas, (uint32_t)id & PIL_SCM_FUNC);
	return 0;
}
