/* SPDX-License-Identifier: BSD-2-Clause */
/* What the shim believes of its orders. No register, no global: see orders.h. */
#include <stddef.h>

#include <pilot/board.h>
#include <virt/platform.h>
#include <virt/tee_platform.h>

#include "orders.h"

#define PAGE_MASK   0xfffull
#define GRANT_END   0x8000000000ull /* 39 bits: what the shim's tables express */
#define INTID_FIRST 32u
#define INTID_END   1020u
#define ITEM_END    1024u

static bool grant_is_sane(const struct pil_shim_config *c, const struct pil_shim_grant *g)
{
	const uint32_t core = PIL_SHIM_READ | PIL_SHIM_WRITE;

	if (g->window > c->window_count || !g->size || (g->pa | g->size | g->target) & PAGE_MASK ||
	    g->access & ~(core | core << PIL_SHIM_MASTER_SHIFT))
		return false;
	return g->pa < GRANT_END && g->size <= GRANT_END - g->pa && g->target < GRANT_END &&
	       g->size <= GRANT_END - g->target;
}

static bool is_spi(uint32_t id)
{
	return id >= INTID_FIRST && id < INTID_END;
}

/* what the host can write is never run in the Secure state, whatever the service thinks */
static bool carveout_is_copied(const struct pil_shim_grant *g)
{
	return g->target >= VIRT_COPIES && g->target - VIRT_COPIES < VIRT_COPIES_SIZE &&
	       g->size <= VIRT_COPIES_SIZE - (g->target - VIRT_COPIES);
}

static bool is_inside(uint64_t at, uint64_t size, uint64_t base, uint64_t end)
{
	return at >= base && at < end && size <= end - at;
}

/* all that the core shares is the host's; its own memory is either that, or what the secure world keeps for the cores */
static const char *fixed_fault(const struct pil_shim_config *c, bool secure)
{
	const bool is_host = c->flags & PIL_SHIM_HOST_MEMORY;

	if (!secure)
		return "not in the Secure state";
	if (c->master_count || c->window_count)
		return "what only an IOMMU has";
	for (unsigned int i = 0; i < c->grant_count; i++) {
		const struct pil_shim_grant *g = &c->grant[i];
		const bool is_secure = i == 0 && !is_host;

		if (is_secure && !is_inside(g->target, g->size, VIRT_TEE_M33_MEM, VIRT_TEE_STUB_RAM))
			return "its own memory is not what secure RAM has for it";
		if (!is_secure && !is_inside(g->target, g->size, VIRT_RAM, VIRT_RAM + VIRT_RAM_MIN))
			return "memory of the host's is not in normal RAM";
	}
	if (c->bell & PAGE_MASK || !is_inside(c->bell, PAGE_MASK + 1, VIRT_RAM, VIRT_RAM + VIRT_RAM_MIN))
		return "doorbell page";
	return NULL;
}

const char *shim_orders_fault(const struct pil_shim_config *c, bool secure)
{
	const bool fixed = c->flags & PIL_SHIM_FIXED;
	const uint32_t flags = fixed ? PIL_SHIM_FIXED | PIL_SHIM_HOST_MEMORY : PIL_SHIM_MASTER_WAITS;

	if (c->magic != PIL_SHIM_MAGIC || c->size != sizeof(*c))
		return "no orders";
	if (!c->grant_count || c->grant_count > PIL_SHIM_GRANTS)
		return "number of grants";
	if (c->window_count > PIL_SHIM_WINDOWS || c->grant[0].window)
		return "windows";
	for (unsigned int i = 0; i < c->grant_count; i++)
		if (!grant_is_sane(c, &c->grant[i]))
			return "grant";
	if (fixed && fixed_fault(c, secure))
		return fixed_fault(c, secure);
	if (secure && !fixed && !carveout_is_copied(&c->grant[0]))
		return "no copy of the carve-out in secure RAM";
	if (c->entry < c->base || c->entry - c->base >= c->image_size || c->entry & 3)
		return "entry point outside the image";
	if (c->core >= PIL_MAX_CORES)
		return "core";
	if (c->master_count > 1)
		return "number of DMA masters";
	if (c->flags & ~flags)
		return "flags";
	if (c->crash_item >= ITEM_END || c->smp2p_in >= ITEM_END || c->smp2p_out >= ITEM_END)
		return "SMEM item";
	if (!is_spi(c->doorbell) || !is_spi(c->smp2p_irq) || !is_spi(c->watchdog_irq))
		return "interrupt";
	return NULL;
}
