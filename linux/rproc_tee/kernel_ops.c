// SPDX-License-Identifier: GPL-2.0-only
/*
 * A processor that Linux manages, in memory that the TEE has granted: what it
 * is to run is a plain ELF file, and Linux copies it there.
 */
#include <linux/firmware.h>

#include "remoteproc_private.h"
#include "rproc_tee.h"

/* an image without a resource table is none that is broken */
static int parse_fw(struct rproc *rproc, const struct firmware *fw)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	ret = rproc_elf_load_rsc_table(rproc, fw);
	if (ret == -EINVAL) {
		dev_info(t->dev, "no resource table\n");
		rproc->table_sz = 0;
		return 0;
	}
	if (ret)
		return ret;
	ret = rproc_tee_check_table(t->dev, rproc->cached_table,
				    rproc->table_sz);
	if (ret) {
		kfree(rproc->cached_table);
		rproc->cached_table = NULL;
		rproc->table_ptr = NULL;
	}
	return ret;
}

/* recovery starts here: what was granted ended with the last life */
static int load(struct rproc *rproc, const struct firmware *fw)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	ret = t->loaded ? 0 : rproc_tee_grant(t);
	return ret ?: rproc_elf_load_segments(rproc, fw);
}

static struct resource_table *find_loaded_table(struct rproc *rproc,
						const struct firmware *fw)
{
	return rproc->cached_table ?
	       rproc_elf_find_loaded_rsc_table(rproc, fw) : NULL;
}

static int start(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;
	int ret;

	/* the image has arrived before the processor runs */
	wmb();
	ret = rproc_tee_run(t, rproc->bootaddr);
	if (!ret)
		rproc_tee_started(t);
	return ret;
}

const struct rproc_ops rproc_tee_kernel_ops = {
	.prepare = rproc_tee_prepare,
	.unprepare = rproc_tee_unprepare,
	.sanity_check = rproc_elf_sanity_check,
	.parse_fw = parse_fw,
	.load = load,
	.find_loaded_rsc_table = find_loaded_table,
	.get_loaded_rsc_table = rproc_tee_get_loaded_table,
	.get_boot_addr = rproc_elf_get_boot_addr,
	.da_to_va = rproc_tee_da_to_va,
	.start = start,
	.stop = rproc_tee_stop,
	.attach = rproc_tee_attach,
	.detach = rproc_tee_detach,
	.kick = rproc_tee_kick,
	.coredump = rproc_tee_coredump,
};
