/* SPDX-License-Identifier: BSD-2-Clause */
/* Back to the host. */
#include <pilot/wire/scm.h>

#include "service.h"

void service_reply(const struct pil_scm_answer *answer)
{
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
