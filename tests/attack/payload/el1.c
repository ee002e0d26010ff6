/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls from EL1: a host without a hypervisor, or a guest whose hypervisor does not trap SMCs. */
#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "attack.h"
#include "el1.h"

#define HCR_TSC	 (UINT64_C(1) << 19) /* SMCs of EL1 trap to EL2 */
#define EC_SMC64 0x17u
#define SOON_US	 2000u

/** struct at_el1 - what happened there */
struct at_el1 {
	const struct archive_entry *image;
	uint64_t metadata;
	uint64_t session;
	unsigned int level;
	unsigned int wrong;
	int64_t status;
	struct scm_call call;
};

static struct at_el1 with_image(void)
{
	const struct archive_entry *e = archive_find(SMALL);

	return (struct at_el1){ .image = e, .metadata = archive_metadata(e, 0) };
}

static uint64_t starts_and_stops(void *arg)
{
	struct at_el1 *a = arg;

	a->level = (unsigned int)(fw_read(CurrentEL) >> 2);
	a->wrong += pas_init_image(a->metadata) != 0;
	a->wrong += pas_mem_setup(a->image->place, a->image->span) != 0;
	archive_copy_memory(a->image);
	a->wrong += pas_auth() != 0;
	a->wrong += !door_answers();
	a->wrong += pas_shutdown() != 0;
	return 0;
}

static bool same_answers(void)
{
	struct at_el1 a = with_image();

	return same("it came back", (int64_t)el1_run(starts_and_stops, &a, 0), 0) &&
	       same("exception level", a.level, 1) && same("answers that differ", a.wrong, 0) && flow();
}

static uint64_t points_astray(void *arg)
{
	static const uint64_t where[] = { VIRT_MONITOR_RAM, VIRT_SERVICE_RAM, VIRT_ADSP_COPY,	VIRT_FLASH_FUSES,
					  VIRT_GICD,	    VIRT_ADSP_MEM,    VIRT_UART_SECURE, UINT64_MAX - 7 };
	struct at_el1 *a = arg;

	for (unsigned int i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		struct scm_call c = { 0 };

		a->wrong += pas_init_image(where[i]) != PIL_SCM_EADDR;
		prepare_table(&c, where[i], SCRATCH, 16);
		a->wrong += scm_complete(&c) != PIL_SCM_EADDR;
	}
	return 0;
}

static bool pointers(void)
{
	struct at_el1 a = { 0 };

	return same("it came back", (int64_t)el1_run(points_astray, &a, 0), 0) &&
	       same("answers other than EADDR", a.wrong, 0) && flow();
}

static uint64_t calls_of_others(void *arg)
{
	static const uint32_t ids[] = { PIL_MON_READY,	    PIL_MON_RETURN,	PIL_MON_LOG,	  PIL_MON_CORE_START,
					PIL_MON_CORE_STOP,  PIL_MON_CORE_STATE, PIL_MON_SHIM_LOG, PIL_MON_SHIM_READY,
					PIL_MON_SHIM_CRASH, PIL_MON_SHIM_PARK };
	struct at_el1 *a = arg;

	for (unsigned int i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct smc_regs r = { .x = { ids[i], 0, VIRT_SERVICE_RAM, 64 } };

		smc_call(&r);
		a->wrong += (int64_t)r.x[0] != -1 || r.spoiled;
	}
	return 0;
}

static bool foreign_calls(void)
{
	struct at_el1 a = { 0 };

	return same("it came back", (int64_t)el1_run(calls_of_others, &a, 0), 0) &&
	       same("answers other than NOT_SUPPORTED", a.wrong, 0) && flow();
}

static uint64_t one_shutdown(void *arg)
{
	struct at_el1 *a = arg;

	a->status = pas_shutdown();
	return 0;
}

static bool trapped_calls(void)
{
	struct at_el1 a = { .status = INT64_MAX };
	uint64_t end = el1_run(one_shutdown, &a, HCR_TSC);

	log_counts("adsp: SHUTDOWN ", 1, 1); /* the one that follows every attack */
	return same("EL2 gets it", (end & EL1_TRAPPED) != 0 && (end >> 26 & 0x3f) == EC_SMC64, true) &&
	       same("EL1 gets an answer", a.status != INT64_MAX, false);
}

static uint64_t resume_there(void *arg)
{
	struct at_el1 *a = arg;

	scm_resume(&a->call, a->session);
	a->status = scm_finish(&a->call);
	a->level = (unsigned int)(fw_read(CurrentEL) >> 2);
	return 0;
}

