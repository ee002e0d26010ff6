/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mailbox of the stub that holds and releases the remote cores of the board virt at EL3 where the EL3 firmware is not Pilot's. It
 * lies in secure RAM; both sides have it in their caches. The secure OS writes an order and then its number, and wakes the core's CPU
 * (SGI PIL_STUB_WAKE_SGI, group 0); the stub obeys and then writes the number back. It never waits for the secure OS.
 */
#ifndef PILOT_WIRE_STUB_H
#define PILOT_WIRE_STUB_H

#include <stdint.h>

#include <pilot/wire/shim.h>

#define PIL_STUB_MAGIC	  0x42555453u /* "STUB" */
#define PIL_STUB_VERSION  1u
#define PIL_STUB_CORES	  2u
#define PIL_STUB_LOG_SIZE 0x2000u
#define PIL_STUB_WAKE_SGI 15u

/* flags of the mailbox; without PIL_STUB_SECURE the CPUs have no EL2 in the Secure state, and every start is refused */
#define PIL_STUB_SECURE 0x1u

/*
 * Orders. START: run the shim with @config; the core must be off. STOP: whatever the core does: when this is done it executes nothing any
 * more, and remembers nothing. SUSPEND: stand still with all it has.
 */
#define PIL_STUB_START	 1u
#define PIL_STUB_STOP	 2u
#define PIL_STUB_SUSPEND 3u
#define PIL_STUB_RESUME	 4u

/* what a core does */
#define PIL_STUB_IS_ON	    0x1u /* it executes something, or stands still, or has crashed */
#define PIL_STUB_IS_READY   0x2u /* its program has called ready */
#define PIL_STUB_IS_CRASHED 0x4u /* nothing of its program runs any more */
#define PIL_STUB_IS_ASLEEP  0x8u

/* results */
#define PIL_STUB_OK	 0
#define PIL_STUB_EORDER	 (-1) /* no such order */
#define PIL_STUB_ESTATE	 (-3) /* not in this state */
#define PIL_STUB_ESECURE (-5) /* the CPU has no EL2 in the Secure state */

/**
 * struct pil_stub_core - one core's part
 * @order, @number: the order, and its number, which is written after it and differs from that of the one before
 * @done:   number of the last order that was obeyed or refused
 * @result: what came of it: PIL_STUB_OK or PIL_STUB_E...
 * @state:  PIL_STUB_IS_... bits
 * @crashes, @bites: how often its program ended by a fault, and by its watchdog, since the machine was switched on
 * @boot:   1: what it runs was not ordered: the stub starts it by itself when the machine is switched on. 0 again after a stop
 * @cpu:    number of its CPU, for the SGI
 * @reserved: 0
 * @config: the shim's orders, for PIL_STUB_START
 */
struct pil_stub_core {
	uint32_t order;
	uint32_t number;
	uint32_t done;
	int32_t result;
	uint32_t state;
	uint32_t crashes;
	uint32_t bites;
	uint32_t boot;
	uint32_t cpu;
	uint32_t reserved;
	struct pil_shim_config config;
};

/**
 * struct pil_stub_mailbox - at VIRT_TEE_MAILBOX
 * @magic:   PIL_STUB_MAGIC, written last: the stub is up
 * @version: PIL_STUB_VERSION
 * @flags:   PIL_STUB_SECURE or 0
 * @put:     characters of the log since the machine was switched on; a character's place is its number modulo PIL_STUB_LOG_SIZE
 * @taken:   of these, those that the secure OS has taken
 * @lost:    lines that found no place, and are nowhere
 * @core:    the last CPU of the machine is core 0, the one before is core 1
 * @log:     whole lines, each with a newline
 */
struct pil_stub_mailbox {
	uint32_t magic;
	uint32_t version;
	uint32_t flags;
	uint32_t put;
	uint32_t taken;
	uint32_t lost;
	uint64_t reserved;
	struct pil_stub_core core[PIL_STUB_CORES];
	uint8_t log[PIL_STUB_LOG_SIZE];
};

#define PIL_STUB_BOOT_MAGIC 0x50544f42u /* "BOTP" */

/**
 * struct pil_stub_boot - what the stub starts by itself, behind the shim in the image that the stub comes in; else no magic is there
 * @magic: PIL_STUB_BOOT_MAGIC
 * @size:  bytes of the program behind this struct; it goes to the start of the secure memory of core 0, which runs it
 * @table_size: bytes behind the program; they are its resource table, and go to the start of the memory that it shares with the host
 * @entry: first instruction, as the core sees it
 */
struct pil_stub_boot {
	uint32_t magic;
	uint32_t table_size;
	uint64_t size;
	uint64_t entry;
};

_Static_assert(sizeof(struct pil_stub_core) == 40 + sizeof(struct pil_shim_config), "no padding");
_Static_assert(sizeof(struct pil_stub_mailbox) ==
		       32 + PIL_STUB_CORES * sizeof(struct pil_stub_core) + PIL_STUB_LOG_SIZE,
	       "no padding");
_Static_assert(sizeof(struct pil_stub_boot) == 24, "no padding");

#endif
