/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board for the S-EL1 service. Each function says what it has to do, and fails until you have written it: an image is
 * authenticated on no machine that cannot lock it. What stands before "why" in include/pilot/board.h is the contract; here is
 * what it usually means on a system-on-chip. Functions that your machine cannot have stay NULL: CAPABILITIES then says so.
 */
#include <pilot/fuses.h>
#include <pilot/wire/fuses.h>
#include <template/desc.h>
#include <template/platform.h>

#define NOT_WRITTEN 0 /* second number of a core's refusals: you choose what yours mean */

static const void *fuses;

/*
 * The service's map has the host's RAM at its physical address (plat_service_regions()), non-cacheable as Linux maps DMA buffers.
 * Leave out what is normal RAM and yet not the host's: memory of a hypervisor, of shims.
 */
static void *host_map(struct pil_board *b, struct pil_range r)
{
	const struct pil_range ram = { .base = TEMPLATE_RAM, .size = TEMPLATE_RAM_SIZE };

	(void)b;
	return pil_range_contains(ram, r) ? (void *)(uintptr_t)r.base : NULL;
}

/*
 * Pilot's own fuse block (docs/SPEC.md, "Fuses"), as plat_boot_facts() read it. With other fuses fill struct pil_device from them:
 * roots of trust, SoC, OEM and model, serial number, life cycle. Read them once, before the host runs.
 */
static int read_device(struct pil_board *b, struct pil_device *device, struct pil_why *why)
{
	(void)b;
	return pil_fuses_parse(fuses, sizeof(struct pil_fuses), device, why);
}

/*
 * Program the firewall in front of the memory (XPU, TZC-400, RIF, ...): from the return of this function no CPU of the host's and no
 * DMA reads or writes @r. Set @lock_leaves_dma if it stops CPUs only. Write, read back, and barrier before you return: hashing
 * begins at once. The service's own view of @r must stay (some firewalls want another address space for it).
 */
static int lock(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why)
{
	(void)b;
	(void)peripheral;
	return pil_fail(why, PIL_R_PAS_LOCK, r.base, r.size);
}

/* the way back; the core is held and @r is zero by then. The caches must hold nothing of the secure world's view any more */
static int unlock(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why)
{
	(void)b;
	(void)peripheral;
	return pil_fail(why, PIL_R_PAS_UNLOCK, r.base, r.size);
}

/*
 * Give the core its boot address, then clocks that are the secure world's, then release its reset. start->image is locked and verified.
 * Nothing of the host's may decide where it begins: if the boot register is the host's to write, lock it first.
 */
static int core_start(struct pil_board *b, unsigned int core, const struct pil_core_start *start, struct pil_why *why)
{
	(void)b;
	(void)start;
	return pil_fail(why, PIL_R_PAS_CORE_START, core, NOT_WRITTEN);
}

/*
 * Assert the reset, whatever the core is doing, and wait until the bus says that nothing of it is in flight: the memory is given back
 * next. A time-out is an answer: the carve-out stays locked.
 */
static int core_stop(struct pil_board *b, unsigned int core, struct pil_why *why)
{
	(void)b;
	return pil_fail(why, PIL_R_PAS_CORE_STOP, core, NOT_WRITTEN);
}

/*
 * Read it from the hardware, never from a variable or from memory of the host: a watchdog's bite may have come between two calls. @ready is
 * what the core itself has told the secure world: a mailbox that only it writes. Without one, set it when the core runs:
 * then a rollback counter moves at the start, and docs/THREATS.md says what that costs.
 */
static enum pil_core_state core_state(struct pil_board *b, unsigned int core, bool *ready)
{
	(void)b;
	(void)core;
	*ready = false;
	return PIL_CORE_HELD;
}

/*
 * Missing on purpose. counter_read and counter_advance: rollback counters in RPMB or flash (lib/pas/counters.c over your sectors).
 * shelter: a copy in secure memory, where there is no firewall (boards/virt). master_start, master_stop: DMA masters.
 * trace: records of what is decided, for people. core_power, core_keep, core_held, assign, video_protect, far, ownership, core_claim:
 * include/pilot/board.h.
 */
static struct pil_board board = {
	.desc = &template_desc,
	.host_map = host_map,
	.read_device = read_device,
	.lock = lock,
	.unlock = unlock,
	.core_start = core_start,
	.core_stop = core_stop,
	.core_state = core_state,
	.enter = template_enter,
	.leave = template_leave,
	.log = template_log,
	.time_us = template_time_us,
};

struct pil_board *template_board(const void *device_fuses)
{
	fuses = device_fuses;
	return &board;
}
