/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include "../common/rpmsg.h"

#define ANY	     0xffffffffu /* the host chooses: Linux takes the memory with the name that it asks for */
#define RING_BUFFERS 32u
#define RING_ALIGN   0x1000u
#define BUFFER_SIZE  512u /* Linux's, fixed there */

extern const struct m33_table resource_table;

const struct m33_table resource_table __attribute__((section(".resource_table"), used)) = {
	.header = { .ver = PIL_RSC_VERSION, .num = M33_TABLE_ENTRIES },
	.offset = { offsetof(struct m33_table, buffers), offsetof(struct m33_table, vdev) },
	/* here so that the host writes into it where it has the buffers: it names them by physical addresses */
	.buffers = {
		.type = PIL_RSC_CARVEOUT,
		.da = ANY,
		.pa = ANY,
		.len = 2 * RING_BUFFERS * BUFFER_SIZE,
		.name = "vdev0buffer",
	},
	.vdev = {
		.type = PIL_RSC_VDEV,
		.id = RPMSG_VIRTIO_ID,
		.dfeatures = RPMSG_FEATURE_NAMES,
		.num_of_vrings = M33_VRINGS,
	},
	.vring = {
		{ .da = ANY, .align = RING_ALIGN, .num = RING_BUFFERS, .notifyid = 0 },
		{ .da = ANY, .align = RING_ALIGN, .num = RING_BUFFERS, .notifyid = 1 },
	},
};
