/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resource tables of Linux's remoteproc: what a firmware needs of its host, in the section .resource_table of its ELF
 * file or in the answer to GET_RSCTABLE.
 *
 * For GET_RSCTABLE entries of two kinds are built: DEVMEM, which Linux maps (for a CARVEOUT entry it would allocate memory of
 * its own and map that), and STREAM, a vendor's type that Linux skips, for who owns an IOMMU and wants to know whose streams lead
 * where. Tables of firmware are read entry by entry, and held against everything that Linux or a person would trip over.
 */
#ifndef PILOT_RSC_TABLE_H
#define PILOT_RSC_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>
#include <pilot/error.h>

#define PIL_RSC_MAX	 64u /* entries of a table, built or checked */
#define PIL_RSC_RANGES	 64u /* ranges of one STREAM entry */
#define PIL_RSC_NAME_MAX 31u /* characters of a name */

/* flags of an entry, as iommu_map() of Linux takes them */
#define PIL_RSC_READ   (1u << 0)
#define PIL_RSC_WRITE  (1u << 1)
#define PIL_RSC_CACHE  (1u << 2)
#define PIL_RSC_NOEXEC (1u << 3)
#define PIL_RSC_MMIO   (1u << 4)
#define PIL_RSC_PRIV   (1u << 5)

/**
 * struct pil_rsc_entry - memory that a peripheral needs mapped
 * @name:  for people, NUL-terminated, at most PIL_RSC_NAME_MAX characters; NULL: none
 * @da:    address that the peripheral uses
 * @pa:    physical address
 * @len:   bytes
 * @flags: PIL_RSC_READ and so on
 *
 * The table has 32 bits for each number; [@da, @da + @len) and [@pa, @pa + @len) must end at 2^32 or below.
 */
struct pil_rsc_entry {
	const char *name;
	uint64_t da;
	uint64_t pa;
	uint64_t len;
	uint32_t flags;
};

/**
 * struct pil_rsc_stream - an IOMMU stream of a peripheral
 * @name:    as above
 * @sid:     StreamID
 * @mask:    bits of it that do not matter
 * @purpose: PIL_RSC_PURPOSE_... of wire/rsc_table.h
 * @ranges:  what it may reach besides the carve-out; their names do not go into the table, and they may lie anywhere
 *           below 2^64
 * @count:   how many, up to PIL_RSC_RANGES
 */
struct pil_rsc_stream {
	const char *name;
	uint32_t sid;
	uint32_t mask;
	uint32_t purpose;
	const struct pil_rsc_entry *ranges;
	size_t count;
};

/**
 * struct pil_rsc_contents - what a table is made of
 * @entries: DEVMEM entries; may be NULL when @count is 0
 * @count:   how many; with @stream_count up to PIL_RSC_MAX
 * @streams: STREAM entries, which come behind; may be NULL when @stream_count is 0
 * @stream_count: how many
 */
struct pil_rsc_contents {
	const struct pil_rsc_entry *entries;
	size_t count;
	const struct pil_rsc_stream *streams;
	size_t stream_count;
};

/**
 * pil_rsc_size() - length of a table
 * @c: what it shall have
 *
 * Return: bytes; 0 when there are more entries than PIL_RSC_MAX, or a stream has more ranges than PIL_RSC_RANGES
 */
size_t pil_rsc_size(const struct pil_rsc_contents *c);

/**
 * pil_rsc_build() - write a table
 * @c:       what it shall have
 * @buf:     where it goes; may be NULL when @size is 0
 * @size:    bytes at @buf
 * @needed:  result: length of the table, also after RSC_BUFFER; 0 after any other failure
 * @why:     reason of a failure, or NULL; its a counts streams behind the DEVMEM entries
 *
 * Nothing is written after a failure.
 *
 * Return: 0; -PIL_EFORMAT (RSC_COUNT; RSC_PURPOSE; RSC_STREAM_RANGES; RSC_STREAM_RANGE); -PIL_EARG (RSC_EMPTY, RSC_NAME);
 * -PIL_ERANGE (RSC_32BIT); -PIL_EBUFFER (RSC_BUFFER)
 */
int pil_rsc_build(const struct pil_rsc_contents *c, void *buf, size_t size, size_t *needed, struct pil_why *why);

/**
 * pil_rsc_check() - is this a well-formed table?
 * @table: its bytes
 * @size:  how many; more than the table is fine
 * @why:   reason of a failure, or NULL
 *
 * Version 1, or the header of zeros that Linux sends when the firmware file has no table. Entries of types 0 to 3 must
 * lie in @size with all their fields and have reserved fields of zero; so must those of type STREAM that have Pilot's magic
 * number. Of other types (vendor's, or ones that Linux skips) only the type must be there.
 *
 * Return: 0; -PIL_ETRUNC (RSC_SHORT, RSC_OFFSET); -PIL_EVERSION (RSC_VERSION); -PIL_EFORMAT (RSC_COUNT, RSC_INSIDE,
 * RSC_RESERVED, RSC_HEADER_RESERVED, RSC_STREAM_RANGES)
 */
int pil_rsc_check(const void *table, size_t size, struct pil_why *why);

#define PIL_RSC_SECTION ".resource_table" /* its name in an ELF file */
#define PIL_RSC_ANY	0xffffffffu	  /* an address that the host chooses */

