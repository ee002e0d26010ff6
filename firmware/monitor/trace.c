/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one writer of the trace at EL3 (wire/trace.h): for itself, and for the service, the hypervisor and the shims, which have it write by a
 * call. Each ring is that of one writer on one CPU, and a CPU is in here once at a time: no lock. What is written lies in the host's reach;
 * nothing of it is ever read.
 */
#include <pilot/wire/monitor.h>
#include <pilot/wire/trace.h>

#include <fw/sysreg.h>

#include "monitor.h"
#include "platform.h"

_Static_assert(FW_MAX_CPUS <= PIL_TRACE_CPUS, "a ring for each CPU");

static uint64_t written[PIL_TRACE_WRITERS][PIL_TRACE_CPUS];

static volatile struct pil_trace_header *header(void)
{
	return (volatile struct pil_trace_header *)plat_monitor.trace;
}

static volatile struct pil_trace_record *records(unsigned int ring)
{
	return (volatile struct pil_trace_record *)(plat_monitor.trace + PIL_TRACE_HEADER_SIZE +
						    (uint64_t)ring * PIL_TRACE_RING_SIZE);
}

/* RAM keeps its contents over a warm reset: an old trace must not pass for this one */
void mon_trace_init(unsigned int first, unsigned int end)
{
	volatile struct pil_trace_header *h = header();
	const unsigned int from = first * PIL_TRACE_CPUS, to = end * PIL_TRACE_CPUS;
	volatile uint64_t *word = (volatile uint64_t *)&h->ring[from];

	while (word < (volatile uint64_t *)&h->ring[to])
		*word++ = 0;
	for (word = (volatile uint64_t *)records(from); word < (volatile uint64_t *)records(to); word++)
		*word = 0;
	h->version = PIL_TRACE_VERSION;
	h->header_size = PIL_TRACE_HEADER_SIZE;
	h->record_size = sizeof(struct pil_trace_record);
	h->rings = PIL_TRACE_RINGS;
	h->records = PIL_TRACE_RECORDS;
	h->frequency = fw_read(cntfrq_el0);
	h->magic = PIL_TRACE_MAGIC;
}

/* the number of the CPU, and of a remote core its own */
static void begin_ring(volatile struct pil_trace_ring *ring, unsigned int writer, unsigned int cpu)
{
	ring->writer = (uint16_t)writer;
	ring->core = (uint16_t)(writer == PIL_TRACE_SHIM || writer == PIL_TRACE_STUB ? mon_boot.cpus - 1 - cpu : cpu);
	ring->records = PIL_TRACE_RECORDS;
	ring->magic = PIL_TRACE_RING_MAGIC;
}

/* a record has no number until it is whole */
void mon_trace_as(unsigned int writer, uint32_t event, uint64_t a, uint64_t b)
{
	const unsigned int cpu = fw_cpu(), ring = writer * PIL_TRACE_CPUS + cpu;
	const uint64_t number = ++written[writer][cpu];
	volatile struct pil_trace_record *r = &records(ring)[(number - 1) % PIL_TRACE_RECORDS];

	if (number == 1)
		begin_ring(&header()->ring[ring], writer, cpu);
	r->sequence = 0;
	r->time = fw_read(cntpct_el0);
	r->event = (uint16_t)event;
	r->id = (uint16_t)(event >> 16);
	r->a = a;
	r->b = b;
	r->sequence = (uint32_t)number;
	header()->ring[ring].written = number;
}

void mon_trace(enum pil_trace_event event, uint64_t a, uint64_t b)
{
	mon_trace_as(plat_monitor.trace_writer, PIL_TRACE_OF(event, PIL_TRACE_NO_ID), a, b);
}

int64_t mon_trace_smc(const struct mon_frame *f, unsigned int writer)
{
	mon_trace_as(writer, (uint32_t)f->x[1], f->x[2], f->x[3]);
	return 0;
}
