/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's own view of memory: identity map, nothing both writable and executable, a guard page below each stack. The host's
 * memory can be read, not cached, as the secure world reads it: what a host wrote through other attributes is seen alike by both.
 */
#include <fw/sysreg.h>

#include <pilot/vmsa.h>

#include "hypervisor.h"
#include "offsets.h"
#include "platform.h"

#define PAGES 24u
#define T0SZ  25u /* 512 GiB: one root page at level 1 */

/* MAIR: device, write-back, not cacheable */
#define MAIR	 0x44ff04ull
#define DEVICE	 (PIL_VMSA_ATTR(0) | PIL_VMSA_XN | PIL_VMSA_AP_EL0)
#define CACHED	 (PIL_VMSA_ATTR(1) | PIL_VMSA_SH_INNER | PIL_VMSA_AP_EL0) /* bit AP[1] is RES1 here */
#define UNCACHED (PIL_VMSA_ATTR(2) | PIL_VMSA_SH_OUTER | PIL_VMSA_XN | PIL_VMSA_AP_EL0)
#define RO	 PIL_VMSA_AP_RO
#define XN	 PIL_VMSA_XN

#define TCR_RES1   (1ull << 31 | 1ull << 23)
#define TCR_WALKS  (3u << 12 | 1u << 10 | 1u << 8) /* inner shareable, write-back */
#define SCTLR_RES1 0x30c50830ull
#define SCTLR_M	   (1u << 0)
#define SCTLR_A	   (1u << 1)
#define SCTLR_C	   (1u << 2)
#define SCTLR_SA   (1u << 3)
#define SCTLR_I	   (1u << 12)
#define SCTLR_WXN  (1u << 19)

#define GIC_SIZE  0x10000ull
#define SMMU_SIZE 0x20000ull

extern char hyp_text_start[], hyp_text_end[], hyp_data_start[], hyp_data_end[], hyp_shared_start[], hyp_shared_end[],
	hyp_stacks[];

void hyp_mmu_on(uint64_t sctlr);

static uint64_t pages[PAGES][512] __attribute__((aligned(4096)));
static struct pil_vmsa table;

static void map(uint64_t base, uint64_t end, uint64_t attrs)
{
	struct pil_why why = { 0 };

	if (base < end && pil_vmsa_map(&table, base, base, end - base, attrs, &why))
		hyp_stop("its own tables are full");
}

static void unmap(uint64_t base, uint64_t size)
{
	struct pil_why why = { 0 };

	if (pil_vmsa_unmap(&table, base, size, &why))
		hyp_stop("its own tables are full");
}

static void map_self(void)
{
	const struct plat_hyp *p = &plat_hyp;

	unmap(p->ram, p->size);
	map((uint64_t)hyp_text_start, (uint64_t)hyp_text_end, CACHED | RO);
	map((uint64_t)hyp_text_end, (uint64_t)hyp_data_start, CACHED | RO | XN);
	map((uint64_t)hyp_data_start, (uint64_t)hyp_data_end, CACHED | XN);
	map((uint64_t)hyp_shared_start, (uint64_t)hyp_shared_end, UNCACHED);
	map(p->ram + p->size - HYP_PAGE, p->ram + p->size, CACHED | RO | XN);
	for (unsigned int i = 0; i < hyp_boot->host_cpus; i++) {
		uint64_t top = (uint64_t)hyp_stacks + (i + 1) * (uint64_t)HYP_STACK_STRIDE;

		map(top - HYP_STACK_SIZE, top, CACHED | XN);
	}
}

void hyp_mmu_build(void)
{
	const struct plat_hyp *p = &plat_hyp;

	pil_vmsa_init(&table, pages, (uint64_t)pages, PAGES, 1);
	map(hyp_boot->ram_base, hyp_boot->ram_base + hyp_boot->ram_size, UNCACHED | RO);
	for (unsigned int i = 0; i < p->kept_count; i++)
		unmap(p->kept[i].base, p->kept[i].size);
	map_self();
	map(p->smmu, p->smmu + SMMU_SIZE, DEVICE);
	map(p->gicd, p->gicd + GIC_SIZE, DEVICE);
	map(p->its, p->its + GIC_SIZE, DEVICE);
	map(p->gicr, p->gicr + hyp_boot->cpus * p->gicr_stride, DEVICE);
	map(p->pci_config.base, p->pci_config.base + p->pci_config.size, DEVICE);
}

/* by way of "nothing there": a page or a block must not change its rights while an old entry is cached. No other CPU is at EL2 yet */
void hyp_mmu_open(struct pil_range r, bool open)
{
	unmap(r.base, r.size);
	__asm__ volatile("dsb ishst\n\ttlbi alle2is\n\tdsb ish\n\tisb" ::: "memory");
	map(r.base, r.base + r.size, open ? UNCACHED : UNCACHED | RO);
	fw_dsb();
	fw_isb();
}

void hyp_mmu_enable(void)
{
	uint64_t pa_size = fw_read(id_aa64mmfr0_el1) & 0xf;

	fw_write(mair_el2, MAIR);
	fw_write(tcr_el2, TCR_RES1 | (pa_size > 5 ? 5 : pa_size) << 16 | TCR_WALKS | T0SZ);
	fw_write(ttbr0_el2, (uint64_t)pages);
	fw_isb();
	hyp_mmu_on(SCTLR_RES1 | SCTLR_M | SCTLR_A | SCTLR_C | SCTLR_SA | SCTLR_I | SCTLR_WXN);
}
