/* SPDX-License-Identifier: GPL-2.0-only */
/* The video core's driver: what its files share. */
#ifndef PIL_VIDEO_H
#define PIL_VIDEO_H

#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/pm.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "pil_client.h"

/* an emulated machine that others keep busy may take its time */
#define PIL_VIDEO_WAIT	(60 * HZ)

struct qcom_smem_state;

enum pil_video_state {
	VIDEO_OFFLINE,
	VIDEO_RUNNING,			/* or collapsed */
	VIDEO_CRASHED,
};

/* memory that the core shares, and where it sees it */
struct pil_video_memory {
	void *va;
	phys_addr_t phys;
	size_t size;
	u32 address;
};

struct pil_video {
	struct device *dev;
	struct pil_client client;
	struct pil_client_stream *nonpixel;
	struct pil_client_stream *pixel;
	struct pil_video_memory queue;
	struct pil_video_memory tables;
	struct pil_video_memory frames;
	struct qcom_smem_state *call;
	unsigned int call_bit;
	bool call_level;
	struct completion ready;
	struct completion answered;
	bool dead;			/* set by interrupts */
	struct work_struct recovery;
	struct miscdevice misc;
	bool collapsed;			/* by runtime PM, until it is stopped */
	/* the rest, and what the core does, under this: */
	struct mutex lock;
	enum pil_video_state state;
	unsigned int crashes;
	u32 put;
};

/* pil_video.c: from anywhere. The core is not what it should be */
void pil_video_lost(struct pil_video *v);

/* pil_video_file.c: /dev/pilot-video */
extern const struct file_operations pil_video_fops;

/* pil_video_power.c: all but the callbacks under the lock */
extern const struct dev_pm_ops pil_video_pm_ops;

/* Before the callbacks' device is the core's. Undone with the device */
int pil_video_power_init(struct pil_video *v);

/* The core is running and stays up until pil_video_power_put() */
int pil_video_power_get(struct pil_video *v);

/* The core stays as it is, up or collapsed, until pil_video_power_put() */
void pil_video_power_hold(struct pil_video *v);

/* The core may collapse again once it has been idle for long enough */
void pil_video_power_put(struct pil_video *v);

/* Collapse now. Return: 0 or a negative error: somebody holds it */
int pil_video_power_collapse(struct pil_video *v);

/* pil_video_queue.c: all under the lock, but for the interrupts' completions */
void pil_video_queue_reset(struct pil_video *v);
bool pil_video_queue_served(struct pil_video *v);

/* The frame and the table are in their places. -EIO: the core died */
int pil_video_run_job(struct pil_video *v, u32 width, u32 height);

#endif
