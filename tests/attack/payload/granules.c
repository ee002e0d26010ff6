/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Granule protection, or a hypervisor's stage 2: while a carve-out is locked, every access of the host's CPUs to it is an external
 * abort, and the secure log names it. What runs is a copy anyway: this is the second layer.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/vmsa.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define SOON_US	 3000u
#define CRASH_US 600000u
#define LOCK_US	 5000000u
#define WORD	 UINT64_C(0x5a5a5a5a5a5a5a5a)
#define FLOOD	 20000u

/* ESR_EL2 of an external abort at this level, but for what the access was */
#define CLASS(syndrome)	 ((syndrome) >> 26)
#define STATUS(syndrome) ((syndrome)&0x3f)
#define DATA_ABORT	 0x25u
#define INSN_ABORT	 0x21u
#define EXTERNAL	 0x10u
#define EXTERNAL_WALK	 0x15u /* at level 1 */

#define HCR_TGE	    (1ull << 27)
#define HCR_E2H	    (1ull << 34)
#define TTBR1_EL2   S3_4_C2_C0_1
#define TCR_39_BITS (25u | 25u << 16 | 2ull << 30 | 5ull << 32) /* both halves, 4 KiB granule */
#define UPPER_HALF  UINT64_C(0xffffff8000000000)

#define REFUSED(what, where) "monitor: CPU \\d+: " what " at 0x[0-9a-f]+ \\(" where "\\) refused by granule protection"
#define ADSP		     "carve-out of adsp"
#define ANY_REFUSED	     "granule protection"

/* a hypervisor stops the same accesses before granule protection comes to them */
#define STOPPED	     "hypervisor: CPU \\d+: access to 0x[0-9a-f]+ stopped"
#define STOPPED_ADSP "access to 0xb0[0-9a-f]{6} stopped"

/**
 * struct visit - one CPU's looks at a range
 * @reached: accesses that were possible
 * @strange: exceptions that were no external aborts
 * @zeros:   words that were read and were zero
 */
struct visit {
	uint64_t base, size;
	unsigned int reached, strange, zeros;
};

static void log_refused(const char *by_the_monitor)
{
	log_has(is_guest() ? STOPPED : by_the_monitor);
}

static void note(struct visit *v, bool reached, unsigned int class)
{
	uint64_t syndrome = fault_syndrome();

	v->reached += reached;
	v->strange += !reached && (CLASS(syndrome) != class || STATUS(syndrome) != EXTERNAL);
}

/* the first, a middle and the last word */
static void look(void *arg)
{
	struct visit *v = arg;
	const uint64_t at[] = { v->base, v->base + v->size / 2, v->base + v->size - 8 };
	size_t i = 0;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		uint64_t value = 1;

		note(v, try_read(at[i], &value), DATA_ABORT);
		v->zeros += !value;
	}
}

static void look_write_run(void *arg)
{
	struct visit *v = arg;
	const uint64_t at[] = { v->base, v->base + v->size / 2, v->base + v->size - 8 };
	size_t i = 0;

	look(v);
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		note(v, try_write(at[i], WORD), DATA_ABORT);
		note(v, try_call(at[i]), INSN_ABORT);
	}
}

/* Return: @function ran on every CPU of the host with its own copy of @v, and @v has the sums */
static bool from_every_cpu(void (*function)(void *), struct visit *v)
{
	unsigned int cpu = 0;

	for (cpu = 0; cpu < host_cpus(); cpu++) {
		struct visit one = { .base = v->base, .size = v->size };

		if (!cpu)
			function(&one);
		else if (!cpu_run(cpu, function, &one) || !cpu_join(cpu))
			return false;
		v->reached += one.reached;
		v->strange += one.strange;
		v->zeros += one.zeros;
	}
	return true;
}

static bool closed(uint64_t base, uint64_t size)
{
	struct visit v = { .base = base, .size = size };

	return from_every_cpu(look_write_run, &v) && same("accesses that were possible", v.reached, 0) &&
	       same("exceptions that were no external aborts", v.strange, 0);
}

