/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may be a client; apart, because the events TA has it and nothing of the service. */
#include "internal.h"

int pil_tee_check_login_(uint32_t login, struct pil_why *why)
{
	return login == PIL_TEE_LOGIN_KERNEL ? 0 : pil_fail(why, PIL_R_TEE_LOGIN, login, PIL_TEE_LOGIN_KERNEL);
}
