/* SPDX-License-Identifier: BSD-2-Clause */
/* Null calls, whole authentications, waits of interrupts; one line for each number. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "cost.h"

#define SMCCC_VERSION	       0x80000000u
#define ROUNDS		       1000u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define CPTR_NO_TRAPS	       0x22ffu /* the bits that are always 1 */

uint64_t cost_now(void)
{
	fw_isb();
	return fw_read(cntpct_el0);
}

/* a nanosecond is an instruction */
uint64_t cost_instructions(uint64_t ticks)
{
	return ticks * 1000u / (fw_read(cntfrq_el0) / 1000000u);
}

void cost_print(const char *kind, const char *what, uint64_t instructions)
{
	print(kind);
	print(" ");
	print(what);
	print(" ");
	print_dec((int64_t)instructions);
	print("\n");
}

/* many, because the clock ticks every few instructions only; the loop is a few instructions of each round */
static void cost_of_call(const char *what, uint64_t id, uint64_t info, uint64_t arg)
{
	uint64_t start = cost_now();

	for (unsigned int i = 0; i < ROUNDS; i++) {
		register uint64_t x0 __asm__("x0") = id;
		register uint64_t x1 __asm__("x1") = info;
		register uint64_t x2 __asm__("x2") = arg;

		__asm__ volatile("smc #0"
				 : "+r"(x0), "+r"(x1), "+r"(x2)
				 :
				 : "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
				   "x16", "x17", "memory");
	}
	cost_print("cost", what, cost_instructions(cost_now() - start) / ROUNDS);
}

static int64_t timed(const char *what, int64_t (*request)(void))
{
	uint64_t start = cost_now();
	int64_t status = request();

	cost_print("cost", what, cost_instructions(cost_now() - start));
	return status;
}

static bool cost_of_image(const char *name, const char *auth, const char *shutdown)
{
	return place_image(name) && same("AUTH_AND_RESET", timed(auth, pas_auth), 0) &&
	       same("SHUTDOWN", timed(shutdown, pas_shutdown), 0);
}

static bool costs(void)
{
	const struct archive_entry *e = archive_find(LARGE);

	cost_of_call("monitor-call", SMCCC_VERSION, 0, 0);
	/* the same with a record of the trace; and one by the service with two */
	cost_of_call("monitor-call-traced", PSCI_MIGRATE_INFO_TYPE, 0, 0);
	cost_of_call("query-traced", PIL_SCM_STD64(PIL_SCM_PAS_IS_SUPPORTED), PIL_SCM_ARGS_VALUES(1u),
		     VIRT_ADSP_PAS_ID);
	cost_of_call("null-call", PIL_SCM_STD64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u),
		     PIL_SCM_OWNER_SIP | PIL_SCM_PAS_AUTH_AND_RESET);
	if (!cost_of_image(SMALL, "auth-small", "shutdown-small") ||
	    !cost_of_image(LARGE, "auth-large", "shutdown-large") || !place_image(LARGE))
		return false;
	cost_print("size", LARGE, e->memory_size);
	cost_print("size", SMALL, archive_find(SMALL)->memory_size);
	if (!archive_find(QUICK))
		cost_of_hash(e->place, e->memory_size);
	return same("SHUTDOWN", pas_shutdown(), 0);
}

void payload_main(uint64_t tree)
{
	uart_init();
	timer_init();
	fw_write(cptr_el2, CPTR_NO_TRAPS);
	fw_isb();
	if (started_as_a_host(tree) && cost_kernels() && costs() &&
	    (archive_find(QUICK) || (cost_tables() && cost_waits())))
		print("cost: done\n");
	psci_system_off();
}
