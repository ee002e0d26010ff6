/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hostile host: a program at EL2, or at EL1 under a hypervisor, with all of the host's CPUs. Each attack has a name, a sentence that says what must happen,
 * and a function that carries it out and looks. What only the secure log shows, tests/attack/attack.py looks for.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include "payload.h"

/*
 * what the board must be able to do, or the attack has to succeed; attack.py finds that on the secure log. Where it has FAULTS, the
 * host's accesses to a carve-out fault between AUTH and SHUTDOWN: only try_read() and its like may look there
 */
#define NEEDS_LOCK   0x1u /* CAPABILITIES: LOCKED_CPU and LOCKED_DMA */
#define NEEDS_FAULTS 0x2u /* CAPABILITIES: FAULTS */
#define NEEDS_SECURE 0x4u /* remote cores in the Secure state, whoever locks */

/*
 * what the host must have, or there is no such attack: it is left out by its name, and counts as nothing. main.c has the reasons. A
 * host under a hypervisor has none of the first four
 */
#define HOST_SMMU	0x010u
#define HOST_CALLS	0x020u /* GET_RSCTABLE, MP_ASSIGN, bridges */
#define HOST_EL2	0x040u
#define HOST_FW_CFG	0x080u
#define HOST_HYPERVISOR 0x100u /* somebody above it, who keeps it from something */

/**
 * struct attack - one attack
 * @name:  unique, words joined by _
 * @must:  a sentence: what must happen
 * @run:   Return: what can be seen from the host's place is as it must be
 * @needs: NEEDS_..., HOST_...
 */
struct attack {
	const char *name;
	const char *must;
	bool (*run)(void);
	unsigned int needs;
};

/** struct attack_family - @attacks end with a name of NULL */
struct attack_family {
	const char *name;
	const struct attack *attacks;
};

extern const struct attack pointer_attacks[], length_attacks[], race_attacks[], session_attacks[], state_attacks[];
extern const struct attack image_attacks[], secret_attacks[], power_attacks[], interrupt_attacks[];
extern const struct attack confined_attacks[];
extern const struct attack dma_attacks[], stream_attacks[], sysreg_attacks[], exhaustion_attacks[];
extern const struct attack peripheral_attacks[], el1_attacks[], memory_attacks[], bridge_attacks[], granule_attacks[];
extern const struct attack trace_attacks[];
extern const struct attack unit_attacks[], counter_attacks[], handover_attacks[], guest_attacks[], hidden_attacks[], gic_attacks[];

/**
 * session_hold() - a hypervisor's AUTH_AND_RESET begins with the resource table, when the carve-out is still the host's: let adsp's
 * interrupted call go on until it has the carve-out; without a hypervisor there is nothing to do. Return: it is still interrupted
 */
bool session_hold(struct scm_call *c);

/* vectors.c: attacks of the family secrets */
bool long_vectors(void);
bool streaming_vectors(void);

/* memory of the host that the archive's buffers do not use */
#define SCRATCH	    UINT64_C(0x61000000) /* 1 MiB for any attack */
#define SCRATCH2    UINT64_C(0x61100000)
#define STREAM_PAGE UINT64_C(0x62000000) /* stream.c: 2 MiB */
#define STREAM_PCI  8u			 /* PCI device 1, function 0 */

/* images of the archive */
#define SMALL	"small"
#define LARGE	"large"
#define PROGRAM "program"

#define COUNTERS_LAST 8u /* the highest version of cdsp's program that there is */

/*
 * main.c: what lines of the secure log must say in the course of the attack, must not say, must say as often as that: Python's regular
 * expressions
 */
void log_has(const char *expression);
void log_lacks(const char *expression);
void log_counts(const char *expression, unsigned int least, unsigned int most);

/** skip() - the attack cannot be made here. Return: true */
bool skip(const char *reason);

/**
 * reset_machine() - the attack begins again after it, in its next phase; phase(): how many resets there were since it began. Memory of
 * the host outside of this program stays as it is
 */
