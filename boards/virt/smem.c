/* SPDX-License-Identifier: BSD-2-Clause */
/* SMEM: preparing it at boot, and finding things in it when the host may have changed them. */
#include <string.h>

#include <virt/platform.h>
#include <virt/smem.h>

/* header at the start of the region; only what version 12 uses of it */
#define HEADER_VERSION	   (0x40 + 7 * 4) /* entry of the boot loader */
#define HEADER_INITIALIZED 0xc0
#define VERSION		   (12u << 16)

/* the partition table fills the last 4 KiB */
#define PTABLE		  (VIRT_SMEM_SIZE - 0x1000)
#define PTABLE_ENTRY	  (PTABLE + 32)
#define PTABLE_INFO	  (PTABLE_ENTRY + 48)
#define PTABLE_MAGIC	  0x434f5424u /* "$TOC" */
#define PTABLE_INFO_MAGIC 0x49494953u /* "SIII" */
#define ITEMS		  1024u
#define CACHELINE	  64u

/* the one partition */
#define PART	     0x4000u
#define PART_SIZE    0x180000u
#define PART_MAGIC   0x54525024u /* "$PRT" */
#define PART_HEADER  32u
#define PART_FREE    (PART + 12) /* offset of the first free byte, relative to the partition */
#define GLOBAL_HOST  0xfffeu
#define ENTRY_HEADER 16u
#define ENTRY_CANARY 0xa5a5u

#define ITEM_MINIDUMP 602u
#define CRASH_SIZE    256u

/* smp2p item */
#define SMP2P_MAGIC   0x504d5324u /* "$SMP" */
#define SMP2P_ENTRIES 16u
#define SMP2P_NAME    20u /* first entry: 16 bytes of name, then the value */
#define SMP2P_VALUE   36u
#define SMP2P_SIZE    (SMP2P_NAME + SMP2P_ENTRIES * 20u)

/* minidump: global table, then one table of 32 bytes for each of ten subsystems, then a region of 40 bytes for each of ours */
#define MINIDUMP_HEADER	    16u
#define MINIDUMP_SUBSYSTEM  32u
#define MINIDUMP_SUBSYSTEMS 10u
#define MINIDUMP_REGIONS    (MINIDUMP_HEADER + MINIDUMP_SUBSYSTEM * MINIDUMP_SUBSYSTEMS)
#define MINIDUMP_REGION	    40u
#define MINIDUMP_SIZE	    (MINIDUMP_REGIONS + MINIDUMP_REGION * CORES)
#define MINIDUMP_REVISION   1u
#define MINIDUMP_ENABLED    0x454e424cu /* "ENBL" */
#define MINIDUMP_ENCR_DONE  0x444f4e45u /* "DONE" */
#define MINIDUMP_VALID	    0x56414c49u /* "VALI" */

/* what each core has in SMEM; @minidump: its number in that table, 0: no driver asks for one */
static const struct {
	const char *name;
	uint32_t crash_item;
	uint32_t smp2p_in;
	uint32_t minidump;
	uint64_t mem;
	uint64_t mem_size;
} cores[] = {
	{ "adsp", VIRT_ADSP_CRASH_ITEM, VIRT_ADSP_SMP2P_IN, VIRT_ADSP_MINIDUMP, VIRT_ADSP_MEM, VIRT_ADSP_SIZE },
	{ "cdsp", VIRT_CDSP_CRASH_ITEM, VIRT_CDSP_SMP2P_IN, VIRT_CDSP_MINIDUMP, VIRT_CDSP_MEM, VIRT_CDSP_SIZE },
	{ "video", VIRT_VIDEO_CRASH_ITEM, VIRT_VIDEO_SMP2P_IN, 0, VIRT_VIDEO_MEM, VIRT_VIDEO_SIZE },
};

#define CORES (sizeof(cores) / sizeof(cores[0]))
_Static_assert(CORES == VIRT_CORES, "every core has its items");

static uint32_t get32(const volatile void *smem, uint32_t offset)
{
	return *(const volatile uint32_t *)((const volatile uint8_t *)smem + offset);
}

static void put32(volatile void *smem, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)((volatile uint8_t *)smem + offset) = value;
}

