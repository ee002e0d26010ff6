// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of a processor: what Linux may access of it, at which addresses, and
 * the parts of it that virtio uses.
 */
#include <linux/dma-direct.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/overflow.h>

#include "rproc_tee.h"

static bool contains(u64 base, u64 size, u64 address, u64 len)
{
	return address >= base && len <= size && address - base <= size - len;
}

/* dma-ranges of the node's parent; where there are none, both are the same */
static int tree_da(struct rproc_tee *t, phys_addr_t pa, u64 *da)
{
	dma_addr_t dma = pa;

	if (t->dev->dma_range_map)
		dma = translate_phys_to_dma(t->dev, pa);
	if (dma == DMA_MAPPING_ERROR) {
		dev_err(t->dev, "%pa is outside of dma-ranges\n", &pa);
		return -ERANGE;
	}
	*da = dma;
	return 0;
}

/* What the tree says of memory whose name is entry @index. */
static int tree_region(struct rproc_tee *t, int index,
		       struct rproc_tee_region *region)
{
	struct resource res;
	const char *name;
	int ret;

	ret = of_property_read_string_index(t->dev->of_node,
					    "memory-region-names", index,
					    &name);
	if (!ret)
		ret = of_reserved_mem_region_to_resource(t->dev->of_node,
							 index, &res);
	if (ret) {
		dev_err(t->dev, "bad memory-region %d: %d\n", index, ret);
		return ret;
	}
	if (strscpy(region->name, name) < 0) {
		dev_err(t->dev, "memory-region %s: name is too long\n", name);
		return -EINVAL;
	}
	region->pa = res.start;
	region->size = resource_size(&res);
	region->flags = PIL_TEE_REGION_HOST | PIL_TEE_REGION_SHARED;
	region->va = NULL;
	return tree_da(t, region->pa, &region->da);
}

static int tree_region_count(struct rproc_tee *t)
{
	int count;

	count = of_property_count_strings(t->dev->of_node,
					  "memory-region-names");
	return max(count, 0);
}

/* A service that cannot be asked: all there is, is what the tree has. */
static int get_tree_regions(struct rproc_tee *t)
{
	int count = tree_region_count(t), ret, i;

	if (count > RPROC_TEE_REGIONS) {
		dev_err(t->dev, "%d memory regions\n", count);
		return -E2BIG;
	}
	for (i = 0; i < count; i++) {
		ret = tree_region(t, i, &t->region[i]);
		if (ret)
			return ret;
	}
	t->region_count = count;
	return 0;
}

/* Programs and what is shared with them; pages of mailboxes are others' to map. */
static bool to_map(const struct rproc_tee_region *region)
{
	return region->flags & PIL_TEE_REGION_HOST &&
	       region->flags & (PIL_TEE_REGION_SHARED | PIL_TEE_REGION_CODE);
}

/* Memory that Linux uses itself must not be given away. */
static int map_region(struct rproc_tee *t, struct rproc_tee_region *region)
{
	if (!to_map(region))
		return 0;
	if (region_intersects(region->pa, region->size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT) {
		dev_err(t->dev, "%s: %pa (+%#zx) is Linux's own memory: reserve it with no-map\n",
			region->name, &region->pa, region->size);
		return -EBUSY;
	}
	region->va = memremap(region->pa, region->size, MEMREMAP_WC);
	if (!region->va) {
		dev_err(t->dev, "%s: %pa (+%#zx) cannot be mapped\n",
			region->name, &region->pa, region->size);
		return -ENOMEM;
	}
	return 0;
}

void rproc_tee_unmap(struct rproc_tee *t)
{
	int i;

	for (i = 0; i < t->region_count; i++) {
		if (t->region[i].va)
			memunmap(t->region[i].va);
		t->region[i].va = NULL;
	}
	t->region_count = 0;
}

int rproc_tee_map(struct rproc_tee *t)
{
	int ret, i;

	ret = t->processor->full ? rproc_tee_get_regions(t) :
				   get_tree_regions(t);
	for (i = 0; !ret && i < t->region_count; i++)
		ret = map_region(t, &t->region[i]);
	if (ret)
		rproc_tee_unmap(t);
	return ret;
}

void *rproc_tee_da_to_va(struct rproc *rproc, u64 da, size_t len,
			 bool *is_iomem)
{
	struct rproc_tee *t = rproc->priv;
	struct rproc_tee_region *region;
	int i;

	for (i = 0; i < t->region_count; i++) {
		region = &t->region[i];
		if (region->va &&
		    contains(region->da, region->size, da, len))
			return region->va + (da - region->da);
	}
	return NULL;
}

static struct rproc_tee_region *find(struct rproc_tee *t, phys_addr_t pa,
				     size_t len)
{
	int i;

	for (i = 0; i < t->region_count; i++)
		if (t->region[i].va && contains(t->region[i].pa,
						t->region[i].size, pa, len))
			return &t->region[i];
	return NULL;
}

/* where Linux may access @pa, or NULL */
void *rproc_tee_pa_to_va(struct rproc_tee *t, phys_addr_t pa, size_t len)
{
	struct rproc_tee_region *region = find(t, pa, len);

	return region ? region->va + (pa - region->pa) : NULL;
}

/*
 * Buffers become a pool of the virtio device, which maps it itself and hands
 * out device addresses; vrings are used where they are mapped already.
 */
static int add_carveout(struct rproc_tee *t,
			const struct rproc_tee_region *want)
{
	struct rproc_tee_region *region = find(t, want->pa, want->size);
	u64 offset, da;
	struct rproc_mem_entry *mem;
	bool pool = strends(want->name, "buffer");

	if (!region || !(region->flags & PIL_TEE_REGION_SHARED)) {
		dev_err(t->dev, "%s: %pa (+%#zx) is not in memory that the processor shares\n",
			want->name, &want->pa, want->size);
		return -EINVAL;
	}
	offset = want->pa - region->pa;
	da = region->da + offset;
	if (t->dev->dma_range_map && want->da != da) {
		dev_err(t->dev, "%s: the processor sees it at %#llx, not at %#llx as in dma-ranges\n",
			want->name, da, want->da);
		return -EINVAL;
	}
	if (da + want->size > U32_MAX) {
		dev_err(t->dev, "%s: %#llx is too high for a resource table\n",
			want->name, da);
		return -ERANGE;
	}
	mem = rproc_mem_entry_init(t->dev, pool ? NULL : region->va + offset,
				   want->pa, want->size, da, NULL, NULL, "%s",
				   want->name);
	if (!mem)
		return -ENOMEM;
	rproc_add_carveout(t->rproc, mem);
	return 0;
}

/* The parts of the shared memory that the tree names; for virtio, by name. */
int rproc_tee_add_carveouts(struct rproc_tee *t)
{
	int count = tree_region_count(t), ret, i;
	struct rproc_tee_region want;

	for (i = 0; i < count; i++) {
		ret = tree_region(t, i, &want);
		if (ret)
			return ret;
		if (!strstarts(want.name, "vdev"))
			continue;
		ret = add_carveout(t, &want);
		if (ret)
			return ret;
	}
	return 0;
}
