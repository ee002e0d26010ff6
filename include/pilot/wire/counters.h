/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of rollback counters in flash (docs/SPEC.md section 5.3): two sectors, each a header and then records, all of four
 * little-endian words. The last word is a CRC-32 of the three before it.
 */
#ifndef PILOT_WIRE_COUNTERS_H
#define PILOT_WIRE_COUNTERS_H

#include <stdint.h>

#define PIL_COUNTERS_MAGIC   0x4c525450u /* "PTRL" */
#define PIL_COUNTERS_VERSION 1u
#define PIL_COUNTERS_CRC     0xedb88320u /* the polynomial of IEEE 802.3, lowest bit first */

/** struct pil_counters_header_wire - first place of a sector; written last, and makes the sector count */
struct pil_counters_header_wire {
	uint32_t magic;
	uint32_t version;
	uint32_t generation; /* from 1; the higher one of two valid sectors counts */
	uint32_t crc;
};

/** struct pil_counters_record_wire - software @sw_id below @version does not run any more */
struct pil_counters_record_wire {
	uint32_t sw_id;
	uint32_t version;
	uint32_t generation; /* of the sector: what an erase left over is not believed */
	uint32_t crc;
};

_Static_assert(sizeof(struct pil_counters_header_wire) == 16, "header is 16 bytes");
_Static_assert(sizeof(struct pil_counters_record_wire) == 16, "record is 16 bytes");

#endif
