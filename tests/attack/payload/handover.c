/* SPDX-License-Identifier: BSD-2-Clause */
/* A host that takes the SMMU away from cores that run, and gives it back, or does not. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/smmuv3.h>
#include <virt/edu.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define PSCI_VERSION  0x84000000u
#define PSCI_1_1      0x10001
#define ANNOUNCEMENTS 20u

#define EDU_SOURCE    0x80u
#define EDU_TARGET    0x88u
#define EDU_COUNT     0x90u
#define EDU_TO_RAM    2u
#define EDU_BUFFER    UINT64_C(0x40000)
#define EDU_BYTES     64u
#define LANDED_US     300000u /* a transfer takes 100 ms */
#define TICKS_US      50000u
#define MASTER_TRIES  4u

#define ASTRAY UINT64_C(0x50000000)
#define SECRET UINT64_C(0x5ec2e75ec2e75ec2)
#define MARK   UINT64_C(0xd0d0d0d0d0d0d0d0)

static int64_t psci_version(void)
{
	struct smc_regs r = { .x = { PSCI_VERSION } };

	smc_call(&r);
	return (int64_t)r.x[0];
}

static void smmu(bool on)
{
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, on ? PIL_SMMU_CR0_SMMUEN : 0);
	fw_dsb();
}

static bool obeys(void)
{
	return same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true);
}

/* Return: an order that is given now is not obeyed */
static bool stands_still(void)
{
	wait_us(TICKS_US);
	program_tell(PROGRAM_SAY, 0);
	wait_us(TICKS_US);
	return same("orders obeyed while it has no table", (int64_t)*remote_control(&remote_adsp, PROGRAM_DONE), 0);
}

/* it obeys what it was told meanwhile, and then what it is told now */
static bool goes_on(void)
{
	uint64_t start = time_us();

	while (!*remote_control(&remote_adsp, PROGRAM_DONE))
		if (time_us() - start > 15000000u)
			return same("orders obeyed with its table back", 0, 1);
	return obeys();
}

static bool off_and_on(void)
{
	bool good = true;

	stream_open();
	good = program_start();
	for (unsigned int i = 0; good && i < 3; i++) {
		smmu(false);
		good = stands_still();
		smmu(true);
		good = goes_on() && good;
	}
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	log_has("core 0: waits for the SMMU's owner: the SMMU is not enabled");
	log_has("core 0: goes on after \\d+ ms");
	log_lacks("core 0: (read of|write to|execution of)");
	return good;
}

/* without its entry in the stream table, the SMMU being on all the time */
static bool entry_taken_away(void)
{
	uint64_t entry = 0;
	bool good = true;

	stream_open();
	good = program_start();
	entry = *remote_stream(&remote_adsp);
	*remote_stream(&remote_adsp) = 0;
	good = stands_still() && good;
	*remote_stream(&remote_adsp) = PIL_SMMU_STE0_VALID | (uint64_t)PIL_SMMU_CONFIG_BYPASS << 1;
	good = stands_still() && good;
	*remote_stream(&remote_adsp) = entry;
	good = goes_on() && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	log_lacks("core 0: (read of|write to|execution of)");
	return good;
}

/* while it waits it is not yet anybody's: what is not granted is as far away as ever */
static bool led_astray_after_that(void)
{
	bool good = true;

	*(volatile uint64_t *)SCRATCH = SECRET;
	stream_open();
	good = program_start();
	*remote_control(&remote_adsp, PROGRAM_VALUE) = 0;
	smmu(false);
	good = stands_still() && good;
	good = stream_map(ASTRAY, SCRATCH, 0x1000) && good;
	smmu(true);
	good = goes_on() && good;
	program_tell(PROGRAM_READ, ASTRAY);
	wait_us(LANDED_US);
	good = same("what it brought back", (int64_t)*remote_control(&remote_adsp, PROGRAM_VALUE), 0) && good;
	good = same("it obeyed", *remote_control(&remote_adsp, PROGRAM_DONE) != 0, false) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	return good;
}

