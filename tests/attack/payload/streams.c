/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's own translation tables lead a remote core astray: what they say, the secure world must not believe. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/smmuv3.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define ASTRAY	UINT64_C(0x50000000) /* where the program looks */
#define SIZE	UINT64_C(0x1000)
#define SECRET	UINT64_C(0x5ec2e75ec2e75ec2)
#define STOPPED "core 0: (read of|write to|execution of) 0x50000000 "

/* Return: the program was led to @to by @order, was stopped there, and brought nothing back */
static bool led_to(uint64_t to, unsigned int order)
{
	uint64_t value = 0;
	bool good = true;

	stream_open();
	good = stream_map(ASTRAY, to, SIZE) && program_start();
	*(volatile uint64_t *)(VIRT_CTRL + PROGRAM_VALUE) = 0;
	program_tell(order, ASTRAY);
	remote_wait_crash(&remote_adsp);
	value = *(volatile uint64_t *)(VIRT_CTRL + PROGRAM_VALUE);
	good = same("it obeyed", *(volatile uint64_t *)(VIRT_CTRL + PROGRAM_DONE) != 0, false) && good;
	good = same("what it brought back", (int64_t)value, 0) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	log_has(STOPPED);
	return good;
}

static bool reads_secure_ram(void)
{
	return led_to(VIRT_SERVICE_RAM, PROGRAM_READ) && led_to(VIRT_MONITOR_RAM, PROGRAM_READ);
}

static bool writes_secure_ram(void)
{
	return led_to(VIRT_SERVICE_RAM, PROGRAM_WRITE) && led_to(VIRT_MONITOR_RAM, PROGRAM_WRITE) && flow();
}

static bool reads_copies(void)
{
	return led_to(VIRT_SHIM_SECURE, PROGRAM_READ) && led_to(VIRT_COPIES, PROGRAM_READ) &&
	       led_to(VIRT_COPIES + VIRT_ADSP_SIZE, PROGRAM_WRITE);
}

static bool reads_shim(void)
{
	return led_to(VIRT_SHIM, PROGRAM_READ) && led_to(VIRT_SHIM, PROGRAM_WRITE);
}

static bool reads_host(void)
{
	*(volatile uint64_t *)SCRATCH = SECRET;
	return led_to(SCRATCH, PROGRAM_READ) && led_to(SCRATCH, PROGRAM_WRITE) &&
	       same("the host's memory", *(volatile uint64_t *)SCRATCH == SECRET, true);
}

static bool reads_devices(void)
{
	return led_to(VIRT_GICD, PROGRAM_READ) && led_to(VIRT_UART_SECURE, PROGRAM_WRITE) &&
	       led_to(VIRT_SMMU, PROGRAM_READ);
}

static bool reads_flash(void)
{
	return led_to(VIRT_FLASH, PROGRAM_READ) && led_to(VIRT_FLASH_FUSES & ~0xfffu, PROGRAM_READ);
}

/* carve-outs of other peripherals, wherever a board has them */
static bool reads_other_carveouts(void)
{
	return led_to(UINT64_C(0xb1000000), PROGRAM_READ) && led_to(UINT64_C(0xb2000000), PROGRAM_READ) &&
	       led_to(UINT64_C(0xb1000000), PROGRAM_WRITE);
}

/* one page of a block that ends where the grant does: the rest of the block is not granted */
static bool reads_behind_carveout(void)
{
	return led_to(VIRT_ADSP_MEM + VIRT_ADSP_SIZE, PROGRAM_READ) && led_to(VIRT_ADSP_MEM - SIZE, PROGRAM_READ);
}

static bool runs_host_code(void)
{
	*(volatile uint32_t *)SCRATCH = 0xd65f03c0; /* return */
	fw_dsb();
	return led_to(SCRATCH, PROGRAM_RUN) && led_to(VIRT_CTRL, PROGRAM_RUN) && led_to(VIRT_SMEM, PROGRAM_RUN);
}

/* --- the tables themselves --- */

/* Return: with a table spoilt by @spoil the program is stopped at its first instruction, or whenever it next looks */
static bool spoilt(void (*spoil)(void))
{
	bool good = true;

	stream_open();
	spoil();
	remote_listen(&remote_adsp);
	good = place_image(PROGRAM) && same("AUTH_AND_RESET", pas_auth(), 0);
	remote_wait_crash(&remote_adsp);
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	log_has("core 0: execution of ");
	log_lacks("program: ");
	return good && flow();
}

static volatile uint64_t *entry(void)
{
	return (volatile uint64_t *)(STREAM_PAGE + UINT64_C(64) * VIRT_ADSP_SID);
}

static volatile uint64_t *descriptor(void)
{
	return (volatile uint64_t *)(*entry() & PIL_SMMU_STE0_S1CTX);
}

static void descriptor_in_secure_ram(void)
{
	*entry() = (*entry() & ~PIL_SMMU_STE0_S1CTX) | VIRT_SERVICE_RAM;
}

static void table_in_secure_ram(void)
{
	descriptor()[1] = VIRT_SERVICE_RAM;
}

static void table_in_device(void)
{
	descriptor()[1] = VIRT_UART_SECURE;
}

static void stream_table_in_secure_ram(void)
{
	fw_write64(VIRT_SMMU + PIL_SMMU_STRTAB_BASE, VIRT_SERVICE_RAM);
}

