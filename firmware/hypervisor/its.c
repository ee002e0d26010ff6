/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ITS, which turns the devices' message interrupts into LPIs, reads and writes tables in memory past stage 2 and SMMU. So it gets
 * tables and a command queue of the hypervisor's: what the host sets up are only promises. Its commands are copied one by one,
 * and each is looked at first. Offsets and commands are those of Arm IHI 0069, 12.19 and 5.3.
 */
#include <string.h>

#include <fw/sysreg.h>

#include "hypervisor.h"
#include "platform.h"

#define FRAME 0x10000ull

#define GITS_CTLR    0x0000u
#define GITS_TYPER   0x0008u
#define GITS_CBASER  0x0080u
#define GITS_CWRITER 0x0088u
#define GITS_CREADR  0x0090u
#define GITS_BASER   0x0100u
#define BASERS	     8u

#define CTLR_ENABLED	1u
#define BASER_VALID	(1ull << 63)
#define BASER_INDIRECT	(1ull << 62)
#define BASER_TYPE(v)	((unsigned int)((v) >> 56) & 7)
#define BASER_FIXED	(7ull << 56 | 0x1full << 48) /* type and entry size are the ITS's to say */
#define BASER_64K	(2ull << 8)
#define BASER_SHARED	(1ull << 10 | 7ull << 59 | 5ull << 53) /* inner shareable, write-back */
#define CBASER_SHARED	(1ull << 10 | 7ull << 59 | 5ull << 53)
#define CBASER_ADDRESS	0x000ffffffffff000ull
#define CBASER_PAGES(v) (((v)&0xff) + 1)
#define QUEUE_OFFSET	0xfffe0ull

#define CREADR_STALLED 1u

#define COMMAND_BYTES	   32u
#define COMMAND_WORDS	   4u
#define QUEUE_BYTES	   4096u
#define ENTRY_BYTES(typer) (((typer) >> 4 & 0xf) + 1)

#define MAPD	     0x08u
#define MAPD_SIZE(w) ((unsigned int)(w)&0x1f)
#define MAPD_VALID   (1ull << 63)
#define MAPD_ADDRESS 0x000fffffffffff00ull
#define COMMANDS     0xff3au /* one bit for each of those that GICv3 has: MOVI, INT, CLEAR, SYNC, MAPD to DISCARD */

#define TABLES 2u /* devices, collections */

/** struct its - what the host believes that it has set up */
struct its {
	struct fw_lock lock;
	uint64_t baser[BASERS];
	uint64_t cbaser;
	uint64_t cwriter;
	uint64_t creadr;
	uint64_t at; /* in the real queue */
};

static struct its its;
static uint64_t queue[QUEUE_BYTES / 8] __attribute__((aligned(65536)));
static uint64_t tables[TABLES][65536 / 8] __attribute__((aligned(65536)));

static uint64_t reg(uint32_t offset)
{
	return plat_hyp.its + offset;
}

static bool enabled(void)
{
	return fw_read32(reg(GITS_CTLR)) & CTLR_ENABLED;
}

void hyp_its_init(void)
{
	unsigned int used = 0;

	fw_write32(reg(GITS_CTLR), 0);
	for (unsigned int i = 0; i < BASERS; i++) {
		uint64_t fixed = fw_read64(reg(GITS_BASER + 8 * i)) & BASER_FIXED;

		its.baser[i] = fixed;
		if (BASER_TYPE(fixed) && used < TABLES) {
			fw_write64(reg(GITS_BASER + 8 * i),
				   (uint64_t)tables[used++] | BASER_64K | BASER_SHARED | fixed | BASER_VALID);
		}
	}
	fw_write64(reg(GITS_CBASER), (uint64_t)queue | CBASER_SHARED | BASER_VALID);
	fw_write64(reg(GITS_CWRITER), 0);
	its.at = 0;
}

/* a table of a host that starts anew is empty; nothing of the ITS is in use then */
static void write_baser(unsigned int i, uint64_t value)
{
	if (enabled())
		return;
	its.baser[i] = (its.baser[i] & BASER_FIXED) | (value & ~(BASER_FIXED | BASER_INDIRECT));
	memset(tables, 0, sizeof(tables));
}

static void write_cbaser(uint64_t value)
{
	if (enabled())
		return;
	its.cbaser = value;
	its.cwriter = 0;
	its.creadr = 0;
}

