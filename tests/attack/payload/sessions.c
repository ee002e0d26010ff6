/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupted calls: resumed by somebody else, under another number, twice, with other registers, or never. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "attack.h"

#define SOON_US 3000u
#define HOLD_US 10000000u
#define SWEEP	4096u
#define TRIES	8u

bool session_hold(struct scm_call *c)
{
	uint64_t start = time_us(), value = 0;

	while (is_guest() && c->out.x[0] == PIL_SCM_INTERRUPTED && try_read(VIRT_ADSP_MEM, &value) &&
	       time_us() - start < HOLD_US) {
		timer_start(SOON_US);
		scm_resume(c, c->out.x[6]);
		timer_take();
	}
	return same("the call is still interrupted", (int64_t)c->out.x[0], PIL_SCM_INTERRUPTED);
}

static void finish(void *arg)
{
	struct scm_call *c = arg;

	scm_resume(c, c->out.x[6]);
	scm_finish(c);
}

static bool by_another_cpu(void)
{
	struct scm_call c = { 0 };

	return suspend_auth(&c, SMALL, SOON_US) && cpu_run(2, finish, &c) && cpu_join(2) &&
	       same("AUTH_AND_RESET on CPU 2", (int64_t)c.out.x[0], 0);
}

/* Return: no number but the right one resumes anything, and the right one still does */
static bool other_numbers(uint64_t (*number)(uint64_t session, unsigned int i), unsigned int count)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;
	bool good = true;
	uint64_t session = 0;

	if (!suspend_auth(&c, SMALL, SOON_US))
		return false;
	session = c.out.x[6];
	for (i = 0; good && i < count; i++)
		if (number(session, i) != session)
			good = same("status", scm_resume(&c, number(session, i)), PIL_SCM_EINVAL);
	scm_resume(&c, session);
	return same("the right number", scm_finish(&c), 0) && good;
}

static uint64_t near(uint64_t session, unsigned int i)
{
	return session - SWEEP / 2 + i;
}

static uint64_t one_bit(uint64_t session, unsigned int i)
{
	return session ^ UINT64_C(1) << i;
}

static uint64_t of_peripheral(uint64_t session, unsigned int i)
{
	return (session & UINT32_MAX) | (uint64_t)(i + 1) << 32;
}

static bool near_numbers(void)
{
	return other_numbers(near, 512);
}

static bool single_bits(void)
{
	return other_numbers(one_bit, 64);
}

static bool other_peripherals(void)
{
	return other_numbers(of_peripheral, 300);
}

static bool twice(void)
{
	struct scm_call c = { 0 };
	uint64_t session = 0;

	if (!suspend_auth(&c, SMALL, SOON_US))
		return false;
	session = c.out.x[6];
	scm_resume(&c, session);
	return same("the first time", scm_finish(&c), 0) &&
	       same("the second time", scm_resume(&c, session), PIL_SCM_EINVAL) &&
	       same("the third time", scm_resume(&c, session), PIL_SCM_EINVAL);
}

/** struct racer - one of several CPUs that want the same call; all wait until all are there */
struct racer {
	struct scm_call call;
	uint64_t session;
	volatile uint32_t *here;
	uint32_t number;
};

static void resume_at_once(void *arg)
{
	struct racer *r = arg;

	r->here[r->number] = 1;
	fw_dsb();
	while (!r->here[0] || !r->here[1] || !r->here[2])
		;
	scm_resume(&r->call, r->session);
	scm_finish(&r->call);
}

static bool three_at_once(void)
{
	struct racer racer[3] = { 0 };
	volatile uint32_t here[3] = { 0 };
	unsigned int i = 0, won = 0, lost = 0;

	if (!suspend_auth(&racer[0].call, SMALL, SOON_US))
		return false;
	for (i = 0; i < 3; i++) {
		racer[i].call = racer[0].call;
		racer[i].session = racer[0].call.out.x[6];
		racer[i].here = here;
		racer[i].number = i;
	}
	if (!cpu_run(1, resume_at_once, &racer[1]) || !cpu_run(2, resume_at_once, &racer[2]))
		return false;
	resume_at_once(&racer[0]);
	if (!cpu_join(1) || !cpu_join(2))
		return false;
	for (i = 0; i < 3; i++) {
		won += racer[i].call.out.x[0] == 0;
		lost += racer[i].call.out.x[0] == (uint64_t)PIL_SCM_EINVAL;
	}
	return same("CPUs that resumed it", won, 1) && same("CPUs that were refused", lost, 2);
}

static bool with_other_registers(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	if (!suspend_auth(&c, SMALL, SOON_US))
		return false;
	/* a request is what it was when it began */
	for (i = 1; i < 6; i++)
		c.in.x[i] = VIRT_SERVICE_RAM + i;
	scm_resume(&c, c.out.x[6]);
	return same("AUTH_AND_RESET", scm_finish(&c), 0);
}

static bool with_high_bits_in_x0(void)
{
	struct scm_call c = { 0 };
	struct smc_regs r = { 0 };

	if (!suspend_auth(&c, SMALL, SOON_US))
		return false;
	r.x[0] = UINT64_C(0xffffffff00000001);
	r.x[6] = c.out.x[6] + 1;
	smc_call(&r);
	if (!same("status of a wrong number", (int64_t)r.x[0], PIL_SCM_EINVAL))
		return false;
	scm_resume(&c, c.out.x[6]);
	return same("AUTH_AND_RESET", scm_finish(&c), 0);
}

/* AUTH ended before the carve-out was taken: it has what this host put there, and nothing else */
static bool is_untouched(void)
{
	const struct archive_entry *e = archive_find(SMALL);

	return !memcmp((const void *)e->place, (const void *)(VIRT_INITRD + e->memory), e->memory_size);
}

