/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests as threads. Each peripheral has one stack and one crypto pool; its gate (include/pilot/gate.h) says whether
 * somebody is on them. A request that an interrupt suspends leaves its registers on its own stack and may be resumed anywhere.
 */
#include <string.h>

#include <pilot/gate.h>

#include "../../lib/text.h"
#include "offsets.h"
#include "pool.h"
#include "service.h"

#define POOL_SIZE	       (40u * 1024u)
#define SESSION(index, number) ((uint64_t)(index) << 32 | (number))

/**
 * struct thread - one peripheral's request
 * @sp:     its stack pointer while it is suspended
 * @interruptions: how often it was suspended
 * @took_over: what a suspended request left, on which this one has to begin, is still to be thrown away
 * @call, @answer: the request
 * @pool:   crypto memory
 */
struct thread {
	struct pil_pas *pas;
	uint64_t sp;
	uint64_t interruptions;
	bool took_over;
	struct pil_scm_call call;
	struct pil_scm_answer answer;
	struct pil_pool pool;
	uint8_t pool_memory[POOL_SIZE] __attribute__((aligned(16)));
};

extern char service_thread_stacks[], service_stacks_end[];

static struct thread threads[PIL_MAX_PERIPHERALS];

_Noreturn void service_thread_main(unsigned int index);
_Noreturn void service_thread_done(unsigned int index);
_Noreturn void service_thread_suspended(uint64_t sp);

/* whose stack is this? Not by a CPU's register: the request may have moved to another CPU since that was read */
static int thread_of(uint64_t sp)
{
	uint64_t base = (uint64_t)service_thread_stacks;

	if (sp <= base || sp > (uint64_t)service_stacks_end)
		return -1;
	return (int)((sp - 1 - base) / SERVICE_THREAD_STRIDE);
}

struct pil_pool *pil_mbedtls_current_pool(void)
{
	int index = thread_of((uint64_t)__builtin_frame_address(0));

	return index < 0 ? NULL : &threads[index].pool;
}

void service_thread_run(struct pil_pas *pas, unsigned int index, const struct pil_scm_call *call, bool took_over)
{
	struct thread *t = &threads[index];

	/* a request that took over and is itself taken over may not have come to it */
	t->took_over = t->took_over || took_over;
	t->pas = pas;
	t->call = *call;
	t->interruptions = 0;
	memset(&t->answer, 0, sizeof(t->answer));
	service_thread_start((uint64_t)service_thread_stacks + (index + 1) * SERVICE_THREAD_STRIDE, index);
}

/* interrupts are open from here on: nothing that takes long comes before */
void service_thread_main(unsigned int index)
{
	struct thread *t = &threads[index];

	if (t->took_over) {
		memset(t->pool_memory, 0, sizeof(t->pool_memory));
		pil_pas_abandon(t->pas, index);
		t->took_over = false;
	}
	pil_pool_init(&t->pool, t->pool_memory, sizeof(t->pool_memory));
	pil_scm_handle(t->pas, &t->call, &t->answer);
	service_thread_finish(index);
}

static void log_interruptions(const struct thread *t, unsigned int index)
{
	char line[96] = { 0 };
	struct pil_text text = { .buf = line, .size = sizeof(line) };

	pil_text_string(&text, "service: ");
	pil_text_string(&text, t->pas->board->desc->peripherals[index].name);
	pil_text_string(&text, ": request was interrupted ");
	pil_text_dec(&text, t->interruptions);
	pil_text_string(&text, t->interruptions == 1 ? " time" : " times");
	pil_text_end(&text);
	service_log(line);
}

/* on the CPU's stack again: only now may the next request have the thread */
void service_thread_done(unsigned int index)
{
	struct pil_scm_answer answer = threads[index].answer;

	if (threads[index].interruptions)
		log_interruptions(&threads[index], index);
	pil_gate_leave(&threads[index].pas->p[index].gate);
	service_reply(&answer);
}

/* everything of the request is on its stack and in @sp before another CPU can take it up */
void service_thread_suspended(uint64_t sp)
{
	int index = thread_of(sp);
	uint32_t number = 0;

	if (index < 0)
		service_panic();
	threads[index].sp = sp;
	threads[index].interruptions++;
	service_trace(PIL_TRACE_OF(PIL_TRACE_SUSPENDED, threads[index].pas->board->desc->peripherals[index].pas_id), 0,
		      0);
	number = pil_gate_suspend(&threads[index].pas->p[index].gate);
	service_reply_interrupted(SESSION((unsigned int)index, number));
}

static _Noreturn void refuse_session(uint64_t session)
{
	char line[96] = "service: resume refused: SCM_SESSION: ";
	struct pil_why why = { 0 };
	int err = pil_fail(&why, PIL_R_SCM_SESSION, session, 0);

	pil_why_text(&why, line + strlen(line), sizeof(line) - strlen(line));
	service_log(line);
	service_reply_status(pil_scm_status(err));
}

void service_thread_resume(struct pil_pas *pas, uint64_t session)
{
	uint64_t index = session >> 32;

	if (index >= pas->board->desc->peripheral_count || pil_gate_resume(&pas->p[index].gate, (uint32_t)session)) {
		refuse_session(session);
	}
	service_trace(PIL_TRACE_OF(PIL_TRACE_RESUMED, pas->board->desc->peripherals[index].pas_id), 0, 0);
	service_thread_continue(threads[index].sp);
}