_Noreturn void reset_machine(void);
unsigned int phase(void);

/** host_cpus() - CPUs that are the host's, this one among them */
unsigned int host_cpus(void);

/** all_zero() - is memory of the host all zero? Says where not */
bool all_zero(const char *what, uint64_t from, uint64_t size);

/** flow() - an image is verified, started and stopped. Return: as it must be */
bool flow(void);

/** is_guest() - there is a hypervisor above this host. vectors_on(): the host may use vector registers, in any length */
static inline bool is_guest(void)
{
	return payload_level() == 1;
}

void vectors_on(void);

/* registers.S: entry of a CPU that writes its x0 to x30 to where x0 points; all vector registers get marks, and are looked at */
extern char register_dump[];
void vector_fill(void);
uint64_t vector_check(void); /* Return: bits that differ */
void el3_return(uint64_t spsr);

/* meddle.c: another CPU that changes memory until it is told to stop */

/**
 * struct meddle - what it changes, again and again
 * @address: one word of 64 bits, aligned
 * @a, @b:   the values that it takes in turn, where it can be written
 * @wait_us: how long each stays; 0: as short as possible
 * @turns:   result
 */
struct meddle {
	uint64_t address;
	uint64_t a, b;
	uint64_t wait_us;
	volatile uint64_t turns;
	volatile bool stop;
};

/** meddle_begin() - on CPU @cpu; returns when the first change was made. meddle_end(): waits for its end. Return: it went well */
bool meddle_begin(unsigned int cpu, struct meddle *m);
bool meddle_end(unsigned int cpu, struct meddle *m);

/* stream.c: the SMMU as a host programs it, and orders to the programs that run under it */

/** struct remote - a remote core with the program: image, PAS id, core, stream, carve-out */
struct remote {
	struct kind kind;
	unsigned int core;
	uint32_t sid;
	uint64_t mem, size;
};

extern const struct remote remote_adsp, remote_lite, remote_cdsp, remote_video;

/**
 * stream_open() - an SMMU with the cores' streams, that reach what GET_RSCTABLE and the carve-outs say, and that of PCI device 1,
 * which is bypassed
 */
void stream_open(void);

/**
 * remote_map() - let the core's stream lead somewhere else, too: 4 KiB aligned. Return: there was room in the table
 * remote_start() - load and start the program, and wait until it said so. Return: it runs
 * remote_tell() - give an order that it may not survive
 * remote_listen() - what the core told the host so far is forgotten; remote_tell() begins with that
 * remote_wait_crash() - wait until it has told the host something, which after an order is a crash; no longer than some seconds
 * remote_order() - Return: it obeyed within some seconds, @value is what it read
 * remote_control(): a word of its control page; remote_stream(): its entry in the stream table; remote_context(): where its context is
 */
bool remote_map(const struct remote *r, uint64_t from, uint64_t to, uint64_t size);
bool remote_start(const struct remote *r);
void remote_tell(const struct remote *r, unsigned int order, uint64_t address);
void remote_listen(const struct remote *r);
void remote_wait_crash(const struct remote *r);
bool remote_order(const struct remote *r, unsigned int order, uint64_t address, uint64_t *value);
volatile uint64_t *remote_control(const struct remote *r, unsigned int offset);
volatile uint64_t *remote_stream(const struct remote *r);
uint64_t remote_context(const struct remote *r);

/** stream_close() - the SMMU is off again */
void stream_close(void);

/* the same for adsp's program */

/** stream_map() - let the stream lead somewhere else, too: 4 KiB aligned. Return: there was room in the table */
bool stream_map(uint64_t from, uint64_t to, uint64_t size);

/** program_start() - load and start the program, and wait until it said so. Return: it runs */
bool program_start(void);

/** program_tell() - give an order that it may not survive */
void program_tell(unsigned int order, uint64_t address);

/** program_order() - Return: it obeyed within some seconds, @value is what it read */
bool program_order(unsigned int order, uint64_t address, uint64_t *value);

#endif
