/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GICv3: all interrupts belong to the host (group 1, Non-secure) but these: SGI 15 is group 0, arrives at EL3 and wakes parked
 * CPUs; where remote cores are in the Secure state, their doorbells and all private interrupts of their CPUs are in group 1
 * Secure. Register offsets: Arm IHI 0069, chapter 12.
 */
#include <fw/sysreg.h>

#include "monitor.h"
#include "platform.h"

#define GICD_CTLR     0x0000
#define GICD_TYPER    0x0004
#define GICD_IGROUPR  0x0080
#define GICD_ISPENDR  0x0200
#define GICD_IGRPMODR 0x0d00
#define GICD_NSACR    0x0e00
#define NSACR_PEND    1u	  /* the Non-secure side may set it pending, and nothing else */
#define GICD_ARE      0x30u	  /* ARE_S, ARE_NS */
#define GICD_RWP      0x80000000u /* a write is still on its way */
#define GICD_GROUPS   0x07u	  /* group 0, group 1 Non-secure, group 1 Secure */

#define GICR_TYPER	0x0008
#define GICR_TYPER_LAST 0x10u
#define GICR_WAKER	0x0014
#define GICR_SLEEP	0x2u
#define GICR_ASLEEP	0x4u
#define GICR_SGI_BASE	0x10000
#define GICR_IGROUPR0	0x0080
#define GICR_ISENABLER0 0x0100
#define GICR_IPRIORITYR 0x0400
#define GICR_IGRPMODR0	0x0d00

#define SPURIOUS 1020u

static void write_control(uint32_t value)
{
	fw_write32(plat_monitor.gicd + GICD_CTLR, value);
	while (fw_read32(plat_monitor.gicd + GICD_CTLR) & GICD_RWP)
		;
}

void mon_gic_init_distributor(void)
{
	uint64_t gicd = plat_monitor.gicd;
	uint32_t words = (fw_read32(gicd + GICD_TYPER) & 31) + 1, i = 0;

	write_control(0);
	write_control(GICD_ARE); /* affinity routing first: it cannot change while groups are on */
	write_control(GICD_ARE | GICD_GROUPS);
	for (i = 1; i < words; i++) {
		fw_write32(gicd + GICD_IGROUPR + 4 * i, ~0u);
		fw_write32(gicd + GICD_IGRPMODR + 4 * i, 0);
	}
}

static void set_bit32(uint64_t base, uint32_t id, bool on)
{
	uint64_t at = base + id / 32 * 4;
	uint32_t bit = 1u << id % 32, word = fw_read32(at);

	fw_write32(at, on ? word | bit : word & ~bit);
}

/* the shim takes the host's ring as an interrupt of its own state; the host may still ring */
void mon_gic_secure_doorbells(void)
{
	uint64_t gicd = plat_monitor.gicd;

	for (unsigned int i = 0; i < plat_monitor.remote_cores; i++) {
		uint32_t id = plat_monitor.doorbells[i];
		uint64_t access = gicd + GICD_NSACR + id / 16 * 4;

		set_bit32(gicd + GICD_IGROUPR, id, false);
		set_bit32(gicd + GICD_IGRPMODR, id, true);
		fw_write32(access, fw_read32(access) | NSACR_PEND << id % 16 * 2);
	}
}

unsigned int mon_gic_count_cpus(void)
{
	unsigned int n = 0;
	uint32_t type = 0;

	do {
		type = fw_read32(plat_monitor.gicr + n * plat_monitor.gicr_stride + GICR_TYPER);
		n++;
	} while (!(type & GICR_TYPER_LAST) && n <= FW_MAX_CPUS);
	return n;
}

static void init_redistributor(uint64_t base, bool secure)
{
	uint64_t sgi = base + GICR_SGI_BASE;
	uint32_t priorities = 0;

	fw_write32(base + GICR_WAKER, fw_read32(base + GICR_WAKER) & ~GICR_SLEEP);
	while (fw_read32(base + GICR_WAKER) & GICR_ASLEEP)
		;
	fw_write32(sgi + GICR_IGROUPR0, secure ? 0 : ~(1u << MON_WAKE_SGI));
	fw_write32(sgi + GICR_IGRPMODR0, secure ? ~(1u << MON_WAKE_SGI) : 0);
	priorities = fw_read32(sgi + GICR_IPRIORITYR + (MON_WAKE_SGI & ~3u));
	fw_write32(sgi + GICR_IPRIORITYR + (MON_WAKE_SGI & ~3u), priorities & ~(0xffu << 8 * (MON_WAKE_SGI & 3)));
	fw_write32(sgi + GICR_ISENABLER0, 1u << MON_WAKE_SGI);
}

void mon_gic_init_cpu(unsigned int cpu)
{
	init_redistributor(plat_monitor.gicr + cpu * plat_monitor.gicr_stride,
			   mon_is_remote(cpu) && mon_cores_are_secure());
	fw_write(ICC_SRE_EL3, 0xf);
	fw_isb();
	fw_write(ICC_PMR_EL1, 0xff);
	fw_write(ICC_IGRPEN0_EL1, 1);
	fw_isb();
}

void mon_gic_wake(unsigned int cpu)
{
	fw_dsb();
	fw_write(ICC_SGI0R_EL1, (uint64_t)MON_WAKE_SGI << 24 | 1ull << cpu);
	fw_isb();
}

void mon_gic_ring(unsigned int core)
{
	mon_gic_pend(plat_monitor.doorbells[core]);
}

void mon_gic_pend(uint32_t id)
{
	fw_dsb();
	fw_write32(plat_monitor.gicd + GICD_ISPENDR + id / 32 * 4, 1u << id % 32);
}

void mon_gic_ack_wake(void)
{
	uint64_t id = fw_read(ICC_IAR0_EL1);

	while (id < SPURIOUS) {
		fw_write(ICC_EOIR0_EL1, id);
		id = fw_read(ICC_IAR0_EL1);
	}
	fw_isb();
}
