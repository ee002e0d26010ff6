/* SPDX-License-Identifier: BSD-2-Clause */
/* The interrupt controller, as far as a host reaches it, against the secure world's one interrupt and the remote cores. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define GICD_CTLR	0x0000u
#define GICD_IGROUPR	0x0080u
#define GICD_ISENABLER	0x0100u
#define GICD_ICENABLER	0x0180u
#define GICD_ISPENDR	0x0200u
#define GICD_ICPENDR	0x0280u
#define GICD_IPRIORITYR 0x0400u
#define GICD_SETSPI_NSR 0x0040u
#define GICD_SETSPI_SR	0x0050u
#define GICD_ISACTIVER	0x0300u
#define GICD_ICACTIVER	0x0380u
#define GICD_ITARGETSR	0x0800u
#define GICD_ICFGR	0x0c00u
#define GICD_SGIR	0x0f00u
#define GICD_CPENDSGIR	0x0f10u
#define GICD_SPENDSGIR	0x0f20u
#define GICD_IGRPMODR	0x0d00u
#define GICD_NSACR	0x0e00u
#define GICD_IROUTER	0x6000u
#define GICD_WORDS	9u /* of 32 interrupts: 288 on this machine */

#define GICR_CTLR	0x0000u
#define GICR_WAKER	0x0014u
#define GICR_PROPBASER	0x0070u
#define GICR_PENDBASER	0x0078u
#define GICR_SGI	0x10000u
#define GICR_FRAMES	8u
#define GICR_TYPER	0x0008u
#define GICR_TYPER_LAST 0x10u

#define ITS	     UINT64_C(0x08080000)
#define GITS_CTLR    0x0000u
#define GITS_CBASER  0x0080u
#define GITS_CWRITER 0x0088u
#define GITS_BASER   0x0100u
#define GITS_VALID   (UINT64_C(1) << 63)

#define ICC_SGI1R_EL1  S3_0_C12_C11_5
#define ICC_ASGI1R_EL1 S3_0_C12_C11_6
#define ICC_CTLR_EL1   S3_0_C12_C12_4
#define ICC_BPR1_EL1   S3_0_C12_C12_3

#define ALL_TARGETS 0xffffu /* of one cluster */
#define WAKE_SGI    15u	    /* the monitor's */
#define MY_PPI	    26u

/* Return: a program runs, does not notice what @attack does, can be stopped, and another one starts */
static bool program_survives(void (*attack)(void), void (*repair)(void))
{
	bool good = true;

	stream_open();
	good = program_start();
	attack();
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	good = program_start() && good;
	if (repair)
		repair();
	stream_close();
	return good && flow();
}

static void sgi0(void)
{
	unsigned int i = 0;

	for (i = 0; i < 16; i++) {
		fault_arm();
		fw_write(ICC_SGI0R_EL1, (uint64_t)i << 24 | ALL_TARGETS);
		(void)fault_disarm();
		fault_arm();
		fw_write(ICC_SGI0R_EL1, (uint64_t)i << 24 | UINT64_C(1) << 40); /* all but this CPU */
		(void)fault_disarm();
	}
}

static void asgi1(void)
{
	unsigned int i = 0;

	for (i = 0; i < 16; i++) {
		fault_arm();
		fw_write(ICC_ASGI1R_EL1, (uint64_t)i << 24 | ALL_TARGETS);
		(void)fault_disarm();
		fault_arm();
		fw_write(ICC_ASGI1R_EL1, (uint64_t)i << 24 | UINT64_C(1) << 40);
		(void)fault_disarm();
	}
}

static void sgi1(void)
{
	unsigned int i = 0, n = 0;

	for (n = 0; n < 200; n++)
		for (i = 1; i < 16; i++)
			fw_write(ICC_SGI1R_EL1, (uint64_t)i << 24 | (ALL_TARGETS & ~1u));
}

static bool group0_sgis(void)
{
	return program_survives(sgi0, NULL);
}

static bool other_groups_sgis(void)
{
	return program_survives(asgi1, NULL);
}

static bool own_sgis(void)
{
	return program_survives(sgi1, NULL);
}

