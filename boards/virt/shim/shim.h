/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of the shim. One core, one thread: interrupts stay masked while it runs. */
#ifndef SHIM_SHIM_H
#define SHIM_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>
#include <pilot/smmu.h>
#include <pilot/vmsa.h>
#include <pilot/wire/shim.h>
#include <pilot/wire/trace.h>

#include "translate.h"

/** struct frame - the general registers of whoever was interrupted */
struct frame {
	uint64_t x[31];
	uint64_t spare;
};

/** struct text - a bounded text under construction, always NUL-terminated */
struct text {
	char buf[256];
	size_t len;
};

/* main.c: the orders, checked, copied so that nobody can change them any more */
extern struct pil_shim_config shim_config;

/* the grants alone say what the core reaches: no IOMMU, no SMEM */
static inline bool shim_is_fixed(void)
{
	return shim_config.flags & PIL_SHIM_FIXED;
}

/* start.S */
void shim_enter(uint64_t entry, const uint64_t x[4]) __attribute__((noreturn));
void shim_mmu_on(uint64_t sctlr);
int shim_probe64(uint64_t pa, uint64_t *value);

/* mmu.c: the shim's own view of memory */
int shim_mmu_init(const struct pil_shim_config *config, const void *orders, struct pil_why *why);
int shim_host_read64(void *ctx, uint64_t pa, uint64_t *value);

/* stage2.c: the remote's view of memory */
void stage2_init(void);
void stage2_drop(void);
int stage2_fill(uint64_t ipa, enum access access, struct pil_why *why);
int stage2_ask_master(uint64_t address, enum access access, struct pil_why *why);
bool stage2_maps_grants(bool of_master);
bool stage2_has_master_table(void);
struct pil_smmu_regs stage2_smmu(void);
int stage2_copy_text(uint64_t ipa, uint64_t len, struct text *to, struct pil_why *why);

/*
 * handover.c: the core's stream, and its DMA master's, while the SMMU changes hands. handover_begins(): before the program does.
 * handover_tick(): at each interrupt.
 * handover_waits(): an access failed: true: a tick was waited for, try again; false: it is the core's fault. handover_goes(): it
 * did not fail
 * handover_ends(): the program has ended, and nobody ticks any more: its master must not have the bus
 */
void handover_begins(void);
void handover_tick(void);
bool handover_waits(const struct pil_why *why);
void handover_goes(void);
bool handover_holds_master(void);
void handover_ends(void);

/* master.c: the DMA master and the bus. master_hold(): @gently: let a transfer that is under way end first */
void master_hold(bool gently);
void master_release(void);

/* fault.c: the end of the remote program */
const char *access_name(enum access access);
void shim_crash(const struct text *reason) __attribute__((noreturn));
void shim_watchdog_bite(const char *reason) __attribute__((noreturn));

/* calls.c */
void shim_call(struct frame *f);
void watchdog_tick(void);

/* gic.c */
void gic_init(uint32_t doorbell);
void gic_quiet(void);
void gic_ring(uint32_t id);
void gic_await_host(uint32_t id);
void gic_handle(void);
void gic_sleep(void);

/* bell.c: the doorbell page. bell_ring(): false: no such channel */
bool bell_ring(uint64_t channel);

/* log.c */
void text_add(struct text *t, const char *s);
void text_dec(struct text *t, uint64_t value);
void text_hex(struct text *t, uint64_t value);
void text_char(struct text *t, char c);
void text_core(struct text *t);
void shim_log(const struct text *t);
uint64_t shim_smc(uint64_t fid, const uint64_t args[7]);
void shim_trace(enum pil_trace_event event, uint64_t a, uint64_t b); /* a record of the trace, by the monitor */

#endif
