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

/** struct kind - a peripheral, and the image of the archive that is signed for it and placed in its carve-out */
struct kind {
	const char *name;
	uint64_t pas_id;
};

static const struct kind adsp = { "kind-adsp", VIRT_ADSP_PAS_ID };
static const struct kind lite = { "kind-adsp-lite", VIRT_ADSP_LITE_PAS_ID };
static const struct kind dtb = { "kind-adsp-dtb", VIRT_ADSP_DTB_PAS_ID };
static const struct kind lite_dtb = { "kind-adsp-lite-dtb", VIRT_ADSP_LITE_DTB_PAS_ID };
static const struct kind cdsp = { "kind-cdsp", VIRT_CDSP_PAS_ID };
static const struct kind video = { "kind-video", VIRT_VIDEO_PAS_ID };
static const struct kind zap = { "kind-zap", VIRT_ZAP_PAS_ID };

static const struct kind *const kinds[] = { &adsp, &lite, &dtb, &lite_dtb, &cdsp, &video, &zap };

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int64_t request(uint32_t function, uint32_t arginfo, uint64_t pas_id, uint64_t a1, uint64_t a2)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(function), arginfo, pas_id, a1, a2);
	return scm_complete(&c);
}

static int64_t shut_down(const struct kind *k)
{
	return request(PIL_SCM_PAS_SHUTDOWN, PIL_SCM_ARGS_VALUES(1u), k->pas_id, 0, 0);
}

static int64_t authenticate(const struct kind *k)
{
	return request(PIL_SCM_PAS_AUTH_AND_RESET, PIL_SCM_ARGS_VALUES(1u), k->pas_id, 0, 0);
}

/* as qcom_mdt_load() does it: @k gets the image of @image, in its own carve-out, where the archive has @k's image */
static int64_t load(const struct kind *k, const struct kind *image)
{
	const struct archive_entry *e = archive_find(image->name), *own = archive_find(k->name);
	int64_t status = 0;

	if (!e || !own)
		return INT64_MAX;
	status = request(PIL_SCM_PAS_INIT_IMAGE, PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u), k->pas_id,
			 archive_metadata(e, 0), 0);
	if (!status)
		status = request(PIL_SCM_PAS_MEM_SETUP, PIL_SCM_ARGS_VALUES(3u), k->pas_id, own->place, own->span);
	if (!status)
		archive_copy_memory(own);
	return status;
}

static bool starts(const struct kind *k)
{
	return same(k->name, load(k, k), 0) && same(k->name, authenticate(k), 0);
}

static bool ends(const struct kind *k)
{
	return same(k->name, shut_down(k), 0);
}

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
		good = starts(kinds[i]) && ends(kinds[i]) && good;
		good = same("INIT_IMAGE with another's image", load(kinds[i], other), 0) && good;
		good = same("AUTH_AND_RESET of it", authenticate(kinds[i]), PIL_SCM_EINVAL) && good;
		good = ends(kinds[i]) && good;
	}
	return same("IS_SUPPORTED of nobody", is_supported(255), false) && good;
}

/* all that share nothing, at once, and each can go without the others */
static bool all_at_once(void)
{
	bool good = starts(&dtb) && starts(&adsp) && starts(&cdsp) && starts(&video) && starts(&zap);

	good = ends(&cdsp) && starts(&cdsp) && good;
	good = ends(&zap) && ends(&video) && ends(&cdsp) && ends(&adsp) && ends(&dtb) && good;
	return good;
}

/* @second is refused while @first has what they share, and starts when it has gone */
static bool take_turns(const struct kind *first, const struct kind *second, int64_t status)
{
	bool good = same("loads beside it", load(second, second), 0) && starts(first);

	good = same("AUTH_AND_RESET meanwhile", authenticate(second), status) && good;
	good = ends(second) && ends(first) && good;
	return starts(second) && ends(second) && good;
}

static bool shared_core(void)
{
	return take_turns(&adsp, &lite, PIL_SCM_EINVAL) && take_turns(&lite, &adsp, PIL_SCM_EINVAL);
}

static bool shared_carveout(void)
{
	return take_turns(&dtb, &lite_dtb, PIL_SCM_EADDR) && take_turns(&lite_dtb, &dtb, PIL_SCM_EADDR);
}

const struct door_test kinds_tests[] = {
	{ "every_peripheral_takes_its_own_image_and_no_other", own_image_only },
	{ "all_that_share_nothing_are_there_at_once", all_at_once },
	{ "full_and_lite_image_of_a_core_take_turns", shared_core },
	{ "two_companions_of_one_carve_out_take_turns", shared_carveout },
	{ NULL, NULL },
};
