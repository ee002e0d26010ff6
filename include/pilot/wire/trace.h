/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trace: what monitor, service, hypervisor, shims and the parts of a TEE did and when, as records of one size in rings that lie in
 * normal memory, where the host reads them (docs/SPEC.md section 12). All numbers are little endian.
 *
 * A ring has one writer on one CPU, so that nobody needs a lock. Writers keep their place in memory of their own and never read what is
 * here: the host can write to it, and spoils its own trace and nothing else. A record says nothing that the host may not know: decisions,
 * reasons, peripherals, sizes, times. No key material, no measured bytes, no address inside the secure world.
 */
#ifndef PILOT_WIRE_TRACE_H
#define PILOT_WIRE_TRACE_H

#include <stddef.h>
#include <stdint.h>

#define PIL_TRACE_MAGIC	      0x43525450u /* "PTRC" */
#define PIL_TRACE_RING_MAGIC  0x474e4952u /* "RING" */
#define PIL_TRACE_VERSION     1u
#define PIL_TRACE_RECORDS     1024u /* of a ring; a power of two */
#define PIL_TRACE_CPUS	      12u   /* rings of a writer */
#define PIL_TRACE_HEADER_SIZE 8192u /* where the first ring's records begin */
#define PIL_TRACE_NO_ID	      0xffffu

/* a reason of an answer from here on: PIL_E... and no more is known; below: enum pil_reason, 0: accepted */
#define PIL_TRACE_CLASS 0x10000u
/* the request of an answer from here on: a command of the remoteproc TA, of the PAS TA; below: an SCM function */
#define PIL_TRACE_TEE_RPROC 0x10000u
#define PIL_TRACE_TEE_PAS   0x20000u

/* event and id in one word, as the calls of wire/monitor.h and wire/tee_board.h have them */
#define PIL_TRACE_OF(event, id) ((uint32_t)(id) << 16 | (uint32_t)(event))

/* writers */
#define PIL_TRACE_MONITOR    0u
#define PIL_TRACE_SERVICE    1u /* or the TA that has its place */
#define PIL_TRACE_HYPERVISOR 2u
#define PIL_TRACE_SHIM	     3u
#define PIL_TRACE_STUB	     4u
#define PIL_TRACE_PTA	     5u
#define PIL_TRACE_WRITERS    6u

#define PIL_TRACE_RINGS	    72u	     /* one for each writer and CPU */
#define PIL_TRACE_RING_SIZE 32768u   /* bytes of its records */
#define PIL_TRACE_SIZE	    2367488u /* bytes of all */

/**
 * struct pil_trace_record - one event
 * @time:     of the system counter (CNTPCT_EL0)
 * @sequence: number of the record in its ring, from 1, modulo 2^32; its place is (@sequence - 1) modulo the ring's records. 0: none is
 *            here, or one is being written
 * @event:    enum pil_trace_event
 * @id:       PAS id of the peripheral that it is about, or PIL_TRACE_NO_ID
 * @a, @b:    what the event says of them
 */
struct pil_trace_record {
	uint64_t time;
	uint32_t sequence;
	uint16_t event;
	uint16_t id;
	uint64_t a;
	uint64_t b;
};

/**
 * struct pil_trace_ring - what is known of a ring
 * @magic:   PIL_TRACE_RING_MAGIC: it is in use
 * @writer:  PIL_TRACE_...
 * @core:    number of the CPU; of a shim and a stub: of the remote core
 * @records: places of the ring
 * @reserved: 0
 * @written: records that were written since the machine was switched on; the last @records of them are there
 */
struct pil_trace_ring {
	uint32_t magic;
	uint16_t writer;
	uint16_t core;
	uint32_t records;
	uint32_t reserved;
	uint64_t written;
	uint64_t reserved_more[5];
};

/**
 * struct pil_trace_header - the start of the memory with the rings
 * @magic:       PIL_TRACE_MAGIC
 * @version:     PIL_TRACE_VERSION
 * @header_size: offset of the first ring's records; those of ring n are n * @records * @record_size further
 * @record_size: of a record
 * @rings:       places in @ring
 * @records:     places of each ring
 * @frequency:   of the system counter, in Hz (CNTFRQ_EL0)
 * @reserved:    0
 * @ring:        ring n is that of writer n / PIL_TRACE_CPUS, and its (n % PIL_TRACE_CPUS)th
 */
