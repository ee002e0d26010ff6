/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a peripheral's streams lead to while it is up: its carve-out, and what the secure world's resource table lists for each of them.
 * The table comes from the secure world, so the checks here find our own mistakes; they keep the hypervisor, the shims and the
 * carve-outs of others out of every stream, whatever it says.
 *
 * Each stream has two tables: one is in use while the other is written. The carve-out is in that of the core's own stream alone.
 */
#include <pilot/rsc_table.h>
#include <pilot/smmu.h>

#include "hypervisor.h"
#include "platform.h"
#include "tables.h"

#define PAGES 10u

/** struct stream_table - where one stream leads, and its context descriptor */
struct stream_table {
	uint64_t pages[PAGES][512] __attribute__((aligned(4096)));
	uint64_t cd[PIL_SMMU_CD_WORDS] __attribute__((aligned(64)));
	struct pil_vmsa map;
};

/**
 * struct streams - of one peripheral
 * @table:  two for each stream
 * @turn:   which of the two was written last
 * @ranges: how many those have in all, carve-outs included
 */
struct streams {
	struct stream_table table[HYP_STREAMS][2];
	unsigned int turn;
	unsigned int ranges;
};

static struct streams all[PIL_MAX_PERIPHERALS];

static uint64_t attributes(uint32_t flags)
{
	uint64_t attrs = HYP_DMA_UNCACHED;

	if (flags & PIL_RSC_MMIO)
		attrs = HYP_DMA_DEVICE;
	else if (flags & PIL_RSC_CACHE)
		attrs = HYP_DMA_CACHED;
	if (flags & PIL_RSC_NOEXEC)
		attrs |= PIL_VMSA_XN | PIL_VMSA_PXN;
	return flags & PIL_RSC_WRITE ? attrs : attrs | PIL_VMSA_AP_RO;
}

static bool is_firmware(const struct pil_stream_desc *stream)
{
	return stream->purpose == PIL_STREAM_FIRMWARE;
}

/* registers that a stream writes to are kept from the host, as the board's description has them; those that it reads, both may have */
static bool is_grantable_device(const struct pil_stream_desc *desc, const struct pil_rsc_range *r)
{
	const struct pil_range range = { r->pa, r->len };

	if (!hyp_is_device(r->pa, r->len) || !(r->flags & PIL_RSC_WRITE))
		return hyp_is_device(r->pa, r->len);
	for (unsigned int i = 0; i < desc->grant_count; i++)
		if (desc->grants[i].device && desc->grants[i].access & PIL_GRANT_WRITE &&
		    pil_range_contains(desc->grants[i].range, range))
			return true;
	return false;
}

/* memory that a host owns for good, or a device that it may have: nothing else can be granted to a stream */
static int add_range(struct streams *s, struct stream_table *t, const struct pil_stream_desc *desc,
		     const struct pil_rsc_range *r, struct pil_why *why)
{
	uint64_t attrs = attributes(r->flags);
	int err = 0;

	if (!is_firmware(desc))
		attrs |= PIL_VMSA_XN | PIL_VMSA_PXN;
	if (!(r->flags & PIL_RSC_READ) || (desc->purpose == PIL_STREAM_BUFFERS && r->flags & PIL_RSC_MMIO))
		return pil_fail(why, PIL_R_STREAM_RANGE, r->da, r->pa);
	if (r->flags & PIL_RSC_MMIO ? !is_grantable_device(desc, r) : !hyp_host_owns(r->pa, r->len))
		err = pil_fail(why, PIL_R_STREAM_RANGE, r->da, r->pa);
	if (!err)
		err = pil_vmsa_map(&t->map, r->da, r->pa, r->len, attrs, why);
	s->ranges++;
	return err;
}

/* the entry of a stream in the secure world's table */
static int find_entry(const void *table, size_t size, const struct pil_stream_desc *desc, struct pil_rsc_item *item,
		      struct pil_why *why)
{
	for (unsigned int i = 0; i < pil_rsc_count(table, size); i++)
		if (!pil_rsc_item(table, size, i, item) && item->stream && item->sid == desc->sid &&
		    item->mask == desc->mask)
			return 0;
	return pil_fail(why, PIL_R_STREAM_RANGE, desc->sid, 0);
}

static int build(struct streams *s, struct stream_table *t, const struct pil_stream_desc *desc, const void *table,
		 size_t size, struct pil_why *why)
{
	struct pil_rsc_item item = { 0 };
	int err = find_entry(table, size, desc, &item, why);

	pil_vmsa_init(&t->map, t->pages, (uint64_t)t->pages, PAGES, 1);
	for (unsigned int i = 0; !err && i < item.ranges; i++) {
		struct pil_rsc_range range = { 0 };

		err = pil_rsc_range(table, size, &item, i, &range);
		if (!err)
			err = add_range(s, t, desc, &range, why);
	}
	return err;
}

static struct stream_table *table_of(unsigned int index, unsigned int stream)
{
	return &all[index].table[stream][all[index].turn];
}

static int build_stream(unsigned int index, unsigned int i, const void *table, size_t size, struct pil_why *why)
{
	const struct pil_peripheral_desc *p = &plat_hyp.desc->peripherals[index];
	struct stream_table *t = table_of(index, i);
	struct pil_stream_table stream = {
		.t0sz = HYP_DMA_T0SZ,
		.mair = HYP_DMA_MAIR,
		.ttb = (uint64_t)t->pages,
		.asid = (uint16_t)(HYP_ASID_PERIPHERAL + index * HYP_STREAMS + i),
	};
	int err = build(&all[index], t, &p->streams[i], table, size, why);

	if (!err && is_firmware(&p->streams[i])) {
		err = pil_vmsa_map(&t->map, p->carveout.base, p->carveout.base, p->carveout.size, HYP_DMA_UNCACHED,
				   why);
		all[index].ranges++;
	}
	pil_smmu_cd_build(t->cd, &stream);
	return err;
}

/* no stream leads to the tables whose turn it is */
int hyp_streams_build(unsigned int index, const void *table, size_t size, struct pil_why *why)
{
	unsigned int count = plat_hyp.desc->peripherals[index].stream_count;
	int err = pil_rsc_check(table, size, why);

	if (!err && count > HYP_STREAMS)
		err = pil_fail(why, PIL_R_RSC_COUNT, count, HYP_STREAMS);
	all[index].turn ^= 1;
	all[index].ranges = 0;
	for (unsigned int i = 0; !err && i < count; i++)
		err = build_stream(index, i, table, size, why);
	return err;
}

void hyp_streams_on(unsigned int index, bool firmware)
{
	const struct pil_peripheral_desc *p = &plat_hyp.desc->peripherals[index];

	for (unsigned int i = 0; i < p->stream_count; i++)
		if (is_firmware(&p->streams[i]) == firmware)
			hyp_smmu_stream_on(&p->streams[i], (uint64_t)table_of(index, i)->cd);
}

void hyp_streams_off(unsigned int index, bool firmware)
{
	const struct pil_peripheral_desc *p = &plat_hyp.desc->peripherals[index];

	for (unsigned int i = 0; i < p->stream_count; i++)
		if (is_firmware(&p->streams[i]) == firmware)
			hyp_smmu_stream_off(&p->streams[i]);
}

unsigned int hyp_streams_ranges(unsigned int index)
{
	return all[index].ranges;
}