static void distributor_off(void)
{
	fw_write32(VIRT_GICD + GICD_CTLR, 0);
}

static void distributor_on(void)
{
	fw_write32(VIRT_GICD + GICD_CTLR, 0x12); /* ARE_NS, EnableGrp1A as a host sees them */
}

/* Linux rings the remote core through the distributor: without it the program goes on by its own clock */
static bool distributor_disabled(void)
{
	bool good = true;

	stream_open();
	good = program_start();
	distributor_off();
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	good = flow() && good;
	distributor_on();
	good = program_start() && good;
	stream_close();
	return good;
}

static void regroup(void)
{
	unsigned int i = 0;

	for (i = 0; i < GICD_WORDS; i++) {
		fw_write32(VIRT_GICD + GICD_IGROUPR + 4 * i, 0);
		fw_write32(VIRT_GICD + GICD_IGRPMODR + 4 * i, ~0u);
		fw_write32(VIRT_GICD + GICD_NSACR + 8 * i, 0);
		fw_write32(VIRT_GICD + GICD_NSACR + 8 * i + 4, 0);
	}
}

static bool interrupts_regrouped(void)
{
	return program_survives(regroup, NULL);
}

static uint64_t redistributor(unsigned int cpu)
{
	return VIRT_GICR + (uint64_t)cpu * VIRT_GICR_STRIDE;
}

static unsigned int redistributors(void)
{
	unsigned int n = 0;

	while (!(fw_read32(redistributor(n) + GICR_TYPER) & GICR_TYPER_LAST) && n < GICR_FRAMES)
		n++;
	return n + 1;
}

static void spoil_redistributors(void)
{
	unsigned int i = 0, j = 0;

	for (i = 0; i < redistributors(); i++) {
		uint64_t sgi = redistributor(i) + GICR_SGI;

		fw_write32(sgi + GICD_IGROUPR, 0);
		fw_write32(sgi + GICD_IGRPMODR, ~0u);
		fw_write32(sgi + GICD_NSACR, ~0u);
		fw_write32(sgi + GICD_ICENABLER, 1u << WAKE_SGI);
		fw_write32(sgi + GICD_ICPENDR, 1u << WAKE_SGI);
		for (j = 0; j < 16; j += 4)
			fw_write32(sgi + GICD_IPRIORITYR + j, ~0u);
		fw_write32(redistributor(i) + GICR_WAKER, 2); /* sleep */
	}
}

static bool wake_interrupt_spoilt(void)
{
	return program_survives(spoil_redistributors, NULL);
}

/* the host disables what wakes the shim, too: its program may stand still, but its core can be stopped */
static bool remote_redistributor_disabled(void)
{
	unsigned int i = 0;
	bool good = true;

	stream_open();
	good = program_start();
	for (i = host_cpus(); i < redistributors(); i++) {
		fw_write32(redistributor(i) + GICR_SGI + GICD_ICENABLER, ~0u);
		fw_write32(redistributor(i) + GICR_SGI + GICD_ICPENDR, ~0u);
	}
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	good = program_start() && good;
	stream_close();
	return good;
}

/* every interrupt is pending, enabled, and for CPU 0 */
static bool everything_pending(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;
	bool good = true;

	for (i = 1; i < GICD_WORDS; i++) {
		fw_write32(VIRT_GICD + GICD_ISENABLER + 4 * i, ~0u);
		fw_write32(VIRT_GICD + GICD_ISPENDR + 4 * i, ~0u);
	}
	prepare_init_image(&c, archive_metadata(archive_find(SMALL), 0));
	scm_issue(&c);
	for (i = 0; i < 50 && c.out.x[0] == PIL_SCM_INTERRUPTED; i++)
		scm_resume(&c, c.out.x[6]);
	good = same("it waits while they are pending", (int64_t)c.out.x[0], PIL_SCM_INTERRUPTED);
	good = same("queries do not wait", door_answers(), true) && good;
	for (i = 1; i < GICD_WORDS; i++) {
		fw_write32(VIRT_GICD + GICD_ICENABLER + 4 * i, ~0u);
		fw_write32(VIRT_GICD + GICD_ICPENDR + 4 * i, ~0u);
	}
	for (i = 0; i < 2000 && timer_take() < 1020; i++)
		;
	scm_resume(&c, c.out.x[6]);
	return same("it ends when they are gone", scm_finish(&c), 0) && good;
}

