// SPDX-License-Identifier: GPL-2.0-only
/*
 * The video-like core of Pilot's board virt: reference for a driver that loads
 * authenticated firmware without remoteproc. Its queue and job are those of
 * pilot/wire/video.h.
 *
 * /sys/devices/platform/video-codec/state
 *	offline, running, suspended or crashed; start, stop, suspend and resume
 *	are written to it. A crash that is not answered to by a new start
 *	within this driver leaves "crashed".
 * /sys/devices/platform/video-codec/crashes
 *	how often the core crashed and was started again
 * /sys/devices/platform/video-codec/power/
 *	runtime PM's own: autosuspend_delay_ms, runtime_status, control
 * /dev/pilot-video
 *	jobs: pil_video_file.c
 */
#include <linux/completion.h>
#include <linux/firmware/qcom/qcom_scm.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/soc/qcom/smem.h>
#include <linux/soc/qcom/smem_state.h>
#include <linux/workqueue.h>

#include <pilot/wire/video.h>

#include "pil_video.h"

#define PAS_ID		9
#define REMOTE_ID	0
#define CRASH_ITEM	640

#define QUEUE_SIZE \
	(PIL_VIDEO_SLOT0 + PIL_VIDEO_SLOTS * PIL_VIDEO_SLOT_SIZE)

/* addresses for streams that are Linux's own: unlike any physical ones */
#define IOVA_TABLES	0x10000000
#define IOVA_FRAMES	0x20000000

static const char * const state_names[] = {
	[VIDEO_OFFLINE] = "offline",
	[VIDEO_RUNNING] = "running",
	[VIDEO_CRASHED] = "crashed",
};

static int open_streams(struct pil_video *v)
{
	int ret;

	ret = pil_client_stream_open(v->nonpixel);
	if (!ret)
		ret = pil_client_stream_map(v->nonpixel, v->tables.address,
					    v->tables.phys, v->tables.size,
					    IOMMU_READ);
	if (!ret)
		ret = pil_client_stream_open(v->pixel);
	if (!ret)
		ret = pil_client_stream_map(v->pixel, v->frames.address,
					    v->frames.phys, v->frames.size,
					    IOMMU_READ | IOMMU_WRITE);
	return ret;
}

static void close_streams(struct pil_video *v)
{
	pil_client_stream_close(v->pixel);
	pil_client_stream_close(v->nonpixel);
}

/* collapsed or not; the caller holds the power as it is */
static int video_stop(struct pil_video *v)
{
	int ret;

	ret = pil_client_stop(&v->client);
	if (ret)
		return ret;
	close_streams(v);
	v->state = VIDEO_OFFLINE;
	WRITE_ONCE(v->collapsed, false);
	return 0;
}

static int wait_ready(struct pil_video *v)
{
	if (!wait_for_completion_timeout(&v->ready, PIL_VIDEO_WAIT))
		return -ETIMEDOUT;
	if (READ_ONCE(v->dead))
		return -EIO;
	return pil_video_queue_served(v) ? 0 : -EPROTO;
}

/* the caller holds the power up */
static int start_core(struct pil_video *v)
{
	int ret;

	WRITE_ONCE(v->dead, false);
	reinit_completion(&v->ready);
	reinit_completion(&v->answered);
	pil_video_queue_reset(v);
	ret = open_streams(v);
	if (!ret)
		ret = pil_client_start(&v->client);
	if (ret) {
		close_streams(v);
		return ret;
	}
	v->state = VIDEO_RUNNING;
	ret = wait_ready(v);
	if (ret) {
		dev_err(v->dev, "is not ready: %d\n", ret);
		video_stop(v);
		return ret;
	}
	dev_info(v->dev, "is up\n");
	return 0;
}

static int video_start(struct pil_video *v)
{
	int ret;

	ret = pil_video_power_get(v);
	if (ret)
		return ret;
	ret = start_core(v);
	pil_video_power_put(v);
	return ret;
}

/* a reason is for one crash: a core that was lost leaves none */
static void log_crash(struct pil_video *v)
{
	char *text;
	size_t size;

	text = qcom_smem_get(QCOM_SMEM_HOST_ANY, CRASH_ITEM, &size);
	if (IS_ERR(text) || !size || !text[0]) {
		dev_err(v->dev, "crashed, without a reason\n");
		return;
	}
	dev_err(v->dev, "crashed: %.*s\n", (int)strnlen(text, size), text);
	text[0] = '\0';
}

static int recover(struct pil_video *v)
{
	int ret;

	log_crash(v);
	v->crashes++;
	v->state = VIDEO_CRASHED;
	ret = video_stop(v);
	return ret ? ret : video_start(v);
}

