/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What programs are made of that boot in the host's place, at EL2 or under a hypervisor at EL1, and talk to the secure world with raw SMCs. Everything
 * runs with the MMU off and interrupts masked; a pending interrupt of the host still interrupts the secure world.
 */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

/** struct smc_regs - registers of an SMC, before and after; smc.S knows the layout */
struct smc_regs {
	uint64_t x[8];
	uint64_t spoiled; /* after: bits of x8 to x30 that came back changed */
};

/**
 * struct scm_call - a call as the host issues it, and what came back
 * @in:            registers of the first issue
 * @out:           registers of the last answer
 * @interruptions: answers INTERRUPTED so far
 */
struct scm_call {
	struct smc_regs in;
	struct smc_regs out;
	unsigned int interruptions;
};

/* smc.S */
void smc_call(struct smc_regs *regs);

/* main of the program, on CPU 0; its other CPUs are off. @tree: what it got in x0 */
void payload_main(uint64_t tree);

/* uart.c: only CPU 0 prints */
void uart_init(void);
void print(const char *text);
void print_dec(int64_t value);
void print_hex(uint64_t value);

/*
 * fault.c: between the two an exception skips the instruction that raised it. fault_disarm() returns its syndrome, 0: none came.
 * try_read(), try_write(): one aligned word of 64 bits; try_copy(): both sides aligned alike; try_call(): a function without arguments.
 * Return: whether that was possible
 */
void fault_arm(void);
uint64_t fault_disarm(void);
uint64_t fault_syndrome(void); /* of the last attempt */
bool try_read(uint64_t address, uint64_t *value);
bool try_write(uint64_t address, uint64_t value);
bool try_copy(uint64_t to, uint64_t from, uint64_t size);
bool try_call(uint64_t address);

/* psci.c */
#define PSCI_OFF		1 /* of AFFINITY_INFO */
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_ALREADY_ON		(-4)
#define PSCI_INVALID_ADDRESS	(-9)

int64_t psci_cpu_on(uint64_t cpu, uint64_t entry);
int64_t psci_cpu_on_with(uint64_t cpu, uint64_t entry, uint64_t x0);
int64_t psci_affinity_info(uint64_t cpu);
_Noreturn void psci_cpu_off(void);
_Noreturn void psci_system_off(void);
_Noreturn void psci_system_reset(void);

/**
 * cpu_run() - let another CPU call @function with @arg, then switch itself off; cpu_join() waits for that
 * Return: false when PSCI refuses, or the CPU is not off after some seconds
 */
bool cpu_run(unsigned int cpu, void (*function)(void *arg), void *arg);
bool cpu_join(unsigned int cpu);

/* gic_timer.c: each CPU has its own */
unsigned int payload_level(void); /* 1 or 2: the exception level */
unsigned int timer_intid(void);   /* PPI of that level's physical timer */

void timer_init(void);
void timer_start(uint64_t us); /* the interrupt becomes pending in @us microseconds */
uint64_t timer_take(void);     /* stop the timer, acknowledge. Return: INTID, 1023 when none is pending */
uint64_t time_us(void);
void wait_us(uint64_t us);

/**
 * struct scm_watch - what came of all calls so far
 * @calls:    answers, INTERRUPTED among them
 * @accepted: AUTH_AND_RESET answered with 0
 * @leaks:    answers with more in registers than a status and small results
 * @first:    the first of those
 */
struct scm_watch {
	unsigned int calls, accepted, leaks;
	struct smc_regs first;
};

struct scm_watch scm_watch_sum(void);

/* scm.c: prepare; issue once; go on with an interrupted call (@session: x6 of the answer); go on until it ends */
void scm_prepare(struct scm_call *c, uint32_t id, uint32_t arginfo, uint64_t a0, uint64_t a1, uint64_t a2);
int64_t scm_issue(struct scm_call *c);
int64_t scm_resume(struct scm_call *c, uint64_t session);
int64_t scm_finish(struct scm_call *c);
int64_t scm_complete(struct scm_call *c); /* as Linux: resumes, and waits while the answer is EBUSY */

/* the requests for adsp; the first four end as scm_complete() does */
int64_t pas_init_image(uint64_t metadata);
int64_t pas_mem_setup(uint64_t base, uint64_t size);
int64_t pas_auth(void);
int64_t pas_shutdown(void);
void prepare_init_image(struct scm_call *c, uint64_t metadata);
void prepare_mem_setup(struct scm_call *c, uint64_t base, uint64_t size);
void prepare_auth(struct scm_call *c);
void prepare_shutdown(struct scm_call *c);

/**
 * prepare_table() - GET_RSCTABLE of adsp
 * @page: where its last two arguments are, which fit no register; table_page() writes them there
 */
void prepare_table(struct scm_call *c, uint64_t page, uint64_t in, uint64_t in_size);
void table_page(uint64_t page, uint64_t out, uint64_t out_size);
/** prepare_get_table() - the same as a host has it; @scratch: three pages for arguments, the host's table and the answer */
void prepare_get_table(struct scm_call *c, uint64_t scratch);

bool door_answers(void); /* is an availability query answered as it must be? */

/** struct kind - a peripheral, and the image of the archive that is signed for it and placed in its carve-out */
struct kind {
	const char *image;
	uint64_t pas_id;
};

/* kinds.c: every peripheral of the board, and which image the archives have for it */
#define KINDS 7u
extern const struct kind kind_adsp, kind_lite, kind_dtb, kind_lite_dtb, kind_cdsp, kind_video, kind_zap;
extern const struct kind *const kinds[KINDS];

/**
 * kind_load() - as qcom_mdt_load() does it: @k gets the metadata of @image, and its own memory. Metadata goes to @buffer
 * Return: status of the first call that failed, 0 otherwise; INT64_MAX when the archive has no such image
 */
int64_t kind_load(const struct kind *k, const char *image, unsigned int buffer);
int64_t kind_auth(const struct kind *k);
int64_t kind_shutdown(const struct kind *k);
void prepare_kind_auth(struct scm_call *c, const struct kind *k);

/** kind_starts() - its own image is loaded and authenticated; kind_ends(): and shut down. Return: as it must be */
bool kind_starts(const struct kind *k);
bool kind_ends(const struct kind *k);

/*
 * reader.c: the archive; archive_find(): NULL when there is none. @buffer: one of several places for metadata;
 * archive_metadata() writes an entry's there and returns the place
 */
const struct archive_header *archive_open(void);
const struct archive_entry *archive_entry(unsigned int index);
const struct archive_entry *archive_find(const char *name);
uint64_t archive_metadata_buffer(unsigned int buffer);
uint64_t archive_metadata(const struct archive_entry *e, unsigned int buffer);
void archive_copy_memory(const struct archive_entry *e);

/** archive_try_copy_memory() - the same for a place that another CPU may have had locked: what faults is left out */
void archive_try_copy_memory(const struct archive_entry *e);

/* load.c */

/** same() - is it what it must be? Says so when not. Return: @seen == @wanted */
bool same(const char *what, int64_t seen, int64_t wanted);

/** started_as_a_host() - is everything there that the program needs? Says what is not. @tree: of payload_main() */
bool started_as_a_host(uint64_t tree);

/** place_image() - load the entry @name up to AUTH, which is left out */
bool place_image(const char *name);

/** suspend_auth() - load @name and let a timer interrupt AUTH after @us. Return: it is suspended */
bool suspend_auth(struct scm_call *c, const char *name, uint64_t us);

#endif
