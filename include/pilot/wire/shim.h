/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a remote core's shim is told when it starts: written by the service, copied by the monitor, read by the shim. It holds everything
 * that the shim may let the core reach, so that the shim needs neither the host's word nor the board's description.
 */
#ifndef PILOT_WIRE_SHIM_H
#define PILOT_WIRE_SHIM_H

#include <stdint.h>

#define PIL_SHIM_MAGIC	0x4d494853u /* "SHIM" */
#define PIL_SHIM_GRANTS 8u

#define PIL_SHIM_READ  0x1u
#define PIL_SHIM_WRITE 0x2u

/**
 * struct pil_shim_grant - memory that the core's stream may lead to
 * @pa, @size: where the stream's table may point
 * @target:    where the shim points instead; equal to @pa, or a protected copy
 * @access:    PIL_SHIM_... bits
 */
struct pil_shim_grant {
	uint64_t pa;
	uint64_t size;
	uint64_t target;
	uint32_t access;
	uint32_t reserved;
};

/**
 * struct pil_shim_config - the shim's orders
 * @entry:    first instruction of the remote program, as the core sees it
 * @base, @image_size: its image, as the core sees it; passed to the program in x0, x1
 * @sid:      the core's StreamID
 * @core:     core index
 * @doorbell: interrupt number (GIC INTID) by which the host rings
 * @crash_item: SMEM item for the crash reason
 * @grant_count: used entries of @grant; the carve-out is the first
 */
struct pil_shim_config {
	uint32_t magic;
	uint32_t size;
	uint64_t entry;
	uint64_t base;
	uint64_t image_size;
	uint32_t sid;
	uint32_t core;
	uint32_t doorbell;
	uint32_t crash_item;
	uint32_t grant_count;
	uint32_t reserved;
	struct pil_shim_grant grant[PIL_SHIM_GRANTS];
};

_Static_assert(sizeof(struct pil_shim_config) == 56 + 32 * PIL_SHIM_GRANTS, "no padding in the shim's orders");

#endif
