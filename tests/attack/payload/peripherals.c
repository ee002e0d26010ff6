/* SPDX-License-Identifier: BSD-2-Clause */
/* Several peripherals at once: none of them may notice another, nor lend it anything. */
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define ASTRAY	UINT64_C(0x50000000)
#define ROUNDS	6u
#define SOON_US 2500u

/* a hypervisor refuses it before the secure world can */
#define TAKEN "hypervisor: adsp(-lite)?: AUTH_AND_RESET refused: another peripheral has its carve-out"

#define SESSION(index, number) ((uint64_t)(index) << 32 | (uint32_t)(number))

/** struct worker - a CPU that loads, starts and stops one peripheral again and again */
struct worker {
	const struct kind *kind;
	unsigned int buffer;
	unsigned int wrong; /* result: statuses that are not 0 */
};

static void work(void *arg)
{
	struct worker *w = arg;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		w->wrong += kind_load(w->kind, w->kind->image, w->buffer) != 0;
		w->wrong += kind_auth(w->kind) != 0;
		w->wrong += kind_shutdown(w->kind) != 0;
	}
}

/* two on other CPUs, one here. Return: all three were as if they were alone */
static bool work_together(const struct kind *a, const struct kind *b, const struct kind *c)
{
	struct worker w[3] = { { a, 0, 0 }, { b, 1, 0 }, { c, 2, 0 } };
	bool good = cpu_run(1, work, &w[1]) && cpu_run(2, work, &w[2]);

	work(&w[0]);
	good = cpu_join(1) && cpu_join(2) && good;
	return same("calls that went wrong", w[0].wrong + w[1].wrong + w[2].wrong, 0) && good;
}

static bool three_cpus(void)
{
	return work_together(&kind_adsp, &kind_cdsp, &kind_video);
}

static bool three_without_cores(void)
{
	return work_together(&kind_dtb, &kind_zap, &kind_cdsp);
}

/* every CPU does the same to the same peripheral, while its neighbours run */
static void quarrel(void *arg)
{
	struct worker *w = arg;
	const struct kind *all[] = { &kind_adsp, &kind_cdsp, &kind_video };

	for (unsigned int i = 0; i < 3 * ROUNDS; i++) {
		const struct kind *k = all[(i + w->buffer) % 3];
		int64_t status = 0;

		switch ((i * 7 + w->buffer) % 3) {
		case 0:
			status = kind_load(k, k->image, w->buffer);
			break;
		case 1:
			status = kind_auth(k);
			break;
		default:
			status = kind_shutdown(k);
		}
		w->wrong += status && status != PIL_SCM_EINVAL && status != PIL_SCM_EBUSY;
	}
}

static bool three_cpus_for_the_same_three(void)
{
	struct worker w[3] = { { NULL, 0, 0 }, { NULL, 1, 0 }, { NULL, 2, 0 } };
	bool good = cpu_run(1, quarrel, &w[1]) && cpu_run(2, quarrel, &w[2]);

	quarrel(&w[0]);
	good = cpu_join(1) && cpu_join(2) && good;
	good = same("statuses that may not be", w[0].wrong + w[1].wrong + w[2].wrong, 0) && good;
	good = kind_ends(&kind_adsp) && kind_ends(&kind_cdsp) && kind_ends(&kind_video) && good;
	return kind_starts(&kind_adsp) && kind_starts(&kind_cdsp) && kind_starts(&kind_video) &&
	       kind_ends(&kind_cdsp) && kind_ends(&kind_video) && good;
}

/* --- calls that are suspended --- */

/* Return: @k's AUTH was interrupted, and waits to be resumed */
static bool suspend(struct scm_call *c, const struct kind *k, unsigned int buffer)
{
	if (!same(k->image, kind_load(k, k->image, buffer), 0))
		return false;
	prepare_kind_auth(c, k);
	timer_start(SOON_US);
	return same("AUTH_AND_RESET", scm_issue(c), PIL_SCM_INTERRUPTED) &&
	       same("pending interrupt", (int64_t)timer_take(), timer_intid());
}