static bool cpu_interface_spoilt(void)
{
	bool good = true;

	fw_write(ICC_PMR_EL1, 0);
	fw_write(ICC_IGRPEN1_EL1, 0);
	fw_write(ICC_BPR1_EL1, 0);
	fault_arm();
	fw_write(ICC_CTLR_EL1, ~UINT64_C(0));
	(void)fault_disarm();
	fault_arm();
	fw_write(ICC_SRE_EL2, 0);
	(void)fault_disarm();
	fw_isb();
	stream_open();
	good = program_start();
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	fault_arm();
	fw_write(ICC_CTLR_EL1, 0);
	(void)fault_disarm();
	timer_init();
	return good && flow();
}

#define UNREACHABLE(what, access)                                                                                      \
	do {                                                                                                           \
		fault_arm();                                                                                           \
		access;                                                                                                \
		good = same(what " is refused", fault_disarm() != 0, true) && good;                                    \
	} while (0)

static bool group0_registers(void)
{
	bool good = true;
	uint64_t value = 0;

	UNREACHABLE("ICC_IGRPEN0_EL1", fw_write(ICC_IGRPEN0_EL1, 0));
	UNREACHABLE("ICC_IAR0_EL1", value = fw_read(ICC_IAR0_EL1));
	UNREACHABLE("ICC_EOIR0_EL1", fw_write(ICC_EOIR0_EL1, WAKE_SGI));
	UNREACHABLE("ICC_IGRPEN1_EL3", fw_write(ICC_IGRPEN1_EL3, 0));
	UNREACHABLE("ICC_SRE_EL3", fw_write(ICC_SRE_EL3, 0));
	(void)value;
	return good && program_survives(sgi0, NULL);
}

/* the redistributors and the ITS read and write tables in memory: here in the secure world's */
static bool tables_in_secure_memory(void)
{
	unsigned int i = 0;

	for (i = 0; i < host_cpus(); i++) {
		fw_write64(redistributor(i) + GICR_PROPBASER, VIRT_SERVICE_RAM | 0xf);
		fw_write64(redistributor(i) + GICR_PENDBASER, VIRT_SERVICE_RAM);
		fw_write32(redistributor(i) + GICR_CTLR, 1);
	}
	for (i = 0; i < 8; i++)
		fw_write64(ITS + GITS_BASER + 8 * i, GITS_VALID | VIRT_SERVICE_RAM | 0xff);
	fw_write64(ITS + GITS_CBASER, GITS_VALID | VIRT_SERVICE_RAM | 0xff);
	fw_write32(ITS + GITS_CTLR, 1);
	fw_write64(ITS + GITS_CWRITER, 0x20 * 64);
	wait_us(20000);
	fw_write32(ITS + GITS_CTLR, 0);
	for (i = 0; i < host_cpus(); i++)
		fw_write32(redistributor(i) + GICR_CTLR, 0);
	return flow();
}

/* --- doorbells: the secure world's interrupts, which the host may ring and nothing else --- */

static const uint32_t bells[] = { 32 + VIRT_SPI_ADSP_DOORBELL, 32 + VIRT_SPI_CDSP_DOORBELL,
				  32 + VIRT_SPI_VIDEO_DOORBELL };

#define BELLS (sizeof(bells) / sizeof(bells[0]))

/* one register of one bit, two bits or a byte for each interrupt, all bits of it that are the interrupt's */
static uint64_t word_of(unsigned int base, uint32_t id, unsigned int bits)
{
	return VIRT_GICD + base + id * bits / 32 * 4;
}

static uint32_t mask_of(uint32_t id, unsigned int bits)
{
	return (uint32_t)(((UINT64_C(1) << bits) - 1) << id * bits % 32);
}

