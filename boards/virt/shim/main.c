/* SPDX-License-Identifier: BSD-2-Clause */
/* From the monitor's orders to the first instruction of the remote program. */
#include <string.h>

#include <virt/platform.h>
#include <virt/smem.h>

#include "arch.h"
#include "orders.h"
#include "shim.h"

/* HCR_EL2 */
#define HCR_VM	 (1ull << 0)
#define HCR_SWIO (1ull << 1) /* invalidation by set and way also cleans */
#define HCR_FMO	 (1ull << 3)
#define HCR_IMO	 (1ull << 4)
#define HCR_AMO	 (1ull << 5)
#define HCR_FB	 (1ull << 9)  /* the remote's TLB maintenance reaches all */
#define HCR_DC	 (1ull << 12) /* with its stage 1 off, memory is what stage 2 says it is */
#define HCR_TSC	 (1ull << 19) /* SMC comes here: the monitor serves only the shim */
#define HCR_TACR (1ull << 21)
#define HCR_RW	 (1ull << 31)

#define SCTLR_EL1_RES1	 0x30d00800ull
#define CPTR_RES1	 0x33ffull
#define CPTR_TTA	 (1ull << 20)		       /* trace */
#define MDCR_TRAPS	 (0x3full << 6 & ~(1ull << 7)) /* debug and performance registers, D24.3.20 */
#define CNTHCTL_EL1PCTEN 1u			       /* the counter, but not the physical timer */

struct pil_shim_config shim_config;
bool shim_secure;

void shim_main(const struct pil_shim_config *config, uint64_t secure) __attribute__((noreturn));

static void __attribute__((noreturn)) refuse(const char *what, const struct pil_why *why)
{
	struct text t = { .len = 0 };
	char sentence[128] = "";

	shim_config.master_count = 0; /* nothing has programmed it, and these orders may be none */
	if (why)
		pil_why_text(why, sentence, sizeof(sentence));
	text_core(&t);
	text_add(&t, "cannot start: ");
	text_add(&t, what);
	text_add(&t, sentence);
	shim_crash(&t);
}

/* a remote program begins with nothing that was left over from another */
static void init_el1(void)
{
	fw_write(sctlr_el1, SCTLR_EL1_RES1);
	fw_write(vbar_el1, 0);
	fw_write(ttbr0_el1, 0);
	fw_write(ttbr1_el1, 0);
	fw_write(tcr_el1, 0);
	fw_write(mair_el1, 0);
	fw_write(sp_el0, 0);
	fw_write(sp_el1, 0);
	fw_write(elr_el1, 0);
	fw_write(spsr_el1, 0);
	fw_write(esr_el1, 0);
	fw_write(far_el1, 0);
	fw_write(par_el1, 0);
	fw_write(cpacr_el1, 0);
	fw_write(contextidr_el1, 0);
	fw_write(tpidr_el0, 0);
	fw_write(tpidrro_el0, 0);
	fw_write(tpidr_el1, 0);
	fw_write(cntv_ctl_el0, 0);
	fw_write(cntkctl_el1, 0);
}

static void init_el2(void)
{
	fw_write(vpidr_el2, fw_read(midr_el1));
	fw_write(vmpidr_el2, 1ull << 31);
	fw_write(cptr_el2, CPTR_RES1 | CPTR_TTA);
	fw_write(mdcr_el2, (fw_read(mdcr_el2) & 0x1f) | MDCR_TRAPS);
	fw_write(cnthctl_el2, CNTHCTL_EL1PCTEN);
	fw_write(cntvoff_el2, 0);
	fw_write(hcr_el2,
		 HCR_RW | HCR_TACR | HCR_TSC | HCR_DC | HCR_FB | HCR_AMO | HCR_IMO | HCR_FMO | HCR_SWIO | HCR_VM);
	fw_isb();
}

static void announce(void)
{
	struct text t = { .len = 0 };

	text_core(&t);
	text_add(&t, "starts at ");
	text_hex(&t, shim_config.entry);
	if (!shim_is_fixed()) {
		text_add(&t, ", stream ");
		text_hex(&t, shim_config.sid);
	}
	text_add(&t, shim_secure ? ", Secure" : ", Non-secure");
	if (shim_config.flags & PIL_SHIM_HOST_MEMORY)
		text_add(&t, ", confined to the host's memory");
	if (shim_config.grant[0].target != shim_config.grant[0].pa) {
		text_add(&t, shim_is_fixed() ? ", in memory at " : ", on the copy at ");
		text_hex(&t, shim_config.grant[0].target);
	}
	shim_log(&t);
}

/* the host's side of the core is as it is before every start; smp2p's, where there is one */
static void meet_host(void)
{
	if (shim_is_fixed())
		return;
	if (!virt_smp2p_publish((void *)(uintptr_t)VIRT_SMEM, shim_config.smp2p_in, shim_config.smp2p_out,
				shim_config.smp2p_pid))
		refuse("SMEM has no item for smp2p", NULL);
	/* "ready" has fallen; a host that does not see that before it rises again would wait for it in vain */
	gic_await_host(shim_config.smp2p_irq);
}

static void __attribute__((noreturn)) enter(void)
{
	const uint64_t x[4] = { shim_config.base, shim_config.image_size, shim_config.ctrl, shim_config.smp2p_out };

	shim_enter(shim_config.entry, x);
}

void shim_main(const struct pil_shim_config *config, uint64_t secure)
{
	struct pil_why why = { 0 };
	const char *fault = NULL;

	memcpy(&shim_config, config, sizeof(shim_config));
	shim_secure = secure;
	fault = shim_orders_fault(&shim_config, shim_secure);
	if (fault)
		refuse(fault, NULL);
	if (shim_mmu_init(&shim_config, config, &why) < 0)
		refuse("its own tables: ", &why);
	stage2_init();
	init_el1();
	init_el2();
	meet_host();
	gic_init(shim_config.doorbell);
	announce();
	shim_trace(PIL_TRACE_SHIM_STARTS, shim_config.sid, 0);
	handover_begins();
	enter();
}