/* Return: all CPUs see zeros there, and can write */
static bool open_and_zero(uint64_t base, uint64_t size)
{
	struct visit v = { .base = base, .size = size };
	uint64_t value = 0;

	return from_every_cpu(look, &v) && same("words that are zero", v.zeros, 3 * host_cpus()) &&
	       all_zero("the carve-out", base, size) && same("it can be written", try_write(base, WORD), true) &&
	       same("it can be read", try_read(base, &value) && value == WORD, true);
}

/* a hypervisor's AUTH may have ended before verification began: then the host finds there what it had put there */
static bool open_after_abandoned(uint64_t base, uint64_t size)
{
	struct visit v = { .base = base, .size = size };

	if (!is_guest())
		return open_and_zero(base, size);
	return from_every_cpu(look, &v) && same("words that can be read", v.reached, 3 * host_cpus()) &&
	       same("it can be written", try_write(base, WORD), true);
}

static bool carveout_is_closed(void)
{
	return closed(VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
}

static bool while_the_program_runs(void)
{
	bool good = true;

	stream_open();
	good = program_start();
	good = carveout_is_closed() && good;
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	log_refused(REFUSED("read", ADSP));
	log_refused(REFUSED("write", ADSP));
	log_refused(REFUSED("fetch", ADSP));
	return good;
}

/* Return: AUTH is suspended at a point where it has the carve-out */
static bool suspend_locked_auth(struct scm_call *c)
{
	uint64_t start = time_us(), value = 0;

	if (!suspend_auth(c, SMALL, SOON_US))
		return false;
	while (c->out.x[0] == PIL_SCM_INTERRUPTED && try_read(VIRT_ADSP_MEM, &value) && time_us() - start < LOCK_US) {
		timer_start(SOON_US);
		scm_resume(c, c->out.x[6]);
		timer_take();
	}
	return same("suspended AUTH", (int64_t)c->out.x[0], PIL_SCM_INTERRUPTED) &&
	       same("it has the carve-out", try_read(VIRT_ADSP_MEM, &value), false);
}

static bool during_auth(void)
{
	struct scm_call c = { 0 };
	bool good = suspend_locked_auth(&c);

	if (!good)
		return false;
	good = carveout_is_closed();
	scm_resume(&c, c.out.x[6]);
	log_refused(REFUSED("read", ADSP));
	return same("AUTH_AND_RESET", scm_finish(&c), 0) && good;
}

static bool after_shutdown(void)
{
	log_lacks(is_guest() ? STOPPED_ADSP : ANY_REFUSED);
	return flow() && open_and_zero(VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
}

static bool after_refusal(void)
{
	log_lacks(is_guest() ? STOPPED_ADSP : ANY_REFUSED);
	if (!place_image(SMALL))
		return false;
	*(volatile uint8_t *)VIRT_ADSP_MEM ^= 1;
	return same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL) && open_and_zero(VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
}

static bool after_abandoned_auth(void)
{
	struct scm_call c = { 0 };

	return suspend_locked_auth(&c) && same("SHUTDOWN", pas_shutdown(), 0) &&
	       open_after_abandoned(VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
}

/* a crash opens nothing: the core is held and the memory scrubbed first */
static bool after_crash(void)
{
	bool good = true;

	stream_open();
	good = program_start();
	program_tell(PROGRAM_READ, UINT64_C(0x50000000));
	remote_wait_crash(&remote_adsp);
	good = carveout_is_closed() && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && open_and_zero(VIRT_ADSP_MEM, VIRT_ADSP_SIZE) && good;
	stream_close();
	log_has("core 0: read of 0x50000000 ");
	return good;
}

static bool after_init_image(void)
{
	return place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0) &&
	       same("INIT_IMAGE", pas_init_image(archive_metadata(archive_find(SMALL), 0)), 0) &&
	       open_and_zero(VIRT_ADSP_MEM, VIRT_ADSP_SIZE);
}

/* --- other ways to look --- */

/* each is one instruction that faults, with @at as its address */
#define EACH_WAY(K, at)                                                                                                \
	K("pair of words", "ldp x9, x10, [%0]", at)                                                                    \
	K("exclusive", "ldxr x9, [%0]", at)                                                                            \
	K("acquiring", "ldar x9, [%0]", at)                                                                            \
	K("releasing", "stlr xzr, [%0]", at)                                                                           \
	K("byte", "ldrb w9, [%0]", at)                                                                                 \
	K("vector", "ldr q0, [%0]", at)                                                                                \
	K("block of zeros", "dc zva, %0", at)                                                                          \
	K("atomic", ".arch_extension lse\n\tldadd x9, x10, [%0]", at)

static bool every_kind_of_access(void)
{
	const uint64_t at = VIRT_ADSP_MEM + 0x1000u;
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);

	vectors_on();
#define TRY(what, instruction, address)                                                                                \
	fault_arm();                                                                                                   \
	__asm__ volatile(instruction ::"r"(address) : "x9", "x10", "v0", "memory");                                    \
	good = same(what, (int64_t)STATUS(fault_disarm()), EXTERNAL) && good;
	EACH_WAY(TRY, at)
	return good;
}

/* a word at an address whose table of level 1 is at @table. Return: syndrome of the attempt. The program itself stays identity mapped */
static uint64_t read_through(uint64_t table)
{
	const uint64_t hcr = fw_read(hcr_el2), tcr = fw_read(tcr_el2), sctlr = fw_read(sctlr_el2);
	volatile uint64_t *own = (volatile uint64_t *)SCRATCH;
	uint64_t value = 0, i = 0;

	for (i = 0; i < 512; i++)
		own[i] = i < 4 ? i << 30 | PIL_VMSA_AF | PIL_VMSA_VALID : 0;
	fw_write(mair_el2, 0x44);
	fw_write(ttbr0_el2, SCRATCH);
	fw_write(hcr_el2, hcr | HCR_E2H | HCR_TGE);
	fw_isb();
	fw_write(TTBR1_EL2, table);
	fw_write(tcr_el2, TCR_39_BITS);
	__asm__ volatile("dsb sy\n\ttlbi alle2\n\tdsb sy\n\tisb" ::: "memory");
	fw_write(sctlr_el2, sctlr | 1u);
	fw_isb();
	(void)try_read(UPPER_HALF, &value);
	fw_write(sctlr_el2, sctlr);
	fw_isb();
	fw_write(tcr_el2, tcr);
	fw_write(hcr_el2, hcr);
	fw_isb();
	return fault_syndrome();
}

/* a walk of the CPU's is an access like any other: it faults before it finds anything */
static bool tables_in_the_carveout(void)
{
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);
	uint64_t syndrome = read_through(VIRT_ADSP_MEM);

	log_refused(REFUSED("table walk", ADSP));
	return same("class", (int64_t)CLASS(syndrome), DATA_ABORT) &&
	       same("status", (int64_t)STATUS(syndrome), EXTERNAL_WALK) && good;
}