static void put64(volatile void *smem, uint32_t offset, uint64_t value)
{
	put32(smem, offset, (uint32_t)value);
	put32(smem, offset + 4, (uint32_t)(value >> 32));
}

static void put_bytes(volatile void *smem, uint32_t offset, const char *bytes, uint32_t size)
{
	volatile uint8_t *to = (volatile uint8_t *)smem + offset;

	for (uint32_t i = 0; i < size; i++)
		to[i] = (uint8_t)bytes[i];
}

/* the device memory model of the reader is not ours: make the contents visible before what announces them */
static void publish_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void init_partition_table(void *smem)
{
	put32(smem, PTABLE, PTABLE_MAGIC);
	put32(smem, PTABLE + 4, 1); /* version */
	put32(smem, PTABLE + 8, 1); /* entries */
	put32(smem, PTABLE_ENTRY, PART);
	put32(smem, PTABLE_ENTRY + 4, PART_SIZE);
	put32(smem, PTABLE_ENTRY + 12, GLOBAL_HOST << 16 | GLOBAL_HOST);
	put32(smem, PTABLE_ENTRY + 16, CACHELINE);
	put32(smem, PTABLE_INFO, PTABLE_INFO_MAGIC);
	put32(smem, PTABLE_INFO + 4, VIRT_SMEM_SIZE);
	put32(smem, PTABLE_INFO + 8, VIRT_SMEM);
	put32(smem, PTABLE_INFO + 16, ITEMS);
}

static void init_partition(void *smem)
{
	put32(smem, PART, PART_MAGIC);
	put32(smem, PART + 4, GLOBAL_HOST << 16 | GLOBAL_HOST);
	put32(smem, PART + 8, PART_SIZE);
	put32(smem, PART_FREE, PART_HEADER);
	put32(smem, PART + 16, PART_SIZE); /* no cached items: they would grow down from the end */
}

/* only at boot, when the list is still our own; returns the offset of the data */
static uint32_t add_item(void *smem, unsigned int item, uint32_t size)
{
	uint32_t padded = (size + 7) & ~7u;
	uint32_t entry = get32(smem, PART_FREE);

	put32(smem, PART + entry, ENTRY_CANARY | item << 16);
	put32(smem, PART + entry + 4, padded);
	put32(smem, PART + entry + 8, padded - size);
	put32(smem, PART_FREE, entry + ENTRY_HEADER + padded);
	return PART + entry + ENTRY_HEADER;
}

/*
 * The driver asks for the table of its subsystem and, if that is enabled, dumps the regions that it lists by physical
 * address. We know of the remote program only that it lives in the carve-out, so that is the region.
 */
static void init_subsystem(void *smem, uint32_t toc, unsigned int core)
{
	uint32_t subsystem = toc + MINIDUMP_HEADER + cores[core].minidump * MINIDUMP_SUBSYSTEM;
	uint32_t region = toc + MINIDUMP_REGIONS + core * MINIDUMP_REGION;

	put_bytes(smem, region, cores[core].name, (uint32_t)strlen(cores[core].name));
	put32(smem, region + 20, MINIDUMP_VALID);
	put64(smem, region + 24, cores[core].mem);
	put64(smem, region + 32, cores[core].mem_size);

	put32(smem, subsystem, 1); /* status: initialised */
	put32(smem, subsystem + 4, MINIDUMP_ENABLED);
	put32(smem, subsystem + 8, MINIDUMP_ENCR_DONE);
	put32(smem, subsystem + 16, 1); /* regions */
	put64(smem, subsystem + 24, (uint64_t)VIRT_SMEM + region);
}

static void init_minidump(void *smem)
{
	uint32_t toc = add_item(smem, ITEM_MINIDUMP, MINIDUMP_SIZE);

	for (unsigned int i = 0; i < CORES; i++)
		if (cores[i].minidump)
			init_subsystem(smem, toc, i);
	put32(smem, toc, 1); /* status: initialised */
	put32(smem, toc + 4, MINIDUMP_REVISION);
	put32(smem, toc + 8, MINIDUMP_ENABLED);
}

