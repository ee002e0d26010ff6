/* SPDX-License-Identifier: BSD-2-Clause */
/* Who reaches what, where the CPU has granule protection. Data alone: a test on the host looks at it, too. */
#include <virt/platform.h>

#include "granules.h"

#define COUNTERS_SIZE (2u * VIRT_FLASH_SECTOR)

/* remote cores reach what they share with the host from the Secure state: normal RAM is everybody's */
const struct plat_granules virt_granules[VIRT_GRANULES] = {
	{ "flash", VIRT_FLASH, VIRT_FLASH_COUNTERS - VIRT_FLASH, PIL_GPI_ROOT, false },
	{ "rollback counters", VIRT_FLASH_COUNTERS, COUNTERS_SIZE, PIL_GPI_SECURE, false },
	{ "flash", VIRT_FLASH_COUNTERS + COUNTERS_SIZE, VIRT_FLASH_FILE - VIRT_FLASH_COUNTERS - COUNTERS_SIZE,
	  PIL_GPI_ROOT, false },
	{ "secure console", VIRT_UART_SECURE, PIL_GPT_GRANULE, PIL_GPI_ROOT, false },
	{ "power control", VIRT_GPIO_SECURE, PIL_GPT_GRANULE, PIL_GPI_ROOT, false },
	{ "monitor", VIRT_MONITOR_RAM, VIRT_MONITOR_SIZE, PIL_GPI_ROOT, false },
	{ "service", VIRT_SERVICE_RAM, VIRT_SERVICE_SIZE, PIL_GPI_SECURE, false },
	{ "monitor's copy of the shim", VIRT_SHIM_MASTER, VIRT_FLASH_SHIM_SIZE, PIL_GPI_ROOT, false },
	{ "shims", VIRT_SHIM_SECURE, VIRT_COPIES - VIRT_SHIM_SECURE, PIL_GPI_SECURE, false },
	{ "copies of carve-outs", VIRT_COPIES, VIRT_COPIES_SIZE, PIL_GPI_SECURE, false },
	{ "carve-out of adsp", VIRT_ADSP_MEM, VIRT_ADSP_SIZE, PIL_GPI_ANYBODY, true },
	{ "carve-out of cdsp", VIRT_CDSP_MEM, VIRT_CDSP_SIZE, PIL_GPI_ANYBODY, true },
	{ "carve-out of video", VIRT_VIDEO_MEM, VIRT_VIDEO_SIZE, PIL_GPI_ANYBODY, true },
	{ "carve-out of adsp-dtb", VIRT_ADSP_DTB_MEM, VIRT_ADSP_DTB_SIZE, PIL_GPI_ANYBODY, true },
	{ "carve-out of zap", VIRT_ZAP_MEM, VIRT_ZAP_SIZE, PIL_GPI_ANYBODY, true },
};