/* the host's memory holds the table of a device's events: the ITS writes it */
static bool allowed(const uint64_t *command)
{
	unsigned int opcode = command[0] & 0xff;
	uint64_t bytes = (2ull << MAPD_SIZE(command[1])) * ENTRY_BYTES(fw_read64(reg(GITS_TYPER)));

	if (opcode >= 16 || !(COMMANDS >> opcode & 1))
		return false;
	if (opcode != MAPD || !(command[2] & MAPD_VALID))
		return true;
	return hyp_host_owns(command[2] & MAPD_ADDRESS, bytes);
}

static void issue(const uint64_t *command)
{
	uint64_t seen = 0;

	if (!allowed(command)) {
		hyp_log("CPU %u: ITS: command %x refused: %x, %x", (uint64_t)fw_cpu(), command[0] & 0xff, command[1],
			command[2]);
		return;
	}
	memcpy((uint8_t *)queue + its.at, command, COMMAND_BYTES);
	fw_dsb();
	its.at = (its.at + COMMAND_BYTES) % QUEUE_BYTES;
	fw_write64(reg(GITS_CWRITER), its.at);
	do {
		seen = fw_read64(reg(GITS_CREADR));
		if (seen & CREADR_STALLED) {
			hyp_log("CPU %u: ITS: stands still at command %x", (uint64_t)fw_cpu(), command[0] & 0xff);
			return;
		}
	} while ((seen & QUEUE_OFFSET) != its.at);
}

/* all that the host has put into its queue; where that is not its own memory, there is nothing in it */
static void run_queue(void)
{
	uint64_t base = its.cbaser & CBASER_ADDRESS, size = CBASER_PAGES(its.cbaser) * HYP_PAGE;

	if (!enabled() || !(its.cbaser & BASER_VALID) || !hyp_host_owns(base, size) || its.cwriter >= size)
		return;
	while (its.creadr != its.cwriter) {
		uint64_t command[COMMAND_WORDS] = { 0 };

		memcpy(command, (const void *)(base + its.creadr), sizeof(command));
		issue(command);
		its.creadr = (its.creadr + COMMAND_BYTES) % size;
	}
}

static uint64_t *shadow(uint32_t offset)
{
	if (offset >= GITS_BASER && offset < GITS_BASER + 8 * BASERS)
		return &its.baser[(offset - GITS_BASER) / 8];
	switch (offset & ~7u) {
	case GITS_CBASER:
		return &its.cbaser;
	case GITS_CWRITER:
		return &its.cwriter;
	case GITS_CREADR:
		return &its.creadr;
	default:
		return NULL;
	}
}

/* a register written in halves: the other half stays */
static uint64_t merged(uint64_t now, const struct hyp_access *a)
{
	unsigned int shift = (a->address & 7) * 8;
	uint64_t mask = a->size < 8 ? ((1ull << a->size * 8) - 1) << shift : ~0ull;

	return (now & ~mask) | (a->value << shift & mask);
}

static void write_shadow(uint32_t offset, uint64_t value)
{
	switch (offset & ~7u) {
	case GITS_CBASER:
		write_cbaser(value);
		return;
	case GITS_CWRITER:
		its.cwriter = value & QUEUE_OFFSET;
		run_queue();
		return;
	case GITS_CREADR:
		return;
	default:
		write_baser((offset - GITS_BASER) / 8, value);
	}
}

static void access(struct hyp_access *a)
{
	uint32_t offset = (uint32_t)(a->address - plat_hyp.its);
	uint64_t *s = shadow(offset);

	if (s && a->write) {
		write_shadow(offset, merged(*s, a));
	} else if (s) {
		a->value = *s >> (a->address & 7) * 8;
	} else if (a->size == 4 || (a->size == 8 && offset == GITS_TYPER)) {
		/* other widths it may answer with an external abort (12.1.3), and that would be the hypervisor's */
		hyp_pass_on(a);
		if (a->write && offset == GITS_CTLR)
			run_queue();
	}
}

bool hyp_its_access(struct hyp_access *a)
{
	if (a->address < plat_hyp.its || a->address - plat_hyp.its >= FRAME)
		return false;
	fw_lock(&its.lock);
	access(a);
	fw_unlock(&its.lock);
	return true;
}