static void video_recover(struct work_struct *work)
{
	struct pil_video *v = container_of(work, struct pil_video, recovery);
	int ret;

	mutex_lock(&v->lock);
	pil_video_power_hold(v);
	if (v->state != VIDEO_OFFLINE && READ_ONCE(v->dead)) {
		ret = recover(v);
		if (ret) {
			dev_err(v->dev, "was not recovered: %d\n", ret);
			v->state = VIDEO_CRASHED;
		}
	}
	pil_video_power_put(v);
	mutex_unlock(&v->lock);
}

void pil_video_lost(struct pil_video *v)
{
	WRITE_ONCE(v->dead, true);
	complete(&v->ready);
	complete(&v->answered);
	schedule_work(&v->recovery);
}

static irqreturn_t video_died(int irq, void *data)
{
	pil_video_lost(data);
	return IRQ_HANDLED;
}

static irqreturn_t video_is_ready(int irq, void *data)
{
	struct pil_video *v = data;

	complete(&v->ready);
	return IRQ_HANDLED;
}

static irqreturn_t video_answered(int irq, void *data)
{
	struct pil_video *v = data;

	complete(&v->answered);
	return IRQ_HANDLED;
}

static int stop(struct pil_video *v)
{
	int ret;

	pil_video_power_hold(v);
	ret = video_stop(v);
	pil_video_power_put(v);
	return ret;
}

static int resume(struct pil_video *v)
{
	int ret;

	ret = pil_video_power_get(v);
	if (!ret)
		pil_video_power_put(v);
	return ret;
}

static int obey(struct pil_video *v, const char *word)
{
	bool running = v->state == VIDEO_RUNNING;
	bool collapsed = READ_ONCE(v->collapsed);

	if (sysfs_streq(word, "start"))
		return v->state == VIDEO_OFFLINE ? video_start(v) : -EBUSY;
	if (sysfs_streq(word, "stop"))
		return v->state == VIDEO_OFFLINE ? -EINVAL : stop(v);
	if (sysfs_streq(word, "suspend") && running && !collapsed)
		return pil_video_power_collapse(v);
	if (sysfs_streq(word, "resume") && running && collapsed)
		return resume(v);
	return -EINVAL;
}

static ssize_t state_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct pil_video *v = dev_get_drvdata(dev);
	int ret;

	ret = mutex_lock_interruptible(&v->lock);
	if (ret)
		return ret;
	ret = obey(v, buf);
	mutex_unlock(&v->lock);
	return ret ? ret : count;
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct pil_video *v = dev_get_drvdata(dev);
	enum pil_video_state state = READ_ONCE(v->state);

	if (state == VIDEO_RUNNING && READ_ONCE(v->collapsed))
		return sysfs_emit(buf, "suspended\n");
	return sysfs_emit(buf, "%s\n", state_names[state]);
}
static DEVICE_ATTR_RW(state);

static ssize_t crashes_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct pil_video *v = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(v->crashes));
}
static DEVICE_ATTR_RO(crashes);

static struct attribute *video_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_crashes.attr,
	NULL
};
ATTRIBUTE_GROUPS(video);

/* @least: bytes that it must have; @iova: where a stream of Linux's has it */
static int get_memory(struct pil_video *v, const char *name, size_t least,
		      struct pil_client_stream *stream, u32 iova,
		      struct pil_video_memory *m)
{
	struct resource res;
	int ret;

	ret = of_reserved_mem_region_to_resource_byname(v->dev->of_node, name,
							&res);
	if (ret)
		return dev_err_probe(v->dev, ret, "no memory %s\n", name);
	if (resource_size(&res) < least || upper_32_bits(res.end))
		return dev_err_probe(v->dev, -EINVAL, "memory %s: %pR\n", name,
				     &res);
	m->phys = res.start;
	m->size = resource_size(&res);
	m->address = stream ? iova : lower_32_bits(res.start);
	m->va = devm_memremap(v->dev, m->phys, m->size, MEMREMAP_WC);
	return PTR_ERR_OR_ZERO(m->va);
}

static int get_all_memory(struct pil_video *v)
{
	struct resource res;
	int ret;

	ret = of_reserved_mem_region_to_resource_byname(v->dev->of_node,
							"firmware", &res);
	if (ret)
		return dev_err_probe(v->dev, ret, "no memory firmware\n");
	v->client.mem_phys = res.start;
	v->client.mem_size = resource_size(&res);
	/* the firmware has it where the resource table says: at its place */
	ret = get_memory(v, "queue", QUEUE_SIZE, NULL, 0, &v->queue);
	if (!ret)
		ret = get_memory(v, "tables", PIL_VIDEO_TABLE_SIZE, v->nonpixel,
				 IOVA_TABLES, &v->tables);
	if (!ret)
		ret = get_memory(v, "frames", 2 * PIL_VIDEO_FRAME_MAX, v->pixel,
				 IOVA_FRAMES, &v->frames);
	return ret;
}

