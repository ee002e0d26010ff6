/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions: what the remote may continue from, and what ends it. */
#include <virt/platform.h>
#include <virt/smem.h>

#include <pilot/wire/monitor.h>

#include "arch.h"
#include "shim.h"

/* syndrome (Arm ARM D24.2.40, ESR_EL2) */
#define ESR_CLASS(esr)	 ((unsigned int)((esr) >> 26) & 0x3f)
#define CLASS_HVC	 0x16
#define CLASS_INSN_ABORT 0x20
#define CLASS_DATA_ABORT 0x24
#define ISS_WRITE	 (1u << 6)
#define ISS_STAGE1_WALK	 (1u << 7)
#define ISS_CACHE_OP	 (1u << 8)
#define ISS_STATUS(esr)	 ((unsigned int)(esr)&0x3f)
#define STATUS_TYPE(s)	 ((s)&0x3c)
#define TYPE_TRANSLATION 0x04
#define TYPE_PERMISSION	 0x0c

#define PAR_FAILED 1u
#define PAR_PA	   0x0000fffffffff000ull
#define PAGE_MASK  0xfffull

extern const char shim_probe64_load[], shim_probe64_failed[];

void shim_own_fault(struct frame *f);
void shim_remote_sync(struct frame *f);
void shim_remote_irq(struct frame *f);
void shim_remote_other(struct frame *f);

static void *smem(void)
{
	return (void *)(uintptr_t)VIRT_SMEM;
}

/* the CPU is the monitor's from here on */
static void __attribute__((noreturn)) park(void)
{
	const uint64_t args[7] = { 0 };

	gic_quiet();
	shim_smc(PIL_MON_SHIM_PARK, args);
	for (;;)
		__asm__ volatile("wfi");
}

/* the secure world first: the host's SHUTDOWN may follow at once, and finds a crashed core and not a running one */
static void tell_monitor(bool by_watchdog)
{
	const uint64_t args[7] = { by_watchdog };

	shim_smc(PIL_MON_SHIM_CRASH, args);
}

/* where the host looks for the reason, then the log; the host may have spoilt SMEM, then only the log has it */
static void leave_reason(const struct text *reason)
{
	if (!shim_is_fixed() && !virt_smem_text(smem(), shim_config.crash_item, reason->buf)) {
		struct text t = { .len = 0 };

		text_core(&t);
		text_add(&t, "SMEM is damaged: the host gets no crash reason");
		shim_log(&t);
	}
	shim_log(reason);
}

void shim_crash(const struct text *reason)
{
	handover_ends();
	leave_reason(reason);
	tell_monitor(false);
	/* without smp2p the watchdog's interrupt is all that the host knows of an end */
	if (shim_is_fixed()) {
		gic_ring(shim_config.watchdog_irq);
		park();
	}
	virt_smp2p_raise(smem(), shim_config.smp2p_in, VIRT_SMP2P_FATAL);
	gic_ring(shim_config.smp2p_irq);
	park();
}

void shim_watchdog_bite(const char *reason)
{
	struct text t = { .len = 0 };

	text_core(&t);
	text_add(&t, reason);
	shim_trace(PIL_TRACE_WATCHDOG, 0, 0);
	handover_ends();
	leave_reason(&t);
	tell_monitor(true);
	gic_ring(shim_config.watchdog_irq);
	park();
}

const char *access_name(enum access access)
{
	static const char *const names[] = {
		[ACCESS_READ] = "read of ",
		[ACCESS_WRITE] = "write to ",
		[ACCESS_EXECUTE] = "execution of ",
	};

	return names[access];
}

static void __attribute__((noreturn)) crash_access(uint64_t ipa, enum access access, const struct pil_why *why)
{
	struct text t = { .len = 0 };
	char sentence[128];

	shim_trace(PIL_TRACE_FAULT, why->reason, access);
	pil_why_text(why, sentence, sizeof(sentence));
	text_core(&t);
	text_add(&t, access_name(access));
	text_hex(&t, ipa);
	text_add(&t, " at pc ");
	text_hex(&t, fw_read(elr_el2));
	text_add(&t, ": ");
	text_add(&t, sentence);
	shim_crash(&t);
}

