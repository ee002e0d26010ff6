/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of the resource table of Linux's remoteproc (include/linux/remoteproc.h there): header, one offset per entry,
 * entries. Little endian, packed; an entry is a type and what the type needs. Types from 128 to 512 are vendors': Linux gives
 * them to its driver, or skips them with a warning when the driver takes none. One of them is Pilot's, for streams.
 */
#ifndef PILOT_WIRE_RSC_TABLE_H
#define PILOT_WIRE_RSC_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define PIL_RSC_VERSION 1u
#define PIL_RSC_NAME	32u /* bytes of a name, with its NUL */

/* types */
#define PIL_RSC_CARVEOUT 0u
#define PIL_RSC_DEVMEM	 1u
#define PIL_RSC_TRACE	 2u
#define PIL_RSC_VDEV	 3u
#define PIL_RSC_STREAM	 336u /* Pilot's, when PIL_RSC_STREAM_MAGIC follows: other vendors may use the same number */

#define PIL_RSC_STREAM_MAGIC 0x4d525453u /* "STRM" */

/* purposes of a stream */
#define PIL_RSC_PURPOSE_FIRMWARE   0u /* instruction and data accesses of the core */
#define PIL_RSC_PURPOSE_DMA_MASTER 1u /* a helper device that the firmware drives */
#define PIL_RSC_PURPOSE_BUFFERS	   2u /* the core's accesses to buffers of the host's, apart from its own */
#define PIL_RSC_PURPOSES	   3u

/** struct pil_rsc_header_wire - followed by num offsets of 32 bits, from the start of the table to an entry */
struct pil_rsc_header_wire {
	uint32_t ver;
	uint32_t num;
	uint32_t reserved[2]; /* 0 */
};

/** struct pil_rsc_memory_wire - an entry of type CARVEOUT or DEVMEM */
struct pil_rsc_memory_wire {
	uint32_t type;
	uint32_t da; /* device address */
	uint32_t pa; /* physical address */
	uint32_t len;
	uint32_t flags;	   /* of iommu_map(): PIL_RSC_... */
	uint32_t reserved; /* 0 */
	uint8_t name[PIL_RSC_NAME];
};

/** struct pil_rsc_trace_wire - an entry of type TRACE */
struct pil_rsc_trace_wire {
	uint32_t type;
	uint32_t da;
	uint32_t len;
	uint32_t reserved; /* 0 */
	uint8_t name[PIL_RSC_NAME];
};

/** struct pil_rsc_vdev_wire - an entry of type VDEV; num_of_vrings vrings and config_len bytes follow */
struct pil_rsc_vdev_wire {
	uint32_t type;
	uint32_t id;
	uint32_t notifyid;
	uint32_t dfeatures;
	uint32_t gfeatures;
	uint32_t config_len;
	uint8_t status;
	uint8_t num_of_vrings;
	uint8_t reserved[2]; /* 0 */
};

/** struct pil_rsc_vring_wire - one ring of a VDEV */
struct pil_rsc_vring_wire {
	uint32_t da;
	uint32_t align;
	uint32_t num;
	uint32_t notifyid;
	uint32_t pa;
};

/** struct pil_rsc_stream_wire - an entry of type STREAM; count ranges follow */
struct pil_rsc_stream_wire {
	uint32_t type;
	uint32_t magic;
	uint32_t sid;
	uint32_t mask; /* bits of the StreamID that do not matter */
	uint32_t purpose;
	uint32_t count;
	uint32_t reserved[2]; /* 0 */
	uint8_t name[PIL_RSC_NAME];
};

/** struct pil_rsc_range_wire - memory that a stream may reach, besides the carve-out */
struct pil_rsc_range_wire {
	uint64_t da;
	uint64_t pa;
	uint64_t len;
	uint32_t flags;	   /* PIL_RSC_... */
	uint32_t reserved; /* 0 */
};

_Static_assert(sizeof(struct pil_rsc_header_wire) == 16, "resource table header is 16 bytes");
_Static_assert(sizeof(struct pil_rsc_memory_wire) == 56, "DEVMEM entry is 56 bytes");
_Static_assert(sizeof(struct pil_rsc_trace_wire) == 48, "TRACE entry is 48 bytes");
_Static_assert(sizeof(struct pil_rsc_vdev_wire) == 28, "VDEV entry is 28 bytes");
_Static_assert(sizeof(struct pil_rsc_vring_wire) == 20, "vring is 20 bytes");
_Static_assert(sizeof(struct pil_rsc_stream_wire) == 64, "STREAM entry is 64 bytes");
_Static_assert(sizeof(struct pil_rsc_range_wire) == 32, "range of a STREAM is 32 bytes");

#endif
