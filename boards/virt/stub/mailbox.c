/* SPDX-License-Identifier: BSD-2-Clause */
/* The stub's side of the mailbox. Every order is obeyed by the core's own CPU, at EL3. */
#include <stddef.h>
#include <string.h>

#include <pilot/wire/monitor.h>
#include <virt/tee_platform.h>

#include "monitor.h"
#include "platform.h"
#include "stub.h"

#define EVENT_INTID (32 + VIRT_TEE_SPI_EVENT)

_Static_assert(sizeof(struct pil_stub_mailbox) <= VIRT_TEE_MAILBOX_SIZE, "the mailbox fits its place");
_Static_assert(PIL_STUB_WAKE_SGI == MON_WAKE_SGI, "one interrupt that wakes");
_Static_assert(PIL_STUB_ESTATE == PIL_MON_ESTATE, "the monitor's answers are the stub's");

static uint32_t line_end; /* where the next character of the present line goes: behind what is put */
static bool line_lost;

static struct pil_stub_mailbox *mailbox(void)
{
	return (struct pil_stub_mailbox *)(uintptr_t)VIRT_TEE_MAILBOX;
}

static uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

struct pil_stub_core *mailbox_core(unsigned int core)
{
	return &mailbox()->core[core];
}

void mailbox_init(void)
{
	struct pil_stub_mailbox *m = mailbox();

	memset(m, 0, sizeof(*m));
	m->version = PIL_STUB_VERSION;
	m->flags = mon_cores_are_secure() ? PIL_STUB_SECURE : 0;
	for (unsigned int i = 0; i < PIL_STUB_CORES; i++)
		m->core[i].cpu = mon_boot.cpus - 1 - i;
}

void mailbox_open(void)
{
	store(&mailbox()->magic, PIL_STUB_MAGIC);
}

static unsigned int core_of(unsigned int cpu)
{
	return mon_boot.cpus - 1 - cpu;
}

static int64_t start(unsigned int core)
{
	struct pil_stub_core *c = mailbox_core(core);
	int64_t status = PIL_STUB_ESECURE;

	if (!mon_cores_are_secure())
		return status;
	do {
		status = mon_core_start(core, (uint64_t)(uintptr_t)&c->config, sizeof(c->config));
	} while (status == PIL_MON_EAGAIN);
	return status;
}

/* Return: PIL_MON_EAGAIN: the core's CPU must do something first, and looks again then */
static int64_t obey(unsigned int core, uint32_t order)
{
	switch (order) {
	case PIL_STUB_START:
		return start(core);
	case PIL_STUB_STOP:
		return mon_core_stop(core);
	case PIL_STUB_SUSPEND:
		return mon_core_power(core, 0);
	case PIL_STUB_RESUME:
		return mon_core_power(core, 1);
	default:
		return PIL_STUB_EORDER;
	}
}

static void publish(unsigned int cpu, struct pil_stub_core *c)
{
	uint64_t on = 0;

	if (mon_core_state(core_of(cpu), &on))
		return;
	store(&c->state, (on & PIL_MON_CORE_ON ? PIL_STUB_IS_ON : 0) |
				 (on & PIL_MON_CORE_READY ? PIL_STUB_IS_READY : 0) |
				 (on & PIL_MON_CORE_CRASHED ? PIL_STUB_IS_CRASHED : 0) |
				 (mon_cpus[cpu].asleep ? PIL_STUB_IS_ASLEEP : 0));
}

void mailbox_look(unsigned int cpu)
{
	struct pil_stub_core *c = mailbox_core(core_of(cpu));
	const uint32_t number = load(&c->number);
	int64_t status = 0;

	publish(cpu, c);
	if (number == c->done)
		return;
	status = obey(core_of(cpu), c->order);
	if (status == PIL_MON_EAGAIN)
		return;
	publish(cpu, c);
	if (c->order == PIL_STUB_STOP)
		store(&c->boot, 0);
	c->result = (int32_t)status;
	mon_trace(PIL_TRACE_ORDER, core_of(cpu), c->order);
	store(&c->done, number);
}

void mailbox_crashed(unsigned int cpu, bool by_watchdog)
{
	struct pil_stub_core *c = mailbox_core(core_of(cpu));

	publish(cpu, c);
	store(by_watchdog ? &c->bites : &c->crashes, (by_watchdog ? c->bites : c->crashes) + 1);
	mon_gic_pend(EVENT_INTID);
}

/* the caller lets one line in at a time. A line for which there is no place is lost whole */
void mailbox_log(char c)
{
	struct pil_stub_mailbox *m = mailbox();

	if (c == '\r')
		return;
	if (line_end - load(&m->taken) >= PIL_STUB_LOG_SIZE)
		line_lost = true;
	else
		m->log[line_end++ % PIL_STUB_LOG_SIZE] = (uint8_t)c;
	if (c != '\n')
		return;
	if (line_lost) {
		store(&m->lost, m->lost + 1);
		line_end = m->put;
	}
	line_lost = false;
	store(&m->put, line_end);
	mon_gic_pend(EVENT_INTID);
}
