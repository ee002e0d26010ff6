/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt for the monitor: address map, secure console (PL011), power (PL061), what the machine says of itself. */
#include <string.h>

#include <fw/boot_info.h>
#include <fw/sysreg.h>
#include <pilot/wire/fuses.h>
#include <pilot/wire/trace.h>
#include <virt/platform.h>

#include "granules.h"
#include "machine_tree.h"
#include "platform.h"

#define PL011_DR   0x00
#define PL011_FR   0x18
#define PL011_FULL 0x20u
#define PL011_CR   0x30
#define PL011_ON   0x301u /* UART, transmitter, receiver */

#define PL061_DIR     0x400
#define PL061_PIN(n)  (1u << (n))
#define PL061_DATA(n) (4u << (n)) /* the address selects the pins that a write changes */
#define PIN_POWER_OFF 0
#define PIN_RESET     1

#define MACHINE_TREE_MAX 0x100000

static const struct plat_region regions[] = {
	{ VIRT_GICD, 0x10000, MON_DEVICE },
	{ VIRT_GICR, VIRT_GICR_STRIDE *(FW_MAX_CPUS + 1),
	  MON_DEVICE }, /* one more than used, to see that it is there */
	{ VIRT_UART_SECURE, 0x1000, MON_DEVICE | MON_ROOT },
	{ VIRT_GPIO_SECURE, 0x1000, MON_DEVICE | MON_ROOT },
	{ VIRT_FLASH_SERVICE, VIRT_FLASH_SIZE - VIRT_FLASH_SERVICE, MON_RODATA | MON_ROOT },
	{ VIRT_SERVICE_RAM, VIRT_SERVICE_SIZE, MON_DATA },
	{ VIRT_RAM, MACHINE_TREE_MAX, MON_RODATA | PIL_VMSA_NS },
	{ VIRT_SHIM_MASTER, VIRT_FLASH_SHIM_SIZE, MON_DATA | MON_ROOT },
	{ VIRT_SHIM_SECURE, VIRT_COPIES - VIRT_SHIM_SECURE, MON_DATA },
	{ VIRT_TRACE, VIRT_TRACE_SIZE, MON_DEVICE | PIL_VMSA_NS },
	{ VIRT_SHIM, VIRT_SHIM_SIZE, MON_DATA | PIL_VMSA_NS },
	{ VIRT_HYPERVISOR, VIRT_HYPERVISOR_SIZE, MON_DATA | PIL_VMSA_NS },
};

static const uint32_t doorbells[VIRT_CORES] = {
	[VIRT_CORE_ADSP] = 32 + VIRT_SPI_ADSP_DOORBELL,
	[VIRT_CORE_CDSP] = 32 + VIRT_SPI_CDSP_DOORBELL,
	[VIRT_CORE_VIDEO] = 32 + VIRT_SPI_VIDEO_DOORBELL,
};

#define CORES (sizeof(doorbells) / sizeof(doorbells[0]))

_Static_assert(CORES *VIRT_SHIM_STRIDE <= VIRT_COPIES - VIRT_SHIM_SECURE, "shims fit below the copies");
_Static_assert(PIL_TRACE_SIZE <= VIRT_TRACE_SIZE, "the trace fits its place");
_Static_assert(CORES *VIRT_SHIM_STRIDE <= VIRT_SHIM_SIZE, "shims fit their part of normal RAM");

const struct plat_monitor plat_monitor = {
	.regions = regions,
	.region_count = sizeof(regions) / sizeof(regions[0]),
	.granules = virt_granules,
	.granule_count = VIRT_GRANULES,
	.gicd = VIRT_GICD,
	.gicr = VIRT_GICR,
	.gicr_stride = VIRT_GICR_STRIDE,
	.service_flash = VIRT_FLASH_SERVICE,
	.service_flash_size = VIRT_FLASH_SHIM - VIRT_FLASH_SERVICE,
	.service_ram = VIRT_SERVICE_RAM,
	.service_ram_size = VIRT_SERVICE_SIZE,
	.shim_flash = VIRT_FLASH_SHIM,
	.shim_flash_size = VIRT_FLASH_SHIM_SIZE,
	.shim_master = VIRT_SHIM_MASTER,
	.shim_ram = VIRT_SHIM,
	.shim_secure_ram = VIRT_SHIM_SECURE,
	.shim_ram_size = VIRT_SHIM_STRIDE,
	.remote_cores = CORES,
	.doorbells = doorbells,
	.hyp_flash = VIRT_FLASH_HYPERVISOR,
	.hyp_flash_size = VIRT_FLASH_HYPERVISOR_SIZE,
	.hyp_ram = VIRT_HYPERVISOR,
	.hyp_ram_size = VIRT_HYPERVISOR_SIZE,
	.host_entry = VIRT_KERNEL,
	.host_arg = VIRT_DTB,
	.trace = VIRT_TRACE,
	.trace_writer = PIL_TRACE_MONITOR,
};

void plat_console_init(void)
{
	fw_write32(VIRT_UART_SECURE + PL011_CR, PL011_ON);
}

void plat_putc(char c)
{
	while (fw_read32(VIRT_UART_SECURE + PL011_FR) & PL011_FULL)
		;
	fw_write32(VIRT_UART_SECURE + PL011_DR, (uint8_t)c);
}

/* before the host runs QEMU's own device tree lies at the start of RAM; nobody else has written there yet */
const char *plat_boot_facts(uint64_t *ram_base, uint64_t *ram_size, struct pil_fuses *fuses)
{
	if (machine_tree_memory((const void *)VIRT_RAM, MACHINE_TREE_MAX, ram_base, ram_size))
		return "QEMU's device tree at the start of RAM names no memory";
	if (*ram_base != VIRT_RAM || *ram_size < VIRT_RAM_MIN)
		return "the board needs 2 GiB of RAM or more";
	memcpy(fuses, (const void *)VIRT_FLASH_FUSES, sizeof(*fuses));
	return NULL;
}

static _Noreturn void raise_pin(unsigned int pin)
{
	fw_write32(VIRT_GPIO_SECURE + PL061_DIR, PL061_PIN(PIN_POWER_OFF) | PL061_PIN(PIN_RESET));
	fw_write32(VIRT_GPIO_SECURE + PL061_DATA(pin), PL061_PIN(pin));
	for (;;)
		fw_wfi();
}

void plat_power_off(void)
{
	raise_pin(PIN_POWER_OFF);
}

void plat_reset(void)
{
	raise_pin(PIN_RESET);
}
