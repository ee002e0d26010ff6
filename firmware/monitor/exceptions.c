/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions that reach EL3: SMCs, wake interrupts, and what nobody asked for. */
#include <fw/sysreg.h>

#include "monitor.h"
#include "platform.h"

#define EC_SMC32 0x13u
#define EC_SMC64 0x17u
#define EC_GPC	 0x1eu /* granule protection check */

#define SPSR_AARCH32	(1u << 4)
#define SPSR_EL(spsr)	((spsr) >> 2 & 3)
#define SPSR_SPX	1u
#define SPSR_MASKED(el) (0x3c0u | (el) << 2 | SPSR_SPX)
#define ESR_UNDEFINED	(1u << 25) /* EC 0, IL */
#define SPSR_PAN	(1ull << 22)
#define SCTLR_SPAN	(1ull << 23)
#define HCR_TGE		(1ull << 27)
#define HCR_RW		(1ull << 31)
#define HCR_E2H		(1ull << 34)
#define VECTOR_SPX	0x200u
#define VECTOR_LOWER	0x400u
#define VECTOR_LOWER32	0x600u

static uint64_t vector_offset(uint64_t spsr, unsigned int target)
{
	if (spsr & SPSR_AARCH32)
		return VECTOR_LOWER32;
	if (SPSR_EL(spsr) < target)
		return VECTOR_LOWER;
	return spsr & SPSR_SPX ? VECTOR_SPX : 0;
}

/* PSTATE.PAN, which a handler of the host relies on: set, unless its SCTLR says to leave it alone (Arm ARM D1.3.6) */
static uint64_t pan(uint64_t spsr, bool to_el2)
{
	uint64_t sctlr = to_el2 ? fw_read(sctlr_el2) : fw_read(sctlr_el1);
	bool has_el0 = !to_el2 || (fw_read(hcr_el2) & (HCR_TGE | HCR_E2H)) == (HCR_TGE | HCR_E2H);

	return has_el0 && !(sctlr & SCTLR_SPAN) ? SPSR_PAN : spsr & SPSR_PAN;
}

bool mon_traps_to_el2(const struct mon_frame *f)
{
	uint64_t hcr = fw_read(hcr_el2);

	/* with AArch32 at EL1 there is no way to it that would not be an illegal return, and end here */
	return SPSR_EL(f->spsr) == 2 || hcr & HCR_TGE || !(hcr & HCR_RW);
}

void mon_inject(struct mon_frame *f, bool to_el2, uint64_t esr)
{
	uint64_t spsr = f->spsr;

	if (to_el2) {
		fw_write(elr_el2, f->elr);
		fw_write(spsr_el2, spsr);
		fw_write(esr_el2, esr);
		f->elr = fw_read(vbar_el2) + vector_offset(spsr, 2);
		f->spsr = SPSR_MASKED(2u) | pan(spsr, true);
		return;
	}
	fw_write(elr_el1, f->elr);
	fw_write(spsr_el1, spsr);
	fw_write(esr_el1, esr);
	f->elr = fw_read(vbar_el1) + vector_offset(spsr, 1);
	f->spsr = SPSR_MASKED(1u) | pan(spsr, false);
}

void mon_sync(struct mon_frame *f)
{
	uint64_t esr = fw_read(esr_el3), ec = esr >> 26;

	if (ec == EC_SMC64) {
		mon_smc(f);
		return;
	}
	if (ec == EC_SMC32) {
		f->x[0] = UINT32_MAX; /* SMCCC: not supported */
		return;
	}
	if (ec == EC_GPC) {
		mon_granule_fault(f, esr);
		return;
	}
	if (mon_cpus[fw_cpu()].in_service)
		mon_unexpected(f, 8);
	/* what this CPU traps and Pilot does not offer: the host gets what hardware without the feature gives */
	mon_log("monitor: CPU %u: trapped instruction (syndrome %x) at %x refused", (uint64_t)fw_cpu(), esr, f->elr);
	mon_inject(f, mon_traps_to_el2(f), ESR_UNDEFINED);
}

/* the wake interrupt: for a running host CPU a leftover, for a remote core an order */
void mon_fiq(struct mon_frame *f)
{
	unsigned int cpu = fw_cpu();

	(void)f;
	mon_gic_ack_wake();
	if (mon_is_remote(cpu))
		mon_remote_wake(cpu);
}

/* the monitor itself or the service is broken, or the machine is: nothing that runs on can be trusted */
void mon_unexpected(struct mon_frame *f, unsigned int vector)
{
	mon_log("monitor: CPU %u: unexpected exception %u: syndrome %x, at %x, address %x; halting", (uint64_t)fw_cpu(),
		(uint64_t)vector, fw_read(esr_el3), f->elr, fw_read(far_el3));
	for (;;)
		fw_wfi();
}
