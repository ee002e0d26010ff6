/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: the host's doorbell and the shim's own tick come in, the remote's interrupts to the host go out. */
#include <virt/platform.h>

#include <pilot/wire/remote.h>

#include "arch.h"
#include "shim.h"

/* distributor and redistributor (Arm IHI 0069, 12.9 and 12.11) */
#define GICD_ISENABLER(id) (VIRT_GICD + 0x100 + (id) / 32 * 4)
#define GICD_ICENABLER(id) (VIRT_GICD + 0x180 + (id) / 32 * 4)
#define GICD_ISPENDR(id)   (VIRT_GICD + 0x200 + (id) / 32 * 4)
#define GICD_ICPENDR(id)   (VIRT_GICD + 0x280 + (id) / 32 * 4)
#define GICD_ISACTIVER(id) (VIRT_GICD + 0x300 + (id) / 32 * 4)
#define GICD_IROUTER(id)   (VIRT_GICD + 0x6000 + (uint64_t)(id)*8)
#define GICR_SGI	   0x10000
#define GICR_ISENABLER0	   0x100
#define GICR_ICENABLER0	   0x180

#define TAKING_US   3000000u /* an emulator on a busy machine may not run a CPU for as long */
#define HANDLING_US 100000u
#define LOOK_US	    1000u /* between two looks: each is an exit from the machine */

#define RINGS_TRACED 16u

#define BIT32(id) (1u << (id) % 32)
/* the EL1 physical timer: the same in both security states, and the remote program may not use it */
#define TICK_INTID     30u
#define SPECIAL_INTID  1020u /* from here on: no interrupt */
#define MPIDR_AFFINITY 0xff00ffffffull

static uint64_t rings, rung; /* of the host, by the host */

static uint64_t redistributor(void)
{
	return VIRT_GICR + (fw_read(mpidr_el1) & 0xff) * (uint64_t)VIRT_GICR_STRIDE + GICR_SGI;
}

static void tick_start(void)
{
	fw_write(cntp_tval_el0, fw_read(cntfrq_el0) * PIL_REMOTE_TICK_MS / 1000);
	fw_write(cntp_ctl_el0, 1);
	fw_isb();
}

void gic_init(uint32_t doorbell)
{
	fw_write(ICC_SRE_EL2, 0xf);
	fw_isb();
	fw_write(ICH_HCR_EL2, 0); /* the remote gets no interrupts of its own */
	fw_write(ICC_PMR_EL1, 0xff);
	fw_write(ICC_IGRPEN1_EL1, 1);
	fw_isb();
	fw_write64(GICD_IROUTER(doorbell), fw_read(mpidr_el1) & MPIDR_AFFINITY);
	/* what the host rang before now told an earlier program */
	fw_write32(GICD_ICPENDR(doorbell), BIT32(doorbell));
	fw_write32(GICD_ISENABLER(doorbell), BIT32(doorbell));
	fw_write32(redistributor() + GICR_ISENABLER0, BIT32(TICK_INTID));
	tick_start();
}

void gic_quiet(void)
{
	uint32_t doorbell = shim_config.doorbell;

	fw_write(cntp_ctl_el0, 0);
	fw_write32(GICD_ICENABLER(doorbell), BIT32(doorbell));
	fw_write32(redistributor() + GICR_ICENABLER0, BIT32(TICK_INTID));
	fw_write(ICC_IGRPEN1_EL1, 0);
	fw_isb();
}

/* messages come by the thousand: the first ones, then now and then how many there were */
static void trace_ring(enum pil_trace_event event, uint64_t count)
{
	if (count <= RINGS_TRACED || !(count & (count - 1)))
		shim_trace(event, count, 0);
}

void gic_ring(uint32_t id)
{
	trace_ring(PIL_TRACE_RING_OUT, ++rings);
	fw_dsb();
	fw_write32(GICD_ISPENDR(id), BIT32(id));
}

static bool is_set(uint64_t first, uint32_t id)
{
	return fw_read32(first) & BIT32(id);
}

/* how long the host may still need with an interrupt that was rung before: 0 when it is ready for the next */
static uint64_t host_needs(uint32_t id)
{
	const bool pending = is_set(GICD_ISPENDR(id), id), enabled = is_set(GICD_ISENABLER(id), id);

	if (is_set(GICD_ISACTIVER(id), id) || (pending && enabled))
		return TAKING_US;
	/* Linux keeps it disabled while its thread looks; when it is pending as well, nobody takes interrupts */
	return enabled || pending ? 0 : HANDLING_US;
}

void gic_await_host(uint32_t id)
{
	const uint64_t start = fw_time_us();

	while (fw_time_us() - start < host_needs(id)) {
		uint64_t look = fw_time_us();

		while (fw_time_us() - look < LOOK_US)
			;
	}
}

/* Return: the interrupt that was pending, taken and ended; SPECIAL_INTID or more: none */
static uint64_t take(void)
{
	uint64_t id = fw_read(ICC_IAR1_EL1) & 0xffffff;

	if (id >= SPECIAL_INTID)
		return id;
	if (id == TICK_INTID)
		tick_start();
	fw_write(ICC_EOIR1_EL1, id);
	fw_isb();
	return id;
}

/* the host's TLB invalidations go to the SMMU's queue and pass us by: what it unmapped is gone after a tick */
static void look(void)
{
	if (shim_is_fixed())
		return;
	stage2_drop();
	handover_tick();
}

void gic_handle(void)
{
	uint64_t id = take();

	if (id >= SPECIAL_INTID)
		return;
	look();
	if (id == TICK_INTID)
		watchdog_tick();
	else
		trace_ring(PIL_TRACE_RING_IN, ++rung);
}

/* the program stands still meanwhile, and not by its own fault: its watchdog does, too */
void gic_sleep(void)
{
	fw_wfi();
	if (take() < SPECIAL_INTID)
		look();
}
