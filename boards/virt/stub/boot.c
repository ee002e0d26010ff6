/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies behind the stub in the image that it comes in: the shim, and perhaps a program that runs before anything orders it. */
#include <string.h>

#include <fw/sysreg.h>
#include <virt/platform.h>
#include <virt/tee_desc.h>
#include <virt/tee_platform.h>

#include "monitor.h"
#include "stub.h"

#define GICD_CTLR    (VIRT_GICD + 0x0)
#define GICD_GROUP1S 0x4u
#define LOOK_US	     10000u

_Static_assert(VIRT_TEE_STUB_LOADED_SIZE <= VIRT_TEE_M33_MEM_SIZE, "what comes with the stub fits the core's memory");

static uint64_t boot_entry;
static bool boot_program;

/* what is at an offset of the image */
static const void *loaded(uint64_t offset)
{
	return (const void *)(uintptr_t)(VIRT_TEE_STUB_LOADED + offset);
}

/* fill @room bytes from @at on with @size from @from and zeros */
static void fill(uint64_t at, uint64_t room, const void *from, uint64_t size)
{
	memcpy((void *)(uintptr_t)at, from, size);
	memset((void *)(uintptr_t)(at + size), 0, room - size);
	mon_clean_dcache(at, room);
}

static void take_program(void)
{
	const struct pil_stub_boot *boot = loaded(VIRT_TEE_STUB_BOOT);
	const uint8_t *program = (const uint8_t *)(boot + 1);
	const uint64_t room = VIRT_TEE_STUB_LOADED_SIZE - VIRT_TEE_STUB_BOOT - sizeof(*boot);

	if (boot->magic != PIL_STUB_BOOT_MAGIC)
		return;
	if (boot->size > room || boot->table_size > room - boot->size || boot->table_size > VIRT_TEE_IPC_TABLE_SIZE) {
		mon_log("stub: the program to start at once has %u bytes and a table of %u, too many: it is not started",
			boot->size, (uint64_t)boot->table_size);
		return;
	}
	fill(VIRT_TEE_M33_MEM, VIRT_TEE_M33_MEM_SIZE, program, boot->size);
	fill(VIRT_TEE_IPC + VIRT_TEE_IPC_TABLE, VIRT_TEE_IPC_TABLE_SIZE, program + boot->size, boot->table_size);
	boot_entry = boot->entry;
	boot_program = mon_cores_are_secure();
	mailbox_core(VIRT_TEE_M33)->boot = boot_program;
}

void boot_take(void)
{
	memcpy((void *)(uintptr_t)VIRT_TEE_SHIM_MASTER, loaded(VIRT_TEE_STUB_SHIM), VIRT_FLASH_SHIM_SIZE);
	take_program();
}

/* the EL3 firmware of the other CPUs sets all shared interrupts up anew, and turns the groups on when it has done so */
static void await_distributor(void)
{
	while (!(fw_read32(GICD_CTLR) & GICD_GROUP1S)) {
		const uint64_t look = fw_time_us();

		while (fw_time_us() - look < LOOK_US)
			;
	}
}

void boot_start(void)
{
	struct pil_stub_core *c = mailbox_core(VIRT_TEE_M33);

	if (!boot_program)
		return;
	if (virt_tee_shim_config(VIRT_TEE_M33, boot_entry, false, &c->config)) {
		mon_log("stub: the program to start at once begins at %x, outside its memory: it is not started",
			boot_entry);
		c->boot = 0;
		return;
	}
	await_distributor();
	mon_log("stub: core 0 starts what came with the stub");
	c->order = PIL_STUB_START;
	c->number = 1; /* as if it were ordered: the core's CPU, this one, sees it when it parks */
}
