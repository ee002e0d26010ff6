/* SPDX-License-Identifier: BSD-2-Clause */
/* Every peripheral of the board, loaded as a driver loads it. */
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "payload.h"

const struct kind kind_adsp = { "kind-adsp", VIRT_ADSP_PAS_ID };
const struct kind kind_lite = { "kind-adsp-lite", VIRT_ADSP_LITE_PAS_ID };
const struct kind kind_dtb = { "kind-adsp-dtb", VIRT_ADSP_DTB_PAS_ID };
const struct kind kind_lite_dtb = { "kind-adsp-lite-dtb", VIRT_ADSP_LITE_DTB_PAS_ID };
const struct kind kind_cdsp = { "kind-cdsp", VIRT_CDSP_PAS_ID };
const struct kind kind_video = { "kind-video", VIRT_VIDEO_PAS_ID };
const struct kind kind_zap = { "kind-zap", VIRT_ZAP_PAS_ID };

const struct kind *const kinds[KINDS] = { &kind_adsp, &kind_lite,  &kind_dtb, &kind_lite_dtb,
					  &kind_cdsp, &kind_video, &kind_zap };

static int64_t request(uint32_t function, uint32_t arginfo, uint64_t pas_id, uint64_t a1, uint64_t a2)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(function), arginfo, pas_id, a1, a2);
	return scm_complete(&c);
}

int64_t kind_shutdown(const struct kind *k)
{
	return request(PIL_SCM_PAS_SHUTDOWN, PIL_SCM_ARGS_VALUES(1u), k->pas_id, 0, 0);
}

void prepare_kind_auth(struct scm_call *c, const struct kind *k)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET), PIL_SCM_ARGS_VALUES(1u), k->pas_id, 0, 0);
}

int64_t kind_auth(const struct kind *k)
{
	struct scm_call c = { 0 };

	prepare_kind_auth(&c, k);
	return scm_complete(&c);
}

int64_t kind_load(const struct kind *k, const char *image, unsigned int buffer)
{
	const struct archive_entry *e = archive_find(image), *own = archive_find(k->image);
	int64_t status = 0;

	if (!e || !own)
		return INT64_MAX;
	status = request(PIL_SCM_PAS_INIT_IMAGE, PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u), k->pas_id,
			 archive_metadata(e, buffer), 0);
	if (!status)
		status = request(PIL_SCM_PAS_MEM_SETUP, PIL_SCM_ARGS_VALUES(3u), k->pas_id, own->place, own->span);
	if (!status)
		archive_try_copy_memory(own);
	return status;
}

bool kind_starts(const struct kind *k)
{
	return same(k->image, kind_load(k, k->image, 0), 0) && same(k->image, kind_auth(k), 0);
}

bool kind_ends(const struct kind *k)
{
	return same(k->image, kind_shutdown(k), 0);
}
