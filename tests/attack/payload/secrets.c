/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking where secrets are: memory, registers, what calls leave behind. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define PAGE	SCRATCH
#define TABLE	(SCRATCH + 0x1000)
#define OUT	(SCRATCH + 0x2000)
#define SOON_US 3000u

/* one word in every page of secure RAM and flash, and the devices of the secure world */
static bool every_secure_page(bool (*attempt)(uint64_t address))
{
	static const uint64_t devices[] = { VIRT_UART_SECURE, VIRT_GPIO_SECURE };
	uint64_t at = 0, reached = 0;
	size_t i = 0;

	for (at = VIRT_SRAM; at < VIRT_SRAM + VIRT_SRAM_SIZE; at += 0x1000)
		reached += attempt(at + (at >> 9 & 0xff8));
	for (at = VIRT_FLASH; at < VIRT_FLASH + VIRT_FLASH_SIZE; at += 0x1000)
		reached += attempt(at);
	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		reached += attempt(devices[i]);
	return same("words that could be reached", (int64_t)reached, 0);
}

static bool read_attempt(uint64_t address)
{
	uint64_t value = 0;

	return try_read(address, &value);
}

static bool write_attempt(uint64_t address)
{
	return try_write(address, UINT64_MAX);
}

static bool secure_memory_read(void)
{
	return every_secure_page(read_attempt);
}

static bool secure_memory_written(void)
{
	return every_secure_page(write_attempt) && flow();
}

static bool secure_memory_executed(void)
{
	static const uint64_t places[] = { VIRT_FLASH, VIRT_MONITOR_RAM, VIRT_SERVICE_RAM, VIRT_SRAM + 0x200000,
					   VIRT_UART_SECURE };
	uint64_t ran = 0;
	size_t i = 0;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		ran += try_call(places[i]);
	return same("places where code could be fetched", (int64_t)ran, 0) && flow();
}

/* --- registers --- */

static const uint32_t functions[] = {
	PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE),	    PIL_SCM_STD64(PIL_SCM_PAS_MEM_SETUP),
	PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET),  PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN),
	PIL_SCM_STD64(PIL_SCM_PAS_IS_SUPPORTED),    PIL_SCM_STD64(PIL_SCM_PAS_GET_RSCTABLE),
	PIL_SCM_FAST64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_FAST32(PIL_SCM_INFO_IS_CALL_AVAIL),
	PIL_SCM_STD64(PIL_SCM_CALL(0x7fu, 0x7fu)),  PIL_SCM_STD32(PIL_SCM_PAS_INIT_IMAGE),
	PIL_SCM_FAST64(PIL_SCM_PAS_AUTH_AND_RESET),
};

/* a small generator of numbers, the same in every run (Knuth, MMIX) */
static uint64_t next_number(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 8;
}

static uint64_t any_argument(uint64_t *state)
{
	static const uint64_t arguments[] = { 0,       1,      VIRT_ADSP_PAS_ID, VIRT_ADSP_MEM,	    VIRT_SERVICE_RAM,
					      SCRATCH, 0x1000, UINT64_MAX,	 UINT64_C(1) << 32, VIRT_KERNEL };
	uint64_t n = next_number(state);

	return n & 1 ? n : arguments[(n >> 1) % 10u];
}

/* what comes back is judged by scm_watch: a status, small results, everything else as it was */
static bool registers_after_any_call(void)
{
	uint64_t state = 1;
	unsigned int i = 0, j = 0;
	struct scm_call c = { 0 };

	for (i = 0; i < 2000; i++) {
		c = (struct scm_call){ .in = { .x = { functions[next_number(&state) % 11u] } } };
		c.in.x[1] = next_number(&state) & 1 ? 1 : next_number(&state) % 0x1000;
		for (j = 2; j < 8; j++)
			c.in.x[j] = any_argument(&state);
		scm_issue(&c);
		scm_finish(&c);
	}
	return true;
}

static bool registers_of_interrupted_calls(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	if (!place_image(SMALL))
		return false;
	prepare_auth(&c);
	for (i = 2; i < 8; i++)
		if (i != 2 && i != 6)
			c.in.x[i] = UINT64_C(0x1122334455667788) * i;
	timer_start(SOON_US);
	scm_issue(&c);
	while (c.out.x[0] == PIL_SCM_INTERRUPTED) {
		timer_take();
		timer_start(SOON_US);
		scm_resume(&c, c.out.x[6]);
	}
	return same("AUTH_AND_RESET", (int64_t)c.out.x[0], 0) && same("it was interrupted", c.interruptions > 0, true);
}