static uint64_t session(const struct scm_call *c)
{
	return c->out.x[6];
}

/* what was asked for with @number is refused; the answer does not spoil the call that it belongs to */
static bool is_refused(uint64_t number)
{
	struct scm_call c = { 0 };

	return same("resumed under another's number", scm_resume(&c, number), PIL_SCM_EINVAL);
}

static bool sessions_exchanged(void)
{
	struct scm_call a = { 0 }, b = { 0 };
	bool good = suspend(&a, &kind_adsp, 0) && suspend(&b, &kind_cdsp, 1);
	uint64_t mine = session(&a), other = session(&b);

	/* the two numbers may be the same by chance: then there is nothing to exchange */
	if ((uint32_t)mine != (uint32_t)other) {
		good = is_refused(SESSION(mine >> 32, other)) && good;
		good = is_refused(SESSION(other >> 32, mine)) && good;
	}
	good = is_refused(SESSION(mine >> 32, mine + 1)) && good;
	good = same("the adsp's goes on", scm_finish(&a), 0) && good;
	good = same("the cdsp's goes on", scm_finish(&b), 0) && good;
	return kind_ends(&kind_cdsp) && good;
}

/** struct errand - a suspended call that another CPU is to finish */
struct errand {
	struct scm_call call;
	int64_t status;
};

static void finish(void *arg)
{
	struct errand *e = arg;

	scm_resume(&e->call, session(&e->call));
	e->status = scm_finish(&e->call);
}

static bool resumed_crosswise(void)
{
	struct scm_call a = { 0 }, b = { 0 };
	struct errand first = { .status = 1 }, second = { .status = 1 };
	bool good = suspend(&a, &kind_adsp, 0) && suspend(&b, &kind_video, 1);

	first.call = b;
	second.call = a;
	good = cpu_run(1, finish, &first) && cpu_run(2, finish, &second) && good;
	good = cpu_join(1) && cpu_join(2) && good;
	good = same("the video core's, on another CPU", first.status, 0) && good;
	good = same("the adsp's, on a third", second.status, 0) && good;
	good = is_refused(session(&a)) && is_refused(session(&b)) && good;
	return kind_ends(&kind_video) && good;
}

static bool suspended_all_at_once(void)
{
	const struct kind *const all[] = { &kind_adsp, &kind_dtb, &kind_cdsp, &kind_video, &kind_zap };
	struct scm_call c[5] = { { .interruptions = 0 } };
	bool good = true;

	for (unsigned int i = 0; i < 5; i++)
		good = suspend(&c[i], all[i], i) && good;
	good = same("the door answers meanwhile", door_answers(), true) && good;
	for (unsigned int i = 5; i > 0; i--) {
		good = same(all[i - 1]->image, scm_finish(&c[i - 1]), 0) && good;
		good = kind_ends(all[i - 1]) && good;
	}
	return good && flow();
}

static bool shutdown_of_a_neighbour(void)
{
	struct scm_call a = { 0 };
	bool good = suspend(&a, &kind_adsp, 0);

	for (unsigned int i = 0; i < 20; i++)
		good = kind_ends(&kind_cdsp) && kind_ends(&kind_video) && kind_ends(&kind_lite) && good;
	return same("the adsp's goes on", scm_finish(&a), 0) && good;
}

/* one slice of a call may end before it has taken anything, when the machine has much else to do */
static void go_on(struct scm_call *c, unsigned int slices)
{
	for (unsigned int i = 0; i < slices && c->out.x[0] == PIL_SCM_INTERRUPTED; i++) {
		timer_start(SOON_US);
		scm_resume(c, session(c));
		timer_take();
	}
}

