/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical timer of the program's level as a source of interrupts of the host, through GICv3 (Arm IHI 0069). They stay masked in this
 * program, which acknowledges them by reading; in the secure world they are not masked.
 */
#include <fw/sysreg.h>
#include <virt/platform.h>

#include "payload.h"

#define GICR_SGI_BASE	0x10000u
#define GICR_ISENABLER0 0x0100u

#define ICC_IAR1_EL1	S3_0_C12_C12_0
#define ICC_EOIR1_EL1	S3_0_C12_C12_1
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7

#define SPURIOUS 1020u

static void timer_set(uint64_t control)
{
	if (payload_level() == 2)
		fw_write(cnthp_ctl_el2, control);
	else
		fw_write(cntp_ctl_el0, control);
	fw_isb();
}

unsigned int payload_level(void)
{
	return (unsigned int)(fw_read(CurrentEL) >> 2);
}

unsigned int timer_intid(void)
{
	return payload_level() == 2 ? 26u : 30u;
}

void timer_init(void)
{
	timer_set(0);
	fw_write32(VIRT_GICR + fw_cpu() * VIRT_GICR_STRIDE + GICR_SGI_BASE + GICR_ISENABLER0, 1u << timer_intid());
	fw_write(ICC_PMR_EL1, 0xff);
	fw_write(ICC_IGRPEN1_EL1, 1);
	fw_isb();
}

void timer_start(uint64_t us)
{
	uint64_t ticks = fw_read(cntfrq_el0) * us / 1000000;

	if (payload_level() == 2)
		fw_write(cnthp_tval_el2, ticks);
	else
		fw_write(cntp_tval_el0, ticks);
	timer_set(1);
}

uint64_t timer_take(void)
{
	uint64_t id = fw_read(ICC_IAR1_EL1);

	timer_set(0);
	if (id < SPURIOUS)
		fw_write(ICC_EOIR1_EL1, id);
	fw_isb();
	return id;
}

uint64_t time_us(void)
{
	return fw_time_us();
}

void wait_us(uint64_t us)
{
	uint64_t start = time_us();

	while (time_us() - start < us)
		;
}
