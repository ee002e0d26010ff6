/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that share a queue, and the progress line. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "parallel.h"
#include "pilot.h"

/* items may be done this far ahead of those whose result was taken: what waits costs memory */
#define AHEAD 256u

struct pool {
	const struct parallel *p;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool *done;   /* by item */
	size_t next;  /* to be begun */
	size_t taken; /* whose results were taken */
	size_t ready; /* done, taken or not */
	struct timespec began;
	bool shown; /* there is a progress line */
};

static void *worker(void *arg)
{
	struct pool *pool = arg;
	size_t item = 0;

	pthread_mutex_lock(&pool->lock);
	while (pool->next < pool->p->count) {
		if (pool->next >= pool->taken + AHEAD) {
			pthread_cond_wait(&pool->changed, &pool->lock);
			continue;
		}
		item = pool->next++;
		pthread_mutex_unlock(&pool->lock);
		pool->p->work(item, pool->p->arg);
		pthread_mutex_lock(&pool->lock);
		pool->done[item] = true;
		pool->ready++;
		pthread_cond_broadcast(&pool->changed);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void hide_progress(struct pool *pool)
{
	if (pool->shown)
		fputs("\r\033[K", stderr);
	pool->shown = false;
}

static void show_progress(struct pool *pool)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - pool->began.tv_sec < 2 &&
	    (now.tv_sec == pool->began.tv_sec || now.tv_nsec < pool->began.tv_nsec))
		return;
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%zu of %zu %s\033[K", pool->ready, pool->p->count, pool->p->unit);
	fflush(stderr);
	pool->shown = true;
}

/* with the lock held: until item @item is done */
static void wait_for(struct pool *pool, size_t item)
{
	struct timespec until = { 0 };

	while (!pool->done[item]) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 200000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		(void)pthread_cond_timedwait(&pool->changed, &pool->lock, &until);
		show_progress(pool);
	}
}

static void take_results(struct pool *pool)
{
	size_t item = 0;

	pthread_mutex_lock(&pool->lock);
	for (item = 0; item < pool->p->count; item++) {
		wait_for(pool, item);
		pthread_mutex_unlock(&pool->lock);
		hide_progress(pool);
		pool->p->finish(item, pool->p->arg);
		fflush(stdout);
		pthread_mutex_lock(&pool->lock);
		pool->taken = item + 1;
		pthread_cond_broadcast(&pool->changed);
	}
	pthread_mutex_unlock(&pool->lock);
}

static unsigned int start(struct pool *pool, pthread_t *threads)
{
	unsigned int started = 0;
	int error = 0;

	while (started < pool->p->jobs && started < PARALLEL_MAX && started < pool->p->count) {
		error = pthread_create(&threads[started], NULL, worker, pool);
		if (error)
			break;
		started++;
	}
	if (error && !started)
		complain(NULL, "cannot start a thread: %s", strerror(error));
	return started;
}

bool parallel_run(const struct parallel *p)
{
	struct pool pool = { .p = p, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
	pthread_t threads[PARALLEL_MAX] = { 0 };
	unsigned int started = 0;
	unsigned int i = 0;

	if (!p->count)
		return true;
	pool.done = calloc(p->count, sizeof(*pool.done));
	if (!pool.done) {
		complain(NULL, "out of memory");
		return false;
	}
	clock_gettime(CLOCK_MONOTONIC, &pool.began);
	started = start(&pool, threads);
	if (started)
		take_results(&pool);
	for (i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	free(pool.done);
	return started > 0;
}
