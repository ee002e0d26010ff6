/* SPDX-License-Identifier: BSD-2-Clause */
/* The interrupt controller as a hypervisor's host has it: no table of it leads elsewhere, no doorbell changes, whatever is written how. */
#include <string.h>

#include <fw/sysreg.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define PAGE	UINT64_C(0x1000)
#define RAM_END (VIRT_RAM + (uint64_t)VIRT_RAM_MIN)

/* where no table may be: the last ones begin in the host's memory and end elsewhere */
static const uint64_t places[] = {
	VIRT_HYPERVISOR,   VIRT_HYPERVISOR + VIRT_HYPERVISOR_SIZE - PAGE * 16,
	VIRT_SHIM,	   VIRT_ADSP_MEM,
	VIRT_CDSP_MEM,	   VIRT_VIDEO_MEM,
	VIRT_SERVICE_RAM,  VIRT_SMMU,
	UINT64_C(1) << 47, VIRT_HYPERVISOR - PAGE,
	VIRT_SHIM - PAGE,  RAM_END - PAGE,
};

#define PLACES (sizeof(places) / sizeof(places[0]))

/* --- redistributors (Arm IHI 0069, 12.11) --- */

#define GICR_PROPBASER 0x70u
#define GICR_PENDBASER 0x78u
#define PROP_ADDRESS   UINT64_C(0x000ffffffffff000)
#define PEND_ADDRESS   UINT64_C(0x000fffffffff0000)
#define ID_BITS	       0xfu

static uint64_t redistributor(unsigned int cpu)
{
	return VIRT_GICR + (uint64_t)cpu * VIRT_GICR_STRIDE;
}

static void write_halves(uint64_t at, uint64_t value)
{
	fw_write32(at + 4, (uint32_t)(value >> 32));
	fw_write32(at, (uint32_t)value);
}

/* Return: after it was written in either way, the register leads where it led before */
static bool keeps(uint64_t at, uint64_t mask, uint64_t value)
{
	uint64_t before = fw_read64(at);
	bool good = true;

	fw_write64(at, value | ID_BITS);
	good = same("the table's address", (int64_t)(fw_read64(at) & mask), (int64_t)(before & mask));
	write_halves(at, value | ID_BITS);
	/* a half that alone leads nowhere else may have been taken */
	good = same("it leads to what was refused", (fw_read64(at) & mask) == (value & mask), false) && good;
	fw_write64(at, before);
	return good;
}

static bool redistributor_tables(void)
{
	unsigned int cpus = host_cpus();
	bool good = program_start();

	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		for (size_t i = 0; i < PLACES; i++) {
			uint64_t at = redistributor(cpu);

			good = keeps(at + GICR_PROPBASER, PROP_ADDRESS, places[i]) && good;
			/* this one is smaller and begins at 64 KiB: a page before another's memory it is inside its own */
			if (!(places[i] & 0xffff))
				good = keeps(at + GICR_PENDBASER, PEND_ADDRESS, places[i]) && good;
		}
	log_has("hypervisor: CPU 0: redistributor 0: table at 0xba00000f refused");
	return same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
}

/* every word of the frames of CPUs that are not the host's */
static bool redistributors_of_remote_cores(void)
{
	bool good = program_start();

	for (unsigned int cpu = host_cpus(); cpu < host_cpus() + VIRT_CORES; cpu++)
		for (uint64_t at = redistributor(cpu); at < redistributor(cpu) + VIRT_GICR_STRIDE; at += 4) {
			uint32_t before = fw_read32(at);

			fw_write32(at, 0);
			fw_write32(at, ~0u);
			if (fw_read32(at) != before)
				good = same("a register that changed", (int64_t)at, 0);
		}
	return same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
}

/* --- ITS (12.19 and 5.3) --- */

