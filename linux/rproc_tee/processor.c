// SPDX-License-Identifier: GPL-2.0-only
/*
 * A processor of the service, and its remoteproc.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/pm.h>
#include <linux/tee_drv.h>

#include "rproc_tee.h"

static ssize_t ownership_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	const struct rproc_tee_processor *p = to_rproc_tee_processor(dev);

	return sysfs_emit(buf, "%s\n",
			  rproc_tee_ownership_name(p->ownership));
}
static DEVICE_ATTR_RO(ownership);

static ssize_t processor_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	const struct rproc_tee_processor *p = to_rproc_tee_processor(dev);

	return sysfs_emit(buf, "%u %s\n", p->id, p->name);
}
static DEVICE_ATTR_RO(processor);

static struct attribute *rproc_tee_processor_attrs[] = {
	&dev_attr_ownership.attr,
	&dev_attr_processor.attr,
	NULL
};

static const struct attribute_group rproc_tee_processor_group = {
	.attrs = rproc_tee_processor_attrs,
};

const struct attribute_group *rproc_tee_processor_groups[] = {
	&rproc_tee_processor_group,
	NULL
};

static void close_session(void *data)
{
	struct rproc_tee *t = data;

	if (t->session)
		tee_client_close_session(t->processor->ctx, t->session);
}

static int open_session(struct rproc_tee *t)
{
	int ret;

	ret = rproc_tee_open_own(t);
	return ret ?: devm_add_action_or_reset(t->dev, close_session, t);
}

/*
 * What runs is attached to. What is left of somebody who went away without a
 * word is cleared: it is not known which image it is.
 */
static int take_over(struct rproc_tee *t)
{
	u32 state = PIL_TEE_STATE_OFF;
	int ret;

	if (!t->processor->full)
		return 0;
	ret = rproc_tee_get_state(t, &state);
	if (ret)
		return ret;
	switch (state) {
	case PIL_TEE_STATE_RUNNING:
	case PIL_TEE_STATE_INHERITED:
		t->rproc->state = RPROC_DETACHED;
		t->rproc->auto_boot = true;
		return 0;
	case PIL_TEE_STATE_CRASHED:
	case PIL_TEE_STATE_LOADED:
		dev_warn(t->dev, "%s was left %s: cleared\n", t->rproc->name,
			 state == PIL_TEE_STATE_LOADED ? "loaded" : "crashed");
		return rproc_tee_call(t, PIL_TEE_RPROC_RELEASE);
	default:
		return 0;
	}
}

static int configure_dma(struct rproc_tee *t)
{
	if (!t->dev->of_node)
		return 0;
	t->dev->coherent_dma_mask = DMA_BIT_MASK(32);
	t->dev->dma_mask = &t->dev->coherent_dma_mask;
	return of_dma_configure(t->dev, t->dev->of_node, true);
}

static int set_up(struct rproc_tee *t)
{
	int ret;

	ret = configure_dma(t);
	if (ret)
		return dev_err_probe(t->dev, ret, "bad dma-ranges\n");
	ret = rproc_tee_power_get(t);
	if (ret)
		return ret;
	ret = rproc_tee_mailbox_get(t);
	if (ret)
		return ret;
	ret = open_session(t);
	if (ret)
		return ret;
	ret = rproc_tee_events_init(t);
	if (ret)
		return ret;
	ret = take_over(t);
	return ret ?: rproc_add(t->rproc);
}

static const struct rproc_ops *ops_of(struct rproc_tee_processor *p)
{
	if (p->ownership == PIL_TEE_MANAGED)
		return &rproc_tee_ops;
	if (p->ownership == PIL_TEE_KERNEL && p->full)
		return &rproc_tee_kernel_ops;
	return NULL;
}

static int processor_probe(struct auxiliary_device *adev,
			   const struct auxiliary_device_id *id)
{
	struct rproc_tee_processor *p = to_rproc_tee_processor(&adev->dev);
	const char *firmware = NULL;
	struct rproc *rproc;
	struct rproc_tee *t;

	if (!ops_of(p)) {
		if (p->ownership == PIL_TEE_KERNEL)
			dev_err(&adev->dev, "%s: the service cannot grant processors\n",
				p->name);
		return -ENODEV;
	}
	of_property_read_string(adev->dev.of_node, "firmware-name", &firmware);
	rproc = devm_rproc_alloc(&adev->dev, p->name, ops_of(p), firmware,
				 sizeof(*t));
	if (!rproc)
		return -ENOMEM;
	rproc->auto_boot = false;
	t = rproc->priv;
	t->dev = &adev->dev;
	t->rproc = rproc;
	t->processor = p;
	mutex_init(&t->lock);
	auxiliary_set_drvdata(adev, t);
	return set_up(t);
}

/* Every "start" in sysfs counts; the last "stop" stops. */
static void shut_down(struct rproc *rproc)
{
	while (atomic_read(&rproc->power) > 1)
		if (rproc_shutdown(rproc))
			break;
}

/* What was attached goes on without Linux; what Linux started ends. */
static void processor_remove(struct auxiliary_device *adev)
{
	struct rproc_tee *t = auxiliary_get_drvdata(adev);
	struct rproc *rproc = t->rproc;

	cancel_work_sync(&rproc->attach_work);
	if (rproc->state == RPROC_ATTACHED) {
		while (atomic_read(&rproc->power) > 0)
			if (rproc_detach(rproc))
				break;
	}
	shut_down(rproc);
	rproc_del(rproc);
	if (!t->prepared)
		return;
	/* a recovery that failed leaves everything as it was */
	dev_warn(t->dev, "%s was left half way: cleared\n", rproc->name);
	rproc_tee_unprepare(rproc);
}

static int processor_suspend(struct device *dev)
{
	struct rproc_tee *t = dev_get_drvdata(dev);

	if (t->wdog && device_may_wakeup(dev))
		enable_irq_wake(t->wdog);
	return 0;
}

/* The processor ran all the time; what it did to itself is seen now. */
static int processor_resume(struct device *dev)
{
	struct rproc_tee *t = dev_get_drvdata(dev);

	if (t->wdog && device_may_wakeup(dev))
		disable_irq_wake(t->wdog);
	if (t->listening && t->processor->full && rproc_tee_has_crashed(t))
		rproc_tee_crashed(t, RPROC_FATAL_ERROR);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(processor_pm_ops, processor_suspend,
				processor_resume);

static const struct auxiliary_device_id processor_ids[] = {
	{ .name = KBUILD_MODNAME ".processor" },
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, processor_ids);

struct auxiliary_driver rproc_tee_processor_driver = {
	.name = "processor",
	.probe = processor_probe,
	.remove = processor_remove,
	.id_table = processor_ids,
	.driver = {
		.pm = pm_sleep_ptr(&processor_pm_ops),
	},
};
