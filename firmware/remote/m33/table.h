/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's resource table: the host finds it by its section's name, and gets a copy that it may change. */
#ifndef M33_TABLE_H
#define M33_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <pilot/wire/rsc_table.h>

#define M33_TABLE_ENTRIES 2u
#define M33_VRINGS	  2u

/** struct m33_table - as its bytes lie in the image; the host changes the copy in shared memory only */
struct m33_table {
	struct pil_rsc_header_wire header;
	uint32_t offset[M33_TABLE_ENTRIES];
	struct pil_rsc_memory_wire buffers;
	struct pil_rsc_vdev_wire vdev;
	struct pil_rsc_vring_wire vring[M33_VRINGS];
};

_Static_assert(sizeof(struct m33_table) == 16 + 8 + 56 + 28 + 40, "no padding");
_Static_assert(offsetof(struct m33_table, vring) == offsetof(struct m33_table, vdev) + sizeof(struct pil_rsc_vdev_wire),
	       "rings follow their device");

#endif