static bool core_of_a_suspended_call(void)
{
	struct scm_call a = { 0 };
	bool good = suspend(&a, &kind_adsp, 0);

	go_on(&a, 8);
	good = session_hold(&a) && good;
	good = same("the lite variant loads", kind_load(&kind_lite, kind_adsp.image, 1), 0) && good;
	good = same("it does not get the core", kind_auth(&kind_lite), PIL_SCM_EINVAL) && good;
	/* kind_load() may have written over the carve-out that both share: with a copy that is too late, without one it is found */
	scm_finish(&a);
	good = same("SHUTDOWN", kind_shutdown(&kind_adsp), 0) && good;
	log_has(is_guest() ? TAKEN : "adsp-lite: AUTH_AND_RESET refused: PAS_CORE_TAKEN");
	return kind_ends(&kind_lite) && good && flow();
}

/* the firmware of a wait queue would answer these; here a suspended call knows nothing of them */
static bool wait_queues(void)
{
	static const uint32_t functions[] = { PIL_SCM_WAITQ_RESUME, PIL_SCM_WAITQ_GET_WQ_CTX, PIL_SCM_WAITQ_GET_INFO };
	struct scm_call a = { 0 }, c = { 0 };
	bool good = suspend(&a, &kind_adsp, 0);

	for (unsigned int i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		for (unsigned int args = 0; args < 4; args++) {
			scm_prepare(&c, PIL_SCM_STD64(functions[i]), args, session(&a), 0, session(&a));
			c.in.x[6] = session(&a);
			good = same("status", scm_issue(&c), PIL_SCM_ERROR) && good;
			scm_prepare(&c, PIL_SCM_FAST64(functions[i]), args, session(&a), 0, session(&a));
			good = same("status of a fast call", scm_issue(&c), PIL_SCM_ERROR) && good;
		}
	}
	return same("the suspended call goes on", scm_finish(&a), 0) && good;
}

/* --- images, places, memory of one for another --- */

static bool images_of_others(void)
{
	bool good = true;

	for (unsigned int i = 0; i < KINDS; i++) {
		for (unsigned int j = 0; j < KINDS; j++) {
			if (i == j)
				continue;
			good = same(kinds[j]->image, kind_load(kinds[i], kinds[j]->image, 0), 0) && good;
			good = same("AUTH_AND_RESET", kind_auth(kinds[i]), PIL_SCM_EINVAL) && good;
		}
		good = kind_ends(kinds[i]) && good;
	}
	log_counts("AUTH_AND_RESET refused: BIND_SW_ID", KINDS * (KINDS - 1u), KINDS * (KINDS - 1u));
	return good;
}

static bool place_of_others(void)
{
	bool good = same("INIT_IMAGE", pas_init_image(archive_metadata(archive_find(SMALL), 0)), 0);

	good = same("cdsp's carve-out", pas_mem_setup(VIRT_CDSP_MEM, 0x4000), PIL_SCM_EADDR) && good;
	good = same("video's", pas_mem_setup(VIRT_VIDEO_MEM, 0x4000), PIL_SCM_EADDR) && good;
	good = same("the companion's", pas_mem_setup(VIRT_ADSP_DTB_MEM, 0x4000), PIL_SCM_EADDR) && good;
	return same("all of them", pas_mem_setup(VIRT_ADSP_MEM, VIRT_ZAP_MEM - VIRT_ADSP_MEM), PIL_SCM_EADDR) && good;
}

/* both of them run; the one is stopped, and its neighbour goes on */
static bool neighbours_stop(void)
{
	bool good = true;

	stream_open();
	good = remote_start(&remote_adsp) && remote_start(&remote_cdsp) && remote_start(&remote_video);
	good = same("SHUTDOWN of cdsp", kind_shutdown(&kind_cdsp), 0) && good;
	good = same("adsp obeys", remote_order(&remote_adsp, PROGRAM_SAY, 0, NULL), true) && good;
	good = same("video obeys", remote_order(&remote_video, PROGRAM_SAY, 0, NULL), true) && good;
	good = same("SHUTDOWN of adsp", pas_shutdown(), 0) && good;
	good = same("video obeys", remote_order(&remote_video, PROGRAM_SAY, 0, NULL), true) && good;
	good = kind_ends(&kind_video) && good;
	stream_close();
	return good;
}

