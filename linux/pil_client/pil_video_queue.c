// SPDX-License-Identifier: GPL-2.0-only
/* The queue of the video core: pilot/wire/video.h. */
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/soc/qcom/smem_state.h>
#include <asm/barrier.h>
#include <asm/byteorder.h>

#include <pilot/wire/video.h>

#include "pil_video.h"

static u32 queue_get(struct pil_video *v, u32 offset)
{
	return le32_to_cpu(READ_ONCE(*(__le32 *)(v->queue.va + offset)));
}

static void queue_put(struct pil_video *v, u32 offset, u32 value)
{
	WRITE_ONCE(*(__le32 *)(v->queue.va + offset), cpu_to_le32(value));
}

void pil_video_queue_reset(struct pil_video *v)
{
	queue_put(v, PIL_VIDEO_MAGIC, 0);
	v->put = 0;
}

bool pil_video_queue_served(struct pil_video *v)
{
	return queue_get(v, PIL_VIDEO_MAGIC) == PIL_VIDEO_MAGIC_VALUE;
}

/* smp2p rings the core at each change; which way it goes means nothing */
static int ring(struct pil_video *v)
{
	u32 bit = BIT(v->call_bit);

	v->call_level = !v->call_level;
	return qcom_smem_state_update_bits(v->call, bit,
					   v->call_level ? bit : 0);
}

static u32 fill_slot(struct pil_video *v, u32 width, u32 height)
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

static int wait_answer(struct pil_video *v, u32 slot)
{
	unsigned long end = jiffies + PIL_VIDEO_WAIT;

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
int pil_video_run_job(struct pil_video *v, u32 width, u32 height)
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