#define GITS_CTLR    (VIRT_ITS + 0x0000)
#define GITS_CBASER  (VIRT_ITS + 0x0080)
#define GITS_CWRITER (VIRT_ITS + 0x0088)
#define GITS_CREADR  (VIRT_ITS + 0x0090)
#define GITS_BASER   (VIRT_ITS + 0x0100)
#define VALID	     (UINT64_C(1) << 63)
#define QUEUE	     SCRATCH
#define MAPD	     0x08u
#define COMMANDS     64u
#define ITS_FRAME    0x10000u

static void its_open(uint64_t queue, unsigned int pages)
{
	fw_write32(GITS_CTLR, 0);
	for (unsigned int i = 0; i < 8; i++)
		fw_write64(GITS_BASER + 8 * i, VALID | SCRATCH2 | 0xff);
	fw_write64(GITS_CBASER, VALID | queue | (pages - 1));
	fw_write64(GITS_CWRITER, 0);
	fw_write32(GITS_CTLR, 1);
}

static void its_close(void)
{
	fw_write32(GITS_CTLR, 0);
	fw_write64(GITS_CBASER, 0);
	for (unsigned int i = 0; i < 8; i++)
		fw_write64(GITS_BASER + 8 * i, 0);
}

static bool its_issue(uint64_t word0, uint64_t word1, uint64_t word2)
{
	uint64_t at = fw_read64(GITS_CWRITER), next = (at + 32) % PAGE;
	volatile uint64_t *command = (volatile uint64_t *)(QUEUE + at);

	command[0] = word0;
	command[1] = word1;
	command[2] = word2;
	command[3] = 0;
	fw_dsb();
	fw_write64(GITS_CWRITER, next);
	return same("CREADR", (int64_t)fw_read64(GITS_CREADR), (int64_t)next);
}

/* tables of devices' interrupts, which the ITS writes: small and large ones, whole and over an edge */
static bool its_device_tables(void)
{
	unsigned int refused = 0;
	bool good = true;

	its_open(QUEUE, 1);
	for (size_t i = 0; i < PLACES; i++)
		for (unsigned int bits = 0; bits < 16; bits += 5) {
			uint64_t size = (UINT64_C(2) << bits) * 12;
			bool inside = places[i] & 0xffff && places[i] < RAM_END && size <= PAGE;

			good = its_issue(UINT64_C(8) << 32 | MAPD, bits, VALID | places[i]) && good;
			refused += !inside;
		}
	its_close();
	log_counts("hypervisor: CPU 0: ITS: command 0x8 refused", refused, refused);
	return good && flow();
}

/* what GICv4 would have, and what nobody has */
static bool its_commands(void)
{
	unsigned int refused = 0;
	bool good = true;

	its_open(QUEUE, 1);
	for (uint64_t opcode = 0; opcode < 256; opcode++) {
		if (opcode < 16 && 0xff3au >> opcode & 1)
			continue; /* GICv3's own */
		good = its_issue(opcode, VIRT_HYPERVISOR, VALID | VIRT_HYPERVISOR) && good;
		refused++;
	}
	its_close();
	log_counts("hypervisor: CPU 0: ITS: command 0x[0-9a-f]+ refused", refused, refused);
	return good && flow();
}

/* a queue that is not the host's, or ends elsewhere, holds nothing; what its own registers show leads nowhere */
static bool its_queues(void)
{
	bool good = true;

	for (size_t i = 0; i < PLACES; i++) {
		its_open(places[i] & ~(PAGE - 1), places[i] & 0xffff ? 2 : 1);
		fw_write64(GITS_CWRITER, 32);
		good = same("commands that were taken", (int64_t)fw_read64(GITS_CREADR), 0) && good;
		its_close();
	}
	its_open(QUEUE, 1);
	fw_write64(GITS_CWRITER, PAGE);
	good = same("commands behind the queue", (int64_t)fw_read64(GITS_CREADR), 0) && good;
	fw_write64(GITS_CWRITER, ~UINT64_C(0));
	good = same("commands far behind the queue", (int64_t)fw_read64(GITS_CREADR), 0) && good;
	its_close();
	log_lacks("hypervisor: .*ITS: stands still");
	return good && flow();
}

