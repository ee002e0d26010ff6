// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox channels of a processor. A ring is all there is to a message. The
 * processor rings vq0 and vq1 when it has put something into a queue, and
 * answers to shutdown and detach by ringing the same channel.
 */
#include <linux/jiffies.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/of.h>

#include "remoteproc_private.h"
#include "rproc_tee.h"

static unsigned int ack_ms = 1000;
module_param(ack_ms, uint, 0644);
MODULE_PARM_DESC(ack_ms, "for a processor to answer shutdown and detach");

static const char * const names[RPROC_TEE_CHANNELS] = {
	[PIL_DOORBELL_VQ0] = "vq0",
	[PIL_DOORBELL_VQ1] = "vq1",
	[PIL_DOORBELL_SHUTDOWN] = "shutdown",
	[PIL_DOORBELL_DETACH] = "detach",
};

static void queue_work_fn(struct work_struct *work)
{
	struct rproc_tee_channel *channel;

	channel = container_of(work, struct rproc_tee_channel, work);
	rproc_vq_interrupt(channel->t->rproc, channel - channel->t->channel);
}

static void rang(struct mbox_client *client, void *message)
{
	struct rproc_tee_channel *channel;
	struct rproc_tee *t;

	channel = container_of(client, struct rproc_tee_channel, client);
	t = channel->t;
	if (channel - t->channel <= PIL_DOORBELL_VQ1)
		queue_work(t->queue, &channel->work);
	else
		complete(&channel->acked);
}

static void put_channel(void *chan)
{
	mbox_free_channel(chan);
}

static int get_channel(struct rproc_tee *t, struct rproc_tee_channel *channel,
		       const char *name)
{
	struct mbox_chan *chan;

	channel->t = t;
	init_completion(&channel->acked);
	INIT_WORK(&channel->work, queue_work_fn);
	if (of_property_match_string(t->dev->of_node, "mbox-names", name) < 0)
		return 0;
	channel->client.dev = t->dev;
	channel->client.knows_txdone = true;
	channel->client.rx_callback = rang;
	chan = mbox_request_channel_byname(&channel->client, name);
	if (IS_ERR(chan))
		return dev_err_probe(t->dev, PTR_ERR(chan), "no mailbox %s\n",
				     name);
	channel->chan = chan;
	return devm_add_action_or_reset(t->dev, put_channel, chan);
}

static void put_queue(void *queue)
{
	destroy_workqueue(queue);
}

int rproc_tee_mailbox_get(struct rproc_tee *t)
{
	int ret, i;

	t->queue = alloc_ordered_workqueue("%s", 0, dev_name(t->dev));
	if (!t->queue)
		return -ENOMEM;
	ret = devm_add_action_or_reset(t->dev, put_queue, t->queue);
	for (i = 0; !ret && i < RPROC_TEE_CHANNELS; i++)
		ret = get_channel(t, &t->channel[i], names[i]);
	return ret;
}

static int ring(struct rproc_tee_channel *channel)
{
	int ret;

	ret = mbox_send_message(channel->chan, NULL);
	if (ret < 0)
		return ret;
	if (channel->chan->txdone_method == MBOX_TXDONE_BY_ACK)
		mbox_client_txdone(channel->chan, 0);
	return 0;
}

void rproc_tee_kick(struct rproc *rproc, int vqid)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	if (vqid < 0 || vqid > PIL_DOORBELL_VQ1 || !t->channel[vqid].chan) {
		dev_warn_ratelimited(t->dev, "no mailbox for queue %d\n",
				     vqid);
		return;
	}
	ret = ring(&t->channel[vqid]);
	if (ret)
		dev_warn_ratelimited(t->dev, "queue %d was not rung: %d\n",
				     vqid, ret);
}

/* Returns 0 when it has answered, or has no such channel. */
int rproc_tee_ask(struct rproc_tee *t, unsigned int which)
{
	struct rproc_tee_channel *channel = &t->channel[which];
	int ret;

	if (!channel->chan)
		return 0;
	reinit_completion(&channel->acked);
	ret = ring(channel);
	if (!ret && !wait_for_completion_timeout(&channel->acked,
						 msecs_to_jiffies(ack_ms)))
		ret = -ETIMEDOUT;
	if (ret)
		dev_warn(t->dev, "no answer on mailbox %s after %u ms: %d\n",
			 names[which], ack_ms, ret);
	return ret;
}

/* nothing that came in so far is told to virtio any more */
void rproc_tee_mailbox_quiet(struct rproc_tee *t)
{
	cancel_work_sync(&t->channel[PIL_DOORBELL_VQ0].work);
	cancel_work_sync(&t->channel[PIL_DOORBELL_VQ1].work);
}