/* what the monitor answers itself changes x0 alone */
static bool registers_of_the_monitors_calls(void)
{
	static const uint32_t ids[] = { 0x84000000,	    0x84000004, 0xc4000004, 0x84000006,	 0x8400000a,
					0x8400000f,	    0x84000013, 0x80000000, 0x80000001,	 0x80008000,
					0x86000000,	    0x8600ff01, 0x72000602, PIL_MON_LOG, PIL_MON_CORE_STATE,
					PIL_MON_CORE_START, 0xffffffff };
	bool good = true;
	size_t i = 0, j = 0;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct smc_regs r = { .x = { ids[i], 77, 78, 79, 80, 81, 82, 83 } };

		smc_call(&r);
		for (j = 1; j < 8; j++)
			good = same("a register", (int64_t)r.x[j], (int64_t)(76 + j)) && good;
		good = same("registers from x8 on", (int64_t)r.spoiled, 0) && good;
	}
	return good;
}

static bool vector_registers(void)
{
	uint64_t wrong = 0;

	if (!place_image(SMALL))
		return false;
	vectors_on();
	vector_fill();
	if (!same("AUTH_AND_RESET", pas_auth(), 0))
		return false;
	wrong = vector_check();
	return same("vector registers that came back changed", (int64_t)wrong, 0);
}

/* registers that exist once for both worlds: they come back, and what the host puts there means nothing to the service */
#define EL1_REGISTERS(R)                                                                                               \
	R(ttbr0_el1, 0x1122334455667000)                                                                               \
	R(ttbr1_el1, 0x2233445566778000)                                                                               \
	R(mair_el1, 0x1234567812345678)                                                                                \
	R(vbar_el1, 0x44556677000)                                                                                     \
	R(sp_el1, 0x5566778899a0)                                                                                      \
	R(elr_el1, 0x66778899aab0)                                                                                     \
	R(spsr_el1, 0x3c5)                                                                                             \
	R(far_el1, 0x778899aabbcc)                                                                                     \
	R(tpidr_el1, 0x8899aabbccdd)                                                                                   \
	R(tpidr_el0, 0x99aabbccddee)                                                                                   \
	R(tpidrro_el0, 0xaabbccddeeff)                                                                                 \
	R(contextidr_el1, 0x12345678)                                                                                  \
	R(par_el1, 0x1)                                                                                                \
	R(cntkctl_el1, 0x3)                                                                                            \
	R(sp_el0, 0x1a2b3c4d5e60)                                                                                      \
	R(cpacr_el1, 0x300000)                                                                                         \
	R(tcr_el1, 0x200803510)                                                                                        \
	R(sctlr_el1, 0x30d01825)

static bool el1_registers(void)
{
	bool good = place_image(SMALL);

#define SET(reg, value) fw_write(reg, UINT64_C(value));
	EL1_REGISTERS(SET)
	fw_isb();
	good = same("AUTH_AND_RESET", pas_auth(), 0) && good;
#define CHECK(reg, value) good = same(#reg, (int64_t)fw_read(reg), (int64_t)UINT64_C(value)) && good;
	EL1_REGISTERS(CHECK)
	fw_write(sctlr_el1, 0x30d00800);
	fw_isb();
	return good;
}

/* registers of a CPU that starts: start.S of the firmware ran there a moment ago */
static bool registers_of_a_new_cpu(void)
{
	uint64_t *seen = (uint64_t *)SCRATCH;
	uint64_t start = time_us();
	bool good = true;
	unsigned int i = 0;

	memset(seen, 0xff, 32 * sizeof(*seen));
	if (!same("CPU_ON", psci_cpu_on_with(1, (uint64_t)register_dump, SCRATCH), 0))
		return false;
	while (psci_affinity_info(1) != PSCI_OFF)
		if (time_us() - start > 10000000)
			return same("CPU 1 ends", 0, 1);
	for (i = 1; i < 31; i++)
		good = same("a register of the new CPU", (int64_t)seen[i], 0) && good;
	return same("x0", (int64_t)seen[0], (int64_t)SCRATCH) && good;
}

/* --- what calls leave behind --- */

static bool carveout_after_shutdown(void)
{
	return place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0) && same("SHUTDOWN", pas_shutdown(), 0) &&
	       all_zero("the carve-out", VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
}

static bool carveout_after_refusal(void)
{
	if (!place_image(SMALL))
		return false;
	memset((void *)(VIRT_ADSP_MEM + 0x10000u), 0x77, 0x1000);
	*(volatile uint8_t *)VIRT_ADSP_MEM ^= 1;
	return same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL) &&
	       all_zero("the carve-out", VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
}

