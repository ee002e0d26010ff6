/* SPDX-License-Identifier: BSD-2-Clause */
/* The board for the EL3 monitor: its address map, the secure console, what the machine says of itself, power. */
#include <stddef.h>

#include <fw/boot_info.h>
#include <fw/sysreg.h>
#include <template/platform.h>

#include "platform.h"

/* all that the monitor touches besides its own image and data. MON_ROOT where a CPU with RME must keep it from S-EL1, too */
static const struct plat_region regions[] = {
	{ TEMPLATE_GICD, 0x10000, MON_DEVICE },
	{ TEMPLATE_GICR, TEMPLATE_GICR_STRIDE *(FW_MAX_CPUS + 1),
	  MON_DEVICE }, /* one more than used, to see that it is there */
	{ TEMPLATE_UART_SECURE, 0x1000, MON_DEVICE | MON_ROOT },
	{ TEMPLATE_BOOT_SERVICE, TEMPLATE_BOOT_SERVICE_SIZE, MON_RODATA | MON_ROOT },
	{ TEMPLATE_SERVICE_RAM, TEMPLATE_SERVICE_SIZE, MON_DATA },
};

/*
 * .remote_cores = 0: the DSP is no CPU of this machine's. Where remote cores are CPUs, as on virt, they are the last ones, and the fields for
 * shims and doorbells say how they start. No .hyp_...: no hypervisor. No .granules: no RME, or nothing to protect by it.
 */
const struct plat_monitor plat_monitor = {
	.regions = regions,
	.region_count = sizeof(regions) / sizeof(regions[0]),
	.gicd = TEMPLATE_GICD,
	.gicr = TEMPLATE_GICR,
	.gicr_stride = TEMPLATE_GICR_STRIDE,
	.service_flash = TEMPLATE_BOOT_SERVICE,
	.service_flash_size = TEMPLATE_BOOT_SERVICE_SIZE,
	.service_ram = TEMPLATE_SERVICE_RAM,
	.service_ram_size = TEMPLATE_SERVICE_SIZE,
	.host_entry = TEMPLATE_KERNEL,
	.host_arg = TEMPLATE_DTB,
};

/* clock and baud rate, if earlier firmware has not set them */
void plat_console_init(void)
{
}

/* wait for room in the transmitter, then write. A line that is lost is a decision that nobody can look up */
void plat_putc(char c)
{
	fw_write32(TEMPLATE_UART_SECURE, (uint8_t)c);
}

/*
 * Called once, before the host runs: RAM from the boot chain's tables, fuses from the controller (copy them to @fuses; the host may
 * be able to switch the controller off later). A sentence stops the machine, and is its last line on the console.
 */
const char *plat_boot_facts(uint64_t *ram_base, uint64_t *ram_size, struct pil_fuses *fuses)
{
	*ram_base = TEMPLATE_RAM;
	*ram_size = TEMPLATE_RAM_SIZE;
	(void)fuses;
	return "boards/template reads no fuses: write plat_boot_facts() for your machine";
}

/* the power controller; where that is another processor, tell it, and wait */
void plat_power_off(void)
{
	for (;;)
		fw_wfi();
}

void plat_reset(void)
{
	for (;;)
		fw_wfi();
}
