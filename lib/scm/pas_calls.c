/* SPDX-License-Identifier: BSD-2-Clause */
/* The PAS calls: arguments in, lib/pas, results out. Argument 0 is the PAS id, already looked up. */
#include "internal.h"

int pil_scm_init_image_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	(void)answer;
	return pil_pas_init_image(pas, (unsigned int)args->index, args->value[1]);
}

int pil_scm_mem_setup_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	struct pil_range where = { .base = args->value[1], .size = args->value[2] };

	(void)answer;
	return pil_pas_mem_setup(pas, (unsigned int)args->index, where);
}

int pil_scm_auth_and_reset_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	(void)answer;
	return pil_pas_auth_and_reset(pas, (unsigned int)args->index);
}

int pil_scm_shutdown_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	(void)answer;
	return pil_pas_shutdown(pas, (unsigned int)args->index);
}

int pil_scm_is_supported_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	uint64_t id = args->value[0];

	answer->x[1] = id <= UINT32_MAX && pil_pas_is_supported(pas, (uint32_t)id);
	return 0;
}

int pil_scm_get_rsc_table_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	struct pil_range in = { .base = args->value[1], .size = args->value[2] };
	struct pil_range out = { .base = args->value[3], .size = args->value[4] };
	size_t needed = 0;
	int err = pil_pas_get_rsc_table(pas, (unsigned int)args->index, in, out, &needed);

	if (err == -PIL_EBUFFER)
		answer->x[2] = PIL_SCM_RSCTABLE_BUFFER_NOT_SUFFICIENT;
	answer->x[3] = needed;
	return err;
}

int pil_scm_set_remote_state_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	uint64_t state = args->value[0];
	int err = pil_pas_set_remote_state(pas, (unsigned int)args->index,
					   state > UINT32_MAX ? UINT32_MAX : (uint32_t)state);

	(void)answer;
	/* of a firmware without power states the video driver expects -EINVAL, and takes it for done */
	return err == -PIL_EUNSUPPORTED ? -PIL_EARG : err;
}
