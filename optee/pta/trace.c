// SPDX-License-Identifier: BSD-2-Clause
/*
 * Records of the trace (wire/trace.h), of the PTA and of the TAs, which have no other way to the rings. These lie in the host's memory;
 * nothing that is there is ever read.
 */
#include <initcall.h>
#include <kernel/misc.h>
#include <kernel/thread.h>
#include <mm/core_memprot.h>
#include <mm/core_mmu.h>

#include <fw/sysreg.h>
#include <pilot/wire/trace.h>
#include <virt/platform.h>

#include "pta.h"

register_phys_mem(MEM_AREA_RAM_NSEC, VIRT_TRACE, VIRT_TRACE_SIZE);

static_assert(PIL_TRACE_SIZE <= VIRT_TRACE_SIZE);
static_assert(CFG_TEE_CORE_NB_CORE <= PIL_TRACE_CPUS);

static uint64_t written[PIL_TRACE_WRITERS][PIL_TRACE_CPUS];

static volatile struct pil_trace_header *header(void)
{
	return phys_to_virt(VIRT_TRACE, MEM_AREA_RAM_NSEC, PIL_TRACE_SIZE);
}

static volatile struct pil_trace_record *records(volatile struct pil_trace_header *h, unsigned int ring)
{
	return (volatile struct pil_trace_record *)((vaddr_t)h + PIL_TRACE_HEADER_SIZE +
						    (vaddr_t)ring * PIL_TRACE_RING_SIZE);
}

/* an old trace must not pass for this one; the header is as the stub writes it, which may come first or last */
static TEE_Result begin(void)
{
	static const unsigned int writers[] = { PIL_TRACE_SERVICE, PIL_TRACE_PTA };
	volatile struct pil_trace_header *h = header();

	for (unsigned int w = 0; h && w < 2; w++) {
		for (unsigned int ring = writers[w] * PIL_TRACE_CPUS; ring < (writers[w] + 1) * PIL_TRACE_CPUS;
		     ring++) {
			volatile uint64_t *word = (volatile uint64_t *)records(h, ring);

			h->ring[ring].magic = 0;
			for (unsigned int i = 0; i < PIL_TRACE_RING_SIZE / 8; i++)
				word[i] = 0;
		}
	}
	if (!h)
		return TEE_SUCCESS; /* a machine without it is as good */
	h->version = PIL_TRACE_VERSION;
	h->header_size = PIL_TRACE_HEADER_SIZE;
	h->record_size = sizeof(struct pil_trace_record);
	h->rings = PIL_TRACE_RINGS;
	h->records = PIL_TRACE_RECORDS;
	h->frequency = fw_read(cntfrq_el0);
	h->magic = PIL_TRACE_MAGIC;
	return TEE_SUCCESS;
}

service_init(begin);

static void begin_ring(volatile struct pil_trace_ring *ring, unsigned int writer, unsigned int cpu)
{
	ring->writer = writer;
	ring->core = cpu;
	ring->records = PIL_TRACE_RECORDS;
	ring->reserved = 0;
	ring->magic = PIL_TRACE_RING_MAGIC;
}

/* masked: a thread that is suspended may go on with another CPU's ring */
void trace_write(unsigned int writer, uint32_t event, uint64_t a, uint64_t b)
{
	const uint32_t exceptions = thread_mask_exceptions(THREAD_EXCP_ALL);
	const unsigned int cpu = get_core_pos(), ring = writer * PIL_TRACE_CPUS + cpu;
	const uint64_t number = ++written[writer][cpu];
	volatile struct pil_trace_header *h = header();

	if (h) {
		volatile struct pil_trace_record *r = &records(h, ring)[(number - 1) % PIL_TRACE_RECORDS];

		if (number == 1)
			begin_ring(&h->ring[ring], writer, cpu);
		r->sequence = 0;
		r->time = fw_read(cntpct_el0);
		r->event = event;
		r->id = event >> 16;
		r->a = a;
		r->b = b;
		r->sequence = number;
		h->ring[ring].written = number;
	}
	thread_unmask_exceptions(exceptions);
}

void trace_command(enum pil_trace_event event, uint32_t id, uint64_t a, uint64_t b)
{
	static const uint32_t pas_id[VIRT_TEE_CORES] = {
		[VIRT_TEE_M33] = VIRT_TEE_M33_PAS_ID,
		[VIRT_TEE_M0] = VIRT_TEE_M0_PAS_ID,
	};

	trace_write(PIL_TRACE_PTA, PIL_TRACE_OF(event, id < VIRT_TEE_CORES ? pas_id[id] : PIL_TRACE_NO_ID), a, b);
}
