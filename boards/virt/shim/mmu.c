/* SPDX-License-Identifier: BSD-2-Clause */
/* The shim's own view of memory: only what it needs, nothing both writable and executable. */
#include <virt/platform.h>

#include "arch.h"
#include "shim.h"

#define PAGES 13u

/* MAIR: device, write-back, not cacheable */
#define MAIR	 0x44ff04ull
#define DEVICE	 (PIL_VMSA_ATTR(0) | PIL_VMSA_XN | PIL_VMSA_AP_EL0)
#define CACHED	 (PIL_VMSA_ATTR(1) | PIL_VMSA_SH_INNER | PIL_VMSA_AP_EL0) /* bit AP[1] is RES1 here */
#define UNCACHED (PIL_VMSA_ATTR(2) | PIL_VMSA_SH_OUTER | PIL_VMSA_XN | PIL_VMSA_AP_EL0)
#define RO	 PIL_VMSA_AP_RO
#define XN	 PIL_VMSA_XN
#define HOST	 (shim_secure ? PIL_VMSA_NS : 0) /* what the host owns is in the non-secure address space */

#define TCR_RES1   (1ull << 31 | 1ull << 23)
#define TCR_WALKS  (3u << 12 | 1u << 10 | 1u << 8) /* inner shareable, write-back */
#define T0SZ	   25u
#define SCTLR_RES1 0x30c50830ull
#define SCTLR_M	   (1u << 0)
#define SCTLR_C	   (1u << 2)
#define SCTLR_SA   (1u << 3)
#define SCTLR_I	   (1u << 12)
#define SCTLR_WXN  (1u << 19)

/* as far as a host's table may lie; where there is no memory, shim_probe64() says so */
#define HOST_END 0x4000000000ull

extern char shim_text_start[], shim_rodata_start[], shim_data_start[], shim_bss_end[];
extern char shim_stack_start[], shim_stack_end[];

static uint64_t pages[PAGES][512] __attribute__((aligned(4096)));

struct region {
	uint64_t start;
	uint64_t end;
	uint64_t attrs;
};

/* memory that the host may use for its tables; what lies between is no place for them: see shim_host_read64() */
static const struct region host_memory[] = {
	{ VIRT_RAM, VIRT_ADSP_MEM, 0 },
	{ VIRT_ADSP_MEM + VIRT_ADSP_SIZE, VIRT_CDSP_MEM, 0 },
	{ VIRT_CDSP_MEM + VIRT_CDSP_SIZE, VIRT_VIDEO_MEM, 0 },
	{ VIRT_VIDEO_MEM + VIRT_VIDEO_SIZE, VIRT_ADSP_DTB_MEM, 0 },
	{ VIRT_ADSP_DTB_MEM + VIRT_ADSP_DTB_SIZE, VIRT_ZAP_MEM, 0 },
	{ VIRT_ZAP_MEM + VIRT_ZAP_SIZE, VIRT_SMEM, 0 },
	{ VIRT_SMEM + VIRT_SMEM_SIZE, VIRT_TCSR, 0 },
	{ VIRT_TCSR + VIRT_TCSR_SIZE, VIRT_CTRL, 0 },
	{ VIRT_CTRL + VIRT_CORES * VIRT_CTRL_SIZE, VIRT_SHIM, 0 },
	{ VIRT_SHIM + VIRT_SHIM_SIZE, HOST_END, 0 },
};

#define HOST_REGIONS (sizeof(host_memory) / sizeof(host_memory[0]))

static uint64_t address(const char *symbol)
{
	return (uint64_t)(uintptr_t)symbol;
}

static int map_all(struct pil_vmsa *t, const struct region *r, unsigned int count, struct pil_why *why)
{
	int err = 0;

	for (unsigned int i = 0; i < count && !err; i++)
		err = pil_vmsa_map(t, r[i].start, r[i].start, r[i].end - r[i].start, r[i].attrs, why);
	return err;
}

/* in large blocks, which cost no tables; what follows takes its places out of them */
static int map_host(struct pil_vmsa *t, struct pil_why *why)
{
	return pil_vmsa_map(t, VIRT_RAM, VIRT_RAM, HOST_END - VIRT_RAM, CACHED | RO | XN | HOST, why);
}