struct pil_trace_header {
	uint32_t magic;
	uint32_t version;
	uint32_t header_size;
	uint32_t record_size;
	uint32_t rings;
	uint32_t records;
	uint64_t frequency;
	uint64_t reserved[4];
	struct pil_trace_ring ring[PIL_TRACE_RINGS];
};

_Static_assert(sizeof(struct pil_trace_record) == 32, "a record is 32 bytes");
_Static_assert(offsetof(struct pil_trace_record, a) == 16, "no padding");
_Static_assert(sizeof(struct pil_trace_ring) == 64, "a ring's line is 64 bytes");
_Static_assert(offsetof(struct pil_trace_header, ring) == 64, "the rings' lines begin at 64");
_Static_assert(sizeof(struct pil_trace_header) <= PIL_TRACE_HEADER_SIZE, "the header ends before the records");
_Static_assert(PIL_TRACE_RINGS == PIL_TRACE_WRITERS * PIL_TRACE_CPUS, "a ring for each writer and CPU");
_Static_assert(PIL_TRACE_RING_SIZE == PIL_TRACE_RECORDS * sizeof(struct pil_trace_record), "a ring is its records");
_Static_assert(PIL_TRACE_SIZE == PIL_TRACE_HEADER_SIZE + PIL_TRACE_RINGS * PIL_TRACE_RING_SIZE, "header and rings");
_Static_assert(!(PIL_TRACE_RECORDS & (PIL_TRACE_RECORDS - 1)), "a power of two");

/*
 * X(number, name, phase, track, text)
 *
 * phase: INSTANT; BEGIN of something that lasts until the next END on the same track, whose number is one more. BEGINs nest.
 * track: where it belongs: CPU (the writer's), CORE (a remote core: the shim's, else @a), PERIPHERAL (@id; without one: CPU)
 * text:  {a} and {b} are the arguments as numbers; {a:x} in hexadecimal, {a:d} signed, and names for them: smc, request, reason, state,
 *        access, order, command, psci, crash, name (a and b together)
 */
