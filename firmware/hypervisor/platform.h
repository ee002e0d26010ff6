/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hypervisor asks of a board. boards/<name>/hypervisor implements it. */
#ifndef HYPERVISOR_PLATFORM_H
#define HYPERVISOR_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/board.h>

/**
 * struct plat_hyp - facts of the board for the hypervisor
 * @desc: peripherals, their carve-outs and streams
 * @ram, @size: the hypervisor's own memory; the monitor's facts are in its last page
 * @kept, @kept_count: other parts of normal RAM that are never the host's, nor its devices'
 * @devices, @device_count: what the host may use directly, on page boundaries
 * @pci_config: configuration space of the host's PCI buses, which it reads directly; pci.c looks at what it writes
 * @blank, @blank_count: devices that would reach memory past stage 2 and SMMU: reads are 0, writes do nothing
 * @gicd, @gicr, @gicr_stride, @its: GICv3
 * @doorbells, @doorbell_count: interrupts (GIC INTIDs, shared) by which the host rings the remote cores
 * @msi: page to which the host's devices write their message interrupts
 * @smmu: SMMUv3
 * @host_sids: StreamIDs below it are those of the host's devices, on PCI buses; a multiple of PIL_SMMU_L2_COUNT
 * @host_entry, @host_arg: where the host starts, and what it gets in x0
 * @boot_image, @boot_image_size: normal RAM where a signed image may lie, to be started before the host
 * @boot_pas_id: the peripheral that such an image is for
 */
struct plat_hyp {
	const struct pil_board_desc *desc;
	uint64_t ram, size;
	const struct pil_range *kept;
	unsigned int kept_count;
	const struct pil_range *devices;
	unsigned int device_count;
	struct pil_range pci_config;
	const struct pil_range *blank;
	unsigned int blank_count;
	uint64_t gicd, gicr, gicr_stride, its;
	const uint32_t *doorbells;
	unsigned int doorbell_count;
	uint64_t msi;
	uint64_t smmu;
	uint32_t host_sids;
	uint64_t host_entry, host_arg;
	uint64_t boot_image, boot_image_size;
	uint32_t boot_pas_id;
};

extern const struct plat_hyp plat_hyp;

/** plat_boot_ready() - does the program of @boot_pas_id say that it is up? It says so to the host, which is not there yet */
bool plat_boot_ready(void);

#endif
