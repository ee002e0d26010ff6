// SPDX-License-Identifier: GPL-2.0-only
/*
 * "Not yet" and "never" are told apart here: the device tree may promise a
 * service that the TEE does not have. Nothing is deferred for it, because the
 * TEE bus offers the service whenever it appears; but after a while it is said
 * what is missing.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/tee_drv.h>
#include <linux/workqueue.h>

#include "rproc_tee.h"

static unsigned int patience_ms = 10000;
module_param(patience_ms, uint, 0444);
MODULE_PARM_DESC(patience_ms, "until an absent service is reported");

static bool present;

static int any_tee(struct tee_ioctl_version_data *version, const void *data)
{
	return version->impl_id == TEE_IMPL_ID_OPTEE;
}

static void report(struct work_struct *work)
{
	struct tee_context *ctx;
	struct device_node *np;

	if (READ_ONCE(present))
		return;
	np = rproc_tee_service_node();
	if (!np)
		return;
	ctx = tee_client_open_context(NULL, any_tee, NULL, NULL);
	if (IS_ERR(ctx)) {
		pr_warn("%s: %pOF: there is no OP-TEE, or its driver is not loaded yet\n",
			KBUILD_MODNAME, np);
	} else {
		pr_err("%s: %pOF: OP-TEE offers no such service: its processors are out of reach\n",
		       KBUILD_MODNAME, np);
		tee_client_close_context(ctx);
	}
	of_node_put(np);
}

static DECLARE_DELAYED_WORK(report_work, report);

/* a TEE that comes late shows by its first device: look again a bit later */
static int tee_bus_event(struct notifier_block *block, unsigned long event,
			 void *data)
{
	if (event == BUS_NOTIFY_ADD_DEVICE)
		mod_delayed_work(system_dfl_wq, &report_work,
				 msecs_to_jiffies(patience_ms));
	return NOTIFY_DONE;
}

static struct notifier_block tee_bus_notifier = {
	.notifier_call = tee_bus_event,
};

/* also of a service that turned out to be of no use */
void rproc_tee_present(bool now)
{
	WRITE_ONCE(present, now);
}

int rproc_tee_absent_init(void)
{
	int ret;

	ret = bus_register_notifier(&tee_bus_type, &tee_bus_notifier);
	if (ret)
		return ret;
	queue_delayed_work(system_dfl_wq, &report_work,
			   msecs_to_jiffies(patience_ms));
	return 0;
}

void rproc_tee_absent_exit(void)
{
	bus_unregister_notifier(&tee_bus_type, &tee_bus_notifier);
	cancel_delayed_work_sync(&report_work);
}
