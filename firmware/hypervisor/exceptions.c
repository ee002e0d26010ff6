/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions from the host: its calls, accesses that stage 2 stopped, and what it may not do. */
#include <fw/sysreg.h>

#include "hypervisor.h"

/* syndrome (Arm ARM D24.2.40, ESR_EL2) */
#define ESR_CLASS(esr)	 ((unsigned int)((esr) >> 26) & 0x3f)
#define CLASS_HVC	 0x16
#define CLASS_SMC	 0x17
#define CLASS_INSN_ABORT 0x20
#define CLASS_DATA_ABORT 0x24
#define ESR_SAME_LEVEL	 (1ull << 26) /* of an abort's class: taken without a change of level */
#define ESR_IL		 (1ull << 25)
#define ISS_WRITE	 (1ull << 6)
#define ISS_EXTERNAL	 0x10ull /* synchronous external abort */

#define SPSR_AARCH32  (1ull << 4)
#define SPSR_EL(spsr) ((spsr) >> 2 & 3)
#define SPSR_SPX      1ull
#define SPSR_EL1H     0x3c5ull
#define SPSR_PAN      (1ull << 22)
#define SCTLR_SPAN    (1ull << 23)
/* what one CPU is refused between two of its calls is logged as often as this; then each time that the number is a power of two */
#define LOG_ALL 64u

#define VECTOR_SPX     0x200u
#define VECTOR_LOWER   0x400u
#define VECTOR_LOWER32 0x600u

static unsigned int refused[FW_MAX_CPUS];

/* a host that does nothing else must not fill the log, nor make others wait for it */
static bool is_worth_a_line(void)
{
	unsigned int number = ++refused[fw_cpu()];

	return number <= LOG_ALL || !(number & (number - 1));
}

static uint64_t vector_offset(uint64_t spsr)
{
	if (spsr & SPSR_AARCH32)
		return VECTOR_LOWER32;
	if (!SPSR_EL(spsr))
		return VECTOR_LOWER;
	return spsr & SPSR_SPX ? VECTOR_SPX : 0;
}

/* the host's own handler is to go on, as if its CPU had raised the exception */
static void inject(struct hyp_frame *f, uint64_t esr)
{
	bool pan = (fw_read(id_aa64mmfr1_el1) >> 20 & 0xf) && !(fw_read(sctlr_el1) & SCTLR_SPAN);

	fw_write(elr_el1, f->elr);
	fw_write(spsr_el1, f->spsr);
	fw_write(esr_el1, esr);
	f->elr = fw_read(vbar_el1) + vector_offset(f->spsr);
	f->spsr = SPSR_EL1H | (pan ? SPSR_PAN : 0);
}

/* what a bus without anything behind the address answers */
void hyp_inject_abort(struct hyp_frame *f, uint64_t esr)
{
	uint64_t class = (uint64_t)ESR_CLASS(esr) << 26;

	if (SPSR_EL(f->spsr) && !(f->spsr & SPSR_AARCH32))
		class |= ESR_SAME_LEVEL;
	fw_write(far_el1, fw_read(far_el2));
	inject(f, class | (esr & (ESR_IL | ISS_WRITE)) | ISS_EXTERNAL);
}

static void refuse_instruction(struct hyp_frame *f, uint64_t esr)
{
	if (is_worth_a_line())
		hyp_log("CPU %u: trapped instruction (syndrome %x) at %x refused", (uint64_t)fw_cpu(), esr, f->elr);
	inject(f, ESR_IL); /* undefined */
}

static void stopped_access(struct hyp_frame *f, uint64_t esr)
{
	uint64_t ipa = (fw_read(hpfar_el2) & 0xfffffffff0ull) << 8 | (fw_read(far_el2) & (HYP_PAGE - 1));

	hyp_smmu_report();
	if (hyp_emulate(f, esr, ipa))
		return;
	if (is_worth_a_line()) {
		hyp_trace(PIL_TRACE_STOPPED_ACCESS, PIL_TRACE_NO_ID, ipa, 0);
		hyp_log("CPU %u: access to %x stopped (syndrome %x, at %x): it is not the host's", (uint64_t)fw_cpu(),
			ipa, esr, f->elr);
	}
	hyp_inject_abort(f, esr);
}

void hyp_sync(struct hyp_frame *f)
{
	uint64_t esr = fw_read(esr_el2);

	switch (ESR_CLASS(esr)) {
	case CLASS_SMC:
		f->elr += 4; /* a trapped SMC has not been executed */
		refused[fw_cpu()] = 0;
		hyp_smmu_report();
		hyp_call(f);
		return;
	case CLASS_HVC:
		f->x[0] = UINT64_MAX; /* SMCCC: not supported */
		return;
	case CLASS_DATA_ABORT:
	case CLASS_INSN_ABORT:
		stopped_access(f, esr);
		return;
	default:
		refuse_instruction(f, esr);
	}
}

/* the hypervisor itself is broken: this CPU must not go on with the host */
void hyp_unexpected(struct hyp_frame *f, uint64_t vector)
{
	hyp_log("CPU %u: unexpected exception %u: syndrome %x, at %x, address %x", (uint64_t)fw_cpu(), vector,
		fw_read(esr_el2), f->elr, fw_read(far_el2));
	hyp_stop("unexpected exception");
}
