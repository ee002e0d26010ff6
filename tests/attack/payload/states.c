/* SPDX-License-Identifier: BSD-2-Clause */
/* Every request in every state, each time from the next of the host's CPUs. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define PAGE	SCRATCH
#define TABLE	(SCRATCH + 0x1000)
#define OUT	(SCRATCH + 0x2000)
#define SOON_US 3000u

/** enum phase - states that a host can bring a peripheral to */
enum phase { NOTHING, LOADED, PLACED, SUSPENDED, RUNS, CRASHED, PHASES };

static bool load(const char *name)
{
	return same("INIT_IMAGE", pas_init_image(archive_metadata(archive_find(name), 0)), 0);
}

/* an order that the program cannot obey: it touches what the host did not map */
static bool crash(void)
{
	if (!program_start())
		return false;
	program_tell(PROGRAM_READ, 0x50000000);
	remote_wait_crash(&remote_adsp);
	return true;
}

static bool reach(enum phase phase, struct scm_call *suspended)
{
	switch (phase) {
	case NOTHING:
		return same("SHUTDOWN", pas_shutdown(), 0);
	case LOADED:
		return load(SMALL);
	case PLACED:
		return place_image(SMALL);
	case SUSPENDED:
		return suspend_auth(suspended, SMALL, SOON_US);
	case RUNS:
		return program_start();
	case CRASHED:
		return crash();
	default:
		return false;
	}
}

static void issue_and_finish(void *arg)
{
	struct scm_call *c = arg;

	scm_issue(c);
	scm_finish(c);
}

/* Return: @prepare's request has the status of @wanted in each state, whichever CPU issues it */
static bool in_every_state(void (*prepare)(struct scm_call *c), const int64_t wanted[PHASES])
{
	static unsigned int cpu;
	struct scm_call c = { 0 }, suspended = { 0 };
	unsigned int phase = 0;
	bool good = true;

	stream_open();
	for (phase = 0; phase < PHASES; phase++) {
		cpu = (cpu + 1) % host_cpus();
		if (!reach(phase, &suspended))
			return false;
		prepare(&c);
		if (!cpu)
			issue_and_finish(&c);
		else if (!cpu_run(cpu, issue_and_finish, &c) || !cpu_join(cpu))
			return false;
		if (!same("status", (int64_t)c.out.x[0], wanted[phase])) {
			good = same("in state", phase, -1);
		}
		good = same("SHUTDOWN afterwards", pas_shutdown(), 0) && good;
	}
	stream_close();
	log_has("core 0: read of 0x50000000 ");
	return good;
}

static void init_image(struct scm_call *c)
{
	prepare_init_image(c, archive_metadata(archive_find(SMALL), 1));
}

static void mem_setup(struct scm_call *c)
{
	prepare_mem_setup(c, VIRT_ADSP_MEM, archive_find(SMALL)->span);
}

static void table(struct scm_call *c)
{
	table_page(PAGE, OUT, 0x1000);
	memset((void *)TABLE, 0, 0x1000);
	prepare_table(c, PAGE, TABLE, 16);
}

static void supported(struct scm_call *c)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_PAS_IS_SUPPORTED), PIL_SCM_ARGS_VALUES(1u), VIRT_ADSP_PAS_ID, 0, 0);
}

static void unknown(struct scm_call *c)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_CALL(0x02u, 0x77u)), PIL_SCM_ARGS_VALUES(1u), VIRT_ADSP_PAS_ID, 0, 0);
}

static bool init_in_every_state(void)
{
	static const int64_t wanted[PHASES] = { 0 };

	return in_every_state(init_image, wanted);
}

static bool mem_setup_in_every_state(void)
{
	static const int64_t wanted[PHASES] = { [NOTHING] = PIL_SCM_EINVAL,
						[SUSPENDED] = PIL_SCM_EBUSY,
						[RUNS] = PIL_SCM_EINVAL,
						[CRASHED] = PIL_SCM_EINVAL };

	return in_every_state(mem_setup, wanted);
}

static bool auth_in_every_state(void)
{
	static const int64_t wanted[PHASES] = { [NOTHING] = PIL_SCM_EINVAL,
						[LOADED] = PIL_SCM_EINVAL,
						[SUSPENDED] = PIL_SCM_EBUSY,
						[RUNS] = PIL_SCM_EINVAL,
						[CRASHED] = PIL_SCM_EINVAL };

	return in_every_state(prepare_auth, wanted);
}

static bool shutdown_in_every_state(void)
{
	static const int64_t wanted[PHASES] = { 0 };

	return in_every_state(prepare_shutdown, wanted);
}

static bool table_in_every_state(void)
{
	static const int64_t wanted[PHASES] = { 0 };

	return in_every_state(table, wanted);
}

static bool queries_in_every_state(void)
{
	static const int64_t wanted[PHASES] = { 0 };

	return in_every_state(supported, wanted);
}

