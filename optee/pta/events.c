// SPDX-License-Identifier: BSD-2-Clause
/* What the stub says by itself: lines for the log, and that a program has ended. */
#include <drivers/gic.h>
#include <initcall.h>
#include <io.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/notif.h>
#include <kernel/panic.h>
#include <kernel/spinlock.h>
#include <mm/core_memprot.h>
#include <string.h>
#include <trace.h>

#include <pilot/wire/monitor.h>
#include <virt/platform.h>

#include "pta.h"

#define INTID(spi) (32u + (spi))
#define WAITERS	   8u

#define GICD_SIZE      0x10000
#define GICD_CTLR      0x0000
#define GICD_GROUP0    BIT32(0)
#define GICD_IGROUPR   0x0080
#define GICD_IGRPMODR  0x0d00
#define GICD_NSACR     0x0e00
#define NSACR_PEND(id) (1u << (id) % 16 * 2)

static unsigned int lock = SPINLOCK_UNLOCK;
static struct pta_session *waiters[WAITERS];
static uint32_t events_told; /* of all cores, when the waiters were told last */

/* in the order in which they came, each with OP-TEE's own lines before and after it, never in it */
static void drain_log(struct pil_stub_mailbox *m)
{
	static char line[PIL_MON_LOG_MAX + 32];
	static size_t length;
	static uint32_t lost;
	uint32_t at = m->taken;

	for (; at != mailbox_load(&m->put); at++) {
		const char c = m->log[at % PIL_STUB_LOG_SIZE];

		if (length < sizeof(line) - 2)
			line[length++] = c;
		if (c != '\n')
			continue;
		line[length - 1] = '\n';
		line[length] = '\0';
		trace_ext_puts(line);
		length = 0;
	}
	mailbox_store(&m->taken, at);
	if (lost == mailbox_load(&m->lost))
		return;
	lost = m->lost;
	EMSG("%" PRIu32 " lines of the remote cores found no place", lost);
}

void events_drain_log(void)
{
	struct pil_stub_mailbox *m = mailbox();
	uint32_t state = 0;

	if (!m || m->taken == mailbox_load(&m->put))
		return;
	state = cpu_spin_lock_xsave(&lock);
	drain_log(m);
	cpu_spin_unlock_xrestore(&lock, state);
}

static uint32_t count_events(struct pil_stub_mailbox *m)
{
	uint32_t count = 0;

	for (unsigned int i = 0; i < PIL_STUB_CORES; i++)
		count += mailbox_load(&m->core[i].crashes) + mailbox_load(&m->core[i].bites);
	return count;
}

static void tell_waiters(struct pil_stub_mailbox *m)
{
	const uint32_t count = count_events(m);

	if (count == events_told)
		return;
	events_told = count;
	for (unsigned int i = 0; i < WAITERS; i++)
		if (waiters[i])
			notif_send_async(waiters[i]->value, 0);
}

static enum itr_return on_event(struct itr_handler *h __unused)
{
	struct pil_stub_mailbox *m = mailbox();
	uint32_t state = 0;

	if (!m)
		return ITRR_HANDLED;
	state = cpu_spin_lock_xsave(&lock);
	drain_log(m);
	tell_waiters(m);
	cpu_spin_unlock_xrestore(&lock, state);
	return ITRR_HANDLED;
}

static struct itr_handler handler = {
	.it = INTID(VIRT_TEE_SPI_EVENT),
	.handler = on_event,
};

static bool keep(struct pta_session *s, const struct pta_session *instead_of)
{
	const uint32_t state = cpu_spin_lock_xsave(&lock);
	bool done = false;

	for (unsigned int i = 0; i < WAITERS && !done; i++)
		if (waiters[i] == instead_of) {
			waiters[i] = s;
			done = true;
		}
	cpu_spin_unlock_xrestore(&lock, state);
	return done;
}

