/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt for the hypervisor: what the host may use, and what it must not even see. */
#include <fw/boot_info.h>
#include <virt/desc.h>
#include <virt/platform.h>
#include <virt/smem.h>

#include "platform.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* without EL2 in the Secure state the shims are here */
static const struct pil_range kept[] = {
	{ VIRT_SHIM, VIRT_SHIM_SIZE },
};

/*
 * Of the GIC the host has only its own redistributors' frames of private interrupts; gic.c and its.c stand in for the rest.
 * QEMU's fw_cfg (0x09020000) is not among these: its DMA passes SMMU and stage 2 by.
 */
static const struct pil_range devices[] = {
	{ VIRT_UART, 0x1000 },
	{ VIRT_RTC, VIRT_RTC_SIZE },
	{ VIRT_PCI, VIRT_PCI_SIZE },
	{ VIRT_PCI_HIGH, VIRT_PCI_HIGH_SIZE },
};

/* the host's tree names them, and a driver looks for them */
static const struct pil_range blank[] = {
	{ VIRT_VIRTIO, VIRT_VIRTIO_SIZE },
	{ VIRT_GICR + VIRT_GICR_STRIDE * (uint64_t)FW_MAX_CPUS,
	  VIRT_UART - VIRT_GICR - VIRT_GICR_STRIDE *(uint64_t)FW_MAX_CPUS },
};

static const uint32_t doorbells[VIRT_CORES] = {
	[VIRT_CORE_ADSP] = 32 + VIRT_SPI_ADSP_DOORBELL,
	[VIRT_CORE_CDSP] = 32 + VIRT_SPI_CDSP_DOORBELL,
	[VIRT_CORE_VIDEO] = 32 + VIRT_SPI_VIDEO_DOORBELL,
};

const struct plat_hyp plat_hyp = {
	.desc = &virt_desc,
	.ram = VIRT_HYPERVISOR,
	.size = VIRT_HYPERVISOR_SIZE,
	.kept = kept,
	.kept_count = COUNT(kept),
	.devices = devices,
	.device_count = COUNT(devices),
	.pci_config = { VIRT_PCI_CONFIG, VIRT_PCI_CONFIG_SIZE },
	.blank = blank,
	.blank_count = COUNT(blank),
	.gicd = VIRT_GICD,
	.gicr = VIRT_GICR,
	.gicr_stride = VIRT_GICR_STRIDE,
	.its = VIRT_ITS,
	.doorbells = doorbells,
	.doorbell_count = COUNT(doorbells),
	.msi = VIRT_ITS_MSI,
	.smmu = VIRT_SMMU,
	.host_sids = VIRT_PCI_SIDS,
	.host_entry = VIRT_KERNEL,
	.host_arg = VIRT_DTB,
	.boot_image = VIRT_BOOT_IMAGE,
	.boot_image_size = VIRT_BOOT_IMAGE_SIZE,
	.boot_pas_id = VIRT_ADSP_LITE_PAS_ID,
};

bool plat_boot_ready(void)
{
	uint32_t value = virt_smp2p_value((const volatile void *)VIRT_SMEM, VIRT_ADSP_SMP2P_IN);

	return value & 1u << VIRT_SMP2P_READY;
}
