// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a crash comes to light: an interrupt of a watchdog that is Linux's, and
 * a service of the TEE for what only the secure world can see. A thread waits
 * in that service while the processor runs; each wait is short, so that the
 * thread can be ended.
 */
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/of.h>
#include <linux/of_irq.h>
#include <linux/tee_drv.h>

#include "rproc_tee.h"

#define WAIT_MS		1000

static const uuid_t events_uuid =
	UUID_INIT(0x5c1f0c5e, 0x96f1, 0x4d5b,
		  0x9d, 0x0b, 0x31, 0xf4, 0xa1, 0xc6, 0xa7, 0xde);

/* Several may notice the same crash: one report for each life. */
void rproc_tee_crashed(struct rproc_tee *t, enum rproc_crash_type type)
{
	if (READ_ONCE(t->listening) && !test_and_set_bit(0, &t->reported))
		rproc_report_crash(t->rproc, type);
}

bool rproc_tee_has_crashed(struct rproc_tee *t)
{
	u32 state = PIL_TEE_STATE_OFF;

	return !rproc_tee_get_state(t, &state) &&
	       state == PIL_TEE_STATE_CRASHED;
}

static irqreturn_t wdog_irq(int irq, void *data)
{
	struct rproc_tee *t = data;

	dev_err(t->dev, "watchdog of %s\n", t->rproc->name);
	rproc_tee_crashed(t, RPROC_WATCHDOG);
	return IRQ_HANDLED;
}

static int wait_event_once(struct rproc_tee *t, u32 *event)
{
	struct tee_param param[4] = { };
	int ret;

	param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	param[0].u.value.a = t->processor->id;
	param[0].u.value.b = WAIT_MS;
	param[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT;
	ret = rproc_tee_invoke(t->dev, t->processor->ctx, t->events,
			       PIL_TEE_EVENTS_WAIT, param);
	if (!ret)
		*event = param[1].u.value.a;
	else
		dev_warn(t->dev, "no more events of the TEE in this life\n");
	return ret;
}

/* The event may be older than this life: only the state tells. */
static void handle_event(struct rproc_tee *t, u32 event)
{
	bool wdog = event == PIL_TEE_EVENT_WATCHDOG;

	if (!rproc_tee_has_crashed(t)) {
		dev_dbg(t->dev, "event %u of an earlier life\n", event);
		return;
	}
	dev_err(t->dev, "%s of %s, as the TEE sees it\n",
		wdog ? "watchdog" : "crash", t->rproc->name);
	rproc_tee_crashed(t, wdog ? RPROC_WATCHDOG : RPROC_FATAL_ERROR);
}

static bool wants_events(struct rproc_tee *t)
{
	return READ_ONCE(t->listening) && !READ_ONCE(t->deaf);
}

static int listen_fn(void *data)
{
	struct rproc_tee *t = data;
	u32 event = PIL_TEE_EVENT_NONE;
	int ret;

	while (!kthread_should_stop()) {
		wait_event_interruptible(t->wake, wants_events(t) ||
					 kthread_should_stop());
		if (!wants_events(t) || kthread_should_stop())
			continue;
		ret = wait_event_once(t, &event);
		if (ret)
			WRITE_ONCE(t->deaf, true);
		else if (event != PIL_TEE_EVENT_NONE)
			handle_event(t, event);
	}
	return 0;
}

void rproc_tee_listen(struct rproc_tee *t, bool on)
{
	WRITE_ONCE(t->deaf, false);
	WRITE_ONCE(t->listening, on);
	if (on)
		wake_up(&t->wake);
}

static int get_wdog(struct rproc_tee *t)
{
	int ret;

	if (!of_property_present(t->dev->of_node, "interrupts") &&
	    !of_property_present(t->dev->of_node, "interrupts-extended"))
		return 0;
	ret = of_irq_get(t->dev->of_node, 0);
	if (ret <= 0)
		return dev_err_probe(t->dev, ret ?: -ENXIO,
				     "no watchdog interrupt\n");
	t->wdog = ret;
	device_init_wakeup(t->dev, of_property_read_bool(t->dev->of_node,
							 "wakeup-source"));
	return devm_request_threaded_irq(t->dev, t->wdog, NULL, wdog_irq,
					 IRQF_ONESHOT, dev_name(t->dev), t);
}

static void stop_listener(void *data)
{
	struct rproc_tee *t = data;

	kthread_stop(t->listener);
	tee_client_close_session(t->processor->ctx, t->events);
}

int rproc_tee_events_init(struct rproc_tee *t)
{
	int ret;

	init_waitqueue_head(&t->wake);
	ret = get_wdog(t);
	if (ret || !t->processor->full)
		return ret;
	if (rproc_tee_open(t->dev, t->processor->ctx, &events_uuid, NULL,
			   &t->events)) {
		dev_info(t->dev, "the TEE reports no events\n");
		return 0;
	}
	t->listener = kthread_run(listen_fn, t, "%s", dev_name(t->dev));
	if (IS_ERR(t->listener)) {
		tee_client_close_session(t->processor->ctx, t->events);
		return PTR_ERR(t->listener);
	}
	return devm_add_action_or_reset(t->dev, stop_listener, t);
}
