// SPDX-License-Identifier: BSD-2-Clause
/* Orders for the stub that holds the cores. */
#include <kernel/delay.h>
#include <mm/core_memprot.h>
#include <mm/core_mmu.h>
#include <trace.h>

#include <fw/sysreg.h>

#include "pta.h"

#define ANSWER_US 10000000u /* an emulator on a busy machine may not run a CPU for seconds */
#define LOOK_US	  10u

register_phys_mem(MEM_AREA_RAM_SEC, VIRT_TEE_MAILBOX, VIRT_TEE_MAILBOX_SIZE);

uint32_t mailbox_load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

void mailbox_store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

struct pil_stub_mailbox *mailbox(void)
{
	struct pil_stub_mailbox *m = phys_to_virt(VIRT_TEE_MAILBOX, MEM_AREA_RAM_SEC, sizeof(*m));

	if (!m || mailbox_load(&m->magic) != PIL_STUB_MAGIC || m->version != PIL_STUB_VERSION)
		return NULL;
	return m;
}

struct pil_stub_core *mailbox_core(uint32_t core)
{
	struct pil_stub_mailbox *m = mailbox();

	return m && core < PIL_STUB_CORES ? &m->core[core] : NULL;
}

/* group 0: it reaches EL3 of the core's CPU, whatever is masked below */
static void wake(uint32_t cpu)
{
	fw_dsb();
	fw_write(ICC_SGI0R_EL1, (uint64_t)PIL_STUB_WAKE_SGI << 24 | 1ull << cpu % 16);
	fw_isb();
}

/* what the stub starts by itself is not overtaken by an order */
static bool starts_by_itself(const struct pil_stub_core *c)
{
	return mailbox_load(&c->boot) && !(mailbox_load(&c->state) & PIL_STUB_IS_ON);
}

static TEE_Result result_of(uint32_t core, int32_t result)
{
	switch (result) {
	case PIL_STUB_OK:
		return TEE_SUCCESS;
	case PIL_STUB_ESTATE:
		return TEE_ERROR_BAD_STATE;
	case PIL_STUB_ESECURE:
		EMSG("core %" PRIu32 ": cannot run: its CPU has no EL2 in the Secure state", core);
		return TEE_ERROR_NOT_SUPPORTED;
	default:
		EMSG("core %" PRIu32 ": the stub answers %" PRId32, core, result);
		return TEE_ERROR_GENERIC;
	}
}

TEE_Result mailbox_order(uint32_t core, uint32_t order)
{
	const uint64_t end = timeout_init_us(ANSWER_US);
	struct pil_stub_core *c = mailbox_core(core);
	uint32_t number = 0;

	if (!c) {
		EMSG("no stub has answered: nothing holds the remote cores");
		return TEE_ERROR_NOT_SUPPORTED;
	}
	while (starts_by_itself(c) && !timeout_elapsed(end))
		udelay(LOOK_US);
	number = c->number + 1;
	c->order = order;
	mailbox_store(&c->number, number);
	wake(c->cpu);
	while (mailbox_load(&c->done) != number) {
		if (timeout_elapsed(end)) {
			EMSG("core %" PRIu32 ": the stub does not answer order %" PRIu32, core, order);
			return TEE_ERROR_TIMEOUT;
		}
		udelay(LOOK_US);
	}
	return result_of(core, c->result);
}
