/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt controller as the host has it: its own interrupts and CPUs. What it may not: change the doorbells of the remote cores,
 * other than ring them, and anything of these cores' CPUs; and lead the tables of a redistributor to memory that is not its own,
 * because the GIC reads and writes these past stage 2 and SMMU. Offsets are those of Arm IHI 0069, 12.9 and 12.11.
 */
#include <fw/sysreg.h>

#include "hypervisor.h"
#include "platform.h"

#define FRAME 0x10000ull

#define GICD_TYPER	 0x0004u
#define GICD_IGROUPR	 0x0080u
#define GICD_ISENABLER	 0x0100u
#define GICD_ISPENDR	 0x0200u
#define GICD_ICPENDR	 0x0280u
#define GICD_IPRIORITYR	 0x0400u
#define GICD_ICFGR	 0x0c00u
#define GICD_IGRPMODR	 0x0d00u
#define GICD_IROUTER	 0x6000u
#define GICD_IROUTER_END 0x7fe0u
#define ID_BITS(typer)	 (((typer) >> 19 & 0x1f) + 1)

#define GICR_PROPBASER 0x70u
#define GICR_PENDBASER 0x78u
#define BASER_ADDRESS  0x000ffffffffff000ull
#define PEND_ADDRESS   0x000fffffffff0000ull

#define GICD_BYTES 0x0400u /* priorities and targets: up to GICD_ICFGR they may be accessed by bytes */
#define GICR_WIDE  0x00c0u /* below it registers of 64 bits are at multiples of 8 */

static struct fw_lock gic_lock;

/** struct bits - a part of the distributor that has as many bits for each interrupt */
static const struct bits {
	uint32_t from, to;
	unsigned int each;
	bool keeps; /* writing 0 changes something: what is there must be written again */
} parts[] = {
	{ GICD_IGROUPR, GICD_ISENABLER, 1, true },    { GICD_ISENABLER, GICD_ISPENDR, 1, false },
	{ GICD_ICPENDR, GICD_IPRIORITYR, 1, false },  { GICD_IPRIORITYR, GICD_ICFGR, 8, true },
	{ GICD_ICFGR, GICD_IGRPMODR, 2, true },	      { GICD_IGRPMODR, GICD_IGRPMODR + 0x80, 1, true },
	{ GICD_IROUTER, GICD_IROUTER_END, 64, true },
};

static uint64_t ones(unsigned int bits)
{
	return bits < 64 ? (1ull << bits) - 1 : ~0ull;
}

/* the bits of a write to @offset that belong to doorbells */
static uint64_t doorbell_bits(const struct bits *part, uint32_t offset, unsigned int size)
{
	uint64_t mask = 0;

	for (unsigned int i = 0; i < plat_hyp.doorbell_count; i++) {
		/* arrays of the register parts repeat every 0x80 bytes, where there is a bit for each interrupt */
		uint64_t span = part->each == 1 ? 0x80 * 8 : (uint64_t)(part->to - part->from) * 8;
		uint64_t at = (uint64_t)plat_hyp.doorbells[i] * part->each;
		uint64_t first = (uint64_t)(offset - part->from) * 8 % span, end = first + size * 8;

		if (at >= end || at + part->each <= first)
			continue;
		mask |= at >= first ? ones(part->each) << (at - first) : ones(part->each);
	}
	return mask;
}

/*
 * What the GIC has no register of that width for, it may answer with an external abort (12.1.3): it would be the hypervisor's. Such
 * an access reads 0 and writes nothing.
 */
static bool has_width(const struct hyp_access *a, uint32_t offset, bool wide)
{
	return a->size == 4 || (a->size == 8 && wide) || (a->size == 1 && offset >= GICD_BYTES && offset < GICD_ICFGR);
}

static void write_distributor(struct hyp_access *a)
{
	uint32_t offset = (uint32_t)(a->address - plat_hyp.gicd);

	for (unsigned int i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t mask = 0;
		struct hyp_access now = { .address = a->address, .size = a->size };

		if (offset < parts[i].from || offset >= parts[i].to)
			continue;
		mask = doorbell_bits(&parts[i], offset, a->size);
		if (mask && parts[i].keeps)
			hyp_pass_on(&now);
		a->value = (a->value & ~mask) | (now.value & mask);
	}
	hyp_pass_on(a);
}

/* a 64-bit register may be written in halves: what it will be then */
static uint64_t whole(const struct hyp_access *a)
{
	uint64_t base = a->address & ~7ull, now = fw_read64(base);
	unsigned int shift = (a->address & 7) * 8;

	return a->size == 8 ? a->value : (now & ~(ones(a->size * 8) << shift)) | a->value << shift;
}

/* as large as the tables of this GIC can be */
static bool leads_to_the_hosts(const struct hyp_access *a, uint32_t reg)
{
	uint64_t ids = 1ull << ID_BITS(fw_read32(plat_hyp.gicd + GICD_TYPER)), value = whole(a);

	if (reg == GICR_PROPBASER)
		return hyp_host_owns(value & BASER_ADDRESS, ids);
	return hyp_host_owns(value & PEND_ADDRESS, ids / 8);
}

static void redistributor(struct hyp_access *a, uint64_t cpu)
{
	uint32_t offset = (uint32_t)((a->address - plat_hyp.gicr) % plat_hyp.gicr_stride), reg = offset & ~7u;

	if ((a->write && cpu >= hyp_boot->host_cpus) || !has_width(a, offset % FRAME, offset < GICR_WIDE))
		return;
	if (a->write && (reg == GICR_PROPBASER || reg == GICR_PENDBASER) && !leads_to_the_hosts(a, reg)) {
		hyp_log("CPU %u: redistributor %u: table at %x refused: it is not the host's", (uint64_t)fw_cpu(), cpu,
			whole(a));
		return;
	}
	hyp_pass_on(a);
}

bool hyp_gic_access(struct hyp_access *a)
{
	uint64_t cpu = (a->address - plat_hyp.gicr) / plat_hyp.gicr_stride;

	if (a->address >= plat_hyp.gicr && cpu < hyp_boot->cpus) {
		fw_lock(&gic_lock);
		redistributor(a, cpu);
		fw_unlock(&gic_lock);
		return true;
	}
	if (a->address < plat_hyp.gicd || a->address - plat_hyp.gicd >= FRAME)
		return false;
	if (!has_width(a, (uint32_t)(a->address - plat_hyp.gicd), a->address - plat_hyp.gicd >= GICD_IROUTER))
		return true;
	fw_lock(&gic_lock);
	if (a->write)
		write_distributor(a);
	else
		hyp_pass_on(a);
	fw_unlock(&gic_lock);
	return true;
}