/* what the program wrote to its own memory is nobody's business */
static bool memory_of_a_running_program(void)
{
	static const uint64_t secret = UINT64_C(0x5ec2e75ec2e75ec2);
	uint64_t value = secret;
	bool good = true;

	stream_open();
	good = program_start() &&
	       same("the program writes", program_order(PROGRAM_WRITE, VIRT_ADSP_MEM + 0x3000u, &value), true);
	good = good && same("the host sees it", try_read(VIRT_ADSP_MEM + 0x3000u, &value) && value == secret, false);
	good = same("SHUTDOWN", pas_shutdown(), 0) && good;
	good = same("the host sees it afterwards", *(volatile uint64_t *)(VIRT_ADSP_MEM + 0x3000u) == secret, false) &&
	       good;
	stream_close();
	return good;
}

/* the shim, its orders, and where it is on machines whose cores cannot be secure */
static bool shim_read(void)
{
	uint64_t value = 0;
	bool good = true;

	stream_open();
	good = program_start();
	good = same("its first word can be read", try_read(VIRT_SHIM_SECURE, &value), false) && good;
	good = same("it can be written", try_write(VIRT_SHIM_SECURE + 0x1000u, 0), false) && good;
	good = same("its orders can be read", try_read(VIRT_SHIM_SECURE + VIRT_SHIM_STRIDE - 4096u, &value), false) &&
	       good;
	for (uint64_t at = VIRT_SHIM; at < VIRT_SHIM + VIRT_SHIM_SIZE; at += 8)
		good = same("the shims of other machines can be written", try_write(at, UINT64_MAX), !is_guest()) &&
		       good;
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	return good;
}

static bool get_table(void)
{
	struct scm_call c = { 0 };

	table_page(PAGE, OUT, 0x1000);
	memset((void *)TABLE, 0, 0x1000);
	prepare_table(&c, PAGE, TABLE, 16);
	return same("GET_RSCTABLE", scm_complete(&c), 0);
}

/* stale bytes of the service's stack would differ from one call to the next */
static bool table_is_always_the_same(void)
{
	memset((void *)OUT, 0, 0x1000);
	if (!get_table())
		return false;
	memcpy((void *)SCRATCH2, (void *)OUT, 0x1000);
	if (!place_image(SMALL) || !same("AUTH_AND_RESET", pas_auth(), 0) || !get_table())
		return false;
	return same("bytes that differ", memcmp((void *)SCRATCH2, (void *)OUT, 0x1000), 0);
}

const struct attack secret_attacks[] = {
	{ "secure_memory_is_read", "every load from secure RAM, secure flash and secure devices faults",
	  secure_memory_read, 0 },
	{ "secure_memory_is_written", "every store there faults, and the secure world goes on", secure_memory_written,
	  0 },
	{ "secure_memory_is_executed", "every fetch from there faults", secure_memory_executed, 0 },
	{ "registers_after_any_call", "x0 is a status, x1 to x3 are small, all others come back as they were",
	  registers_after_any_call, 0 },
	{ "registers_of_interrupted_calls", "x6 is the number to resume with, all others come back as they were",
	  registers_of_interrupted_calls, 0 },
	{ "registers_of_the_monitors_own_calls", "x0 is the answer, all others come back as they were",
	  registers_of_the_monitors_calls, 0 },
	{ "vector_registers_after_a_verification", "they hold what the host had there", vector_registers, 0 },
	{ "long_vectors_during_a_verification",
	  "at every interruption they hold what the host had there, in full length", long_vectors, 0 },
	{ "streaming_vectors_during_a_verification",
	  "a host in streaming mode finds its vectors as they were, and its image is verified", streaming_vectors, 0 },
	{ "el1_registers_after_a_verification",
	  "they hold what the host had there, and the verification did not use them", el1_registers, HOST_EL2 },
	{ "registers_of_a_cpu_that_starts", "x0 is the host's argument, all others are zero", registers_of_a_new_cpu,
	  0 },
	{ "carveout_after_shutdown", "every word is zero", carveout_after_shutdown, 0 },
	{ "carveout_after_a_refusal", "every word is zero, the host's own included", carveout_after_refusal, 0 },
	{ "memory_of_a_running_program_is_read", "the host sees nothing of what the program writes, then or later",
	  memory_of_a_running_program, NEEDS_LOCK },
	{ "shim_of_a_running_core_is_read_and_written", "the host's accesses fault, and the program goes on", shim_read,
	  NEEDS_LOCK },
	{ "answer_holds_stale_bytes", "the resource table is the same before and after a verification",
	  table_is_always_the_same, HOST_CALLS },
	{ NULL, NULL, NULL, 0 },
};