void virt_smem_init(void *smem)
{
	memset(smem, 0, VIRT_SMEM_SIZE);
	init_partition_table(smem);
	init_partition(smem);
	for (unsigned int i = 0; i < CORES; i++) {
		add_item(smem, cores[i].crash_item, CRASH_SIZE);
		add_item(smem, cores[i].smp2p_in, SMP2P_SIZE);
	}
	init_minidump(smem);
	put32(smem, HEADER_VERSION, VERSION);
	publish_barrier();
	put32(smem, HEADER_INITIALIZED, 1);
}

bool virt_smem_find(const volatile void *smem, unsigned int item, uint32_t *offset, uint32_t *size)
{
	uint32_t end = get32(smem, PART_FREE);
	uint32_t at = PART_HEADER;

	if (end > PART_SIZE)
		return false;
	for (unsigned int i = 0; i < ITEMS && at < end && end - at >= ENTRY_HEADER; i++) {
		uint32_t id = get32(smem, PART + at);
		uint32_t bytes = get32(smem, PART + at + 4);
		uint32_t data = at + ENTRY_HEADER + (get32(smem, PART + at + 8) >> 16);

		if ((id & 0xffff) != ENTRY_CANARY || data > end || bytes > end - data || (data | bytes) & 7)
			return false;
		if (id >> 16 == item) {
			*offset = PART + data;
			*size = bytes;
			return true;
		}
		at = data + bytes;
	}
	return false;
}

bool virt_smem_text(volatile void *smem, unsigned int item, const char *text)
{
	uint32_t offset = 0, size = 0;
	uint32_t length = 0;

	if (!virt_smem_find(smem, item, &offset, &size) || !size)
		return false;
	while (length < size - 1 && text[length])
		length++;
	put_bytes(smem, offset, text, length);
	put_bytes(smem, offset + length, "", 1);
	publish_barrier();
	return true;
}

static bool find_smp2p(const volatile void *smem, unsigned int item, uint32_t *offset)
{
	uint32_t size = 0;

	return virt_smem_find(smem, item, offset, &size) && size >= SMP2P_SIZE;
}

bool virt_smp2p_publish(volatile void *smem, unsigned int in, unsigned int out, unsigned int pid)
{
	uint32_t ours = 0, hosts = 0, version = 0;

	if (!find_smp2p(smem, in, &ours))
		return false;
	if (find_smp2p(smem, out, &hosts))
		version = get32(smem, hosts + 4) & 0xff;
	put32(smem, ours, SMP2P_MAGIC);
	put32(smem, ours + 8, pid);			  /* from it to processor 0, the host */
	put32(smem, ours + 12, 1u << 16 | SMP2P_ENTRIES); /* one of 16 in use */
	put32(smem, ours + 16, 0);
	put_bytes(smem, ours + SMP2P_NAME, "slave-kernel\0\0\0", 16);
	publish_barrier();
	put32(smem, ours + 4, version ? version : 1); /* no features */
	return true;
}

/* @turn: change the bit, else set it */
static bool change_bit(volatile void *smem, unsigned int in, unsigned int bit, bool turn)
{
	uint32_t ours = 0, value = 0;

	if (!find_smp2p(smem, in, &ours))
		return false;
	value = get32(smem, ours + SMP2P_VALUE);
	put32(smem, ours + SMP2P_VALUE, turn ? value ^ 1u << bit : value | 1u << bit);
	publish_barrier();
	return true;
}

bool virt_smp2p_raise(volatile void *smem, unsigned int in, unsigned int bit)
{
	return change_bit(smem, in, bit, false);
}

bool virt_smp2p_turn(volatile void *smem, unsigned int in, unsigned int bit)
{
	return change_bit(smem, in, bit, true);
}

bool virt_smp2p_rest(volatile void *smem, unsigned int in)
{
	uint32_t ours = 0;

	if (!find_smp2p(smem, in, &ours))
		return false;
	put32(smem, ours + SMP2P_VALUE, 0);
	publish_barrier();
	return true;
}

uint32_t virt_smp2p_value(const volatile void *smem, unsigned int item)
{
	uint32_t start = 0;

	if (!find_smp2p(smem, item, &start))
		return 0;
	return get32(smem, start + SMP2P_VALUE);
}
