/* SPDX-License-Identifier: BSD-2-Clause */
/* What the board's functions need of the service around them, and what the service needs to see of the machine. */
#include <fw/lock.h>
#include <fw/sysreg.h>
#include <pilot/vmsa.h>
#include <pilot/wire/scm.h>
#include <template/desc.h>
#include <template/platform.h>

#include "service.h"

#define HOST_RAM                                                                                                       \
	(PIL_VMSA_ATTR(SERVICE_ATTR_NONCACHEABLE) | PIL_VMSA_SH_OUTER | PIL_VMSA_NS | PIL_VMSA_XN | PIL_VMSA_PXN)

static struct fw_lock section_lock;
static uint64_t section_daif;

/* add the registers that board.c touches: firewall, reset controller, mailboxes; device memory, never executable */
static const struct service_region regions[] = {
	{ TEMPLATE_RAM, TEMPLATE_RAM_SIZE, HOST_RAM },
};

unsigned int plat_service_regions(const struct fw_boot_info *info, const struct service_region **out)
{
	(void)info;
	*out = regions;
	return sizeof(regions) / sizeof(regions[0]);
}

/* interrupts wait: a request that is suspended inside would stop all other CPUs. A holder that hit a bug never leaves */
void template_enter(struct pil_board *b)
{
	uint64_t daif = fw_read(daif);

	(void)b;
	__asm__ volatile("msr daifset, #1" ::: "memory");
	while (!fw_trylock(&section_lock))
		if (service_is_broken())
			service_reply_status(PIL_SCM_ERROR);
	section_daif = daif;
}

void template_leave(struct pil_board *b)
{
	uint64_t daif = section_daif;

	(void)b;
	fw_unlock(&section_lock);
	fw_write(daif, daif);
}

void template_log(struct pil_board *b, const char *line)
{
	(void)b;
	service_log(line);
}

uint64_t template_time_us(struct pil_board *b)
{
	(void)b;
	return fw_time_us();
}

/* RAM may have kept what ran before a warm reset: overwrite the carve-outs here, before the host can look */
struct pil_board *plat_board(const struct fw_boot_info *info)
{
	return template_board(&info->fuses);
}