static void bypass(void)
{
	*entry() = PIL_SMMU_STE0_VALID | (uint64_t)PIL_SMMU_CONFIG_BYPASS << 1;
}

static void smmu_off(void)
{
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, 0);
}

static bool spoilt_descriptor(void)
{
	return spoilt(descriptor_in_secure_ram);
}

static bool spoilt_table(void)
{
	return spoilt(table_in_secure_ram);
}

static bool spoilt_table_device(void)
{
	return spoilt(table_in_device);
}

static bool spoilt_stream_table(void)
{
	return spoilt(stream_table_in_secure_ram);
}

static bool stream_in_bypass(void)
{
	return spoilt(bypass);
}

static bool no_smmu(void)
{
	return spoilt(smmu_off);
}

/* the table has the carve-out at first; while the program runs it leads elsewhere */
static bool remapped_while_running(void)
{
	uint64_t value = 0;
	bool good = true;

	*(volatile uint64_t *)SCRATCH = SECRET;
	stream_open();
	good = program_start();
	good = stream_map(VIRT_ADSP_MEM + 0x200000u, SCRATCH, SIZE) && good;
	program_tell(PROGRAM_READ, VIRT_ADSP_MEM + 0x200000u);
	remote_wait_crash(&remote_adsp);
	value = *(volatile uint64_t *)(VIRT_CTRL + PROGRAM_VALUE);
	good = same("it read the host's memory", value == SECRET, false) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	log_has("core 0: (read|execution) of ");
	return good;
}

/* SMEM and SMMU queues are written for or by the secure world: pointers in them are the host's */
static bool queues_in_secure_ram(void)
{
	static const unsigned int bases[] = { 0x90, 0xa0, 0x68 }; /* commands, events, errors */
	size_t i = 0;

	stream_open();
	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		fw_write64(VIRT_SMMU + bases[i], VIRT_SERVICE_RAM | 8u);
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, PIL_SMMU_CR0_SMMUEN | 4u | 8u); /* event and command queues on */
	fw_write32(VIRT_SMMU + 0x98, 16);				     /* sixteen commands wait there */
	wait_us(20000);
	fw_write64(VIRT_SMMU + 0x90, 0);
	fw_write64(VIRT_SMMU + 0xa0, 0);
	stream_close();
	return flow();
}

static bool smem_spoilt(void)
{
	bool good = true;

	stream_open();
	memcpy((void *)SCRATCH2, (const void *)VIRT_SMEM, 0x10000);
	good = program_start();
	memset((void *)VIRT_SMEM, 0xff, 0x10000);
	program_tell(PROGRAM_READ, ASTRAY);
	remote_wait_crash(&remote_adsp);
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	memcpy((void *)VIRT_SMEM, (const void *)SCRATCH2, 0x10000);
	good = program_start() && good;
	stream_close();
	log_has("core 0: SMEM is damaged");
	return good;
}

#define STAYS "the core is stopped there, brings nothing back and changes nothing"

const struct attack stream_attacks[] = {
	{ "core_led_to_secure_ram_reads", STAYS, reads_secure_ram, HOST_SMMU },
	{ "core_led_to_secure_ram_writes", STAYS, writes_secure_ram, HOST_SMMU },
	{ "core_led_to_shims_and_copies_in_secure_ram", STAYS, reads_copies, HOST_SMMU },
	{ "core_led_to_its_shim", STAYS, reads_shim, HOST_SMMU },
	{ "core_led_to_the_hosts_memory", STAYS, reads_host, HOST_SMMU },
	{ "core_led_to_devices", STAYS, reads_devices, HOST_SMMU },
	{ "core_led_to_secure_flash", STAYS, reads_flash, HOST_SMMU },
	{ "core_led_to_other_carveouts", STAYS, reads_other_carveouts, HOST_SMMU },
	{ "core_led_to_both_sides_of_its_carveout", STAYS, reads_behind_carveout, HOST_SMMU },
	{ "core_led_to_run_the_hosts_code", "the core is stopped: it executes only what was authenticated",
	  runs_host_code, HOST_SMMU },
	{ "context_descriptor_in_secure_ram", "the shim does not look there: the core is stopped", spoilt_descriptor,
	  HOST_SMMU },
	{ "translation_table_in_secure_ram", "the shim does not look there: the core is stopped", spoilt_table,
	  HOST_SMMU },
	{ "translation_table_in_a_secure_device", "the shim does not look there: the core is stopped",
	  spoilt_table_device, HOST_SMMU },
	{ "stream_table_in_secure_ram", "the shim does not look there: the core is stopped", spoilt_stream_table,
	  HOST_SMMU },
	{ "stream_in_bypass", "a core without a table reaches nothing", stream_in_bypass, HOST_SMMU },
	{ "smmu_disabled", "a core without an SMMU reaches nothing", no_smmu, HOST_SMMU },
	{ "carveout_remapped_while_the_program_runs", "the core is stopped: no new page is one that it was not granted",
	  remapped_while_running, HOST_SMMU },
	{ "queues_of_the_smmu_in_secure_ram", "the SMMU reaches no secure memory for the host", queues_in_secure_ram,
	  HOST_SMMU },
	{ "shared_memory_spoilt", "the crash is still the secure world's to tell, and the next start works",
	  smem_spoilt, 0 },
	{ NULL, NULL, NULL, 0 },
};