static bool unknown_in_every_state(void)
{
	static const int64_t wanted[PHASES] = { PIL_SCM_ERROR, PIL_SCM_ERROR, PIL_SCM_ERROR,
						PIL_SCM_ERROR, PIL_SCM_ERROR, PIL_SCM_ERROR };

	return in_every_state(unknown, wanted);
}

/* --- several at once --- */

#define RUN_US 1200000u

/** struct caller - one CPU that calls @prepare's request again and again */
struct caller {
	void (*prepare)(struct scm_call *c);
	unsigned int calls, done, strange;
};

/* GET_RSCTABLE is not for a hypervisor's host */
static bool may_be(int64_t status)
{
	return !status || status == PIL_SCM_EBUSY || status == PIL_SCM_EINVAL ||
	       (is_guest() && status == PIL_SCM_ENOTSUPP);
}

static void call_again_and_again(void *arg)
{
	struct caller *who = arg;
	uint64_t start = time_us();

	while (time_us() - start < RUN_US) {
		struct scm_call c = { 0 };
		int64_t status = 0;

		who->prepare(&c);
		scm_issue(&c);
		status = scm_finish(&c);
		who->calls++;
		who->done += !status;
		who->strange += !may_be(status);
	}
}

static bool three_cpus(void (*first)(struct scm_call *), void (*second)(struct scm_call *),
		       void (*third)(struct scm_call *))
{
	struct caller who[3] = { { .prepare = first }, { .prepare = second }, { .prepare = third } };
	unsigned int i = 0;
	bool good = true;

	if (!place_image(SMALL) || !cpu_run(1, call_again_and_again, &who[1]) ||
	    !cpu_run(2, call_again_and_again, &who[2]))
		return false;
	call_again_and_again(&who[0]);
	good = cpu_join(1) && cpu_join(2);
	for (i = 0; i < 3; i++) {
		print("# CPU ");
		print_dec(i);
		print(": ");
		print_dec(who[i].calls);
		print(" calls, ");
		print_dec(who[i].done);
		print(" done\n");
		good = same("strange answers", who[i].strange, 0) && good;
	}
	return good && same("SHUTDOWN", pas_shutdown(), 0) && place_image(SMALL) &&
	       same("AUTH_AND_RESET", pas_auth(), 0);
}

static void any_request(struct scm_call *c)
{
	static void (*const requests[])(struct scm_call *) = { init_image, mem_setup, prepare_auth, table,
							       prepare_shutdown };
	static unsigned int next;

	requests[next++ % 5u](c);
}

static bool auth_against_shutdown(void)
{
	return three_cpus(any_request, prepare_auth, prepare_shutdown);
}

static bool init_against_init(void)
{
	return three_cpus(init_image, init_image, mem_setup);
}

static bool auth_against_auth(void)
{
	return three_cpus(prepare_auth, prepare_auth, prepare_auth);
}

static void other_peripheral(struct scm_call *c)
{
	static const uint64_t ids[] = { 0, 2, 9, 0x24, UINT32_MAX, UINT64_C(0x100000001) };
	static unsigned int next;

	prepare_shutdown(c);
	c->in.x[2] = ids[next++ % 6u];
}

static bool unknown_peripherals(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	for (i = 0; i < 6; i++) {
		other_peripheral(&c);
		if (c.in.x[2] != 0 && c.in.x[2] <= UINT32_MAX && c.in.x[2] != UINT32_MAX && c.in.x[2] != 2)
			continue; /* a board may have it */
		if (!same("status", scm_complete(&c), PIL_SCM_EINVAL))
			return false;
	}
	return place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);
}

const struct attack state_attacks[] = {
	{ "init_image_in_every_state", "it ends whatever there was, and loads", init_in_every_state, 0 },
	{ "mem_setup_in_every_state", "it is refused where nothing is loaded, or something is being verified or runs",
	  mem_setup_in_every_state, 0 },
	{ "auth_in_every_state", "it is refused but where an image is placed", auth_in_every_state, 0 },
	{ "shutdown_in_every_state", "it succeeds, and holds the core", shutdown_in_every_state, 0 },
	{ "get_rsctable_in_every_state", "it answers, unless another request is under way", table_in_every_state,
	  HOST_CALLS },
	{ "is_supported_in_every_state", "it answers, whatever is under way", queries_in_every_state, 0 },
	{ "unknown_request_in_every_state", "it is refused and changes nothing", unknown_in_every_state, 0 },
	{ "auth_on_one_cpu_shutdown_on_another", "requests end each other and nothing else happens",
	  auth_against_shutdown, 0 },
	{ "init_image_on_two_cpus", "one waits for the other", init_against_init, 0 },
	{ "auth_on_three_cpus", "one verifies, the others are told that it is busy", auth_against_auth, 0 },
	{ "requests_for_peripherals_that_do_not_exist", "they are refused, and those that exist do not notice",
	  unknown_peripherals, 0 },
	{ NULL, NULL, NULL, 0 },
};