static bool shut_down_while_it_waits(void)
{
	bool good = true;

	stream_open();
	good = program_start();
	smmu(false);
	good = stands_still() && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	good = same("the carve-out is zero", all_zero("carve-out", VIRT_ADSP_MEM, 0x4000), true) && good;
	return good && flow();
}

static bool master_register(unsigned int offset, uint64_t value)
{
	return program_order(PROGRAM_WRITE, VIRT_MASTER_REGS + offset, &value);
}

/* the program lets its master write to the host's memory, which with the SMMU on would be refused */
static bool transfer_to(uint64_t target)
{
	return same("the master is told", master_register(EDU_SOURCE, EDU_BUFFER) && master_register(EDU_TARGET, target) &&
						  master_register(EDU_COUNT, EDU_BYTES) &&
						  master_register(VIRT_EDU_COMMAND, VIRT_EDU_BUSY | EDU_TO_RAM),
		    true);
}

/* Return: nothing arrived */
static bool try_in_flight(void)
{
	volatile uint64_t *target = (volatile uint64_t *)SCRATCH;

	*target = MARK;
	if (!transfer_to(SCRATCH))
		return false;
	smmu(false);
	wait_us(LANDED_US);
	smmu(true);
	return *target == MARK;
}

/*
 * A transfer takes 100 ms, and 10 ms after the SMMU went off the master has the bus no more. An emulator on a busy machine may let
 * the core's CPU stand for all that time, and the device's clock not: then it is tried again. It would arrive each time without a shim
 * that looks
 */
static bool master_in_flight(void)
{
	bool good = true, kept_out = false;

	stream_open();
	good = stream_map(VIRT_MASTER_REGS, VIRT_MASTER_REGS, VIRT_MASTER_REGS_SIZE) && program_start();
	for (unsigned int i = 0; good && !kept_out && i < MASTER_TRIES; i++) {
		kept_out = try_in_flight();
		good = same("SHUTDOWN", pas_shutdown(), 0) && program_start();
	}
	good = same("the transfer arrived with the SMMU off", kept_out, true) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	log_has("core 0: its DMA master rests: the SMMU has no owner");
	return good;
}

/* each announcement waits for the cores, and none of them for the host */
static bool announced_again_and_again(void)
{
	bool good = true;

	stream_open();
	good = program_start() && remote_start(&remote_cdsp);
	for (unsigned int i = 0; good && i < ANNOUNCEMENTS; i++)
		good = same("PSCI_VERSION", psci_version(), PSCI_1_1);
	good = obeys() && remote_order(&remote_cdsp, PROGRAM_SAY, 0, NULL) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	good = same("SHUTDOWN of cdsp", kind_shutdown(&remote_cdsp.kind), 0) && good;
	stream_close();
	log_has("core 0: its DMA master rests: the SMMU has no owner");
	return good && flow();
}

const struct attack handover_attacks[] = {
	{ "smmu_off_and_on_under_a_running_core", "it stands still, and goes on with its table: no crash", off_and_on,
	  HOST_SMMU },
	{ "stream_entry_taken_from_a_running_core", "it stands still, in bypass too, and goes on with its table",
	  entry_taken_away, HOST_SMMU },
	{ "core_led_astray_after_the_smmu_was_off", "it brings nothing back", led_astray_after_that,
	  HOST_SMMU },
	{ "shutdown_of_a_core_that_waits", "as of any other: held, and its memory zero", shut_down_while_it_waits,
	  HOST_SMMU },
	{ "smmu_off_under_a_transfer_of_a_dma_master", "within a tick the master has the bus no more: nothing arrives",
	  master_in_flight, HOST_SMMU },
	{ "host_announces_itself_again_and_again", "each call returns, and cores run on", announced_again_and_again,
	  HOST_SMMU },
	{ NULL, NULL, NULL, 0 },
};
