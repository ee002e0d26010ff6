/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of functions: what is called, what is answered about availability, and what is refused all come from here. */
#include <stddef.h>

#include "internal.h"

#define RSCTABLE_ARGS PIL_SCM_ARGS(5u, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RW, PIL_SCM_VAL)

#define ASSIGN_ARGS PIL_SCM_ARGS(7u, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RO)

static bool can_assign(const struct pil_pas *pas)
{
	return pas->board->assign != NULL;
}

static bool can_protect_video(const struct pil_pas *pas)
{
	return pas->board->video_protect != NULL;
}

static bool has_power_states(const struct pil_pas *pas)
{
	return pas->board->core_power != NULL;
}

static const struct pil_scm_function_ functions[] = {
	{
		.func = PIL_SCM_PAS_INIT_IMAGE,
		.arginfo = PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u),
		.names = true,
		.gated = true,
		.forces = true,
		.name = "INIT_IMAGE",
		.handle = pil_scm_init_image_,
	},
	{
		.func = PIL_SCM_PAS_MEM_SETUP,
		.arginfo = PIL_SCM_ARGS_VALUES(3u),
		.names = true,
		.gated = true,
		.name = "MEM_SETUP",
		.handle = pil_scm_mem_setup_,
	},
	{
		.func = PIL_SCM_PAS_AUTH_AND_RESET,
		.arginfo = PIL_SCM_ARGS_VALUES(1u),
		.names = true,
		.gated = true,
		.name = "AUTH_AND_RESET",
		.handle = pil_scm_auth_and_reset_,
	},
	{
		.func = PIL_SCM_PAS_SHUTDOWN,
		.arginfo = PIL_SCM_ARGS_VALUES(1u),
		.names = true,
		.gated = true,
		.forces = true,
		.name = "SHUTDOWN",
		.handle = pil_scm_shutdown_,
	},
	{
		/* of an unknown PAS id the answer is no, not an error */
		.func = PIL_SCM_PAS_IS_SUPPORTED,
		.arginfo = PIL_SCM_ARGS_VALUES(1u),
		.name = "IS_SUPPORTED",
		.handle = pil_scm_is_supported_,
	},
	{
		.func = PIL_SCM_PAS_GET_RSCTABLE,
		.arginfo = RSCTABLE_ARGS,
		.names = true,
		.gated = true,
		.forces = true, /* what a host that began anew begins with, whatever is suspended */
		.name = "GET_RSCTABLE",
		.handle = pil_scm_get_rsc_table_,
	},
	{
		.func = PIL_SCM_BOOT_SET_REMOTE_STATE,
		.arginfo = PIL_SCM_ARGS_VALUES(2u),
		.remote = true,
		.gated = true,
		.name = "SET_REMOTE_STATE",
		.offered = has_power_states,
		.handle = pil_scm_set_remote_state_,
	},
	{
		.func = PIL_SCM_MP_VIDEO_VAR,
		.arginfo = PIL_SCM_ARGS_VALUES(4u),
		.name = "MP_VIDEO_VAR",
		.offered = can_protect_video,
		.handle = pil_scm_video_,
	},
	{
		.func = PIL_SCM_MP_ASSIGN,
		.arginfo = ASSIGN_ARGS,
		.name = "MP_ASSIGN",
		.offered = can_assign,
		.handle = pil_scm_assign_,
	},
	{
		.func = PIL_SCM_MP_SHM_BRIDGE_ENABLE,
		.arginfo = PIL_SCM_ARGS_VALUES(0u),
		.name = "SHM_BRIDGE_ENABLE",
		.handle = pil_scm_bridge_enable_,
	},
	{
		.func = PIL_SCM_MP_SHM_BRIDGE_CREATE,
		.arginfo = PIL_SCM_ARGS_VALUES(4u),
		.name = "SHM_BRIDGE_CREATE",
		.handle = pil_scm_bridge_create_,
	},
	{
		.func = PIL_SCM_MP_SHM_BRIDGE_DELETE,
		.arginfo = PIL_SCM_ARGS_VALUES(1u),
		.name = "SHM_BRIDGE_DELETE",
		.handle = pil_scm_bridge_delete_,
	},
	{
		/* the driver finds out with this one which convention it has to use */
		.func = PIL_SCM_INFO_IS_CALL_AVAIL,
		.fast = true,
		.bits32 = true,
		.arginfo = PIL_SCM_ARGS_VALUES(1u),
		.name = "IS_CALL_AVAIL",
		.handle = pil_scm_is_call_available_,
	},
};

static const struct pil_scm_function_ *find(uint32_t func)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (functions[i].func == func)
			return &functions[i];
	return NULL;
}

const struct pil_scm_function_ *pil_scm_lookup_(uint64_t id)
{
	const struct pil_scm_function_ *f = NULL;

	/* SMCCC: bits 63:32 of x0 are not part of the function id */
	if ((id & (PIL_SCM_OWNER | PIL_SCM_RESERVED)) != PIL_SCM_OWNER_SIP)
		return NULL;
	f = find((uint32_t)id & PIL_SCM_FUNC);
	if (!f || ((id & PIL_SCM_FAST) && !f->fast) || (!(id & PIL_SCM_64) && !f->bits32))
		return NULL;
	return f;
}

bool pil_scm_offers_(const struct pil_pas *pas, uint32_t func)
{
	const struct pil_scm_function_ *f = find(func);

	return f && (!f->offered || f->offered(pas));
}