static bool resumed_at_el1(void)
{
	struct scm_call c = { 0 };
	struct at_el1 a = { 0 };
	bool good = suspend_auth(&c, SMALL, SOON_US);

	a.session = c.out.x[6];
	a.call = c;
	good = same("it came back", (int64_t)el1_run(resume_there, &a, 0), 0) && good;
	good = same("the call ended", a.status, 0) && same("exception level", a.level, 1) && good;
	return same("resumed once more", scm_resume(&c, a.session), PIL_SCM_EINVAL) && good;
}

static uint64_t begin_there(void *arg)
{
	struct at_el1 *a = arg;

	a->status = scm_issue(&a->call);
	return 0;
}

static bool begun_at_el1(void)
{
	struct at_el1 a = { 0 };
	bool good = place_image(SMALL);

	prepare_auth(&a.call);
	timer_start(0);
	good = same("it came back", (int64_t)el1_run(begin_there, &a, 0), 0) && good;
	timer_take();
	good = same("AUTH_AND_RESET at EL1", a.status, PIL_SCM_INTERRUPTED) && good;
	return same("it goes on at EL2", scm_finish(&a.call), 0) && good;
}

/* what EL1 may not name is undefined at EL1: the monitor neither stops nor sends it to EL2 as the host's */
#define READER(name, reg)                                                                                              \
	static uint64_t name(void *arg)                                                                                \
	{                                                                                                              \
		(void)arg;                                                                                             \
		return fw_read(reg) & 0;                                                                               \
	}

READER(reads_secure_timer, S3_7_C14_C2_1)
READER(reads_monitor, scr_el3)
READER(reads_hypervisor, hcr_el2)
READER(reads_group0, S3_0_C12_C8_0) /* ICC_IAR0_EL1 */
READER(reads_trace, S2_1_C0_C1_0)   /* TRCPRGCTLR */

static bool registers(void)
{
	static uint64_t (*const readers[])(void *) = { reads_secure_timer, reads_monitor, reads_hypervisor,
						       reads_group0, reads_trace };
	bool good = true;

	for (unsigned int i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		uint64_t end = el1_run(readers[i], NULL, 0);

		good = same("undefined at EL1", end == (EL1_CAUGHT | UINT64_C(1) << 25), true) && good;
	}
	return good && flow();
}

/* vectors and stack of EL1 lead into secure memory: the monitor uses neither for itself */
static uint64_t spoilt_el1(void *arg)
{
	struct at_el1 *a = arg;

	fw_write(tpidr_el1, VIRT_MONITOR_RAM);
	fw_write(ttbr0_el1, VIRT_SERVICE_RAM);
	fw_write(ttbr1_el1, VIRT_SERVICE_RAM);
	fw_write(elr_el1, VIRT_SERVICE_RAM);
	fw_write(mair_el1, 0x0123456789abcdef);
	(void)starts_and_stops(arg);
	a->wrong += fw_read(tpidr_el1) != VIRT_MONITOR_RAM || fw_read(ttbr0_el1) != VIRT_SERVICE_RAM ||
		    fw_read(elr_el1) != VIRT_SERVICE_RAM || fw_read(mair_el1) != 0x0123456789abcdef;
	return 0;
}

static bool el1_registers_spoilt(void)
{
	struct at_el1 a = with_image();

	return same("it came back", (int64_t)el1_run(spoilt_el1, &a, 0), 0) &&
	       same("answers or registers that differ", a.wrong, 0);
}

const struct attack el1_attacks[] = {
	{ "whole_life_of_an_image_from_el1", "the normal world is one: the same answers as at EL2, and back at EL1",
	  same_answers, HOST_EL2 },
	{ "pointers_from_el1", "they are physical and checked as EL2's are", pointers, HOST_EL2 },
	{ "calls_of_service_and_shim_from_el1", "they are not the normal world's", foreign_calls, HOST_EL2 },
	{ "calls_from_el1_that_el2_traps", "EL2 gets them, the secure world hears nothing", trapped_calls, HOST_EL2 },
	{ "call_of_el2_resumed_at_el1", "it goes on and ends there, once", resumed_at_el1, HOST_EL2 },
	{ "call_of_el1_resumed_at_el2", "it is interrupted, and goes on", begun_at_el1, HOST_EL2 },
	{ "registers_of_higher_levels_at_el1", "each is undefined, at EL1", registers, HOST_EL2 },
	{ "el1_registers_that_lead_into_secure_memory", "they come back as they were, and nobody used them",
	  el1_registers_spoilt, HOST_EL2 },
	{ NULL, NULL, NULL, 0 },
};
