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
	{ NULL, NULL, NULL, 0 },
};
