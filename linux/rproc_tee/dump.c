// SPDX-License-Identifier: GPL-2.0-only
/*
 * A coredump has what Linux may access, and what the TEE is willing to give of
 * the rest. Of memory that Linux must not touch there is no segment.
 */
#include <linux/elf.h>
#include <linux/vmalloc.h>

#include "rproc_tee.h"

void rproc_tee_drop_dump(struct rproc_tee *t)
{
	vfree(t->dump);
	t->dump = NULL;
	t->dump_size = 0;
}

/* before the processor is stopped: then its memory is as it left it */
void rproc_tee_save_dump(struct rproc_tee *t)
{
	rproc_tee_drop_dump(t);
	if (t->rproc->dump_conf != RPROC_COREDUMP_DISABLED)
		rproc_tee_get_dump(t);
}

/* segment->priv is an offset in what the TEE gave */
static void copy_hidden(struct rproc *rproc,
			struct rproc_dump_segment *segment, void *to,
			size_t offset, size_t size)
{
	struct rproc_tee *t = rproc->priv;

	memcpy(to, t->dump + (size_t)segment->priv + offset, size);
}

static int add_segments(struct rproc_tee *t)
{
	struct rproc_tee_region *region;
	size_t offset = 0;
	int ret = 0, i;

	for (i = 0; !ret && i < t->region_count; i++) {
		region = &t->region[i];
		if (region->va) {
			ret = rproc_coredump_add_segment(t->rproc, region->da,
							 region->size);
		} else if (!(region->flags & PIL_TEE_REGION_HOST) &&
			   t->dump_size - offset >= region->size) {
			ret = rproc_coredump_add_custom_segment(t->rproc,
								region->da,
								region->size,
								copy_hidden,
								(void *)offset);
			offset += region->size;
		}
	}
	return ret;
}

void rproc_tee_coredump(struct rproc *rproc)
{
	struct rproc_tee *t = rproc->priv;

	if (rproc->dump_conf != RPROC_COREDUMP_DISABLED) {
		rproc_coredump_cleanup(rproc);
		rproc_coredump_set_elf_info(rproc, ELFCLASS64, EM_NONE);
		if (!add_segments(t))
			rproc_coredump(rproc);
		rproc_coredump_cleanup(rproc);
	}
	rproc_tee_drop_dump(t);
}
