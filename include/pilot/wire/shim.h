/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a remote core's shim is told when it starts: written by the service, copied by the monitor, read by the shim. It holds everything
 * that the shim may let the core reach, so that the shim needs neither the host's word nor the board's description.
 */
#ifndef PILOT_WIRE_SHIM_H
#define PILOT_WIRE_SHIM_H

#include <stdint.h>

#define PIL_SHIM_MAGIC	 0x4d494853u /* "SHIM" */
#define PIL_SHIM_GRANTS	 8u
#define PIL_SHIM_WINDOWS 2u

#define PIL_SHIM_READ  0x1u
#define PIL_SHIM_WRITE 0x2u
/* the same for the stream of the core's DMA master, that many bits higher */
#define PIL_SHIM_MASTER_SHIFT 2

/* the SMMU's owner maps the DMA master's stream after the core was released: until then the master has no bus */
#define PIL_SHIM_MASTER_WAITS 0x1u
/*
 * No IOMMU's owner is there to ask: what the core reaches is what the grants say, from its first instruction to its last. There is no
 * SMEM either: the core rings through its doorbell page (wire/doorbell.h)
 */
#define PIL_SHIM_FIXED 0x2u
/* with PIL_SHIM_FIXED: the program's memory is the host's. Whatever the grants say, the core reaches Non-secure memory only */
#define PIL_SHIM_HOST_MEMORY 0x4u

/**
 * struct pil_shim_grant - memory that one of the core's streams may lead to
 * @pa, @size: where the stream's table may point; PIL_SHIM_FIXED: what the core sees
 * @target:    where the shim points instead; equal to @pa, or a protected copy
 * @access:    PIL_SHIM_... bits: the core's, and those of its DMA master, which the shim only tells what would be refused
 * @window:    the stream: 0 the core's own, n that of window n
 */
struct pil_shim_grant {
	uint64_t pa;
	uint64_t size;
	uint64_t target;
	uint32_t access;
	uint32_t window;
};

/**
 * struct pil_shim_config - the shim's orders
 * @entry:    first instruction of the remote program, as the core sees it
 * @base, @image_size: its image, as the core sees it; passed to the program in x0, x1
 * @ctrl:     its control page, as the core sees it; passed to the program in x2
 * @sid:      the core's StreamID
 * @core:     core index
 * @master_count, @master_sid: whether the core has a DMA master (0 or 1), and its StreamID
 * @doorbell: interrupt number (GIC INTID) by which the host rings
 * @smp2p_irq, @watchdog_irq: interrupt numbers by which the core tells the host that its smp2p value has changed, and that
 *            its watchdog bit
 * @crash_item: SMEM item for the crash reason
 * @smp2p_in, @smp2p_out: SMEM items of the core's smp2p value, and of the host's for it; the latter is passed in x3
 * @smp2p_pid: the core's processor number in smp2p
 * @grant_count: used entries of @grant; the carve-out is the first, and the core's own
 * @window_count: used entries of @window_sid
 * @flags: PIL_SHIM_MASTER_WAITS, or PIL_SHIM_FIXED and what goes with it, or 0. With PIL_SHIM_FIXED there are no windows and no
 *         DMA masters, @sid and what belongs to SMEM are 0, and @smp2p_irq is the interrupt that goes with the doorbell page
 * @bell:  PIL_SHIM_FIXED: physical address of the doorbell page; else 0
 * @window_sid: StreamIDs of the accesses to windows 1, 2, ... (wire/remote.h, PIL_REMOTE_WINDOW_SHIFT)
 */
struct pil_shim_config {
	uint32_t magic;
	uint32_t size;
	uint64_t entry;
	uint64_t base;
	uint64_t image_size;
	uint64_t ctrl;
	uint32_t sid;
	uint32_t core;
	uint32_t doorbell;
	uint32_t smp2p_irq;
	uint32_t watchdog_irq;
	uint32_t crash_item;
	uint32_t smp2p_in;
	uint32_t smp2p_out;
	uint32_t smp2p_pid;
	uint32_t master_count;
	uint32_t master_sid;
	uint32_t grant_count;
	uint32_t window_count;
	uint32_t window_sid[PIL_SHIM_WINDOWS];
	uint32_t flags;
	uint64_t bell;
	struct pil_shim_grant grant[PIL_SHIM_GRANTS];
};

_Static_assert(sizeof(struct pil_shim_config) == 112 + 32 * PIL_SHIM_GRANTS, "no padding in the shim's orders");

#endif
