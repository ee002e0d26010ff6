/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host that dies: it brings a peripheral to a phase, and then it ends, or another one takes its place, or somebody resets the
 * machine. Each boot begins with what a good host does: a rollback version that has been passed is refused, the next one is
 * accepted, runs, is stopped and is counted.
 */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../payload/attack.h"
#include "../protocol.h"
#include "orders.h"

#define SOON_US	   3000u /* AUTH has begun, and is far from its end */
#define CRASHED_US 100000u
#define UNMAPPED   UINT64_C(0x50000000)

static volatile uint64_t *const boots = (volatile uint64_t *)DYING_BOOTS;
static volatile uint64_t *const order = (volatile uint64_t *)DYING_ORDER;

static const char *image_name(uint64_t version)
{
	static char name[3];

	name[0] = (char)('0' + version / 10);
	name[1] = (char)('0' + version % 10);
	name[2] = '\0';
	return version < 10 ? name + 1 : name;
}

static bool ask_table(void)
{
	struct scm_call c = { 0 };

	prepare_get_table(&c, SCRATCH);
	return same("GET_RSCTABLE", scm_complete(&c), 0);
}

static bool load(uint64_t version)
{
	const struct archive_entry *e = archive_find(image_name(version));

	return same("image in the archive", e != NULL, true) &&
	       same("INIT_IMAGE", pas_init_image(archive_metadata(e, 0)), 0);
}

/* as the stock driver of a host begins that knows of nothing before it */
static bool begin(uint64_t version)
{
	return ask_table() && place_image(image_name(version));
}

static bool run(uint64_t version)
{
	return begin(version) && same("AUTH_AND_RESET", pas_auth(), 0) &&
	       same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true);
}

static bool scrubbed(void)
{
	uint64_t at = VIRT_ADSP_MEM;

	while (at < VIRT_ADSP_MEM + VIRT_ADSP_SIZE && !*(const volatile uint64_t *)at)
		at += sizeof(uint64_t);
	return same("the carve-out is zero up to", (int64_t)at, VIRT_ADSP_MEM + VIRT_ADSP_SIZE);
}

static bool stop(void)
{
	return same("SHUTDOWN", pas_shutdown(), 0) && scrubbed();
}

static bool refused(uint64_t version)
{
	return begin(version) && same("AUTH_AND_RESET of an old version", pas_auth(), PIL_SCM_EINVAL) && stop();
}

/* whatever happened before, the version that was counted last is the one before @boot or @boot itself */
static bool good_host(uint64_t boot)
{
	if (!scrubbed()) /* before anybody has called the service */
		return false;
	return (boot < 2 || refused(boot - 2)) && run(boot) && stop() && (boot < 1 || refused(boot - 1));
}

static bool suspend(struct scm_call *c, uint64_t us)
{
	timer_start(us);
	return same("interrupted call", scm_issue(c), PIL_SCM_INTERRUPTED) &&
	       same("pending interrupt", (int64_t)timer_take(), timer_intid());
}

static bool suspend_table(void)
{
	struct scm_call c = { 0 };

	prepare_get_table(&c, SCRATCH);
	return suspend(&c, 0);
}

static bool suspend_init(uint64_t version)
{
	struct scm_call c = { 0 };
	const struct archive_entry *e = archive_find(image_name(version));

	prepare_init_image(&c, archive_metadata(e, 0));
	return suspend(&c, 0);
}

static bool suspend_shutdown(uint64_t version)
{
	struct scm_call c = { 0 };

	if (!run(version))
		return false;
	prepare_shutdown(&c);
	return suspend(&c, 0);
}

static bool crash(uint64_t version)
{
	if (!run(version))
		return false;
	program_tell(PROGRAM_READ, UNMAPPED);
	wait_us(CRASHED_US);
	return true;
}

static bool suspend_authentication(uint64_t version)
{
	struct scm_call c = { 0 };

	return ask_table() && suspend_auth(&c, image_name(version), SOON_US);
}

static int64_t bridge_call(uint32_t function, uint32_t arginfo, const uint64_t *arg, uint64_t *handle)
{
	struct scm_call c = { 0 };
	int64_t status = 0;

	scm_prepare(&c, PIL_SCM_STD64(function), arginfo, arg[0], arg[1], arg[2]);
	c.in.x[5] = arg[3];
	status = scm_complete(&c);
	*handle = c.out.x[2];
	return status;
}

