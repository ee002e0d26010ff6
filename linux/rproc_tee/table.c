// SPDX-License-Identifier: GPL-2.0-only
/*
 * The resource table of an image that the TEE has loaded: it lies in memory
 * that the processor shares, and the TEE says where.
 */
#include <linux/slab.h>

#include "rproc_tee.h"

#define TABLE_VERSION	1

/* the framework trusts the header, and that the offsets are in the table */
int rproc_tee_check_table(struct device *dev,
			  const struct resource_table *table, size_t size)
{
	u32 i;

	if (size < sizeof(*table) || table->ver != TABLE_VERSION ||
	    table->reserved[0] || table->reserved[1] ||
	    struct_size(table, offset, table->num) > size) {
		dev_err(dev, "resource table: bad header in %zu bytes\n",
			size);
		return -EINVAL;
	}
	for (i = 0; i < table->num; i++) {
		if (table->offset[i] <= size - sizeof(struct fw_rsc_hdr) &&
		    table->offset[i] >= sizeof(*table))
			continue;
		dev_err(dev, "resource table: entry %u is at %#x of %zu bytes\n",
			i, table->offset[i], size);
		return -EINVAL;
	}
	return 0;
}

/* Where it is; *va is NULL, and the result 0, when there is none. */
static int locate(struct rproc_tee *t, void **va, size_t *size)
{
	phys_addr_t pa;
	int ret;

	*va = NULL;
	ret = rproc_tee_get_table(t, &pa, size);
	if (ret || (!pa && !*size))
		return ret;
	if (*size >= sizeof(struct resource_table))
		*va = rproc_tee_pa_to_va(t, pa, *size);
	if (*va)
		return 0;
	dev_err(t->dev, "resource table: %pa (+%#zx) is not in memory that the processor shares\n",
		&pa, *size);
	return -EINVAL;
}

/* A copy is judged and kept: who shares the memory cannot change it then. */
int rproc_tee_cache_table(struct rproc_tee *t)
{
	struct rproc *rproc = t->rproc;
	void *va, *copy;
	size_t size;
	int ret;

	ret = locate(t, &va, &size);
	if (ret)
		return ret;
	if (!va) {
		dev_info(t->dev, "no resource table\n");
		rproc->cached_table = NULL;
		rproc->table_ptr = NULL;
		rproc->table_sz = 0;
		return 0;
	}
	copy = kmemdup(va, size, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	ret = rproc_tee_check_table(t->dev, copy, size);
	if (ret) {
		kfree(copy);
		return ret;
	}
	rproc->cached_table = copy;
	rproc->table_ptr = copy;
	rproc->table_sz = size;
	return 0;
}

/* The framework copies its own over it: both must be equally long. */
struct resource_table *
rproc_tee_find_loaded_table(struct rproc *rproc, const struct firmware *fw)
{
	struct rproc_tee *t = rproc->priv;
	size_t size;
	void *va;

	if (!rproc->cached_table || locate(t, &va, &size) || !va)
		return NULL;
	if (size == rproc->table_sz)
		return va;
	dev_err(t->dev, "resource table: %zu bytes, and %zu when it was first loaded\n",
		size, rproc->table_sz);
	return NULL;
}

struct resource_table *rproc_tee_get_loaded_table(struct rproc *rproc,
						  size_t *size)
{
	struct rproc_tee *t = rproc->priv;
	void *va;
	int ret;

	ret = locate(t, &va, size);
	if (!ret && va)
		ret = rproc_tee_check_table(t->dev, va, *size);
	return ret ? ERR_PTR(ret) : va;
}
