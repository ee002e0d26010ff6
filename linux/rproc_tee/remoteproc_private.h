/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel exports these, and has them in drivers/remoteproc/, where modules
 * from outside do not see them.
 */
#ifndef REMOTEPROC_PRIVATE_H
#define REMOTEPROC_PRIVATE_H

#include <linux/firmware.h>
#include <linux/irqreturn.h>
#include <linux/remoteproc.h>

irqreturn_t rproc_vq_interrupt(struct rproc *rproc, int vq_id);
int rproc_elf_sanity_check(struct rproc *rproc, const struct firmware *fw);
u64 rproc_elf_get_boot_addr(struct rproc *rproc, const struct firmware *fw);
int rproc_elf_load_segments(struct rproc *rproc, const struct firmware *fw);
int rproc_elf_load_rsc_table(struct rproc *rproc, const struct firmware *fw);
struct resource_table *
rproc_elf_find_loaded_rsc_table(struct rproc *rproc, const struct firmware *fw);

#endif
