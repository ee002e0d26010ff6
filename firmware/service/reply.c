/* SPDX-License-Identifier: BSD-2-Clause */
/* Back to the host. */
#include <pilot/wire/scm.h>

#include "service.h"

void service_reply(const struct pil_scm_answer *answer)
{
	/* a request that was under way when another one failed may have started a core since */
	if (service_is_broken()) {
		service_hold_cores();
		service_reply_status(PIL_SCM_ERROR);
	}
	service_return(answer->x[0], answer->x[1], answer->x[2], answer->x[3], 0);
}

void service_reply_status(int64_t status)
{
	service_return((uint64_t)status, 0, 0, 0, 0);
}

void service_reply_interrupted(uint64_t session)
{
	service_return(PIL_SCM_INTERRUPTED, 0, 0, 0, session);
}