static bool asks_the_monitor(void)
{
	static const uint32_t functions[] = { PIL_MON_OPEN, PIL_MON_PROTECT };
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);
	uint64_t value = 0;
	size_t i = 0;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		struct smc_regs r = { .x = { functions[i], VIRT_ADSP_MEM, VIRT_ADSP_SIZE } };

		smc_call(&r);
		good = same("answer", (int64_t)r.x[0], PIL_MON_UNKNOWN) && good;
		r = (struct smc_regs){ .x = { functions[i], VIRT_MONITOR_RAM, VIRT_MONITOR_SIZE } };
		smc_call(&r);
		good = same("answer", (int64_t)r.x[0], PIL_MON_UNKNOWN) && good;
	}
	return same("the carve-out can be read", try_read(VIRT_ADSP_MEM, &value), false) &&
	       same("the monitor can be read", try_read(VIRT_MONITOR_RAM, &value), false) && good;
}

/* the host keeps what is its own: the lock ends where the carve-out does */
static bool neighbours_stay_open(void)
{
	static const uint64_t at[] = { VIRT_ADSP_MEM - 8u, VIRT_ADSP_MEM + VIRT_ADSP_SIZE,
				       VIRT_CDSP_MEM,	   VIRT_VIDEO_MEM,
				       VIRT_ADSP_DTB_MEM,  VIRT_ZAP_MEM,
				       VIRT_SMEM,	   VIRT_RAM + 0x1000u };
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);
	size_t i = 0;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		uint64_t value = 0;

		good = same("it can be read", try_read(at[i], &value), true) && good;
		good = same("it can be written", try_write(at[i], value), true) && good;
	}
	log_lacks(is_guest() ? STOPPED_ADSP : ANY_REFUSED);
	return good;
}