/* events from now on are the session's to hear of */
TEE_Result events_open(struct pta_session *s)
{
	TEE_Result res = notif_alloc_async_value(&s->value);

	if (res)
		return res;
	for (uint32_t id = 0; id < VIRT_TEE_CORES; id++) {
		const struct pil_stub_core *c = mailbox_core(id);

		if (!c)
			continue;
		s->seen[id].crashes = mailbox_load(&c->crashes);
		s->seen[id].bites = mailbox_load(&c->bites);
	}
	s->waits = keep(s, NULL);
	if (s->waits)
		return TEE_SUCCESS;
	notif_free_async_value(s->value);
	return TEE_ERROR_OUT_OF_MEMORY;
}

void events_close(struct pta_session *s)
{
	if (!s->waits)
		return;
	keep(NULL, s);
	notif_free_async_value(s->value);
}

/* the oldest is not known: a bite is told before a fault */
static uint32_t next_event(struct pta_session *s, uint32_t id, uint32_t *count)
{
	const struct pil_stub_core *c = mailbox_core(id);
	const uint32_t crashes = c ? mailbox_load(&c->crashes) : 0, bites = c ? mailbox_load(&c->bites) : 0;

	if (bites != s->seen[id].bites) {
		s->seen[id].bites = bites;
		*count = bites;
		return PIL_TEE_EVENT_WATCHDOG;
	}
	if (crashes != s->seen[id].crashes) {
		s->seen[id].crashes = crashes;
		*count = crashes;
		return PIL_TEE_EVENT_CRASHED;
	}
	*count = 0;
	return PIL_TEE_EVENT_NONE;
}

/* a notification may be one for another processor, or an old one: what is left of the time goes on */
TEE_Result events_wait(struct pta_session *s, uint32_t id, uint32_t timeout_ms, uint32_t *event, uint32_t *count)
{
	const uint64_t rate = delay_cnt_freq(), end = delay_cnt_read() + (uint64_t)timeout_ms * rate / 1000;

	if (id >= VIRT_TEE_CORES)
		return TEE_ERROR_ITEM_NOT_FOUND;
	for (;;) {
		uint64_t now = 0;
		TEE_Result res = TEE_SUCCESS;

		*event = next_event(s, id, count);
		if (*event != PIL_TEE_EVENT_NONE)
			return TEE_SUCCESS;
		if (!notif_async_is_started(0))
			return TEE_ERROR_NOT_SUPPORTED;
		now = delay_cnt_read();
		if (timeout_ms && now >= end)
			return TEE_SUCCESS;
		if (timeout_ms)
			res = notif_wait_timeout(s->value, (end - now) * 1000 / rate + 1);
		else
			res = notif_wait(s->value);
		if (res && res != TEE_ERROR_TIMEOUT)
			return res;
	}
}

/* the host's rings are interrupts of the Secure state, where the cores are; the host may make them pending, and nothing else */
static void take_doorbell(vaddr_t gicd, uint32_t id)
{
	io_clrbits32(gicd + GICD_IGROUPR + id / 32 * 4, BIT32(id % 32));
	io_setbits32(gicd + GICD_IGRPMODR + id / 32 * 4, BIT32(id % 32));
	io_setbits32(gicd + GICD_NSACR + id / 16 * 4, NSACR_PEND(id));
}

/* the stub's CPUs are woken by an interrupt of group 0, for which TF-A itself has no use, so that it leaves the group off */
static void let_group0_through(vaddr_t gicd)
{
	io_setbits32(gicd + GICD_CTLR, GICD_GROUP0);
}

static TEE_Result events_init(void)
{
	vaddr_t gicd = (vaddr_t)phys_to_virt(VIRT_GICD, MEM_AREA_IO_SEC, GICD_SIZE);

	if (!gicd)
		panic("the distributor is not mapped");
	handler.chip = interrupt_get_main_chip();
	if (interrupt_add_configure_handler(&handler, IRQ_TYPE_EDGE_RISING, 0))
		panic("no handler for events of remote cores");
	let_group0_through(gicd);
	for (unsigned int i = 0; i < VIRT_TEE_CORES; i++)
		take_doorbell(gicd, virt_tee_cores[i].doorbell);
	interrupt_enable(handler.chip, handler.it);
	if (mailbox())
		events_drain_log();
	else
		EMSG("no stub has answered yet: nothing holds the remote cores");
	return TEE_SUCCESS;
}
driver_init(events_init);