static int map_self(struct pil_vmsa *t, const void *orders, struct pil_why *why)
{
	uint64_t config = (uint64_t)(uintptr_t)orders;
	const struct region r[] = {
		{ address(shim_text_start), address(shim_rodata_start), CACHED | RO },
		{ address(shim_rodata_start), address(shim_data_start), CACHED | RO | XN },
		{ address(shim_data_start), address(shim_bss_end), CACHED | XN },
		{ address(shim_stack_start), address(shim_stack_end), CACHED | XN },
		{ config, config + 0x1000, CACHED | RO | XN },
	};

	return map_all(t, r, sizeof(r) / sizeof(r[0]), why);
}

/* what is there besides to tell the host something */
static int map_host_doors(struct pil_vmsa *t, const struct pil_shim_config *config, struct pil_why *why)
{
	const struct region smmu_and_smem[] = {
		{ VIRT_SMMU, VIRT_SMMU + 0x1000, DEVICE | RO | HOST },
		{ VIRT_SMEM, VIRT_SMEM + VIRT_SMEM_SIZE, UNCACHED | HOST },
	};
	const struct region bell = { config->bell, config->bell + 0x1000, UNCACHED | HOST };
	int err = 0;

	if (config->flags & PIL_SHIM_FIXED)
		return map_all(t, &bell, 1, why);
	err = map_host(t, why);
	return err ? err : map_all(t, smmu_and_smem, sizeof(smmu_and_smem) / sizeof(smmu_and_smem[0]), why);
}

/* the GIC as this state sees it: from the Secure state, the interrupts of this core are not the host's */
static int map_others(struct pil_vmsa *t, const struct pil_shim_config *config, struct pil_why *why)
{
	const struct pil_shim_grant *carveout = &config->grant[0];
	uint64_t gicr = VIRT_GICR + (fw_read(mpidr_el1) & 0xff) * (uint64_t)VIRT_GICR_STRIDE;
	/* for texts of the remote program: the secure world's copy, or what the host has written */
	const bool is_host = config->flags & PIL_SHIM_FIXED ? config->flags & PIL_SHIM_HOST_MEMORY
							    : carveout->target == carveout->pa;
	uint64_t own = carveout->target, own_attrs = is_host ? UNCACHED | RO | HOST : CACHED | RO | XN;
	const struct region r[] = {
		{ VIRT_GICD, VIRT_GICD + 0x10000, DEVICE },
		{ gicr, gicr + VIRT_GICR_STRIDE, DEVICE },
		{ own, own + carveout->size, own_attrs },
	};

	return map_all(t, r, sizeof(r) / sizeof(r[0]), why);
}

/* what the shim needs to let the DMA master rest: the bit that gives it the bus, and its registers to see what it is at */
static int map_master(struct pil_vmsa *t, const struct pil_shim_config *config, struct pil_why *why)
{
	const struct region r[] = {
		{ VIRT_MASTER_CONFIG, VIRT_MASTER_CONFIG + 0x1000, DEVICE | HOST },
		{ VIRT_MASTER_REGS, VIRT_MASTER_REGS + VIRT_MASTER_REGS_SIZE, DEVICE | HOST },
	};

	return config->master_count ? map_all(t, r, sizeof(r) / sizeof(r[0]), why) : 0;
}

int shim_mmu_init(const struct pil_shim_config *config, const void *orders, struct pil_why *why)
{
	uint64_t pa_size = shim_pa_size();
	struct pil_vmsa t = { 0 };
	int err = 0;

	pil_vmsa_init(&t, pages, (uint64_t)(uintptr_t)pages, PAGES, 1);
	err = map_host_doors(&t, config, why);
	if (!err)
		err = map_others(&t, config, why);
	if (!err)
		err = map_master(&t, config, why);
	if (!err)
		err = map_self(&t, orders, why);
	if (err)
		return err;
	fw_write(mair_el2, MAIR);
	fw_write(tcr_el2, TCR_RES1 | pa_size << 16 | TCR_WALKS | T0SZ);
	fw_write(ttbr0_el2, (uint64_t)(uintptr_t)pages);
	fw_isb();
	shim_mmu_on(SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I | SCTLR_WXN);
	return 0;
}

int shim_host_read64(void *ctx, uint64_t pa, uint64_t *value)
{
	(void)ctx;
	if (pa % 8)
		return -1;
	for (unsigned int i = 0; i < HOST_REGIONS; i++)
		if (pa >= host_memory[i].start && pa < host_memory[i].end)
			return shim_probe64(pa, value);
	return -1;
}
