/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host that owns the SMMU takes pages away from running cores, and leads several of them astray at once. The command queue is
 * programmed as Linux does: what it says is invalidated when the SMMU has synchronised.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/smmuv3.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define ASTRAY UINT64_C(0x50000000)
#define SIZE   UINT64_C(0x1000)
#define PAGE   (VIRT_SMEM + UINT64_C(0x1ff000)) /* granted, and nobody uses it */
#define OTHER  (VIRT_SMEM + UINT64_C(0x1fe000))
#define FIRST  UINT64_C(0x1111111111111111)
#define SECOND UINT64_C(0x2222222222222222)

/* the bound is 10 ms; a loaded machine that runs QEMU's CPUs in turn needs much longer for as much */
#define LIMIT_US 3000000u
#define STILL_US 300000u

/* command queue (Arm IHI 0070, 4.3, 4.4, 4.7 and 6.3.26) */
#define CMDQ		(STREAM_PAGE + UINT64_C(0x1f0000))
#define CMDQ_LOG2	4u
#define GERROR		0x60
#define GERRORN		0x64
#define CMDQ_BASE	0x90
#define CMDQ_PROD	0x98
#define CMDQ_CONS	0x9c
#define CR0_CMDQEN	(1u << 3)
#define CMD_TLBI_NH_ALL 0x10u
#define CMD_SYNC	0x46u

static void command(uint64_t word)
{
	uint32_t prod = fw_read32(VIRT_SMMU + CMDQ_PROD);
	volatile uint64_t *entry = (volatile uint64_t *)(CMDQ + UINT64_C(16) * (prod & ((1u << CMDQ_LOG2) - 1)));

	entry[0] = word;
	entry[1] = 0;
	fw_dsb();
	fw_write32(VIRT_SMMU + CMDQ_PROD, (prod + 1) & ((2u << CMDQ_LOG2) - 1));
}

/* Return: the SMMU has done what Linux asks of it after it has changed a table */
static bool invalidate(void)
{
	uint64_t start = time_us();

	command(CMD_TLBI_NH_ALL);
	command(CMD_SYNC);
	while (fw_read32(VIRT_SMMU + CMDQ_CONS) != fw_read32(VIRT_SMMU + CMDQ_PROD))
		if (time_us() - start > LIMIT_US)
			return same("the SMMU's command queue was emptied", false, true);
	return true;
}

static void open_queue(void)
{
	stream_open();
	fw_write64(VIRT_SMMU + CMDQ_BASE, CMDQ | CMDQ_LOG2);
	fw_write32(VIRT_SMMU + CMDQ_PROD, 0);
	fw_write32(VIRT_SMMU + CMDQ_CONS, 0);
	/* what an earlier attack had done to the queue is seen to: until then the SMMU does not go on */
	fw_write32(VIRT_SMMU + GERRORN, fw_read32(VIRT_SMMU + GERROR));
	fw_write32(VIRT_SMMU + PIL_SMMU_CR0, PIL_SMMU_CR0_SMMUEN | CR0_CMDQEN);
	fw_dsb();
}

/* the last-level descriptor of @address in adsp's table; NULL: there is none */
static volatile uint64_t *descriptor(uint64_t address)
{
	const volatile uint64_t *cd = (const volatile uint64_t *)remote_context(&remote_adsp);
	volatile uint64_t *table = (volatile uint64_t *)(cd[1] & PIL_SMMU_CD1_TTB0);
	unsigned int shift = 30;

	for (; shift > 12; shift -= 9) {
		uint64_t next = table[address >> shift & 511];

		if ((next & 3) != 3)
			return NULL;
		table = (volatile uint64_t *)(next & UINT64_C(0xfffffffff000));
	}
	return &table[address >> 12 & 511];
}

/*
 * Watch the program that reads on and on. Return: when it last did, after @start; LIMIT_US: it does not end. @stopped: it reads no
 * more; else it has read @wanted.
 */
static uint64_t until(uint64_t start, uint64_t wanted, bool *stopped)
{
	uint64_t seen = 0, last = start;

	*stopped = false;
	while (time_us() - start < LIMIT_US) {
		uint64_t now = *remote_control(&remote_adsp, PROGRAM_DONE);

		if (now != seen)
			last = time_us();
		seen = now;
		*stopped = time_us() - last > STILL_US;
		if (*stopped || *remote_control(&remote_adsp, PROGRAM_VALUE) == wanted)
			return last - start;
	}
	return LIMIT_US;
}

/* Return: the program reads @address on and on, without a rest in which the shim could forget it */
static bool watches(uint64_t address, uint64_t wanted)
{
	uint64_t start = time_us();

	*remote_control(&remote_adsp, PROGRAM_VALUE) = 0;
	program_tell(PROGRAM_WATCH, address);
	while (*remote_control(&remote_adsp, PROGRAM_DONE) < 1000)
		if (time_us() - start > LIMIT_US)
			return same("the program reads", false, true);
	return same("what it reads", (int64_t)*remote_control(&remote_adsp, PROGRAM_VALUE), (int64_t)wanted);
}

static void report(const char *what, uint64_t us)
{
	print("# ");
	print(what);
	print(" ");
	print_dec((int64_t)us);
	print(" us after the SMMU had synchronised\n");
}

