/* SPDX-License-Identifier: BSD-2-Clause */
#include <pilot/error.h>
#include <virt/platform.h>
#include <virt/tee_desc.h>
#include <virt/tee_platform.h>

#define INTID(spi) (32u + (spi))
#define RW	   (PIL_SHIM_READ | PIL_SHIM_WRITE)
#define PAGE	   0x1000u

_Static_assert(VIRT_TEE_M33_MEM_SIZE == VIRT_TEE_M33_NS_SIZE && VIRT_TEE_M0_MEM_SIZE == VIRT_TEE_M0_NS_SIZE,
	       "a core's memory is as large wherever it is");

/* the doorbell page is the shim's to write: no program rings with a number of its own */
const struct virt_tee_core virt_tee_cores[VIRT_TEE_CORES] = {
	[VIRT_TEE_M33] = {
		.name = "m33",
		.doorbell = INTID(VIRT_TEE_SPI_TO_M33),
		.bell_irq = INTID(VIRT_TEE_SPI_M33_DOORBELL),
		.watchdog_irq = INTID(VIRT_TEE_SPI_M33_WDOG),
		.bell = VIRT_TEE_M33_DOORBELL,
		.host_pa = VIRT_TEE_M33_NS,
		.memory = {
			{ "memory", VIRT_TEE_M33_MEM, VIRT_TEE_DA_MEM, VIRT_TEE_M33_MEM_SIZE, RW, PIL_TEE_REGION_CODE },
			{ "ipc", VIRT_TEE_IPC, VIRT_TEE_DA_IPC, VIRT_TEE_IPC_SIZE, RW,
			  PIL_TEE_REGION_HOST | PIL_TEE_REGION_SHARED },
			{ "control", VIRT_TEE_M33_CTRL, VIRT_TEE_DA_CTRL, PAGE, RW, PIL_TEE_REGION_HOST },
			{ "doorbell", VIRT_TEE_M33_DOORBELL, VIRT_TEE_DA_DOORBELL, PAGE, PIL_SHIM_READ,
			  PIL_TEE_REGION_HOST },
		},
		.count = 4,
	},
	[VIRT_TEE_M0] = {
		.name = "m0",
		.doorbell = INTID(VIRT_TEE_SPI_TO_M0),
		.bell_irq = INTID(VIRT_TEE_SPI_M0_DOORBELL),
		.watchdog_irq = INTID(VIRT_TEE_SPI_M0_WDOG),
		.bell = VIRT_TEE_M0_DOORBELL,
		.host_pa = VIRT_TEE_M0_NS,
		.memory = {
			{ "memory", VIRT_TEE_M0_MEM, VIRT_TEE_DA_MEM, VIRT_TEE_M0_MEM_SIZE, RW, PIL_TEE_REGION_CODE },
			{ "control", VIRT_TEE_M0_CTRL, VIRT_TEE_DA_CTRL, PAGE, RW, PIL_TEE_REGION_HOST },
			{ "doorbell", VIRT_TEE_M0_DOORBELL, VIRT_TEE_DA_DOORBELL, PAGE, PIL_SHIM_READ,
			  PIL_TEE_REGION_HOST },
		},
		.count = 3,
	},
};

int virt_tee_shim_config(unsigned int core, uint64_t entry, bool from_host, struct pil_shim_config *config)
{
	const struct virt_tee_core *c = NULL;
	const struct virt_tee_memory *own = NULL;

	if (core >= VIRT_TEE_CORES)
		return -PIL_ERANGE;
	c = &virt_tee_cores[core];
	own = &c->memory[0];
	if (entry < own->da || entry - own->da >= own->size || entry & 3)
		return -PIL_ERANGE;
	*config = (struct pil_shim_config){
		.magic = PIL_SHIM_MAGIC,
		.size = sizeof(*config),
		.entry = entry,
		.base = own->da,
		.image_size = own->size,
		.ctrl = VIRT_TEE_DA_CTRL,
		.core = core,
		.doorbell = c->doorbell,
		.smp2p_irq = c->bell_irq,
		.watchdog_irq = c->watchdog_irq,
		.grant_count = c->count,
		.flags = PIL_SHIM_FIXED | (from_host ? PIL_SHIM_HOST_MEMORY : 0),
		.bell = c->bell,
	};
	for (unsigned int i = 0; i < c->count; i++)
		config->grant[i] = (struct pil_shim_grant){
			.pa = c->memory[i].da,
			.size = c->memory[i].size,
			.target = i == 0 && from_host ? c->host_pa : c->memory[i].pa,
			.access = c->memory[i].access,
		};
	return 0;
}