/* @second is refused while @first runs, @first does not notice, and then they change places */
static bool take_turns(const struct remote *first, const struct remote *second)
{
	bool good = true;

	stream_open();
	good = remote_start(first);
	good = same("it loads beside the other", kind_load(&second->kind, second->kind.image, 0), 0) && good;
	good = same("AUTH_AND_RESET meanwhile", kind_auth(&second->kind), PIL_SCM_EINVAL) && good;
	good = kind_ends(&second->kind) && good;
	good = same("the first obeys", remote_order(first, PROGRAM_SAY, 0, NULL), true) && good;
	good = kind_ends(&first->kind) && remote_start(second) && kind_ends(&second->kind) && good;
	stream_close();
	return good;
}

static bool lite_and_full(void)
{
	log_counts(is_guest() ? TAKEN : "AUTH_AND_RESET refused: PAS_CORE_TAKEN", 2, 2);
	return take_turns(&remote_adsp, &remote_lite) && take_turns(&remote_lite, &remote_adsp);
}

/* Return: @r was led to @to, was stopped there, and its neighbour @other goes on */
static bool led_to(const struct remote *r, const struct remote *other, uint64_t to, unsigned int order)
{
	bool good = true;

	stream_open();
	good = remote_map(r, ASTRAY, to, 0x1000) && remote_start(other) && remote_start(r);
	*remote_control(r, PROGRAM_VALUE) = 0;
	remote_tell(r, order, ASTRAY);
	remote_wait_crash(r);
	good = same("it obeyed", *remote_control(r, PROGRAM_DONE) != 0, false) && good;
	good = same("what it brought back", (int64_t)*remote_control(r, PROGRAM_VALUE), 0) && good;
	good = same("its neighbour obeys", remote_order(other, PROGRAM_SAY, 0, NULL), true) && good;
	good = kind_ends(&r->kind) && kind_ends(&other->kind) && good;
	stream_close();
	return good;
}

static bool carveout_of_a_neighbour(void)
{
	log_counts("core 1: (read of|write to) 0x50000000 ", 2, 2);
	log_counts("core 2: read of 0x50000000 ", 1, 1);
	return led_to(&remote_cdsp, &remote_adsp, VIRT_ADSP_MEM, PROGRAM_READ) &&
	       led_to(&remote_cdsp, &remote_adsp, VIRT_ADSP_COPY, PROGRAM_WRITE) &&
	       led_to(&remote_video, &remote_cdsp, VIRT_CDSP_MEM, PROGRAM_READ);
}

static bool control_page_of_a_neighbour(void)
{
	log_counts("core 1: (read of|write to) 0x50000000 ", 2, 2);
	return led_to(&remote_cdsp, &remote_adsp, VIRT_CTRL, PROGRAM_WRITE) &&
	       led_to(&remote_cdsp, &remote_video, VIRT_CTRL + VIRT_CORE_VIDEO * VIRT_CTRL_SIZE, PROGRAM_READ);
}

/* cdsp's stream gets adsp's tables: they lead nowhere that cdsp was granted */
static bool tables_of_a_neighbour(void)
{
	bool good = true;

	stream_open();
	good = remote_start(&remote_adsp);
	remote_stream(&remote_cdsp)[0] = remote_stream(&remote_adsp)[0];
	good = same("cdsp loads", kind_load(&remote_cdsp.kind, remote_cdsp.kind.image, 0), 0) && good;
	remote_listen(&remote_cdsp);
	good = same("AUTH_AND_RESET of cdsp", kind_auth(&kind_cdsp), 0) && good;
	remote_wait_crash(&remote_cdsp);
	good = same("adsp obeys", remote_order(&remote_adsp, PROGRAM_SAY, 0, NULL), true) && good;
	good = kind_ends(&kind_cdsp) && good;
	stream_close();
	log_counts("core 1: execution of ", 1, 1);
	log_lacks("core 0: (read|write|execution) ");
	return good;
}

