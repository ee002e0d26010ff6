/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host reaches, as a CPU and through its devices. One list of what is its own makes two tables, which change together: stage
 * 2 of its CPUs, and the identity table of its devices' streams.
 */
#include <fw/sysreg.h>

#include <pilot/vmsa.h>

#include "hypervisor.h"
#include "platform.h"
#include "tables.h"

#define CPU_PAGES 32u
#define DMA_PAGES 24u
#define CPU_ROOTS 2u /* 40 bits of address: the upper window of the PCI bridge is there */

/* memory types of stage 2 (Arm ARM D8.5.5, MemAttr without FEAT_S2FWB) */
#define S2_DEVICE  1u
#define S2_CACHED  15u
#define S2_RW	   (PIL_VMSA_S2_READ | PIL_VMSA_S2_WRITE)
#define CPU_MEMORY (PIL_VMSA_S2ATTR(S2_CACHED) | PIL_VMSA_SH_INNER | S2_RW)
#define CPU_DEVICE (PIL_VMSA_S2ATTR(S2_DEVICE) | PIL_VMSA_XN | S2_RW)

#define GICR_PRIVATE 0x10000ull /* the second frame of a redistributor, and its size: SGIs and PPIs, no tables */

static uint64_t cpu_pages[CPU_PAGES][512] __attribute__((aligned(CPU_ROOTS * 4096)));
static uint64_t dma_pages[DMA_PAGES][512] __attribute__((aligned(4096)));
static struct pil_vmsa cpu_table, dma_table;

static void check(int err)
{
	if (err)
		hyp_stop("the host's tables are full");
}

static bool overlaps_any(const struct pil_range *list, unsigned int count, struct pil_range r)
{
	for (unsigned int i = 0; i < count; i++)
		if (pil_range_overlaps(list[i], r))
			return true;
	return false;
}

static bool in_a_carveout(struct pil_range r)
{
	const struct pil_board_desc *desc = plat_hyp.desc;

	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		if (pil_range_overlaps(desc->peripherals[i].carveout, r))
			return true;
	return false;
}

/* is all of it the host's for good? Carve-outs are not: they come and go */
bool hyp_host_owns(uint64_t base, uint64_t size)
{
	const struct pil_range ram = { hyp_boot->ram_base, hyp_boot->ram_size }, own = { plat_hyp.ram, plat_hyp.size };
	const struct pil_range r = { base, size };

	if (!size || base > UINT64_MAX - size || !pil_range_contains(ram, r))
		return false;
	return !pil_range_overlaps(own, r) && !overlaps_any(plat_hyp.kept, plat_hyp.kept_count, r) && !in_a_carveout(r);
}

bool hyp_is_device(uint64_t base, uint64_t size)
{
	const struct pil_range r = { base, size };

	for (unsigned int i = 0; size && base <= UINT64_MAX - size && i < plat_hyp.device_count; i++)
		if (pil_range_contains(plat_hyp.devices[i], r))
			return true;
	return false;
}

static int unmap(struct pil_range r, struct pil_why *why)
{
	int err = pil_vmsa_unmap(&cpu_table, r.base, r.size, why);

	return err ? err : pil_vmsa_unmap(&dma_table, r.base, r.size, why);
}

static int map(struct pil_range r, struct pil_why *why)
{
	bool device = hyp_is_device(r.base, r.size);
	int err = pil_vmsa_map(&cpu_table, r.base, r.base, r.size, device ? CPU_DEVICE : CPU_MEMORY, why);

	if (!err && !device)
		err = pil_vmsa_map(&dma_table, r.base, r.base, r.size, HYP_DMA_CACHED, why);
	return err;
}

/* all that ever comes and goes does so once before anybody uses the tables: later no block is split any more */
static void rehearse(void)
{
	const struct pil_board_desc *desc = plat_hyp.desc;

	for (unsigned int i = 0; i < desc->peripheral_count; i++) {
		check(unmap(desc->peripherals[i].carveout, NULL));
		check(map(desc->peripherals[i].carveout, NULL));
	}
}

/*
 * Registers that a peripheral's stream may write to, as those of its DMA master, are never the host's: while the core is down they are
 * the firmware's, which quiets the master. Those that are only read, as the clock's, the host has, too.
 */
static void keep_registers(const struct pil_stream_desc *stream)
{
	for (unsigned int g = 0; g < stream->grant_count; g++)
		if (stream->grants[g].device && stream->grants[g].access & PIL_GRANT_WRITE)
			check(unmap(stream->grants[g].range, NULL));
}

static void keep_all_registers(void)
{
	const struct pil_board_desc *desc = plat_hyp.desc;

	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		for (unsigned int s = 0; s < desc->peripherals[i].stream_count; s++)
			keep_registers(&desc->peripherals[i].streams[s]);
}

void hyp_stage2_build(void)
{
	const struct plat_hyp *p = &plat_hyp;
	const struct pil_range ram = { hyp_boot->ram_base, hyp_boot->ram_size }, own = { p->ram, p->size };

	pil_vmsa_init_wide(&cpu_table, cpu_pages, (uint64_t)cpu_pages, CPU_PAGES, CPU_ROOTS);
	pil_vmsa_init(&dma_table, dma_pages, (uint64_t)dma_pages, DMA_PAGES, 1);
	for (unsigned int i = 0; i < p->device_count; i++)
		check(map(p->devices[i], NULL));
	keep_all_registers();
	check(map(ram, NULL));
	check(unmap(own, NULL));
	for (unsigned int i = 0; i < p->kept_count; i++)
		check(unmap(p->kept[i], NULL));
	check(pil_vmsa_map(&cpu_table, p->pci_config.base, p->pci_config.base, p->pci_config.size,
			   CPU_DEVICE & ~PIL_VMSA_S2_WRITE, NULL));
	for (unsigned int i = 0; i < hyp_boot->host_cpus; i++) {
		uint64_t frame = p->gicr + i * p->gicr_stride + GICR_PRIVATE;

		check(pil_vmsa_map(&cpu_table, frame, frame, GICR_PRIVATE, CPU_DEVICE, NULL));
	}
	check(pil_vmsa_map(&dma_table, p->msi, p->msi, HYP_PAGE, HYP_DMA_DEVICE, NULL));
	rehearse();
}

uint64_t hyp_stage2_root(void)
{
	return (uint64_t)cpu_pages;
}

uint64_t hyp_dma_root(void)
{
	return (uint64_t)dma_pages;
}

static void forget(void)
{
	__asm__ volatile("dsb ishst\n\ttlbi vmalls12e1is\n\tdsb ish\n\tisb" ::: "memory");
	hyp_smmu_forget();
}

/* what the host's caches still hold would reach memory later, behind the back of who verified it */
static void clean(struct pil_range r)
{
	uint64_t line = 4ull << (fw_read(ctr_el0) >> 16 & 0xf);

	for (uint64_t at = r.base & ~(line - 1); at < r.base + r.size; at += line)
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
	fw_dsb();
}

/* on return no CPU and no device of the host can reach it, nor will an access that was under way end there */
int hyp_stage2_take(struct pil_range r, struct pil_why *why)
{
	int err = unmap(r, why);

	forget();
	/* where what runs is a copy, nobody looks at it again */
	if (!(hyp_boot->flags & FW_BOOT_SECURE_CORES))
		clean(r);
	return err;
}

int hyp_stage2_give(struct pil_range r, struct pil_why *why)
{
	int err = map(r, why);

	forget();
	return err;
}
