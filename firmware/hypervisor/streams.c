/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a peripheral's streams lead to while it is up: its carve-out, and what the secure world's resource table lists. The table comes
 * from the secure world, so the checks here find our own mistakes; they keep the hypervisor, the shims and the carve-outs of others
 * out of every stream, whatever it says. Streams for buffers have a table each, without the carve-out; the others share one.
 */
#include <pilot/rsc_table.h>
#include <pilot/smmu.h>
#include <pilot/wire/rsc_table.h>

#include "hypervisor.h"
#include "platform.h"
#include "tables.h"

#define PAGES	     12u
#define DEVICES	     4u
#define BUFFERS	     2u /* streams for buffers */
#define BUFFER_PAGES 4u

/** struct buffers - what one stream for buffers leads to */
struct buffers {
	uint64_t pages[BUFFER_PAGES][512] __attribute__((aligned(4096)));
	uint64_t cd[PIL_SMMU_CD_WORDS] __attribute__((aligned(64)));
	struct pil_vmsa table;
};

/** struct streams - of one peripheral */
struct streams {
	uint64_t pages[PAGES][512] __attribute__((aligned(4096)));
	struct buffers buffers[BUFFERS];
	uint64_t cd[PIL_SMMU_CD_WORDS] __attribute__((aligned(64)));
	struct pil_vmsa table;
	unsigned int ranges;
	struct pil_range devices[DEVICES];
	unsigned int device_count;
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

static int add_device(struct streams *s, const struct pil_rsc_item *item, struct pil_why *why)
{
	if (!hyp_is_device(item->pa, item->len))
		return pil_fail(why, PIL_R_STREAM_RANGE, item->da, item->pa);
	/* what the stream may only read cannot be turned against anybody: the host keeps it */
	if (!(item->flags & PIL_RSC_WRITE))
		return 0;
	if (s->device_count == DEVICES)
		return pil_fail(why, PIL_R_RSC_COUNT, s->device_count + 1, DEVICES);
	s->devices[s->device_count++] = (struct pil_range){ item->pa, item->len };
	return 0;
}

/* memory that a host owns for good, or a device that it may have: nothing else can be granted to a stream */
static int add_item(struct streams *s, const struct pil_rsc_item *item, struct pil_why *why)
{
	int err = 0;

	if (item->type != PIL_RSC_DEVMEM)
		return 0;
	if (item->flags & PIL_RSC_MMIO)
		err = add_device(s, item, why);
	else if (!hyp_host_owns(item->pa, item->len))
		err = pil_fail(why, PIL_R_STREAM_RANGE, item->da, item->pa);
	if (!err)
		err = pil_vmsa_map(&s->table, item->da, item->pa, item->len, attributes(item->flags), why);
	s->ranges++;
	return err;
}

/* which of its streams for buffers has this StreamID; BUFFERS: none */
static unsigned int find_buffers(const struct pil_peripheral_desc *p, uint32_t sid)
{
	unsigned int number = 0;

	for (unsigned int i = 0; i < p->stream_count && number < BUFFERS; i++) {
		if (p->streams[i].purpose != PIL_STREAM_BUFFERS)
			continue;
		if (p->streams[i].sid == sid)
			return number;
		number++;
	}
	return BUFFERS;
}

static int add_buffer(struct streams *s, struct buffers *b, const struct pil_rsc_range *r, struct pil_why *why)
{
	if (r->flags & PIL_RSC_MMIO || !hyp_host_owns(r->pa, r->len))
		return pil_fail(why, PIL_R_STREAM_RANGE, r->da, r->pa);
	s->ranges++;
	return pil_vmsa_map(&b->table, r->da, r->pa, r->len, attributes(r->flags) | PIL_VMSA_XN | PIL_VMSA_PXN, why);
}

static int add_buffers(unsigned int index, const void *table, size_t size, const struct pil_rsc_item *item,
		       struct pil_why *why)
{
	struct streams *s = &all[index];
	unsigned int number = find_buffers(&plat_hyp.desc->peripherals[index], item->sid);
	int err = 0;

	if (number == BUFFERS)
		return pil_fail(why, PIL_R_STREAM_RANGE, item->sid, 0);
	for (unsigned int i = 0; !err && i < item->ranges; i++) {
		struct pil_rsc_range range = { 0 };

		err = pil_rsc_range(table, size, item, i, &range);
		if (!err)
			err = add_buffer(s, &s->buffers[number], &range, why);
	}
	return err;
}

/* empty tables: what the resource table does not name leads nowhere */
static void start_buffers(unsigned int index)
{
	for (unsigned int i = 0; i < BUFFERS; i++) {
		struct buffers *b = &all[index].buffers[i];
		const struct pil_stream_table stream = {
			.t0sz = HYP_DMA_T0SZ,
			.mair = HYP_DMA_MAIR,
			.ttb = (uint64_t)b->pages,
			.asid = (uint16_t)(HYP_ASID_PERIPHERAL + (i + 1) * PIL_MAX_PERIPHERALS + index),
		};

		pil_vmsa_init(&b->table, b->pages, (uint64_t)b->pages, BUFFER_PAGES, 1);
		pil_smmu_cd_build(b->cd, &stream);
	}
}

/* no stream leads here while it is written */
int hyp_streams_build(unsigned int index, const void *table, size_t size, struct pil_why *why)
{
	const struct pil_range *carveout = &plat_hyp.desc->peripherals[index].carveout;
	struct streams *s = &all[index];
	struct pil_stream_table stream = { .t0sz = HYP_DMA_T0SZ, .mair = HYP_DMA_MAIR, .ttb = (uint64_t)s->pages };
	int err = pil_rsc_check(table, size, why);

	s->ranges = 0;
	s->device_count = 0;
	start_buffers(index);
	pil_vmsa_init(&s->table, s->pages, (uint64_t)s->pages, PAGES, 1);
	for (unsigned int i = 0; !err && i < pil_rsc_count(table, size); i++) {
		struct pil_rsc_item item = { 0 };

		err = pil_rsc_item(table, size, i, &item);
		if (!err)
			err = item.stream && item.purpose == PIL_RSC_PURPOSE_BUFFERS
				      ? add_buffers(index, table, size, &item, why)
				      : add_item(s, &item, why);
	}
	if (!err)
		err = pil_vmsa_map(&s->table, carveout->base, carveout->base, carveout->size, HYP_DMA_UNCACHED, why);
	s->ranges++;
	stream.asid = (uint16_t)(HYP_ASID_PERIPHERAL + index);
	pil_smmu_cd_build(s->cd, &stream);
	return err;
}

void hyp_streams_on(unsigned int index)
{
	const struct pil_peripheral_desc *p = &plat_hyp.desc->peripherals[index];

	for (unsigned int i = 0; i < p->stream_count; i++) {
		unsigned int number = find_buffers(p, p->streams[i].sid);

		hyp_smmu_stream_on(&p->streams[i], (uint64_t)(number < BUFFERS ? all[index].buffers[number].cd
									       : all[index].cd));
	}
}

void hyp_streams_off(unsigned int index, bool firmware_too)
{
	const struct pil_peripheral_desc *p = &plat_hyp.desc->peripherals[index];

	for (unsigned int i = 0; i < p->stream_count; i++)
		if (firmware_too || p->streams[i].purpose != PIL_STREAM_FIRMWARE)
			hyp_smmu_stream_off(&p->streams[i]);
}

unsigned int hyp_streams_ranges(unsigned int index)
{
	return all[index].ranges;
}

const struct pil_range *hyp_streams_devices(unsigned int index, unsigned int *count)
{
	*count = all[index].device_count;
	return all[index].devices;
}
