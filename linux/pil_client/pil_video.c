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
 * /dev/pilot-video
 *	one write is one job: width and height (32 bits each, little endian), a
 *	table of 256 bytes, then the frame. The write returns when the job is
 *	done; then the other frame can be read. Resumes a suspended core.
 */
#include <linux/completion.h>
#include <linux/firmware/qcom/qcom_scm.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/soc/qcom/smem.h>
#include <linux/soc/qcom/smem_state.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include <pilot/wire/video.h>

#include "pil_client.h"

#define PAS_ID		9
#define REMOTE_ID	0
#define CRASH_ITEM	640
#define WAIT		(60 * HZ)

/* addresses for streams that are Linux's own: unlike any physical ones */
#define IOVA_TABLES	0x10000000
#define IOVA_FRAMES	0x20000000

enum video_state {
	VIDEO_OFFLINE,
	VIDEO_RUNNING,
	VIDEO_SUSPENDED,
	VIDEO_CRASHED,
};

static const char * const state_names[] = {
	[VIDEO_OFFLINE] = "offline",
	[VIDEO_RUNNING] = "running",
	[VIDEO_SUSPENDED] = "suspended",
	[VIDEO_CRASHED] = "crashed",
};

/* memory that the core shares, and where it sees it */
struct video_memory {
	void *va;
	phys_addr_t phys;
	size_t size;
	u32 address;
};

struct video {
	struct device *dev;
	struct pil_client client;
	struct pil_client_stream *nonpixel;
	struct pil_client_stream *pixel;
	struct video_memory queue;
	struct video_memory tables;
	struct video_memory frames;
	struct qcom_smem_state *call;
	unsigned int call_bit;
	bool call_level;
	struct completion ready;
	struct completion answered;
	bool dead;			/* set by interrupts */
	struct work_struct recovery;
	struct miscdevice misc;
	/* the rest, and what the core does, under this: */
	struct mutex lock;
	enum video_state state;
	unsigned int crashes;
	u32 put;
	size_t result_size;
};

/* what a job looks like to user space */
struct video_job {
	__le32 width;
	__le32 height;
	u8 table[PIL_VIDEO_TABLE_SIZE];
	u8 frame[];
};

static u32 queue_get(struct video *v, u32 offset)
{
	return le32_to_cpu(READ_ONCE(*(__le32 *)(v->queue.va + offset)));
}

static void queue_put(struct video *v, u32 offset, u32 value)
{
	WRITE_ONCE(*(__le32 *)(v->queue.va + offset), cpu_to_le32(value));
}

static int open_streams(struct video *v)
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

static void close_streams(struct video *v)
{
	pil_client_stream_close(v->pixel);
	pil_client_stream_close(v->nonpixel);
}

static int video_stop(struct video *v)
{
	int ret;

	ret = pil_client_stop(&v->client);
	if (ret)
		return ret;
	close_streams(v);
	v->state = VIDEO_OFFLINE;
	return 0;
}

static int wait_ready(struct video *v)
{
	if (!wait_for_completion_timeout(&v->ready, WAIT))
		return -ETIMEDOUT;
	if (READ_ONCE(v->dead))
		return -EIO;
	return queue_get(v, PIL_VIDEO_MAGIC) == PIL_VIDEO_MAGIC_VALUE ?
		0 : -EPROTO;
}