#define PIL_TRACE_EVENT_TABLE(X)                                                                                       \
	/* monitor and stub */                                                                                         \
	X(0x01, BOOT, INSTANT, CPU, "up: {a} CPUs, {b} of them the host's")                                            \
	X(0x02, ENTER, INSTANT, CPU, "enters the host's world, until now off")                                         \
	X(0x03, PSCI, INSTANT, CPU, "{a:psci} ({b:x})")                                                                \
	X(0x04, CALL, BEGIN, CPU, "secure world: {a:smc} ({b:x})")                                                     \
	X(0x05, RETURN, END, CPU, "answers {a:d}")                                                                     \
	X(0x06, OFF, INSTANT, CPU, "off")                                                                              \
	X(0x07, OWNER, INSTANT, CPU, "a host begins: DMA masters are to rest")                                         \
	X(0x08, RELEASED, INSTANT, CORE, "core {a} is released")                                                       \
	X(0x09, HELD, INSTANT, CORE, "core {a} is held")                                                               \
	X(0x0a, SLEEPS, INSTANT, CORE, "core {a} stands still")                                                        \
	X(0x0b, WAKES, INSTANT, CORE, "core {a} goes on")                                                              \
	X(0x0c, HEARD_READY, INSTANT, CORE, "core {a}: the secure world hears \"ready\"")                              \
	X(0x0d, HEARD_CRASH, INSTANT, CORE, "core {a}: the secure world hears of its end by {b:crash}")                \
	X(0x0e, ORDER, INSTANT, CORE, "core {a}: order {b:order} obeyed")                                              \
	X(0x0f, STAGE_DONE, INSTANT, CPU, "the boot stage leaves EL2 to the host")                                     \
	/* service, TA */                                                                                              \
	X(0x20, REQUEST, BEGIN, PERIPHERAL, "{a:request}")                                                             \
	X(0x21, ANSWER, END, PERIPHERAL, "{b:reason}")                                                                 \
	X(0x22, LOCK, BEGIN, PERIPHERAL, "lock")                                                                       \
	X(0x23, LOCKED, END, PERIPHERAL, "{b:reason}")                                                                 \
	X(0x24, VERIFY, BEGIN, PERIPHERAL, "verify")                                                                   \
	X(0x25, VERIFIED, END, PERIPHERAL, "{b:reason}")                                                               \
	X(0x26, UNLOCK, BEGIN, PERIPHERAL, "scrub and unlock")                                                         \
	X(0x27, UNLOCKED, END, PERIPHERAL, "{b:reason}")                                                               \
	X(0x28, SUSPENDED, BEGIN, PERIPHERAL, "interrupted")                                                           \
	X(0x29, RESUMED, END, PERIPHERAL, "goes on")                                                                   \
	X(0x2a, STATE, INSTANT, PERIPHERAL, "{a:state} -> {b:state}")                                                  \
	X(0x2b, COUNTED, INSTANT, PERIPHERAL, "\"ready\" seen: rollback counter is {a}")                               \
	X(0x2c, ABANDONED, INSTANT, PERIPHERAL, "an interrupted request was given up")                                 \
	X(0x2d, NAME, INSTANT, PERIPHERAL, "the board has {a:name}")                                                   \
	/* hypervisor */                                                                                               \
	X(0x40, TRAP, BEGIN, CPU, "hypervisor: {a:smc} ({b:x})")                                                       \
	X(0x41, TRAPPED, END, CPU, "answers {a:d}")                                                                    \
	X(0x42, TAKEN, INSTANT, PERIPHERAL, "carve-out {a:x} (+{b:x}) is out of the host's reach")                     \
	X(0x43, GIVEN, INSTANT, PERIPHERAL, "carve-out {a:x} (+{b:x}) is the host's again")                            \
	X(0x44, MAPPED, INSTANT, PERIPHERAL, "{a} ranges mapped for {b} streams")                                      \
	X(0x45, ABORTS, INSTANT, PERIPHERAL, "its streams abort")                                                      \
	X(0x46, SMMU_EVENT, INSTANT, CPU, "SMMU: event {a:x} of stream {b:x}")                                         \
	X(0x47, STOPPED_ACCESS, INSTANT, CPU, "access to {a:x} stopped: it is not the host's")                         \
	/* shim */                                                                                                     \
	X(0x60, SHIM_STARTS, INSTANT, CORE, "shim starts, stream {a:x}")                                               \
	X(0x61, PAGES, INSTANT, CORE, "abort handled, page mapped for {b:access}; {a} until now")                      \
	X(0x62, FAULT, INSTANT, CORE, "{b:access} refused: {a:reason}")                                                \
	X(0x63, EXCEPTION, INSTANT, CORE, "exception of the program, class {a:x}")                                     \
	X(0x64, READY, INSTANT, CORE, "program is ready")                                                              \
	X(0x65, RING_OUT, INSTANT, CORE, "rings the host; {a} until now")                                              \
	X(0x66, RING_IN, INSTANT, CORE, "host rings; {a} until now")                                                   \
	X(0x67, WAITS, BEGIN, CORE, "waits for the SMMU's owner: {a:reason}")                                          \
	X(0x68, GOES_ON, END, CORE, "goes on")                                                                         \
	X(0x69, MASTER_RESTS, INSTANT, CORE, "DMA master rests")                                                       \
	X(0x6a, MASTER_GOES, INSTANT, CORE, "DMA master has the bus")                                                  \
	X(0x6b, SAYS, INSTANT, CORE, "program logs a line of {a} characters")                                          \
	X(0x6c, WATCHDOG, INSTANT, CORE, "watchdog bites")                                                             \
	/* PTA */                                                                                                      \
	X(0x80, COMMAND, BEGIN, PERIPHERAL, "PTA: {a:command}")                                                        \
	X(0x81, COMMAND_DONE, END, PERIPHERAL, "result {b:x}")

#define PIL_TRACE_ENUM_(number, name, phase, track, text) PIL_TRACE_##name = (number),

/** enum pil_trace_event - what a record tells */
enum pil_trace_event { PIL_TRACE_EVENT_TABLE(PIL_TRACE_ENUM_) };

#endif
