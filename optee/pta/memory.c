// SPDX-License-Identifier: BSD-2-Clause
/* Memory of the cores. Which of it may be touched when is processors.c's business; nothing outside of it can be reached from here. */
#include <kernel/cache_helpers.h>
#include <mm/core_memprot.h>
#include <mm/core_mmu.h>
#include <string.h>

#include "pta.h"

register_phys_mem(MEM_AREA_RAM_SEC, VIRT_TEE_M33_MEM, VIRT_TEE_M33_MEM_SIZE);
register_phys_mem(MEM_AREA_RAM_SEC, VIRT_TEE_M0_MEM, VIRT_TEE_M0_MEM_SIZE);
register_phys_mem(MEM_AREA_RAM_NSEC, VIRT_TEE_M33_NS, VIRT_TEE_M33_NS_SIZE);
register_phys_mem(MEM_AREA_RAM_NSEC, VIRT_TEE_M0_NS, VIRT_TEE_M0_NS_SIZE);
register_phys_mem(MEM_AREA_RAM_NSEC, VIRT_TEE_IPC, VIRT_TEE_IPC_SIZE);

/* Return: whether the @size bytes at @at are inside the @room bytes at @base */
static bool is_inside(uint64_t at, uint64_t size, uint64_t base, uint64_t room)
{
	return at >= base && at - base <= room && size <= room - (at - base);
}

static void *secure_or_shared(const struct virt_tee_memory *m, uint64_t offset, uint64_t size)
{
	return phys_to_virt(m->pa + offset, m->flags & PIL_TEE_REGION_HOST ? MEM_AREA_RAM_NSEC : MEM_AREA_RAM_SEC,
			    size);
}

/* a program's own memory, and of what it shares with the host the page of the resource table */
static uint64_t writable(const struct virt_tee_memory *m)
{
	if (m->flags & PIL_TEE_REGION_CODE)
		return m->size;
	return m->flags & PIL_TEE_REGION_SHARED ? VIRT_TEE_IPC_TABLE_SIZE : 0;
}

void *memory_at(uint32_t core, uint64_t da, uint64_t size)
{
	const struct virt_tee_core *c = &virt_tee_cores[core];

	for (unsigned int i = 0; i < c->count; i++) {
		const struct virt_tee_memory *m = &c->memory[i];

		if (writable(m) && is_inside(da, size, m->da, writable(m)))
			return secure_or_shared(m, da - m->da, size);
	}
	return NULL;
}

void *memory_host(uint32_t core, uint64_t offset, uint64_t size)
{
	const struct virt_tee_core *c = &virt_tee_cores[core];

	if (!is_inside(offset, size, 0, c->memory[0].size))
		return NULL;
	return phys_to_virt(c->host_pa + offset, MEM_AREA_RAM_NSEC, size);
}

void memory_written(void *at, size_t size)
{
	if (size)
		dcache_cleaninv_range(at, size);
	icache_inv_all();
}

void memory_scrub(uint32_t core)
{
	const struct virt_tee_core *c = &virt_tee_cores[core];

	for (unsigned int i = 0; i < c->count; i++) {
		const struct virt_tee_memory *m = &c->memory[i];
		void *at = writable(m) ? secure_or_shared(m, 0, writable(m)) : NULL;

		if (!at)
			continue;
		memset(at, 0, writable(m));
		memory_written(at, writable(m));
	}
}
