/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt in arrangement tee as data: its remote cores, their memory, and the orders for their shims. */
#ifndef VIRT_TEE_DESC_H
#define VIRT_TEE_DESC_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/wire/shim.h>
#include <pilot/wire/tee_rproc.h>

#define VIRT_TEE_REGIONS 4u

/**
 * struct virt_tee_memory - memory that a core reaches
 * @name:   as the service's clients see it
 * @pa, @da, @size: where it is, and where the core sees it
 * @access: PIL_SHIM_... bits
 * @flags:  PIL_TEE_REGION_... bits; without _HOST only the secure world reaches it
 */
struct virt_tee_memory {
	const char *name;
	uint64_t pa;
	uint64_t da;
	uint64_t size;
	uint32_t access;
	uint32_t flags;
};

/**
 * struct virt_tee_core - a remote core
 * @name:     of its processor
 * @doorbell: interrupt (GIC INTID) by which the host rings
 * @bell_irq, @watchdog_irq: interrupts by which the core rings the host, and says that its program has ended
 * @bell:     physical address of its doorbell page
 * @host_pa:  memory of the host's that it runs from when the host manages it, as large as its own
 * @memory, @count: what it reaches; the first is its own, and the only one where it executes
 */
struct virt_tee_core {
	const char *name;
	uint32_t doorbell;
	uint32_t bell_irq;
	uint32_t watchdog_irq;
	uint64_t bell;
	uint64_t host_pa;
	struct virt_tee_memory memory[VIRT_TEE_REGIONS];
	unsigned int count;
};

/** virt_tee_cores - the remote cores; a processor has its core's number */
extern const struct virt_tee_core virt_tee_cores[];

/**
 * virt_tee_shim_config() - the orders for the shim of a core that is about to start
 * @core:      core index
 * @entry:     first instruction, as the core sees it
 * @from_host: it runs from memory of the host's, and reaches nothing that is the secure world's
 * @config:    filled completely
 *
 * Return: 0; -PIL_ERANGE when there is no such core, or @entry is not a place for an instruction in its own memory
 */
int virt_tee_shim_config(unsigned int core, uint64_t entry, bool from_host, struct pil_shim_config *config);

#endif
