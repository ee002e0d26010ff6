/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The EL2 physical timer as a source of interrupts of the host, through GICv3 (Arm IHI 0069). They stay masked in this
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

void timer_init(void)
{
	fw_write(cnthp_ctl_el2, 0);
	fw_write32(VIRT_GICR + fw_cpu() * VIRT_GICR_STRIDE + GICR_SGI_BASE + GICR_ISENABLER0, 1u << TIMER_INTID);
	fw_write(ICC_PMR_EL1, 0xff);
	fw_write(ICC_IGRPEN1_EL1, 1);
	fw_isb();
}

void timer_start(uint64_t us)
{
	fw_write(cnthp_tval_el2, fw_read(cntfrq_el0) * us / 1000000);
	fw_write(cnthp_ctl_el2, 1);
	fw_isb();
}

uint64_t timer_take(void)
{
	uint64_t id = fw_read(ICC_IAR1_EL1);

	fw_write(cnthp_ctl_el2, 0);
	fw_isb();
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