static int video_start(struct video *v)
{
	int ret;

	WRITE_ONCE(v->dead, false);
	reinit_completion(&v->ready);
	reinit_completion(&v->answered);
	queue_put(v, PIL_VIDEO_MAGIC, 0);
	v->put = 0;
	v->result_size = 0;
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

static int video_power(struct video *v, bool on)
{
	int ret;

	ret = pil_client_power(&v->client, on);
	if (ret)
		return ret;
	v->state = on ? VIDEO_RUNNING : VIDEO_SUSPENDED;
	return 0;
}

static void log_crash(struct video *v)
{
	const char *text;
	size_t size;

	text = qcom_smem_get(QCOM_SMEM_HOST_ANY, CRASH_ITEM, &size);
	if (IS_ERR(text) || !size || !text[0])
		dev_err(v->dev, "crashed, without a reason\n");
	else
		dev_err(v->dev, "crashed: %.*s\n",
			(int)strnlen(text, size), text);
}

static void video_recover(struct work_struct *work)
{
	struct video *v = container_of(work, struct video, recovery);
	int ret;

	mutex_lock(&v->lock);
	if (v->state == VIDEO_OFFLINE || !READ_ONCE(v->dead))
		goto out;
	log_crash(v);
	v->crashes++;
	v->state = VIDEO_CRASHED;
	ret = video_stop(v);
	if (!ret)
		ret = video_start(v);
	if (ret) {
		dev_err(v->dev, "was not recovered: %d\n", ret);
		v->state = VIDEO_CRASHED;
	}
out:
	mutex_unlock(&v->lock);
}

static irqreturn_t video_died(int irq, void *data)
{
	struct video *v = data;

	WRITE_ONCE(v->dead, true);
	complete(&v->ready);
	complete(&v->answered);
	schedule_work(&v->recovery);
	return IRQ_HANDLED;
}

static irqreturn_t video_is_ready(int irq, void *data)
{
	struct video *v = data;

	complete(&v->ready);
	return IRQ_HANDLED;
}

static irqreturn_t video_answered(int irq, void *data)
{
	struct video *v = data;

	complete(&v->answered);
	return IRQ_HANDLED;
}

/* smp2p rings the core at each change; which way it goes means nothing */
static int ring(struct video *v)
{
	v->call_level = !v->call_level;
	return qcom_smem_state_update_bits(v->call, BIT(v->call_bit),
					   v->call_level ? BIT(v->call_bit) : 0);
}

static u32 fill_slot(struct video *v, u32 width, u32 height)
{
	u32 slot;

	slot = PIL_VIDEO_SLOT0 +
	       v->put % PIL_VIDEO_SLOTS * PIL_VIDEO_SLOT_SIZE;
	queue_put(v, slot + PIL_VIDEO_COMMAND, PIL_VIDEO_MIRROR);
	queue_put(v, slot + PIL_VIDEO_STATUS, 0);
	queue_put(v, slot + PIL_VIDEO_WIDTH, width);
	queue_put(v, slot + PIL_VIDEO_HEIGHT, height);
	queue_put(v, slot + PIL_VIDEO_SOURCE, v->frames.address);
	queue_put(v, slot + PIL_VIDEO_TARGET,
		  v->frames.address + PIL_VIDEO_FRAME_MAX);
	queue_put(v, slot + PIL_VIDEO_TABLE, v->tables.address);
	return slot;
}

static int wait_answer(struct video *v, u32 slot)
{
	unsigned long end = jiffies + WAIT;

	while (queue_get(v, PIL_VIDEO_DONE) != v->put) {
		if (READ_ONCE(v->dead))
			return -EIO;
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		wait_for_completion_timeout(&v->answered, HZ);
	}
	dma_rmb();
	return queue_get(v, slot + PIL_VIDEO_STATUS) == PIL_VIDEO_OK ?
		0 : -EINVAL;
}

/* one at a time: the queue has room for more, the frames have not */
static int run_job(struct video *v, u32 width, u32 height)
{
	u32 slot;
	int ret;

	reinit_completion(&v->answered);
	slot = fill_slot(v, width, height);
	v->put++;
	dma_wmb();
	queue_put(v, PIL_VIDEO_PUT, v->put);
	ret = ring(v);
	return ret ? ret : wait_answer(v, slot);
}

static int do_job(struct video *v, const struct video_job *job, size_t pixels)
{
	u32 width = le32_to_cpu(job->width), height = le32_to_cpu(job->height);
	int ret;

	if ((u64)width * height != pixels)
		return -EINVAL;
	if (v->state == VIDEO_SUSPENDED) {
		ret = video_power(v, true);
		if (ret)
			return ret;
	}
	if (v->state != VIDEO_RUNNING)
		return -ENODEV;
	v->result_size = 0;
	memcpy(v->tables.va, job->table, sizeof(job->table));
	memcpy(v->frames.va, job->frame, pixels);
	ret = run_job(v, width, height);
	if (!ret)
		v->result_size = pixels;
	return ret;
}

static struct video *video_of(struct file *file)
{
	return container_of(file->private_data, struct video, misc);
}

static ssize_t video_write(struct file *file, const char __user *from,
			   size_t count, loff_t *pos)
{
	struct video *v = video_of(file);
	struct video_job *job;
	int ret;

	if (count <= sizeof(*job) ||
	    count - sizeof(*job) > PIL_VIDEO_FRAME_MAX)
		return -EINVAL;
	job = vmemdup_user(from, count);
	if (IS_ERR(job))
		return PTR_ERR(job);
	ret = mutex_lock_interruptible(&v->lock);
	if (!ret) {
		ret = do_job(v, job, count - sizeof(*job));
		mutex_unlock(&v->lock);
	}
	kvfree(job);
	return ret ? ret : count;
}

static ssize_t video_read(struct file *file, char __user *to, size_t count,
			  loff_t *pos)
{
	struct video *v = video_of(file);
	ssize_t ret;

	ret = mutex_lock_interruptible(&v->lock);
	if (ret)
		return ret;
	ret = simple_read_from_buffer(to, count, pos,
				      v->frames.va + PIL_VIDEO_FRAME_MAX,
				      v->result_size);
	mutex_unlock(&v->lock);
	return ret;
}

static const struct file_operations video_fops = {
	.owner = THIS_MODULE,
	.write = video_write,
	.read = video_read,
	.llseek = default_llseek,
};

static int obey(struct video *v, const char *word)
{
	if (sysfs_streq(word, "start"))
		return v->state == VIDEO_OFFLINE ? video_start(v) : -EBUSY;
	if (sysfs_streq(word, "stop"))
		return v->state == VIDEO_OFFLINE ? -EINVAL : video_stop(v);
	if (sysfs_streq(word, "suspend"))
		return v->state == VIDEO_RUNNING ?
			video_power(v, false) : -EINVAL;
	if (sysfs_streq(word, "resume"))
		return v->state == VIDEO_SUSPENDED ?
			video_power(v, true) : -EINVAL;
	return -EINVAL;
}

static ssize_t state_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct video *v = dev_get_drvdata(dev);
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
	struct video *v = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", state_names[READ_ONCE(v->state)]);
}
static DEVICE_ATTR_RW(state);

