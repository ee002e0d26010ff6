// SPDX-License-Identifier: GPL-2.0-only
/*
 * A processor that the TEE manages: Linux hands over images, and neither looks
 * into them nor at the memory that they are loaded to.
 */
#include <linux/firmware.h>

#include "rproc_tee.h"

/* Carve-outs are the framework's; a failed boot does not always free them. */
int rproc_tee_unprepare(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;
	bool runs = t->left_running || t->inherited;
	int ret = 0;

	rproc_tee_mailbox_quiet(t);
	rproc_resource_cleanup(rproc);
	rproc_tee_drop_dump(t);
	rproc_tee_unmap(t);
	t->prepared = false;
	if (!runs)
		ret = rproc_tee_call(t, PIL_TEE_RPROC_RELEASE);
	t->loaded = false;
	rproc_tee_power_off(t, runs);
	return ret;
}

/* held, and its memory is Linux's to write, until it runs */
int rproc_tee_grant(struct rproc_tee *t)
{
	int ret;

	ret = rproc_tee_call(t, PIL_TEE_RPROC_GRANT);
	t->loaded = !ret;
	return ret;
}

int rproc_tee_prepare(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	t->inherited = rproc->state == RPROC_DETACHED;
	ret = rproc_tee_power_on(t);
	if (ret)
		return ret;
	t->prepared = true;
	if (t->processor->ownership == PIL_TEE_KERNEL && !t->inherited)
		ret = rproc_tee_grant(t);
	if (!ret)
		ret = rproc_tee_map(t);
	if (!ret)
		ret = rproc_tee_add_carveouts(t);
	if (ret)
		rproc_tee_unprepare(rproc);
	return ret;
}

static int load_image(struct rproc_tee *t, const struct firmware *fw)
{
	int ret;

	ret = rproc_tee_load(t, fw->data, fw->size);
	t->loaded = !ret;
	return ret;
}

/* the resource table is known only when the image is loaded */
static int parse_fw(struct rproc *rproc, const struct firmware *fw)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	ret = load_image(t, fw);
	return ret ?: rproc_tee_cache_table(t);
}

/* recovery starts here: then it is to be loaded again */
static int load(struct rproc *rproc, const struct firmware *fw)
{
	struct rproc_tee *t = rproc->priv;

	return t->loaded ? 0 : load_image(t, fw);
}

void rproc_tee_started(struct rproc_tee *t)
{
	t->loaded = false;
	t->left_running = false;
	clear_bit(0, &t->reported);
	rproc_tee_listen(t, true);
}

static int start(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	ret = rproc_tee_call(t, PIL_TEE_RPROC_START);
	if (!ret)
		rproc_tee_started(t);
	return ret;
}

/* Ask, wait, force. */
int rproc_tee_stop(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	rproc_tee_listen(t, false);
	if (rproc->state == RPROC_CRASHED)
		rproc_tee_save_dump(t);
	else if (rproc_tee_ask(t, PIL_DOORBELL_SHUTDOWN))
		dev_warn(t->dev, "%s does not shut down: stopped by force\n",
			 rproc->name);
	ret = rproc_tee_call(t, PIL_TEE_RPROC_STOP);
	if (ret) {
		rproc_tee_listen(t, true);
		return ret;
	}
	t->inherited = false;
	t->left_running = false;
	t->loaded = false;
	return 0;
}

int rproc_tee_attach(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	ret = rproc_tee_call(t, PIL_TEE_RPROC_ATTACH);
	if (!ret)
		rproc_tee_started(t);
	return ret;
}

/* It goes on, and from now on it is the TEE that supplies it. */
int rproc_tee_detach(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	rproc_tee_listen(t, false);
	if (rproc_tee_ask(t, PIL_DOORBELL_DETACH))
		dev_warn(t->dev, "%s does not acknowledge that it is detached\n",
			 rproc->name);
	ret = rproc_tee_call(t, PIL_TEE_RPROC_DETACH);
	if (ret)
		rproc_tee_listen(t, true);
	else
		t->left_running = true;
	return ret;
}

const struct rproc_ops rproc_tee_ops = {
	.prepare = rproc_tee_prepare,
	.unprepare = rproc_tee_unprepare,
	.parse_fw = parse_fw,
	.load = load,
	.find_loaded_rsc_table = rproc_tee_find_loaded_table,
	.get_loaded_rsc_table = rproc_tee_get_loaded_table,
	.da_to_va = rproc_tee_da_to_va,
	.start = start,
	.stop = rproc_tee_stop,
	.attach = rproc_tee_attach,
	.detach = rproc_tee_detach,
	.kick = rproc_tee_kick,
	.coredump = rproc_tee_coredump,
};
