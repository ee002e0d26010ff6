/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace lies in the host's memory (wire/trace.h): it may read it, and it can write to it. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/trace.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define ROUNDS	      4u
#define NOT_SUPPORTED (-1)
#define SRAM_END      (VIRT_SRAM + VIRT_SRAM_SIZE)

static volatile struct pil_trace_header *header(void)
{
	return (volatile struct pil_trace_header *)VIRT_TRACE;
}

static volatile struct pil_trace_record *record(unsigned int ring, unsigned int place)
{
	return (volatile struct pil_trace_record *)(VIRT_TRACE + PIL_TRACE_HEADER_SIZE +
						    (uint64_t)ring * PIL_TRACE_RING_SIZE) +
	       place;
}

/* records that the monitor wrote on this CPU, by its own count */
static uint64_t written(void)
{
	return header()->ring[PIL_TRACE_MONITOR * PIL_TRACE_CPUS + fw_cpu()].written;
}

static void fill(uint64_t value, uint64_t step)
{
	volatile uint64_t *word = (volatile uint64_t *)VIRT_TRACE;

	for (unsigned int i = 0; i < PIL_TRACE_SIZE / sizeof(*word); i++, value += step)
		word[i] = value;
}

/* with nothing, with all ones, with numbers that might be counters or addresses: what is decided is the same, and the count goes on */
static bool overwritten(void)
{
	static const uint64_t values[ROUNDS][2] = { { 0, 0 },
						    { UINT64_MAX, 0 },
						    { VIRT_SRAM, 8 },
						    { UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0x9e3779b97f4a7c15) } };
	bool good = flow();
	uint64_t before = written();

	for (unsigned int i = 0; good && i < ROUNDS; i++) {
		fill(values[i][0], values[i][1]);
		good = flow() && same("the trace counts on", written() > before, true);
		before = written();
	}
	return good;
}

/* while requests run: the monitor writes a record in parts */
static bool overwritten_meanwhile(void)
{
	const unsigned int ring = PIL_TRACE_MONITOR * PIL_TRACE_CPUS + fw_cpu();
	struct meddle m[2] = {
		{ .address = (uint64_t)&header()->ring[ring].written, .a = 0, .b = UINT64_MAX },
		{ .address = (uint64_t)record(ring, 0), .a = UINT64_MAX, .b = VIRT_SRAM },
	};
	bool good = host_cpus() > 2 && meddle_begin(1, &m[0]) && meddle_begin(2, &m[1]);

	for (unsigned int i = 0; good && i < ROUNDS; i++)
		good = flow();
	good = meddle_end(1, &m[0]) && good;
	return meddle_end(2, &m[1]) && good;
}

static bool is_secure(uint64_t value)
{
	return value >= VIRT_SRAM && value < SRAM_END;
}

/* what the host itself passed, it finds again: calls that it made, and that the hypervisor made for it */
static bool is_the_hosts_word(uint16_t event)
{
	return event == PIL_TRACE_CALL || event == PIL_TRACE_TRAP || event == PIL_TRACE_PSCI ||
	       event == PIL_TRACE_STOPPED_ACCESS;
}

static bool look(unsigned int ring, unsigned int *seen)
{
	bool good = true;

	for (unsigned int i = 0; i < PIL_TRACE_RECORDS; i++) {
		volatile struct pil_trace_record *r = record(ring, i);

		if (!r->sequence || is_the_hosts_word(r->event))
			continue;
		++*seen;
		good = same("an address of the secure world in event",
			    is_secure(r->a) || is_secure(r->b) ? r->event : 0, 0) &&
		       good;
	}
	return good;
}

/* after a start, a fault of the program and a stop; the names of secure memory are in none of the records */
static bool secure_addresses(void)
{
	uint64_t value = 0;
	unsigned int seen = 0;
	bool good = true;

	fill(0, 0);
	stream_open();
	good = program_start() && program_order(PROGRAM_READ, remote_adsp.mem, &value);
	program_tell(PROGRAM_READ, VIRT_SRAM);
	remote_wait_crash(&remote_adsp);
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	for (unsigned int ring = 0; ring < PIL_TRACE_RINGS; ring++)
		good = look(ring, &seen) && good;
	return same("there are records", seen > 16, true) && good;
}

static bool calls_of_writers(void)
{
	static const uint32_t calls[] = { PIL_MON_TRACE, PIL_MON_SHIM_TRACE };
	bool good = flow();
	uint64_t before = 0;

	fill(0, 0);
	for (unsigned int i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct smc_regs r = { .x = { calls[i], PIL_TRACE_OF(PIL_TRACE_READY, 1), 2, 3 } };

		smc_call(&r);
		good = same("the answer", (int64_t)r.x[0], NOT_SUPPORTED) && good;
	}
	for (unsigned int ring = 0; ring < PIL_TRACE_RINGS; ring++)
		for (unsigned int i = 0; i < PIL_TRACE_RECORDS; i++)
			before += record(ring, i)->sequence && record(ring, i)->event == PIL_TRACE_READY;
	return same("records that the host made", (int64_t)before, 0) && good;
}

const struct attack trace_attacks[] = {
	{ "the_trace_is_overwritten_between_requests",
	  "Whatever is written over headers, counters and records, requests are answered as ever, and the writers count on from their own.",
	  overwritten, NEEDS_LOCK },
	{ "the_trace_is_overwritten_while_requests_run",
	  "Other CPUs change the counter and a record all the time: requests are answered as ever.",
	  overwritten_meanwhile, NEEDS_LOCK },
	{ "the_trace_is_searched_for_secure_addresses",
	  "After a start, a fault at secure memory and a stop no record has an address in secure RAM but those that the host named itself.",
	  secure_addresses, NEEDS_LOCK | HOST_SMMU },
	{ "calls_of_the_traces_writers_by_the_host", "They are not the host's: NOT SUPPORTED, and no record.",
	  calls_of_writers, 0 },
	{ 0 },
};
