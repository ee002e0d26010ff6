/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The EL3 monitor: brings all CPUs up, routes SMCs, does PSCI, switches to the S-EL1 service and back, and holds or
 * releases remote cores. It knows nothing of images.
 */
#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <fw/boot_info.h>
#include <pilot/wire/trace.h>

#include "offsets.h"

#define MON_STACK_SIZE	      4096u
#define MON_SPSR_IS_EL2(spsr) (((spsr)&0x1c) == 0x8)
#define MON_WAKE_SGI	      15u /* group 0: wakes a parked CPU, pulls a remote core back */

/** struct mon_frame - registers of a lower exception level, as vectors.S saves them */
struct mon_frame {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t pad;
};

/** struct mon_el1 - EL1 registers that the service uses and the normal world may hold something in */
struct mon_el1 {
	uint64_t sctlr, ttbr0, ttbr1, tcr, mair, vbar, sp, elr, spsr, esr, far, tpidr, cpacr;
	uint64_t sctlr2, tcr2, zcr, smcr;
};

/** enum mon_power - PSCI's view of a host CPU, or of a remote core */
enum mon_power {
	MON_OFF = 0,
	MON_ON_PENDING,
	MON_ON,
};

/**
 * struct mon_cpu - one CPU
 * @power:   MON_OFF: parked in mon_park()
 * @parked:  it is inside mon_park(); cleared by whoever releases it
 * @entry, @arg: where to go, with x0, when released; a remote core gets in x1 whether it is in the Secure state
 * @stop:    remote core: park at the next wake interrupt
 * @sleep, @asleep: remote core: stand still until told otherwise; it does
 * @ready, @crashed: remote core: what its shim said since it was released
 * @owner:   remote core: a new owner of the SMMU begins, and waits until the core's DMA masters rest
 * @placed:  remote core: bytes of its shim's memory that are ready for the next start
 * @in_service: the frame belongs to the service, the host's is in @host
 * @host, @host_el1, @host_pmcr: the normal world's registers while the service runs
 * @service_el1: the service's registers while the normal world runs
 */
struct mon_cpu {
	_Atomic uint32_t power;
	_Atomic uint32_t parked;
	uint64_t entry;
	uint64_t arg;
	_Atomic uint32_t stop;
	_Atomic uint32_t sleep;
	_Atomic uint32_t asleep;
	_Atomic uint32_t ready;
	_Atomic uint32_t crashed;
	_Atomic uint32_t owner;
	_Atomic uint64_t placed;
	bool in_service;
	struct mon_frame host;
	struct mon_el1 host_el1;
	uint64_t host_pmcr;
	struct mon_el1 service_el1;
};

extern struct mon_cpu mon_cpus[FW_MAX_CPUS];
extern char mon_stacks[FW_MAX_CPUS][MON_STACK_STRIDE];
extern struct fw_boot_info mon_boot;

/* exceptions.c: called by vectors.S with the frame on the CPU's stack */
void mon_sync(struct mon_frame *f);
void mon_fiq(struct mon_frame *f);
_Noreturn void mon_unexpected(struct mon_frame *f, unsigned int vector);

/*
 * mon_inject(): let the interrupted level take a synchronous exception with this syndrome, at EL2 or at EL1; its fault address
 * register is the caller's business
 */
void mon_inject(struct mon_frame *f, bool to_el2, uint64_t esr);
bool mon_traps_to_el2(const struct mon_frame *f);

/* granules.c */
bool mon_has_rme(void);
bool mon_has_granules(void);
uint64_t mon_scr_granules(void);
void mon_granules_build(void);
void mon_granules_enable(void);
int64_t mon_granules_set(uint64_t base, uint64_t size, bool protect);
void mon_granule_fault(struct mon_frame *f, uint64_t esr);

/* smc.c */
void mon_smc(struct mon_frame *f);

/* psci.c: answers a PSCI call, or does not return (CPU_OFF, SYSTEM_OFF, SYSTEM_RESET) */
int64_t mon_psci(const struct mon_frame *f);

/* world.c */
void mon_world_init(void);
void mon_service_boot(unsigned int cpu, uint64_t info);
void mon_service_call(struct mon_frame *f);
void mon_service_ready(struct mon_frame *f);
void mon_service_return(struct mon_frame *f);
void mon_el1_save(struct mon_el1 *r);
void mon_el1_restore(const struct mon_el1 *r);
uint64_t mon_scr_host(void);
uint64_t mon_scr_remote(void);

/* remote.c: remote cores; 0 or PIL_MON_E... */
int64_t mon_core_start(uint64_t core, uint64_t config, uint64_t size);
int64_t mon_core_stop(uint64_t core);
int64_t mon_core_state(uint64_t core, uint64_t *state);
int64_t mon_core_power(uint64_t core, uint64_t on);
void mon_remote_wake(unsigned int cpu);
void mon_host_begins(void); /* returns when no DMA master of a core is on the bus any more */
bool mon_is_remote(unsigned int cpu);
unsigned int mon_core_of(unsigned int cpu); /* which one that is */
bool mon_cores_are_secure(void);
void mon_remote_look(unsigned int cpu); /* on its CPU, whenever it wakes: orders that come through memory */

/* shim.c */
void mon_shim_begins(unsigned int cpu);
void mon_shim_smc(struct mon_frame *f);
void mon_shim_log(const struct mon_frame *f); /* PIL_MON_SHIM_LOG, from whoever may say it */

/* main.c: the boot stage on this CPU makes way for the host */
_Noreturn void mon_stage_done(void);

/* cpus.c: wait for a CPU that start.S holds, let it in, wait until it is parked; called with its caches off */
void mon_start_other(unsigned int cpu);

/* cpu.c */
void mon_cpu_init(void);
_Noreturn void mon_park(unsigned int cpu);
_Noreturn void mon_enter_host(unsigned int cpu);
void mon_release(unsigned int cpu, uint64_t entry, uint64_t arg);

/* gic.c */
void mon_gic_init_distributor(void);
void mon_gic_init_cpu(unsigned int cpu);
void mon_gic_secure_doorbells(void);
unsigned int mon_gic_count_cpus(void);
void mon_gic_wake(unsigned int cpu);
void mon_gic_ring(unsigned int core); /* as the host rings a remote core */
void mon_gic_pend(uint32_t id);
void mon_gic_ack_wake(void);

/* mmu.c */
void mon_mmu_build(void);
void mon_mmu_enable(void);
void mon_clean_dcache(uint64_t address, uint64_t size);

/* log.c: whole lines; %s string, %u decimal, %x hexadecimal with 0x, each an argument of 64 bits */
void mon_log(const char *format, ...);
void mon_log_line(const char *text, size_t length);

/*
 * trace.c: mon_trace_init(): the rings of writers from @first up to and without @end are empty from now on. mon_trace(): a record of the
 * monitor's own. mon_trace_smc(): the one that a caller asks for
 */
void mon_trace_init(unsigned int first, unsigned int end);
void mon_trace(enum pil_trace_event event, uint64_t a, uint64_t b);
void mon_trace_as(unsigned int writer, uint32_t event, uint64_t a, uint64_t b);
int64_t mon_trace_smc(const struct mon_frame *f, unsigned int writer);

/* in start.S */
void mon_eret(struct mon_frame *f) __attribute__((noreturn));
void mon_park_entry(unsigned int cpu) __attribute__((noreturn));
void mon_call_service_entry(struct mon_frame *f);

#endif