static void spoil_doorbells(void)
{
	for (unsigned int i = 0; i < BELLS; i++) {
		uint32_t id = bells[i];

		fw_write32(word_of(GICD_ICENABLER, id, 1), mask_of(id, 1));
		fw_write32(word_of(GICD_ICPENDR, id, 1), mask_of(id, 1));
		fw_write32(word_of(GICD_ICACTIVER, id, 1), mask_of(id, 1));
		fw_write32(word_of(GICD_ISACTIVER, id, 1), mask_of(id, 1));
		fw_write32(word_of(GICD_IGROUPR, id, 1), ~0u);
		fw_write32(word_of(GICD_IGRPMODR, id, 1), 0);
		fw_write32(word_of(GICD_NSACR, id, 2), ~0u);
		fw_write32(word_of(GICD_IPRIORITYR, id, 8), ~0u);
		fw_write32(word_of(GICD_ITARGETSR, id, 8), 0x01010101);
		fw_write32(word_of(GICD_ICFGR, id, 2), ~0u);
		fw_write64(VIRT_GICD + GICD_IROUTER + UINT64_C(8) * id, 0);
	}
}

static bool doorbells_spoilt(void)
{
	return program_survives(spoil_doorbells, NULL);
}

/* what the host reads of an interrupt that is not its own is zero, but for its pending bit, which it may set */
static bool doorbells_read(void)
{
	bool good = true;

	stream_open();
	good = program_start();
	for (unsigned int i = 0; i < BELLS; i++) {
		uint32_t id = bells[i];

		good = same("enabled", fw_read32(word_of(GICD_ISENABLER, id, 1)) & mask_of(id, 1), 0) && good;
		good = same("group", fw_read32(word_of(GICD_IGROUPR, id, 1)) & mask_of(id, 1), 0) && good;
		good = same("access", fw_read32(word_of(GICD_NSACR, id, 2)) & mask_of(id, 2), 0) && good;
		good = same("route", (int64_t)fw_read64(VIRT_GICD + GICD_IROUTER + UINT64_C(8) * id), 0) && good;
	}
	stream_close();
	return good;
}

/* a doorbell that is rung must not turn up at the host, whatever the host has enabled */
static bool doorbells_for_the_host(void)
{
	uint64_t id = 0;
	bool good = true;

	spoil_doorbells();
	for (unsigned int i = 0; i < BELLS; i++) {
		fw_write32(word_of(GICD_ISENABLER, bells[i], 1), mask_of(bells[i], 1));
		fw_write32(word_of(GICD_ISPENDR, bells[i], 1), mask_of(bells[i], 1));
		fw_write32(VIRT_GICD + GICD_SETSPI_NSR, bells[i]);
		fw_write32(VIRT_GICD + GICD_SETSPI_SR, bells[i]);
	}
	wait_us(2000);
	for (unsigned int i = 0; i < 50; i++) {
		id = timer_take();
		for (unsigned int j = 0; j < BELLS; j++)
			good = same("a doorbell at the host", id == bells[j], false) && good;
	}
	return good && flow();
}

