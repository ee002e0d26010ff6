/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configuration space of the host's PCI buses: read directly, written through here. A bridge's registers say which buses are behind it.
 * A function's StreamID begins with the number of its bus: a bridge that the host renumbered would give the device behind it
 * the stream of a remote core, or of its DMA master. And a bridge that the host let end behind its own last bus would take the
 * firmware's accesses to the master. Offsets are those of PCI-to-PCI Bridge 1.2, 3.2.
 */
#include <fw/sysreg.h>

#include "hypervisor.h"
#include "platform.h"

#define OFFSET(address) ((uint32_t)(address)&0xfffu)
#define HEADER_TYPE	0x0eu
#define TYPE(header)	((header)&0x7fu)
#define TYPE_BRIDGE	1u
#define SECONDARY_BUS	0x19u
#define SUBORDINATE_BUS 0x1au
#define SID_BUS		8u  /* of a StreamID: device and function are below it */
#define CONFIG_BUS	20u /* of an address: device, function and register are below it */

static bool is_bridge(const struct hyp_access *a)
{
	struct hyp_access header = { .address = a->address - OFFSET(a->address) + HEADER_TYPE, .size = 1 };

	hyp_pass_on(&header);
	return TYPE(header.value) == TYPE_BRIDGE;
}

/* numbers from here on are not the host's, if that is what the byte says */
static uint64_t limit(uint32_t offset)
{
	if (offset == SECONDARY_BUS)
		return plat_hyp.host_sids >> SID_BUS;
	return offset == SUBORDINATE_BUS ? plat_hyp.pci_config.size >> CONFIG_BUS : UINT64_MAX;
}

static bool leads_elsewhere(const struct hyp_access *a)
{
	for (unsigned int i = 0; i < a->size; i++)
		if ((a->value >> 8 * i & 0xff) >= limit(OFFSET(a->address) + i))
			return is_bridge(a);
	return false;
}

bool hyp_pci_access(struct hyp_access *a)
{
	const struct pil_range r = { a->address, a->size };

	if (!pil_range_contains(plat_hyp.pci_config, r))
		return false;
	if (a->write && leads_elsewhere(a))
		hyp_log("CPU %u: PCI: %x for the bus numbers of the bridge at %x refused: not the host's buses",
			(uint64_t)fw_cpu(), a->value, a->address - OFFSET(a->address));
	else if (a->size <= 4)
		hyp_pass_on(a);
	return true;
}