static bool ended_by_shutdown(void)
{
	struct scm_call c = { 0 };

	return suspend_auth(&c, SMALL, SOON_US) && same("SHUTDOWN", pas_shutdown(), 0) &&
	       same("the ended call", scm_resume(&c, c.out.x[6]), PIL_SCM_EINVAL) &&
	       same("MEM_SETUP", pas_mem_setup(VIRT_ADSP_MEM, 0x4000), PIL_SCM_EINVAL);
}

/* on a busy machine the interrupt may come before the request does anything; a hypervisor's may need longer than that each time */
static bool after_shutdown(void)
{
	bool good = ended_by_shutdown();

	for (unsigned int i = 0; good && i < TRIES && is_untouched(); i++)
		good = ended_by_shutdown();
	return good && ((is_guest() && is_untouched()) || all_zero("the carve-out", VIRT_ADSP_MEM, 0x4000));
}

/* the number of an ended call must not be that of a new one */
static bool old_number_for_new_call(void)
{
	struct scm_call old = { 0 }, c = { 0 };

	if (!suspend_auth(&old, SMALL, SOON_US) || !same("SHUTDOWN", pas_shutdown(), 0) ||
	    !suspend_auth(&c, SMALL, SOON_US))
		return false;
	if (!same("the old number", scm_resume(&old, old.out.x[6]), PIL_SCM_EINVAL))
		return false;
	scm_resume(&c, c.out.x[6]);
	return same("the new number", scm_finish(&c), 0);
}

static bool never(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	for (i = 0; i < 12; i++)
		if (!suspend_auth(&c, SMALL, SOON_US))
			return false;
	return same("queries", door_answers(), true) && same("SHUTDOWN", pas_shutdown(), 0) && place_image(SMALL) &&
	       same("AUTH_AND_RESET", pas_auth(), 0);
}

/* each request with an interrupt pending from the start: it is suspended before it does anything */
static bool interrupted_first(void (*prepare)(struct scm_call *c), int64_t status)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	prepare(&c);
	timer_start(0);
	scm_issue(&c);
	for (i = 0; i < 100 && c.out.x[0] == PIL_SCM_INTERRUPTED; i++)
		scm_resume(&c, c.out.x[6]);
	if (!same("no progress while the interrupt is pending", (int64_t)c.out.x[0], PIL_SCM_INTERRUPTED))
		return false;
	timer_take();
	if (!cpu_run(1, finish, &c) || !cpu_join(1))
		return false;
	return same("on another CPU", (int64_t)c.out.x[0], status);
}

static void an_init_image(struct scm_call *c)
{
	prepare_init_image(c, archive_metadata(archive_find(SMALL), 0));
}

static void a_mem_setup(struct scm_call *c)
{
	prepare_mem_setup(c, VIRT_ADSP_MEM, archive_find(SMALL)->span);
}

static bool every_request_interrupted(void)
{
	if (!interrupted_first(an_init_image, 0) || !interrupted_first(a_mem_setup, 0))
		return false;
	archive_copy_memory(archive_find(SMALL));
	return interrupted_first(prepare_auth, 0) && interrupted_first(prepare_shutdown, 0);
}

/* the buffer of a suspended INIT_IMAGE is exchanged before it goes on */
static bool buffer_exchanged(void)
{
	struct scm_call c = { 0 };
	uint64_t at = archive_metadata(archive_find(SMALL), 0);

	prepare_init_image(&c, at);
	timer_start(0);
	if (!same("INIT_IMAGE", scm_issue(&c), PIL_SCM_INTERRUPTED))
		return false;
	*(volatile uint64_t *)at = UINT64_MAX;
	if (is_guest()) /* the hypervisor has taken its copy */
		return same("what it found before", scm_finish(&c), 0) &&
		       same("MEM_SETUP", pas_mem_setup(VIRT_ADSP_MEM, archive_find(SMALL)->span), 0);
	return same("what it finds then", scm_finish(&c), PIL_SCM_EINVAL) &&
	       same("nothing is loaded", pas_mem_setup(VIRT_ADSP_MEM, 0x4000), PIL_SCM_EINVAL);
}

const struct attack session_attacks[] = {
	{ "interrupted_call_resumed_by_another_cpu", "it goes on there and ends as it would have", by_another_cpu, 0 },
	{ "resumed_under_numbers_nearby", "each is refused, and the right one still works", near_numbers, 0 },
	{ "resumed_under_numbers_with_one_wrong_bit", "each is refused, and the right one still works", single_bits,
	  0 },
	{ "resumed_for_other_peripherals", "each is refused, whether there is such a peripheral or not",
	  other_peripherals, 0 },
	{ "resumed_three_times", "only the first time counts", twice, 0 },
	{ "resumed_by_three_cpus_at_once", "exactly one goes on, the others are refused", three_at_once, 0 },
	{ "resumed_with_other_arguments", "the request is what it was when it began", with_other_registers, 0 },
	{ "resumed_with_bits_above_the_function_id", "they mean nothing: the number decides", with_high_bits_in_x0, 0 },
	{ "resumed_after_shutdown", "the call is gone, its memory is scrubbed", after_shutdown, 0 },
	{ "old_number_for_a_new_call", "a number is good for one interruption only", old_number_for_new_call, 0 },
	{ "never_resumed", "only its peripheral waits, until the next INIT_IMAGE or SHUTDOWN", never, 0 },
	{ "interrupt_pending_all_the_time", "every request waits, and then ends well on another CPU",
	  every_request_interrupted, 0 },
	{ "buffer_exchanged_while_the_call_is_suspended", "what is read, whenever that is, is what is checked",
	  buffer_exchanged, 0 },
	{ NULL, NULL, NULL, 0 },
};
