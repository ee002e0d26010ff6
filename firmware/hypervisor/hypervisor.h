/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor of arrangement guest: at EL2 under an unmodified Linux. It owns stage 2 and the SMMU, stands between the host and the
 * secure world, and gives each remote core's stream what the secure world's resource table names. It schedules nothing and takes no
 * interrupts: these go to the host.
 */
#ifndef HYPERVISOR_H
#define HYPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <fw/boot_info.h>
#include <fw/lock.h>
#include <pilot/board.h>
#include <pilot/error.h>
#include <pilot/wire/trace.h>

#define HYP_PAGE    4096u
#define HYP_STREAMS 3u /* most streams of a peripheral */

/** struct hyp_frame - registers of the host, as vectors.S saves them */
struct hyp_frame {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t pad;
};

/** struct hyp_regs - registers of a call to the secure world, and of its answer */
struct hyp_regs {
	uint64_t x[8];
};

extern const struct fw_boot_info *hyp_boot;

/* one lock for everything that the CPUs share: tables, command queue, who is doing what. Never held over a call that may last */
extern struct fw_lock hyp_lock;

/* main.c: is this a boot stage, which leaves EL2 to the host? */
bool hyp_is_stage(void);

/* boot_image.c: starts the image that lies ready, if there is one; the host is not there yet */
void hyp_boot_image(void);

/* start.S */
void hyp_smc(struct hyp_regs *r); /* x0 to x7 in and out */
_Noreturn void hyp_enter(uint64_t entry, uint64_t x0);
_Noreturn void hyp_leave(void); /* of a boot stage: the monitor starts the host here, at EL2 */

/* cpu.c */
void hyp_cpu_init(void);
_Noreturn void hyp_cpu_start(uint64_t entry, uint64_t x0);
_Noreturn void hyp_stop(const char *why);

/* mmu.c: the hypervisor's own view of memory */
void hyp_mmu_build(void);
void hyp_mmu_enable(void);
void hyp_mmu_open(struct pil_range r, bool open); /* memory of the host's that may be written, or read alone as ever */

/* stage2.c: the host's view of memory, and its devices'. hyp_stage2_take() and hyp_stage2_give(): under hyp_lock */
void hyp_stage2_build(void);
uint64_t hyp_stage2_root(void);
bool hyp_host_owns(uint64_t base, uint64_t size);
bool hyp_is_device(uint64_t base, uint64_t size);
int hyp_stage2_take(struct pil_range r, struct pil_why *why);
int hyp_stage2_give(struct pil_range r, struct pil_why *why);

/* smmu.c. The calls that name a stream or change a table: under hyp_lock */
void hyp_smmu_init(void);
void hyp_smmu_stream_on(const struct pil_stream_desc *stream, uint64_t cd); /* or, of one that is on: elsewhere */
void hyp_smmu_stream_off(const struct pil_stream_desc *stream);
void hyp_smmu_forget(void); /* nothing of the tables as they were is cached any more */
void hyp_smmu_report(void); /* say what the SMMU refused */

/*
 * streams.c: the tables of the peripherals' streams. Under hyp_lock. hyp_streams_build() writes them, hyp_streams_on() and
 * hyp_streams_off() are for those of the firmware itself or for all others (DMA masters). hyp_streams_on() leads those that are on to
 * the tables that were written last, without a moment in which they lead nowhere
 */
int hyp_streams_build(unsigned int index, const void *table, size_t size, struct pil_why *why);
void hyp_streams_on(unsigned int index, bool firmware);
void hyp_streams_off(unsigned int index, bool firmware);
unsigned int hyp_streams_ranges(unsigned int index);

/* exceptions.c: called by vectors.S */
void hyp_sync(struct hyp_frame *f);
_Noreturn void hyp_unexpected(struct hyp_frame *f, uint64_t vector);
void hyp_inject_abort(struct hyp_frame *f, uint64_t esr);

/** struct hyp_access - an access of the host to a device register: @size bytes, aligned; @value: written, or to be read */
struct hyp_access {
	uint64_t address;
	unsigned int size;
	bool write;
	uint64_t value;
};

/* emulate.c: an access that stage 2 stopped. Return: it is done. hyp_pass_on(): the device itself is to answer */
bool hyp_emulate(struct hyp_frame *f, uint64_t esr, uint64_t ipa);
void hyp_pass_on(struct hyp_access *a);

/* gic.c, its.c: who stands in for these devices. Return: it was for them */
bool hyp_gic_access(struct hyp_access *a);
bool hyp_its_access(struct hyp_access *a);
void hyp_its_init(void);

/* pci.c: the same for configuration space */
bool hyp_pci_access(struct hyp_access *a);

/* calls.c: the host's SMCs */
void hyp_call(struct hyp_frame *f);

/* request.c: calls that name a peripheral (steps.c, hold.c and peripheral.h are its parts). Each returns with the answer in @r */
void hyp_request_init(void);
void hyp_request(unsigned int index, struct hyp_regs *r);
void *hyp_request_own(unsigned int index); /* where metadata may be put for an INIT_IMAGE that is not the host's, before it */
bool hyp_resume(struct hyp_regs *r);

/* psci.c */
void hyp_psci(struct hyp_frame *f);
_Noreturn void hyp_psci_arrived(void);

/* log.c: whole lines; %s string, %u decimal, %x hexadecimal with 0x, each an argument of 64 bits */
void hyp_log(const char *format, ...);

/* log.c: a record of the trace; @id: PAS id or PIL_TRACE_NO_ID */
void hyp_trace(enum pil_trace_event event, uint32_t id, uint64_t a, uint64_t b);

#endif
