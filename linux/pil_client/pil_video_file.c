// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/pilot-video: one write is one job: width and height (32 bits each,
 * little endian), a table of 256 bytes, then the frame. The write returns when
 * the job is done; then the other frame can be read from the same open file,
 * from its beginning. A core whose power has collapsed is restored for it.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/byteorder.h>

#include <pilot/wire/video.h>

#include "pil_video.h"

struct video_job {
	__le32 width;
	__le32 height;
	u8 table[PIL_VIDEO_TABLE_SIZE];
	u8 frame[];
};

/* under the driver's lock */
struct video_file {
	struct pil_video *v;
	u8 *frame;
	size_t size;
};

static int on_core(struct pil_video *v, const struct video_job *job,
		   size_t pixels, u8 *to)
{
	int ret;

	memcpy(v->tables.va, job->table, sizeof(job->table));
	memcpy(v->frames.va, job->frame, pixels);
	ret = pil_video_run_job(v, le32_to_cpu(job->width),
				le32_to_cpu(job->height));
	if (!ret)
		memcpy(to, v->frames.va + PIL_VIDEO_FRAME_MAX, pixels);
	return ret;
}

static int do_job(struct pil_video *v, const struct video_job *job,
		  size_t pixels, u8 *to)
{
	u64 wanted = (u64)le32_to_cpu(job->width) * le32_to_cpu(job->height);
	int ret;

	if (wanted != pixels)
		return -EINVAL;
	if (v->state != VIDEO_RUNNING)
		return -ENODEV;
	ret = pil_video_power_get(v);
	if (ret)
		return ret;
	ret = on_core(v, job, pixels, to);
	pil_video_power_put(v);
	return ret;
}

/* what an earlier job left is gone in any case */
static int replace_frame(struct video_file *f, const struct video_job *job,
			 size_t pixels)
{
	int ret;

	ret = mutex_lock_interruptible(&f->v->lock);
	if (ret)
		return ret;
	kvfree(f->frame);
	f->size = 0;
	f->frame = kvmalloc(pixels, GFP_KERNEL);
	ret = f->frame ? do_job(f->v, job, pixels, f->frame) : -ENOMEM;
	if (!ret)
		f->size = pixels;
	mutex_unlock(&f->v->lock);
	return ret;
}

static ssize_t video_write(struct file *file, const char __user *from,
			   size_t count, loff_t *pos)
{
	struct video_job *job;
	int ret;

	if (count <= sizeof(*job) ||
	    count - sizeof(*job) > PIL_VIDEO_FRAME_MAX)
		return -EINVAL;
	job = vmemdup_user(from, count);
	if (IS_ERR(job))
		return PTR_ERR(job);
	ret = replace_frame(file->private_data, job, count - sizeof(*job));
	kvfree(job);
	if (ret)
		return ret;
	*pos = 0;
	return count;
}

static ssize_t video_read(struct file *file, char __user *to, size_t count,
			  loff_t *pos)
{
	struct video_file *f = file->private_data;
	ssize_t ret;

	ret = mutex_lock_interruptible(&f->v->lock);
	if (ret)
		return ret;
	ret = simple_read_from_buffer(to, count, pos, f->frame, f->size);
	mutex_unlock(&f->v->lock);
	return ret;
}

/* misc_open() has put the device there */
static int video_open(struct inode *inode, struct file *file)
{
	struct video_file *f;

	f = kzalloc_obj(*f);
	if (!f)
		return -ENOMEM;
	f->v = container_of(file->private_data, struct pil_video, misc);
	file->private_data = f;
	return 0;
}

static int video_release(struct inode *inode, struct file *file)
{
	struct video_file *f = file->private_data;

	kvfree(f->frame);
	kfree(f);
	return 0;
}

const struct file_operations pil_video_fops = {
	.owner = THIS_MODULE,
	.open = video_open,
	.release = video_release,
	.write = video_write,
	.read = video_read,
	.llseek = default_llseek,
};