/**
 * struct pil_rsc_item - one entry of a table that was read; what its type does not have is 0
 * @type:   PIL_RSC_CARVEOUT, PIL_RSC_DEVMEM, PIL_RSC_TRACE, PIL_RSC_VDEV, PIL_RSC_STREAM, or another number
 * @offset: where it begins in the table
 * @size:   its bytes in the table, with vrings and configuration space, or ranges; 4 for a type that is not known
 * @da:     address that the peripheral uses, or PIL_RSC_ANY
 * @pa:     physical address; of a CARVEOUT 0 or PIL_RSC_ANY: the host chooses
 * @len:    bytes of memory
 * @flags:  PIL_RSC_READ and so on
 * @name:   the name's 32 bytes, as they are; NULL: the type has none
 * @id:     virtio device id
 * @notifyid, @dfeatures, @gfeatures, @status: fields of a VDEV
 * @config: a VDEV's configuration space
 * @vrings: a VDEV's rings
 * @stream: it is a STREAM, and Pilot's; the rest is of that
 * @sid, @mask: StreamID, and bits of it that do not matter
 * @purpose: PIL_RSC_PURPOSE_..., or another number
 * @ranges: memory that the stream may reach
 */
struct pil_rsc_item {
	uint32_t type;
	size_t offset;
	size_t size;
	uint32_t da;
	uint32_t pa;
	uint32_t len;
	uint32_t flags;
	const uint8_t *name;
	uint32_t id;
	uint32_t notifyid;
	uint32_t dfeatures;
	uint32_t gfeatures;
	uint8_t status;
	struct pil_bytes config;
	unsigned int vrings;
	bool stream;
	uint32_t sid;
	uint32_t mask;
	uint32_t purpose;
	unsigned int ranges;
};

/** struct pil_rsc_range - memory that a STREAM may reach: as in struct pil_rsc_entry, but of 64 bits */
struct pil_rsc_range {
	uint64_t da;
	uint64_t pa;
	uint64_t len;
	uint32_t flags;
};

/**
 * struct pil_rsc_vring - one ring of a VDEV
 * @da:    address that the peripheral uses, or PIL_RSC_ANY
 * @align: alignment of its parts, in bytes
 * @num:   buffers
 * @notifyid: number of its interrupt, or PIL_RSC_ANY
 * @pa:    physical address
 * @bytes: memory that it needs (virtio 1.0 section 2.4), 0 when @align or @num is no power of two
 */
struct pil_rsc_vring {
	uint32_t da;
	uint32_t align;
	uint32_t num;
	uint32_t notifyid;
	uint32_t pa;
	uint64_t bytes;
};

/**
 * pil_rsc_count() - entries of a table
 * @table: the table, which has passed pil_rsc_check()
 * @size:  bytes at @table
 * Return: how many; 0 when @size is less than a header
 */
unsigned int pil_rsc_count(const void *table, size_t size);

/**
 * pil_rsc_item() - read an entry
 * @table: the table, which has passed pil_rsc_check()
 * @size:  bytes at @table
 * @index: number of the entry
 * @item:  result; points into @table; all zero after a failure
 * Return: 0; -PIL_EARG: no such entry, or one that pil_rsc_check() refuses
 */
int pil_rsc_item(const void *table, size_t size, unsigned int index, struct pil_rsc_item *item);

/**
 * pil_rsc_vring() - read a ring
 * @table: the table
 * @size:  bytes at @table
 * @item:  the VDEV, from pil_rsc_item()
 * @index: number of the ring
 * @vring: result; all zero after a failure
 * Return: 0; -PIL_EARG: no such ring
 */
int pil_rsc_vring(const void *table, size_t size, const struct pil_rsc_item *item, unsigned int index,
		  struct pil_rsc_vring *vring);

/**
 * pil_rsc_range() - read a range of a STREAM
 * @table: the table
 * @size:  bytes at @table
 * @item:  the STREAM, from pil_rsc_item()
 * @index: number of the range
 * @range: result; all zero after a failure
 * Return: 0; -PIL_EARG: no such range
 */
int pil_rsc_range(const void *table, size_t size, const struct pil_rsc_item *item, unsigned int index,
		  struct pil_rsc_range *range);

/**
 * pil_rsc_check_firmware() - is this a table that a firmware should have?
 * @table: its bytes
 * @size:  how many
 * @why:   reason of a failure, or NULL
 *
 * What pil_rsc_check() asks, and: version 1; entries do not overlap in the table, and are of types 0 to 3 or a vendor's
 * (128 to 512); lengths are not 0, and what begins at an address ends at 4 GiB or below; flags are known; names end and
 * are printable; device addresses of CARVEOUT and DEVMEM entries do not overlap, nor do physical ones that the host does
 * not choose (a TRACE buffer lies inside of one of them, as a rule); a VDEV has status 0 and 2 vrings at most; a vring's
 * buffers are a power of two up to 32768, its alignment is a power of two, and vrings do not overlap; a STREAM has a known
 * purpose, and ranges that are not empty, do not wrap round and do not overlap in device addresses.
 *
 * Return: 0; as pil_rsc_check(); -PIL_EUNSUPPORTED (RSC_TYPE); -PIL_ERANGE (RSC_WRAP); -PIL_EFORMAT (RSC_NAME_FORM,
 * RSC_LENGTH, RSC_FLAGS, RSC_OVERLAP, RSC_OVERLAP_DA, RSC_OVERLAP_PA, RSC_STATUS, RSC_VRINGS, RSC_VRING_NUM,
 * RSC_VRING_ALIGN, RSC_VRING_OVERLAP, RSC_PURPOSE, RSC_STREAM_RANGE, RSC_STREAM_OVERLAP)
 */
int pil_rsc_check_firmware(const void *table, size_t size, struct pil_why *why);

#endif
