/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The S-EL1 service: lib/pas behind the SCM door. One stack and one crypto pool per peripheral, so that a request can be
 * interrupted by the host's interrupts anywhere and go on later on another CPU. Nothing here knows a board.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include <fw/boot_info.h>
#include <pilot/board.h>
#include <pilot/scm.h>
#include <pilot/wire/trace.h>

/** struct service_cpu - what TPIDR_EL1 points to; entry.S knows the first member */
struct service_cpu {
	uint64_t stack_top;
};

/** struct service_region - memory of the board in the service's address space, identity mapped */
struct service_region {
	uint64_t base;
	uint64_t size;
	uint64_t attrs;
};

/* indexes into MAIR_EL1 */
#define SERVICE_ATTR_DEVICE	  0
#define SERVICE_ATTR_NORMAL	  1
#define SERVICE_ATTR_NONCACHEABLE 2

/** plat_service_regions() - devices and host RAM that the board's functions need. Return: how many entries @out points to */
unsigned int plat_service_regions(const struct fw_boot_info *info, const struct service_region **out);

/** plat_board() - the board, ready for use, after the MMU is on. Return: the board, never NULL */
struct pil_board *plat_board(const struct fw_boot_info *info);

/* main.c */
void service_boot(const struct fw_boot_info *info, unsigned int cpu);
_Noreturn void service_call(const uint64_t *x);
_Noreturn void service_panic(void);
bool service_is_broken(void);

/* thread.c */
_Noreturn void service_thread_run(struct pil_pas *pas, unsigned int index, const struct pil_scm_call *call,
				  bool took_over);
_Noreturn void service_thread_resume(struct pil_pas *pas, uint64_t session);

/* reply.c */
_Noreturn void service_reply(const struct pil_scm_answer *answer);
_Noreturn void service_reply_status(int64_t status);
_Noreturn void service_reply_interrupted(uint64_t session);

/* mmu.c */
void service_mmu_build(const struct fw_boot_info *info);
void service_mmu_enable(unsigned int cpu);
void service_clean_dcache(const void *from, uint64_t size);

/*
 * cores.c: all return 0 or PIL_MON_E...; service_core_stop() returns PIL_MON_EAGAIN when the core did not park within ten seconds.
 * service_core_power() makes a running core stand still, or go on; it returns PIL_MON_EAGAIN when the core did not in ten seconds,
 * and then the core goes on. service_hold_cores() stops all of them, as far as they can be stopped.
 */
int64_t service_core_start(unsigned int core, const void *orders, uint64_t size);
int64_t service_core_stop(unsigned int core);
int64_t service_core_power(unsigned int core, bool on);
void service_hold_cores(void);

/* vector.c: what the processor has is found out once; then each CPU is set up */
void service_vector_init(void);
void service_vector_enable(void);

/* log.c */
void service_log(const char *text);
void service_trace(uint32_t event, uint64_t a, uint64_t b);

/* entry.S */
extern char service_call_entry[];
_Noreturn void service_thread_start(uint64_t sp, unsigned int index);
_Noreturn void service_thread_continue(uint64_t sp);
_Noreturn void service_thread_finish(unsigned int index);
_Noreturn void service_return(uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4, uint64_t x5);

/**
 * service_monitor() - call the monitor (include/pilot/wire/monitor.h)
 * @out: gets x1 of the answer; may be NULL
 * Return: x0 of the answer
 */
int64_t service_monitor(uint32_t function, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t *out);

#endif