/* a page of its own in adsp's table, which the program reads on and on: then @to instead, or nothing with 0 */
static bool changed_while_running(uint64_t to, uint64_t wanted, bool must_stop)
{
	volatile uint64_t *leaf = NULL;
	uint64_t start = 0, us = 0;
	bool stopped = false, good = true;

	*(volatile uint64_t *)PAGE = FIRST;
	*(volatile uint64_t *)OTHER = SECOND;
	open_queue();
	good = stream_map(ASTRAY, PAGE, SIZE) && program_start();
	good = good && watches(ASTRAY, FIRST);
	leaf = descriptor(ASTRAY);
	good = same("the page's descriptor", leaf != NULL, true) && good;
	if (leaf)
		*leaf = to ? (*leaf & ~UINT64_C(0xfffffffff000)) | to : 0;
	fw_dsb();
	good = invalidate() && good;
	start = time_us();
	us = until(start, wanted, &stopped);
	good = same("it came to an end", us < LIMIT_US, true) && good;
	good = same("the program was stopped", stopped, must_stop) && good;
	report(must_stop ? "the last access worked" : "the new page was read", us);
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	stream_close();
	return good;
}

static bool unmapped(void)
{
	log_counts("core 0: read of 0x50000000 at pc .* not mapped", 1, 1);
	return changed_while_running(0, SECOND, true);
}

static bool moved(void)
{
	log_lacks("core 0: read of ");
	return changed_while_running(OTHER, SECOND, false);
}

static bool moved_out_of_reach(void)
{
	*(volatile uint64_t *)SCRATCH = SECOND;
	log_counts(
		"core 0: read of 0x50000000 at pc .*: address 0x50000000 leads to 0x61000000, which the stream ledger does not",
		1, 1);
	return changed_while_running(SCRATCH, SECOND, true);
}

/** struct target - what the host maps by mistake for both cores at once, and what the log says of it */
struct target {
	uint64_t adsp, cdsp;
	const char *adsp_log, *cdsp_log;
};

#define NAMED(core, address)                                                                                           \
	"core " core ": read of 0x50000000 at pc .*: address 0x50000000 leads to " address ", which the"

static const struct target targets[] = {
	{ VIRT_CDSP_MEM, VIRT_ADSP_MEM, NAMED("0", "0xb1000000"), NAMED("1", "0xb0000000") },
	{ VIRT_CDSP_COPY, VIRT_ADSP_COPY, NAMED("0", "0xeb80000"), NAMED("1", "0xe280000") },
	{ VIRT_SERVICE_RAM, VIRT_MONITOR_RAM, NAMED("0", "0xe040000"), NAMED("1", "0xe000000") },
	{ VIRT_SHIM_SECURE, VIRT_SHIM, NAMED("0", "0xe1f0000"), NAMED("1", "0xb9000000") },
	{ SCRATCH, VIRT_KERNEL, NAMED("0", "0x61000000"), NAMED("1", "0x40400000") },
	{ VIRT_CTRL + VIRT_CTRL_SIZE, VIRT_CTRL, NAMED("0", "0xb8901000"), NAMED("1", "0xb8900000") },
};

#define GICD_ISPENDR 0x200u
#define GICD_ICPENDR 0x280u

/* the register of the distributor that has the interrupt by which a core's shim tells the host that it was stopped; *@bit: its bit */
static uint64_t bell(const struct remote *r, unsigned int set, uint32_t *bit)
{
	uint32_t id = 32 + (r->core == VIRT_CORE_ADSP ? VIRT_SPI_ADSP_SMP2P : VIRT_SPI_CDSP_SMP2P);

	*bit = 1u << id % 32;
	return VIRT_GICD + set + (uint64_t)(id / 32 * 4);
}

static void silence(const struct remote *r)
{
	uint32_t bit = 0;
	uint64_t at = bell(r, GICD_ICPENDR, &bit);

	fw_write32(at, bit);
}

static bool rings(const struct remote *r)
{
	uint64_t start = time_us();
	uint32_t bit = 0;
	uint64_t at = bell(r, GICD_ISPENDR, &bit);

	while (!(fw_read32(at) & bit))
		if (time_us() - start > LIMIT_US)
			return same("the core was stopped", false, true);
	return true;
}

/* both run, then both are told to look where the host has led them */
static bool both_led_to(const struct target *t)
{
	const struct remote *const both[] = { &remote_adsp, &remote_cdsp };
	bool good = true;

	stream_open();
	good = remote_map(&remote_adsp, ASTRAY, t->adsp, SIZE) && remote_map(&remote_cdsp, ASTRAY, t->cdsp, SIZE);
	good = good && remote_start(&remote_adsp) && remote_start(&remote_cdsp);
	for (unsigned int i = 0; i < 2; i++) {
		*remote_control(both[i], PROGRAM_VALUE) = 0;
		silence(both[i]);
		remote_tell(both[i], PROGRAM_READ, ASTRAY);
	}
	for (unsigned int i = 0; i < 2; i++) {
		good = rings(both[i]) && good;
		good = same("it obeyed", *remote_control(both[i], PROGRAM_DONE) != 0, false) && good;
		good = same("what it brought back", (int64_t)*remote_control(both[i], PROGRAM_VALUE), 0) && good;
	}
	good = kind_ends(&remote_adsp.kind) && kind_ends(&remote_cdsp.kind) && good;
	stream_close();
	log_counts(t->adsp_log, 1, 1);
	log_counts(t->cdsp_log, 1, 1);
	return good;
}

static bool both_astray(void)
{
	bool good = true;

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		good = both_led_to(&targets[i]) && good;
	return good;
}

const struct attack confined_attacks[] = {
	{ "page_unmapped_while_the_program_runs",
	  "it is out of the program's reach soon after the SMMU has synchronised", unmapped, HOST_SMMU },
	{ "page_moved_while_the_program_runs", "the program reads the new page soon after", moved, HOST_SMMU },
	{ "page_moved_to_what_is_not_granted", "the program is stopped there soon after, and it is named",
	  moved_out_of_reach, HOST_SMMU },
	{ "two_running_cores_led_astray_at_once",
	  "each is stopped at each place, which is named, and brings nothing back", both_astray, HOST_SMMU },
	{ NULL, NULL, NULL, 0 },
};
