/* SPDX-License-Identifier: BSD-2-Clause */
/* The video protection call: which device addresses the video core's protected streams may use. */
#include "internal.h"

/* the video core's addresses have 32 bits */
static bool fits(struct pil_range r)
{
	const uint64_t end = UINT64_C(1) << 32;

	return r.base <= end && r.size <= end - r.base;
}

static int protect(struct pil_pas *pas, const struct pil_video_windows *v, struct pil_why *why)
{
	if (!pas->board->video_protect)
		return pil_fail(why, PIL_R_PAS_VIDEO_NONE, v->pixel.base, v->nonpixel.base);
	if (!fits(v->pixel))
		return pil_fail(why, PIL_R_PAS_VIDEO_RANGE, v->pixel.base, v->pixel.size);
	if (!fits(v->nonpixel))
		return pil_fail(why, PIL_R_PAS_VIDEO_RANGE, v->nonpixel.base, v->nonpixel.size);
	return pas->board->video_protect(pas->board, v, why);
}

int pil_pas_video_protect(struct pil_pas *pas, const struct pil_video_windows *v)
{
	struct pil_why why = { 0 };
	struct pil_line_ line = { 0 };
	int err = protect(pas, v, &why);

	if (err) {
		pil_log_host_refused_(pas, "MP_VIDEO_VAR", &why);
		return err;
	}
	pil_line_range_(pil_line_host_(&line, "MP_VIDEO_VAR", "accepted: pixel data "), v->pixel);
	pil_text_string(&line.text, ", other ");
	pil_line_range_(&line.text, v->nonpixel);
	pil_line_send_(pas, &line);
	return 0;
}