static ssize_t crashes_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct video *v = dev_get_drvdata(dev);

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
static int get_memory(struct video *v, const char *name, size_t least,
		      struct pil_client_stream *stream, u32 iova,
		      struct video_memory *m)
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

static int get_all_memory(struct video *v)
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
	ret = get_memory(v, "queue",
			 PIL_VIDEO_SLOT0 + PIL_VIDEO_SLOTS * PIL_VIDEO_SLOT_SIZE,
			 NULL, 0, &v->queue);
	if (!ret)
		ret = get_memory(v, "tables", PIL_VIDEO_TABLE_SIZE, v->nonpixel,
				 IOVA_TABLES, &v->tables);
	if (!ret)
		ret = get_memory(v, "frames", 2 * PIL_VIDEO_FRAME_MAX, v->pixel,
				 IOVA_FRAMES, &v->frames);
	return ret;
}

static int get_streams(struct video *v)
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
	struct video *v = platform_get_drvdata(pdev);
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
	struct video *v = data;

	cancel_work_sync(&v->recovery);
	mutex_lock(&v->lock);
	if (v->state != VIDEO_OFFLINE)
		video_stop(v);
	mutex_unlock(&v->lock);
}

static int get_client(struct video *v)
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

static int get_doorbell(struct video *v)
{
	v->call = devm_qcom_smem_state_get(v->dev, "queue", &v->call_bit);
	if (!IS_ERR(v->call))
		return 0;
	return dev_err_probe(v->dev, PTR_ERR(v->call), "no doorbell\n");
}

static int video_probe(struct platform_device *pdev)
{
	struct video *v;
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
		ret = devm_add_action_or_reset(v->dev, video_end, v);
	if (!ret)
		ret = get_irqs(pdev);
	if (ret)
		return ret;
	v->misc.minor = MISC_DYNAMIC_MINOR;
	v->misc.name = "pilot-video";
	v->misc.fops = &video_fops;
	v->misc.parent = v->dev;
	ret = misc_register(&v->misc);
	if (!ret)
		dev_info(v->dev, "%s maps its streams\n",
			 v->client.stream ? "Linux" : "a hypervisor");
	return ret;
}

static void video_remove(struct platform_device *pdev)
{
	struct video *v = platform_get_drvdata(pdev);

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
		/* an open file would outlive the device */
		.suppress_bind_attrs = true,
	},
};
module_platform_driver(video_driver);

MODULE_DESCRIPTION("Video-like core of Pilot's board virt");
MODULE_LICENSE("GPL");
