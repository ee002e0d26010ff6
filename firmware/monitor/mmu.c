/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's own address space: identity map, nothing both writable and executable, a guard page below each stack. */
#include <fw/sysreg.h>

#include <pilot/vmsa.h>

#include "monitor.h"
#include "platform.h"

#define TABLE_PAGES 16u
#define T0SZ	    25u /* 512 GiB: one root page at level 1 */

#define TCR_EL3_VALUE(ps) (1ull << 31 | 1ull << 23 | (uint64_t)(ps) << 16 | 3u << 12 | 1u << 10 | 1u << 8 | T0SZ)
#define MAIR_VALUE	  (0x00ull << 8 * MON_ATTR_DEVICE | 0xffull << 8 * MON_ATTR_NORMAL)
#define SCTLR_M		  (1u << 0)
#define SCTLR_A		  (1u << 1)
#define SCTLR_C		  (1u << 2)
#define SCTLR_SA	  (1u << 3)
#define SCTLR_I		  (1u << 12)
#define SCTLR_WXN	  (1u << 19)
#define SCTLR_EL3_VALUE	  (0x30c50830u | SCTLR_M | SCTLR_A | SCTLR_C | SCTLR_SA | SCTLR_I | SCTLR_WXN)

extern char mon_text_start[], mon_text_end[], mon_ram_start[], mon_ram_end[];

static uint64_t pages[TABLE_PAGES][512] __attribute__((aligned(4096)));
static struct pil_vmsa table;

/* without RME the bit is reserved; with it, code that is not in the Root address space cannot be executed here */
static void map(uint64_t base, uint64_t end, uint64_t attrs)
{
	uint64_t has = mon_has_rme() ? attrs : attrs & ~MON_ROOT;
	struct pil_why why = { 0 };
	uint64_t size = ((end + 4095) & ~4095ull) - base;

	if (size && pil_vmsa_map(&table, base, base, size, has, &why)) {
		mon_log("monitor: address map: reason %u at %x", (uint64_t)why.reason, base);
		plat_power_off();
	}
}

void mon_mmu_build(void)
{
	unsigned int i = 0;

	pil_vmsa_init(&table, pages, (uint64_t)pages, TABLE_PAGES, 1);
	map((uint64_t)mon_text_start, (uint64_t)mon_text_end, MON_TEXT | MON_ROOT);
	map((uint64_t)mon_text_end, (uint64_t)mon_ram_start, MON_RODATA | MON_ROOT);
	map((uint64_t)mon_ram_start, (uint64_t)mon_ram_end, MON_DATA | MON_ROOT);
	for (i = 0; i < FW_MAX_CPUS; i++) {
		uint64_t top = (uint64_t)mon_stacks[i] + MON_STACK_STRIDE;

		map(top - MON_STACK_SIZE, top, MON_DATA | MON_ROOT);
	}
	for (i = 0; i < plat_monitor.region_count; i++)
		map(plat_monitor.regions[i].base, plat_monitor.regions[i].base + plat_monitor.regions[i].size,
		    plat_monitor.regions[i].attrs);
}

void mon_mmu_enable(void)
{
	uint64_t ps = fw_read(id_aa64mmfr0_el1) & 7;

	fw_write(mair_el3, MAIR_VALUE);
	fw_write(tcr_el3, TCR_EL3_VALUE(ps > 5 ? 5 : ps));
	fw_write(ttbr0_el3, pages);
	fw_dsb();
	fw_isb();
	__asm__ volatile("tlbi alle3\n\tic iallu\n\tdsb sy\n\tisb" ::: "memory");
	fw_write(sctlr_el3, SCTLR_EL3_VALUE);
	fw_isb();
}

void mon_clean_dcache(uint64_t address, uint64_t size)
{
	uint64_t line = 4ull << (fw_read(ctr_el0) >> 16 & 0xf), at = address & ~(line - 1);

	for (; at < address + size; at += line)
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
	fw_dsb();
	__asm__ volatile("ic ialluis\n\tdsb sy\n\tisb" ::: "memory");
}
