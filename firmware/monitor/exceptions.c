/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions that reach EL3: SMCs, wake interrupts, and what nobody asked for. */
#include <stdatomic.h>

#include <fw/sysreg.h>

#include "monitor.h"
#include "platform.h"

#define EC_SMC32 0x13u
#define EC_SMC64 0x17u

#define SPSR_AARCH32	(1u << 4)
#define SPSR_EL(spsr)	((spsr) >> 2 & 3)
#define SPSR_SPX	1u
#define SPSR_MASKED(el) (0x3c0u | (el) << 2 | SPSR_SPX)
#define ESR_UNDEFINED	(1u << 25) /* EC 0, IL */
#define HCR_TGE		(1ull << 27)
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

/*
 * The host did something that this CPU traps to EL3 and that Pilot does not offer. It gets what hardware without the
 * feature gives: an undefined instruction. The secure world goes on.
 */
static void inject_undefined(struct mon_frame *f)
{
	bool to_el2 = SPSR_EL(f->spsr) == 2 || fw_read(hcr_el2) & HCR_TGE;

	if (to_el2) {
		fw_write(elr_el2, f->elr);
		fw_write(spsr_el2, f->spsr);
		fw_write(esr_el2, ESR_UNDEFINED);
		f->elr = fw_read(vbar_el2) + vector_offset(f->spsr, 2);
		f->spsr = SPSR_MASKED(2u);
		return;
	}
	fw_write(elr_el1, f->elr);
	fw_write(spsr_el1, f->spsr);
	fw_write(esr_el1, ESR_UNDEFINED);
	f->elr = fw_read(vbar_el1) + vector_offset(f->spsr, 1);
	f->spsr = SPSR_MASKED(1u);
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
	if (mon_cpus[fw_cpu()].in_service)
		mon_unexpected(f, 8);
	mon_log("monitor: CPU %u: trapped instruction (syndrome %x) at %x refused", (uint64_t)fw_cpu(), esr, f->elr);
	inject_undefined(f);
}

/* the wake interrupt: for a running host CPU a leftover, for a remote core the order to stop */
void mon_fiq(struct mon_frame *f)
{
	unsigned int cpu = fw_cpu();

	(void)f;
	mon_gic_ack_wake();
	if (mon_is_remote(cpu) && atomic_load(&mon_cpus[cpu].stop))
		mon_park_entry(cpu);
}

/* the monitor itself or the service is broken, or the machine is: nothing that runs on can be trusted */
void mon_unexpected(struct mon_frame *f, unsigned int vector)
{
	mon_log("monitor: CPU %u: unexpected exception %u: syndrome %x, at %x, address %x; halting", (uint64_t)fw_cpu(),
		(uint64_t)vector, fw_read(esr_el3), f->elr, fw_read(far_el3));
	for (;;)
		fw_wfi();
}