/* its whole frame, by words and halves of registers, while it is on and off */
static bool its_frame(void)
{
	static const uint32_t values[] = { ~0u, 0x80000000, VIRT_HYPERVISOR, 0 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		for (uint64_t at = VIRT_ITS; at < VIRT_ITS + ITS_FRAME; at += 4)
			fw_write32(at, values[i]);
	its_close();
	return flow();
}

/* --- doorbells --- */

static const uint32_t bells[] = { 32 + VIRT_SPI_ADSP_DOORBELL, 32 + VIRT_SPI_CDSP_DOORBELL,
				  32 + VIRT_SPI_VIDEO_DOORBELL };

/* registers of the distributor with so many bits for each interrupt, but for those that make one pending */
static const struct part {
	uint32_t base;
	unsigned int bits;
} parts[] = {
	{ 0x0080, 1 },	/* IGROUPR */
	{ 0x0100, 1 },	/* ISENABLER */
	{ 0x0180, 1 },	/* ICENABLER */
	{ 0x0300, 1 },	/* ISACTIVER */
	{ 0x0380, 1 },	/* ICACTIVER */
	{ 0x0400, 8 },	/* IPRIORITYR */
	{ 0x0c00, 2 },	/* ICFGR */
	{ 0x0d00, 1 },	/* IGRPMODR */
	{ 0x6000, 64 }, /* IROUTER */
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* single instructions: where one faults, the next one goes on */
static void write_sized(uint64_t at, unsigned int size, uint64_t value)
{
	fault_arm();
	if (size == 8)
		__asm__ volatile("str %0, [%1]" ::"r"(value), "r"(at & ~UINT64_C(7)) : "memory");
	else if (size == 4)
		__asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(at & ~UINT64_C(3)) : "memory");
	else if (size == 2)
		__asm__ volatile("strh %w0, [%1]" ::"r"(value), "r"(at & ~UINT64_C(1)) : "memory");
	else
		__asm__ volatile("strb %w0, [%1]" ::"r"(value), "r"(at) : "memory");
	(void)fault_disarm();
}

/* the interrupt's bits of a part, as this host reads them */
static uint64_t setting(const struct part *p, uint32_t id)
{
	uint64_t bit = (uint64_t)id * p->bits, word = fw_read32(VIRT_GICD + p->base + bit / 32 * 4);

	if (p->bits == 64)
		return fw_read64(VIRT_GICD + p->base + bit / 8);
	return word >> bit % 32 & ((UINT64_C(1) << p->bits) - 1);
}

static bool bell_stays(uint32_t id)
{
	uint64_t before[PARTS] = { 0 };
	bool good = true;

	for (size_t i = 0; i < PARTS; i++)
		before[i] = setting(&parts[i], id);
	for (size_t i = 0; i < PARTS; i++) {
		uint64_t first = VIRT_GICD + parts[i].base + (uint64_t)id * parts[i].bits / 8;

		for (unsigned int size = 1; size <= 8; size *= 2)
			for (uint64_t at = first; at < first + (parts[i].bits == 64 ? 8 : 1); at++) {
				write_sized(at, size, ~UINT64_C(0));
				write_sized(at, size, 0);
				write_sized(at, size, UINT64_C(0x0102030401020304));
			}
	}
	for (size_t i = 0; i < PARTS; i++)
		if (setting(&parts[i], id) != before[i]) {
			good = same("a setting of a doorbell", (int64_t)setting(&parts[i], id), (int64_t)before[i]);
			print("# in the registers at ");
			print_hex(parts[i].base);
			print("\n");
		}
	return good;
}

static bool doorbells_by_every_width(void)
{
	bool good = program_start();

	for (size_t i = 0; i < sizeof(bells) / sizeof(bells[0]); i++)
		good = bell_stays(bells[i]) && good;
	/* neighbours of the doorbells in the same registers were the host's to spoil: all off again */
	for (unsigned int i = 1; i < 9; i++) {
		fw_write32(VIRT_GICD + 0x0180 + 4 * i, ~0u);
		fw_write32(VIRT_GICD + 0x0280 + 4 * i, ~0u);
		fw_write32(VIRT_GICD + 0x0080 + 4 * i, ~0u);
	}
	return same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
}

/* --- accesses that are nobody's habit --- */

static void read_sized(uint64_t at, unsigned int size)
{
	uint64_t value = 0;

	fault_arm();
	if (size == 8)
		__asm__ volatile("ldr %0, [%1]" : "+r"(value) : "r"(at) : "memory");
	else if (size == 4)
		__asm__ volatile("ldr %w0, [%1]" : "+r"(value) : "r"(at) : "memory");
	else if (size == 2)
		__asm__ volatile("ldrh %w0, [%1]" : "+r"(value) : "r"(at) : "memory");
	else
		__asm__ volatile("ldrb %w0, [%1]" : "+r"(value) : "r"(at) : "memory");
	(void)fault_disarm();
}

static bool every_register_by_every_width(void)
{
	const uint64_t frames[] = { VIRT_GICD, VIRT_ITS, redistributor(0), redistributor(host_cpus()) };

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		for (unsigned int size = 1; size <= 8; size *= 2)
			for (uint64_t at = frames[i]; at < frames[i] + 0x10000; at += 8)
				read_sized(at, size);
	return flow();
}

#define WAY(instruction)                                                                                               \
	fault_arm();                                                                                                   \
	__asm__ volatile(instruction ::"r"(at) : "x9", "x10", "v0", "memory");                                         \
	(void)fault_disarm();

/* pairs, exclusives, vectors: what the hypervisor is not told enough of to carry out is an abort, and never its own end */
static bool every_kind_of_access(void)
{
	static const uint64_t where[] = { VIRT_GICD + 0x100, VIRT_GICD + 0x6000, VIRT_ITS + 0x80, VIRT_GICR + 0x70,
					  VIRT_VIRTIO };

	vectors_on();
	for (size_t i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		uint64_t at = where[i];

		WAY("ldp x9, x10, [%0]")
		WAY("stp xzr, xzr, [%0]")
		WAY("ldxr x9, [%0]")
		WAY("ldar w9, [%0]")
		WAY("stlr wzr, [%0]")
		WAY("ldrsb x9, [%0]")
		WAY("ldrsw x9, [%0]")
		WAY("ldr q0, [%0]")
		WAY("mov x10, %0\n\tldr w9, [x10], #4")
		WAY("mov x10, %0\n\tstr wzr, [x10, #4]!")
		WAY("dc zva, %0")
		WAY("dc civac, %0")
	}
	its_close();
	return flow();
}

#define KEPT "they lead where they led: the GIC reads and writes these past stage 2 and SMMU"

const struct attack gic_attacks[] = {
	{ "tables_of_redistributors_elsewhere", KEPT, redistributor_tables, HOST_HYPERVISOR },
	{ "redistributors_of_remote_cores", "no register of theirs changes", redistributors_of_remote_cores,
	  HOST_HYPERVISOR },
	{ "tables_of_devices_interrupts_elsewhere", "MAPD is refused where its table ends outside of the host's memory",
	  its_device_tables, HOST_HYPERVISOR },
	{ "commands_that_gicv3_lacks", "each is refused", its_commands, HOST_HYPERVISOR },
	{ "command_queues_elsewhere", "nothing is read there, or behind the queue", its_queues, HOST_HYPERVISOR },
	{ "frame_of_the_its_overwritten", "the hypervisor's tables stay in place, and it goes on", its_frame,
	  HOST_HYPERVISOR },
	{ "doorbells_by_every_width", "no bit of theirs changes", doorbells_by_every_width, HOST_HYPERVISOR },
	{ "every_register_read_by_every_width", "the hypervisor goes on", every_register_by_every_width,
	  HOST_HYPERVISOR },
	{ "emulated_registers_by_every_kind_of_access", "the hypervisor goes on", every_kind_of_access,
	  HOST_HYPERVISOR },
	{ NULL, NULL, NULL, 0 },
};
