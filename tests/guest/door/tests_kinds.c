/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every peripheral of the board through the door: those that run on cores of their own, those that share one, and those that
 * have none. No driver of the stock kernel loads some of them without their hardware; their calls are these.
 *
 * The SMMU is off here, so a core that was released stops at its first fetch: what counts is what the service decides.
 */
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "door.h"

static bool is_supported(uint64_t pas_id)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_PAS_IS_SUPPORTED), PIL_SCM_ARGS_VALUES(1u), pas_id, 0, 0);
	return scm_complete(&c) == 0 && c.out.x[1] == 1;
}

static bool own_image_only(void)
{
	bool good = true;

	for (unsigned int i = 0; i < KINDS; i++) {
		const struct kind *other = kinds[(i + 1) % KINDS];

		good = same("IS_SUPPORTED", is_supported(kinds[i]->pas_id), true) && good;
		good = kind_starts(kinds[i]) && kind_ends(kinds[i]) && good;
		good = same("INIT_IMAGE with another's image", kind_load(kinds[i], other->image, 0), 0) && good;
		good = same("AUTH_AND_RESET of it", kind_auth(kinds[i]), PIL_SCM_EINVAL) && good;
		good = kind_ends(kinds[i]) && good;
	}
	return same("IS_SUPPORTED of nobody", is_supported(255), false) && good;
}

/* all that share nothing, at once, and each can go without the others */
static bool all_at_once(void)
{
	bool good = kind_starts(&kind_dtb) && kind_starts(&kind_adsp) && kind_starts(&kind_cdsp) &&
		    kind_starts(&kind_video) && kind_starts(&kind_zap);

	good = kind_ends(&kind_cdsp) && kind_starts(&kind_cdsp) && good;
	good = kind_ends(&kind_zap) && kind_ends(&kind_video) && kind_ends(&kind_cdsp) && kind_ends(&kind_adsp) &&
	       kind_ends(&kind_dtb) && good;
	return good;
}

/* @second is refused while @first has what they share, and starts when it has gone */
static bool take_turns(const struct kind *first, const struct kind *second, int64_t status)
{
	bool good = same("loads beside it", kind_load(second, second->image, 0), 0) && kind_starts(first);

	good = same("AUTH_AND_RESET meanwhile", kind_auth(second), status) && good;
	good = kind_ends(second) && kind_ends(first) && good;
	return kind_starts(second) && kind_ends(second) && good;
}

static bool shared_core(void)
{
	return take_turns(&kind_adsp, &kind_lite, PIL_SCM_EINVAL) && take_turns(&kind_lite, &kind_adsp, PIL_SCM_EINVAL);
}

static bool shared_carveout(void)
{
	return take_turns(&kind_dtb, &kind_lite_dtb, PIL_SCM_EADDR) &&
	       take_turns(&kind_lite_dtb, &kind_dtb, PIL_SCM_EADDR);
}

const struct door_test kinds_tests[] = {
	{ "every_peripheral_takes_its_own_image_and_no_other", own_image_only },
	{ "all_that_share_nothing_are_there_at_once", all_at_once },
	{ "full_and_lite_image_of_a_core_take_turns", shared_core },
	{ "two_companions_of_one_carve_out_take_turns", shared_carveout },
	{ NULL, NULL },
};