static int get_streams(struct pil_video *v)
{
	v->client.stream = devm_pil_client_stream(v->dev, PIL_VIDEO_FN_FIRMWARE,
						  "firmware");
	if (IS_ERR(v->client.stream))
		return PTR_ERR(v->client.stream);
	v->nonpixel = devm_pil_client_stream(v->dev, PIL_VIDEO_FN_NONPIXEL,
					     "nonpixel");
	if (IS_ERR(v->nonpixel))
		return PTR_ERR(v->nonpixel);
	v->pixel = devm_pil_client_stream(v->dev, PIL_VIDEO_FN_PIXEL, "pixel");
	return PTR_ERR_OR_ZERO(v->pixel);
}

static int get_irq(struct platform_device *pdev, const char *name,
		   irq_handler_t handler)
{
	struct pil_video *v = platform_get_drvdata(pdev);
	int irq;

	irq = platform_get_irq_byname(pdev, name);
	if (irq < 0)
		return irq;
	return devm_request_threaded_irq(&pdev->dev, irq, NULL, handler,
					 IRQF_ONESHOT, name, v);
}

static int get_irqs(struct platform_device *pdev)
{
	int ret;

	ret = get_irq(pdev, "wdog", video_died);
	if (!ret)
		ret = get_irq(pdev, "fatal", video_died);
	if (!ret)
		ret = get_irq(pdev, "ready", video_is_ready);
	if (!ret)
		ret = get_irq(pdev, "queue", video_answered);
	return ret;
}

/* after the interrupts are gone, before the streams are */
static void video_end(void *data)
{
	struct pil_video *v = data;

	/* a callback that fails would ask for another recovery */
	pil_video_power_hold(v);
	cancel_work_sync(&v->recovery);
	mutex_lock(&v->lock);
	if (v->state != VIDEO_OFFLINE)
		video_stop(v);
	mutex_unlock(&v->lock);
	pil_video_power_put(v);
}

static int get_client(struct pil_video *v)
{
	int ret;

	v->client.dev = v->dev;
	v->client.pas_id = PAS_ID;
	v->client.remote_id = REMOTE_ID;
	ret = of_property_read_string(v->dev->of_node, "firmware-name",
				      &v->client.firmware);
	if (ret)
		return dev_err_probe(v->dev, ret, "no firmware-name\n");
	ret = get_streams(v);
	if (!ret)
		ret = get_all_memory(v);
	return ret ? ret : devm_pil_client_init(&v->client);
}

static int get_doorbell(struct pil_video *v)
{
	v->call = devm_qcom_smem_state_get(v->dev, "queue", &v->call_bit);
	if (!IS_ERR(v->call))
		return 0;
	return dev_err_probe(v->dev, PTR_ERR(v->call), "no doorbell\n");
}

static int video_probe(struct platform_device *pdev)
{
	struct pil_video *v;
	int ret;

	if (!qcom_scm_is_available())
		return -EPROBE_DEFER;
	v = devm_kzalloc(&pdev->dev, sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	v->dev = &pdev->dev;
	platform_set_drvdata(pdev, v);
	mutex_init(&v->lock);
	init_completion(&v->ready);
	init_completion(&v->answered);
	INIT_WORK(&v->recovery, video_recover);
	ret = get_client(v);
	if (!ret)
		ret = get_doorbell(v);
	if (!ret)
		ret = pil_video_power_init(v);
	if (!ret)
		ret = devm_add_action_or_reset(v->dev, video_end, v);
	if (!ret)
		ret = get_irqs(pdev);
	if (ret)
		return ret;
	v->misc.minor = MISC_DYNAMIC_MINOR;
	v->misc.name = "pilot-video";
	v->misc.fops = &pil_video_fops;
	v->misc.parent = v->dev;
	ret = misc_register(&v->misc);
	if (!ret)
		dev_info(v->dev, "%s maps its streams\n",
			 v->client.stream ? "Linux" : "a hypervisor");
	return ret;
}

static void video_remove(struct platform_device *pdev)
{
	struct pil_video *v = platform_get_drvdata(pdev);

	misc_deregister(&v->misc);
}

static const struct of_device_id video_match[] = {
	{ .compatible = "pilot,virt-video" },
	{ }
};
MODULE_DEVICE_TABLE(of, video_match);

static struct platform_driver video_driver = {
	.probe = video_probe,
	.remove = video_remove,
	.driver = {
		.name = "pilot-video",
		.of_match_table = video_match,
		.dev_groups = video_groups,
		.pm = pm_ptr(&pil_video_pm_ops),
		/* an open file would outlive the device */
		.suppress_bind_attrs = true,
	},
};
module_platform_driver(video_driver);

MODULE_DESCRIPTION("Video-like core of Pilot's board virt");
MODULE_LICENSE("GPL");
