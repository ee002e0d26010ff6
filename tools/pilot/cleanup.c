/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that must not survive a command that is interrupted. A signal handler may only unlink() what it finds in a fixed
 * table, so that is what is kept: names, each marked as valid after it was written.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pilot.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGXCPU };

#define CAUGHT (sizeof(caught) / sizeof(caught[0]))

/* a set of pieces has at most one file for each program header, and a few more */
#define SLOTS 160u

static char *volatile names[SLOTS];

static void remove_all(int number)
{
	size_t i = 0;

	for (i = 0; i < SLOTS; i++)
		if (names[i])
			unlink(names[i]);
	/* end as if nobody had caught it: the shell must see which signal it was */
	signal(number, SIG_DFL);
	raise(number);
}

static void install(void)
{
	static bool done;
	struct sigaction action = { .sa_handler = remove_all };
	struct sigaction before = { 0 };
	size_t i = 0;

	if (done)
		return;
	done = true;
	sigfillset(&action.sa_mask);
	for (i = 0; i < CAUGHT; i++)
		/* what the parent had us ignore (nohup) stays ignored */
		if (!sigaction(caught[i], NULL, &before) && before.sa_handler == SIG_DFL)
			sigaction(caught[i], &action, NULL);
}

bool cleanup_add(char *path)
{
	size_t i = 0;

	install();
	for (i = 0; i < SLOTS; i++) {
		if (!names[i]) {
			names[i] = path;
			return true;
		}
	}
	return false;
}

void cleanup_forget(const char *path)
{
	size_t i = 0;

	for (i = 0; path && i < SLOTS; i++)
		if (names[i] == path)
			names[i] = NULL;
}

void cleanup_hold(sigset_t *before)
{
	sigset_t set;
	size_t i = 0;

	sigemptyset(&set);
	for (i = 0; i < CAUGHT; i++)
		sigaddset(&set, caught[i]);
	pthread_sigmask(SIG_BLOCK, &set, before);
}

void cleanup_release(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