static bool secure_memory_by_name(void)
{
	static const uint64_t at[] = { VIRT_FLASH_SERVICE, VIRT_FLASH_COUNTERS, VIRT_MONITOR_RAM, VIRT_SERVICE_RAM,
				       VIRT_SHIM_MASTER,   VIRT_SHIM_SECURE,	VIRT_COPIES };
	unsigned int possible = 0;
	uint64_t value = 0;
	bool good = flow();
	size_t i = 0;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		possible += try_read(at[i], &value);
	log_refused(REFUSED("read", "flash"));
	log_refused(REFUSED("read", "rollback counters"));
	log_refused(REFUSED("read", "monitor"));
	log_refused(REFUSED("read", "service"));
	log_refused(REFUSED("read", "monitor's copy of the shim"));
	log_refused(REFUSED("read", "shims"));
	log_refused(REFUSED("read", "copies of carve-outs"));
	return same("words that could be read", possible, 0) && good;
}

static void flood(void *arg)
{
	struct visit *v = arg;
	uint64_t value = 0;
	unsigned int i = 0;

	for (i = 0; i < FLOOD; i++)
		v->reached += try_read(v->base + i % 512u * 8u, &value);
}

/* AUTH goes on beside it, and the log has room for others */
static bool faults_in_a_storm(void)
{
	struct visit v[2] = { { .base = VIRT_ADSP_MEM }, { .base = VIRT_ADSP_MEM + 0x1000u } };
	struct scm_call c = { 0 };
	bool good = suspend_locked_auth(&c);

	if (!good || !cpu_run(1, flood, &v[0]) || !cpu_run(2, flood, &v[1]))
		return false;
	scm_resume(&c, c.out.x[6]);
	good = same("AUTH_AND_RESET", scm_finish(&c), 0);
	good = cpu_join(1) && cpu_join(2) && good;
	if (is_guest())
		log_counts(STOPPED, 128, 200);
	else
		log_counts(REFUSED("read", ADSP), 32, 80);
	return same("reads that were possible", v[0].reached + v[1].reached, 0) && good;
}

#define FAULTS "every access from every CPU is an external abort"

const struct attack granule_attacks[] = {
	{ "carveout_of_a_running_program_from_every_cpu", FAULTS ", the secure log has it, and the program goes on",
	  while_the_program_runs, NEEDS_FAULTS },
	{ "carveout_during_auth_from_every_cpu", FAULTS ", and AUTH ends well", during_auth, NEEDS_FAULTS },
	{ "carveout_after_shutdown_from_every_cpu", "it can be read and written again, and is zero", after_shutdown,
	  NEEDS_FAULTS },
	{ "carveout_after_a_refusal_from_every_cpu", "it can be read and written again, and is zero", after_refusal,
	  NEEDS_FAULTS },
	{ "carveout_after_an_abandoned_auth_from_every_cpu",
	  "it can be read and written again, and is zero once it was verified", after_abandoned_auth, NEEDS_FAULTS },
	{ "carveout_after_a_crash_from_every_cpu", FAULTS " until SHUTDOWN; then it can be read, and is zero",
	  after_crash, NEEDS_FAULTS },
	{ "carveout_after_init_image_over_a_running_program", "it can be read and written again, and is zero",
	  after_init_image, NEEDS_FAULTS },
	{ "locked_carveout_by_every_kind_of_access", "each is an external abort", every_kind_of_access, NEEDS_FAULTS },
	{ "translation_tables_in_a_locked_carveout", "the walk is an external abort", tables_in_the_carveout,
	  NEEDS_FAULTS | HOST_EL2 },
	{ "monitor_asked_to_open_a_locked_carveout", "it knows no such call of the host's, and nothing opens",
	  asks_the_monitor, NEEDS_FAULTS },
	{ "what_lies_beside_a_locked_carveout", "it is the host's as ever", neighbours_stay_open, NEEDS_FAULTS },
	{ "secure_memory_by_its_names", "each access faults, and the secure log says what was there",
	  secure_memory_by_name, NEEDS_FAULTS },
	{ "forty_thousand_faults_during_auth", "AUTH ends well, and the secure log has a few lines of it",
	  faults_in_a_storm, NEEDS_FAULTS },
	{ NULL, NULL, NULL, 0 },
};
