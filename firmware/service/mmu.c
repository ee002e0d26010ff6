/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The service's address space: identity map, nothing both writable and executable, a guard page below every stack. The host's
 * memory is mapped Non-secure, never executable, and non-cacheable as Linux's own buffers may be.
 */
#include <fw/sysreg.h>
#include <pilot/vmsa.h>

#include "offsets.h"
#include "service.h"

#define TABLE_PAGES   32u
#define T0SZ	      25u /* 512 GiB: one root page at level 1 */
#define TCR_EPD1      (1ull << 23)
#define TCR_VALUE(ps) ((uint64_t)(ps) << 32 | TCR_EPD1 | 3u << 12 | 1u << 10 | 1u << 8 | T0SZ)
#define MAIR_VALUE                                                                                                     \
	(0x00ull << 8 * SERVICE_ATTR_DEVICE | 0xffull << 8 * SERVICE_ATTR_NORMAL |                                     \
	 0x44ull << 8 * SERVICE_ATTR_NONCACHEABLE)

/* SCTLR_EL1: RES1 bits, then MMU, alignment check, data cache, SP alignment check, instruction cache, WXN */
#define SCTLR_VALUE (0x30d00980u | 1u << 0 | 1u << 1 | 1u << 2 | 1u << 3 | 1u << 12 | 1u << 19)

#define NORMAL (PIL_VMSA_ATTR(SERVICE_ATTR_NORMAL) | PIL_VMSA_SH_INNER)
#define TEXT   (NORMAL | PIL_VMSA_AP_RO | PIL_VMSA_XN) /* XN is UXN here: EL1 may execute */
#define RODATA (NORMAL | PIL_VMSA_AP_RO | PIL_VMSA_XN | PIL_VMSA_PXN)
#define DATA   (NORMAL | PIL_VMSA_XN | PIL_VMSA_PXN)

extern char service_text_start[], service_rodata_start[], service_data_start[], service_data_end[];
extern char service_cpu_stacks[], service_thread_stacks[], service_stacks_end[];

static uint64_t pages[TABLE_PAGES][512] __attribute__((aligned(4096)));
static struct pil_vmsa table;

static void map(uint64_t base, uint64_t size, uint64_t attrs)
{
	/* the ranges are constants of the build and facts of the board: a failure is a bug and must be seen */
	if (size && pil_vmsa_map(&table, base, base, size, attrs, NULL)) {
		service_log("service: the address map does not fit its tables");
		for (;;)
			fw_wfi();
	}
}

static void map_between(const char *from, const char *to, uint64_t attrs)
{
	map((uint64_t)from, (uint64_t)to - (uint64_t)from, attrs);
}

static void map_stacks(const char *base, unsigned int count, uint64_t stride)
{
	unsigned int i = 0;

	for (i = 0; i < count; i++)
		map((uint64_t)base + i * stride + SERVICE_GUARD, stride - SERVICE_GUARD, DATA);
}

void service_mmu_build(const struct fw_boot_info *info)
{
	const struct service_region *regions = NULL;
	unsigned int count = plat_service_regions(info, &regions), i = 0;

	pil_vmsa_init(&table, pages, (uint64_t)pages, TABLE_PAGES, 1);
	map_between(service_text_start, service_rodata_start, TEXT);
	map_between(service_rodata_start, service_data_start, RODATA);
	map_between(service_data_start, service_data_end, DATA);
	map_stacks(service_cpu_stacks, FW_MAX_CPUS, SERVICE_CPU_STRIDE);
	map_stacks(service_thread_stacks, PIL_MAX_PERIPHERALS, SERVICE_THREAD_STRIDE);
	for (i = 0; i < count; i++)
		map(regions[i].base, regions[i].size, regions[i].attrs);
}

/* to where a CPU sees it that has its caches, or its instruction cache, still empty */
void service_clean_dcache(const void *from, uint64_t size)
{
	uint64_t line = 4ull << (fw_read(ctr_el0) >> 16 & 0xf), at = (uint64_t)from & ~(line - 1);

	for (; at < (uint64_t)from + size; at += line)
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
	fw_dsb();
}

/*
 * What was written with the caches off is in memory. A cache may have got hold of it before that, through a mapping of the
 * monitor or of a CPU that is further on; nobody has written there with caches on, so this throws away and overwrites nothing.
 */
static void drop_cached(const char *from, const char *to)
{
	service_clean_dcache(from, (uint64_t)(to - from));
}

void service_mmu_enable(unsigned int cpu)
{
	const char *stack = service_cpu_stacks + cpu * SERVICE_CPU_STRIDE;
	uint64_t ps = fw_read(id_aa64mmfr0_el1) & 7;

	if (cpu == 0)
		drop_cached(service_data_start, service_stacks_end);
	else
		drop_cached(stack, stack + SERVICE_CPU_STRIDE);
	fw_write(mair_el1, MAIR_VALUE);
	fw_write(tcr_el1, TCR_VALUE(ps > 5 ? 5 : ps));
	fw_write(ttbr0_el1, pages);
	fw_dsb();
	fw_isb();
	__asm__ volatile("tlbi vmalle1\n\tic iallu\n\tdsb sy\n\tisb" ::: "memory");
	fw_write(sctlr_el1, SCTLR_VALUE);
	fw_isb();
}