/* security off, one state for all: the distributor's control register as a host may try to write it */
static void control_spoilt(void)
{
	static const uint32_t values[] = { ~0u, 0x40, 0x53, 0x40000012, 0 };

	for (unsigned int i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		fw_write32(VIRT_GICD + GICD_CTLR, values[i]);
	distributor_on();
}

static bool security_of_the_distributor(void)
{
	bool good = program_survives(control_spoilt, NULL);

	/* with security disabled the host would see group 0 and could regroup what wakes a core */
	regroup();
	good = same("DS", fw_read32(VIRT_GICD + GICD_CTLR) & 0x40, 0) && good;
	return program_survives(sgi0, NULL) && good;
}

/* targets and SGIs as before affinity routing: on this interrupt controller they are nothing */
static void legacy_registers(void)
{
	for (unsigned int i = 0; i < 32 * GICD_WORDS; i += 4)
		fw_write32(VIRT_GICD + GICD_ITARGETSR + i, 0xffffffff);
	for (uint32_t id = 0; id < 16; id++) {
		fw_write32(VIRT_GICD + GICD_SGIR, 0x00ff0000 | id);
		fw_write32(VIRT_GICD + GICD_SGIR, 0x01ff8000 | id);
	}
	for (unsigned int i = 0; i < 16; i += 4) {
		fw_write32(VIRT_GICD + GICD_CPENDSGIR + i, ~0u);
		fw_write32(VIRT_GICD + GICD_SPENDSGIR + i, ~0u);
	}
}

static bool legacy_target_lists(void)
{
	return program_survives(legacy_registers, NULL);
}

/* routed to a remote core, at the highest priority a host has: the core's own interrupts go first, and it takes none of these */
static void flood_remote_cores(void)
{
	for (uint32_t id = 32; id < 32 * GICD_WORDS; id++)
		fw_write64(VIRT_GICD + GICD_IROUTER + UINT64_C(8) * id, host_cpus() + id % VIRT_CORES);
	for (unsigned int i = 32; i < 32 * GICD_WORDS; i += 4)
		fw_write32(VIRT_GICD + GICD_IPRIORITYR + i, 0);
	for (unsigned int i = 1; i < GICD_WORDS; i++) {
		fw_write32(VIRT_GICD + GICD_ISENABLER + 4 * i, ~0u);
		fw_write32(VIRT_GICD + GICD_ISPENDR + 4 * i, ~0u);
	}
}

static void stop_flood(void)
{
	for (unsigned int i = 1; i < GICD_WORDS; i++) {
		fw_write32(VIRT_GICD + GICD_ICENABLER + 4 * i, ~0u);
		fw_write32(VIRT_GICD + GICD_ICPENDR + 4 * i, ~0u);
	}
	for (uint32_t id = 32; id < 32 * GICD_WORDS; id++)
		fw_write64(VIRT_GICD + GICD_IROUTER + UINT64_C(8) * id, 0);
}

static bool interrupts_routed_to_remote_cores(void)
{
	return program_survives(flood_remote_cores, stop_flood);
}

const struct attack interrupt_attacks[] = {
	{ "group_0_sgis_to_all_cpus", "the monitor's wake interrupt is not the host's to send: no core is pulled back",
	  group0_sgis, 0 },
	{ "secure_group_1_sgis_to_all_cpus", "nothing comes of them", other_groups_sgis, 0 },
	{ "own_sgis_to_remote_cores", "the shim swallows them", own_sgis, 0 },
	{ "distributor_disabled", "cores start and stop all the same", distributor_disabled, 0 },
	{ "all_interrupts_regrouped", "groups are the secure world's: cores start and stop all the same",
	  interrupts_regrouped, 0 },
	{ "wake_interrupt_disabled_and_masked", "group 0 is out of the host's reach: cores start and stop all the same",
	  wake_interrupt_spoilt, 0 },
	{ "remote_cores_interrupts_disabled", "the core can be stopped, and starts again",
	  remote_redistributor_disabled, 0 },
	{ "every_interrupt_pending", "requests wait, queries do not, and everything ends when they are gone",
	  everything_pending, 0 },
	{ "cpu_interface_disabled", "cores start and stop all the same", cpu_interface_spoilt, 0 },
	{ "registers_of_group_0", "every access is undefined for the host", group0_registers, 0 },
	{ "interrupt_tables_in_secure_memory", "the interrupt controller reaches no secure memory for the host",
	  tables_in_secure_memory, 0 },
	{ "doorbells_disabled_rerouted_and_regrouped", "they are the secure world's: the program goes on, and obeys",
	  doorbells_spoilt, 0 },
	{ "settings_of_doorbells_are_read", "they are zero for the host", doorbells_read, NEEDS_SECURE },
	{ "doorbells_taken_by_the_host", "none turns up at the host", doorbells_for_the_host, NEEDS_LOCK },
	{ "security_of_the_distributor_disabled", "the bit stays as it was, and group 0 out of reach",
	  security_of_the_distributor, 0 },
	{ "target_lists_of_older_controllers", "nothing comes of them", legacy_target_lists, 0 },
	{ "every_interrupt_routed_to_remote_cores", "the program goes on, and its core can be stopped",
	  interrupts_routed_to_remote_cores, 0 },
	{ NULL, NULL, NULL, 0 },
};
