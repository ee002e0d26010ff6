/* SPDX-License-Identifier: BSD-2-Clause */
/* One turn, passed on by a plan. */
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>

#include "schedule.h"

#define NOWHERE (-1)

/**
 * struct cpu - one thread
 * @gate:      peripheral whose gate it is inside, or NOWHERE
 * @abandoned: where it goes when its suspended request was ended by another one
 */
struct cpu {
	pthread_t thread;
	unsigned int number;
	const struct schedule_cpu *work;
	int gate;
	jmp_buf abandoned;
	bool done;
};

/* everything below belongs to whoever has the turn; the mutex passes it on */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t passed = PTHREAD_COND_INITIALIZER;
static struct cpu cpus[SCHEDULE_CPUS];
static unsigned int cpu_count, turn;
static struct schedule *plan;
static struct scenario *machine;
static const char *broken;
static _Thread_local struct cpu *self;

/* xorshift64*: the same in every run */
static uint64_t chance(void)
{
	plan->seed ^= plan->seed >> 12;
	plan->seed ^= plan->seed << 25;
	plan->seed ^= plan->seed >> 27;
	return plan->seed * UINT64_C(2685821657736338717) >> 33;
}

/* Return: the next CPU that is not done; the same one when there is no other */
static unsigned int next_cpu(void)
{
	unsigned int n = turn;

	do {
		n = (n + 1) % cpu_count;
	} while (cpus[n].done && n != turn);
	return n;
}

static bool turn_passes(void)
{
	if (plan->seed)
		return chance() % 3 == 0;
	for (unsigned int i = 0; i < SCHEDULE_SWITCHES; i++)
		if (plan->switch_at[i] == plan->steps)
			return true;
	return false;
}

static void pass_on(unsigned int to)
{
	pthread_mutex_lock(&mutex);
	turn = to;
	pthread_cond_broadcast(&passed);
	while (turn != self->number)
		pthread_cond_wait(&passed, &mutex);
	pthread_mutex_unlock(&mutex);
}

/* the other CPUs run; afterwards the request may have been ended by one of them */
static void lose_turn(unsigned int to)
{
	struct pil_gate *gate = self->gate == NOWHERE ? NULL : &machine->pas.p[self->gate].gate;
	uint32_t session = 0;

	if (!gate || !plan->suspends) {
		pass_on(to);
		return;
	}
	session = pil_gate_suspend(gate);
	pass_on(to);
	if (pil_gate_resume(gate, session))
		longjmp(self->abandoned, 1);
}

static void meddle(void)
{
	for (unsigned int i = 0; i < HOST_PERIPHERALS; i++) {
		struct pil_range r = machine->pas.p[i].desc->carveout;
		uint64_t at = r.base + chance() % r.size;
		uint8_t byte = (uint8_t)chance();

		(void)model_host_write(machine->m, at, &byte, 1);
	}
}

static void step(struct model *m, enum model_call call, void *arg)
{
	unsigned int to = next_cpu();

	(void)call;
	(void)arg;
	if (m->inside || !self)
		return;
	if (plan->meddles)
		meddle();
	if (turn_passes() && to != self->number) {
		plan->steps++;
		lose_turn(to);
		return;
	}
	plan->steps++;
}

/* as the service does it: through the gate */
static void issue(enum host_request request)
{
	unsigned int index = host_target(request);
	bool forces = request == HOST_SHUTDOWN || request == HOST_LITE_OFF || request <= HOST_INIT_MALFORMED ||
		      request == HOST_TABLE || request >= HOST_LITE;
	int entered = pil_gate_enter(&machine->pas.p[index].gate, forces);

	if (entered < 0) {
		plan->busy++;
		return;
	}
	self->gate = (int)index;
	if (entered == PIL_GATE_TOOK_OVER) {
		plan->taken_over++;
		pil_pas_abandon(&machine->pas, index);
	}
	(void)host_issue(machine, request);
	pil_gate_leave(&machine->pas.p[index].gate);
	self->gate = NOWHERE;
	if (!broken)
		broken = machine->m->violation;
}

static void *run(void *arg)
{
	volatile unsigned int i = 0;
	unsigned int to = 0;

	self = arg;
	pthread_mutex_lock(&mutex);
	while (turn != self->number)
		pthread_cond_wait(&passed, &mutex);
	pthread_mutex_unlock(&mutex);
	for (i = 0; i < self->work->count; i++) {
		if (setjmp(self->abandoned)) {
			self->gate = NOWHERE;
			continue;
		}
		issue(self->work->requests[i]);
	}
	pthread_mutex_lock(&mutex);
	self->done = true;
	to = next_cpu();
	turn = to;
	pthread_cond_broadcast(&passed);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

const char *schedule_run(struct schedule *p, struct scenario *s, const struct schedule_cpu *work, unsigned int count)
{
	plan = p;
	machine = s;
	broken = NULL;
	cpu_count = count;
	turn = 0;
	s->m->hook = step;
	for (unsigned int i = 0; i < count; i++) {
		cpus[i] = (struct cpu){ .number = i, .work = &work[i], .gate = NOWHERE };
	}
	for (unsigned int i = 0; i < count; i++)
		if (pthread_create(&cpus[i].thread, NULL, run, &cpus[i]))
			abort();
	for (unsigned int i = 0; i < count; i++)
		pthread_join(cpus[i].thread, NULL);
	s->m->hook = NULL;
	return broken;
}
