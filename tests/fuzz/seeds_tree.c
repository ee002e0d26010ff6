/* SPDX-License-Identifier: BSD-2-Clause */
/* Device trees of made-up boards: one of Qualcomm's kind with an overlay, one with processors of a TEE. */
#include <string.h>

#include <libfdt.h>

#include "seeds.h"
#include "seeds_tree.h"

#define TREE_MOST 8192

enum phandle { GIC = 1, SMMU, SMMU3, CLOCK, MAILBOX, STATE, REGION, SERVICE };

static uint8_t tree[TREE_MOST], overlay[TREE_MOST], all[2 * TREE_MOST + 1024];

static void cells(void *fdt, const char *name, const uint32_t *cell, size_t count)
{
	fdt32_t big[32] = { 0 };

	for (size_t i = 0; i < count && i < 32; i++)
		big[i] = cpu_to_fdt32(cell[i]);
	(void)fdt_property(fdt, name, big, (int)(count * 4));
}

#define CELLS(fdt, name, ...)                                                                                          \
	cells(fdt, name, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* strings are separated by '\0' within @text, whose own is the last */
#define STRINGS(fdt, name, text) (void)fdt_property(fdt, name, text, (int)sizeof(text))

static void begin(void *fdt, const char *name, uint32_t address, uint32_t size)
{
	(void)fdt_begin_node(fdt, name);
	if (address || size) {
		CELLS(fdt, "#address-cells", address);
		CELLS(fdt, "#size-cells", size);
	}
}

static void end(void *fdt)
{
	(void)fdt_end_node(fdt);
}

static void start(void *fdt)
{
	(void)fdt_create(fdt, TREE_MOST);
	(void)fdt_finish_reservemap(fdt);
	begin(fdt, "", 2, 2);
	STRINGS(fdt, "compatible", "made,up");
	STRINGS(fdt, "model", "Made up");
}

static void provider(void *fdt, const char *name, const char *count, uint32_t each, enum phandle phandle)
{
	begin(fdt, name, 0, 0);
	CELLS(fdt, count, each);
	CELLS(fdt, "phandle", (uint32_t)phandle);
	end(fdt);
}

static void memory(void *fdt)
{
	begin(fdt, "memory@40000000", 0, 0);
	STRINGS(fdt, "device_type", "memory");
	CELLS(fdt, "reg", 0, 0x40000000, 0, 0x80000000);
	end(fdt);
	begin(fdt, "reserved-memory", 2, 2);
	(void)fdt_property(fdt, "ranges", "", 0);
	begin(fdt, "adsp@90000000", 0, 0);
	CELLS(fdt, "reg", 0, 0x90000000, 0, 0x1a00000);
	CELLS(fdt, "phandle", REGION);
	CELLS(fdt, "iommu-addresses", GIC, 0, 0x1000, 0, 0x1000);
	(void)fdt_property(fdt, "no-map", "", 0);
	end(fdt);
	begin(fdt, "pool", 0, 0);
	CELLS(fdt, "size", 0, 0x100000);
	CELLS(fdt, "alloc-ranges", 0, 0, 1, 0);
	STRINGS(fdt, "compatible", "shared-dma-pool");
	end(fdt);
	end(fdt);
}

static void smmus(void *fdt)
{
	begin(fdt, "iommu@15000000", 0, 0);
	STRINGS(fdt, "compatible", "qcom,smmu-500\0arm,mmu-500");
	CELLS(fdt, "reg", 0, 0x15000000, 0, 0x100000);
	CELLS(fdt, "#iommu-cells", 2);
	CELLS(fdt, "phandle", SMMU);
	end(fdt);
	begin(fdt, "iommu@16000000", 0, 0);
	STRINGS(fdt, "compatible", "arm,smmu-v3");
	CELLS(fdt, "#iommu-cells", 1);
	CELLS(fdt, "phandle", SMMU3);
	end(fdt);
}

static void processor(void *fdt)
{
	begin(fdt, "remoteproc@30000000", 0, 0);
	STRINGS(fdt, "compatible", "qcom,sm8550-adsp-pas");
	CELLS(fdt, "reg", 0, 0x30000000, 0, 0x4040);
	STRINGS(fdt, "firmware-name", "adsp.mbn\0adsp_dtb.mbn");
	CELLS(fdt, "memory-region", REGION, REGION);
	STRINGS(fdt, "memory-region-names", "main\0dtb");
	CELLS(fdt, "iommus", SMMU, 0x3000, 0);
	CELLS(fdt, "interrupts-extended", GIC, 0, 162, 1, STATE, 0, 1);
	STRINGS(fdt, "interrupt-names", "wdog\0fatal");
	CELLS(fdt, "clocks", CLOCK, 3);
	STRINGS(fdt, "clock-names", "xo");
	CELLS(fdt, "qcom,smem-states", STATE, 0);
	begin(fdt, "glink-edge", 0, 0);
	CELLS(fdt, "mboxes", MAILBOX, 3, 0);
	begin(fdt, "compute-cb@3", 0, 0);
	CELLS(fdt, "iommus", SMMU, 0x3003, 0x10);
	end(fdt);
	end(fdt);
	end(fdt);
}

static void others(void *fdt)
{
	begin(fdt, "video@aa00000", 0, 0);
	STRINGS(fdt, "compatible", "qcom,sm8550-iris");
	CELLS(fdt, "iommu-map", 0, SMMU, 0x1940, 0, 1, 0x100, SMMU, 0x19a0, 0x20, 1);
	STRINGS(fdt, "status", "disabled");
	end(fdt);
	begin(fdt, "gpu@3d00000", 0, 0);
	STRINGS(fdt, "compatible", "qcom,adreno");
	begin(fdt, "zap-shader", 0, 0);
	CELLS(fdt, "memory-region", REGION);
	end(fdt);
	end(fdt);
	begin(fdt, "pcie@1c00000", 0, 0);
	STRINGS(fdt, "device_type", "pci");
	CELLS(fdt, "iommu-map", 0, SMMU3, 0, 0x10000);
	end(fdt);
}

static void labels(void *fdt)
{
	begin(fdt, "__symbols__", 0, 0);
	STRINGS(fdt, "adsp", "/soc/remoteproc@30000000");
	STRINGS(fdt, "smmu", "/soc/iommu@15000000");
	end(fdt);
}

static size_t board_of_qualcomms(void *fdt)
{
	start(fdt);
	memory(fdt);
	begin(fdt, "firmware", 0, 0);
	begin(fdt, "scm", 0, 0);
	STRINGS(fdt, "compatible", "qcom,scm-sm8550\0qcom,scm");
	end(fdt);
	end(fdt);
	begin(fdt, "soc", 2, 2);
	CELLS(fdt, "ranges", 0, 0, 0, 0, 0x10, 0);
	CELLS(fdt, "dma-ranges", 0, 0, 0, 0, 0x10, 0);
	provider(fdt, "intc", "#interrupt-cells", 3, GIC);
	provider(fdt, "clk", "#clock-cells", 1, CLOCK);
	provider(fdt, "ipcc", "#mbox-cells", 2, MAILBOX);
	begin(fdt, "smp2p", 0, 0);
	CELLS(fdt, "#interrupt-cells", 2);
	CELLS(fdt, "#qcom,smem-state-cells", 1);
	CELLS(fdt, "phandle", STATE);
	end(fdt);
	smmus(fdt);
	processor(fdt);
	others(fdt);
	end(fdt);
	labels(fdt);
	end(fdt);
	return fdt_finish(fdt) ? 0 : fdt_totalsize(fdt);
}

static size_t board_with_tee(void *fdt)
{
	start(fdt);
	memory(fdt);
	provider(fdt, "doorbell", "#mbox-cells", 1, MAILBOX);
	begin(fdt, "firmware", 0, 0);
	begin(fdt, "optee", 1, 1);
	STRINGS(fdt, "compatible", "linaro,optee-tz");
	begin(fdt, "rproc-service@0", 1, 1);
	STRINGS(fdt, "compatible", "80a4c275-0a47-4905-8285-1486a9771a08");
	CELLS(fdt, "phandle", SERVICE);
	CELLS(fdt, "dma-ranges", 0x20000000, 0xb8a00000, 0x100000);
	begin(fdt, "m33@0", 0, 0);
	CELLS(fdt, "reg", 0, 0);
	CELLS(fdt, "mboxes", MAILBOX, 0, MAILBOX, 1);
	STRINGS(fdt, "mbox-names", "vq0\0vq1");
	end(fdt);
	end(fdt);
	end(fdt);
	end(fdt);
	begin(fdt, "m0", 0, 0);
	STRINGS(fdt, "compatible", "pilot,virt-m0");
	CELLS(fdt, "rproc-tee", SERVICE, 1);
	end(fdt);
	end(fdt);
	return fdt_finish(fdt) ? 0 : fdt_totalsize(fdt);
}

/* gives the audio DSP another stream */
static size_t make_overlay(void *fdt)
{
	(void)fdt_create(fdt, TREE_MOST);
	(void)fdt_finish_reservemap(fdt);
	begin(fdt, "", 0, 0);
	begin(fdt, "fragment@0", 0, 0);
	CELLS(fdt, "target", 0xffffffff);
	begin(fdt, "__overlay__", 0, 0);
	CELLS(fdt, "iommus", 0xffffffff, 0x3000, 0x80);
	end(fdt);
	end(fdt);
	begin(fdt, "__fixups__", 0, 0);
	STRINGS(fdt, "adsp", "/fragment@0:target:0");
	STRINGS(fdt, "smmu", "/fragment@0/__overlay__:iommus:0");
	end(fdt);
	end(fdt);
	return fdt_finish(fdt) ? 0 : fdt_totalsize(fdt);
}

static void put_le32(uint8_t *at, size_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static int write_parts(size_t base, size_t laid_over, const char *list)
{
	size_t at = FUZZ_TREE_HEAD;

	memcpy(all, FUZZ_TREE_MARK, 4);
	put_le32(all + 4, base);
	put_le32(all + 8, laid_over);
	memcpy(all + at, tree, base);
	at += base;
	memcpy(all + at, overlay, laid_over);
	at += laid_over;
	memcpy(all + at, list, strlen(list));
	return write_seed(all, at + strlen(list));
}

int write_tree_seeds(void)
{
	size_t base = board_with_tee(tree);
	size_t laid_over = make_overlay(overlay);

	if (write_seed(tree, base) || write_parts(base, 0, "# nothing\n"))
		return -1;
	base = board_of_qualcomms(tree);
	if (!base || !laid_over || write_seed(tree, base))
		return -1;
	return write_parts(base, laid_over,
			   "smmu 0x15000000\nsid 0x3000 mask 0x7 # left\ngroup 3 0x80001940 0x10000\n") ||
	       write_parts(base, 0, "smmu /soc/iommu@15000000\ngroup 127 0xffff0000\nsid 0x1\n");
}