/* all buffers in one bridge from now on; asked again, it begins anew */
static bool bridges(uint64_t *handle)
{
	static const uint64_t nothing[4];
	const uint64_t wish[4] = { VIRT_INITRD | 6, VIRT_INITRD | 6,
				   (SCRATCH + 0x100000 - VIRT_INITRD) | PIL_SCM_BRIDGE_ONE_VM, PIL_SCM_BRIDGE_HOST_VM };

	return same("SHM_BRIDGE_ENABLE", bridge_call(PIL_SCM_MP_SHM_BRIDGE_ENABLE, 0, nothing, handle), 0) &&
	       same("SHM_BRIDGE_CREATE",
		    bridge_call(PIL_SCM_MP_SHM_BRIDGE_CREATE, PIL_SCM_ARGS_VALUES(4u), wish, handle), 0);
}

static bool drop_bridge(uint64_t handle)
{
	const uint64_t arg[4] = { handle };

	return same("SHM_BRIDGE_DELETE",
		    bridge_call(PIL_SCM_MP_SHM_BRIDGE_DELETE, PIL_SCM_ARGS_VALUES(1u), arg, &handle), 0);
}

static bool run_with_bridges(uint64_t version)
{
	uint64_t handle = 0;

	return bridges(&handle) && run(version);
}

static bool reach(unsigned int phase, uint64_t version)
{
	switch (phase) {
	case DYING_PHASE_TABLE_SUSPENDED:
		return suspend_table();
	case DYING_PHASE_INIT_SUSPENDED:
		return suspend_init(version);
	case DYING_PHASE_LOADED:
		return load(version);
	case DYING_PHASE_PLACED:
		return begin(version);
	case DYING_PHASE_AUTH_SUSPENDED:
		return suspend_authentication(version);
	case DYING_PHASE_RUNNING:
		return run(version);
	case DYING_PHASE_CRASHED:
		return crash(version);
	case DYING_PHASE_SHUTDOWN_SUSPENDED:
		return suspend_shutdown(version);
	case DYING_PHASE_BRIDGES:
		return run_with_bridges(version);
	default:
		return same("phase", phase, DYING_PHASES);
	}
}

/* everything that a host does, over and over: somebody outside waits for the right moment */
static _Noreturn void work(uint64_t version)
{
	bool good = true;
	uint64_t handle = 0;

	while (good) {
		struct scm_call c = { 0 };

		good = ask_table() && suspend_auth(&c, image_name(version), SOON_US) &&
		       same("resumed AUTH_AND_RESET", (scm_resume(&c, c.out.x[6]), scm_finish(&c)), 0) &&
		       same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && stop();
		good = good && bridges(&handle) && run(version) && stop() && drop_bridge(handle) && bridges(&handle);
	}
	print("work failed\n");
	for (;;)
		;
}

static bool obey(uint64_t what, uint64_t boot)
{
	const unsigned int way = (unsigned int)(what >> 8);
	bool good = true;

	if (way == DYING_WAY_WORK)
		work(boot + 1);
	good = reach((unsigned int)what & 0xff, boot + 1);
	print(good ? "dies\n" : "cannot die\n");
	if (good && way == DYING_WAY_RESET)
		psci_system_reset();
	if (good && way == DYING_WAY_OFF)
		psci_cpu_off();
	if (good && way == DYING_WAY_OTHER)
		good = (what & 0xff) == DYING_PHASE_BRIDGES ? run_with_bridges(boot + 1) && stop()
							    : run(boot + 1) && stop();
	print(good ? "another host is well\n" : "another host is not well\n");
	return good;
}

static void say_number(const char *what, uint64_t number)
{
	print(what);
	print_dec((int64_t)number);
	print("\n");
}

void payload_main(uint64_t tree)
{
	const uint64_t boot = (*boots)++;
	uint64_t what = 0;
	bool good = true;

	uart_init();
	timer_init();
	*order = 0;
	stream_open();
	good = started_as_a_host(tree) && good_host(boot);
	say_number(good ? "good host " : "no good host ", boot);
	while (good && what >> 8 != DYING_WAY_END) {
		while (!*order)
			;
		what = *order;
		*order = 0;
		good = what >> 8 == DYING_WAY_END || obey(what, boot);
	}
	if (good)
		print("dying: done\n");
	psci_system_off();
}
