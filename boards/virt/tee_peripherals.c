/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board virt in arrangement tee. No SMMU stands between its cores and memory: their stage 2 translation is fixed by the PTA, so there
 * are no streams.
 */
#include <virt/tee_peripherals.h>
#include <virt/tee_platform.h>

static const struct pil_peripheral_desc peripherals[] = {
	[VIRT_TEE_M33] = {
		.name = "m33",
		.pas_id = VIRT_TEE_M33_PAS_ID,
		.core = VIRT_TEE_M33,
		.carveout = { .base = VIRT_TEE_M33_NS, .size = VIRT_TEE_M33_NS_SIZE },
		.sw_id = VIRT_TEE_M33_SW_ID,
	},
	[VIRT_TEE_M0] = {
		.name = "m0",
		.pas_id = VIRT_TEE_M0_PAS_ID,
		.core = VIRT_TEE_M0,
		.carveout = { .base = VIRT_TEE_M0_NS, .size = VIRT_TEE_M0_NS_SIZE },
		.sw_id = VIRT_TEE_M0_SW_ID,
	},
};

const struct pil_board_desc virt_tee_peripherals = {
	.name = "virt-tee",
	.peripherals = peripherals,
	.peripheral_count = VIRT_TEE_CORES,
	.core_count = VIRT_TEE_CORES,
};