/* the doorbell of one core, rung for all it is worth, wakes no other and stops none */
static bool doorbells_of_neighbours(void)
{
	const uint32_t bells[] = { 32 + VIRT_SPI_ADSP_DOORBELL, 32 + VIRT_SPI_CDSP_DOORBELL,
				   32 + VIRT_SPI_VIDEO_DOORBELL };
	bool good = true;

	stream_open();
	good = remote_start(&remote_adsp) && remote_start(&remote_cdsp);
	for (unsigned int i = 0; i < 3000; i++)
		*(volatile uint32_t *)(VIRT_GICD + UINT64_C(0x200) + bells[i % 3] / 32 * 4) = 1u << bells[i % 3] % 32;
	good = same("adsp obeys", remote_order(&remote_adsp, PROGRAM_SAY, 0, NULL), true) && good;
	good = same("cdsp obeys", remote_order(&remote_cdsp, PROGRAM_SAY, 0, NULL), true) && good;
	good = kind_ends(&kind_cdsp) && good;
	stream_close();
	return good;
}

#define ALONE "each ends as if it were alone"

const struct attack peripheral_attacks[] = {
	{ "three_peripherals_on_three_cpus", ALONE, three_cpus, 0 },
	{ "peripherals_without_cores_beside_one_with", ALONE, three_without_cores, 0 },
	{ "three_cpus_for_the_same_three_peripherals",
	  "every status is one that the state allows, and all start afterwards", three_cpus_for_the_same_three, 0 },
	{ "session_of_one_for_a_call_of_another", "it is refused, and both calls go on", sessions_exchanged, 0 },
	{ "two_calls_resumed_crosswise", "each goes on where it is resumed, once", resumed_crosswise, 0 },
	{ "a_call_of_every_peripheral_suspended", "each has a stack of its own: all go on, in any order",
	  suspended_all_at_once, 0 },
	{ "shutdown_of_neighbours_of_a_suspended_call", "it goes on", shutdown_of_a_neighbour, 0 },
	{ "core_of_a_suspended_call_taken_by_another", "it is taken already: AUTH is refused", core_of_a_suspended_call,
	  0 },
	{ "wait_queue_calls_for_a_suspended_call", "nobody offers them: the call is not resumed by them, and goes on",
	  wait_queues, 0 },
	{ "every_image_for_every_other_peripheral", "AUTH refuses each for its software id", images_of_others, 0 },
	{ "image_placed_in_carveouts_of_others", "MEM_SETUP refuses it", place_of_others, 0 },
	{ "core_of_a_running_program_taken_by_its_variant",
	  "AUTH is refused, the program goes on, and then they take turns", lite_and_full, NEEDS_LOCK },
	{ "neighbours_of_a_running_core_stop", "it goes on", neighbours_stop, 0 },
	{ "core_led_to_a_neighbours_carveout_and_copy", "it is stopped there, its neighbour goes on",
	  carveout_of_a_neighbour, HOST_SMMU },
	{ "core_led_to_a_neighbours_control_page", "it is stopped there, its neighbour goes on",
	  control_page_of_a_neighbour, HOST_SMMU },
	{ "core_with_the_tables_of_a_neighbour", "it is stopped at its first instruction, its neighbour goes on",
	  tables_of_a_neighbour, HOST_SMMU },
	{ "doorbells_rung_in_a_storm", "programs go on, and obey", doorbells_of_neighbours, 0 },
	{ NULL, NULL, NULL, 0 },
};
