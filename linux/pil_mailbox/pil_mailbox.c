// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox of a remote core of the board virt: a doorbell page, of counters for
 * each channel and direction, and an interrupt for each direction. The host's
 * is raised by a write to a register that a syscon has; see wire/doorbell.h.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mailbox_controller.h>
#include <linux/mfd/syscon.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/regmap.h>

#include <pilot/wire/doorbell.h>

#define PAGE_BYTES	(PIL_DOORBELL_FROM_CORE + 4 * PIL_DOORBELL_CHANNELS)
#define REGISTER_BITS	32

/**
 * struct pil_mailbox - the mailbox of a core
 * @controller: the framework's
 * @chan:       its channels
 * @page:       the doorbell page
 * @ring:       register that rings the core
 * @offset:     of that register
 * @bit:        in that register
 * @lock:       for what follows
 * @seen:       counters of the core, when they were last looked at
 * @open:       bit for each channel that has a client
 */
struct pil_mailbox {
	struct mbox_controller controller;
	struct mbox_chan chan[PIL_DOORBELL_CHANNELS];
	void __iomem *page;
	struct regmap *ring;
	unsigned int offset;
	unsigned int bit;
	spinlock_t lock; /* for @seen and @open */
	u32 seen[PIL_DOORBELL_CHANNELS];
	unsigned long open;
};

static unsigned int number(struct mbox_chan *chan)
{
	return chan - chan->mbox->chans;
}

static struct pil_mailbox *mailbox(struct mbox_chan *chan)
{
	return container_of(chan->mbox, struct pil_mailbox, controller);
}

static u32 from_core(struct pil_mailbox *m, unsigned int channel)
{
	return readl(m->page + PIL_DOORBELL_FROM_CORE + 4 * channel);
}

/* Only Linux writes this counter: writel() orders what was said before it. */
static int send_data(struct mbox_chan *chan, void *message)
{
	struct pil_mailbox *m = mailbox(chan);
	void __iomem *counter;

	counter = m->page + PIL_DOORBELL_TO_CORE + 4 * number(chan);
	writel(readl(counter) + 1, counter);
	return regmap_write(m->ring, m->offset, BIT(m->bit));
}

/* what the core rang before there was a client is nobody's */
static int startup(struct mbox_chan *chan)
{
	struct pil_mailbox *m = mailbox(chan);
	unsigned int channel = number(chan);

	guard(spinlock_irqsave)(&m->lock);
	m->seen[channel] = from_core(m, channel);
	m->open |= BIT(channel);
	return 0;
}

static void shutdown(struct mbox_chan *chan)
{
	struct pil_mailbox *m = mailbox(chan);

	guard(spinlock_irqsave)(&m->lock);
	m->open &= ~BIT(number(chan));
}

static const struct mbox_chan_ops channel_ops = {
	.send_data = send_data,
	.startup = startup,
	.shutdown = shutdown,
};

/* A client is called with the lock held: once it is closed, it is quiet. */
static irqreturn_t rang(int irq, void *data)
{
	struct pil_mailbox *m = data;
	irqreturn_t ret = IRQ_NONE;
	unsigned int channel;
	u32 counter;

	guard(spinlock_irqsave)(&m->lock);
	for_each_set_bit(channel, &m->open, PIL_DOORBELL_CHANNELS) {
		counter = from_core(m, channel);
		if (counter == m->seen[channel])
			continue;
		m->seen[channel] = counter;
		mbox_chan_received_data(&m->chan[channel], NULL);
		ret = IRQ_HANDLED;
	}
	return ret;
}

static int get_ring(struct device *dev, struct pil_mailbox *m)
{
	unsigned int args[2];

	m->ring = syscon_regmap_lookup_by_phandle_args(dev->of_node,
						       "pilot,ring",
						       ARRAY_SIZE(args), args);
	if (IS_ERR(m->ring))
		return dev_err_probe(dev, PTR_ERR(m->ring), "no pilot,ring\n");
	if (args[1] >= REGISTER_BITS)
		return dev_err_probe(dev, -EINVAL, "pilot,ring: bit %u\n",
				     args[1]);
	m->offset = args[0];
	m->bit = args[1];
	return 0;
}

static int get_page(struct platform_device *pdev, struct pil_mailbox *m)
{
	struct resource *res;

	m->page = devm_platform_get_and_ioremap_resource(pdev, 0, &res);
	if (IS_ERR(m->page))
		return PTR_ERR(m->page);
	if (resource_size(res) < PAGE_BYTES)
		return dev_err_probe(&pdev->dev, -EINVAL,
				     "doorbell page of %pa bytes\n",
				     &(resource_size_t){ resource_size(res) });
	return 0;
}

static int pil_mailbox_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct pil_mailbox *m;
	int ret, irq;

	m = devm_kzalloc(dev, sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	spin_lock_init(&m->lock);
	ret = get_page(pdev, m);
	if (ret)
		return ret;
	ret = get_ring(dev, m);
	if (ret)
		return ret;
	m->controller.dev = dev;
	m->controller.ops = &channel_ops;
	m->controller.chans = m->chan;
	m->controller.num_chans = ARRAY_SIZE(m->chan);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	ret = devm_request_irq(dev, irq, rang, 0, dev_name(dev), m);
	if (ret)
		return dev_err_probe(dev, ret, "no interrupt\n");
	return devm_mbox_controller_register(dev, &m->controller);
}

static const struct of_device_id ids[] = {
	{ .compatible = "pilot,virt-doorbell" },
	{ }
};
MODULE_DEVICE_TABLE(of, ids);

static struct platform_driver pil_mailbox_driver = {
	.probe = pil_mailbox_probe,
	.driver = {
		.name = KBUILD_MODNAME,
		.of_match_table = ids,
	},
};

module_platform_driver(pil_mailbox_driver);
MODULE_DESCRIPTION("Mailbox of a remote core of the board virt");
MODULE_LICENSE("GPL");
