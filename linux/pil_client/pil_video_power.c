// SPDX-License-Identifier: GPL-2.0-only
/*
 * The video core's power: it collapses when it has been idle, and is restored
 * for the next job. Runtime PM decides when; these are its callbacks, and the
 * references that everybody else takes.
 *
 * A callback runs without the driver's lock: who has that may be waiting for
 * one. So it looks only at what nobody changes without a reference, and no
 * callback is under way while there is one.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/pm_runtime.h>

#include "pil_video.h"

/* what sysfs begins with */
#define IDLE_MS	2000

/*
 * A core that does not obey is lost. -EBUSY, for runtime PM takes other errors
 * as final; after the recovery it is asked again.
 */
static int change(struct pil_video *v, bool on)
{
	if (v->state != VIDEO_RUNNING || v->collapsed != on)
		return 0;
	if (READ_ONCE(v->dead))
		return -EBUSY;
	if (pil_client_power(&v->client, on)) {
		pil_video_lost(v);
		return -EBUSY;
	}
	WRITE_ONCE(v->collapsed, !on);
	return 0;
}

static int runtime_suspend(struct device *dev)
{
	return change(dev_get_drvdata(dev), false);
}

static int runtime_resume(struct device *dev)
{
	return change(dev_get_drvdata(dev), true);
}

const struct dev_pm_ops pil_video_pm_ops = {
	RUNTIME_PM_OPS(runtime_suspend, runtime_resume, NULL)
};

int pil_video_power_init(struct pil_video *v)
{
	pm_runtime_set_autosuspend_delay(v->dev, IDLE_MS);
	pm_runtime_use_autosuspend(v->dev);
	return devm_pm_runtime_enable(v->dev);
}

int pil_video_power_get(struct pil_video *v)
{
	return pm_runtime_resume_and_get(v->dev) ? -EIO : 0;
}

void pil_video_power_hold(struct pil_video *v)
{
	pm_runtime_get_noresume(v->dev);
	pm_runtime_barrier(v->dev);
}

void pil_video_power_put(struct pil_video *v)
{
	pm_runtime_put_autosuspend(v->dev);
}

int pil_video_power_collapse(struct pil_video *v)
{
	int ret;

	ret = pm_runtime_suspend(v->dev);
	return ret < 0 ? ret : 0;
}