static void __attribute__((noreturn)) crash_exception(const char *what, uint64_t esr)
{
	struct text t = { .len = 0 };

	shim_trace(PIL_TRACE_EXCEPTION, ESR_CLASS(esr), 0);
	text_core(&t);
	text_add(&t, what);
	text_add(&t, ", syndrome ");
	text_hex(&t, esr);
	text_add(&t, " at pc ");
	text_hex(&t, fw_read(elr_el2));
	text_add(&t, ", address ");
	text_hex(&t, fw_read(far_el2));
	shim_crash(&t);
}

static enum access access_of(uint64_t esr)
{
	if (esr & ISS_STAGE1_WALK)
		return ACCESS_READ;
	if (ESR_CLASS(esr) == CLASS_INSN_ABORT)
		return ACCESS_EXECUTE;
	/* cache maintenance says "write" whatever it does */
	return esr & ISS_WRITE && !(esr & ISS_CACHE_OP) ? ACCESS_WRITE : ACCESS_READ;
}

/* HPFAR_EL2 has the page, except for permission faults that are not on a walk: then the remote's stage 1 must be asked */
static bool fault_address(uint64_t esr, uint64_t *ipa)
{
	uint64_t far = fw_read(far_el2);
	uint64_t saved = 0, par = 0;

	if (STATUS_TYPE(ISS_STATUS(esr)) != TYPE_PERMISSION || esr & ISS_STAGE1_WALK) {
		*ipa = (fw_read(hpfar_el2) & 0xfffffffff0ull) << 8;
		if (!(esr & ISS_STAGE1_WALK))
			*ipa |= far & PAGE_MASK;
		return true;
	}
	saved = fw_read(par_el1);
	__asm__ volatile("at s1e1r, %0\n\tisb" ::"r"(far) : "memory");
	par = fw_read(par_el1);
	fw_write(par_el1, saved);
	*ipa = (par & PAR_PA) | (far & PAGE_MASK);
	return !(par & PAR_FAILED);
}

/* how many there were, now and then: which pages a program touches, and when, is its own business */
static void trace_page(enum access access)
{
	static uint64_t pages;

	pages++;
	if (!(pages & (pages - 1)))
		shim_trace(PIL_TRACE_PAGES, pages, access);
}

static void remote_abort(uint64_t esr)
{
	unsigned int type = STATUS_TYPE(ISS_STATUS(esr));
	enum access access = access_of(esr);
	struct pil_why why = { 0 };
	uint64_t ipa = 0;

	if ((type != TYPE_TRANSLATION && type != TYPE_PERMISSION) || !fault_address(esr, &ipa))
		crash_exception("abort that no mapping can cure", esr);
	/* the page was there with fewer rights: see whether the host has changed its mind, with nothing old left behind */
	if (type == TYPE_PERMISSION)
		stage2_drop();
	while (stage2_fill(ipa, access, &why) < 0)
		if (!handover_waits(&why))
			crash_access(ipa, access, &why);
	trace_page(access);
}

void shim_remote_sync(struct frame *f)
{
	uint64_t esr = fw_read(esr_el2);

	switch (ESR_CLASS(esr)) {
	case CLASS_HVC:
		shim_call(f);
		return;
	case CLASS_DATA_ABORT:
	case CLASS_INSN_ABORT:
		remote_abort(esr);
		return;
	default:
		crash_exception("instruction that is not allowed", esr);
	}
}

void shim_remote_irq(struct frame *f)
{
	(void)f;
	gic_handle();
}

void shim_remote_other(struct frame *f)
{
	(void)f;
	crash_exception("asynchronous error", fw_read(esr_el2));
}

void shim_own_fault(struct frame *f)
{
	static bool again;

	(void)f;
	/* a host's table that leads where no memory is: the read fails, and that is all */
	if (fw_read(elr_el2) == (uint64_t)(uintptr_t)shim_probe64_load) {
		fw_write(elr_el2, (uint64_t)(uintptr_t)shim_probe64_failed);
		return;
	}
	/* the report itself may fault */
	if (again)
		park();
	again = true;
	crash_exception("the shim's own fault", fw_read(esr_el2));
}
